"""Places among regions: ranks and percentiles, ties stated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats, choose, columns, divide
from clusteratlas.measures.labelled import measure

TIES = ("min", "max", "average", "dense")
"""What equal values get: the best place, the worst, their mean, or places without gaps."""


@measure("cells")
def rank(values: npt.ArrayLike, *, ties: str = "min") -> Floats:
    r"""Return the place of each region in its column, the highest value first.

    Definition
    ----------
    With ``ties="min"``: 1 + the number of regions with a higher value, as in sport (1, 2, 2, 4).
    ``"max"``: the number of regions with a higher or equal value (1, 3, 3, 4). ``"average"``: the
    mean of the two (1, 2.5, 2.5, 4). ``"dense"``: 1 + the number of different higher values
    (1, 2, 2, 3). There is no rule by order of rows: two equal regions never differ in rank.

    Parameters
    ----------
    values
        Regions x clusters (or one column), any unit and sign.
    ties
        One of ``TIES``.

    Returns
    -------
    numpy.ndarray
        Ranks >= 1 as floats in the shape of ``values``; whole numbers unless ``"average"``.

    Missing data
    ------------
    NaN gets NaN and takes no place. Zeros are ranked: set what shall not compete to NaN.

    Raises
    ------
    InvalidInput
        Infinite values.
    CannotAnswer
        Unknown ``ties``.

    Source
    ------
    Elementary.

    Example
    -------
    >>> rank([5.0, 7.0, np.nan, 5.0, 1.0])
    array([ 2.,  1., nan,  2.,  4.])
    >>> rank([5.0, 7.0, np.nan, 5.0, 1.0], ties="average")
    array([2.5, 1. , nan, 2.5, 4. ])
    """
    choose("rule for ties", ties, TIES)
    given = Arguments()
    read = given.figures("values", values, signed=True)
    given.check()
    return _rank(read, ties)


@measure("cells")
def percentile(values: npt.ArrayLike) -> Floats:
    r"""Return the share of the other ranked regions that each region beats or equals.

    Definition
    ----------
    .. math:: p_r = \frac{n - rank_r}{n - 1}

    with n the regions ranked in the column and ties sharing the best rank: the highest value gets
    1, a single lowest value 0, and equal values the same percentile.

    Parameters
    ----------
    values
        Regions x clusters (or one column), any unit and sign.

    Returns
    -------
    numpy.ndarray
        Percentiles 0-1 in the shape of ``values``.

    Missing data
    ------------
    NaN gets NaN and is not counted. A region ranked alone gets NaN: there are no others.

    Raises
    ------
    InvalidInput
        Infinite values.

    Source
    ------
    Elementary. The US portal's percentile is another: 100 / n x (rank - 0.5), 0 for the best.

    Example
    -------
    The first region beats one and equals one of four others.

    >>> percentile([5.0, 7.0, np.nan, 5.0, 1.0, 9.0])
    array([0.5 , 0.75,  nan, 0.5 , 0.  , 1.  ])
    """
    given = Arguments()
    read = given.figures("values", values, signed=True)
    given.check()
    ranked = (~np.isnan(read)).sum(axis=0)
    return divide(ranked - _rank(read, "min"), ranked - 1)


def _rank(read: Floats, ties: str) -> Floats:
    falling = np.ascontiguousarray(-columns(read).T)
    order = np.argsort(falling, axis=1)
    ordered = np.take_along_axis(falling, order, axis=1)
    starts = np.ones(ordered.shape, dtype=bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    places = _places(starts, ties)
    places[np.isnan(ordered)] = np.nan
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, places, axis=1)
    return np.ascontiguousarray(ranks.T).reshape(read.shape)


def _places(starts: Flags, ties: str) -> Floats:
    """Return the places of sorted values, given where each run of equal values starts."""
    if ties == "dense":
        return starts.cumsum(axis=1).astype(np.float64)
    if ties == "min":
        return _first_places(starts)
    if ties == "max":
        return _last_places(starts)
    return (_first_places(starts) + _last_places(starts)) / 2


def _first_places(starts: Flags) -> Floats:
    """Return the place at which each run of equal values starts, counted from 1."""
    place = np.arange(1, starts.shape[1] + 1, dtype=np.float64)
    return np.asarray(np.maximum.accumulate(np.where(starts, place, 0.0), axis=1))


def _last_places(starts: Flags) -> Floats:
    """Return the place at which each run of equal values ends, counted from 1."""
    count = starts.shape[1]
    ends = np.ones(starts.shape, dtype=bool)
    ends[:, :-1] = starts[:, 1:]
    place = np.where(ends, np.arange(1, count + 1, dtype=np.float64), float(count))
    return np.asarray(np.minimum.accumulate(place[:, ::-1], axis=1)[:, ::-1])
