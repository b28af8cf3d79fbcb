"""Solve region block by region block: blocks share no sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.completion.cells import NONE, Cells, Floats, Places
from clusteratlas.completion.draws import scaled_to_sums
from clusteratlas.completion.features import OFFSET, SMALLEST_GUESS, graph_of
from clusteratlas.completion.projection import TOLERANCE, Graph, project
from clusteratlas.completion.sums import Sums

ROUGH = 0.5
"""Jobs that a sum may be missed by on the way."""
REFINEMENTS = 3
"""Times the guess is made linear anew around the point found, on the scale of logarithms."""


@dataclass(frozen=True)
class Block:
    """Unknown cells that share no sum with any other: those of one larger region."""

    members: Places
    graph: Graph


def blocks_of(cells: Cells, sums: Sums) -> list[Block]:
    """Split the unknown cells by the larger region that they lie in."""
    graph = graph_of(sums)
    parent = cells.regions.parent[cells.region[sums.cells]]
    # Without a sum across, every region stands alone; kept together they are solved in one go.
    order = np.argsort(parent, kind="stable")
    _, starts = np.unique(parent[order], return_index=True)
    return [_block(graph, members) for members in np.split(order, starts[1:]) if len(members)]


def _block(graph: Graph, members: Places) -> Block:
    within, within_left = _renumbered(graph.within[members], graph.within_left)
    across, across_left = _renumbered(graph.across[members], graph.across_left)
    return Block(members, Graph(within, across, within_left, across_left))


def _renumbered(side: Places, left: Floats) -> tuple[Places, Floats]:
    used = np.unique(side[side >= 0])
    return np.where(side >= 0, np.searchsorted(used, side), NONE), left[used]


def least_squares(
    blocks: list[Block],
    guess: Floats,
    variance: Floats,
    low: Floats,
    high: Floats,
    *,
    tolerance: float = TOLERANCE,
) -> Floats:
    """Return the cells nearest to their guesses that keep all sums and bounds (jobs)."""
    x = np.empty_like(guess)
    for block in blocks:
        at = block.members
        x[at] = project(
            block.graph, guess[at], variance[at], low[at], high[at], tolerance=tolerance
        ).x
    return x


@dataclass(frozen=True)
class Bounds:
    """What each unknown cell cannot lie beyond (jobs)."""

    low: Floats
    high: Floats


def bounds_of(cells: Cells, sums: Sums, *, sweeps: int = 4) -> Bounds:
    """Return the bounds that follow from each cell's own and from its two sums.

    Definition
    ----------
    No cell is above what its sum leaves when all others take their lower bounds, nor below what
    it leaves when they take their upper ones; a few sweeps over both sides.
    """
    graph = graph_of(sums)
    low, high = cells.low[sums.cells].copy(), cells.high[sums.cells].copy()
    n, m = graph.shape
    sides = ((graph.within, graph.within_left, n), (graph.across, graph.across_left, m))
    for _ in range(sweeps):
        for side, left, size in sides:
            to = np.where(side < 0, size, side)
            there = side >= 0
            jobs = np.append(left, np.inf)[to]
            lows = np.bincount(to, low, size + 1)[to] - low
            endless = np.isinf(high)
            finite = np.where(endless, 0.0, high)
            highs = np.bincount(to, finite, size + 1)[to] - finite
            others = np.bincount(to, endless, size + 1)[to] - endless
            high = np.where(there, np.minimum(high, np.maximum(jobs - lows, low)), high)
            floor = np.where(there & (others == 0), jobs - highs, 0.0)
            low = np.minimum(np.maximum(low, np.maximum(floor, 0.0)), high)
    return Bounds(low, high)


def most_likely(
    blocks: list[Block],
    centre: Floats,
    spread: Floats,
    bounds: Bounds,
    *,
    lifted: float,
    tolerance: float = TOLERANCE,
) -> Floats:
    """Return the likeliest cells given log-normal guesses and the sums.

    Definition
    ----------
    The minimum of sum((log(x + 1/2) - centre)^2 / (2 spread^2)) under sums and bounds, by repeated
    weighted least squares: around the last point the logarithm is replaced by its tangent.

    Parameters
    ----------
    centre, spread
        (n,) of log(jobs + 1/2).
    lifted
        Logarithm by which sums may ask more of a cell than its guess before the guess is lifted.
    """
    x = np.empty_like(centre)
    for block in blocks:
        at = block.members
        low, high = bounds.low[at], bounds.high[at]
        start = _lifted(block.graph, centre[at], low, high, lifted)
        x[at] = _most_likely(block.graph, start, spread[at], low, high, tolerance)
    return x


def _lifted(graph: Graph, centre: Floats, low: Floats, high: Floats, beyond: float) -> Floats:
    """Lift guesses that the sums show to be far too low.

    The density of a log-normal falls so slowly far above its centre that the likeliest point would
    give all of a large rest to one cell. Where scaling alone asks for far more than the
    guess, the scaled figure becomes the centre.
    """
    scaled = scaled_to_sums(graph, centre, low, high)
    asked = np.log(scaled + OFFSET)
    return np.where(asked - centre > beyond, asked, centre)


def _most_likely(
    graph: Graph, centre: Floats, spread: Floats, low: Floats, high: Floats, tolerance: float
) -> Floats:
    guess = np.maximum(np.exp(centre) - OFFSET, SMALLEST_GUESS)
    variance = ((guess + OFFSET) * spread) ** 2
    at = project(graph, guess, variance, low, high, tolerance=ROUGH)
    for step in range(REFINEMENTS):
        near = np.maximum(at.x, 0.1) + OFFSET
        guess = near - OFFSET + near * (centre - np.log(near))
        allowed = tolerance if step == REFINEMENTS - 1 else ROUGH
        at = project(graph, guess, (near * spread) ** 2, low, high, tolerance=allowed, start=at)
    return at.x
