"""Event studies: the difference from those compared with, by years before and after the start.

Places are in percent, so that text keeps its size at every width.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clusteratlas.portal import figures
from clusteratlas.portal.charts.timeline import Tick, axis_ends, axis_steps

LEFT, RIGHT, TOP, BOTTOM = 11.0, 97.0, 6.0, 86.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A point: years from the start, the difference, its own interval, and that of all at once."""

    time: int
    value: float
    low: float
    high: float
    band_low: float
    band_high: float


@dataclass(frozen=True, slots=True)
class EventDot:
    """A drawn point; ``y`` and the ends of both intervals."""

    x: str
    y: str
    low: str
    high: str
    band_low: str
    band_high: str
    mark: str


@dataclass(frozen=True, slots=True)
class EventChart:
    """A chart ready to be set. ``zero`` is the height of no difference, ``start`` the place
    between the last year before and the first year of treatment.
    """

    identity: str
    title: str
    said: str
    dots: Sequence[EventDot]
    times: Sequence[Tick]
    heights: Sequence[Tick]
    zero: str
    start: str
    source: str = ""


def event_chart(
    identity: str,
    title: str,
    points: Sequence[Difference],
    *,
    written: Callable[[float], str],
    said: str,
    source: str = "",
) -> EventChart:
    """Return the chart of an event study; ``time`` 0 is the first year of treatment.

    Parameters
    ----------
    points
        At least one, in any order.
    written
        How a difference is written beside the axis.
    said
        The whole of it in words.
    """
    ordered = sorted(points, key=lambda each: each.time)
    first, last = min(ordered[0].time, -1), max(ordered[-1].time, 0)
    values = [value for each in ordered for value in (each.band_low, each.band_high, each.value)]
    ends = axis_ends(values, zero=True)

    def across(time: float) -> str:
        return _percent(LEFT + (RIGHT - LEFT) * (time - first + 0.5) / (last - first + 1))

    def up(value: float) -> str:
        low, high = ends
        part = (value - low) / (high - low)
        return _percent(BOTTOM - (BOTTOM - TOP) * min(max(part, 0.0), 1.0))

    dots = [
        EventDot(
            across(each.time),
            up(each.value),
            up(each.low),
            up(each.high),
            up(each.band_low),
            up(each.band_high),
            "before" if each.time < 0 else "after",
        )
        for each in ordered
    ]
    span = range(first, last + 1)
    every = 1 if len(span) <= 12 else 2
    times = [Tick(across(time), figures.signed_short(time)) for time in span if not time % every]
    heights = [Tick(up(value), written(value)) for value in axis_steps(ends)]
    return EventChart(identity, title, said, dots, times, heights, up(0.0), across(-0.5), source)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
