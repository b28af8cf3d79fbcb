"""The read API of organisations tied to the map: claims checked, partners, who covers what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from ninja import Path, Query, Router

from clusteratlas.matching.records import Switches, Wanted, as_document
from clusteratlas.organisations import check_claims
from clusteratlas.portal.api import organised_schemas as schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Name
from clusteratlas.portal.api.paging import Cursor, Limit, part_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.organised.coverage_kept import coverage as coverage_of
from clusteratlas.portal.organised.partner_index import index_of
from clusteratlas.portal.registry.shelf import Listed, published
from clusteratlas.tables import CannotAnswer

router = Router()

Slug = Annotated[str, Path(min_length=1, max_length=80, description="name in addresses")]
Kind = Literal["any", "cross", "same"]
Most = Annotated[int, Query(ge=1, le=100, description="most partners of one answer")]


@router.get("/organisations/{slug}/claims", response={200: schemas.ClaimsAnswer, **REFUSALS})
def claims(request: AtlasRequest, slug: Slug) -> Any:
    """Return each field that an organisation claims with the verdict of the map and its figures."""
    report = check_claims(_listed(slug).profile, request.release)
    return {
        "organisation": slug,
        "rule": report.rule,
        "release": report.release,
        "claims": [
            {**asdict(each), "claim": each.claim.model_dump(), "regions": _regions(each.regions)}
            for each in report.claims
        ],
        "industries": [
            {
                **asdict(each),
                "industry": each.industry.model_dump(),
                "regions": _regions(each.regions),
            }
            for each in report.industries
        ],
    }


@router.get("/organisations/{slug}/partners", response={200: schemas.PartnersAnswer, **REFUSALS})
def partners(
    request: AtlasRequest,
    slug: Slug,
    field: Kind = "any",
    country: Kind = "any",
    partners_too: bool = False,
    limit: Most = 20,
) -> Any:
    """Return the partners suggested to an organisation: score in parts, reasons and gaps."""
    _listed(slug)
    index = index_of(published(), request.release)
    if index is None:
        raise _unknown(slug)
    switches = Switches(Wanted(field), Wanted(country), partners_too)
    return as_document(index.suggest(slug, limit, switches))


@router.get("/coverage", response={200: schemas.CoveragePage, **REFUSALS})
def coverage(
    request: AtlasRequest,
    scheme: Annotated[str, Query(max_length=60)],
    definition: Name = None,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return the strong clusters of a scheme and who organises them, the most important first."""
    release = request.release
    name = release.definition_of(scheme, definition)
    found = coverage_of(published(), release, scheme, name)
    return {
        **part_of(request, found.rows, limit, cursor),
        "scheme": scheme,
        "definition": name,
        "year": found.year,
        "rule": found.rule,
        "source": release.scheme(scheme).source_line,
        "release": release.id,
    }


def _listed(slug: str) -> Listed:
    found = published().by_slug.get(slug)
    if found is None:
        raise _unknown(slug)
    return found


def _unknown(slug: str) -> CannotAnswer:
    return CannotAnswer(
        "no organisation of that name in addresses is published",
        value=slug,
        hint="/api/v1/organisations lists them",
    )


def _regions(checks: Any) -> list[dict[str, Any]]:
    return [{**asdict(each), "region": each.region.model_dump()} for each in checks]
