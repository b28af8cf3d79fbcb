"""The read API of mechanisms inside a cluster, and of the occupations of a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from ninja import Query, Router

from clusteratlas.atlas import Mechanism, MissingSkill, RegionalOccupation, Release
from clusteratlas.portal.api import explained_schemas as schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Code
from clusteratlas.portal.current import AtlasRequest

router = Router()

Industry = Annotated[
    str | None, Query(max_length=60, description="code of one option; by default all of them")
]
NOTHING_COMPARED = "None of its industries is among those that are compared."
NOT_HELD = "The occupations that are loaded hold nothing for it."


def _source(rows: Sequence[Mechanism | RegionalOccupation | MissingSkill]) -> str:
    return "; ".join(sorted({row.source for row in rows}))


@router.get(
    "/clusters/{definition}/{cluster}/mechanisms",
    response={200: schemas.MechanismsAnswer, **REFUSALS},
)
def mechanisms(request: AtlasRequest, definition: Code, cluster: Code) -> Any:
    """Return which mechanism goes with lying together inside a cluster, or why that is not said."""
    release = request.release
    found = release.cluster(definition, cluster)
    rows = release.mechanisms(definition, cluster)
    first = rows[0] if rows else None
    missing = release.missing("mechanisms", definition) or NOTHING_COMPARED
    return {
        "definition": definition,
        "cluster": cluster,
        "name": found.name,
        "outcome": first.outcome if first else "",
        "pairs": first.pairs if first else None,
        "industries": first.industries if first else None,
        "explained": first.explained if first else None,
        "refused": first.refused if first else "",
        "missing": "" if rows else missing,
        "source": _source(rows),
        "release": release.id,
        "mechanisms": [asdict(row) for row in rows if not row.refused],
    }


@router.get(
    "/regions/{scheme}/{region}/occupations",
    response={200: schemas.OccupationsAnswer, **REFUSALS},
)
def occupations(request: AtlasRequest, scheme: Code, region: Code) -> Any:
    """Return the occupations that a region is most specialised in, the first one first."""
    rows = request.release.leading_occupations(scheme, region)
    return {
        **_of_region(request.release, scheme, region, "leading_occupations", rows),
        "occupations": [asdict(row) for row in rows],
    }


@router.get(
    "/regions/{scheme}/{region}/skill-gaps",
    response={200: schemas.SkillGapsAnswer, **REFUSALS},
)
def skill_gaps(request: AtlasRequest, scheme: Code, region: Code, industry: Industry = None) -> Any:
    """Return the occupations that a region's first options need, the largest gaps first."""
    rows = request.release.skill_gaps(scheme, region, industry)
    return {
        **_of_region(request.release, scheme, region, "skill_gaps", rows),
        "gaps": [asdict(row) for row in rows],
    }


def _of_region(
    release: Release,
    scheme: str,
    region: str,
    table: str,
    rows: Sequence[RegionalOccupation | MissingSkill],
) -> dict[str, Any]:
    place = release.region(scheme, region)
    return {
        "region": place.region,
        "name": place.name,
        "scheme": scheme,
        "source": _source(rows),
        "missing": "" if rows else release.missing(table, scheme) or NOT_HELD,
        "release": release.id,
    }
