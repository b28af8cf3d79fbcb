"""The local view: places below the county that hold a cluster, in a region or everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import LocalCluster, LocalView, Region, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.dots import DotChart
from clusteratlas.portal.charts.level import Level, level_chart
from clusteratlas.portal.charts.local_points import PointMap, point_map
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import YEAR, View, no_such_year
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow, percent_cell
from clusteratlas.tables import FEWEST_PRINTED

MOST_ROWS = 25
MOST_BARS = 10


@dataclass(frozen=True, slots=True)
class LocalSection:
    """The block of a page; without rows it says why in a sentence."""

    said: str
    note: str
    sheet: Sheet | None
    chart: DotChart | None
    points: PointMap | None
    source: str
    csv: str


def local_section(
    release: Release, view: View, cluster: str, name: str, region: Region | None
) -> LocalSection | None:
    """Return where a cluster is below the county; nothing where no places were given."""
    definition = view.definition.definition
    if not release.manifest.rows.get("local_establishments"):
        return None
    found = release.local_view(
        definition,
        cluster,
        scheme=region.scheme if region else None,
        region=region.region if region else None,
        year=view.year,
    )
    named = words.cluster(name)
    if found is None or not found.rows:
        return _without(release, found, named, region) if region else None
    csv = addresses.with_query(
        f"/clusters/{definition}/{cluster}/local.csv",
        scheme=region.scheme if region else None,
        region=region.region if region else None,
        year=found.year,
    )
    return LocalSection(
        _said(found, named, region),
        _note(found),
        _sheet(found, named),
        _chart(found, named, _source(release)),
        _points(found),
        _source(release),
        csv,
    )


@require_safe
def local_table(request: AtlasRequest, definition: str, cluster: str) -> HttpResponse:
    """Give the places that print a cluster, in a region where the address names one."""
    release = request.release
    named = release.cluster(definition, cluster)
    scheme, code = request.GET.get("scheme", ""), request.GET.get("region", "")
    region = release.region(scheme, code) if scheme or code else None
    year = request.GET.get("year", "")
    if year and not YEAR.fullmatch(year):
        held = sorted({each for one in release.manifest.schemes for each in one.years})
        raise no_such_year(year, _("there are no figures for that year"), held)
    found = release.local_view(
        definition,
        cluster,
        scheme=region.scheme if region else None,
        region=region.region if region else None,
        year=int(year) if year else None,
    )
    return table_answer(
        request,
        found.rows if found else (),
        name=f"{cluster}-local{f'-{region.region}' if region else ''}",
        title=_("%(cluster)s by place below the county") % {"cluster": words.cluster(named.name)},
        source=_source(release),
        kind=LocalCluster,
        words={"share_of_place": "share of all establishments of the place"},
    )


def _without(release: Release, found: LocalView | None, name: str, region: Region) -> LocalSection:
    said = (
        _("No place of this region prints an industry of %(cluster)s: places: %(count)s.")
        % {"cluster": name, "count": figures.whole(found.places)}
        if found
        else _("The places that were loaded hold none of %(region)s.") % {"region": region.name}
    )
    return LocalSection(said, "", None, None, None, _source(release), "")


def _said(found: LocalView, name: str, region: Region | None) -> str:
    first = found.rows[0]
    told = {
        "cluster": name,
        "places": figures.whole(len(found.rows)),
        "of": figures.whole(found.places),
        "count": figures.whole(found.establishments),
        "first": _label(first),
        "most": figures.whole(first.establishments),
        "year": found.year,
    }
    if region is None:
        return (
            _(
                "ZIP codes that print %(cluster)s in %(year)s: %(places)s of %(of)s, with at least "
                "%(count)s establishments; most of them in %(first)s (%(most)s)."
            )
            % told
        )
    told["region"] = region.name
    return (
        _(
            "Within %(region)s, ZIP codes that print %(cluster)s in %(year)s: %(places)s of "
            "%(of)s, with at least %(count)s establishments; most of them in %(first)s (%(most)s)."
        )
        % told
    )


def _note(found: LocalView) -> str:
    return _(
        "Establishments, not jobs: one may have three people or three thousand. An industry with "
        "fewer than %(fewest)s establishments in a ZIP code is not printed, so every figure is a "
        "lower bound, and a ZIP code without a row is no zero."
    ) % {"fewest": FEWEST_PRINTED}


def _label(row: LocalCluster) -> str:
    return f"{row.name} {row.place}" if row.name else row.place


def _sheet(found: LocalView, name: str) -> Sheet:
    shares = any(row.share_of_place is not None for row in found.rows)
    few = len(found.rows) > MOST_ROWS
    caption = (
        _("%(cluster)s by ZIP code, %(year)s: the first %(shown)s of %(count)s")
        if few
        else _("%(cluster)s by ZIP code, %(year)s: %(count)s")
    )
    return Sheet(
        "local-table",
        caption
        % {
            "cluster": name,
            "year": found.year,
            "shown": MOST_ROWS,
            "count": figures.whole(len(found.rows)),
        },
        [
            SheetColumn(_("Place"), number=False),
            SheetColumn(_("Establish\u00adments"), _("at least")),
            *([SheetColumn(_("Share of the place"))] if shares else []),
        ],
        [
            SheetRow(
                row.name or row.place,
                [
                    Cell(
                        _("not published")
                        if row.establishments is None
                        else figures.whole(row.establishments),
                        row.status,
                    ),
                    *([percent_cell(row.share_of_place)] if shares else []),
                ],
                code=row.place if row.name else "",
            )
            for row in found.rows[:MOST_ROWS]
        ],
        tall=len(found.rows) > 12,
    )


def _chart(found: LocalView, name: str, source: str) -> DotChart | None:
    rows = [row for row in found.rows if row.establishments][:MOST_BARS]
    if len(rows) < 2:
        return None
    return level_chart(
        "local-chart",
        _("Establishments of %(cluster)s by ZIP code, %(year)s")
        % {"cluster": name, "year": found.year},
        [Level(_label(row), "", float(row.establishments or 0)) for row in rows],
        figures.whole,
        source=source,
    )


def _points(found: LocalView) -> PointMap | None:
    return point_map(
        [
            (
                row.name or row.place,
                row.longitude,
                row.latitude,
                row.establishments,
                f"{_label(row)}: {figures.whole(row.establishments)}",
            )
            for row in found.rows
            if row.longitude is not None and row.latitude is not None and row.establishments
        ]
    )


def _source(release: Release) -> str:
    told = [
        f"{row.publisher}, {row.title}"
        for row in release.provenance("local_establishments")
        if not row.source.startswith("none for ")
    ]
    return "; ".join(dict.fromkeys(told)) or "US Census Bureau"
