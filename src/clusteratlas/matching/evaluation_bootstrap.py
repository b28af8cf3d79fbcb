"""Intervals of the test: organisations, not cases, are drawn with replacement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.matching.affinity import Floats
from clusteratlas.matching.affinity_evidence import Flags, Places

Interval = tuple[float, float]
LEVEL: Final = 0.95
BLOCK: Final = 4_000_000
"""Draws x organisations that are held at once."""


@dataclass(frozen=True, slots=True)
class Resampling:
    """Draws of organisations: how often each stands in each draw.

    Attributes
    ----------
    group
        Organisation of each case, numbered from 0.
    groups
        Number of organisations.
    seed, draws
        The same draws serve every ranking, so that differences are of the same organisations.
    """

    group: Places
    groups: int
    seed: int
    draws: int

    @classmethod
    def of(cls, organisation: Places, *, seed: int, draws: int) -> Resampling:
        """Return the draws of the organisations of these cases."""
        _, group = np.unique(organisation, return_inverse=True)
        return cls(group.astype(np.intp), int(group.max()) + 1, seed, draws)

    def means(self, values: Floats, wanted: Flags) -> tuple[list[float | None], Floats]:
        """Return the mean of the wanted cases of several figures, and those of every draw.

        Parameters
        ----------
        values, wanted
            Figures x cases: what is averaged, and which cases count.

        Returns
        -------
        Means, and an array draws x figures.

        Missing data
        ------------
        A figure without such a case is ``None``; NaN in draws that hold none.

        Example
        -------
        >>> ten = Resampling.of(np.array([7, 7, 9]), seed=0, draws=10)
        >>> means, draws = ten.means(np.array([[1.0, 0.0, 0.5]]), np.array([[True, True, True]]))
        >>> means, bool((draws == 0.5).all())
        ([0.5], True)
        """
        count = len(values)
        sums, counts = np.zeros((2, self.groups, count))
        np.add.at(sums, self.group, np.where(wanted, values, 0.0).T)
        np.add.at(counts, self.group, wanted.T.astype(np.float64))
        random = np.random.default_rng(self.seed)
        found = np.empty((self.draws, count))
        step = max(1, BLOCK // self.groups)
        even = np.full(self.groups, 1.0 / self.groups)
        with np.errstate(invalid="ignore", divide="ignore"):
            for first in range(0, self.draws, step):
                size = min(step, self.draws - first)
                times = random.multinomial(self.groups, even, size=size).astype(np.float64)
                found[first : first + size] = (times @ sums) / (times @ counts)
        whole, cases = sums.sum(axis=0).tolist(), counts.sum(axis=0).tolist()
        return [a / b if b else None for a, b in zip(whole, cases, strict=True)], found

    def interval(self, found: Floats) -> Interval | None:
        """Return the middle 95 % of the draws; ``None`` where fewer than half say anything."""
        known = found[~np.isnan(found)]
        if 2 * len(known) < len(found):
            return None
        low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
        return low, high
