"""The shapes of programmes as the API gives them."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import Field

from clusteratlas.portal.api.paging import NEXT
from clusteratlas.portal.api.schemas import model_of
from clusteratlas.portal.programmes.register.register_page import WORDS, ProgrammeRow
from clusteratlas.programmes.register import Award, Programme

ProgrammeRowOut = model_of("ProgrammeRow", ProgrammeRow, "", words=WORDS)


class ProgrammePage(Schema):
    """Some of the programmes that pass the filters, by name."""

    count: int = Field(description="all that pass, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: list[ProgrammeRowOut]  # type: ignore[valid-type]
    source: str


class SumOut(Schema):
    """Amounts of one side, kind, currency and price base, added up at one level."""

    level: str = Field(
        description="programme, calls or awards: the same money told at three levels"
    )
    side: str = Field(description="public or private")
    kind: str = Field(
        description="planned, committed or paid: the same money on its way; empty: not stated"
    )
    currency: str = Field(description="three letters (ISO 4217)")
    price_base: int | None = Field(None, description="the year of its prices; null: of their time")
    amount: float = Field(description="in units of the currency")
    amounts: int = Field(description="how many amounts were added")
    first_year: int | None = Field(None, description="null where no amount states a year")
    last_year: int | None = None


class ProgrammeAnswer(Schema):
    """A programme with its sums of money."""

    slug: str = Field(description="name of the programme in addresses")
    version: int
    changed: datetime = Field(description="when this was published")
    programme: Programme
    sums: list[SumOut]


class AwardPage(Schema):
    """Some of the awards of a programme, in their order."""

    count: int = Field(description="all awards that are stated, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: list[Award]
