"""Rankings and timelines by the API: all regions or clusters at once, all years of one of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from clusteratlas.atlas import ClusterProfile, RegionProfile
from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Code, Name, Year, context_of
from clusteratlas.portal.api.paging import NEXT, Cursor, Limit, part_of
from clusteratlas.portal.api.schemas import model_of, several
from clusteratlas.portal.current import AtlasRequest

router = Router()

RegionProfileOut = model_of("RegionProfile", RegionProfile, "region_profile")
ClusterProfileOut = model_of("ClusterProfile", ClusterProfile, "cluster_profile")
Scheme = Annotated[str, Query(max_length=60)]


class RegionProfilePage(Schema):
    """The totals of some regions, the largest first."""

    count: int = Field(description="all that fit, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: several(RegionProfileOut)  # type: ignore[valid-type]


class ClusterProfilePage(Schema):
    """The totals of some clusters, the largest first."""

    count: int = Field(description="all that fit, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: several(ClusterProfileOut)  # type: ignore[valid-type]


class RegionYears(schemas.Context):
    """A region over the years."""

    region: str
    name: str
    scheme: str
    definition: str
    years: several(RegionProfileOut)  # type: ignore[valid-type]


class RegionalClusterYears(schemas.Context):
    """A cluster in a region over the years."""

    region: str
    region_name: str
    cluster: str
    name: str
    scheme: str
    definition: str
    years: several(schemas.RegionalClusterOut)  # type: ignore[valid-type]


@router.get("/region-profiles", response={200: RegionProfilePage, **REFUSALS})
def region_profiles(
    request: AtlasRequest,
    scheme: Scheme,
    year: Year = None,
    definition: Name = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return the totals of all regions of a scheme, the largest first, as for a ranking."""
    rows = request.release.region_profiles(scheme, year, definition)
    return part_of(request, rows, limit, cursor)


@router.get("/cluster-profiles", response={200: ClusterProfilePage, **REFUSALS})
def cluster_profiles(
    request: AtlasRequest,
    scheme: Scheme,
    year: Year = None,
    definition: Name = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return the totals of all clusters over the regions of a scheme, the largest first."""
    rows = request.release.cluster_profiles(scheme, year, definition)
    return part_of(request, rows, limit, cursor)


@router.get("/regions/{scheme}/{region}/years", response={200: RegionYears, **REFUSALS})
def region_years(request: AtlasRequest, scheme: Code, region: Code, definition: Name = None) -> Any:
    """Return the totals of a region in every year in which the sources print any."""
    release = request.release
    place = release.region(scheme, region)
    name = release.definition_of(scheme, definition)
    rows = [
        release.region_profile(scheme, region, year, name)
        for year in release.years_of(scheme, region)
    ]
    return {
        "region": region,
        "name": place.name,
        "scheme": scheme,
        "definition": name,
        **context_of(release, release.scheme(scheme), release.definition(name)),
        "years": [asdict(row) for row in rows],
    }


@router.get(
    "/regions/{scheme}/{region}/clusters/{cluster}/years",
    response={200: RegionalClusterYears, **REFUSALS},
)
def regional_cluster_years(
    request: AtlasRequest, scheme: Code, region: Code, cluster: Code, definition: Name = None
) -> Any:
    """Return a cluster in a region in every year: its timeline."""
    release = request.release
    place = release.region(scheme, region)
    name = release.definition_of(scheme, definition)
    named = release.cluster(name, cluster)
    rows = [
        release.regional_cluster(scheme, region, cluster, year, name)
        for year in release.years_of(scheme, region)
    ]
    return {
        "region": region,
        "region_name": place.name,
        "cluster": cluster,
        "name": named.name,
        "scheme": scheme,
        "definition": name,
        **context_of(release, release.scheme(scheme), release.definition(name)),
        "years": [asdict(row) for row in rows],
    }
