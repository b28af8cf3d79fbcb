"""How wide to draw: possible tables are widened until intervals hold what they promise.

Judged on cells that were hidden on purpose, in regions that were not learned from. Single cells and
sums of cells are judged apart: guesses of one region err together, so that sums of many cells lie
further from their estimate than cells that err each by itself would let them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from clusteratlas.completion.cells import Cells, Floats, Places
from clusteratlas.completion.draws import draw
from clusteratlas.completion.learning import PLAIN_WIDENING, Learned, Lesson
from clusteratlas.completion.solving import Block, bounds_of

COVERAGE = 0.9
"""Share of true figures that the intervals are made to hold."""
AIM = 0.925
"""The same where it is judged: filling holds one to two hundredths less than learning shows."""
WIDENINGS = (1.7, 2.3)
NARROWEST, WIDEST = 1.2, 4.0
DRAWS = 60
MOST_JUDGED = 100_000
"""Unknown cells that are drawn to judge, about."""
FEWEST_JUDGED = 100
"""Hidden cells below which the widening, or the factor of a class of sums, is not judged."""
CLASSES = (2, 3, 5, 10, 30)
"""Unknown cells from which a sum is of the next class; a sum of one cell is that cell."""
SMALLEST_FACTOR, LARGEST_FACTOR = 0.8, 2.5
CHUNK = 50_000
"""Rows of possible tables that are looked at together."""
ROUNDS_TO_NOTHING = 0.5
LEAST_HALF = 0.05
"""Jobs below which half an interval is not divided by: sums hold to this."""

Ends = tuple[Floats, Floats, Floats]
"""Low end, middle and high end."""


@dataclass(frozen=True)
class Width:
    """How wide to draw, and how much wider the intervals of sums are than their draws.

    Attributes
    ----------
    widening
        Factor of the learned spread.
    factors
        One for each of `CLASSES`.
    """

    widening: float
    factors: tuple[float, ...]

    def of_sums(self, number: Places) -> Floats:
        """Return the factor of sums of so many unknown cells."""
        factors = np.array([1.0, *self.factors])
        wide: Floats = factors[np.searchsorted(CLASSES, number, side="right")]
        return wide


PLAIN = Width(PLAIN_WIDENING, (1.0,) * len(CLASSES))


def interval(tables: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Return the ends of the interval that holds the middle 90 % of the possible tables.

    Possible tables hold no zeros and the truth may: a low end that rounds to nothing is nothing.
    """
    low, _, high = ends_of(tables)
    return low, high


def ends_of(tables: NDArray[np.float32]) -> Ends:
    """Return the ends of the interval and the middle of the possible tables."""
    tail = (1 - COVERAGE) / 2
    low, middle, high = (np.empty(len(tables)) for _ in range(3))
    for start in range(0, len(tables), CHUNK):
        rows = slice(start, start + CHUNK)
        low[rows], middle[rows], high[rows] = np.quantile(
            tables[rows], [tail, 0.5, 1 - tail], axis=1
        )
    return np.where(low < ROUNDS_TO_NOTHING, 0.0, low), middle, high


def open_sums(cells: Cells, unknown: Places) -> tuple[Places, sp.csr_matrix]:
    """Return the withheld rows above unknown cells, and which of the cells each is the sum of."""
    rows, members = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    at, place = cells.above[unknown], np.arange(len(unknown))
    while True:
        open_ = at >= 0
        open_[open_] &= ~cells.known[at[open_]]
        if not open_.any():
            break
        rows.append(at[open_])
        members.append(place[open_])
        at, place = cells.above[at[open_]], place[open_]
    row, member = np.concatenate(rows), np.concatenate(members)
    used, number = np.unique(row, return_inverse=True)
    ones = np.ones(len(row), dtype=np.float32)
    return used, sp.csr_matrix((ones, (number, member)), shape=(len(used), len(unknown)))


def calibrated(lessons: Sequence[Lesson], learned: Learned, seed: int) -> Width:
    """Find how wide to draw so that intervals hold on regions that were not learned from.

    Definition
    ----------
    Hidden cells are drawn with two widenings by models that did not see their region; the widening
    between (or beyond) at which `AIM` of the truths are inside is taken. At that widening, the
    factor of a class of sums is the same quantile of how far the truth of a hidden row lies from
    the middle of its draws, in units of the end on that side.
    """
    if not lessons:
        return PLAIN
    lesson = max(lessons, key=lambda each: len(each.truth))
    if len(lesson.truth) < FEWEST_JUDGED:
        return PLAIN
    blocks = _some(lesson.problem.blocks)
    drawn = np.zeros(len(lesson.hidden), dtype=bool)
    drawn[np.concatenate([each.members for each in blocks])] = True
    judged = drawn & lesson.hidden
    truth = lesson.truth[drawn[lesson.hidden]]
    rows, adder = open_sums(lesson.problem.cells, lesson.problem.sums.cells)
    whole = adder @ (~drawn).astype(np.float32) == 0
    rows, adder = rows[whole], adder[np.flatnonzero(whole)]
    sums_truth = lesson.left_of(rows)
    adder = adder[np.flatnonzero(~np.isnan(sums_truth))]
    sums_truth = sums_truth[~np.isnan(sums_truth)]
    centre, spread = lesson.unseen(learned)
    bounds = bounds_of(lesson.problem.cells, lesson.problem.sums)
    held, ends = [], []
    for factor in WIDENINGS:
        tables = draw(
            blocks,
            centre,
            spread,
            factor,
            bounds.low,
            bounds.high,
            draws=DRAWS,
            seed=seed + 1,
        )
        low, high = interval(tables[judged])
        held.append(float(np.mean((truth >= low) & (truth <= high))))
        ends.append(ends_of(adder @ tables))
    rise = max(held[1] - held[0], 1e-3) / (WIDENINGS[1] - WIDENINGS[0])
    widening = float(np.clip(WIDENINGS[1] + (AIM - held[1]) / rise, NARROWEST, WIDEST))
    share = (widening - WIDENINGS[0]) / (WIDENINGS[1] - WIDENINGS[0])
    between = [a + share * (b - a) for a, b in zip(*ends, strict=True)]
    number = np.diff(adder.indptr)
    return Width(widening, _factors((between[0], between[1], between[2]), sums_truth, number))


def _some(blocks: list[Block]) -> list[Block]:
    """The first blocks, until there are enough cells to judge on."""
    before = np.cumsum([0] + [len(each.members) for each in blocks[:-1]])
    return [
        each for each, cells in zip(blocks, before.tolist(), strict=True) if cells < MOST_JUDGED
    ]


def _factors(ends: Ends, truth: Floats, number: Places) -> tuple[float, ...]:
    """How much wider sums of each class must be; a class with few sums is as the one before."""
    low, middle, high = ends
    above = truth > middle
    half = np.where(above, high - middle, middle - low)
    apart = np.where(above, truth - middle, middle - truth)
    far = np.maximum(apart - LEAST_HALF, 0) / np.maximum(half, LEAST_HALF)
    group = np.searchsorted(CLASSES, number, side="right")
    factors, last = [], 1.0
    for place in range(1, len(CLASSES) + 1):
        here = far[group == place]
        if len(here) >= FEWEST_JUDGED:
            last = float(np.clip(np.quantile(here, AIM), SMALLEST_FACTOR, LARGEST_FACTOR))
        factors.append(last)
    return tuple(factors)
