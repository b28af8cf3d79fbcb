"""A list that does not say the same ten times: relevance against likeness to what is on it."""

from __future__ import annotations

import numpy as np

from clusteratlas.matching.scores import Floats, Places


def diversified(relevance: Floats, likeness: Floats, limit: int, trade_off: float) -> Places:
    r"""Return which candidates to list, in order, for many lists at once.

    Definition
    ----------
    Maximal marginal relevance: the next one listed is that with the largest

    .. math:: \lambda \, r_i - (1 - \lambda) \max_{j \in L} s_{ij}

    with r the relevance, s the likeness and L what is listed already; of equals the first.

    Parameters
    ----------
    relevance
        Lists x candidates, 0 to 1, the best first; NaN for no candidate.
    likeness
        Lists x candidates x candidates, 0 to 1.
    limit
        How many to list.
    trade_off
        The share of relevance, lambda, 0 to 1.

    Returns
    -------
    Lists x limit, places of candidates; -1 where there are no more.

    Source
    ------
    J. Carbonell, J. Goldstein (1998), The use of MMR, diversity-based reranking for reordering
    documents and producing summaries, SIGIR 1998, 335-336.

    Example
    -------
    >>> relevance = np.array([[0.9, 0.88, 0.5]], np.float32)
    >>> alike = np.array([[[1, 1, 0], [1, 1, 0], [0, 0, 1]]], np.float32)
    >>> diversified(relevance, alike, 3, 0.6).tolist(), diversified(relevance, alike, 3, 1).tolist()
    ([[0, 2, 1]], [[0, 1, 2]])
    """
    lists, candidates = relevance.shape
    left = np.where(np.isnan(relevance), -np.inf, relevance).astype(np.float32)
    nearest = np.zeros_like(left)
    found = np.full((lists, limit), -1, dtype=np.intp)
    rows = np.arange(lists)
    for place in range(min(limit, candidates)):
        worth = np.float32(trade_off) * left - np.float32(1 - trade_off) * nearest
        worth = np.where(np.isinf(left), np.float32(-np.inf), np.round(worth, 6))
        chosen = worth.argmax(axis=1)
        able = ~np.isinf(left[rows, chosen])
        found[able, place] = chosen[able]
        left[rows, chosen] = -np.inf
        nearest = np.maximum(nearest, likeness[rows, chosen])
    return found


def chance_in_first(low: Floats, middle: Floats, high: Floats, limit: int) -> Floats:
    """Return the chance that each candidate's score is among the first ``limit``.

    Definition
    ----------
    Each score is taken as triangular between its ends with its peak at the expected score, each
    independent of the others. The chance is that of lying above the line which as many as
    ``limit`` candidates are expected to lie above.

    Parameters
    ----------
    low, middle, high
        Lists x candidates; NaN for no candidate.

    Example
    -------
    >>> sure = np.array([[0.9, 0.5, 0.1]], np.float32)
    >>> chance_in_first(sure, sure, sure, 1).round(2).tolist()
    [[1.0, 0.0, 0.0]]
    """
    there = ~np.isnan(middle)
    bottom = np.zeros((len(low), 1), np.float32)
    top = np.ones((len(low), 1), np.float32)
    for _ in range(16):
        line = (bottom + top) / 2
        many = np.where(there, _above(low, middle, high, line), 0).sum(axis=1, keepdims=True)
        bottom, top = np.where(many > limit, line, bottom), np.where(many > limit, top, line)
    few = there.sum(axis=1, keepdims=True) <= limit
    found = np.where(few, np.float32(1), _above(low, middle, high, top))
    return np.where(there, found, np.float32(np.nan))


def _above(low: Floats, middle: Floats, high: Floats, line: Floats) -> Floats:
    """The chance that a triangular score lies at or above a line."""
    width = high - low
    rising = (line - low) ** 2 / np.maximum(width * (middle - low), 1e-9)
    falling = (high - line) ** 2 / np.maximum(width * (high - middle), 1e-9)
    found = np.where(line <= middle, 1 - rising, falling)
    found = np.where(line <= low, np.float32(1), np.where(line > high, np.float32(0), found))
    return np.asarray(np.clip(found, 0, 1), dtype=np.float32)
