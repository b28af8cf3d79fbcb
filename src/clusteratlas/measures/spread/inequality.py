"""How unequally a quantity is spread: Gini, the two locational Ginis, Theil."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import Arguments, Floats, choose, columns, divide
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.spread.distributions import (
    Of,
    by_rows,
    compared,
    distributions,
    number_or_each,
    there,
)


@measure("industries")
def gini(values: npt.ArrayLike, *, corrected: bool = False, of: Of = "industries") -> Floats:
    r"""Return the Gini coefficient of each industry's figures over the regions.

    Definition
    ----------
    With the n figures in rising order, zeros included:

    .. math:: G = \frac{2 \sum_k k\, y_{(k)}}{n \sum_k y_{(k)}} - \frac{n + 1}{n}

    Parameters
    ----------
    values
        Regions x industries, any unit, >= 0; one dimension is one distribution.
    corrected
        Whether to multiply by n / (n - 1), so that one region holding all gives 1.
    of
        ``industries``: each industry over the regions. ``regions``: each region over the
        industries.

    Returns
    -------
    numpy.ndarray
        One for each industry (or region), 0 to 1 - 1/n, corrected 0-1; a number for one
        distribution.

    Missing data
    ------------
    A distribution with a withheld cell gives NaN, and so does one whose figures are all zero.

    Raises
    ------
    InvalidInput
        Negative or infinite figures.

    Source
    ------
    C. Gini (1912); correction: G. Deltas, The small-sample bias of the Gini coefficient, Review of
    Economics and Statistics 85 (2003).

    Example
    -------
    >>> float(gini([0, 0, 0, 8])), float(gini([0, 0, 0, 8], corrected=True))
    (0.75, 1.0)
    """
    given = Arguments()
    table, single = distributions(given, "values", values, of)
    return number_or_each(_gini(table, corrected), single)


@measure("regions")
def specialisation_gini(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    corrected: bool = False,
) -> Floats:
    r"""Return the Gini coefficient of each region's location quotients over the industries.

    Definition
    ----------
    With the n quotients of a region in rising order, every industry counting alike:

    .. math:: G_r = \frac{2 \sum_k k\, LQ_{(k)}}{n \sum_k LQ_{(k)}} - \frac{n + 1}{n}

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one region, and needs ``reference``.
    reference
        E_i: jobs of the reference area, one for each industry. Default: the column sums.
    corrected
        As in `gini`.

    Returns
    -------
    numpy.ndarray
        One for each region, 0 to 1 - 1/n; a number for one region.

    Missing data
    ------------
    A region with a withheld cell gives NaN. Without ``reference`` one withheld cell would spoil
    every region, and the call is refused. An industry without jobs in the reference area has no
    quotient and is left out; a region with jobs in one gives NaN, as does one without jobs.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown cells as said above.

    Source
    ------
    O. Farhauer, A. Kröll, Standorttheorien (2014).

    Example
    -------
    Quotients in proportion 0 : 0 : 3.

    >>> round(float(specialisation_gini([0, 0, 30], reference=[5, 5, 10])), 4)
    0.6667
    """
    given = Arguments()
    table, mix, single = compared(given, employment, reference, "industry")
    there = mix > 0
    index = _gini(table[:, there] / mix[there], corrected)
    if not there.all():
        index = np.where((table[:, ~there] > 0).any(axis=1), np.nan, index)
    return number_or_each(index, single)


def _gini(table: Floats, corrected: bool) -> Floats:
    count = table.shape[1]
    ranks = np.arange(1.0, count + 1)

    def of_rows(rows: Floats) -> Floats:
        ordered = np.sort(rows, axis=1)
        weighted = divide(2 * (ordered @ ranks), count * ordered.sum(axis=1))
        return np.asarray(np.maximum(weighted - (count + 1) / max(count, 1), 0.0))

    index = by_rows(of_rows, table)
    if not corrected:
        return index
    return np.asarray(index * divide(count, count - 1), dtype=np.float64)


@measure("industries", sparse=True)
def locational_gini(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    kind: Literal["hoover", "unweighted"] = "hoover",
) -> Floats:
    r"""Return how unequally each industry lies over the regions, against the regions' size.

    Definition
    ----------
    With shares :math:`s_r = e_{ri} / e_i` of the industry and :math:`x_r = X_r / X` of the
    reference, regions in rising order of the quotient s_r / x_r:

    .. math:: G^{hoover}_i = 1 - \sum_k x_{(k)} (S_k + S_{k-1}), \quad S_k = \sum_{l \le k} s_{(l)}

    which is twice the area between the localisation curve and the diagonal, and

    .. math:: G^{unweighted}_i = \frac{2 \sum_k k\, LQ_{(k)}}{n \sum_k LQ_{(k)}} - \frac{n + 1}{n}

    which is the plain Gini of the n quotients, a region of any size counting once. The two differ:
    splitting a region in two like halves leaves the first as it is and changes the second.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one industry, and needs ``reference``.
    reference
        X_r: size of each region: all its jobs, its people. Default: the row sums.
    kind
        ``hoover`` (weighted by the regions' size) or ``unweighted``. Half of the first is the
        coefficient with the limit of 0.5 that some packages give.

    Returns
    -------
    numpy.ndarray
        One for each industry, 0-1; a number for one industry.

    Missing data
    ------------
    An industry with a withheld cell gives NaN. Without ``reference`` one withheld cell would spoil
    every industry, and the call is refused. NaN also for an industry without jobs. A region of
    size 0 does not count as one; jobs in it lie at the steep end of the curve, and unweighted give
    NaN. Cells that a sparse
    matrix does not store are reported zeros.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown cells as said above.
    CannotAnswer
        Unknown ``kind``.

    Source
    ------
    P. Krugman, Geography and Trade (1991), chapter 2; curve: E. M. Hoover (1936). Unweighted:
    O. Farhauer, A. Kröll, Standorttheorien (2014).

    Example
    -------
    Two regions of one size; the second has three quarters of the industry: 1 - 0.5 (0.25 + 1.25).

    >>> float(locational_gini([25, 75], reference=[1, 1]))
    0.25

    A third of the land with no industry, two thirds with all of it.

    >>> sizes = [1, 1, 1]
    >>> [round(float(locational_gini([0, 5, 5], sizes, kind=kind)), 4) for kind in ("hoover",
    ...     "unweighted")]
    [0.3333, 0.3333]
    """
    choose("kind of locational Gini", kind, ("hoover", "unweighted"))
    present, sizes, single = _present(employment, reference)
    usable = np.where(sizes > 0, sizes, np.nan)
    of_one = _hoover_gini if kind == "hoover" else _unweighted_gini(int(np.count_nonzero(sizes)))
    shares = divide(sizes, sizes.sum())[present.rows]
    # A region without size has no quotient; it comes last, where the curve has no width left.
    quotients = present.jobs / usable[present.rows]
    index = np.full(len(present.starts) - 1, np.nan)
    for place, (start, end) in enumerate(pairwise(present.starts.tolist())):
        if end > start:
            index[place] = of_one(quotients[start:end], present.jobs[start:end], shares[start:end])
    return number_or_each(index, single)


def _hoover_gini(quotients: Floats, jobs: Floats, shares: Floats) -> float:
    order = quotients.argsort()
    ordered = jobs[order]
    cumulated = ordered.cumsum()
    under = (2.0 * cumulated - ordered) @ shares[order]
    return max(float(1.0 - under / cumulated[-1]), 0.0)


def _unweighted_gini(count: int) -> Callable[[Floats, Floats, Floats], float]:
    ranks = np.arange(1.0, count + 1)

    def of_one(quotients: Floats, jobs: Floats, shares: Floats) -> float:
        ordered = np.sort(quotients)
        if np.isnan(ordered[-1]):
            return np.nan
        weighted = ordered @ ranks[count - len(ordered) :]
        return max(float(2.0 * weighted / (count * ordered.sum()) - (count + 1) / count), 0.0)

    return of_one


class _Present(NamedTuple):
    """The cells with jobs, industry by industry."""

    jobs: Floats
    rows: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    """Where each industry's cells start, and where the last one's end."""


def _present(employment: Any, reference: npt.ArrayLike | None) -> tuple[_Present, Floats, bool]:
    given = Arguments()
    if scipy.sparse.issparse(employment):
        stored = employment.tocsr()
        cells = np.asarray(stored.data)
        if cells.size and not (cells.min() >= 0 and cells.max() < np.inf):
            # Dense, so that a fault names its row and column.
            read = given.figures("employment", employment.toarray())
        given.check()
        shape, single = stored.shape, False
        by_column = stored.tocsc()
        by_column.sum_duplicates()
        by_column.eliminate_zeros()
    else:
        read = given.figures("employment", employment)
        single = read.ndim == 1
        given.need(
            not single or reference is not None or not read.size,
            "reference",
            "reference is missing",
            "one industry alone does not tell the regions' size; give one for each region",
        )
        given.check()
        table = columns(read)
        shape = table.shape
        stored = table
        by_column = _by_column(table)
    if reference is None:
        sizes = np.asarray(stored.sum(axis=1), dtype=np.float64).ravel()
        if np.isnan(sizes).any():
            given.known("employment", read)
            given.check()
    else:
        sizes = given.vector("reference", reference, shape[0], "region")
        given.known("reference", sizes)
        given.check()
    jobs = np.asarray(by_column.data, dtype=np.float64)
    return _Present(jobs, by_column.indices, by_column.indptr), sizes, single


def _by_column(table: Floats) -> Any:
    there = table != 0
    places = np.flatnonzero(there)
    starts = np.zeros(len(table) + 1, dtype=np.int64)
    np.cumsum(np.count_nonzero(there, axis=1), out=starts[1:])
    row = np.repeat(np.arange(len(table)), np.diff(starts))
    cells = np.ascontiguousarray(table).ravel()[places]
    inner = places - row * table.shape[1]
    return scipy.sparse.csr_array((cells, inner, starts), shape=table.shape).tocsc()


@measure("industries")
def theil_index(
    values: npt.ArrayLike,
    *,
    kind: Literal["T", "L"] = "T",
    zeros: Literal["keep", "drop"] = "keep",
    of: Of = "industries",
) -> Floats:
    r"""Return Theil's inequality of each industry's figures over the regions.

    Definition
    ----------
    With :math:`y_k = x_k / \bar x` over n figures:

    .. math:: T = \frac{1}{n} \sum_k y_k \ln y_k, \qquad L = \frac{1}{n} \sum_k \ln \frac{1}{y_k}

    L is also called the mean logarithmic deviation.

    Parameters
    ----------
    values
        Regions x industries, any unit, >= 0; one dimension is one distribution.
    kind
        ``T`` or ``L``. The function `theil` of the R package REAT gives L.
    zeros
        ``keep``: 0 ln 0 counts as 0 in T, and L has no finite value. ``drop``: figures of 0 are
        left out, and n counts the others.
    of
        As in `gini`.

    Returns
    -------
    numpy.ndarray
        One for each industry (or region), >= 0, T at most ln n; a number for one distribution.

    Missing data
    ------------
    A distribution with a withheld cell gives NaN, so does one whose figures are all zero, and L of
    a distribution with a zero that is kept.

    Raises
    ------
    InvalidInput
        Negative or infinite figures.
    CannotAnswer
        Unknown ``kind`` or ``zeros``.

    Source
    ------
    H. Theil, Economics and Information Theory (1967).

    Example
    -------
    One region has all of it: ln 2 of two regions.

    >>> round(float(theil_index([8, 0])), 4)
    0.6931
    >>> round(float(theil_index([10, 10, 10, 20, 50], kind="L")), 7)
    0.2326302
    """
    choose("Theil index", kind, ("T", "L"))
    choose("way to treat zeros", zeros, ("keep", "drop"))
    given = Arguments()
    table, single = distributions(given, "values", values, of)

    def of_rows(rows: Floats) -> Floats:
        total = rows.sum(axis=1)
        row, figures = there(rows)
        present = np.bincount(row, minlength=len(rows))
        count = present if zeros == "drop" else np.full(len(rows), rows.shape[1])
        ratio = figures * count[row] / total[row]
        logs = np.log(ratio)
        terms = ratio * logs if kind == "T" else -logs
        index = divide(np.bincount(row, terms, len(rows)), count)
        full = present > 0 if kind == "T" or zeros == "drop" else present == rows.shape[1]
        return np.where(full, index, np.nan)

    return number_or_each(np.maximum(by_rows(of_rows, table), 0.0), single)
