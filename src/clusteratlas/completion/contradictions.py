"""Find what contradicts itself in a table, and name the smallest set of figures that does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.completion.cells import NONE, Cells, Floats, Places
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


@dataclass(frozen=True)
class Rounding:
    """What rounding and noise leave open in each figure: some jobs, and a share of it."""

    jobs: float
    share: float

    def of_sums(self, figures: Places, printed: Floats) -> Floats:
        """Jobs by which so many figures may miss these printed rows."""
        allowed: Floats = self.jobs * figures + self.share * np.nan_to_num(printed)
        return allowed


def allowed_by(cells: Cells) -> Rounding:
    """Read from the sums that are printed whole how exact a table's figures are."""
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
        return Rounding(EXACT, 0.0)
    if np.mean(miss <= ROUNDED * number[complete]) >= COMMON:
        return Rounding(ROUNDED, 0.0)
    return Rounding(ROUNDED, NOISY)


def _allowed(cells: Cells) -> Floats:
    """Jobs by which the parts of each row may miss it."""
    nested = cells.above[cells.above >= 0]
    number = np.bincount(nested, minlength=len(cells)) + 1
    return allowed_by(cells).of_sums(number, cells.employment)


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
            most = float(cells.employment[row])
            found.append(_exceeding(cells, int(row), children, most, float(allowed[row])))
    return found


def _exceeding(
    cells: Cells, row: int, children: Places, most: float, allowed: float
) -> Contradiction:
    """Fewest of the cells that are more than a row: those with the most jobs at least."""
    least = np.where(cells.known, cells.employment, cells.low)[children]
    order = np.argsort(-least, kind="stable")
    total = np.cumsum(least[order])
    enough = int(np.argmax(total > most + allowed)) + 1
    return Contradiction(row, children[order[:enough]], most, float(total[enough - 1]), over=True)


def _beyond_bounds(cells: Cells, allowed: Floats) -> list[Contradiction]:
    """Withheld rows whose printed cells add up to more than their upper bound."""
    found = []
    total = cells.summed(np.where(cells.known, cells.employment, 0.0), cells.known)
    for row in np.flatnonzero(~cells.known & ~cells.leaf & (total > cells.high + allowed)):
        children = _topmost_printed(cells, int(row))
        most = float(cells.high[row])
        found.append(_exceeding(cells, int(row), children, most, float(allowed[row])))
    return found


def _topmost_printed(cells: Cells, row: int) -> Places:
    """The printed cells beneath a withheld row that have no printed one between."""
    printed, rows = [], np.array([row])
    while len(rows):
        beneath = np.flatnonzero(np.isin(cells.above, rows))
        printed.append(beneath[cells.known[beneath]])
        rows = beneath[~cells.known[beneath]]
    return np.concatenate(printed)


def _unfillable(cells: Cells, sums: Sums, allowed: Floats) -> list[Contradiction]:
    """Sums whose withheld cells cannot fill what is left, or must overfill it."""
    found = []
    low, high = cells.low[sums.cells], cells.high[sums.cells]
    upper = cells.in_region_above
    regional = np.where(cells.known[upper], upper, cells.known_above[upper])
    regional = np.where(cells.leaf & (upper >= 0), regional, NONE)
    for side, row, left, also in (
        (sums.within, sums.within_row, sums.within_left, None),
        (sums.across, sums.across_row, sums.across_left, regional),
    ):
        to = np.where(side < 0, len(row), side)
        lows = np.bincount(to, low, len(row) + 1)[:-1]
        highs = np.bincount(to, np.minimum(high, 1e15), len(row) + 1)[:-1]
        for over, bad in (
            (True, lows - left > allowed[row] + EXACT),
            (False, left - highs > allowed[row] + EXACT),
        ):
            for number in np.flatnonzero(bad & (left >= -allowed[row])):
                at, jobs = int(row[number]), float(cells.employment[row[number]])
                printed = cells.known & (cells.known_above == at)
                if also is not None:
                    printed |= cells.known & (also == at)
                children = np.union1d(sums.cells[side == number], np.flatnonzero(printed))
                if over:
                    found.append(_exceeding(cells, at, children, jobs, float(allowed[at])))
                else:
                    reached = jobs - left[number] + highs[number]
                    found.append(Contradiction(at, children, jobs, float(reached), over))
    return found
