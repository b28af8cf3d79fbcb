"""Fill a whole table of one year: absent cells, every level of both trees, possible tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from clusteratlas.completion.absent import leaves_out, with_absent, with_between
from clusteratlas.completion.calibration import CHUNK, ends_of, open_sums
from clusteratlas.completion.cells import Cells, Flags, Floats, Places
from clusteratlas.completion.estimate import Estimate, estimate, teach
from clusteratlas.completion.features import SMALLEST_GUESS, sized
from clusteratlas.completion.solving import blocks_of, bounds_of, least_squares
from clusteratlas.completion.sums import sums_of


@dataclass(frozen=True)
class Filled:
    """All cells of a year with nothing withheld that can be estimated.

    Attributes
    ----------
    cells
        The given cells in their order, then the absent ones.
    jobs, low, high
        (n,) jobs and 90 % interval; reported cells are as given, NaN where nothing can be said.
    estimated
        (n,) true where the figure is an estimate.
    drawn
        Places of the finest estimated cells, one a row of ``draws``.
    draws
        (drawn, draws) possible tables.
    """

    cells: Cells
    jobs: Floats
    low: Floats
    high: Floats
    estimated: Flags
    drawn: Places
    draws: NDArray[np.float32]


def fill(
    cells: Cells,
    *,
    draws: int,
    seed: int = 1,
    closed: Places | None = None,
    between: bool = False,
) -> Filled:
    """Fill the withheld cells and find the absent ones.

    Definition
    ----------
    Larger regions first where their own larger region is printed too, then the smallest regions.
    A withheld row that has rows beneath it is the sum of those. A withheld row of a larger region
    that none above it binds is the sum of its regions, where these hold all its establishments.

    ``closed`` holds keys (region times the number of industries plus industry) of cells that cannot
    be absent. With ``between`` the rows between found cells and the row above them are added, too,
    where the table prints their level. Works in one thread: threads of several libraries would wait
    for one another.
    """
    with threadpool_limits(1):
        return _fill(cells, draws, seed, closed, between)


def _fill(cells: Cells, draws: int, seed: int, closed: Places | None, between: bool) -> Filled:
    deepest = int(cells.depth.max(initial=0))
    jobs, parts = cells.employment.copy(), []
    for depth in range(1, deepest):
        if np.any(cells.known & (cells.depth == depth - 1)):
            above = cells.given(jobs)
            upper = estimate(above, depth, teach(above, depth, seed=seed), draws=draws, seed=seed)
            parts.append(upper)
            jobs[upper.cells] = upper.jobs
            jobs = added_up(cells, jobs, depth)
    full = cells.given(jobs)
    if leaves_out(full, deepest):
        full = with_absent(full, deepest, closed=closed)
    lowest, jobs, put = _within_bounds(full, deepest, draws, seed)
    parts.append(lowest)
    if between and full.absent.any():
        full, jobs, put = _with_between(full, jobs, put, deepest)
    low, high = jobs.copy(), jobs.copy()
    for part in parts:
        low[part.cells], high[part.cells] = part.low, part.high
        _sums_interval(full, part, jobs, low, high)
    low[put] = full.low[put]
    high[put] = np.where(np.isinf(full.high[put]), jobs[put], full.high[put])
    jobs, low, high = _from_regions(full, jobs, low, high, deepest)
    given = np.append(cells.known, np.zeros(len(full) - len(cells), dtype=bool))
    estimated = ~given & ~np.isnan(jobs)
    return Filled(full, jobs, low, high, estimated, lowest.cells, lowest.draws)


def _with_between(
    cells: Cells, jobs: Floats, put: Flags, depth: int
) -> tuple[Cells, Floats, Flags]:
    """Add the rows between found cells and the row above them; their jobs are those beneath."""
    full = with_between(cells, depth)
    more = len(full) - len(cells)
    jobs = added_up(full, np.concatenate([jobs, np.full(more, np.nan)]), depth)
    return full, jobs, np.concatenate([put, np.zeros(more, dtype=bool)])


TRIES = 3
"""Times that rows beyond their own bounds are put at them."""
BEYOND = 0.05
"""Jobs that a withheld row's parts may exceed its bounds by."""


def _within_bounds(
    cells: Cells, depth: int, draws: int, seed: int
) -> tuple[Estimate, Floats, Flags]:
    """Estimate the leaves of this depth so that withheld rows above them keep their bounds.

    A row whose leaves add up to more or less than its bounds allow is put at the nearer one; the
    flags say which rows were.
    """
    taught, bound = teach(cells, depth, seed=seed), cells
    for left in range(TRIES, -1, -1):
        found = estimate(bound, depth, taught, draws=draws, seed=seed)
        jobs = bound.employment.copy()
        jobs[found.cells] = found.jobs
        jobs = added_up(cells, jobs, depth)
        nearest = np.clip(jobs, cells.low, cells.high)
        beyond = ~bound.known & ~cells.leaf & (cells.depth == depth)
        beyond &= np.abs(nearest - jobs) > BEYOND
        if not left or not beyond.any():
            break
        bound = bound.given(np.where(beyond, nearest, bound.employment))
    return found, jobs, bound.known & ~cells.known


def added_up(cells: Cells, jobs: Floats, depth: int) -> Floats:
    """Withheld rows with rows beneath them become their sums."""
    open_rows = (cells.depth == depth) & np.isnan(jobs) & ~cells.leaf
    return np.where(open_rows, cells.summed(jobs), jobs)


def _sums_interval(cells: Cells, part: Estimate, jobs: Floats, low: Floats, high: Floats) -> None:
    """Intervals of withheld rows from the draws of the leaves beneath them."""
    used, adder = open_sums(cells, part.cells)
    if not len(used):
        return
    printed = jobs[used] - adder @ part.jobs
    wide = part.width.of_sums(np.diff(adder.indptr))
    for start in range(0, len(used), CHUNK):
        chunk = slice(start, start + CHUNK)
        least, middle, most = ends_of(adder[chunk] @ part.draws)
        at = used[chunk]
        middle += printed[chunk]
        least += printed[chunk] - middle
        most += printed[chunk] - middle
        low[at] = np.minimum(middle + wide[chunk] * least, jobs[at])
        high[at] = np.maximum(middle + wide[chunk] * most, jobs[at])
    np.maximum(low, 0.0, out=low)


def _from_regions(
    cells: Cells, jobs: Floats, low: Floats, high: Floats, deepest: int
) -> tuple[Floats, Floats, Floats]:
    """Withheld rows of larger regions: the sums of their regions, made to fit what is printed."""
    low, high = low.copy(), high.copy()
    for depth in range(deepest - 1, -1, -1):
        unknown = np.isnan(jobs) & (cells.depth == depth)
        if not unknown.any():
            continue
        total, square, holds = _of_regions(cells, jobs, low, high, depth)
        sums = sums_of(cells.given(jobs), depth)
        at = sums.cells
        told = holds[at] | (sums.within >= 0) | (sums.across >= 0)
        size = sized(cells)
        guess = np.where(holds[at], np.maximum(total[at], SMALLEST_GUESS), size.guess[at])
        blocks = blocks_of(cells, sums)
        found = least_squares(blocks, guess, guess, cells.low[at], cells.high[at])
        bounds = bounds_of(cells, sums)
        half = np.where(holds[at], np.sqrt(square[at]), np.inf)
        jobs = jobs.copy()
        jobs[at[told]] = found[told]
        low[at] = np.clip(found - half, bounds.low, found)
        high[at] = np.clip(found + half, found, np.maximum(bounds.high, found))
        spread = np.where(cells.leaf & unknown, ((high - low) / 2) ** 2, 0.0)
        jobs = added_up(cells, jobs, depth)
        rows = unknown & ~cells.leaf & ~np.isnan(jobs)
        half_rows = np.sqrt(added_up(cells, np.where(cells.leaf, spread, np.nan), depth))
        low[rows] = np.maximum(jobs - half_rows, 0.0)[rows]
        high[rows] = (jobs + half_rows)[rows]
    return jobs, low, high


def _of_regions(
    cells: Cells, jobs: Floats, low: Floats, high: Floats, depth: int
) -> tuple[Floats, Floats, Flags]:
    """Jobs of each row's leaves one region deeper, their squared half widths, and whether all.

    All are there where the leaves hold the row's establishments.
    """
    leaves = np.flatnonzero(cells.leaf & (cells.depth == depth + 1) & ~np.isnan(jobs))
    row = cells.in_region_above[leaves]
    leaves, row = leaves[row >= 0], row[row >= 0]
    total = np.bincount(row, jobs[leaves], len(cells))
    width = np.nan_to_num((high - low)[leaves], posinf=0.0)
    square = np.bincount(row, (width / 2) ** 2, len(cells))
    count = np.bincount(row, np.nan_to_num(cells.establishments)[leaves], len(cells))
    own = np.nan_to_num(cells.establishments)
    holds = cells.leaf & (np.abs(count - own) <= 1 + 0.02 * own) & (count > 0)
    return total.astype(np.float64), square.astype(np.float64), holds
