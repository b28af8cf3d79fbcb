"""Where to cut values into classes: into equal numbers, or where they part by themselves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Floats
from clusteratlas.tables import CannotAnswer

Places = npt.NDArray[np.intp]
MOST_CLASSES = 100


def quantile_breaks(values: npt.ArrayLike, classes: int) -> Floats:
    r"""Return the breaks that put about the same number of values into each class.

    Definition
    ----------
    With the n known values in order and counted from 0, break i of k - 1 is the value at place
    :math:`\lfloor n i / k \rfloor`. A value on a break belongs to the class above. Breaks that
    would leave a class empty fall away.

    Parameters
    ----------
    values
        Any unit and sign, any shape.
    classes
        k, from 1 on.

    Returns
    -------
    numpy.ndarray
        At most k - 1 breaks in ascending order, unit of the values.

    Missing data
    ------------
    NaN is left out; without any value there are no breaks.

    Raises
    ------
    CannotAnswer
        The number of classes is below one or above 100.

    Source
    ------
    Elementary; the quantile classification of cartography.

    Example
    -------
    >>> quantile_breaks([10, 20, 30, 40, 50, 60], 3)
    array([30., 50.])
    """
    ordered = _known(values, classes)
    if not len(ordered):
        return ordered
    places = [len(ordered) * part // classes for part in range(1, classes)]
    found = np.unique(ordered[places])
    return np.asarray(found[found > ordered[0]])


def natural_breaks(values: npt.ArrayLike, classes: int) -> Floats:
    r"""Return the breaks between the classes that are most alike within (Fisher, Jenks).

    Definition
    ----------
    Of all ways to cut the ordered values into k classes, the one with the least
    :math:`\sum_c \sum_{i \in c} (x_i - \bar x_c)^2`. A break is the smallest value of the class
    above it; a value on a break belongs to that class.

    Found exactly, by dynamic programming over the different values: the best first cut of a class
    never moves down as its end moves up, so that each class costs n log n.

    Parameters
    ----------
    values
        Any unit and sign, any shape; equal values always share a class.
    classes
        k, from 1 on; fewer where there are fewer different values.

    Returns
    -------
    numpy.ndarray
        At most k - 1 breaks in ascending order, unit of the values. Of several best ways the
        one with the lowest breaks.

    Missing data
    ------------
    NaN is left out; without any value there are no breaks.

    Raises
    ------
    CannotAnswer
        The number of classes is below one or above 100.

    Source
    ------
    W. D. Fisher, On grouping for maximum homogeneity, JASA 53 (1958); G. F. Jenks, The data model
    concept in statistical mapping (1967); divide and conquer over monotone cuts: H. Wang,
    M. Song, Ckmeans.1d.dp, R Journal 3(2) (2011).

    Example
    -------
    >>> natural_breaks([1, 2, 3, 11, 12, 13, 40, 42], 3)
    array([11., 40.])
    """
    ordered = _known(values, classes)
    if not len(ordered):
        return ordered
    different, counts = np.unique(ordered, return_counts=True)
    number = min(classes, len(different))
    if number == 1:
        return different[:0]
    sums = _Sums(different, counts)
    end = np.arange(len(different), dtype=np.intp)
    least = sums.within(np.zeros_like(end), end)
    cuts: list[Places] = []
    for before in range(1, number):
        least, cut = _best_cuts(sums, least, before)
        cuts.append(cut)
    breaks: list[float] = []
    last = len(different) - 1
    for cut in reversed(cuts):
        breaks.append(float(different[cut[last]]))
        last = int(cut[last]) - 1
    return np.array(breaks[::-1])


def _known(values: npt.ArrayLike, classes: int) -> Floats:
    if not 1 <= classes <= MOST_CLASSES:
        raise CannotAnswer(
            "values cannot be cut into that many classes",
            value=str(classes),
            hint=f"use a number from 1 to {MOST_CLASSES}",
        )
    read = np.asarray(values, dtype=np.float64).ravel()
    return np.sort(read[~np.isnan(read)])


class _Sums:
    """Running sums of different values, each counted as often as it occurs."""

    def __init__(self, values: Floats, counts: npt.NDArray[np.intp]) -> None:
        # About the middle and in units of the spread: squares stay small and exact enough.
        middle = np.average(values, weights=counts)
        size = np.abs(values - middle).max() or 1.0
        centred = (values - middle) / size
        self._count = np.concatenate([[0.0], np.cumsum(counts)])
        self._first = np.concatenate([[0.0], np.cumsum(counts * centred)])
        self._second = np.concatenate([[0.0], np.cumsum(counts * centred**2)])

    def within(self, first: Places, last: Places) -> Floats:
        """Return the squared distances from their mean of the values first to last."""
        number = self._count[last + 1] - self._count[first]
        total = self._first[last + 1] - self._first[first]
        squares = self._second[last + 1] - self._second[first]
        return np.asarray(np.maximum(squares - total**2 / number, 0.0))


def _best_cuts(sums: _Sums, least: Floats, before: int) -> tuple[Floats, Places]:
    """Return the least distances with one class more, and where that class begins, by its end.

    All ends of one level of the halving are looked at together. An end below ``before`` cannot
    hold so many classes.
    """
    size = len(least)
    best = np.full(size, np.inf)
    cut = np.zeros(size, dtype=np.intp)
    low, high = np.array([before]), np.array([size - 1])  # ranges of ends
    floor, roof = np.array([before]), np.array([size - 1])  # ranges of their cuts
    while len(low):
        middle = (low + high) // 2
        until = np.minimum(roof, middle)
        length = until - floor + 1
        starts = np.cumsum(length) - length
        owner = np.repeat(np.arange(len(middle)), length)
        first = np.arange(length.sum()) - starts[owner] + floor[owner]
        cost = least[first - 1] + sums.within(first, middle[owner])
        lowest = np.minimum.reduceat(cost, starts)
        place = np.flatnonzero(cost == lowest[owner])
        chosen = np.full(len(middle), size, dtype=np.intp)
        np.minimum.at(chosen, owner[place], first[place])
        best[middle], cut[middle] = lowest, chosen
        left, right = low < middle, middle < high
        low, high, floor, roof = (
            np.concatenate([low[left], middle[right] + 1]),
            np.concatenate([middle[left] - 1, high[right]]),
            np.concatenate([floor[left], chosen[right]]),
            np.concatenate([chosen[left], roof[right]]),
        )
    return best, cut
