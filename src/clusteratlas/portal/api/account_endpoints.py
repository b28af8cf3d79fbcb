"""The account of a programme by the API: every figure with its interval, rule and evidence."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Query, Router, Schema
from pydantic import Field, WithJsonSchema

from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes.account.kept import account_of_programme
from clusteratlas.portal.programmes.account.page import source_of
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.account import Stage
from clusteratlas.programmes.account.words import remarks

router = Router()
StageName = Annotated[
    Stage, WithJsonSchema({"type": "string", "enum": [each.value for each in Stage]})
]
"""Described in place: published effects have a `Stage` of other words in the same document."""


class LogOut(Schema):
    """A log that is counted; what stands in its rows is not public."""

    log: str
    rows: int
    checksum: str = Field(description="SHA-256 of the file")
    first_year: int | None = Field(None, description="first year that it is complete for")
    last_year: int | None = Field(None, description="last year that it is complete for")
    stated: bool = Field(description="whether somebody states these years")
    verified_by: str = Field(description="who has checked it; empty where nobody has")


class StepOut(Schema):
    """A part of a count."""

    set: str = Field(description="set of units, or the amount")
    part: int | None = Field(None, description="number of its demand; null for the set as a whole")
    unit: str
    text: str
    low: float
    high: float


class ResponseOut(Schema):
    """Who answered a survey."""

    asked: int
    answered: int
    share: float
    whole: float | None = Field(None, description="of all who were asked, were they alike")
    whole_low: float | None = Field(None, description="lower end of its 90 % interval")
    whole_high: float | None = Field(None, description="upper end of its 90 % interval")


class EvidenceOut(Schema):
    """What a figure rests on, without naming any row."""

    records: int
    rows: dict[str, int] = Field(description="by log, how many rows were counted")
    checksum: str = Field(description="SHA-256 of the records")


class FigureOut(Schema):
    """A figure of the account."""

    rule: str = Field(description="set of rules, its version, and the rule in it")
    title: str
    text: str = Field(description="the rule in words")
    stage: str = Field(description="input, activity, output, behaviour, outcome or impact")
    year: int | None = Field(None, description="null for money of which only a total is stated")
    value: float | None = Field(None, description="null where not known or left open")
    low: float | None = Field(None, description="null where nothing is known")
    high: float | None = Field(None, description="null where nothing bounds it")
    unit: str
    status: str = Field(description="counted, reported or not_known")
    grade: str = Field(description="evidence grade, A to E")
    remarks: list[str] = Field(description="why it is not known, what is taken for granted")
    steps: list[StepOut]
    response: ResponseOut | None = None
    evidence: EvidenceOut


class AccountOut(Schema):
    """The account of a programme."""

    programme: str
    fictional: bool
    years: list[int]
    logs: list[LogOut]
    source: str
    figures: schemas.several(FigureOut)  # type: ignore[valid-type]


@router.get("/programmes/{programme}/account", response={200: AccountOut, **REFUSALS})
def account(
    request: AtlasRequest,
    programme: Annotated[str, Path(min_length=1, max_length=80, description="name in addresses")],
    account_year: Annotated[
        int | None, Query(ge=1900, le=2100, description="only figures of this year")
    ] = None,
    stage: Annotated[StageName | None, Query(description="only this stage")] = None,
) -> Any:
    """Return the account of a published programme, counted from its logs and its register."""
    row = Programme.objects.filter(slug=programme).first()
    document = row.public_document if row is not None and row.is_public else None
    if row is None or document is None:
        raise Http404
    found = account_of_programme(row, document)
    told = found.to_dict(rows=False)
    told["source"] = source_of(found, document)
    told["figures"] = [
        {**each.to_dict(rows=False), "remarks": remarks(each)}
        for each in found.figures
        if account_year in (None, each.year) and stage in (None, each.stage)
    ]
    return told
