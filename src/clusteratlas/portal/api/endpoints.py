"""The read API: the same figures as the pages, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from ninja import Path, Query, Router

from clusteratlas.atlas import DefinitionInfo, Release, SchemeInfo
from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.paging import Cursor, Limit, part_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.picks import default_scheme

router = Router()
REFUSALS = {(400, 404, 422, 503): schemas.ProblemOut}

Code = Annotated[str, Path(min_length=1, max_length=60)]
Year = Annotated[
    int | None, Query(ge=1900, le=2200, description="by default the latest of the scheme")
]
Name = Annotated[str | None, Query(max_length=60)]
Order = Literal[
    "location_quotient",
    "employment",
    "share_of_nation",
    "share_of_region",
    "employment_growth",
    "employment_change",
    "rank",
    "cluster",
    "name",
    "region_name",
]


def context_of(release: Release, scheme: SchemeInfo, definition: DefinitionInfo) -> dict[str, Any]:
    """Return what the figures of an answer need beside them to be read."""
    return {
        "reference": scheme.reference_name,
        "group_word": definition.group_word,
        "employment_word": scheme.employment_word,
        "payroll_unit": scheme.payroll_unit,
        "source": scheme.source_line,
        "note": scheme.total_note,
        "release": release.id,
    }


@router.get("/release", response={200: schemas.ReleaseOut, 503: schemas.ProblemOut})
def release(request: AtlasRequest) -> Any:
    """Return the release that answers."""
    manifest = request.release.manifest
    return {
        "id": manifest.id,
        "code_version": manifest.code_version,
        "schemes": [each.scheme for each in manifest.schemes],
        "definitions": [each.definition for each in manifest.definitions],
        "rows": manifest.rows,
    }


@router.get("/schemes", response={200: schemas.several(schemas.SchemeOut), 503: schemas.ProblemOut})
def schemes(request: AtlasRequest) -> Any:
    """Return the region schemes with their years, sources and words."""
    return [each.model_dump() for each in request.release.manifest.schemes]


@router.get(
    "/definitions", response={200: schemas.several(schemas.DefinitionOut), 503: schemas.ProblemOut}
)
def definitions(request: AtlasRequest) -> Any:
    """Return the cluster definitions."""
    return [each.model_dump() for each in request.release.manifest.definitions]


@router.get("/regions", response={200: schemas.RegionPage, **REFUSALS})
def regions(
    request: AtlasRequest,
    scheme: Annotated[str, Query(max_length=60)],
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return the regions of a scheme, by code."""
    found = request.release.regions(scheme)
    return part_of(request, found, limit, cursor)


@router.get("/regions/{scheme}/{region}", response={200: schemas.RegionAnswer, **REFUSALS})
def region(
    request: AtlasRequest, scheme: Code, region: Code, year: Year = None, definition: Name = None
) -> Any:
    """Return a region in a year with all its clusters, highest quotient first."""
    release = request.release
    place = release.region(scheme, region)
    info = release.scheme(scheme)
    chosen = release.year(scheme, year)
    name = release.definition_of(scheme, definition)
    rows = release.regional_clusters(scheme, region=region, year=chosen, definition=name)
    return {
        "region": place.region,
        "name": place.name,
        "scheme": scheme,
        "kind": place.kind,
        "coverage": place.coverage,
        "year": chosen,
        "definition": name,
        **context_of(release, info, release.definition(name)),
        "totals": asdict(release.region_profile(scheme, region, chosen, name)),
        "clusters": [asdict(row) for row in rows],
    }


@router.get(
    "/regions/{scheme}/{region}/indicators", response={200: schemas.IndicatorsAnswer, **REFUSALS}
)
def region_indicators(
    request: AtlasRequest,
    scheme: Code,
    region: Code,
    indicator: Name = None,
    year: Annotated[int | None, Query(ge=1900, le=2200, description="by default all")] = None,
) -> Any:
    """Return other figures of a region by title, the latest year first; none may be at hand."""
    release = request.release
    place = release.region(scheme, region)
    rows = release.indicators(scheme, region, indicator=indicator, year=year)
    return {
        "region": place.region,
        "name": place.name,
        "scheme": scheme,
        "release": release.id,
        "indicators": [asdict(row) for row in rows],
    }


@router.get(
    "/regions/{scheme}/{region}/clusters/{cluster}",
    response={200: schemas.InsideAnswer, **REFUSALS},
)
def inside(
    request: AtlasRequest,
    scheme: Code,
    region: Code,
    cluster: Code,
    year: Year = None,
    definition: Name = None,
) -> Any:
    """Return a cluster in a region with its subclusters and industries."""
    release = request.release
    row = release.regional_cluster(scheme, region, cluster, year, definition)
    asked = (scheme, region, cluster, row.year, row.definition)
    return {
        "cluster": row.cluster,
        "name": row.name,
        "traded": row.traded,
        "region": row.region,
        "region_name": row.region_name,
        "scheme": row.scheme,
        "year": row.year,
        "definition": row.definition,
        **context_of(release, release.scheme(scheme), release.definition(row.definition)),
        "figures": asdict(row),
        "subclusters": [asdict(each) for each in release.subclusters(*asked)],
        "industries": [asdict(each) for each in release.industries(*asked)],
    }


@router.get("/clusters", response={200: schemas.several(schemas.ClusterOut), **REFUSALS})
def clusters(request: AtlasRequest, definition: Annotated[str, Query(max_length=60)]) -> Any:
    """Return the clusters of a definition."""
    return [asdict(each) for each in request.release.clusters(definition)]


@router.get("/clusters/{definition}/{cluster}", response={200: schemas.ClusterAnswer, **REFUSALS})
def cluster(
    request: AtlasRequest, definition: Code, cluster: Code, scheme: Name = None, year: Year = None
) -> Any:
    """Return a cluster's totals over the regions of a scheme."""
    release = request.release
    info = release.definition(definition)
    found = release.cluster(definition, cluster)
    chosen = release.scheme(scheme) if scheme else default_scheme(release, definition)
    profile = release.cluster_profile(chosen.scheme, cluster, year, definition)
    return {
        "cluster": found.cluster,
        "name": found.name,
        "traded": found.traded,
        "scheme": chosen.scheme,
        "year": profile.year,
        "definition": definition,
        **context_of(release, chosen, info),
        "totals": asdict(profile),
    }


@router.get("/regional-clusters", response={200: schemas.RegionalClusterPage, **REFUSALS})
def regional_clusters(
    request: AtlasRequest,
    scheme: Annotated[str, Query(max_length=60)],
    region: Name = None,
    cluster: Name = None,
    year: Year = None,
    definition: Name = None,
    order: Order = "location_quotient",
    traded: Annotated[bool | None, Query(description="only traded or only local clusters")] = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return clusters in regions of a scheme: of one region, of one cluster, or of both."""
    release = request.release
    if not region and not cluster:
        release.scheme(scheme)
        raise BadAddress(
            "say which region or which cluster", hint="give region, cluster or both as parameters"
        )
    if region:
        release.region(scheme, region)
    if cluster:
        release.cluster(release.definition_of(scheme, definition), cluster)
    rows = release.regional_clusters(
        scheme,
        region=region or None,
        cluster=cluster or None,
        year=year,
        definition=definition,
        order=order,
        traded=traded,
    )
    return part_of(request, rows, limit, cursor)


@router.get("/search", response={200: schemas.several(schemas.HitOut), **REFUSALS})
def search(
    request: AtlasRequest,
    q: Annotated[str, Query(min_length=1, max_length=100)],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Any:
    """Return the regions, clusters and industries that fit a text best."""
    return [asdict(each) for each in request.release.search(q, limit)]


@router.get("/provenance", response={200: schemas.several(schemas.ProvenanceOut), **REFUSALS})
def provenance(
    request: AtlasRequest, table: Annotated[str, Query(max_length=60)] = "employment"
) -> Any:
    """Return where the figures of a table come from."""
    return [asdict(each) for each in request.release.provenance(table)]
