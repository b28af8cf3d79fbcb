"""What is known around an unknown cell: the ground that the learned guess stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.cells import Cells, Floats, Places
from clusteratlas.completion.projection import Graph
from clusteratlas.completion.sums import Sums

OFFSET = 0.5
"""Jobs added before a logarithm, so that small cells do not weigh like large ones."""
FEWEST_COUNTED = 0.3
"""Establishments that an average over quarters may leave of one; less is counted as this."""
SHRINK = 6.0
"""Establishments' worth of the parent industry's mean size in that of an industry."""
SMALLEST_GUESS = 0.05


@dataclass(frozen=True)
class Sized:
    """Mean sizes of establishments by industry, and the plain guess for each cell."""

    mean: Floats
    guess: Floats


def sized(cells: Cells) -> Sized:
    """Return jobs an establishment by industry, and establishments times it for each cell.

    Definition
    ----------
    m_i = (sum of printed jobs of i + 6 m_parent) / (sum of their establishments + 6), over the
    leaves of the smallest regions; an industry with few printed cells leans on the one above.
    """
    tree = cells.industries
    use = np.flatnonzero(
        cells.leaf
        & cells.known
        & ~np.isnan(cells.establishments)
        & (cells.depth == cells.depth.max(initial=0))
    )
    size = len(tree.codes)
    jobs = np.bincount(cells.industry[use], cells.employment[use], size)
    count = np.bincount(cells.industry[use], cells.establishments[use], size)
    deepest = int(tree.depth.max(initial=0))
    for depth in range(deepest, 0, -1):
        at = np.flatnonzero(tree.depth == depth)
        np.add.at(jobs, tree.parent[at], jobs[at])
        np.add.at(count, tree.parent[at], count[at])
    mean = np.empty(size)
    top = tree.depth == 0
    mean[top] = (jobs[top] + 1) / (count[top] + 0.1)
    for depth in range(1, deepest + 1):
        at = np.flatnonzero(tree.depth == depth)
        mean[at] = (jobs[at] + SHRINK * mean[tree.parent[at]]) / (count[at] + SHRINK)
    return Sized(mean, np.maximum(mean[cells.industry] * counted(cells), SMALLEST_GUESS))


def counted(cells: Cells) -> Floats:
    """Return establishments, at least a fraction of one; one where they are not known."""
    return np.maximum(np.nan_to_num(cells.establishments, nan=1.0), FEWEST_COUNTED)


def graph_of(sums: Sums) -> Graph:
    """Return the sums as a graph; a printed row can leave no less than nothing."""
    return Graph(
        sums.within,
        sums.across,
        np.maximum(sums.within_left, 0.0),
        np.maximum(sums.across_left, 0.0),
    )


def features(cells: Cells, size: Sized, sums: Sums, plain: Floats) -> NDArray[np.float32]:
    """Return one row of numbers for each unknown cell.

    Parameters
    ----------
    plain
        Jobs of the unknown cells by plain least squares.

    Returns
    -------
    (unknown, features); NaN where a thing is not there.
    """
    at = sums.cells
    guess, count = size.guess[at], counted(cells)[at]
    out = np.empty((len(at), FEATURES), dtype=np.float32)
    for number, column in enumerate(_all(cells, size, sums, plain, guess, count)):
        out[:, number] = column
    return out


FEATURES = 5 + 2 * 7 + 15 + 3


def _all(
    cells: Cells, size: Sized, sums: Sums, plain: Floats, guess: Floats, count: Floats
) -> Iterator[Floats]:
    """One column after the other, so that no two need to be held."""
    at = sums.cells
    yield np.log(count)
    yield np.log(size.mean[cells.industry[at]])
    yield np.log((plain + 0.3) / (guess + 0.3))
    yield np.log(guess + 0.3)
    yield cells.absent[at].astype(np.float64)
    yield from _of_side(cells, sums.within, sums.within_left, sums.within_row, guess, count)
    yield from _of_side(cells, sums.across, sums.across_left, sums.across_row, guess, count)
    yield from _around(cells, size, at)
    yield from _elsewhere(cells, size, at)


def _of_side(
    cells: Cells, side: Places, left: Floats, row: Places, guess: Floats, count: Floats
) -> Iterator[Floats]:
    """What the sum on one side says: how it compares with the guesses it must hold."""
    n = len(left)
    to = np.where(side < 0, n, side)
    there = side >= 0

    def seen(values: Floats) -> Floats:
        return np.where(there, values, np.nan)

    jobs = np.append(np.maximum(left, 0.0), 0.0)[to]
    guesses = np.bincount(to, guess, n + 1)[to]
    counts = np.bincount(to, count, n + 1)[to]
    depth = np.append(cells.industries.depth[cells.industry[row]].astype(np.float64), np.nan)[to]
    yield seen(np.log((jobs + OFFSET) / (guesses + OFFSET)))
    yield seen(guess / guesses)
    yield seen(np.log(np.bincount(to, minlength=n + 1)[to]))
    yield seen(np.log(jobs + 1))
    yield seen(np.log((jobs + OFFSET) / (guess + OFFSET)))
    yield seen(np.log((jobs + OFFSET) / (counts + OFFSET)))
    yield depth


def _around(cells: Cells, size: Sized, at: Places) -> Iterator[Floats]:
    """How printed cells nearby compare with their guesses: same industry, same region."""
    printed = np.flatnonzero(cells.leaf & cells.known & (cells.depth == cells.depth.max(initial=0)))
    jobs, guess = cells.employment[printed], size.guess[printed]
    width = len(cells.industries.codes)
    state = cells.regions.parent[cells.region] + 1

    def compared(of_printed: Places, of_unknown: Places) -> Iterator[Floats]:
        highest = int(max(of_printed.max(initial=0), of_unknown.max(initial=0))) + 1
        real = np.bincount(of_printed, jobs, highest)[of_unknown]
        expected = np.bincount(of_printed, guess, highest)[of_unknown]
        yield np.log((real + 3) / (expected + 3))
        yield np.log1p(expected)

    yield from compared(
        state[printed] * width + cells.industry[printed], state[at] * width + cells.industry[at]
    )
    yield from compared(cells.region[printed], cells.region[at])
    for depth in (1, 2, 3):
        upper = cells.industries.ancestor(depth)[cells.industry]
        key = cells.region * width + upper
        yield from compared(key[printed], key[at])
    apart = np.log((jobs + OFFSET) / (guess + OFFSET))
    number = np.bincount(cells.industry[printed], minlength=width)
    total = np.bincount(cells.industry[printed], apart, width)
    squares = np.bincount(cells.industry[printed], apart * apart, width)
    spread = np.sqrt(np.maximum((squares + 1.2) / (number + 2) - (total / (number + 2)) ** 2, 0.01))
    industry = cells.industry[at]
    sector = cells.industries.ancestor(1)[industry]
    yield spread[industry]
    yield (total / (number + 3))[industry]
    yield np.log1p(number)[industry]
    yield sector.astype(np.float64)
    region_count = np.bincount(
        cells.region[cells.leaf],
        np.nan_to_num(cells.establishments)[cells.leaf],
        len(cells.regions.codes),
    )
    yield np.log1p(region_count)[cells.region[at]]


def _elsewhere(cells: Cells, size: Sized, at: Places) -> Iterator[Floats]:
    """What other years print of the same cell."""
    jobs, count = cells.elsewhere[at], cells.elsewhere_establishments[at]
    expected = size.mean[cells.industry[at]] * np.maximum(count, FEWEST_COUNTED)
    yield np.log((jobs + OFFSET) / (expected + OFFSET))
    yield np.log((jobs + OFFSET) / (size.guess[at] + OFFSET))
    yield np.log1p(count)
