"""The region builder as JSON: the union of regions in the address, as its page shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from ninja import Query, Router

from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Code, Name, Year, context_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.builder_asked import LONGEST_LIST, asked_union, united_of

router = Router()


@router.get("/builder/{scheme}", response={200: schemas.UnionAnswer, **REFUSALS})
def union(
    request: AtlasRequest,
    scheme: Code,
    regions: Annotated[
        str, Query(max_length=LONGEST_LIST, description="codes with commas, at most 500")
    ],
    name: Annotated[str, Query(max_length=80)] = "",
    year: Year = None,
    definition: Name = None,
) -> Any:
    """Return the union of regions in a year with all its clusters, highest quotient first.

    Counts are exact sums; quotients, flags, ranks and intervals are taken of the sums. The union
    is compared with the published regions and replaces none: ranks say which place it would have.
    """
    asked = asked_union(request, scheme)
    united = united_of(request, asked)
    rows = sorted(united.clusters, key=lambda row: (-(row.location_quotient or -1), row.cluster))
    return {
        "region": united.region.region,
        "name": united.region.name,
        "scheme": scheme,
        "kind": united.region.kind,
        "coverage": united.region.coverage,
        "population": united.region.population,
        "regions": [each.region for each in united.parts],
        "drawn": united.drawn,
        "year": united.year,
        "definition": united.definition,
        **context_of(request.release, asked.view.scheme, asked.view.definition),
        "totals": asdict(united.profile),
        "clusters": [asdict(row) for row in rows],
    }
