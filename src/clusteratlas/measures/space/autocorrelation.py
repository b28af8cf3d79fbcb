"""Global spatial autocorrelation: do neighbouring regions look alike, industry by industry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.space.neighbours import (
    SpatialWeights,
    Standardise,
    read_weights,
    standardised,
)
from clusteratlas.measures.space.points import need_rng
from clusteratlas.measures.space.significance import ALTERNATIVES, Alternative, pseudo_p

BLOCK = 64
"""Industries worked at a time, so that their figures stay in the processor's cache."""

SHUFFLES = 256
"""Orders of the regions held in memory at a time."""


@dataclass(frozen=True)
class Autocorrelation:
    """One statistic for each industry, against what chance would give."""

    statistic: Any
    expected: float
    """Mean under the null."""
    z_normality: Any
    """Standard score where the figures are draws from one normal distribution."""
    z_randomisation: Any
    """Standard score where the figures are shuffled over the regions."""
    p: Any
    """Pseudo p value of the permutations; None without."""
    islands: tuple[Any, ...]
    """Regions without neighbours, by name or by place counted from 0."""


GIVES: dict[str, Any] = dict.fromkeys(
    ("statistic", "z_normality", "z_randomisation", "p"), "industries"
)


@measure(GIVES, sparse=True)
def moran(
    values: npt.ArrayLike,
    weights: Any,
    *,
    standardise: Standardise = "row",
    permutations: int = 0,
    alternative: Alternative = "two-sided",
    rng: np.random.Generator | None = None,
) -> Autocorrelation:
    r"""Return Moran's I of each industry: above its expectation where neighbours look alike.

    Definition
    ----------
    With :math:`z_i = x_i - \bar x`, n regions and :math:`S_0 = \sum_{ij} w_{ij}`:

    .. math:: I = \frac{n}{S_0} \frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}, \quad
        E(I) = \frac{-1}{n - 1}

    Parameters
    ----------
    values
        Regions x industries, any unit (shares, quotients, excess jobs); one dimension is one
        industry.
    weights
        Regions x regions: an array, a scipy.sparse matrix, a frame labelled with regions both
        ways, or an object with ``sparse`` (a libpysal W or Graph); see ``contiguity``,
        ``nearest_neighbours`` and ``distance_band``.
    standardise
        ``"row"``: the weights of a row sum to 1; ``"binary"``: every weight is 1; ``"none"``: as
        given.
    permutations
        Shuffles of the regions for ``p``; all industries share them.
    alternative
        ``"two-sided"``: twice the smaller tail; ``"greater"``, ``"lesser"``: one tail;
        ``"directed"``: the smaller tail, which is half of what an honest test gives.
    rng
        Source of the shuffles, needed with ``permutations``.

    Returns
    -------
    Autocorrelation
        One figure for each industry in ``statistic``, ``z_normality``, ``z_randomisation`` and
        ``p``; plain numbers for one industry.

    Missing data
    ------------
    An industry with an unknown figure gives NaN, the others are not touched. An industry with the
    same figure everywhere gives NaN. Islands count in n with no neighbour to compare with, and
    are listed. Fewer than 4 regions give no z under randomisation.

    Raises
    ------
    InvalidInput
        Infinite figures; weights that are negative, not known or do not fit; ``rng`` missing.
    CannotAnswer
        No region has a neighbour.

    Source
    ------
    P. A. P. Moran, Notes on continuous stochastic phenomena (1950); A. D. Cliff, J. K. Ord,
    Spatial processes (1981), equations 1.44, 1.38, 1.39.

    Example
    -------
    Four regions in a row, high beside high: the products of neighbours are 1, -1, 1 and each is
    seen from both sides, so I = 4 / 6 x 2 / 4.

    >>> row = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    >>> round(moran([3, 3, 1, 1], row, standardise="none").statistic, 4)
    0.3333
    """
    figures, links = _read(values, weights, standardise, permutations, alternative, rng)
    matrix = links.matrix
    n = len(figures)
    s0, s1, s2 = _moments(matrix)
    expected = -1 / (n - 1)
    table = figures.reshape(n, -1)
    squares, kurtosis, products, _ = _sums(table, matrix)
    statistic = n / s0 * products / squares
    normal = (n * n * s1 - n * s2 + 3 * s0 * s0) / ((n * n - 1) * s0 * s0) - expected**2
    random = np.full(len(squares), np.nan)
    if n > 3:
        first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0)
        second = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
        random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected**2
    p = None
    if permutations and rng is not None:
        at_least, at_most = _permuted(table, matrix, permutations, rng, unlike=False)
        p = pseudo_p(at_least, at_most, permutations, alternative)
        p[np.isnan(statistic)] = np.nan
    return _result(figures, statistic, expected, normal, random, p, links)


@measure(GIVES, sparse=True)
def geary(
    values: npt.ArrayLike,
    weights: Any,
    *,
    standardise: Standardise = "row",
    permutations: int = 0,
    alternative: Alternative = "two-sided",
    rng: np.random.Generator | None = None,
) -> Autocorrelation:
    r"""Return Geary's C of each industry: below 1 where neighbours look alike.

    Definition
    ----------
    With n regions and :math:`S_0 = \sum_{ij} w_{ij}`:

    .. math:: C = \frac{n - 1}{2 S_0} \frac{\sum_{ij} w_{ij} (x_i - x_j)^2}
        {\sum_i (x_i - \bar x)^2}, \quad E(C) = 1

    Parameters
    ----------
    values
        Regions x industries, any unit; one dimension is one industry.
    weights
        Regions x regions, as for ``moran``.
    standardise
        ``"row"``: the weights of a row sum to 1; ``"binary"``: every weight is 1; ``"none"``: as
        given.
    permutations
        Shuffles of the regions for ``p``; all industries share them.
    alternative
        As for ``moran``; ``"lesser"`` tests for neighbours that look alike.
    rng
        Source of the shuffles, needed with ``permutations``.

    Returns
    -------
    Autocorrelation
        One figure for each industry in ``statistic``, ``z_normality``, ``z_randomisation`` and
        ``p``; plain numbers for one industry.

    Missing data
    ------------
    As for ``moran``: an industry with an unknown figure, or the same everywhere, gives NaN.

    Raises
    ------
    InvalidInput
        Infinite figures; weights that are negative, not known or do not fit; ``rng`` missing.
    CannotAnswer
        No region has a neighbour.

    Source
    ------
    R. C. Geary, The contiguity ratio and statistical mapping (1954); A. D. Cliff, J. K. Ord,
    Spatial processes (1981), equations 1.46, 1.40, 1.41.

    Example
    -------
    Four regions in a row, one step of 2 in the middle, seen from both sides: 3 / (2 x 6) x 8 / 4.

    >>> row = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
    >>> geary([3, 3, 1, 1], row, standardise="none").statistic
    0.5
    """
    figures, links = _read(values, weights, standardise, permutations, alternative, rng)
    matrix = links.matrix
    n = len(figures)
    s0, s1, s2 = _moments(matrix)
    table = figures.reshape(n, -1)
    squares, k, products, own = _sums(table, matrix)
    statistic = (n - 1) * (own - 2 * products) / (2 * s0 * squares)
    normal = ((2 * s1 + s2) * (n - 1) - 4 * s0 * s0) / (2 * (n + 1) * s0 * s0)
    random = np.full(len(squares), np.nan)
    if n > 3:
        first = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * k)
        second = (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * k) / 4
        third = s0 * s0 * (n * n - 3 - (n - 1) ** 2 * k)
        random = (first - second + third) / (n * (n - 2) * (n - 3) * s0 * s0)
    p = None
    if permutations and rng is not None:
        at_least, at_most = _permuted(table, matrix, permutations, rng, unlike=True)
        p = pseudo_p(at_least, at_most, permutations, alternative)
        p[np.isnan(statistic)] = np.nan
    return _result(figures, statistic, 1.0, normal, random, p, links)


def read_figures(given: Arguments, values: Any) -> tuple[Floats, tuple[Any, ...] | None]:
    """Return the figures, and the names of their regions where they have any."""
    labels = values.regions if isinstance(values, LabelledFigures) else None
    if scipy.sparse.issparse(values):
        values = values.toarray()
    figures = given.figures("values", values, signed=True)
    given.need(
        len(figures) >= 3 or not figures.size,
        "values",
        f"there are {len(figures)} regions",
        "give at least 3 regions",
    )
    return figures, labels


def _read(
    values: Any,
    weights: Any,
    standardise: str,
    permutations: int,
    alternative: str,
    rng: np.random.Generator | None,
) -> tuple[Floats, SpatialWeights]:
    choose("alternative", alternative, ALTERNATIVES)
    given = Arguments()
    figures, labels = read_figures(given, values)
    links = read_weights(given, weights, len(figures), labels)
    need_rng(given, permutations, "permutations", rng)
    given.check()
    links.need_links()
    return figures, SpatialWeights(standardised(links.matrix, standardise), links.islands, labels)


def _moments(matrix: scipy.sparse.csr_array) -> tuple[float, float, float]:
    """S0, S1 and S2 of Cliff and Ord."""
    both = matrix + matrix.T
    around = _around(matrix)
    return float(matrix.sum()), float((both.data**2).sum()) / 2, float(around @ around)


def _around(matrix: scipy.sparse.csr_array) -> Floats:
    """Weights of each region's links, in both directions."""
    return np.asarray(matrix.sum(axis=0) + matrix.sum(axis=1), dtype=np.float64).ravel()


def _centred(part: Floats) -> Floats:
    """Figures less their mean; NaN for an industry with a gap or the same figure everywhere."""
    z = np.asarray(part - part.mean(axis=0))
    z[:, part.max(axis=0) == part.min(axis=0)] = np.nan
    return z


def _sums(table: Floats, matrix: scipy.sparse.csr_array) -> tuple[Floats, Floats, Floats, Floats]:
    """For each industry: squares, kurtosis, products of neighbours, squares times the links."""
    sums = np.empty((4, table.shape[1]))
    around = _around(matrix)
    for begin in range(0, table.shape[1], BLOCK):
        z = _centred(table[:, begin : begin + BLOCK])
        squared = z * z
        part = sums[:, begin : begin + BLOCK]
        part[0] = squared.sum(axis=0)
        shares = squared / part[0]
        part[1] = len(z) * np.einsum("ij,ij->j", shares, shares)
        part[2] = np.einsum("ij,ij->j", z, matrix @ z)
        part[3] = around @ squared
    return sums[0], sums[1], sums[2], sums[3]


def _permuted(
    table: Floats,
    matrix: scipy.sparse.csr_array,
    permutations: int,
    rng: np.random.Generator,
    *,
    unlike: bool,
) -> tuple[Floats, Floats]:
    """Shuffles with a sum over links at least, and at most, as high as the observed one.

    The sum is that of products, or of squared differences where `unlike`.
    """
    from clusteratlas.measures.space.point_pairs import permuted_products  # noqa: PLC0415 - compiled

    n, width = table.shape
    at_least, at_most = np.zeros(width), np.zeros(width)
    around = _around(matrix)
    links = (matrix.indptr, matrix.indices, matrix.data)

    def sums(z: Floats, orders: npt.NDArray[np.int64]) -> Floats:
        products = np.asarray(permuted_products(z, *links, orders))
        if not unlike:
            return products
        own = np.stack([around @ z[order] ** 2 for order in orders])
        return np.asarray(own - 2 * products)

    for begin in range(0, permutations, SHUFFLES):
        count = min(SHUFFLES, permutations - begin)
        orders = np.stack([rng.permutation(n) for _ in range(count)])
        for first in range(0, width, BLOCK):
            block = slice(first, first + BLOCK)
            z = np.ascontiguousarray(_centred(table[:, block]))
            drawn, seen = sums(z, orders), sums(z, np.arange(n)[None])
            slack = 1e-12 * around.sum() * np.abs(z).max(axis=0) ** 2
            at_least[block] += (drawn >= seen - slack).sum(axis=0)
            at_most[block] += (drawn <= seen + slack).sum(axis=0)
    return at_least, at_most


def _result(
    figures: Floats,
    statistic: Floats,
    expected: float,
    normal: float,
    random: Floats,
    p: Floats | None,
    links: SpatialWeights,
) -> Autocorrelation:
    deviation = np.sqrt(np.where(random > 0, random, np.nan))
    spread = np.sqrt(normal) if normal > 0 else np.nan
    found: list[Any] = [statistic, (statistic - expected) / spread]
    found += [(statistic - expected) / deviation, p]
    if figures.ndim == 1:
        found = [None if one is None else float(one[0]) for one in found]
    return Autocorrelation(found[0], expected, found[1], found[2], found[3], links.named_islands())
