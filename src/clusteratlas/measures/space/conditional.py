"""Conditional permutation: a region keeps its figure, its neighbours are drawn among the others.

One set of draws serves every region and every industry. A draw is a random order of all regions;
the neighbours drawn for a region are the first in that order other than itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import Floats

Integers = npt.NDArray[np.int64]

BLOCK = 64
"""Industries worked at a time, so that their figures stay in the processor's cache."""

SLACK = 1e-12
"""Sums that differ by less than this part of the largest possible one are tied."""


class Draws:
    """Random orders of the regions, as far as the largest neighbourhood needs them."""

    def __init__(
        self, matrix: scipy.sparse.csr_array, permutations: int, rng: np.random.Generator
    ) -> None:
        """Draw for weights without a diagonal."""
        self.matrix = matrix
        self.neighbours = np.diff(matrix.indptr)
        n = matrix.shape[0]
        longest = min(n, int(self.neighbours.max(initial=0)) + 1)
        self.orders = np.stack(
            [rng.choice(n, size=longest, replace=False) for _ in range(permutations)]
        )
        starts = matrix.indptr[:-1][self.neighbours > 0]
        lengths = self.neighbours[self.neighbours > 0]
        level = np.repeat(matrix.data[starts], lengths) if len(starts) else np.empty(0)
        self.even = bool(np.array_equal(matrix.data, level))
        """Whether all neighbours of a region weigh the same."""

    def counts(self, table: Floats) -> tuple[Integers, Integers]:
        """Count, for a block of industries, the draws at least and at most the observed lag."""
        figures = np.ascontiguousarray(table)
        return self._even(figures) if self.even else self._uneven(figures)

    def _uneven(self, table: Floats) -> tuple[Integers, Integers]:
        from clusteratlas.measures.space.point_pairs import conditional_counts  # noqa: PLC0415 - compiled

        observed = self.matrix @ table
        heaviest = float(np.asarray(self.matrix.sum(axis=1)).max())
        slack = SLACK * heaviest * np.abs(table).max(axis=0)
        links = (self.matrix.indptr, self.matrix.data)
        above, below = conditional_counts(table, *links, self.orders, observed, slack)
        return np.asarray(above), np.asarray(below)

    def _even(self, table: Floats) -> tuple[Integers, Integers]:
        """Rank each region's sum among the sums of the first k drawn.

        These are the same for all regions with k neighbours, except in the few draws in which
        the region itself is among the first k: there the next one drawn takes its place.
        """
        links = scipy.sparse.csr_array(
            (np.ones_like(self.matrix.data), self.matrix.indices, self.matrix.indptr),
            shape=self.matrix.shape,
        )
        observed = links @ table
        at_least = np.full(table.shape, len(self.orders))
        at_most = at_least.copy()
        largest = np.abs(table).max(axis=0)
        sums = np.zeros((len(self.orders), table.shape[1]))
        # Place of each region in each draw, as lists of (draw, place) by region.
        draw, place = np.divmod(np.arange(self.orders.size), self.orders.shape[1])
        region = self.orders.ravel()
        by_region = np.lexsort((place, region))
        draw, place, region = draw[by_region], place[by_region], region[by_region]
        for k in range(1, int(self.neighbours.max(initial=0)) + 1):
            sums += table[self.orders[:, k - 1]]
            rows = np.flatnonzero(self.neighbours == k)
            if not len(rows):
                continue
            slack = SLACK * k * largest
            low, high = observed[rows] - slack, observed[rows] + slack
            ranked = np.sort(sums, axis=0)
            for column in range(table.shape[1]):
                ordered = ranked[:, column]
                below = np.searchsorted(ordered, low[:, column], side="left")
                at_least[rows, column] = len(ordered) - below
                at_most[rows, column] = np.searchsorted(ordered, high[:, column], side="right")
            which = np.flatnonzero((place < k) & np.isin(region, rows))
            if not len(which):
                continue
            own, of = region[which], np.searchsorted(rows, region[which])
            was = sums[draw[which]]
            now = was - table[own] + table[self.orders[draw[which], k]]
            first = np.flatnonzero(np.diff(own, prepend=-1))
            more = (now >= low[of]).astype(np.int64) - (was >= low[of])
            less = (now <= high[of]).astype(np.int64) - (was <= high[of])
            at_least[own[first]] += np.add.reduceat(more, first, axis=0)
            at_most[own[first]] += np.add.reduceat(less, first, axis=0)
        return at_least, at_most
