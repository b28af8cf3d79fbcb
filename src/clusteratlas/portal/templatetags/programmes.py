"""How pages about something else show the programmes that concern it."""

from __future__ import annotations

import logging
from typing import Any

from django import template
from django.db import DatabaseError
from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.programmes.register.asked import clusters_of, regions_of
from clusteratlas.portal.programmes.register.award_block import money_cells, money_columns
from clusteratlas.portal.programmes.register.shelf import Listed, published
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

log = logging.getLogger("clusteratlas.portal")
register = template.Library()
MOST = 5


@register.inclusion_tag("programmes/_of_place.html", takes_context=True)
def programmes_about(context: Any, *, region: str = "", cluster: str = "") -> dict[str, Any]:
    """Show the programmes of a region or cluster; nothing where there are none.

    Where the database does not answer the page goes without, and is not kept.
    """
    found = [
        each
        for each in _published(context)
        if (region and region in regions_of(each.document))
        or (cluster and cluster in clusters_of(each.document))
    ]
    told = {"region": region} if region else {"cluster": cluster}
    return {
        "lines": [
            (each.name, addresses.programme(each.slug), money_words.span(each.document))
            for each in found[:MOST]
        ],
        "count": figures.whole(len(found)),
        "more": len(found) > MOST,
        "all": addresses.register(**told),
    }


@register.inclusion_tag("programmes/_of_organisation.html", takes_context=True)
def awards_of(context: Any, organisation: str) -> dict[str, Any]:
    """Show the awards that an organisation got, by its name in addresses."""
    rows = [
        SheetRow(
            each.name,
            [
                Cell(award.title or figures.NOTHING, number=False),
                Cell(str(award.year or figures.NOTHING), number=False),
                *money_cells(award),
            ],
            addresses.programme(each.slug),
            pills=[("fictional", _("fictional"))] if each.document.fictional else [],
            lang="und",
        )
        for each in _published(context)
        for award in each.document.awards
        if award.slug == organisation
    ]
    columns = [
        SheetColumn(_("Programme"), "", False),
        SheetColumn(_("Title"), "", False),
        SheetColumn(_("Year"), "", False),
        *money_columns(),
    ]
    return {"sheet": Sheet("awards", _("Awards of programmes"), columns, rows) if rows else None}


def _published(context: Any) -> tuple[Listed, ...]:
    try:
        return published()
    except DatabaseError as error:
        log.warning("the register of programmes cannot be read: %s", error)
        context.request.partly = True
        return ()
