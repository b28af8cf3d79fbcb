"""Learn from printed cells, hidden on purpose, how unknown ones lie around their plain estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from clusteratlas.completion.cells import Cells, Flags, Floats, Places
from clusteratlas.completion.features import OFFSET, features, sized
from clusteratlas.completion.solving import (
    ROUGH,
    Block,
    Bounds,
    blocks_of,
    least_squares,
)
from clusteratlas.completion.sums import Sums, sums_of

FOLDS = 3
FEWEST_LESSONS = 400
"""Hidden cells below which nothing is learned: the plain guess stands."""
PLAIN_SPREAD = 0.9
"""Spread of log jobs around the plain guess where nothing can be learned."""
PLAIN_WIDENING = 1.6
SMALLEST_SPREAD = 0.02
MOST_LESSONS = 60_000


@dataclass(frozen=True)
class Problem:
    """The unknown cells of regions of one depth, with everything known around them."""

    cells: Cells
    sums: Sums
    blocks: list[Block]
    bounds: Bounds
    plain_guess: Floats
    plain: Floats
    features: NDArray[np.float32]

    @classmethod
    def of(cls, cells: Cells, depth: int, *, within: Flags | None = None) -> Problem:
        """Set up the sums, bounds, plain estimate and features.

        ``within`` says which regions' unknown cells are taken up; all by default.
        """
        sums = sums_of(cells, depth)
        if within is not None:
            sums = sums.only(within[cells.region[sums.cells]])
        size = sized(cells)
        blocks = blocks_of(cells, sums)
        bounds = Bounds(cells.low[sums.cells], cells.high[sums.cells])
        guess = size.guess[sums.cells]
        plain = least_squares(blocks, guess, guess, bounds.low, bounds.high, tolerance=ROUGH)
        return cls(
            cells, sums, blocks, bounds, guess, plain, features(cells, size, sums, plain)
        )

    @property
    def fold(self) -> Places:
        """Which half of the regions each unknown cell's lies in."""
        return self.cells.region[self.sums.cells] % FOLDS


@dataclass(frozen=True)
class Lesson:
    """A problem whose hidden cells have a known answer."""

    problem: Problem
    hidden: Flags
    truth: Floats


class Learned:
    """Guess and spread of unknown cells, each half of the regions learned from the other."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        rows = np.vstack([each.problem.features[each.hidden] for each in lessons])
        truth = np.concatenate([each.truth for each in lessons])
        guess = np.concatenate([each.problem.plain_guess[each.hidden] for each in lessons])
        fold = np.concatenate([each.problem.fold[each.hidden] for each in lessons])
        self.learned = len(truth) >= FEWEST_LESSONS
        if not self.learned:
            return
        target = np.log((truth + OFFSET) / (guess + OFFSET))
        weight = np.log(truth + 2)
        usable = np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in rows.T])
        self._usable = usable
        rows = rows[:, usable]
        self._centre = [_fit(rows[fold != f], target[fold != f], weight[fold != f]) for f in range(FOLDS)]
        left_out = np.empty(len(truth))
        for f in range(FOLDS):
            left_out[fold == f] = self._centre[f].predict(rows[fold == f])
        error = np.log(np.abs(target - left_out) + SMALLEST_SPREAD)
        rows = np.column_stack([rows, left_out + np.log(guess + OFFSET)])
        self._spread = [_fit(rows[fold != f], error[fold != f], None) for f in range(FOLDS)]

    def __call__(self, problem: Problem, *, left_out: bool) -> tuple[Floats, Floats]:
        """Return centre and spread of log(jobs + 1/2) for each unknown cell.

        With ``left_out`` each region is judged by what the other half taught.
        """
        base = np.log(problem.plain_guess + OFFSET)
        if not self.learned:
            return base, np.full(len(base), PLAIN_SPREAD)
        seen = problem.features[:, self._usable]
        centre = self._by_fold(self._centre, seen, problem.fold, left_out) + base
        rows = np.column_stack([seen, centre])
        spread = self._by_fold(self._spread, rows, problem.fold, left_out)
        return centre, np.exp(spread)

    @staticmethod
    def _by_fold(
        models: Sequence[HistGradientBoostingRegressor],
        rows: NDArray[np.float32],
        fold: Places,
        left_out: bool,
    ) -> Floats:
        if not len(rows):
            return np.zeros(0)
        if not left_out:
            mean: Floats = np.mean([model.predict(rows) for model in models], axis=0)
            return mean
        out = np.empty(len(rows))
        for f, model in enumerate(models):
            if np.any(fold == f):
                out[fold == f] = model.predict(rows[fold == f])
        return out


def _fit(
    rows: NDArray[np.float32], target: Floats, weight: Floats | None
) -> HistGradientBoostingRegressor:
    if len(target) > MOST_LESSONS:
        step = -(-len(target) // MOST_LESSONS)
        rows, target = rows[::step], target[::step]
        weight = None if weight is None else weight[::step]
    model = HistGradientBoostingRegressor(
        max_iter=120,
        max_bins=64,
        learning_rate=0.1,
        max_leaf_nodes=31,
        min_samples_leaf=40,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(rows, target, sample_weight=weight)
