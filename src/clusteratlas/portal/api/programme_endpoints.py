"""The read API of the register of programmes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ninja import Path, Query, Router

from clusteratlas.portal.api import programme_schemas as shapes
from clusteratlas.portal.api.endpoints import REFUSALS
from clusteratlas.portal.api.paging import Cursor, Limit, part_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.programmes.register.asked import asked_of, found
from clusteratlas.portal.programmes.register.register_page import row_of
from clusteratlas.portal.programmes.register.shelf import Listed, published
from clusteratlas.portal.registry import state
from clusteratlas.programmes.register import Award, money_at, sums
from clusteratlas.tables import CannotAnswer

router = Router()

Named = Annotated[
    str, Path(min_length=1, max_length=80, description="name of a programme in addresses")
]
SOURCE = "what is stated of the programmes, each with its sources"


@router.get("/programmes", response={200: shapes.ProgrammePage, **REFUSALS})
def programmes(
    request: AtlasRequest,
    q: Annotated[str, Query(max_length=100, description="words: name, funder, organisation")] = "",
    country: Annotated[str, Query(max_length=2, description="two letters")] = "",
    in_region: Annotated[str, Query(max_length=130, description="scheme:code")] = "",
    in_cluster: Annotated[str, Query(max_length=130, description="definition:code")] = "",
    instrument: Annotated[str, Query(max_length=130, description="code of the pick-list")] = "",
    funder: Annotated[str, Query(max_length=130, description="its name as it is stated")] = "",
    in_year: Annotated[
        str, Query(max_length=4, description="a year for which something is stated")
    ] = "",
    money: Annotated[
        str, Query(max_length=20, description="planned, committed, paid, unstated or none")
    ] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """Return the published programmes that pass the filters, by name."""
    called = {"region": "in_region", "cluster": "in_cluster", "year": "in_year"}
    rows = [row_of(each) for each in found(published(), asked_of(request, called))]
    return {
        **part_of(request, rows, limit, cursor, bound_to=state.current()),
        "source": SOURCE,
    }


@router.get("/programmes/{programme}", response={200: shapes.ProgrammeAnswer, **REFUSALS})
def programme(request: AtlasRequest, programme: Named) -> Any:
    """Return a programme whole, with sums of money that never mix currencies or prices."""
    listed = _published(programme)
    return {
        "slug": listed.slug,
        "version": listed.version,
        "changed": listed.changed_at,
        "programme": listed.document.model_dump(mode="json"),
        "sums": [
            {
                "level": level,
                "side": each.purse.side,
                "kind": each.purse.kind,
                "currency": each.purse.currency,
                "price_base": each.purse.price_base,
                "amount": each.amount,
                "amounts": each.count,
                "first_year": each.first,
                "last_year": each.last,
            }
            for level in money_words.LEVELS
            for each in sums(money_at(listed.document, level))
        ],
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """An award on its way into a part of a long answer."""

    award: Award


@router.get("/programmes/{programme}/awards", response={200: shapes.AwardPage, **REFUSALS})
def awards(request: AtlasRequest, programme: Named, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """Return the awards of a programme with their money, in their order."""
    rows = [_Row(each) for each in _published(programme).document.awards]
    part = part_of(request, rows, limit, cursor, bound_to=state.current())
    part["items"] = [each["award"].model_dump(mode="json") for each in part["items"]]
    return part


def _published(slug: str) -> Listed:
    for each in published():
        if each.slug == slug:
            return each
    hint = "list them: /api/v1/programmes"
    raise CannotAnswer("there is no such programme", value=slug, hint=hint)
