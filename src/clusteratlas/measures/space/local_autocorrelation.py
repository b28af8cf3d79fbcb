"""Local Moran's I: which regions resemble or oppose their neighbours, industry by industry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments
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

QUADRANTS = ("", "high-high", "low-high", "low-low", "high-low")
"""What the codes 1 to 4 of a quadrant say: the region, then its neighbours; 0 is not known."""


@dataclass(frozen=True)
class LocalMoran:
    """Local Moran's I of each region and industry; None where nothing was drawn."""

    statistic: Any
    quadrant: Any
    """Codes 0-4, see `QUADRANTS`."""
    p: Any
    adjusted: Any
    """p values adjusted for the number of tests (Benjamini-Hochberg)."""
    significant: Any
    """Whether the adjusted p value is at most the rate of false discoveries allowed."""
    islands: tuple[Any, ...]
    """Regions without neighbours, by name or by place counted from 0."""


@measure(
    dict.fromkeys(("statistic", "quadrant", "p", "adjusted", "significant"), "cells"), sparse=True
)
def local_moran(
    values: npt.ArrayLike,
    weights: Any,
    *,
    standardise: Standardise = "row",
    ddof: int = 1,
    permutations: int = 0,
    alternative: Alternative = "two-sided",
    false_discovery: float = 0.05,
    family: Family = "industry",
    rng: np.random.Generator | None = None,
) -> LocalMoran:
    r"""Return local Moran's I (LISA): which regions resemble or oppose their neighbours.

    Definition
    ----------
    With :math:`z_i = x_i - \bar x` and n regions:

    .. math:: I_i = \frac{z_i \sum_j w_{ij} z_j}{m_2}, \quad
        m_2 = \frac{\sum_i z_i^2}{n - \mathit{ddof}}

    p by conditional permutation: the region keeps its figure and its neighbours are drawn among
    all other regions. All regions and industries share one set of draws.

    Parameters
    ----------
    values
        Regions x industries, any unit; one dimension is one industry. Prefer quotients shrunk
        towards 1 or excess jobs: raw quotients of small regions make hot spots of noise.
    weights
        Regions x regions, as for ``moran``. A weight of a region on itself is kept as it is.
    standardise
        ``"row"``: the weights of a row sum to 1; ``"binary"``: every weight is 1; ``"none"``: as
        given.
    ddof
        1 divides the squares by n - 1, 0 by n.
    permutations
        Draws for the p values; at least 999 for a rate of 0.05 over many regions.
    alternative
        ``"two-sided"``: twice the smaller tail; ``"greater"``: like neighbours; ``"lesser"``:
        unlike neighbours; ``"directed"``: the smaller tail with ties left out of the lower one,
        which calls regions with nothing around them significant.
    false_discovery
        Share of false ones allowed among the regions called significant.
    family
        The tests that are many: ``"industry"``, the regions of each industry on its own, or
        ``"all"``, all regions and industries at once.
    rng
        Source of the draws, needed with ``permutations``.

    Returns
    -------
    LocalMoran
        In the shape of ``values``: ``statistic``, ``quadrant`` (1 high-high, 2 low-high, 3
        low-low, 4 high-low, 0 not known) and, with permutations, ``p``, ``adjusted`` and
        ``significant``.

    Missing data
    ------------
    An industry with an unknown figure, or the same everywhere, gives NaN in every region, as its
    mean is not known or means nothing; the others are not touched. Islands give NaN and are
    listed. None of them is ever significant.

    Raises
    ------
    InvalidInput
        Infinite figures; weights that are negative, not known or do not fit; ``rng`` missing.
    CannotAnswer
        No region has a neighbour.

    Source
    ------
    L. Anselin, Local indicators of spatial association (1995), equations 12 and 13; Y. Benjamini,
    Y. Hochberg, Controlling the false discovery rate (1995).

    Example
    -------
    Four regions in a row with z = 1, 1, -1, -1 and 4 / 3 as their variance.

    >>> row = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    >>> found = local_moran([3, 3, 1, 1], row)
    >>> found.statistic, [QUADRANTS[code] for code in found.quadrant]
    (array([0.75, 0.  , 0.  , 0.75]), ['high-high', 'high-low', 'low-low', 'low-low'])
    """
    given = Arguments()
    figures, links = read_local(given, values, weights, permutations, alternative, family, rng)
    given.need(ddof in (0, 1), "ddof", f"ddof is {ddof!r}", "give 0 or 1")
    need_rate(given, false_discovery)
    given.check()
    links.need_links()

    matrix = standardised(links.matrix, standardise)
    table = figures.reshape(len(figures), -1)
    usable = usable_columns(table)
    statistic = np.full(table.shape, np.nan)
    quadrant = np.zeros(table.shape, dtype=np.int8)
    p = np.full(table.shape, np.nan) if permutations else None
    draws = None if p is None or rng is None else Draws(without_self(matrix), permutations, rng)
    for begin in range(0, len(usable), BLOCK):
        columns = usable[begin : begin + BLOCK]
        part = table[:, columns]
        z = part - part.mean(axis=0)
        lag = matrix @ z
        lag[links.islands] = np.nan
        variance = (z * z).sum(axis=0) / (len(z) - ddof)
        statistic[:, columns] = z * lag / variance + 0.0  # + 0 makes -0 plain 0
        codes = np.where(z > 0, np.where(lag > 0, 1, 4), np.where(lag > 0, 2, 3))
        codes[links.islands] = 0
        quadrant[:, columns] = codes
        if draws is None or p is None:
            continue
        above, below = draws.counts(part)
        # I rises with the lag where z > 0 and falls with it where z < 0.
        at_least = np.where(z > 0, above, np.where(z < 0, below, permutations))
        at_most = np.where(z > 0, below, np.where(z < 0, above, permutations))
        p[:, columns] = pseudo_p(at_least, at_most, permutations, alternative)
    if p is not None:
        p[links.islands] = np.nan
    adjusted, significant = called_significant(p, family, false_discovery)
    shape = figures.shape
    return LocalMoran(
        statistic.reshape(shape),
        quadrant.reshape(shape),
        None if p is None else p.reshape(shape),
        None if adjusted is None else adjusted.reshape(shape),
        None if significant is None else significant.reshape(shape),
        links.named_islands(),
    )
