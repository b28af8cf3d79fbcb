"""The regions that come first in a cluster: by quotient, jobs, share, growth or wage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import ClusterStandings, RegionalCluster, Standing
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.dots import DotChart, quotient_chart
from clusteratlas.portal.charts.level import Level, level_chart
from clusteratlas.portal.pages.asking import Choice, View
from clusteratlas.portal.picks import spoken_for

TOPS = ("strength", "jobs", "share", "growth", "wage")
MOST = 10
LEAST_JOBS = 500
"""Growth and wages of fewer jobs say little: such regions stand in the table only."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The chart of one ranking, the links to the others, and a sentence on what is left out."""

    chart: DotChart
    choices: Sequence[Choice]
    lede: str
    method: str


def address_of(view: View, row: RegionalCluster) -> str:
    """Return the page of a cluster in a region, as this view sees it."""
    return addresses.region_cluster(
        view.scheme.scheme,
        row.region,
        row.cluster,
        year=view.year,
        definition=view.definition_in_address,
    )


def ranking_of(
    view: View, found: ClusterStandings, top: str, link: Callable[[str], str]
) -> Ranking:
    """Return the ten regions that come first by what is asked."""
    name = words.cluster(found.profile.name)
    labels = {
        "strength": _("Quotient"),
        "jobs": words.word(view.scheme.employment_word).capitalize(),
        "share": _("Share of the region"),
        "growth": _("Growth"),
        "wage": _("Wage"),
    }
    able = [
        each
        for each in TOPS
        if each in ("strength", "jobs", "share") or _rows(found.rows, each, LEAST_JOBS)
    ]
    if top not in able:
        able.append(top)
    choices = [
        Choice(each, labels[each], each == top, f"{link(each)}#strongest")
        for each in TOPS
        if each in able
    ]
    title = _("%(cluster)s: %(what)s, %(year)s") % {
        "cluster": name,
        "what": labels[top],
        "year": view.year,
    }
    if top == "strength":
        by_quotient = sorted(
            _regional(found.rows), key=lambda row: (-(row.location_quotient or -1), row.region)
        )
        first = spoken_for(by_quotient)[:MOST]
        chart = quotient_chart(
            "top-chart",
            title,
            [(row, row.region_name, address_of(view, row)) for row in first],
            source=view.source_line,
        )
        lede = (
            _("The most specialised of the regions where it is strong.")
            if first and first[0].strong
            else _("The regions with the highest quotient.")
        )
        return Ranking(chart, choices, lede, "location-quotient")
    least = LEAST_JOBS if top in ("growth", "wage") and _rows(found.rows, top, LEAST_JOBS) else 0
    rows = _rows(found.rows, top, least)[:MOST]
    chart = level_chart(
        "top-chart",
        title,
        [_level(view, top, each) for each in rows],
        _written(top),
        on_axis=lambda value: (
            figures.short(int(value)) if top in ("jobs", "wage") else _written(top)(value)
        ),
        source=view.source_line,
    )
    lede = {
        "jobs": _("The regions with most of it."),
        "share": _("The regions that depend on it most."),
        "growth": _("The regions where it grew fastest since %(year)s.") % {"year": view.base_year},
        "wage": _("Payroll for each job that the office prints, in %(unit)s a year.")
        % {"unit": currency(view)},
    }[top]
    if least:
        lede += " " + _("Only regions with %(count)s and more in it are ranked here.") % {
            "count": figures.whole(least)
        }
    method = {"jobs": "employment", "share": "shares", "growth": "change", "wage": "wage"}[top]
    return Ranking(chart, choices, lede, method)


def currency(view: View) -> str:
    """Return the currency of a scheme's payroll, without its scale."""
    return view.scheme.payroll_unit.split(" ")[0].split(",")[0]


def _regional(rows: Sequence[Standing]) -> list[RegionalCluster]:
    return [each.row for each in rows if isinstance(each.row, RegionalCluster)]


def value_of(each: Standing, top: str) -> float | None:
    """Return the figure that a ranking is by."""
    row = each.row
    if not isinstance(row, RegionalCluster):
        return None
    if top == "wage":
        return each.wage
    name = {
        "jobs": "employment",
        "share": "share_of_region",
        "growth": "employment_growth",
        "strength": "location_quotient",
    }[top]
    value = getattr(row, name)
    return None if value is None else float(value)


def _rows(rows: Sequence[Standing], top: str, least: int) -> list[Standing]:
    known = [
        each
        for each in rows
        if value_of(each, top) is not None and (each.row.employment or 0) >= least
    ]
    return sorted(known, key=lambda each: (-(value_of(each, top) or 0), _region(each)))


def _region(each: Standing) -> str:
    return each.row.region if isinstance(each.row, RegionalCluster) else ""


def _written(top: str) -> Callable[[float], str]:
    return {
        "jobs": figures.whole,
        "wage": figures.whole,
        "share": figures.percent,
        "growth": figures.growth,
    }[top]


def _level(view: View, top: str, each: Standing) -> Level:
    row = each.row
    assert isinstance(row, RegionalCluster)  # noqa: S101 - only regions are ranked
    low = high = None
    said = ""
    if top == "jobs" and (between := doubt.jobs_between(row)):
        low, high = row.employment_low, row.employment_high
        said = _("90 %% interval %(between)s") % {"between": between}
    small = (
        figures.percent(row.share_of_nation)
        if top == "jobs"
        else f"{doubt.jobs(row)} {words.word(view.scheme.employment_word)}"
    )
    return Level(
        row.region_name,
        address_of(view, row),
        value_of(each, top) or 0,
        doubt.mark_of(row),
        small,
        low,
        high,
        said,
    )
