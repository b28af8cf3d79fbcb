"""Learn from printed cells, hidden on purpose, how unknown ones lie around their plain estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor

CHUNK = 50_000
"""Rows that are judged together."""
FOLDS = 3
SMALL = float(np.log(2.5))
"""Log establishments up to which one model's guess is enough: little is at stake."""
FEWEST_LESSONS = 400
"""Hidden cells below which nothing is learned: the plain guess stands."""
PLAIN_SPREAD = 0.9
"""Spread of log jobs around the plain guess where nothing can be learned."""
PLAIN_WIDENING = 1.6
SMALLEST_SPREAD = 0.02
MOST_LESSONS = 60_000
FEATURES_TRIED = 0.5
"""Share of the features that a split chooses from: trees that differ err less together."""


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
    def of(cls, cells: Cells, depth: int) -> Problem:
        """Set up the sums, bounds, plain estimate and features."""
        sums = sums_of(cells, depth)
        size = sized(cells)
        blocks = blocks_of(cells, sums)
        bounds = Bounds(cells.low[sums.cells], cells.high[sums.cells])
        guess = size.guess[sums.cells]
        plain = least_squares(blocks, guess, guess, bounds.low, bounds.high, tolerance=ROUGH)
        return cls(cells, sums, blocks, bounds, guess, plain, features(cells, size, sums, plain))

    @property
    def fold(self) -> Places:
        """Which part of the regions each unknown cell lies in."""
        return self.cells.region[self.sums.cells] % FOLDS


@dataclass(frozen=True)
class Lesson:
    """A problem whose hidden cells have a known answer.

    Attributes
    ----------
    problem
        With the cells hidden.
    hidden, truth
        Which of its unknown cells were hidden, and their jobs.
    all_jobs
        Jobs of every cell of the problem before any was hidden; ``None`` where cells were left out
        instead.
    """

    problem: Problem
    hidden: Flags
    truth: Floats
    all_jobs: Floats | None = None

    def left_of(self, rows: Places) -> Floats:
        """Return what hidden rows hold beyond the printed cells beneath them; NaN if unknown."""
        if self.all_jobs is None:
            return np.full(len(rows), np.nan)
        cells = self.problem.cells
        printed = cells.summed(np.where(cells.known, cells.employment, 0.0), cells.known)
        left: Floats = self.all_jobs[rows] - printed[rows]
        return left

    def unseen(self, learned: Learned) -> tuple[Floats, Floats]:
        """Return centre and spread by models that did not see each region."""
        return learned(self.problem, left_out=True)


class Learned:
    """Guess and spread of unknown cells, each part of the regions learned from the others."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        number = sum(len(each.truth) for each in lessons)
        self.learned = number >= FEWEST_LESSONS
        if not self.learned:
            return
        rows = np.vstack([each.problem.features[each.hidden] for each in lessons])
        truth = np.concatenate([each.truth for each in lessons])
        guess = np.concatenate([each.problem.plain_guess[each.hidden] for each in lessons])
        fold = np.concatenate([each.problem.fold[each.hidden] for each in lessons])
        self.learned = bool(np.bincount(fold, minlength=FOLDS).min() >= FEWEST_LESSONS / 10)
        if not self.learned:
            return
        target = np.log((truth + OFFSET) / (guess + OFFSET))
        weight = np.log(truth + 2)
        self._usable = np.array(
            [len(np.unique(column[~np.isnan(column)])) > 1 for column in rows.T]
        )
        rows = rows[:, self._usable]
        parts = [fold == f for f in range(FOLDS)]
        self._centre = [_fit(rows[~part], target[~part], weight[~part]) for part in parts]
        left_out = np.empty(len(truth))
        for part, model in zip(parts, self._centre, strict=True):
            left_out[part] = model.predict(rows[part])
        error = np.log(np.abs(target - left_out) + SMALLEST_SPREAD)
        rows = np.column_stack([rows, left_out + np.log(guess + OFFSET)])
        self._spread = [_fit(rows[~part], error[~part], None) for part in parts]

    def __call__(self, problem: Problem, *, left_out: bool) -> tuple[Floats, Floats]:
        """Return centre and spread of log(jobs + 1/2) for each unknown cell.

        With ``left_out`` each region is judged by what the other parts taught.
        """
        base = np.log(problem.plain_guess + OFFSET)
        if not self.learned:
            return base, np.full(len(base), PLAIN_SPREAD)
        centre, spread = np.empty(len(base)), np.empty(len(base))
        fold = problem.fold
        for start in range(0, len(base), CHUNK):
            rows = np.arange(start, min(start + CHUNK, len(base)))
            for f in range(FOLDS) if left_out else [None]:
                at = rows if f is None else rows[fold[rows] == f]
                if len(at):
                    centre[at], spread[at] = self._at(problem.features[at], base[at], f)
        return centre, spread

    def _at(
        self, features: NDArray[np.float32], base: Floats, fold: int | None
    ) -> tuple[Floats, Floats]:
        """Centre and spread by the models that did not see this part, or by all."""
        seen = features[:, self._usable].astype(np.float64)
        centre: Floats = self._centre[fold or 0].predict(seen)
        if fold is None:
            large = seen[:, 0] > SMALL
            if large.any():
                others = [model.predict(seen[large]) for model in self._centre[1:]]
                centre[large] = (centre[large] + sum(others)) / FOLDS
        centre += base
        # One model of the spread is enough where every one may be used.
        spread: Floats = np.exp(self._spread[fold or 0].predict(np.column_stack([seen, centre])))
        return centre, spread


def _fit(
    rows: NDArray[np.float32], target: Floats, weight: Floats | None
) -> HistGradientBoostingRegressor:
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - slow to load

    if len(target) > MOST_LESSONS:
        step = -(-len(target) // MOST_LESSONS)
        rows, target = rows[::step], target[::step]
        weight = None if weight is None else weight[::step]
    model = HistGradientBoostingRegressor(
        max_iter=100,
        max_bins=64,
        max_features=FEATURES_TRIED,
        learning_rate=0.15,
        max_leaf_nodes=31,
        min_samples_leaf=40,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(rows, target, sample_weight=weight)
