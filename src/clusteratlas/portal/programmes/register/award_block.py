"""The awards of a programme on its page: where they went, and all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Region, Release
from clusteratlas.portal import figures
from clusteratlas.portal.charts.organisation_dots import Dot
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.organised.region_maps import RegionMap, region_maps
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import block
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.programmes.register.money_block import source_line
from clusteratlas.portal.registry import addresses as registry
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.shelf import beside_figures
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.register import Award, sums
from clusteratlas.programmes.register import Programme as Document

NAMED = 3


@dataclass(frozen=True, slots=True)
class _Placed:
    """An award on a map; ``number`` is its place in the programme."""

    number: int
    award: Award


@block(order=20)
def award_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Return the awards with a map; nothing where none is stated."""
    if not document.awards:
        return None
    profiles = {each.slug for each in beside_figures(request).organisations}
    content = {
        "sentence": _sentence(document),
        "maps": award_maps(request.release, document, row.slug),
        "sheet": _sheet(request.release, document, profiles),
        "read": any(each.clusters_read for each in document.awards),
        "csv": addresses.programme(row.slug, "awards.csv"),
        "api": addresses.by_api(row.slug, "/awards"),
        "public": row.is_public,
        "source": source_line(row, document),
    }
    return render_to_string("programmes/_awards.html", content, request)


def award_maps(release: Release, document: Document, slug: str) -> list[RegionMap[_Placed]]:
    """Return the maps on which awards have a place: a dot a region, larger with more awards."""

    def dot(region: Region, mine: Sequence[_Placed]) -> Dot:
        named = ", ".join(each.award.organisation for each in mine[:NAMED])
        said = ngettext(
            "%(region)s: %(count)s award (%(names)s)",
            "%(region)s: %(count)s awards (%(names)s)",
            len(mine),
        ) % {"region": region.name, "count": len(mine), "names": named}
        return Dot(region, f"{addresses.programme(slug)}#awards", len(mine), said)

    placed = [
        (_Placed(number, each), each.regions) for number, each in enumerate(document.awards, 1)
    ]
    return region_maps(
        release,
        placed,
        dot,
        lambda title: _("Where the awards went: %(title)s") % {"title": title},
    )


def _sentence(document: Document) -> str:
    organisations = {each.slug or each.organisation.casefold() for each in document.awards}
    told = {
        "count": figures.whole(len(document.awards)),
        "organisations": figures.whole(len(organisations)),
    }
    return (
        ngettext(
            "%(count)s award is stated; organisations: %(organisations)s.",
            "%(count)s awards are stated; organisations: %(organisations)s.",
            len(document.awards),
        )
        % told
    )


def _sheet(release: Release, document: Document, profiles: set[str]) -> Sheet:
    calls: Mapping[str, str] = {each.key: each.name for each in document.calls}
    return Sheet(
        "awards",
        _("Awards"),
        [
            SheetColumn(_("Organisation"), "", False),
            SheetColumn(_("Title"), "", False),
            SheetColumn(_("Call"), "", False),
            SheetColumn(_("Year"), "", False),
            SheetColumn(_("Region"), "", False),
            SheetColumn(_("Cluster"), "", False),
            *money_columns(),
        ],
        [_line(release, each, calls, profiles) for each in document.awards],
        tall=len(document.awards) > 25,
    )


def _line(release: Release, award: Award, calls: Mapping[str, str], profiles: set[str]) -> SheetRow:
    regions = [names.region(release, each) for each in award.regions]
    clusters = [names.cluster(release, each).name for each in award.clusters]
    read = f" {_('(our reading)')}" if award.clusters_read and clusters else ""
    return SheetRow(
        award.organisation,
        [
            Cell(award.title or figures.NOTHING, number=False),
            Cell(calls.get(award.call, "") or figures.NOTHING, number=False),
            Cell(str(award.year or figures.NOTHING), number=False),
            Cell(
                ", ".join(each.name for each in regions) or figures.NOTHING,
                number=False,
                href=regions[0].href if len(regions) == 1 else "",
            ),
            Cell((", ".join(clusters) or figures.NOTHING) + read, number=False),
            *money_cells(award),
        ],
        registry.organisation(award.slug) if award.slug in profiles else "",
        lang="und",
    )


def money_columns() -> list[SheetColumn]:
    """Return the heads of the columns that `money_cells` fills."""
    return [SheetColumn(_("Public money")), SheetColumn(_("Private money"))]


def money_cells(award: Award) -> list[Cell]:
    """Return the public and the private money of an award, each purse by itself.

    What is planned, committed or paid says so; what does not say stands as the amount alone.
    """
    found: dict[str, list[str]] = {"public": [], "private": []}
    for each in sums(award.money):
        text = money_words.amount(each.amount, each.purse.currency)
        if each.purse.kind:
            state = money_words.STATES[each.purse.kind]
            text = _("%(amount)s (%(state)s)") % {"amount": text, "state": state}
        if each.purse.price_base is not None:
            prices = money_words.prices(each.purse)
            text = _("%(amount)s, %(prices)s") % {"amount": text, "prices": prices}
        found[each.purse.side].append(text)
    return [Cell("; ".join(mine) or _("not stated")) for mine in found.values()]
