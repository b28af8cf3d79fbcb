"""The list of all published programmes: filters, words, a map, and the same as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Region, Release
from clusteratlas.organisations import RegionRef
from clusteratlas.portal import figures, words
from clusteratlas.portal.charts.organisation_dots import Dot
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.organised.region_maps import RegionMap, region_maps
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.programmes.register.asked import (
    Asked,
    asked_of,
    clusters_of,
    countries_of,
    filters,
    found,
    region_refs,
    regions_of,
)
from clusteratlas.portal.programmes.register.shelf import Listed, published
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.register import bytes_of, money_at, sums

NAMED = 3
ENDINGS = {
    "zip": "application/zip",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The forms of whole programmes; the tables as CSV come as a zip."""


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One line of the table of programmes."""

    slug: str
    name: str
    funder: str
    level: str
    countries: str
    since: int | None
    until: int | None
    instruments: str
    regions: str
    clusters: str
    calls: int
    awards: int
    money: str
    fictional: bool
    version: int
    changed: date


WORDS = {
    "slug": "name of the programme in addresses",
    "name": "name of the programme",
    "funder": "who funds it; empty where not stated",
    "level": "local, regional, national, european or international",
    "countries": "two letters of each country (ISO 3166-1), of its awards too",
    "since": "first year; empty where not stated",
    "until": "last year; empty where it has none or none is stated",
    "instruments": "codes of its instruments, separated by semicolons",
    "regions": "its regions and those of its awards as scheme:code",
    "clusters": "its clusters and those of its awards as definition:code",
    "calls": "calls that are stated",
    "awards": "awards that are stated",
    "money": "sums by level, side, kind, currency and price base; never of two currencies",
    "fictional": "made up for the demonstration",
    "version": "version of the entry",
    "changed": "day of the last published change",
}


@needs("read")
@require_safe
def register_page(request: AtlasRequest) -> HttpResponse:
    """Show the programmes that pass the filters."""
    asked, programmes = asked_of(request), published()
    rows = found(programmes, asked)
    maps, nowhere = programme_maps(request.release, rows)
    return page(
        request,
        "programmes/register.html",
        section="programmes",
        asked=asked,
        filters=filters(programmes, asked, request.release),
        sentence=_sentence(programmes, rows, asked),
        fictional=bool(rows) and all(each.document.fictional for each in rows),
        sheet=_sheet(rows),
        maps=maps,
        nowhere=nowhere,
        csv=asked.address(table="table.csv"),
        exports=[(end.upper(), asked.address(table=f"export.{end}")) for end in ENDINGS],
        api=addresses.by_api("").rstrip("/"),
    )


@needs("read")
@require_safe
def register_table(request: AtlasRequest) -> HttpResponse:
    """Give the programmes that pass the filters as a table, one line each."""
    return table_answer(
        request,
        [row_of(each) for each in found(published(), asked_of(request))],
        name="programmes",
        title=_("Programmes"),
        source=_("the register of programmes"),
        kind=ProgrammeRow,
        words=WORDS,
    )


@needs("read")
@require_safe
def export_file(request: AtlasRequest, ending: str) -> HttpResponse:
    """Give the programmes that pass the filters whole, as a file that can be taken in again."""
    listed = found(published(), asked_of(request))
    body = bytes_of([each.document for each in listed], ending)
    return file_answer(body, ending, "cluster-atlas-programmes")


def file_answer(body: bytes, ending: str, name: str) -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(body, content_type=ENDINGS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def row_of(listed: Listed) -> ProgrammeRow:
    """Return a programme as a line of a table."""
    document = listed.document
    return ProgrammeRow(
        listed.slug,
        document.name,
        document.funder,
        document.level,
        ";".join(countries_of(document)),
        document.since,
        document.until,
        ";".join(document.instruments),
        ";".join(regions_of(document)),
        ";".join(clusters_of(document)),
        len(document.calls),
        len(document.awards),
        "; ".join(
            f"{level} {each.purse.side} {each.purse.kind} {each.amount:.2f} {each.purse.currency}"
            + (f" (prices of {each.purse.price_base})" if each.purse.price_base else "")
            for level in money_words.LEVELS
            for each in sums(money_at(document, level))
        ),
        document.fictional,
        listed.version,
        listed.changed_at.date(),
    )


def programme_maps(
    release: Release, rows: Sequence[Listed]
) -> tuple[list[RegionMap[Listed]], list[Listed]]:
    """Return the maps of programmes, and those that have no place on any.

    A programme is at home in its regions and in those of its awards; where it states none, in its
    countries as far as they are on a map.
    """
    maps = region_maps(
        release,
        [(each, _places(each)) for each in rows],
        _dot,
        lambda title: (
            _("Where the programmes of this list are at work: %(title)s") % {"title": title}
        ),
    )
    placed = {each.slug for one in maps for each in one.placed}
    return maps, [each for each in rows if each.slug not in placed]


def _places(listed: Listed) -> tuple[RegionRef, ...]:
    refs = region_refs(listed.document)
    if refs:
        return refs
    return tuple(RegionRef(scheme="nuts-0", region=code) for code in listed.document.countries)


def _dot(region: Region, mine: Sequence[Listed]) -> Dot:
    names = ", ".join(each.name for each in mine[:NAMED])
    said = ngettext(
        "%(region)s: %(count)s programme (%(names)s)",
        "%(region)s: %(count)s programmes (%(names)s)",
        len(mine),
    ) % {"region": region.name, "count": len(mine), "names": names}
    if len(mine) == 1:
        return Dot(region, addresses.programme(mine[0].slug), 1, said)
    at = f"{region.scheme}:{region.region}"
    here = {"country": region.region} if region.scheme == "nuts-0" else {"region": at}
    return Dot(region, addresses.register(**here), len(mine), said)


def _sentence(programmes: Sequence[Listed], rows: Sequence[Listed], asked: Asked) -> str:
    if not programmes:
        return _("No programme is published here yet.")
    if not rows:
        return _("No programme passes these filters.")
    told = {
        "count": figures.whole(len(rows)),
        "total": figures.whole(len(programmes)),
        "countries": figures.whole(
            len({one for each in rows for one in countries_of(each.document)})
        ),
        "awards": figures.whole(sum(len(each.document.awards) for each in rows)),
    }
    if asked.filters:
        return (
            ngettext(
                "%(count)s of %(total)s programmes passes the filters.",
                "%(count)s of %(total)s programmes pass the filters.",
                len(rows),
            )
            % told
        )
    return (
        _("Programmes: %(count)s. Countries: %(countries)s. Awards that are stated: %(awards)s.")
        % told
    )


def _sheet(rows: Sequence[Listed]) -> Sheet:
    return Sheet(
        "programmes",
        _("Programmes"),
        [
            SheetColumn(_("Name"), "", False),
            SheetColumn(_("Funder"), "", False),
            SheetColumn(_("Countries"), "", False),
            SheetColumn(_("Years"), "", False),
            SheetColumn(_("Money that is stated"), "", False),
            SheetColumn(_("Awards")),
        ],
        [_line(each) for each in rows],
        empty=_("No programme passes these filters."),
    )


def _line(listed: Listed) -> SheetRow:
    document = listed.document
    level = money_words.main_level(document)
    money = "; ".join(
        f"{money_words.label(each.purse)}: "
        f"{money_words.amount_in_words(each.amount, each.purse.currency)}"
        for each in sums(money_at(document, level))
    )
    countries = ", ".join(words.country(each) for each in countries_of(document)[:NAMED])
    more = len(countries_of(document)) - NAMED
    if more > 0:
        countries = _("%(names)s and %(count)s more") % {"names": countries, "count": more}
    return SheetRow(
        document.name,
        [
            Cell(document.funder or figures.NOTHING, number=False),
            Cell(countries or figures.NOTHING, number=False),
            Cell(money_words.span(document), number=False),
            Cell(money or figures.NOTHING, number=False),
            Cell(figures.whole(len(document.awards)) if document.awards else figures.NOTHING),
        ],
        addresses.programme(listed.slug),
        pills=[("fictional", _("fictional"))] if document.fictional else [],
        lang="und",
    )
