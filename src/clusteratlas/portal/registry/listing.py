"""The list of all published organisations: filters, words, pages, and the same as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Release
from clusteratlas.portal import figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.organised.listing_map import listing_maps
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry import addresses, names
from clusteratlas.portal.registry.asked import Asked, asked_of, clusters_of, filters, found
from clusteratlas.portal.registry.shelf import Listed, Shelf, published
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

EACH_PAGE = 50
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the table of organisations."""

    slug: str
    name: str
    kind: str
    country: str
    town: str
    regions: str
    clusters: str
    members: int | None
    members_as_of: date | None
    staff: float | None
    website: str
    fictional: bool
    version: int
    changed: date


WORDS = {
    "slug": "name of the organisation in addresses",
    "name": "name of the organisation",
    "kind": "code of its kind in the pick-list",
    "country": "two letters of its country (ISO 3166-1)",
    "town": "town of its office",
    "regions": "its regions as scheme:code, separated by semicolons",
    "clusters": "the clusters it says it works in, as definition:code, separated by semicolons",
    "members": "members of all kinds; empty where not stated",
    "members_as_of": "the day on which it had so many members",
    "staff": "staff in full-time equivalents; empty where not stated",
    "website": "address of its website",
    "fictional": "made up for the demonstration",
    "version": "published version of the profile",
    "changed": "day of the last change",
}


@needs("read")
@require_safe
def listing_page(request: AtlasRequest) -> HttpResponse:
    """Show the organisations that pass the filters."""
    asked, shelf = asked_of(request), published()
    rows = found(shelf, asked)
    number, last = _number_of_page(request, len(rows))
    shown = rows[(number - 1) * EACH_PAGE : number * EACH_PAGE]
    return page(
        request,
        "registry/listing.html",
        section="organisations",
        asked=asked,
        filters=filters(shelf, asked, request.release),
        sentence=_sentence(shelf, rows, asked),
        rows=rows,
        sheet=_sheet(request.release, shown, asked),
        maps=listing_maps(request.release, rows, _cluster_of(asked)),
        total=len(shelf.organisations),
        fictional=bool(rows) and all(each.profile.fictional for each in rows),
        number=number,
        last=last,
        before=asked.address(page=number - 1 if number > 2 else "") if number > 1 else "",
        after=asked.address(page=number + 1) if number < last else "",
        csv=asked.address(table="table.csv"),
        export=asked.address(table="export.csv"),
        export_json=asked.address(table="export.json"),
        export_xlsx=asked.address(table="export.xlsx"),
        api=addresses.by_api("").rstrip("/"),
    )


@needs("read")
@require_safe
def listing_table(request: AtlasRequest) -> HttpResponse:
    """Give the organisations that pass the filters as a file."""
    rows = found(published(), asked_of(request))
    return table_answer(
        request,
        [row_of(each) for each in rows],
        name="organisations",
        title=_("Cluster organisations"),
        source=_("what the organisations say of themselves"),
        kind=OrganisationRow,
        words=WORDS,
    )


def _cluster_of(asked: Asked) -> tuple[str, str] | None:
    """Return definition and code of the cluster that is filtered by."""
    definition, colon, code = asked.cluster.partition(":")
    return (definition, code) if colon else None


def row_of(listed: Listed) -> OrganisationRow:
    """Return an organisation as a line of a table."""
    profile = listed.profile
    return OrganisationRow(
        listed.slug,
        profile.name,
        profile.kind,
        profile.country,
        profile.town,
        ";".join(f"{ref.scheme}:{ref.region}" for ref in profile.regions),
        ";".join(clusters_of(profile)),
        profile.members.total,
        profile.members.as_of,
        profile.staff,
        profile.website,
        profile.fictional,
        listed.version,
        listed.changed_at.date(),
    )


def _number_of_page(request: AtlasRequest, count: int) -> tuple[int, int]:
    text = request.GET.get("page", "") or "1"
    last = max(1, -(-count // EACH_PAGE))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= last):
        raise BadAddress(
            _("there is no such page of the list"),
            value=text,
            hint=_("pages run from 1 to %(last)s") % {"last": last},
        )
    return int(text), last


def _sentence(shelf: Shelf, rows: Sequence[Listed], asked: Asked) -> str:
    """Say how many there are, where, and in how many clusters."""
    if not shelf.organisations:
        return _("No organisation is published here yet.")
    if not rows:
        return _("No organisation passes these filters.")
    told = {
        "count": figures.whole(len(rows)),
        "countries": figures.whole(len({r.profile.country for r in rows if r.profile.country})),
        "clusters": figures.whole(len({key for r in rows for key in clusters_of(r.profile)})),
        "total": figures.whole(len(shelf.organisations)),
    }
    if {name for name in asked.filters if name != "order"}:
        return (
            ngettext(
                "%(count)s of %(total)s organisations passes the filters.",
                "%(count)s of %(total)s organisations pass the filters.",
                len(rows),
            )
            % told
        )
    return (
        _(
            "Cluster organisations: %(count)s. Countries: %(countries)s. "
            "Clusters and industry groups they say they work in: %(clusters)s."
        )
        % told
    )


def _sheet(release: Release, rows: Sequence[Listed], asked: Asked) -> Sheet:
    def head(label: str, name: str, number: bool = False) -> SheetColumn:
        now = (asked.order or ("" if asked.q else "name")) == name
        direction = "descending" if name in ("members", "changed") else "ascending"
        order = asked.address(order=name)
        return SheetColumn(label, "", number, order, direction if now else "")

    return Sheet(
        "organisations",
        _("Organisations"),
        [
            head(_("Name"), "name"),
            head(_("Place"), "country"),
            SheetColumn(_("Says it works in"), number=False),
            head(_("Members"), "members", True),
            head(_("Last change"), "changed"),
        ],
        [
            SheetRow(
                each.name,
                [
                    Cell(place_of(each), number=False),
                    Cell(fields_of(release, each), number=False),
                    Cell(figures.whole(each.profile.members.total)),
                    Cell(each.changed_at.date().isoformat(), number=False),
                ],
                addresses.organisation(each.slug),
                pills=[("fictional", _("fictional"))] if each.profile.fictional else [],
                lang="und",
            )
            for each in rows
        ],
        empty=_("No organisation passes these filters."),
    )


def place_of(listed: Listed) -> str:
    """Return town and country as far as they are stated."""
    profile = listed.profile
    parts = [profile.town, words.country(profile.country)]
    return ", ".join(part for part in parts if part) or figures.NOTHING


def fields_of(release: Release, listed: Listed, most: int = MOST_NAMED) -> str:
    """Return the first clusters that an organisation says it works in, and how many more."""
    claims = {(each.definition, each.cluster): each for each in listed.profile.claims}
    named = [
        names.cluster(release, each.model_copy(update={"subcluster": ""})).name
        for each in list(claims.values())[:most]
    ]
    more = len(claims) - most
    if more > 0:
        return _("%(names)s and %(count)s more") % {"names": ", ".join(named), "count": more}
    return ", ".join(named) or figures.NOTHING
