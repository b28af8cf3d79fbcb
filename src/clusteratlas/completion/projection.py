"""Least squares onto sums within bounds, by a semi-smooth Newton method on the bipartite graph.

The problem is separable: minimise the sum of (x - g)^2 / (2 v) over low <= x <= high so that the
cells of every sum add up. With one multiplier a sum, x = clip(g + v (a + b), low, high), and the
multipliers solve a system whose matrix is that of the graph. The sums within regions are eliminated
one by one; what is left has one row a sum across regions and goes to a Cholesky factorisation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

from clusteratlas.completion.cells import Floats, Places

SLACK = 1e-4
"""Weight of a sum's own error, in jobs a multiplier: rounding makes exact sums infeasible."""
TOLERANCE = 0.01
"""Jobs that a sum may be missed by."""
MOST_STEPS = 60
DAMPING = 1e-3
"""Share of its variance that a cell at a bound keeps in the matrix; more where steps fail."""
CONJUGATE_STEPS = 3
"""Newton steps solved by conjugate gradients, before the exact ones."""


@dataclass(frozen=True)
class Graph:
    """Unknown cells as edges between sums; a cell without a sum on one side has -1 there."""

    within: Places
    across: Places
    within_left: Floats
    across_left: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Number of sums within regions and across them."""
        return len(self.within_left), len(self.across_left)

    def pull(self, a: Floats, b: Floats) -> Floats:
        """Return for each cell the multipliers of its two sums together."""
        pulled: Floats = np.append(a, 0.0)[self.within] + np.append(b, 0.0)[self.across]
        return pulled

    def add(self, x: Floats) -> tuple[Floats, Floats]:
        """Add up cells by their sums."""
        n, m = self.shape
        within = np.bincount(np.where(self.within < 0, n, self.within), x, n + 1)[:n]
        across = np.bincount(np.where(self.across < 0, m, self.across), x, m + 1)[:m]
        return np.asarray(within, dtype=np.float64), np.asarray(across, dtype=np.float64)


@dataclass(frozen=True)
class Projected:
    """The nearest point, its multipliers, and the worst miss of a sum in jobs."""

    x: Floats
    within: Floats
    across: Floats
    miss: float


def project(
    graph: Graph,
    guess: Floats,
    variance: Floats,
    low: Floats,
    high: Floats,
    *,
    tolerance: float = TOLERANCE,
    start: Projected | None = None,
) -> Projected:
    """Return the point nearest to a guess that keeps sums and bounds.

    Definition
    ----------
    The minimum of sum((x - guess)^2 / (2 variance)) with low <= x <= high and the cells of each sum
    adding up to it, each up to a slack of ``SLACK`` times its multiplier.

    Parameters
    ----------
    graph
        n cells and their sums (jobs).
    guess, variance, low, high
        (n,) jobs, jobs squared, jobs, jobs; variance above zero.
    tolerance
        Jobs that a sum may be missed by.
    start
        The answer to a problem like this one, to start from.

    Returns
    -------
    Projected

    Missing data
    ------------
    None may be missing; a cell without any sum keeps its guess within its bounds.

    Source
    ------
    Qi and Sun (1993), A nonsmooth version of Newton's method, for the steps.

    Example
    -------
    >>> import numpy as np
    >>> graph = Graph(np.array([0, 0]), np.array([-1, -1]), np.array([10.0]), np.zeros(0))
    >>> guess, variance = np.array([2.0, 4.0]), np.array([1.0, 3.0])
    >>> at = project(graph, guess, variance, np.zeros(2), np.full(2, 99.0))
    >>> at.x.round(3).tolist()
    [3.0, 7.0]
    """
    n, m = graph.shape
    a, b = (start.within, start.across) if start else (np.zeros(n), np.zeros(m))
    damping = DAMPING
    value, x = _dual(graph, guess, variance, low, high, a, b)
    for step in range(MOST_STEPS):
        within, across = graph.add(x)
        miss_a = graph.within_left - within - SLACK * a
        miss_b = graph.across_left - across - SLACK * b
        if max(np.abs(miss_a).max(initial=0), np.abs(miss_b).max(initial=0)) < tolerance:
            break
        free = np.where((x > low) & (x < high), variance, damping * variance)
        system = System.of(graph, free)
        da, db = system.solve(miss_a, miss_b, exact=step >= CONJUGATE_STEPS)
        slope = miss_a @ da + miss_b @ db
        size = 1.0
        while True:
            next_value, next_x = _dual(
                graph, guess, variance, low, high, a + size * da, b + size * db
            )
            if next_value >= value + 1e-4 * size * slope - 1e-10 * abs(value) or size < 1e-6:
                break
            size /= 2
        a, b, value, x = a + size * da, b + size * db, next_value, next_x
        damping = min(1.0, damping * 10) if size < 0.2 else max(DAMPING, damping / 4)
    within, across = graph.add(x)
    miss = max(
        np.abs(graph.within_left - within).max(initial=0),
        np.abs(graph.across_left - across).max(initial=0),
    )
    return Projected(x, a, b, float(miss))


def _dual(
    graph: Graph, guess: Floats, variance: Floats, low: Floats, high: Floats, a: Floats, b: Floats
) -> tuple[float, Floats]:
    """The dual's value at these multipliers, and the cells that go with them."""
    pull = graph.pull(a, b)
    x = np.clip(guess + variance * pull, low, high)
    value = (
        0.5 * float((((x - guess) ** 2) / variance).sum())
        - float(pull @ x)
        + float(a @ graph.within_left)
        + float(b @ graph.across_left)
        - 0.5 * SLACK * float(a @ a + b @ b)
    )
    return value, x


@dataclass(frozen=True)
class System:
    """The Newton system of one step: diagonal within, diagonal across, and what couples them."""

    within: Floats
    across: Floats
    coupling: sp.csr_matrix

    @classmethod
    def of(cls, graph: Graph, free: Floats) -> System:
        """Set up the system; ``free`` is the variance of each cell that may move."""
        n, m = graph.shape
        within, across = graph.add(free)
        both = np.flatnonzero((free > 0) & (graph.within >= 0) & (graph.across >= 0))
        coupling = sp.csr_matrix(
            (free[both], (graph.within[both], graph.across[both])), shape=(n, m)
        )
        return cls(within + SLACK, across + SLACK, coupling)

    def factor(self) -> tuple[NDArray[np.float64], bool]:
        """Return the Cholesky factor of what is left when the sums within are eliminated."""
        scaled = self.coupling.multiply(1 / np.sqrt(self.within)[:, None]).tocsr()
        left = -(scaled.T @ scaled).toarray()
        at = np.arange(len(self.across))
        left[at, at] += self.across
        factor: tuple[NDArray[np.float64], bool] = scipy.linalg.cho_factor(
            left, lower=True, overwrite_a=True, check_finite=False
        )
        return factor

    def solve(self, a: Floats, b: Floats, *, exact: bool) -> tuple[Floats, Floats]:
        """Return the steps of both sides' multipliers that meet these misses."""
        if not len(b):
            return a / self.within, b
        right = b - self.coupling.T @ (a / self.within)
        across = (
            scipy.linalg.cho_solve(self.factor(), right, check_finite=False)
            if exact
            else self._conjugate(right)
        )
        return (a - self.coupling @ across) / self.within, across

    def _conjugate(self, right: Floats) -> Floats:
        """A rough solution by conjugate gradients: good enough far from the end."""
        scale = np.maximum(
            self.across - self.coupling.power(2).T @ (1 / self.within), 1e-3 * self.across
        )
        z, left = np.zeros_like(right), right.copy()
        towards = left / scale
        size = float(left @ towards)
        enough = 0.1 * float(np.abs(left).max(initial=0))
        for _ in range(200):
            if np.abs(left).max(initial=0) <= enough:
                break
            image = self.across * towards - self.coupling.T @ (
                (self.coupling @ towards) / self.within
            )
            step = size / float(towards @ image)
            z += step * towards
            left -= step * image
            scaled = left / scale
            now = float(left @ scaled)
            towards = scaled + (now / size) * towards
            size = now
        return z
