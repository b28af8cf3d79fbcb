"""Which industries a region is specialised in, in how many, and in how many regions each is."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import LARGEST, Arguments, Floats
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.networks.presence_matrix import read_presence


@measure("cells", sparse=True)
def presence(
    location_quotient: npt.ArrayLike,
    employment: npt.ArrayLike | None = None,
    *,
    threshold: float = 1.0,
    least_employment: float | None = None,
) -> Floats:
    r"""Return where an industry is present: 1 where the region is specialised in it, else 0.

    Definition
    ----------
    .. math:: M_{ri} = 1 \text{ if } LQ_{ri} \ge t \text{ and } e_{ri} \ge e_{min}, \text{ else } 0

    Parameters
    ----------
    location_quotient
        Regions x industries (or one industry), ratio. A sparse matrix gives a sparse one.
    employment
        e_ri: same shape, jobs; needed only with ``least_employment``.
    threshold
        t: a quotient of exactly the threshold counts as present.
    least_employment
        e_min, jobs: a high quotient of a handful of jobs does not count. Default: no such floor.

    Returns
    -------
    numpy.ndarray
        1.0, 0.0 or NaN (not known) in the shape of the quotients.

    Missing data
    ------------
    An unknown quotient gives NaN. Where the quotient suffices and the jobs are not known, NaN;
    where one of the two is known to fall short, 0. A cell that a sparse matrix does not hold is a
    quotient of zero.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, one of ``employment`` and
        ``least_employment`` without the other.

    Source
    ------
    B. Balassa (1965), a quotient above one; as a 0/1 matrix: C. A. Hidalgo, B. Klinger,
    A.-L. Barabasi, R. Hausmann, The product space conditions the development of nations (2007),
    supplement.

    Example
    -------
    >>> presence([[1.0, 0.99], [np.nan, 2.5]])
    array([[ 1.,  0.],
           [nan,  1.]])
    >>> presence([[1.0, 2.0]], [[500, 3]], least_employment=10)
    array([[1., 0.]])
    """
    given = Arguments()
    least = given.scalar("threshold", threshold)
    given.need(
        (employment is None) == (least_employment is None),
        "least_employment",
        "employment and least_employment go together",
        "give the jobs and the number below which an industry does not count",
    )
    if scipy.sparse.issparse(location_quotient):
        return _sparse_presence(given, location_quotient, employment, least)
    quotient = given.figures("location_quotient", location_quotient)
    found = (quotient >= least).astype(np.float64)
    if quotient.size and np.isnan(quotient.min()):
        found[np.isnan(quotient)] = np.nan
    if employment is not None and least_employment is not None:
        floor = given.scalar("least_employment", least_employment)
        jobs = given.figures("employment", _dense(employment))
        given.same_shape("location_quotient", quotient, "employment", jobs)
        given.check()
        found[(jobs < floor)] = 0.0
        found[np.isnan(jobs) & (found != 0)] = np.nan
    given.check()
    return np.asarray(found)


def _dense(values: Any) -> Any:
    return values.toarray() if scipy.sparse.issparse(values) else values


def _sparse_presence(given: Arguments, quotient: Any, employment: object, least: float) -> Floats:
    given.need(
        employment is None,
        "employment",
        "the quotients are sparse and employment is given",
        "give dense quotients, or leave small industries out of them first",
    )
    stored = np.asarray(quotient.data)
    usable = stored.dtype.kind in "biuf" and not (
        stored.size and not (np.fmin.reduce(stored) >= 0 and np.fmax.reduce(stored) <= LARGEST)
    )
    # Dense where something is wrong, so that the fault names its row and column.
    given.figures("location_quotient", stored if usable else quotient.toarray())
    given.check()
    found = scipy.sparse.csr_matrix(quotient, dtype=np.float64, copy=True)
    found.sum_duplicates()
    unknown = np.isnan(found.data)
    found.data = np.where(unknown, np.nan, (found.data >= least).astype(np.float64))
    found.eliminate_zeros()
    return cast(Floats, found)


@measure("regions", sparse=True)
def diversity(presence: npt.ArrayLike) -> Floats:
    r"""Return in how many industries each region is specialised.

    Definition
    ----------
    .. math:: k_{r,0} = \sum_i M_{ri}

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.

    Returns
    -------
    numpy.ndarray
        Number of industries, one for each region.

    Missing data
    ------------
    A region with an unknown cell gives NaN; one without any industry gives 0.

    Raises
    ------
    InvalidInput
        Cells other than 0, 1 and NaN.

    Source
    ------
    C. A. Hidalgo, R. Hausmann, The building blocks of economic complexity (2009), equation 3.

    Example
    -------
    >>> diversity([[1, 1, 0], [0, 1, 0]])
    array([2., 1.])
    """
    return _counts(presence, 1)


@measure("industries", sparse=True)
def ubiquity(presence: npt.ArrayLike) -> Floats:
    r"""Return in how many regions each industry is present.

    Definition
    ----------
    .. math:: k_{i,0} = \sum_r M_{ri}

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.

    Returns
    -------
    numpy.ndarray
        Number of regions, one for each industry.

    Missing data
    ------------
    An industry with an unknown cell gives NaN; one that is nowhere gives 0.

    Raises
    ------
    InvalidInput
        Cells other than 0, 1 and NaN.

    Source
    ------
    C. A. Hidalgo, R. Hausmann, The building blocks of economic complexity (2009), equation 3.

    Example
    -------
    >>> ubiquity([[1, 1, 0], [0, 1, 0]])
    array([1., 2., 0.])
    """
    return _counts(presence, 0)


def _counts(presence: Any, axis: int) -> Floats:
    given = Arguments()
    if scipy.sparse.issparse(presence):
        known = presence.copy()
        known.data = np.where(np.isnan(known.data), 1.0, known.data)
        read_presence(given, "presence", known)
        given.check()
        return np.asarray(presence.sum(axis=axis), dtype=np.float64).ravel()
    figures = given.figures("presence", presence)
    given.need(
        figures.ndim == 2, "presence", "presence has one dimension", "give regions x industries"
    )
    given.flags("presence", figures)
    given.check()
    return np.asarray(figures.sum(axis=axis))
