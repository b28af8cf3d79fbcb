"""Boxes of peers with one's own dot: a row for each part, on one axis of shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.portal import figures
from clusteratlas.portal.charts.dots import Tick

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAST_BOX = 0.4
"""A box is at least so wide, in percent, so that it can be seen."""


@dataclass(frozen=True, slots=True)
class Boxed:
    """One row as it is asked for: shares of 0 to 1.

    ``own`` is from what to what the own share lies; none where it is not drawn.
    """

    name: str
    lower: float
    middle: float
    upper: float
    middle_low: float
    middle_high: float
    own: tuple[float, float] | None
    value: str
    small: str
    said: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A row with its places in percent."""

    name: str
    lang: str
    box: str
    box_wide: str
    middle: str
    middle_low: str
    middle_high: str
    own: str
    own_low: str
    own_high: str
    mark: str
    value: str
    small: str
    said: str


@dataclass(frozen=True, slots=True)
class BoxChart:
    """A chart of boxes ready to be set."""

    identity: str
    title: str
    ticks: Sequence[Tick]
    rows: Sequence[BoxRow]
    source: str = ""


def box_chart(identity: str, title: str, rows: Sequence[Boxed], *, source: str = "") -> BoxChart:
    """Return a chart of boxes.

    The box reaches from the lower to the upper quartile of the peers, with the interval of their
    median across it; the dot is the own share, hollow with a line where open answers leave it open.

    >>> rows = [Boxed("All", .4, .5, .7, .45, .6, (.6, .6), "", "", "")]
    >>> box_chart("b", "", rows).rows[0].box_wide
    '30.00%'
    """
    ticks = [Tick(_percent(each), figures.percent(each)) for each in TICKS]
    return BoxChart(identity, title, ticks, [_row(each) for each in rows], source)


def _row(each: Boxed) -> BoxRow:
    low, high = each.own if each.own is not None else (0.0, 0.0)
    wide = max(LEAST_BOX / 100, each.upper - each.lower)
    drawn = each.own is not None
    return BoxRow(
        each.name,
        each.lang,
        _percent(each.lower),
        _percent(wide),
        _percent(each.middle),
        _percent(each.middle_low),
        _percent(each.middle_high),
        _percent((low + high) / 2) if drawn else "",
        _percent(low) if drawn and high > low else "",
        _percent(high) if drawn and high > low else "",
        "partial" if high > low else "reported",
        each.value,
        each.small,
        each.said,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"
