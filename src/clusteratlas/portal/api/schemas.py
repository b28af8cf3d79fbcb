"""The shapes that the API answers with, made from the records and the contracts of the tables.

Every field carries the meaning and the unit that its column has in the contract, so the OpenAPI
document and the tables cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ninja import Schema
from pydantic import Field, create_model

from clusteratlas.atlas import (
    Cluster,
    ClusterProfile,
    Hit,
    Provenance,
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionIndicator,
    RegionProfile,
)
from clusteratlas.tables import CONTRACTS

JOINED = {
    "name": "name of the cluster or industry group",
    "traded": "traded or local; null where the definition does not say",
    "region_name": "name of the region",
    "subcluster": "name of the subcluster",
    "title": "title of the industry",
    "kind": "region, cluster or industry",
    "publisher": "who publishes the figure",
    "source_title": "title of the source",
    "licence": "terms of reuse",
    "code": "its code; for an industry, the code of its cluster",
    "detail": "what it is, in words",
}
PLACE = ("scheme", "region", "region_name", "definition", "year")


def model_of(
    name: str,
    record: type[Any],
    table: str,
    *,
    without: Iterable[str] = (),
    lists: Mapping[str, type[Schema]] | None = None,
    words: Mapping[str, str] = JOINED,
) -> type[Schema]:
    """Make a schema of a record: its fields, described by the columns of a table.

    ``lists`` names the fields that hold several of another schema; ``words`` describes the fields
    that are no column.
    """
    known = {column.name: column for column in CONTRACTS[table].columns} if table else {}
    hints = get_type_hints(record)
    left_out = set(without)
    parts: dict[str, Any] = {}
    for field in fields(record):
        if field.name in left_out:
            continue
        column = known.get(field.name)
        said = words.get(field.name, "") if column is None else column.meaning
        if column is not None and column.unit:
            said = f"{said} ({column.unit})"
        extra: dict[str, Any] = {}
        if column is not None and column.words:
            extra = {"enum": list(column.words)}
        kind = hints[field.name]
        if lists and field.name in lists:
            kind = several(lists[field.name])
        default: Any = None if _optional(kind) else ...
        parts[field.name] = (kind, Field(default, description=said, json_schema_extra=extra))
    return create_model(name, __base__=Schema, __module__=__name__, **parts)


def _optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def several(kind: type[Schema]) -> Any:
    """Return the type of a list of a schema."""
    return list[kind]  # type: ignore[valid-type]


RegionOut = model_of("Region", Region, "regions")
ClusterOut = model_of("Cluster", Cluster, "clusters")
RegionalClusterOut = model_of("RegionalCluster", RegionalCluster, "regional_clusters")
FiguresOut = model_of("ClusterFigures", RegionalCluster, "regional_clusters", without=PLACE)
SubclusterOut = model_of(
    "SubclusterFigures", RegionalSubcluster, "regional_subclusters", without=(*PLACE, "cluster")
)
IndustryOut = model_of("IndustryFigures", RegionalIndustry, "employment", without=PLACE)
TotalsOut = model_of("RegionTotals", RegionProfile, "region_profile", without=PLACE)
ClusterTotalsOut = model_of(
    "ClusterTotals",
    ClusterProfile,
    "cluster_profile",
    without=("scheme", "definition", "cluster", "year", "name", "traded"),
)
HitOut = model_of("Hit", Hit, "")
IndicatorOut = model_of("RegionIndicator", RegionIndicator, "indicators")
ProvenanceOut = model_of("Provenance", Provenance, "provenance")


class ProblemOut(Schema):
    """Problem details (RFC 9457): every refusal and fault has this shape."""

    type: str
    title: str = Field(description="what kind of problem this is")
    status: int
    detail: str = Field(description="what is wrong with this request")
    instance: str = Field(description="the path that was asked for")
    hint: str = Field(description="what to ask instead; may be empty")
    reference: str = Field(description="number under which the portal's log has this answer")
    faults: list[dict[str, Any]] | None = Field(
        None, description="everything wrong in what was sent: column, problem, value, hint"
    )


class SchemeOut(Schema):
    """A region scheme of the release."""

    scheme: str
    title: str
    region_word: str
    region_words: str
    country_group: str
    reference_scheme: str = Field(description="scheme of the area that quotients compare with")
    reference_name: str
    classification: str
    definition: str = Field(description="the cluster definition used when none is asked for")
    definitions: list[str]
    years: list[int]
    regions: int
    employment_word: str
    payroll_unit: str
    source_line: str
    total_note: str
    base: bool = Field(description="whether the other schemes are added up from this one")


class DefinitionOut(Schema):
    """A cluster definition of the release."""

    definition: str
    title: str
    citation: str
    group_word: str
    group_words: str
    classification: str
    traded_split: bool
    clusters: int


class ReleaseOut(Schema):
    """The release that answers."""

    id: str = Field(description="a hash of the content")
    code_version: str
    schemes: list[str]
    definitions: list[str]
    rows: dict[str, int] = Field(description="rows of each table")


class Context(Schema):
    """What a figure needs beside it to be read."""

    reference: str = Field(description="the area that quotients and shares compare with")
    group_word: str
    employment_word: str
    payroll_unit: str
    source: str
    note: str
    release: str


class RegionAnswer(Context):
    """A region in a year with all its clusters, as ``clusteratlas region --json`` gives it."""

    region: str
    name: str
    scheme: str
    kind: str
    coverage: float | None = None
    year: int
    definition: str
    totals: TotalsOut  # type: ignore[valid-type]
    clusters: list[FiguresOut]  # type: ignore[valid-type]


class UnionAnswer(Context):
    """Regions of one scheme as one, held against the published regions of the scheme."""

    region: str
    name: str
    scheme: str
    kind: str
    coverage: float | None = None
    year: int
    definition: str
    regions: list[str] = Field(description="codes of the regions that make it up")
    drawn: bool = Field(description="whether the release keeps the draws that intervals come from")
    population: int | None = None
    totals: TotalsOut  # type: ignore[valid-type]
    clusters: list[FiguresOut]  # type: ignore[valid-type]


class ClusterAnswer(Context):
    """A cluster over the regions of a scheme."""

    cluster: str
    name: str
    traded: bool | None = None
    scheme: str
    year: int
    definition: str
    totals: ClusterTotalsOut  # type: ignore[valid-type]


class InsideAnswer(Context):
    """A cluster in a region with its subclusters and industries."""

    cluster: str
    name: str
    traded: bool | None = None
    region: str
    region_name: str
    scheme: str
    year: int
    definition: str
    figures: FiguresOut  # type: ignore[valid-type]
    subclusters: list[SubclusterOut]  # type: ignore[valid-type]
    industries: list[IndustryOut]  # type: ignore[valid-type]


class IndicatorsAnswer(Schema):
    """Other figures of a region, each with its unit, year, source and status."""

    region: str
    name: str
    scheme: str
    release: str
    indicators: list[IndicatorOut]  # type: ignore[valid-type]


class RegionPage(Schema):
    """Some of the regions of a scheme."""

    count: int = Field(description="all that fit, not only those given")
    limit: int
    next: str | None = Field(None, description="cursor of the next part; null at the end")
    items: list[RegionOut]  # type: ignore[valid-type]


class RegionalClusterPage(Schema):
    """Some regional clusters."""

    count: int = Field(description="all that fit, not only those given")
    limit: int
    next: str | None = Field(None, description="cursor of the next part; null at the end")
    items: list[RegionalClusterOut]  # type: ignore[valid-type]
