"""Published effects by the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from ninja import Path, Query, Router, Schema
from pydantic import Field

from clusteratlas.portal.api.endpoints import REFUSALS, Name
from clusteratlas.portal.api.paging import NEXT, Cursor, Limit, part_of
from clusteratlas.portal.api.schemas import model_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.evidence.effects_kept import library
from clusteratlas.portal.evidence.growth_kept import performance
from clusteratlas.portal.evidence.growth_page import GROWTH_WORDS, GrowthRow, rows_of
from clusteratlas.portal.evidence.library_page import (
    EFFECT_WORDS,
    SOURCE,
    EffectRecord,
    record_of,
)
from clusteratlas.portal.registry import state
from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence import Asked, Group, StudyDesign, comparable_groups
from clusteratlas.programmes.evidence.words import reason
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.performance import NeighbourRule
from clusteratlas.programmes.performance.words import neighbours_told

router = Router()
Text = Annotated[str, Query(max_length=100)]
GrowthOut = model_of("GrowthTerm", GrowthRow, "", words=GROWTH_WORDS)
EffectOut = model_of("PublishedEffect", EffectRecord, "", words=EFFECT_WORDS)


class EffectsPage(Schema):
    """Part of the published effects."""

    count: int
    limit: int
    next: str | None = Field(description=NEXT)
    source: str
    release: str
    items: list[EffectOut]  # type: ignore[valid-type]


class NeighboursOut(Schema):
    """Which regions count as neighbouring, or why that term is not at hand."""

    rule: NeighbourRule = Field(
        description="borders: they share one; nearest: the five whose points are nearest, in both "
        "directions; few_points and apart: not at hand"
    )
    pairs: int = Field(description="pairs of neighbouring regions, each counted once")
    regions_without: int = Field(description="regions that have no neighbour")
    refused: dict[str, str] = Field(description="outcomes that cannot be answered with this term")
    text: str


class GrowthAnswer(Schema):
    """The growth regressions of a scheme."""

    scheme: str
    definition: str
    start: int
    end: int
    source: str
    release: str
    refused: dict[str, str] = Field(description="outcomes that these figures cannot answer")
    neighbours: NeighboursOut
    items: list[GrowthOut]  # type: ignore[valid-type]


class RefusalOut(Schema):
    """Why figures are not pooled."""

    code: str
    parameters: dict[str, str | int]
    text: str


class PooledOut(Schema):
    """The random-effects mean of a group, with its Hartung-Knapp interval."""

    method: str
    level: float
    count: int
    mean: float
    standard_error: float
    low: float
    high: float
    p: float
    prediction_low: float | None
    prediction_high: float | None
    between: float = Field(description="standard deviation of true effects between programmes")
    inconsistency: float = Field(description="I², share of the variance that is not chance, 0-1")
    heterogeneity: float
    heterogeneity_p: float
    weights: list[float]


class GroupOut(Schema):
    """Effects that may stand on one axis."""

    group: str
    outcome: str
    stage: str
    scale: str
    unit_of_value: str
    unit: str
    programmes: int
    members: list[EffectOut] = Field(description="of causal grade")  # type: ignore[valid-type]
    beside: list[EffectOut] = Field(description="of grade C")  # type: ignore[valid-type]
    pooled: PooledOut | None = Field(description="null where it is refused")
    refusals: list[RefusalOut]


@router.get("/evidence", response={200: EffectsPage, **REFUSALS})
def evidence(
    request: AtlasRequest,
    programme: Text = "",
    design: StudyDesign | None = None,
    stage: Stage | None = None,
    country: Annotated[str, Query(max_length=2)] = "",
    grade: EvidenceGrade | None = None,
    outcome: Text = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return published effects of cluster programmes, graded by one rule."""
    token = state.current()
    found = library().asked(Asked(programme, design, stage, country, grade, outcome))
    return {
        **part_of(request, [record_of(each) for each in found], limit, cursor, bound_to=token),
        "source": SOURCE,
        "release": request.release.id,
    }


@router.get("/growth", response={200: GrowthAnswer, **REFUSALS})
def growth(
    request: AtlasRequest, scheme: Annotated[str, Query(max_length=60)], definition: Name = None
) -> Any:
    """Return what growth of jobs, establishments and wages went with, over a scheme."""
    release = request.release
    name = release.definition_of(scheme, definition)
    found = performance(release, scheme, name)
    return {
        "scheme": scheme,
        "definition": name,
        "start": found.start,
        "end": found.end,
        "source": found.source,
        "release": release.id,
        "refused": {outcome.value: why for outcome, why in found.refused.items()},
        "neighbours": {
            "rule": found.neighbours.rule,
            "pairs": len(found.neighbours.pairs),
            "regions_without": found.without_neighbours,
            "refused": {outcome.value: why for outcome, why in found.apart.items()},
            "text": neighbours_told(found),
        },
        "items": [asdict(each) for each in rows_of(found)],
    }


@router.get("/evidence/groups", response={200: list[GroupOut], **REFUSALS})
def groups(request: AtlasRequest) -> Any:
    """Return which published effects compare, and their mean or why there is none."""
    return [_group(each) for each in comparable_groups(library().effects)]


@router.get("/evidence/{effect}", response={200: EffectOut, **REFUSALS})
def effect(
    request: AtlasRequest,
    effect: Annotated[str, Path(min_length=1, max_length=400, description="name of the figure")],
) -> Any:
    """Return one published effect."""
    return asdict(record_of(library().of(effect)))


def _group(group: Group) -> dict[str, Any]:
    return {
        "group": group.identity,
        "outcome": group.outcome,
        "stage": group.stage,
        "scale": group.scale,
        "unit_of_value": group.unit_of_value,
        "unit": group.unit,
        "programmes": group.programmes,
        "members": [asdict(record_of(each)) for each in group.members],
        "beside": [asdict(record_of(each)) for each in group.beside],
        "pooled": None if group.pooled is None else asdict(group.pooled),
        "refusals": [{**asdict(each), "text": reason(each)} for each in group.refusals],
    }
