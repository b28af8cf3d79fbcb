"""Possible tables: the uncertainty of all unknown cells together, each table keeping its sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

from clusteratlas.completion.cells import Floats, Places
from clusteratlas.completion.features import OFFSET
from clusteratlas.completion.projection import Graph, System

Singles = NDArray[np.float32]
SWEEPS = 8
"""Times that all sums are met in turn by scaling."""
STEPS = 12
"""Linear steps after them, with one factorisation for all draws."""
LARGEST_STEP = 8.0
SMALLEST, LARGEST = 0.01, 1e7


class Block(Protocol):
    """Unknown cells that share no sum with any other."""

    @property
    def members(self) -> Places: ...  # noqa: D102

    @property
    def graph(self) -> Graph: ...  # noqa: D102


def draw(
    blocks: Sequence[Block],
    centre: Floats,
    spread: Floats,
    widening: float,
    low: Floats,
    high: Floats,
    *,
    draws: int,
    seed: int,
) -> Singles:
    """Return possible tables: log-normal guesses, scaled until they add up.

    Definition
    ----------
    Each guess is drawn from exp(N(centre, (widening spread)^2)) - 1/2. Then the sums are met in
    turn: x_i becomes x_i exp(w_i t) with w_i proportional to spread_i^2 and t such that the sum
    holds, so that cells which are little known move most. What is left of the sums across regions
    is met by least squares steps, and last the sums within regions exactly.

    Parameters
    ----------
    centre, spread
        (n,) of log(jobs + 1/2).
    widening
        How much wider than ``spread`` guesses are drawn; meeting the sums narrows them again.
    low, high
        (n,) bounds in jobs.
    draws, seed
        How many tables, and of which random choice.

    Returns
    -------
    (n, draws) jobs. Sums within regions hold exactly as far as bounds allow, sums across regions
    to about a thousandth.
    """
    out = np.empty((len(centre), draws), dtype=np.float32)
    for number, block in enumerate(blocks):
        at = block.members
        random = np.random.default_rng([seed, number])
        noise = random.standard_normal((len(at), draws), dtype=np.float32)
        wide = (widening * spread[at]).astype(np.float32)[:, None]
        x = np.exp(centre[at].astype(np.float32)[:, None] + wide * noise) - np.float32(OFFSET)
        lowest, highest = low[at].astype(np.float32)[:, None], high[at].astype(np.float32)[:, None]
        np.clip(x, np.maximum(lowest, SMALLEST), np.minimum(highest, LARGEST), out=x)
        meeting = _Meeting(block.graph, spread[at], lowest, highest)
        out[at] = meeting.within_last(meeting.step(meeting.scale(x)))
    return out


def scaled_to_sums(graph: Graph, centre: Floats, low: Floats, high: Floats) -> Floats:
    """Return the guesses themselves, scaled in proportion until they add up (jobs)."""
    lowest, highest = low.astype(np.float32)[:, None], high.astype(np.float32)[:, None]
    x = np.exp(centre).astype(np.float32)[:, None] - np.float32(OFFSET)
    x = np.clip(x, np.maximum(lowest, SMALLEST), np.minimum(highest, LARGEST))
    meeting = _Meeting(graph, np.ones(len(centre)), lowest, highest)
    scaled: Floats = meeting.within_last(meeting.scale(x))[:, 0].astype(np.float64)
    return scaled


class _Meeting:
    """Makes many tables keep the same sums at once."""

    def __init__(self, graph: Graph, spread: Floats, low: Singles, high: Singles) -> None:
        n, m = graph.shape
        self.graph, self.low, self.high = graph, low, high
        self.within, self.across = _adder(graph.within, n), _adder(graph.across, m)
        self.within_left = graph.within_left.astype(np.float32)[:, None]
        self.across_left = graph.across_left.astype(np.float32)[:, None]
        square = spread**2
        self.weight = (square / max(float(square.mean()), 1e-12)).astype(np.float32)
        self.square = square

    def scale(self, x: Singles) -> Singles:
        weight = self.weight[:, None]
        sides = (
            (self.across, self.across_left, self.graph.across),
            (self.within, self.within_left, self.graph.within),
        )
        weighted = [side[0].multiply(self.weight[None, :]).tocsr() for side in sides]
        for _ in range(SWEEPS):
            for (adder, left, to), heavy in zip(sides, weighted, strict=True):
                if not adder.shape[0]:
                    continue
                for _ in range(2):
                    total = adder @ x
                    step = np.log((left + 1e-3) / (total + 1e-3)) * total / (heavy @ x + 1e-9)
                    np.clip(step, -LARGEST_STEP, LARGEST_STEP, out=step)
                    x = x * np.exp(np.clip(weight * _spread_out(step, to), -5, 5))
                    np.clip(x, self.low, self.high, out=x)
        return x

    def step(self, x: Singles) -> Singles:
        if not self.across.shape[0]:
            return x
        variance = x.mean(axis=1).astype(np.float64) * self.square + 1e-6
        system = System.of(self.graph, variance)
        factor = system.factor()
        scale = variance.astype(np.float32)[:, None]
        for _ in range(STEPS):
            miss_a = self.within_left - self.within @ x
            miss_b = self.across_left - self.across @ x
            over = miss_a / system.within[:, None]
            b = scipy.linalg.cho_solve(
                factor, miss_b - system.coupling.T @ over, check_finite=False
            )
            a = over - (system.coupling @ b) / system.within[:, None]
            moved = _spread_out(a, self.graph.within) + _spread_out(b, self.graph.across)
            x = x + scale * moved.astype(np.float32)
            np.clip(x, self.low, self.high, out=x)
        return x

    def within_last(self, x: Singles) -> Singles:
        for _ in range(3):
            factor = self.within_left / np.maximum(self.within @ x, 1e-6)
            x = x * np.where(
                (self.graph.within >= 0)[:, None], _spread_out(factor, self.graph.within), 1
            ).astype(np.float32)
            np.clip(x, self.low, self.high, out=x)
        return x


def _adder(side: Places, size: int) -> sp.csr_matrix:
    there = np.flatnonzero(side >= 0)
    ones = np.ones(len(there), dtype=np.float32)
    return sp.csr_matrix((ones, (side[there], there)), shape=(size, len(side)))


def _spread_out(values: NDArray[np.floating], to: Places) -> NDArray[np.floating]:
    """Give each cell the value of its sum, 0 where it has none."""
    padded = np.concatenate([values, np.zeros((1, values.shape[1]), values.dtype)])
    return padded[to]
