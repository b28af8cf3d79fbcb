"""Find what contradicts itself in a table, and name the smallest set of figures that does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.completion.cells import Cells, Floats, Places
from clusteratlas.completion.sums import Sums, sums_of

EXACT = 0.05
"""Jobs a figure that offices' own rounding to hundredths leaves open in a sum."""
ROUNDED = 0.5
"""The same where figures are rounded to whole jobs."""
NOISY = 0.05
"""Share of a figure that an office's noise may move it by."""
COMMON = 0.99


@dataclass(frozen=True)
class Contradiction:
    """A printed row and the cells that cannot add up to it.

    Attributes
    ----------
    row
        Place of the printed row.
    children
        Places of the cells beneath it (its industries, or its regions) that take part.
    printed, beneath
        Jobs of the row (the upper bound of a withheld one), and the nearest that its cells can
        come to it.
    over
        True where the cells are more than the row, false where they cannot reach it.
    """

    row: int
    children: Places
    printed: float
    beneath: float
    over: bool


def find_contradictions(cells: Cells) -> list[Contradiction]:
    """Return every printed row whose printed cells and bounds cannot add up to it.

    Definition
    ----------
    A row contradicts its cells if those that are printed add up to more than it, beyond what the
    office's rounding or noise explains, or if the bounds of the withheld ones cannot fill what is
    left. How much is allowed is read from the table itself: if its complete sums are exact, so must
    all be. Each contradiction names the row and the fewest cells that suffice: the printed ones
    largest first until they exceed the row; for a row that cannot be reached, all of them.
    """
    allowed = _allowed(cells)
    deepest = int(cells.depth.max(initial=0))
    found = _within(cells, allowed) + _beyond_bounds(cells, allowed)
    for depth in range(deepest + 1):
        found += _unfillable(cells, sums_of(cells, depth), allowed)
    seen: set[int] = set()
    return [each for each in found if not (each.row in seen or seen.add(each.row))]  # type: ignore[func-returns-value]


def _allowed(cells: Cells) -> Floats:
    """Jobs by which the parts of each row may miss it."""
    above = cells.above
    nested = np.flatnonzero(above >= 0)
    number = np.bincount(above[nested], minlength=len(cells)) + 1
    complete = ~cells.leaf & cells.known
    complete[above[nested[~cells.known[nested]]]] = False
    total = np.bincount(above[nested], np.nan_to_num(cells.employment[nested]), len(cells))
    count = np.bincount(above[nested], np.nan_to_num(cells.establishments[nested]), len(cells))
    complete &= np.isnan(cells.establishments) | (np.abs(count - cells.establishments) < 0.75)
    miss = np.abs(np.nan_to_num(cells.employment) - total)[complete]
    if not len(miss) or np.mean(miss <= EXACT * number[complete]) >= COMMON:
        return np.asarray(EXACT * number)
    if np.mean(miss <= ROUNDED * number[complete]) >= COMMON:
        return np.asarray(ROUNDED * number)
    return ROUNDED * number + NOISY * np.nan_to_num(cells.employment)


def _within(cells: Cells, allowed: Floats) -> list[Contradiction]:
    """Printed children above their printed parent: by industry, then by region."""
    found = []
    region_above = cells.in_region_above
    same = region_above >= 0
    same[same] = cells.industry[region_above[same]] == cells.industry[same]
    for above in (cells.known_above, np.where(same, region_above, -1)):
        nested = np.flatnonzero((above >= 0) & cells.known)
        nested = nested[cells.known[above[nested]]]
        total = np.bincount(above[nested], cells.employment[nested], len(cells))
        number = np.bincount(above[nested], minlength=len(cells)) + 1
        over = total - np.nan_to_num(cells.employment)
        bad = np.flatnonzero(
            cells.known & (over > np.maximum(allowed, EXACT * number)) & (number > 1)
        )
        for row in bad:
            children = nested[above[nested] == row]
            children = children[np.argsort(-cells.employment[children], kind="stable")]
            sums = np.cumsum(cells.employment[children])
            enough = int(np.argmax(sums > cells.employment[row] + allowed[row])) + 1
            found.append(
                Contradiction(
                    int(row),
                    children[:enough],
                    float(cells.employment[row]),
                    float(sums[enough - 1]),
                    True,
                )
            )
    return found


def _beyond_bounds(cells: Cells, allowed: Floats) -> list[Contradiction]:
    """Withheld rows whose printed cells add up to more than their upper bound."""
    found = []
    total = cells.summed(np.where(cells.known, cells.employment, 0.0), cells.known)
    for row in np.flatnonzero(~cells.known & ~cells.leaf & (total > cells.high + allowed)):
        children = np.flatnonzero(cells.above == row)
        found.append(
            Contradiction(int(row), children, float(cells.high[row]), float(total[row]), over=True)
        )
    return found


def _unfillable(cells: Cells, sums: Sums, allowed: Floats) -> list[Contradiction]:
    """Sums whose withheld cells cannot fill what is left, or must overfill it."""
    found = []
    low, high = cells.low[sums.cells], cells.high[sums.cells]
    beneath_all = np.flatnonzero(cells.known_above >= 0)
    for side, row, left in (
        (sums.within, sums.within_row, sums.within_left),
        (sums.across, sums.across_row, sums.across_left),
    ):
        to = np.where(side < 0, len(row), side)
        lows = np.bincount(to, low, len(row) + 1)[:-1]
        highs = np.bincount(to, np.minimum(high, 1e15), len(row) + 1)[:-1]
        for over, bad in (
            (True, lows - left > allowed[row] + EXACT),
            (False, left - highs > allowed[row] + EXACT),
        ):
            for number in np.flatnonzero(bad & (left >= -allowed[row])):
                own = beneath_all[cells.known_above[beneath_all] == row[number]]
                children = np.union1d(sums.cells[side == number], own[cells.known[own]])
                reached = cells.employment[row[number]] - left[number]
                reached += lows[number] if over else highs[number]
                found.append(
                    Contradiction(
                        int(row[number]),
                        children,
                        float(cells.employment[row[number]]),
                        float(reached),
                        over,
                    )
                )
    return found
