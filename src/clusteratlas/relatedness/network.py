"""Where clusters stand in the picture of the network: near what they are related to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.similarities import Floats
from clusteratlas.tables import Fault, InvalidInput

STEPS: Final = 300
PUSHES: Final = 400
NEIGHBOURS: Final = 4
"""Nearest clusters that each is tied to; further ones are as far as the way along these ties."""


def network_layout(
    labels: Sequence[str],
    composite: npt.ArrayLike,
    *,
    width: float = 0.13,
    height: float = 0.05,
) -> dict[str, tuple[float, float]]:
    r"""Return a place for each cluster in the unit square, the related ones near each other.

    Definition
    ----------
    Each cluster is tied to its four most related ones (and the parts of the graph by the strongest
    pair between them), a tie as long as :math:`1 + z_{max} - z_{ij}`. Places minimise the stress
    :math:`\sum_{i<j} d_{ij}^{-2} (|x_i - x_j| - d_{ij})^2` with d the way along the ties,
    beginning from classical scaling; then boxes of ``width`` and ``height`` around the places are
    pushed apart until none overlap, or 400 times.

    Parameters
    ----------
    labels
        Codes of the clusters.
    composite
        n x n, the higher the more related; NaN on the diagonal or where not known.
    width, height
        Of the room a label needs, as shares of the square.

    Returns
    -------
    dict
        Code to x and y, 0 to 1. The same input gives the same places, whatever the order of the
        labels: they are worked in sorted order, and the signs of the axes are fixed.

    Missing data
    ------------
    A pair that is not known is no tie.

    Raises
    ------
    InvalidInput
        A matrix that does not fit the labels.

    Source
    ------
    E. R. Gansner, Y. Koren, S. North, Graph drawing by stress majorization (2004).

    Example
    -------
    The pair that is related stands together.

    >>> z = [[0, 2, -1, -1], [2, 0, -1, -1], [-1, -1, 0, 1], [-1, -1, 1, 0]]
    >>> place = network_layout(["a", "b", "c", "d"], z)
    >>> far = lambda p, q: float(np.hypot(place[p][0] - place[q][0], place[p][1] - place[q][1]))
    >>> far("a", "b") < far("a", "c")
    True
    """
    matrix = np.array(composite, dtype=np.float64)
    count = len(labels)
    if matrix.shape != (count, count) or len(set(labels)) != count:
        raise InvalidInput(
            [
                Fault(
                    f"composite has shape {matrix.shape} for {len(set(labels))} labels",
                    column="composite",
                    hint="give clusters x clusters, each label once",
                )
            ]
        )
    if count < 3:
        return {
            label: (0.5 + 0.25 * (2 * at - count + 1), 0.5)
            for at, label in enumerate(sorted(labels))
        }
    order = np.argsort(np.array(labels, dtype=str), kind="stable")
    matrix = matrix[np.ix_(order, order)]
    away = _ways(_ties(matrix))
    placed = _least_stress(_classical_scaling(away), away)
    placed = _apart(_in_square(placed, width, height), width, height)
    return {
        labels[at]: (round(float(x), 4), round(float(y), 4))
        for at, (x, y) in zip(order, placed, strict=True)
    }


def _ties(matrix: Floats) -> Floats:
    """Return the lengths of the ties between neighbours; infinite where there is none."""
    count = len(matrix)
    score = np.where(np.isnan(matrix), -np.inf, matrix)
    np.fill_diagonal(score, -np.inf)
    score = np.maximum(score, score.T)
    tied = np.zeros(score.shape, dtype=bool)
    for at, row in enumerate(score):
        nearest = np.argsort(-row, kind="stable")[: min(NEIGHBOURS, count - 1)]
        tied[at, nearest[np.isfinite(row[nearest])]] = True
    tied |= tied.T
    part = _parts(tied)
    while len(set(part.tolist())) > 1:
        # The strongest pair between two parts ties them; without any, the first of each.
        between = np.where(part[:, None] != part[None, :], score, -np.inf)
        best = int(np.argmax(between))
        first, second = divmod(best, count)
        if not np.isfinite(between[first, second]):
            first, second = 0, int(np.flatnonzero(part != part[0])[0])
        tied[first, second] = tied[second, first] = True
        part = _parts(tied)
    finite = score[np.isfinite(score)]
    top = finite.max(initial=0.0)
    low = finite.min(initial=0.0)
    lengths = 1.0 + (top - np.where(np.isfinite(score), score, low))
    return np.where(tied, lengths, np.inf)


def _parts(tied: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    part = np.arange(len(tied))
    for _ in range(len(tied)):
        spread = np.where(tied, part[None, :], len(tied)).min(axis=1)
        smaller = np.minimum(part, spread)
        if (smaller == part).all():
            break
        part = smaller
    return part


def _ways(ties: Floats) -> Floats:
    """Return the shortest ways along the ties, all pairs."""
    away = ties.copy()
    np.fill_diagonal(away, 0.0)
    for through in range(len(away)):
        np.minimum(away, away[:, through, None] + away[None, through, :], out=away)
    return away


def _classical_scaling(away: Floats) -> Floats:
    squared = away**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    top = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 1e-9))
    # The sign of an axis is free: the place furthest out on it counts as positive.
    furthest = np.abs(top).argmax(axis=0)
    return np.asarray(top * np.where(top[furthest, [0, 1]] < 0, -1.0, 1.0))


def _least_stress(start: Floats, away: Floats) -> Floats:
    """Move to least stress by majorisation."""
    count = len(away)
    weight = np.where(away > 0, 1.0 / np.maximum(away, 1e-9) ** 2, 0.0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.pinv(laplacian)
    # Places that coincide would never part.
    turn = 2 * np.pi * np.arange(count) / count
    placed = start + 1e-3 * away.max() * np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(STEPS):
        apart = np.hypot(*(placed[:, None, :] - placed[None, :, :]).transpose(2, 0, 1))
        ratio = np.where(apart > 1e-12, weight * away / np.maximum(apart, 1e-12), 0.0)
        pull = np.diag(ratio.sum(axis=1)) - ratio
        placed = inverse @ (pull @ placed)
    return np.asarray(placed - placed.mean(axis=0))


def _in_square(placed: Floats, width: float, height: float) -> Floats:
    """Turn the longest extent flat and fit all into the square, with room for the labels."""
    _, axes = np.linalg.eigh(placed.T @ placed)
    turned = placed @ axes[:, ::-1]
    furthest = np.abs(turned).argmax(axis=0)
    turned = turned * np.where(turned[furthest, [0, 1]] < 0, -1.0, 1.0)
    low, high = turned.min(axis=0), turned.max(axis=0)
    room = np.array([width, height]) / 2
    return np.asarray(
        room + (turned - low) / np.where(high > low, high - low, 1.0) * (1 - 2 * room)
    )


def _apart(placed: Floats, width: float, height: float) -> Floats:
    """Push boxes that overlap apart along the axis that needs less, within the square."""
    box = np.array([width, height])
    places = placed.copy()
    upper = np.triu(np.ones((len(places),) * 2, dtype=bool), 1)
    for _ in range(PUSHES):
        gap = places[:, None, :] - places[None, :, :]
        over = box - np.abs(gap)
        hit = (over > 1e-9).all(axis=2) & upper
        if not hit.any():
            break
        for first, second in np.argwhere(hit):
            axis = int(over[first, second, 1] / height <= over[first, second, 0] / width)
            side = 1.0 if gap[first, second, axis] >= 0 else -1.0
            step = side * over[first, second, axis] / 2 * 1.02
            places[first, axis] += step
            places[second, axis] -= step
        places = np.clip(places, box / 2, 1 - box / 2)
    return places
