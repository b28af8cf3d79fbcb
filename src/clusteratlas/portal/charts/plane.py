"""The plane of options: how near an industry lies to a region's own (x), how complex it is (y)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from django.utils.translation import gettext as _

from clusteratlas.atlas import Option
from clusteratlas.portal import figures
from clusteratlas.portal.charts.dots import Tick
from clusteratlas.portal.language import number

LARGEST, SMALLEST = 13.0, 3.5
SMALLEST_NUMBERED = 9.0
ACROSS = (7.0, 95.0)
DOWN = (86.0, 9.0)
"""Where the axes begin and end, in percent: marks stay inside, and the words beside them too."""


@dataclass(frozen=True, slots=True)
class PlanePoint:
    """One option. ``label`` stands in the first ones; ``shape`` is that of its kind."""

    x: str
    y: str
    kind: str
    radius: str
    shape: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane ready to be set. Places in percent, so that text keeps its size."""

    identity: str
    title: str
    columns: Sequence[Tick]
    rows: Sequence[Tick]
    zero: str
    points: Sequence[PlanePoint]
    left_out: int
    source: str = ""


def plane_chart(
    identity: str,
    title: str,
    options: Sequence[Option],
    labels: Mapping[str, str],
    *,
    source: str = "",
) -> Plane | None:
    """Return the options that have both coordinates; nothing where fewer than two have.

    Parameters
    ----------
    options
        The best first.
    labels
        Industry to the number or letter that it carries.
    """
    shown = [each for each in options if each.density is not None and each.complexity is not None]
    if len(shown) < 2:
        return None
    x_low, x_high, x_step = _axis([each.density or 0 for each in shown], 0.1)
    y_low, y_high, y_step = _axis([each.complexity or 0 for each in shown], 1.0)
    most = max(each.probability or 0 for each in shown) or 1.0
    points = [
        _point(each, labels.get(each.industry, ""), most, (x_low, x_high), (y_low, y_high))
        for each in sorted(shown, key=lambda each: each.industry not in labels)
    ]
    return Plane(
        identity,
        title,
        [
            Tick(_percent(_along(value, (x_low, x_high), ACROSS)), f"{value:.2g}")
            for value in _marks(x_low, x_high, x_step)
        ],
        [
            Tick(_percent(_along(value, (y_low, y_high), DOWN)), _signed(value))
            for value in _marks(y_low, y_high, y_step)
        ],
        _percent(_along(0, (y_low, y_high), DOWN)) if y_low <= 0 <= y_high else "",
        points[::-1],
        len(options) - len(shown),
        source,
    )


def _point(
    option: Option,
    label: str,
    most: float,
    x_ends: tuple[float, float],
    y_ends: tuple[float, float],
) -> PlanePoint:
    radius = max(SMALLEST, LARGEST * sqrt((option.probability or 0) / most))
    if label:
        radius = max(SMALLEST_NUMBERED, radius)
    half = radius * 1.15
    shape = f"M0-{half:.1f}L{half:.1f} 0L0 {half:.1f}L-{half:.1f} 0Z"
    return PlanePoint(
        _percent(_along(option.density or 0, x_ends, ACROSS)),
        _percent(_along(option.complexity or 0, y_ends, DOWN)),
        option.kind,
        f"{radius:.1f}",
        shape if option.kind == "absent" else "",
        label,
        _("%(title)s: probability %(chance)s, relatedness %(density)s, complexity %(complexity)s")
        % {
            "title": option.title,
            "chance": figures.percent(option.probability),
            "density": number(f"{option.density or 0:.2f}"),
            "complexity": _signed(option.complexity or 0),
        },
    )


def _axis(values: Sequence[float], least: float) -> tuple[float, float, float]:
    """Return both ends of an axis and a round step that cuts it into three to six."""
    low, high = min(values), max(values)
    span = max(high - low, least)
    step = min(
        (size * 10**power for power in (-2, -1, 0, 1) for size in (1, 2, 5)),
        key=lambda each: abs(span / each - 4.5),
    )
    return step * floor(low / step), step * ceil(high / step), step


def _marks(low: float, high: float, step: float) -> list[float]:
    return [low + step * number for number in range(round((high - low) / step) + 1)]


def _along(value: float, ends: tuple[float, float], room: tuple[float, float]) -> float:
    """Return the place of a value in percent, from one end of the room to the other.

    >>> _along(0, (0, 10), (7, 95)), _along(10, (0, 10), (7, 95)), _along(5, (0, 10), (86, 9))
    (7.0, 95.0, 47.5)
    """
    low, high = ends
    share = (value - low) / ((high - low) or 1.0)
    return round(room[0] + share * (room[1] - room[0]), 6)


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _signed(value: float) -> str:
    """Write a z-score with its sign.

    >>> _signed(1.5), _signed(-2.0), _signed(1e-17)
    ('+1.5', '−2', '0')
    """
    rounded = round(value, 1)
    return "0" if not rounded else f"{rounded:+g}".replace("-", figures.MINUS)
