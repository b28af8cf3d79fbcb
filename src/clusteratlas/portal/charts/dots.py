"""Dot charts: one row a cluster or region, places in percent so that text keeps its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log, log10, sqrt

from django.utils.translation import gettext as _

from clusteratlas.atlas import RegionalCluster
from clusteratlas.portal import doubt, figures
from clusteratlas.portal.language import number

LARGEST_DOT = 12.0
SMALLEST_DOT = 3.0
LEAST_WIDTH = 4.0
"""Intervals narrower than this, in percent of the axis, hide behind their dot: no end marks."""

ENDS = (0.25, 16.0)
MARKED = (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True, slots=True)
class Tick:
    """A marked place on the axis, in percent."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class DotRow:
    """One row: its name, its dot and what stands beside it."""

    name: str
    href: str
    place: str
    radius: str
    mark: str
    value: str
    small: str = ""
    pill: str = ""
    kind: str = "traded"
    start: str = ""
    low: str = ""
    high: str = ""
    caps: bool = False
    said: str = ""
    """Its doubt in words, for those who do not see the interval and the mark."""


@dataclass(frozen=True, slots=True)
class DotChart:
    """A dot chart ready to be set. ``base`` is the place of the line that rows start from."""

    identity: str
    title: str
    base: str
    ticks: Sequence[Tick]
    rows: Sequence[DotRow]
    source: str = ""


def log_place(value: float, ends: tuple[float, float]) -> float:
    """Return the place of a value on a log axis in percent, kept within the axis.

    >>> log_place(2, (0.25, 16)), log_place(99, (0.25, 16))
    (50.0, 100.0)
    """
    low, high = ends
    kept = min(max(value, low), high)
    return 100 * log(kept / low) / log(high / low)


def quotient_ends(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the axis: at least a quarter to sixteen, wider by doubling.

    >>> quotient_ends([1.5, 20])
    (0.25, 32.0)
    """
    low, high = ENDS
    while values and high < max(values):
        high *= 2
    return low, high


def quotient_chart(
    identity: str, title: str, rows: Sequence[tuple[RegionalCluster, str, str]], *, source: str = ""
) -> DotChart:
    """Return a chart of quotients on a log axis. A row is (figures, name, address)."""
    shown = [row for row in rows if row[0].location_quotient is not None]
    ends = quotient_ends(
        [row[0].location_quotient_high or row[0].location_quotient or 0 for row in shown]
    )
    most = max((row[0].employment or 0 for row in shown), default=0) or 1
    dots = [_quotient_row(figure, name, href, ends, most) for figure, name, href in shown]
    ticks = [
        Tick(_percent(log_place(each, ends)), number(f"{each:g}"))
        for each in MARKED
        if ends[0] <= each <= ends[1]
    ]
    return DotChart(identity, title, _percent(log_place(1, ends)), ticks, dots, source)


def _quotient_row(
    figure: RegionalCluster, name: str, href: str, ends: tuple[float, float], most: int
) -> DotRow:
    said = doubt.quotient_between(figure)
    return DotRow(
        name=name,
        href=href,
        place=_percent(log_place(figure.location_quotient or 0, ends)),
        radius=f"{max(SMALLEST_DOT, LARGEST_DOT * sqrt((figure.employment or 0) / most)):.1f}",
        mark=doubt.mark_of(figure),
        value=figures.quotient(figure.location_quotient),
        small=doubt.jobs(figure),
        kind="local" if figure.traded is False else "traded",
        low=_percent(log_place(figure.location_quotient_low or 0, ends)) if said else "",
        high=_percent(log_place(figure.location_quotient_high or 0, ends)) if said else "",
        caps=bool(said) and _wide(figure, ends),
        said=_in_words(figure, said),
    )


def _wide(figure: RegionalCluster, ends: tuple[float, float]) -> bool:
    """Say whether an interval is wider than a small dot."""
    low, high = figure.location_quotient_low or 0, figure.location_quotient_high or 0
    return log_place(high, ends) - log_place(low, ends) > LEAST_WIDTH


def _in_words(figure: RegionalCluster, between: str) -> str:
    """Return the interval and the mark in words."""
    words = {"partial": _("partly withheld"), "flip": _("could flip")}
    parts = [
        _("90 % interval") + f" {between}" if between else "",
        words.get(doubt.mark_of(figure), ""),
    ]
    return ", ".join(part for part in parts if part)


def size_chart(
    identity: str, title: str, rows: Sequence[tuple[RegionalCluster, str, str]], *, source: str = ""
) -> DotChart:
    """Return a chart of jobs on a plain axis from zero."""
    most = max((row[0].employment_high or row[0].employment or 0 for row in rows), default=0)
    step = _step(most) if most else 1
    high = -step * floor(-most / step) or 1
    ticks = [
        Tick(_percent(100 * value / high), figures.short(value))
        for value in range(0, int(high) + 1, int(step))
    ]
    dots = [
        DotRow(
            name=name,
            href=href,
            place=_percent(100 * (figure.employment or 0) / high),
            radius="6",
            mark=doubt.mark_of(figure),
            value=doubt.jobs(figure),
            small=_("%(share)s of all") % {"share": figures.percent(figure.share_of_region)},
            low=_percent(100 * (figure.employment_low or 0) / high)
            if doubt.jobs_between(figure)
            else "",
            high=_percent(100 * (figure.employment_high or 0) / high)
            if doubt.jobs_between(figure)
            else "",
            said=_in_words(figure, doubt.jobs_between(figure)),
        )
        for figure, name, href in rows
    ]
    return DotChart(identity, title, "0%", ticks, dots, source)


def change_chart(
    identity: str, title: str, rows: Sequence[tuple[RegionalCluster, str, str]], *, source: str = ""
) -> DotChart:
    """Return a chart of jobs gained and lost, from a line at zero."""
    changes = [row[0].employment_change or 0 for row in rows]
    step = _step(max(0, *changes) - min(0, *changes)) if changes else 1
    low = step * floor(min(0, *changes) / step) if changes else 0
    high = -step * floor(-max(0, *changes) / step) if changes else 1
    span = (high - low) or 1
    ticks = [
        Tick(_percent(100 * (value - low) / span), figures.signed_short(value))
        for value in range(int(low), int(high) + 1, int(step))
    ]
    base = _percent(100 * (0 - low) / span)
    dots = [
        DotRow(
            name=name,
            href=href,
            place=_percent(100 * ((figure.employment_change or 0) - low) / span),
            radius="5",
            mark=doubt.mark_of(figure),
            value=figures.signed(figure.employment_change),
            small=_("%(rate)s a year") % {"rate": figures.growth(figure.employment_growth)},
            kind="local" if figure.traded is False else "traded",
            start=base,
        )
        for figure, name, href in rows
    ]
    return DotChart(identity, title, base, ticks, dots, source)


def _step(span: float) -> int:
    """Return a round step that cuts a span into two to four.

    >>> _step(28000), _step(900), _step(2)
    (10000, 500, 1)
    """
    if span <= 2:
        return 1
    rough = span / 2.5
    size = 10 ** floor(log10(rough))
    return int(
        max(1, min((size * each for each in (1, 2, 5, 10)), key=lambda each: abs(each - rough)))
    )


def _percent(value: float) -> str:
    return f"{value:.2f}%"
