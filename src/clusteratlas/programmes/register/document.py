"""What is stated of a programme: one versioned, open schema for file, form and API."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from babel.numbers import list_currencies
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from clusteratlas.organisations.profile import (
    Claim,
    Code,
    Country,
    Day,
    Line,
    Name,
    Number,
    Part,
    Picked,
    RegionRef,
    Text,
    Web,
    Year,
)
from clusteratlas.programmes.register.picks import PICKS

SCHEMA_VERSION: Final = 1
LARGEST: Final = 1e18
"""The largest amount in units of a currency; what is beyond is a slip of the pen."""


def currency_code(text: str) -> str:
    """Return the three letters of a currency (ISO 4217).

    >>> currency_code("EUR")
    'EUR'
    """
    if text not in list_currencies():
        raise ValueError("not a currency; write its three letters (ISO 4217), such as EUR or USD")
    return text


Currency = Annotated[str, AfterValidator(currency_code)]
Instrument = Annotated[str, Field(min_length=1), Picked("instrument", PICKS)]
Slug = Annotated[str, Field(max_length=80, pattern="^([a-z0-9]+(-[a-z0-9]+)*)?$")]


class Reference(Part):
    """Where something is stated."""

    title: Name
    address: Web = ""
    on: Day | None = None


class Money(Part):
    """An amount of money, with whose it is and in which money it is counted.

    ``kind`` is how far it came; empty where the source does not say, which is never read as one of
    the three. ``year`` is the year it belongs to; none where only the total of a programme or award
    is stated. ``price_base`` is the year whose prices it is told in; none where it is in the prices
    of its time. Amounts of two currencies or two price bases are never added.
    """

    amount: Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False), Number]
    currency: Currency
    side: Literal["public", "private"]
    kind: Literal["", "planned", "committed", "paid"] = ""
    year: Year | None = None
    price_base: Year | None = None
    giver: Line = ""
    source: Line = ""


class Call(Part):
    """An invitation to apply."""

    key: Code
    name: Name
    opened: Day | None = None
    closed: Day | None = None
    money: tuple[Money, ...] = ()

    @field_validator("closed")
    @classmethod
    def _in_order(cls, closed: Day | None, given: ValidationInfo) -> Day | None:
        opened = given.data.get("opened")
        if closed is not None and opened is not None and closed < opened:
            raise ValueError("the call closes before it opens; correct one of the two days")
        return closed


class Award(Part):
    """Support granted to an organisation, within a call or outside any.

    ``organisation`` is its name; ``slug`` its address in the registry, where it has a profile.
    ``clusters_read`` marks clusters that nobody stated: they were read out of the award's name.
    """

    key: Code
    organisation: Name
    slug: Slug = ""
    call: Annotated[str, Field(max_length=60)] = ""
    title: Line = ""
    year: Year | None = None
    country: Country = ""
    regions: tuple[RegionRef, ...] = ()
    clusters: tuple[Claim, ...] = ()
    clusters_read: bool = False
    instruments: tuple[Instrument, ...] = ()
    money: tuple[Money, ...] = ()
    source: Line = ""


class Fact(Part):
    """A figure that somebody has stated of the programme, as it was stated."""

    what: Name
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    text: Line = ""
    unit: Line = ""
    period: Line = ""
    source: Line = ""


class Programme(Part):
    """A programme in support of clusters, with its calls, awards and money.

    An empty field means *not stated*; it is never read as zero or as none. ``slug`` is its name in
    addresses. Codes of regions and clusters are checked against a release elsewhere, because a
    programme outlives releases; what contradicts itself within a programme is found by
    `clusteratlas.programmes.register.contradictions`.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    slug: Slug = ""
    name: Name
    short_name: Annotated[str, Field(max_length=60)] = ""
    fictional: bool = False
    funder: Line = ""
    level: Literal["", "local", "regional", "national", "european", "international"] = ""
    countries: tuple[Country, ...] = ()
    since: Year | None = None
    until: Year | None = None
    summary: Text = ""
    website: Web = ""
    regions: tuple[RegionRef, ...] = ()
    clusters: tuple[Claim, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    money: tuple[Money, ...] = ()
    calls: tuple[Call, ...] = ()
    awards: tuple[Award, ...] = ()
    facts: tuple[Fact, ...] = ()
    references: tuple[Reference, ...] = ()

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: int | None, given: ValidationInfo) -> int | None:
        since = given.data.get("since")
        if until is not None and since is not None and until < since:
            raise ValueError("the programme ends before it begins; correct one of the two years")
        return until
