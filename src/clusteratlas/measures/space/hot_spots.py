"""Getis-Ord Gi and Gi*: around which regions an industry is high or low."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.space.conditional import BLOCK, Draws
from clusteratlas.measures.space.local_tests import (
    called_significant,
    need_rate,
    read_local,
    usable_columns,
    without_self,
)
from clusteratlas.measures.space.neighbours import Standardise, standardised
from clusteratlas.measures.space.significance import Alternative, Family, pseudo_p


@dataclass(frozen=True)
class GetisOrd:
    """Getis-Ord Gi or Gi* of each region and industry, as a standard score."""

    z: Any
    p: Any
    adjusted: Any
    """p values adjusted for the number of tests (Benjamini-Hochberg)."""
    significant: Any
    """Whether the adjusted p value is at most the rate of false discoveries allowed."""
    islands: tuple[Any, ...]
    """Regions without neighbours, by name or by place counted from 0."""


@measure(dict.fromkeys(("z", "p", "adjusted", "significant"), "cells"), sparse=True)
def getis_ord(
    values: npt.ArrayLike,
    weights: Any,
    *,
    star: bool = True,
    standardise: Standardise = "none",
    variance: Literal["weights", "counts"] = "weights",
    permutations: int = 0,
    alternative: Alternative = "two-sided",
    false_discovery: float = 0.05,
    family: Family = "industry",
    rng: np.random.Generator | None = None,
) -> GetisOrd:
    r"""Return Getis-Ord Gi* (or Gi): around which regions the figures are high or low.

    Definition
    ----------
    With :math:`W_i = \sum_j w_{ij}`, :math:`S_{1i} = \sum_j w_{ij}^2`, and mean :math:`\bar x` and
    deviation s (divisor m) over the m regions that j runs over:

    .. math:: z_i = \frac{\sum_j w_{ij} x_j - W_i \bar x}
        {s \sqrt{(m S_{1i} - W_i^2) / (m - 1)}}

    Gi* has the region itself among the j (m = n); Gi leaves it out of the sums, the mean and the
    deviation (m = n - 1).

    Parameters
    ----------
    values
        Regions x industries, any unit; one dimension is one industry.
    weights
        Regions x regions, as for ``moran``.
    star
        Whether the region itself counts. Where it has no weight of its own it gets the largest
        of its row (1 on an island).
    standardise
        ``"none"``: weights as given; ``"row"``: rows sum to 1, after the region's own weight is
        set, which does not change z; ``"binary"``: every weight is 1.
    variance
        ``"weights"``: as above; ``"counts"``: with :math:`W_i` for :math:`S_{1i}`, which is the
        same for weights of 1 and wrong for others; there to explain figures of other packages.
    permutations
        Draws for p values by conditional permutation. Default: p from the normal distribution,
        which small neighbourhoods of skewed figures do not follow.
    alternative
        ``"two-sided"``, ``"greater"`` (hot), ``"lesser"`` (cold) or ``"directed"``.
    false_discovery
        Share of false ones allowed among the regions called significant.
    family
        ``"industry"``: the regions of each industry on its own; ``"all"``: everything at once.
    rng
        Source of the draws, needed with ``permutations``.

    Returns
    -------
    GetisOrd
        In the shape of ``values``: ``z``, ``p``, ``adjusted``, ``significant``.

    Missing data
    ------------
    An industry with an unknown figure, or the same everywhere, gives NaN in every region; the
    others are not touched. Islands are listed; they give NaN without ``star``.

    Raises
    ------
    InvalidInput
        Infinite figures; weights that are negative, not known or do not fit; ``rng`` missing.
    CannotAnswer
        No region has a neighbour.

    Source
    ------
    J. K. Ord, A. Getis, Local spatial autocorrelation statistics (1995), equations 5 and 6; A.
    Getis, J. K. Ord, The analysis of spatial association by use of distance statistics (1992).

    Example
    -------
    Four regions in a row, mean 2 and deviation 1: the first sees 3 + 3 over two regions, so
    z = (6 - 4) / sqrt((4 x 2 - 4) / 3).

    >>> row = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    >>> getis_ord([3, 3, 1, 1], row).z.round(4)
    array([ 1.7321,  1.    , -1.    , -1.7321])
    """
    choose("variance", variance, ("weights", "counts"))
    given = Arguments()
    figures, links = read_local(given, values, weights, permutations, alternative, family, rng)
    need_rate(given, false_discovery)
    given.check()
    links.need_links()

    matrix = standardised(_with_self(links.matrix, star=star), standardise)
    table = figures.reshape(len(figures), -1)
    z = np.full(table.shape, np.nan)
    p = np.full(table.shape, np.nan)
    usable = usable_columns(table)
    draws = Draws(without_self(matrix), permutations, rng) if permutations and rng else None
    for begin in range(0, len(usable), BLOCK):
        columns = usable[begin : begin + BLOCK]
        part = table[:, columns]
        z[:, columns] = _scores(matrix, part, star=star, variance=variance)
        if draws is None:
            p[:, columns] = _normal_p(z[:, columns], alternative)
        else:
            above, below = draws.counts(part)
            p[:, columns] = pseudo_p(above, below, permutations, alternative)
    p[np.isnan(z)] = np.nan
    adjusted, significant = called_significant(p, family, false_discovery)
    shape = figures.shape
    return GetisOrd(
        z.reshape(shape),
        p.reshape(shape),
        adjusted.reshape(shape),
        significant.reshape(shape),
        links.named_islands(),
    )


def _with_self(matrix: scipy.sparse.csr_array, *, star: bool) -> scipy.sparse.csr_array:
    """Weights with a region's own where `star`, without it elsewhere."""
    if not star:
        return without_self(matrix)
    own = matrix.diagonal()
    largest = np.asarray(matrix.max(axis=1).todense()).ravel()
    missing = np.where(own > 0, 0.0, np.where(largest > 0, largest, 1.0))
    return scipy.sparse.csr_array(matrix + scipy.sparse.diags_array(missing))


def _scores(matrix: scipy.sparse.csr_array, part: Floats, *, star: bool, variance: str) -> Floats:
    total = np.asarray(matrix.sum(axis=1)).ravel()[:, None]
    of_squares = np.asarray((matrix * matrix).sum(axis=1)).ravel()[:, None]
    of_squares = total if variance == "counts" else of_squares
    z = part - part.mean(axis=0)  # moving all figures alike changes no score
    squares = (z * z).sum(axis=0)
    m = len(part) if star else len(part) - 1
    mean = np.zeros((1, z.shape[1])) if star else -z / m
    spread = (squares if star else squares - z * z) / m - mean * mean
    below = spread * (m * of_squares - total * total) / (m - 1)
    tiny = 1e-12 * squares / m * of_squares
    known = (below > tiny) & (of_squares > 0)
    scores = np.full(part.shape, np.nan)
    above = matrix @ z - total * mean
    np.divide(above, np.sqrt(np.where(known, below, 1.0)), out=scores, where=known)
    return scores


def _normal_p(z: Floats, alternative: str) -> Floats:
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    if alternative == "greater":
        return np.asarray(ndtr(-z))
    if alternative == "lesser":
        return np.asarray(ndtr(z))
    tail = ndtr(-np.abs(z))
    return np.asarray(tail if alternative == "directed" else 2 * tail)
