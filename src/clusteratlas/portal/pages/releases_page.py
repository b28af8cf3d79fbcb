"""What the release changed: the releases that can be read, and two of them side by side."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import (
    Changes,
    FigureChange,
    ReleaseEntry,
    changes_between,
    releases,
)
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

MOST_NAMED = 30


@require_safe
def releases_page(request: AtlasRequest) -> HttpResponse:
    """List the releases; compare two where the address names them, else the last two."""
    place = settings.ATLAS_PLACE
    known = releases(place)
    before, after = _asked(request, known)
    found = _changes(place, before.id, after.id) if before and after else None
    return page(
        request,
        "releases.html",
        section="learn",
        known=[(each, date_format(each.put, "DATE_FORMAT"), _years(each)) for each in known],
        before=before,
        after=after,
        found=found,
        named=MOST_NAMED,
        changed=_sheet(found, found.figures, "changed") if found else None,
        flipped=_sheet(found, found.flags, "flipped") if found else None,
    )


@require_safe
def releases_feed(request: AtlasRequest) -> HttpResponse:
    """Give the releases as an Atom feed."""
    home = request.build_absolute_uri(addresses.releases())
    feed = Atom1Feed(
        title=_("Releases of Cluster Atlas"),
        link=home,
        description="",
        feed_url=request.build_absolute_uri(),
    )
    for each in releases(settings.ATLAS_PLACE):
        feed.add_item(
            title=_("Release %(id)s") % {"id": each.id},
            link=f"{home}#{each.id}",
            description="; ".join(f"{title}: {years}" for title, years in _years(each)),
            unique_id=f"urn:sha256:{each.id}",
            pubdate=each.put,
            updateddate=each.put,
        )
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(answer, "utf-8")
    return answer


def _years(entry: ReleaseEntry) -> list[tuple[str, str]]:
    return [
        (words.word(each.title), figures.listed([str(year) for year in each.years]))
        for each in entry.manifest.schemes
    ]


def _asked(
    request: AtlasRequest, known: list[ReleaseEntry]
) -> tuple[ReleaseEntry | None, ReleaseEntry | None]:
    by_id = {each.id: each for each in known}
    for name in ("from", "to"):
        text = request.GET.get(name, "")
        if text and text not in by_id:
            raise BadAddress(
                _("there is no release of that name here"),
                value=text,
                hint=_("use one of %(known)s") % {"known": ", ".join(by_id)},
            )
    now = next((each for each in known if each.current), None)
    after = by_id.get(request.GET.get("to", "")) or now
    others = [each for each in known if after and each.id != after.id]
    before = by_id.get(request.GET.get("from", "")) or (others[0] if others else None)
    if before and after and before.id == after.id:
        raise BadAddress(
            _("a release differs from another one only"),
            value=before.id,
            hint=_("name two different ones with from= and to="),
        )
    return before, after


@lru_cache(maxsize=8)
def _changes(place: Path, before: str, after: str) -> Changes:
    """Releases never change, so neither does what differs between two."""
    return changes_between(place, before, after)


def _sheet(found: Changes, rows: tuple[FigureChange, ...], which: str) -> Sheet:
    captions = {
        "changed": _("Figures that changed by more than %(share)s, the largest first")
        % {"share": figures.percent(found.least_share)},
        "flipped": _("Verdicts of strength that changed, the largest changes of jobs first"),
    }
    return Sheet(
        f"releases-{which}",
        captions[which],
        [
            SheetColumn(_("Regional cluster"), number=False),
            SheetColumn(_("Year")),
            SheetColumn(_("Jobs before")),
            SheetColumn(_("Jobs now")),
            SheetColumn(_("Strong before"), number=False),
            SheetColumn(_("Strong now"), number=False),
        ],
        [
            SheetRow(
                _named(row),
                [
                    Cell(str(row.year)),
                    Cell(figures.jobs(row.employment_before, row.status_before or "")),
                    Cell(figures.jobs(row.employment, row.status or "")),
                    Cell(_verdict(row.strong_before), number=False),
                    Cell(_verdict(row.strong), number=False),
                ],
                addresses.region_cluster(row.scheme, row.region, row.cluster, year=row.year),
            )
            for row in rows
        ],
        empty=_("None."),
    )


def _verdict(strong: bool | None) -> str:
    return figures.NOTHING if strong is None else _("yes") if strong else _("no")


def _named(row: FigureChange) -> str:
    cluster = words.cluster(row.cluster_name or row.cluster)
    return f"{row.region_name or row.region}: {cluster}"
