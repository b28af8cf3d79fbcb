"""The read API of related clusters, options of a region and its peers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from ninja import Query, Router

from clusteratlas.atlas import Release
from clusteratlas.portal.api import related_schemas as schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Code, Year, context_of
from clusteratlas.portal.api.paging import Cursor, part_of
from clusteratlas.portal.current import AtlasRequest

router = Router()

Text = Annotated[str, Query(max_length=60)]
Kind = Annotated[
    Literal["absent", "growing"] | None,
    Query(description="absent: quotient below 0.5; growing: 0.5 to 1; by default both"),
]
MOST_ROWS = 10_000


def _of_definition(release: Release, definition: str, *, any_rows: bool) -> dict[str, Any]:
    info = release.definition(definition)
    return {
        "definition": definition,
        "group_word": info.group_word,
        "source": "; ".join(release.sources_of_relatedness(definition)),
        "missing": "" if any_rows else release.missing("relatedness", definition),
        "release": release.id,
    }


@router.get(
    "/clusters/{definition}/{cluster}/related",
    response={200: schemas.RelatedAnswer, **REFUSALS},
)
def related(request: AtlasRequest, definition: Code, cluster: Code) -> Any:
    """Return how related a cluster is to every other one, the strongest first."""
    release = request.release
    found = release.cluster(definition, cluster)
    rows = release.related(definition, cluster)
    within = [row for row in release.within(definition) if row.a == cluster]
    return {
        **_of_definition(release, definition, any_rows=bool(rows)),
        "cluster": cluster,
        "name": found.name,
        "traded": found.traded,
        "within": asdict(within[0]) if within else None,
        "related": [asdict(row) for row in rows],
    }


@router.get("/relatedness", response={200: schemas.RelatednessPage, **REFUSALS})
def relatedness(
    request: AtlasRequest,
    definition: Text,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 1000,
    cursor: Cursor = "",
) -> Any:
    """Return the relatedness of all clusters of a definition, by cluster, the strongest first."""
    release = request.release
    rows = release.relatedness(definition)
    return {
        **_of_definition(release, definition, any_rows=bool(rows)),
        **part_of(request, rows, limit, cursor),
    }


@router.get("/regions/{scheme}/{region}/options", response={200: schemas.OptionsAnswer, **REFUSALS})
def options(
    request: AtlasRequest, scheme: Code, region: Code, year: Year = None, kind: Kind = None
) -> Any:
    """Return the industries that a region lacks or is growing into, the best odds first."""
    release = request.release
    place = release.region(scheme, region)
    info = release.scheme(scheme)
    chosen = release.year(scheme, year)
    rows = release.options(scheme, region, chosen, kind=kind)
    return {
        **context_of(release, info, release.definition(info.definition)),
        "region": place.region,
        "name": place.name,
        "scheme": scheme,
        "year": chosen,
        "definition": info.definition,
        "missing": "" if rows else release.missing("options", scheme),
        "options": [asdict(row) for row in rows],
    }


@router.get("/options-skill", response={200: schemas.OptionsSkillAnswer, **REFUSALS})
def options_skill(request: AtlasRequest, scheme: Text, year: Year = None) -> Any:
    """Return how well the odds of options told past entries, beside plainer ways of telling."""
    release = request.release
    info = release.scheme(scheme)
    rows = release.options_skill(scheme, year)
    return {
        "scheme": scheme,
        "year": release.year(scheme, year),
        "source": info.source_line,
        "missing": "" if rows else release.missing("options_skill", scheme),
        "release": release.id,
        "skill": [asdict(row) for row in rows],
    }


@router.get("/regions/{scheme}/{region}/peers", response={200: schemas.PeersAnswer, **REFUSALS})
def peers(request: AtlasRequest, scheme: Code, region: Code) -> Any:
    """Return the regions that are built like this one, the most alike first."""
    release = request.release
    place = release.region(scheme, region)
    rows = release.peers(scheme, region)
    return {
        "region": place.region,
        "name": place.name,
        "scheme": scheme,
        "source": release.scheme(scheme).source_line,
        "missing": "" if rows else release.missing("peers", scheme),
        "release": release.id,
        "peers": [asdict(row) for row in rows],
    }
