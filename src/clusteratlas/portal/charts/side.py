"""Quotients of several regions on one axis: a row a cluster, in it a lane and a number a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.portal.charts.dots import MARKED, Tick, log_place, quotient_ends

LANE = 17
FIRST = 11


@dataclass(frozen=True, slots=True)
class Lane:
    """One region's quotient: its number, place, mark and interval, and all of it in words."""

    number: str
    y: str
    place: str = ""
    low: str = ""
    high: str = ""
    mark: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class SideBars:
    """One cluster with the lanes of all regions."""

    name: str
    href: str
    height: str
    lanes: Sequence[Lane]


@dataclass(frozen=True, slots=True)
class SideChart:
    """A chart ready to be set. Places across in percent, down in pixels."""

    identity: str
    title: str
    base: str
    ticks: Sequence[Tick]
    rows: Sequence[SideBars]
    source: str = ""


@dataclass(frozen=True, slots=True)
class SideFigure:
    """A quotient as it is asked for; ``said`` tells it with its interval and mark in words."""

    number: str
    value: float | None
    low: float | None
    high: float | None
    mark: str
    said: str


def side_chart(
    identity: str,
    title: str,
    rows: Sequence[tuple[str, str, Sequence[SideFigure]]],
    *,
    source: str = "",
) -> SideChart:
    """Return a chart of (name, address, figures) on a log axis round one."""
    values = [each.high or each.value or 0 for row in rows for each in row[2]]
    ends = quotient_ends(values)
    return SideChart(
        identity,
        title,
        _percent(log_place(1, ends)),
        [
            Tick(_percent(log_place(each, ends)), f"{each:g}")
            for each in MARKED
            if ends[0] <= each <= ends[1]
        ],
        [
            SideBars(
                name,
                href,
                str(2 * FIRST + LANE * (len(lanes) - 1)),
                [_lane(place, each, ends) for place, each in enumerate(lanes)],
            )
            for name, href, lanes in rows
        ],
        source,
    )


def _lane(place: int, figure: SideFigure, ends: tuple[float, float]) -> Lane:
    y = str(FIRST + LANE * place)
    if figure.value is None:
        return Lane(figure.number, y, mark=figure.mark, said=figure.said)
    wide = figure.low is not None and figure.high is not None
    return Lane(
        figure.number,
        y,
        _percent(log_place(max(figure.value, 1e-9), ends)),
        _percent(log_place(max(figure.low or 0, 1e-9), ends)) if wide else "",
        _percent(log_place(max(figure.high or 0, 1e-9), ends)) if wide else "",
        figure.mark,
        figure.said,
    )


def _percent(value: float) -> str:
    return f"{value:.2f}%"
