"""What two organisations are expected to have in common because both are popular."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, Self, TypeVar

import numpy as np

from clusteratlas.matching.scores import Floats, Places

PSEUDO: Final = 10.0
"""Organisations at the prior that every mean starts from."""

COMPARED_AT_MOST: Final = 512
LEAST_ODDS: Final = 1e-4
BLOCK: Final = 256


class Side(Protocol):
    """Arrays of organisations, of which some can be taken."""

    def of(self, rows: Places) -> Self:
        """Return those of some of the organisations."""
        ...


Arrays = TypeVar("Arrays", bound=Side)


def sample_of(organisations: int) -> Places:
    """Return whom popularity is told from: everybody, or evenly many where there are too many.

    >>> len(sample_of(300)), len(sample_of(10_000))
    (300, 500)
    """
    step = -(-organisations // COMPARED_AT_MOST)
    return np.arange(0, organisations, max(1, step), dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Popularity:
    """How much each organisation has in common with the others, before any correction.

    Attributes
    ----------
    sums, counts
        For each organisation the sum of its overlap with those compared, and how many they are.
    compared
        Whether the organisation is among those that the sums run over.
    mean
        Mean overlap of all pairs.
    prior
        What is expected where nobody has been compared.
    """

    sums: Floats
    counts: Floats
    compared: Floats
    mean: float
    prior: float

    def of(self, rows: Places) -> Popularity:
        """Return that of some of the organisations; untold stays untold."""
        if not len(self.sums):
            return self
        return Popularity(
            self.sums[rows], self.counts[rows], self.compared[rows], self.mean, self.prior
        )


_NONE: Final[Floats] = np.zeros(0, np.float32)

UNTOLD: Final = Popularity(_NONE, _NONE, _NONE, 0.0, 0.0)
"""Popularity that has not been worked out yet."""


def popularity_of(
    overlap: Callable[[Arrays, Arrays], Floats],
    mine: Arrays,
    rows: Places,
    sampled: Arrays,
    sample: Places,
    *,
    prior: float,
    mean: float | None = None,
) -> Popularity:
    """Return the popularity of organisations by their overlap with those sampled.

    Parameters
    ----------
    overlap
        Of two sides: organisations x organisations, NaN where not known.
    rows
        Places of ``mine`` in the registry, -1 for a draft: nobody is compared with itself.
    sampled, sample
        Those compared, and their places in the registry.
    mean
        Mean of all pairs; that of these pairs where none is given.
    """
    sums, counts = np.zeros(len(rows)), np.zeros(len(rows))
    for start in range(0, len(rows), BLOCK):
        part = np.arange(start, min(start + BLOCK, len(rows)), dtype=np.intp)
        held = overlap(mine.of(part), sampled)
        held = np.where(rows[part][:, None] == sample[None, :], np.float32(np.nan), held)
        known = ~np.isnan(held)
        sums[part] = np.where(known, held, 0).sum(axis=1, dtype=np.float64)
        counts[part] = known.sum(axis=1)
    if mean is None:
        mean = float((sums.sum() + PSEUDO * prior) / (counts.sum() + PSEUDO))
    compared = np.isin(rows, sample).astype(np.float32)
    return Popularity(
        sums.astype(np.float32), counts.astype(np.float32), compared, float(mean), prior
    )


def expected(overlap: Floats, mine: Popularity, theirs: Popularity) -> Floats:
    r"""Return the overlap that is to be expected of two organisations by their popularity alone.

    Definition
    ----------
    With m the mean overlap of an organisation with all others but the partner, and odds
    o = m / (1 - m), over the mean of all pairs

    .. math:: e_{ab} = \frac{q}{1 + q}, \quad q = o_a o_b / \bar o

    Each mean starts from ``PSEUDO`` organisations at the prior, so that little is expected in a
    small registry.

    Missing data
    ------------
    Pairs whose overlap is not known are in no mean.

    Example
    -------
    Two of great popularity: 90 others with whom each has half in common, ten at a prior of half.

    >>> popular = Popularity(np.full(1, 45.0), np.full(1, 90.0), np.zeros(1), 0.2, 0.5)
    >>> expected(np.array([[0.6]]), popular, popular).round(2).tolist()
    [[0.800000011920929]]
    """
    held = np.nan_to_num(overlap)
    known = (~np.isnan(overlap)).astype(np.float32)
    here = _mean_but(mine, held, known, theirs.compared[None, :], axis=0)
    there = _mean_but(theirs, held, known, mine.compared[:, None], axis=1)
    product = _odds(here) * _odds(there) / _odds(np.array(mine.mean, np.float32))
    return np.asarray(product / (1 + product), dtype=np.float32)


def _mean_but(of: Popularity, held: Floats, known: Floats, compared: Floats, axis: int) -> Floats:
    """The mean overlap without the pair itself, where the pair is in the sum."""
    sums = of.sums[:, None] if axis == 0 else of.sums[None, :]
    counts = of.counts[:, None] if axis == 0 else of.counts[None, :]
    rest = np.maximum(sums - held * compared, 0) + np.float32(PSEUDO * of.prior)
    return np.asarray(rest / (np.maximum(counts - known * compared, 0) + np.float32(PSEUDO)))


def _odds(mean: Floats) -> Floats:
    held = np.clip(mean, LEAST_ODDS, 1 - LEAST_ODDS)
    return np.asarray(held / (1 - held), dtype=np.float32)
