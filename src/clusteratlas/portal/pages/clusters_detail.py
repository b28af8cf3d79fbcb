"""All clusters of a definition: wages, gains against expected ones, shares and their change."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import ClusterProfile, Standing, all_standings
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.scatter import (
    Scatter,
    ScatterAxis,
    ScatterPoint,
    percent_tick,
    scatter_chart,
)
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.asking import View, asked_word, asked_year, year_choices
from clusteratlas.portal.pages.cluster_change import points_of
from clusteratlas.portal.pages.cluster_tops import currency
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    part_cell,
    percent_cell,
)

MARKED = 6


@require_safe
def clusters_detail_page(request: AtlasRequest, definition: str) -> HttpResponse:
    """Show what all clusters of a definition pay, gained and hold."""
    release = request.release
    info = release.definition(definition)
    able = {
        each.scheme: each for each in release.manifest.schemes if definition in each.definitions
    }
    default = default_scheme(release, definition).scheme
    scheme = able[asked_word(request, "scheme", able, default)]
    view = View(scheme, info, asked_year(request, scheme))
    rows = all_standings(release, scheme.scheme, view.year, definition)
    return page(
        request,
        "clusters_detail.html",
        section="clusters",
        view=view,
        years=year_choices(
            scheme.years,
            view.year,
            {
                year: addresses.clusters_in_detail(definition, scheme=scheme.scheme, year=year)
                for year in scheme.years
            },
        ),
        sheet=_sheet(view, rows),
        scatter=_scatter(view, rows),
    )


def _profile(each: Standing) -> ClusterProfile:
    assert isinstance(each.row, ClusterProfile)  # noqa: S101 - whole clusters only
    return each.row


def _address(each: Standing) -> str:
    row = _profile(each)
    return addresses.cluster(row.definition, row.cluster, scheme=row.scheme, year=row.year)


def _sheet(view: View, rows: list[Standing]) -> Sheet:
    since = _("since %(year)s") % {"year": view.base_year} if view.base_year else ""
    return Sheet(
        "clusters-detail",
        _("%(title)s in %(area)s, %(year)s")
        % {
            "title": view.definition.title,
            "area": words.word(view.reference),
            "year": view.year,
        },
        [
            SheetColumn(words.word(view.definition.group_word).capitalize(), number=False),
            SheetColumn(words.word(view.scheme.employment_word).capitalize(), str(view.year)),
            SheetColumn(_("Wage"), _("%(currency)s a year") % {"currency": currency(view)}),
            SheetColumn(_("Establish\u00adments")),
            SheetColumn(_("Gained"), since),
            SheetColumn(_("Expected"), since),
            SheetColumn(_("Beyond"), since),
            SheetColumn(_("Share")),
            SheetColumn(_("Change of share"), _("percentage points")),
        ],
        [
            SheetRow(
                words.cluster(_profile(each).name),
                [
                    part_cell(each.row),
                    Cell(figures.whole(each.wage)),
                    Cell(figures.whole(each.row.establishments)),
                    Cell(figures.signed(each.change)),
                    Cell(figures.signed(each.expected)),
                    Cell(figures.signed(each.own)),
                    percent_cell(_profile(each).share_of_reference),
                    Cell(points_of(each.share_change)),
                ],
                _address(each),
                code=each.row.cluster,
            )
            for each in rows
        ],
        tall=True,
    )


def _scatter(view: View, rows: list[Standing]) -> Scatter | None:
    traded = [each for each in rows if each.row.traded is not False]
    moved = sorted(traded, key=lambda each: -abs(each.share_change or 0))[:MARKED]
    first = {each.row.cluster for each in moved}
    return scatter_chart(
        "clusters-scatter",
        _("Share of each and its change"),
        [
            ScatterPoint(
                words.cluster(_profile(each).name),
                _address(each),
                _profile(each).share_of_reference,
                each.share_change,
                marked=each.row.cluster in first,
                short=words.cluster(_profile(each).name).split(",")[0],
                size=float(each.row.employment or 0),
            )
            for each in traded
        ],
        ScatterAxis(
            _("Share, %(year)s") % {"year": view.year},
            figures.percent,
            short=_("Share"),
            ticked=percent_tick,
            log=True,
        ),
        ScatterAxis(
            _("Change of that share since %(year)s, percentage points") % {"year": view.base_year},
            points_of,
            short=_("Change"),
            line=0,
            line_label=_("The level line is no change."),
            least=0.0001,
        ),
        source=view.source_line,
        sized=words.word(view.scheme.employment_word),
    )
