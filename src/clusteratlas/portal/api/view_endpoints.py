"""Comparisons and maps by the API: the figures that those pages show, of the same address."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Name, Year, context_of
from clusteratlas.portal.api.paging import NEXT, Cursor, Limit, part_of
from clusteratlas.portal.api.schemas import model_of, several
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages import compare_clusters, compare_regions
from clusteratlas.portal.pages.compare_asked import LONGEST, Place
from clusteratlas.portal.pages.explorer import source_of
from clusteratlas.portal.pages.map_address import LONGEST as LONGEST_NAME
from clusteratlas.portal.pages.map_address import read_address
from clusteratlas.portal.pages.map_lines import lines_of
from clusteratlas.portal.pages.map_table import MappedValue, values_of

router = Router()

Text = Annotated[str | None, Query(max_length=LONGEST_NAME)]
Codes = Annotated[str, Query(min_length=1, max_length=LONGEST)]
MAPPED = {
    "scheme": "the region scheme",
    "region": "code of the region",
    "region_name": "name of the region",
    "definition": "the cluster definition",
    "subject": "code of the cluster or industry, or name of the subcluster or figure",
    "subject_name": "name of what is mapped",
    "figure": "column of the release that is shown",
    "unit": "the figure with its unit",
    "year": "year of the value",
    "value": "the figure in the year; null where it is not known",
    "from_year": "first year of the change; null where no change is asked for",
    "from_value": "the figure in the first year",
    "change_kind": "difference: value less from_value; per-year: that over the years; "
    "yearly: compound rate a year",
    "change": "how the figure changed; null where the two years cannot be compared",
    "status": "reported, estimated, withheld or unpublished",
    "employment": "jobs",
    "establishments": "establishments",
    "payroll": "payroll of the year, in payroll_unit",
}
MappedOut = model_of("MappedValue", MappedValue, "", words=MAPPED)


class ComparedRegion(schemas.Context):
    """One of the regions compared."""

    region: str
    name: str
    scheme: str
    year: int
    definition: str
    base: bool = Field(description="whether it is there to be compared with, not asked for")
    totals: schemas.TotalsOut | None = Field(  # type: ignore[valid-type]
        None, description="null where the sources print nothing of it in that year"
    )
    clusters: several(schemas.FiguresOut)  # type: ignore[valid-type]


class RegionsCompared(Schema):
    """Regions side by side, in the order asked for."""

    release: str
    comparable: bool = Field(
        description="whether all are of one definition and country group, so that their figures "
        "stand on one axis"
    )
    regions: list[ComparedRegion]


class ComparedCluster(Schema):
    """One of the clusters compared: over the scheme, or within the region asked for."""

    cluster: str
    name: str
    traded: bool | None = None
    totals: schemas.ClusterTotalsOut | None = Field(  # type: ignore[valid-type]
        None, description="over all regions; null where a region is asked for"
    )
    inside: schemas.FiguresOut | None = Field(  # type: ignore[valid-type]
        None, description="within the region; null where none is asked for"
    )


class ClustersCompared(schemas.Context):
    """Clusters side by side, in the order asked for."""

    scheme: str
    region: str | None = None
    year: int
    definition: str
    clusters: list[ComparedCluster]


class MapAnswer(schemas.Context):
    """The figures of a map, by region."""

    scheme: str
    definition: str
    year: int
    notes: list[str] = Field(description="what of the question gave way, in words")
    count: int = Field(description="all regions with figures, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: several(MappedOut)  # type: ignore[valid-type]


@router.get("/compare/regions", response={200: RegionsCompared, **REFUSALS})
def regions_compared(
    request: AtlasRequest,
    regions: Codes,
    scheme: Name = None,
    year: Year = None,
    definition: Name = None,
    against: Annotated[
        Literal["first", "nation"], Query(description="nation puts the whole nation first")
    ] = "first",
) -> Any:
    """Return up to ten regions side by side: code, or scheme:code, with commas between them."""
    asked = compare_regions.read_comparison(request)
    if not asked.places:
        raise BadAddress("no region is named", hint="name them as regions=a,b")
    return {
        "release": request.release.id,
        "comparable": asked.comparable,
        "regions": [_compared(request, place) for place in asked.places],
    }


def _compared(request: AtlasRequest, place: Place) -> dict[str, Any]:
    release, view = request.release, place.view
    rows = (
        release.regional_clusters(
            view.scheme.scheme,
            region=place.region.region,
            year=view.year,
            definition=view.definition.definition,
        )
        if place.profile is not None
        else []
    )
    return {
        **context_of(release, view.scheme, view.definition),
        "region": place.region.region,
        "name": place.region.name,
        "scheme": view.scheme.scheme,
        "year": view.year,
        "definition": view.definition.definition,
        "base": place.base,
        "totals": asdict(place.profile) if place.profile is not None else None,
        "clusters": [asdict(row) for row in rows],
    }


@router.get("/compare/clusters", response={200: ClustersCompared, **REFUSALS})
def clusters_compared(
    request: AtlasRequest,
    clusters: Codes,
    definition: Name = None,
    scheme: Name = None,
    region: Name = None,
    year: Year = None,
) -> Any:
    """Return up to ten clusters side by side, over the regions of a scheme or within one region."""
    release = request.release
    asked = compare_clusters.read_comparison(request)
    if not asked.clusters:
        raise BadAddress("no cluster is named", hint="name them as clusters=a,b")
    view = asked.view
    where = (view.scheme.scheme, view.year, view.definition.definition)
    inside = {}
    if asked.region is not None:
        rows = release.regional_clusters(
            where[0], region=asked.region.region, year=where[1], definition=where[2]
        )
        inside = {row.cluster: asdict(row) for row in rows}
    return {
        **context_of(release, view.scheme, view.definition),
        "scheme": where[0],
        "region": asked.region.region if asked.region else None,
        "year": where[1],
        "definition": where[2],
        "clusters": [
            {
                "cluster": each.cluster.cluster,
                "name": each.cluster.name,
                "traded": each.cluster.traded,
                "totals": None
                if asked.region
                else asdict(
                    release.cluster_profile(where[0], each.cluster.cluster, where[1], where[2])
                ),
                "inside": inside.get(each.cluster.cluster),
            }
            for each in asked.clusters
        ],
    }


@router.get("/map", response={200: MapAnswer, **REFUSALS})
def mapped(
    request: AtlasRequest,
    scheme: Name = None,
    cluster: Annotated[
        str | None,
        Query(max_length=LONGEST_NAME, description="code, or all for the totals of regions"),
    ] = None,
    subcluster: Text = None,
    industry: Text = None,
    measure: Annotated[
        str | None,
        Query(
            max_length=LONGEST_NAME,
            description="column that is shown, or indicator:CODE of another figure",
        ),
    ] = None,
    year: Year = None,
    show: Annotated[Literal["level", "change", "both"] | None, Query()] = None,
    since: Annotated[
        int | None,
        Query(alias="from", ge=1900, le=2200, description="first year of a change"),
    ] = None,
    change: Annotated[Literal["difference", "yearly"] | None, Query()] = None,
    definition: Name = None,
    order: Text = None,
    limit: Limit = 1000,
    cursor: Cursor = "",
) -> Any:
    """Return what a map shows of every region, of the parameters that the map's address has."""
    asked = read_address(request)
    values = values_of(asked, lines_of(request.release, asked))
    return {
        **context_of(request.release, asked.view.scheme, asked.view.definition),
        "source": source_of(request, asked),
        "scheme": asked.view.scheme.scheme,
        "definition": asked.view.definition.definition,
        "year": asked.view.year,
        "notes": list(asked.notes),
        **part_of(request, values, limit, cursor),
    }
