"""Classes of a legend: which value falls into which colour, and how the class is called."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

from django.utils.translation import gettext as _

from clusteratlas.measures.spread.class_breaks import natural_breaks, quantile_breaks
from clusteratlas.portal import figures
from clusteratlas.portal.language import number

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
        return self.kinds[self.place(value)]

    def place(self, value: float) -> int:
        """Return the place of a value's class, from 0."""
        return bisect_right(self.breaks, value)

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
        _("under %(value)s") % {"value": "\u00bc"},
        "\u00bc\u2013\u00bd",
        number("\u00bd\u20130.8"),
        number("0.8\u20131.25"),
        number("1.25\u20132"),
        "2\u20134",
        _("over %(value)s") % {"value": 4},
    )
    return Scale("scale-div", QUOTIENT_BREAKS, labels, _kinds(7))


def growth_scale() -> Scale:
    """Return the classes of yearly growth: seven around no change."""
    labels = (
        _("under %(value)s") % {"value": figures.growth(-0.1)},
        *(
            _("%(low)s to %(high)s") % {"low": low, "high": high}
            for low, high in itertools.pairwise(
                ["\u221210", "\u22125", "\u22121", "+1", "+5", "+10"]
            )
        ),
        _("over %(value)s") % {"value": figures.growth(0.1)},
    )
    return Scale("scale-div", GROWTH_BREAKS, labels, _kinds(7))


def level_scale(
    values: Sequence[float], written: Callable[[float], str], number: int = MOST_CLASSES
) -> Scale:
    """Return up to ``number`` classes with about the same number of values in each.

    The breaks are quantiles of the values, rounded to two digits; equal ones fall together.

    >>> scale = level_scale([10, 20, 30, 40, 50, 60], lambda value: f"{value:.0f}")
    >>> scale.labels
    ('under 20', '20–30', '30–40', '40–50', '50–60', 'from 60')
    """
    if not len(values):
        return cut_at((), written)
    found = {_two_digits(each) for each in quantile_breaks(values, number).tolist()}
    return cut_at([each for each in sorted(found) if each > min(values)], written)


def scale_of(
    values: Sequence[float],
    written: Callable[[float], str],
    *,
    way: str,
    number: int,
    centre: float | None = None,
) -> Scale:
    """Return classes by quantiles or natural breaks, on two colours where there is a centre.

    >>> scale_of([1, 2, 3, 11, 12, 40], str, way="natural", number=3).breaks
    (10.0, 40.0)
    """
    if way == "natural":
        found = natural_breaks(values, number).tolist()
        ordered = sorted(values)
        breaks = [roundest(ordered[bisect_left(ordered, each) - 1], each) for each in found]
    elif centre is None:
        return level_scale(values, written, number)
    else:
        least = min(values, default=0.0)
        rounded = {_two_digits(each) for each in quantile_breaks(values, number).tolist()}
        breaks = sorted(each for each in rounded if each > least)
    return cut_at(breaks, written, centre)


def change_scale(
    values: Sequence[float], written: Callable[[float], str], number: int = 7
) -> Scale:
    """Return classes that lie even around no change, from quantiles of the size of the change.

    >>> change_scale([-9, -4, -1, 0, 1, 3, 8], str, 5).breaks
    (-4.0, -1.0, 1.0, 4.0)
    """
    sizes = [abs(each) for each in values]
    sides = max(1, (number - 1) // 2)
    found = {_two_digits(each) for each in quantile_breaks(sizes, sides + 1).tolist()}
    ends = sorted(each for each in found if each > 0)
    if not ends:
        largest = _two_digits(max(sizes, default=0))
        ends = [largest] if largest else []
    return cut_at([*(-each for each in reversed(ends)), *ends], written, 0.0)


def cut_at(
    breaks: Sequence[float], written: Callable[[float], str], centre: float | None = None
) -> Scale:
    """Return the classes between given breaks, in one colour or in two round a centre.

    Two colours need no more than three classes on either side of the centre.

    >>> cut_at([-2, 2, 5], str, 0.0).kinds, cut_at([1, 2], str).kinds
    (('q2', 'q3', 'q4', 'q6'), ('q0', 'q2', 'q5'))
    """
    if not breaks:
        return Scale("scale-seq", (), (_("all"),), ("q3",))
    said = [written(each) for each in breaks]
    labels = (
        _("under %(value)s") % {"value": said[0]},
        *(_range(low, high) for low, high in itertools.pairwise(said)),
        _("from %(value)s") % {"value": said[-1]},
    )
    if centre is not None:
        below = sum(each <= centre for each in breaks)
        above = sum(each >= centre for each in breaks)
        if below <= SIDE and above <= SIDE and below + above:
            middle = len(breaks) + 1 - below - above
            left = (f"q{place}" for place in LOW_SIDE[below])
            right = (f"q{place}" for place in HIGH_SIDE[above])
            return Scale("scale-div", tuple(breaks), labels, (*left, *["q3"] * middle, *right))
    return Scale("scale-seq", tuple(breaks), labels, _spread(len(labels)))


SIDE = 3
LOW_SIDE = ((), (2,), (0, 2), (0, 1, 2))
HIGH_SIDE = ((), (4,), (4, 6), (4, 5, 6))


def flag_scale(no: str, yes: str) -> Scale:
    """Return two classes for what holds or does not."""
    return Scale("scale-seq", (0.5,), (no, yes), ("q1", "q5"))


def star_scale(labels: Sequence[str]) -> Scale:
    """Return one class for each number of stars from none on."""
    breaks = tuple(place - 0.5 for place in range(1, len(labels)))
    return Scale("scale-seq", breaks, tuple(labels), ("q0", "q2", "q4", "q6")[: len(labels)])


def _range(low: str, high: str) -> str:
    """Write from where to where a class reaches: the unit once, and no dash before a sign.

    >>> _range("1.5\u00a0%", "2\u00a0%"), _range("-4", "+4"), _range("$1", "$2")
    ('1.5–2\\xa0%', '-4 to +4', '$1–$2')
    """
    first, space, unit = low.rpartition("\u00a0") if "\u00a0" in low else low.rpartition(" ")
    if space and unit and high.endswith(f"{space}{unit}"):
        low = first
    if high[:1] in "+-" or high[:1] == figures.MINUS or low[:1] in "+-":
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return f"{low}\u2013{high}"


def roundest(low: float, high: float) -> float:
    """Return the number with the fewest digits above one value and not above the other.

    >>> roundest(961.2, 1043.9), roundest(3, 11), roundest(-7.4, -2.2), roundest(-1, 3)
    (1000.0, 10.0, -3.0, 0.0)
    """
    if low < 0 <= high:
        return 0.0
    size = max(abs(low), abs(high))
    for digits in range(16):
        step = 10.0 ** (floor(log10(size)) - digits)
        tried = floor(high / step) * step
        if low < tried <= high:
            return round(tried, max(0, digits - floor(log10(size))))
    return high


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


def _spread(number: int) -> tuple[str, ...]:
    """Return colours from light to dark, far enough apart to be told apart.

    >>> _spread(6), _spread(2)
    (('q0', 'q1', 'q2', 'q3', 'q4', 'q5'), ('q0', 'q5'))
    """
    if number > MOST_CLASSES:
        return _kinds(number)
    return tuple(f"q{place * (MOST_CLASSES - 1) // (number - 1)}" for place in range(number))
