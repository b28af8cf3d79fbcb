"""Simple ways to fill withheld cells: what the estimate is measured against."""

from __future__ import annotations

import numpy as np

from clusteratlas.completion.cells import Cells, Floats, Places
from clusteratlas.completion.features import graph_of, sized
from clusteratlas.completion.projection import Graph
from clusteratlas.completion.solving import blocks_of, least_squares
from clusteratlas.completion.sums import Sums

EQUAL_SPLIT = "equal split"
MEAN_SIZE = "establishments x mean size"
FITTING = "proportional fitting"
LEAST_SQUARES = "plain least squares"
BASELINES = (EQUAL_SPLIT, MEAN_SIZE, FITTING, LEAST_SQUARES)
MOST_ROUNDS = 400
STILL = 0.01
"""Jobs that no sum is missed by when proportional fitting stops."""


def baselines(cells: Cells, sums: Sums) -> dict[str, Floats]:
    """Return jobs of the unknown cells by each simple method.

    Definition
    ----------
    - equal split: what the nearest printed industry above leaves, split evenly over its withheld
      cells (the midpoint of what is left);
    - establishments x mean size: jobs an establishment of the industry over all printed cells;
    - proportional fitting: the same, scaled to the sums within regions and across them in turn;
    - plain least squares: the same, moved onto all sums at once, variance in proportion to it.

    Missing data
    ------------
    A cell without a printed industry above it keeps establishments x mean size.
    """
    graph = graph_of(sums)
    guess = sized(cells).guess[sums.cells]
    low, high = cells.low[sums.cells], cells.high[sums.cells]
    return {
        EQUAL_SPLIT: _equal_split(graph, guess),
        MEAN_SIZE: guess,
        FITTING: _fitted(graph, guess),
        LEAST_SQUARES: least_squares(blocks_of(cells, sums), guess, guess, low, high),
    }


def _equal_split(graph: Graph, guess: Floats) -> Floats:
    number = np.bincount(graph.within[graph.within >= 0], minlength=graph.shape[0])
    share = np.append(graph.within_left / np.maximum(number, 1), 0.0)[graph.within]
    return np.where(graph.within >= 0, share, guess)


def _fitted(graph: Graph, guess: Floats) -> Floats:
    x = guess.copy()
    for _ in range(MOST_ROUNDS):
        x = _scaled(x, graph.across, graph.across_left, graph.add(x)[1])
        x = _scaled(x, graph.within, graph.within_left, graph.add(x)[0])
        missed = np.abs(graph.across_left - graph.add(x)[1]).max(initial=0)
        if missed < STILL:
            break
    return x


def _scaled(x: Floats, side: Places, left: Floats, total: Floats) -> Floats:
    factor = np.append(left / np.maximum(total, 1e-9), 1.0)
    scaled: Floats = x * factor[side]
    return scaled
