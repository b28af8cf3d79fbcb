"""Classes of a legend: which value falls into which colour, and how the class is called."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from clusteratlas.portal import figures

QUOTIENT_BREAKS = (0.25, 0.5, 0.8, 1.25, 2.0, 4.0)
"""Fixed and even in ratio around 1, so that maps of different clusters can be compared."""

GROWTH_BREAKS = (-0.1, -0.05, -0.01, 0.01, 0.05, 0.1)
MOST_CLASSES = 6


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a legend with the number of regions in it."""

    kind: str
    label: str
    count: int
    length: int
    """Length of its bar, 100 for the largest class."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The classes of a measure. ``name`` is the colour scale: ``scale-div`` or ``scale-seq``."""

    name: str
    breaks: tuple[float, ...]
    labels: tuple[str, ...]
    kinds: tuple[str, ...]

    def kind(self, value: float) -> str:
        """Return the colour class of a value; a value on a break belongs to the class above.

        >>> quotient_scale().kind(1.0), quotient_scale().kind(4.0)
        ('q3', 'q6')
        """
        return self.kinds[bisect_right(self.breaks, value)]

    def legend(self, values: Iterable[float]) -> list[LegendClass]:
        """Return the classes with the number of values in each."""
        counts = Counter(self.kind(value) for value in values)
        most = max(counts.values(), default=1)
        return [
            LegendClass(kind, label, counts[kind], round(100 * counts[kind] / most))
            for kind, label in zip(self.kinds, self.labels, strict=True)
        ]


def quotient_scale() -> Scale:
    """Return the classes of location quotients: seven around 1."""
    labels = (
        "under \u00bc",
        "\u00bc\u2013\u00bd",
        "\u00bd\u20130.8",
        "0.8\u20131.25",
        "1.25\u20132",
        "2\u20134",
        "over 4",
    )
    return Scale("scale-div", QUOTIENT_BREAKS, labels, _kinds(7))


def growth_scale() -> Scale:
    """Return the classes of yearly growth: seven around no change."""
    labels = (
        f"under {figures.MINUS}10{figures.NARROW}%",
        f"{figures.MINUS}10 to {figures.MINUS}5",
        f"{figures.MINUS}5 to {figures.MINUS}1",
        f"{figures.MINUS}1 to +1",
        "+1 to +5",
        "+5 to +10",
        f"over +10{figures.NARROW}%",
    )
    return Scale("scale-div", GROWTH_BREAKS, labels, _kinds(7))


def level_scale(values: Sequence[float], written: Callable[[float], str]) -> Scale:
    """Return up to six classes with about the same number of values in each.

    The breaks are the sixths of the values, rounded to two digits; equal ones fall together.

    >>> scale = level_scale([10, 20, 30, 40, 50, 60], lambda value: f"{value:.0f}")
    >>> scale.labels
    ('under 20', '20–30', '30–40', '40–50', '50–60', 'from 60')
    """
    ordered = sorted(values)
    places = [len(ordered) * part // MOST_CLASSES for part in range(1, MOST_CLASSES)]
    rounded = {_two_digits(ordered[place]) for place in places if ordered}
    breaks = tuple(sorted(each for each in rounded if each > ordered[0]))
    if not breaks:
        return Scale("scale-seq", (), ("all",), ("q3",))
    written_breaks = [written(each) for each in breaks]
    labels = (
        f"under {written_breaks[0]}",
        *(f"{low}\u2013{high}" for low, high in itertools.pairwise(written_breaks)),
        f"from {written_breaks[-1]}",
    )
    return Scale("scale-seq", breaks, labels, _kinds(len(labels)))


def _two_digits(value: float) -> float:
    """Round to two significant digits.

    >>> _two_digits(12345), _two_digits(0.04567)
    (12000, 0.046)
    """
    if value == 0:
        return 0
    return round(value, 1 - floor(log10(abs(value))))


def _kinds(number: int) -> tuple[str, ...]:
    return tuple(f"q{place}" for place in range(number))
