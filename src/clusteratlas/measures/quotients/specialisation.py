"""Shares and quotients: how much of a region, of a nation, and against the nation."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import (
    CELLS,
    LARGEST,
    Arguments,
    Floats,
    columns,
    divide,
    sum_known,
)
from clusteratlas.measures.labelled import measure


@measure("cells", sparse=True)
def location_quotient(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    total: npt.ArrayLike | None = None,
    reference_total: float | None = None,
) -> Floats:
    r"""Return how many times as specialised each region is as the reference area.

    Definition
    ----------
    .. math:: LQ_{rc} = \frac{e_{rc} / e_r}{E_c / E}

    The cluster's share of the region's jobs over its share of the reference area's jobs. 1 means
    the same share as in the reference area, 2 twice that share.

    Parameters
    ----------
    employment
        e_rc: regions x clusters (or industries), jobs; one dimension is one cluster, and needs
        ``total``.
    reference
        E_c: the reference area's jobs, one for each cluster. Default: the column sums, which are
        the nation only where the regions cover it without overlap.
    total
        e_r: each region's jobs to take shares of, one for each region. Default: the row sums, so
        that passing only the traded clusters gives the quotient within traded employment.
    reference_total
        E: the reference area's jobs to take shares of. Default: the sum of ``reference``, or the
        sum of ``total`` where that is given. With both given it must be given too, as nobody can
        tell which of the two sums is meant.

    Returns
    -------
    numpy.ndarray
        Quotients in the shape of ``employment``, ratio >= 0. A sparse matrix gives a sparse matrix
        (CSR) with the same cells stored.

    Missing data
    ------------
    A cell that a sparse matrix does not store is a reported zero, and its quotient stays unstored,
    also in a region without jobs. A NaN cell stays NaN. Default sums run over the known cells, so a
    region with unknown cells gets too small a total and its other quotients come out too high: give
    ``total`` where a coarser figure is printed. A region, cluster or nation without jobs gives NaN,
    not 0.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, ``reference_total`` missing.

    Source
    ------
    P. Sargant Florence, Investment, Location, and Size of Plant (1948); within traded employment:
    M. Delgado, M. E. Porter, S. Stern, Defining clusters of related industries (2016).

    Example
    -------
    Two regions with 100 jobs each, 60 of the nation's 200 in the first cluster: a share of 0.3.

    >>> location_quotient([[45, 55], [15, 85]]).round(4)
    array([[1.5   , 0.7857],
           [0.5   , 1.2143]])

    One region and one cluster, all four figures given: (45 / 100) / (60 / 200).

    >>> location_quotient([45], reference=[60], total=[100], reference_total=200)
    array([1.5])
    """
    given = Arguments()
    stored: Any = employment if scipy.sparse.issparse(employment) else None
    plain = _plain(employment)
    if stored is not None:
        jobs = _stored(given, stored)
    else:
        jobs = given.figures("employment", employment) if plain is None else plain.table
    table = columns(jobs) if stored is None else jobs
    rows, width = table.shape if stored is None else stored.shape
    if stored is None:
        _need_total(given, jobs, total)
    given.need(
        reference is None or total is None or reference_total is not None,
        "reference_total",
        "reference_total is missing",
        "reference and total are both given; say which jobs the reference shares are taken of",
    )
    region = None if total is None else given.vector("total", total, rows, "region")
    nation = None if reference is None else given.vector("reference", reference, width, "cluster")
    whole = None if reference_total is None else given.scalar("reference_total", reference_total)
    given.check()

    if stored is not None:
        row = np.repeat(np.arange(rows), np.diff(stored.indptr))
        region = _stored_sums(row, jobs, rows) if region is None else region
        nation = _stored_sums(stored.indices, jobs, width) if nation is None else nation
    elif plain is not None:
        region = plain.by_row if region is None else region
        nation = plain.by_column if nation is None else nation
    else:
        region = sum_known(table, 1) if region is None else region
        nation = sum_known(table, 0) if nation is None else nation
    if whole is None:
        whole = float(sum_known(nation if total is None else region, 0))
    if stored is None:
        return _table_of_quotients(table, region, divide(nation, whole)).reshape(jobs.shape)
    size = np.where(region > 0, region, np.nan)
    share = divide(nation, whole)
    share = np.where(share > 0, share, np.nan)
    cells = jobs / size[row] / share[stored.indices]
    places = (stored.indices.copy(), stored.indptr.copy())
    return cast(Floats, scipy.sparse.csr_array((cells, *places), stored.shape))


def _stored(given: Arguments, stored: Any) -> Floats:
    """Return the stored cells of a sparse matrix; collect what is wrong with them."""
    cells = np.asarray(stored.data)
    if cells.dtype.kind not in "biuf" or (
        cells.size and not (np.fmin.reduce(cells) >= 0 and np.fmax.reduce(cells) <= LARGEST)
    ):
        given.figures("employment", stored.toarray())  # names the row and the column
    return cells.astype(np.float64)


def _stored_sums(place: npt.NDArray[np.intp], cells: Floats, length: int) -> Floats:
    """Return the sums of the known stored cells; 0 where there is none, which has no share."""
    total = np.bincount(place, cells, length)
    if np.isnan(total).any():
        known = ~np.isnan(cells)
        total = np.bincount(place[known], cells[known], length)
    return np.asarray(total, dtype=np.float64)


class _Plain(NamedTuple):
    """A table without gap or fault, and its sums."""

    table: Floats
    by_row: Floats
    by_column: Floats


def _plain(employment: object) -> _Plain | None:
    """Return a table of floats with its sums where these already show that all cells are usable.

    None else: the cells are then looked at one by one.
    """
    if type(employment) is not np.ndarray or employment.dtype != np.float64:
        return None
    if employment.ndim != 2 or not employment.size or not employment.min() >= 0:
        return None
    by_row = np.einsum("rc->r", employment)
    if not by_row.max() <= LARGEST:
        return None
    return _Plain(employment, by_row, employment.sum(axis=0))


def _table_of_quotients(table: Floats, region: Floats, share: Floats) -> Floats:
    quotient = np.empty_like(table, order="C")
    size = np.where(region > 0, region, np.nan)[:, None]
    share = np.where(share > 0, share, np.nan)
    step = max(1, CELLS // max(table.shape[1], 1))
    for start in range(0, len(table), step):
        block = slice(start, start + step)
        part = np.divide(table[block], size[block], out=quotient[block])
        np.divide(part, share, out=part)
    return quotient


def quotient_of(
    jobs: npt.ArrayLike, total: npt.ArrayLike, reference: npt.ArrayLike, whole: npt.ArrayLike
) -> Floats:
    """Return the share of the total over the share of the whole, for arrays that fit together."""
    return divide(divide(jobs, total), divide(reference, whole))


@measure("cells")
def region_share(employment: npt.ArrayLike, *, total: npt.ArrayLike | None = None) -> Floats:
    r"""Return each cluster's share of its region's jobs.

    Definition
    ----------
    .. math:: s_{rc} = e_{rc} / e_r

    Parameters
    ----------
    employment
        e_rc: regions x clusters, jobs; one dimension is one cluster, and needs ``total``.
    total
        e_r: each region's jobs, one for each region. Default: the row sums.

    Returns
    -------
    numpy.ndarray
        Shares in the shape of ``employment``; 0-1 where the total holds its parts.

    Missing data
    ------------
    A NaN cell stays NaN; default sums run over the known cells; a region without jobs gives NaN.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit.

    Source
    ------
    Elementary.

    Example
    -------
    >>> region_share([[30, 70], [0, 0]])
    array([[0.3, 0.7],
           [nan, nan]])
    >>> region_share([30], total=[120])
    array([0.25])
    """
    given = Arguments()
    jobs = given.figures("employment", employment)
    table = columns(jobs)
    _need_total(given, jobs, total)
    region = None if total is None else given.vector("total", total, len(table), "region")
    given.check()
    region = sum_known(table, 1) if region is None else region
    return divide(table, region[:, None]).reshape(jobs.shape)


@measure("cells")
def national_share(employment: npt.ArrayLike, *, reference: npt.ArrayLike | None = None) -> Floats:
    r"""Return each region's share of the cluster's jobs in the reference area.

    Definition
    ----------
    .. math:: s_{rc} = e_{rc} / E_c

    Parameters
    ----------
    employment
        e_rc: regions x clusters, jobs; one dimension is one cluster.
    reference
        E_c: the reference area's jobs, one for each cluster. Default: the column sums.

    Returns
    -------
    numpy.ndarray
        Shares in the shape of ``employment``; 0-1 where the reference area holds the regions.

    Missing data
    ------------
    A NaN cell stays NaN; default sums run over the known cells, so the known regions' shares come
    out too high; a cluster without jobs gives NaN.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit.

    Source
    ------
    Elementary.

    Example
    -------
    >>> national_share([[30], [70]])
    array([[0.3],
           [0.7]])
    >>> national_share([30, 70], reference=[200])
    array([0.15, 0.35])
    """
    given = Arguments()
    jobs = given.figures("employment", employment)
    table = columns(jobs)
    width = table.shape[1]
    nation = None if reference is None else given.vector("reference", reference, width, "cluster")
    given.check()
    return divide(table, sum_known(table, 0) if nation is None else nation).reshape(jobs.shape)


def _need_total(given: Arguments, jobs: Floats, total: npt.ArrayLike | None) -> None:
    given.need(
        jobs.ndim == 2 or jobs.size == 0 or total is not None,
        "total",
        "total is missing",
        "one cluster alone does not tell the region's jobs; give total, one for each region",
    )
