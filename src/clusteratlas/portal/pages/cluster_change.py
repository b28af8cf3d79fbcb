"""How a cluster moved: jobs against those expected, share against its change, lines over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import ClusterStandings, RegionalCluster, Release, Standing
from clusteratlas.portal import doubt, figures, words
from clusteratlas.portal.charts.level import GainedChart, gained_chart
from clusteratlas.portal.charts.scatter import (
    Scatter,
    ScatterAxis,
    ScatterPoint,
    percent_tick,
    scatter_chart,
)
from clusteratlas.portal.charts.timeline import Line, Timeline, jobs_point, small_multiples
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.cluster_tops import address_of
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

MOST = 12
MARKED = 5
LINES = 7


@dataclass(frozen=True, slots=True)
class ChangeSection:
    """What a cluster gained: a sentence, the regions with most of it, and the picture of all."""

    said: str
    chart: GainedChart
    sheet: Sheet
    scatter: Scatter | None
    known: int
    unknown: int


def change_section(view: View, found: ClusterStandings, region: str | None) -> ChangeSection | None:
    """Return gains against expected ones; nothing in the first year or where none is known."""
    rows = [
        each
        for each in found.rows
        if each.expected is not None and each.change is not None and each.own is not None
    ]
    if view.base_year is None or len(rows) < 2:
        return None
    order = sorted(rows, key=lambda each: (-abs(each.own or 0), _row(each).region))
    shown = sorted(order[:MOST], key=lambda each: -(each.own or 0))
    name = words.cluster(found.profile.name)
    title = _("%(cluster)s: gained and expected, %(from)s to %(to)s") % {
        "cluster": name,
        "from": view.base_year,
        "to": view.year,
    }
    chart = gained_chart(
        "gained-chart",
        title,
        [
            (
                _row(each).region_name,
                address_of(view, _row(each)),
                doubt.mark_of(_row(each)),
                float(each.change or 0),
                each.expected or 0.0,
                _("expected %(jobs)s") % {"jobs": figures.signed(each.expected)},
            )
            for each in shown
        ],
        figures.signed,
        on_axis=lambda value: figures.signed_short(int(value)) if value else "0",
        source=view.source_line,
    )
    return ChangeSection(
        _said(view, found, rows),
        chart,
        _sheet(view, shown, title),
        _scatter(view, found, region),
        len(rows),
        len(found.rows) - len(rows),
    )


def _row(each: Standing) -> RegionalCluster:
    assert isinstance(each.row, RegionalCluster)  # noqa: S101 - rows of regions only
    return each.row


def _said(view: View, found: ClusterStandings, rows: Sequence[Standing]) -> str:
    """Say what the nation gained, and in how many regions it was more than expected."""
    more = sum((each.own or 0) > 0 for each in rows)
    said = ""
    if found.profile.employment_growth is not None:
        said = _("In %(nation)s it moved by %(growth)s a year from %(from)s to %(to)s.") % {
            "nation": words.word(view.reference),
            "growth": figures.growth(found.profile.employment_growth),
            "from": view.base_year,
            "to": view.year,
        }
    second = _("Regions that gained more than at that rate: %(more)s of %(count)s.") % {
        "more": figures.whole(more),
        "count": figures.whole(len(rows)),
    }
    return f"{said} {second}".strip()


def _sheet(view: View, rows: Sequence[Standing], title: str) -> Sheet:
    word = words.word(view.scheme.employment_word).capitalize()
    return Sheet(
        "gained-table",
        title,
        [
            SheetColumn(words.word(view.scheme.region_word).capitalize(), number=False),
            SheetColumn(word, str(view.base_year)),
            SheetColumn(word, str(view.year)),
            SheetColumn(_("Gained")),
            SheetColumn(_("Expected")),
            SheetColumn(_("Beyond")),
        ],
        [
            SheetRow(
                _row(each).region_name,
                [
                    Cell(figures.whole(each.before.employment if each.before else None)),
                    Cell(doubt.jobs(_row(each)), doubt.mark_of(_row(each))),
                    Cell(figures.signed(each.change)),
                    Cell(figures.signed(each.expected)),
                    Cell(figures.signed(each.own)),
                ],
                address_of(view, _row(each)),
            )
            for each in rows
        ],
    )


def _scatter(view: View, found: ClusterStandings, region: str | None) -> Scatter | None:
    """Draw share of the nation against its change, larger dots with more jobs."""
    known = [each for each in found.rows if each.share_change is not None and each.row.employment]
    largest = sorted(known, key=lambda each: -(each.row.employment or 0))[:MARKED]
    first = {_row(each).region for each in largest} | ({region} if region else set())
    points = [
        ScatterPoint(
            _row(each).region_name,
            address_of(view, _row(each)),
            _row(each).share_of_nation,
            each.share_change,
            doubt.mark_of(_row(each)),
            _row(each).region in first,
            _row(each).region_name.split(",")[0],
            size=float(each.row.employment or 0),
            said=f"{doubt.jobs(_row(each))} {words.word(view.scheme.employment_word)}",
        )
        for each in known
    ]
    place = {"place": words.word(view.reference_short), "year": view.year}
    return scatter_chart(
        "share-scatter",
        _("%(cluster)s: share of %(place)s and its change")
        % {"cluster": words.cluster(found.profile.name), "place": place["place"]},
        points,
        ScatterAxis(
            _("Share of %(place)s, %(year)s") % place,
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


def points_of(value: float | None) -> str:
    """Write a change of a share in percentage points.

    >>> points_of(0.0123), points_of(-0.0004), points_of(0.0)
    ('+1.23', '\u22120.04', '0.00')
    """
    if value is None:
        return figures.NOTHING
    if abs(value) < 0.00005:
        return number("0.00")
    return number(f"{value * 100:+.2f}".replace("-", figures.MINUS))


def timeline_of(release: Release, view: View, found: ClusterStandings) -> Timeline | None:
    """Return the jobs of all years in the nation and in the largest regions; each its own scale."""
    if len(view.scheme.years) < 2:
        return None
    definition, cluster = view.definition.definition, found.profile.cluster
    scheme = view.scheme.scheme
    known = {each.year: each for each in (found.profile, found.before) if each is not None}
    whole = [
        jobs_point(
            known.get(year) or release.cluster_profile(scheme, cluster, year, definition), year
        )
        for year in view.scheme.years
    ]
    largest = sorted(
        (each for each in found.rows if each.row.employment),
        key=lambda each: (-(each.row.employment or 0), _row(each).region),
    )[:LINES]
    of_year: dict[int, dict[str, RegionalCluster]] = {view.year: {}}
    for each in found.rows:
        for row in (each.row, each.before):
            if isinstance(row, RegionalCluster):
                of_year.setdefault(row.year, {})[row.region] = row
    others = [year for year in view.scheme.years if year not in of_year]
    names = [_row(each).region for each in largest]
    for year, rows in release.cluster_over_years(
        scheme, cluster, others, definition, names
    ).items():
        of_year[year] = {row.region: row for row in rows}
    lines = [Line(words.word(view.reference_short), whole)]
    for each in largest:
        row = _row(each)
        points = [
            jobs_point(of_year[year][row.region], year)
            for year in view.scheme.years
            if row.region in of_year[year]
        ]
        lines.append(Line(row.region_name, points, address_of(view, row)))
    return small_multiples(
        "timeline",
        _("%(jobs)s of %(cluster)s, each on its own scale")
        % {
            "jobs": words.word(view.scheme.employment_word).capitalize(),
            "cluster": words.cluster(found.profile.name),
        },
        lines,
        source=view.source_line,
    )
