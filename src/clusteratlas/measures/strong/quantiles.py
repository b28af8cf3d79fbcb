"""Quantiles of each column over the cells that are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Floats


def column_quantiles(table: Floats, levels: npt.ArrayLike) -> Floats:
    r"""Return quantiles of each column by linear interpolation (type 7), NaN cells left out.

    Definition
    ----------
    With the n known values of a column sorted and counted from 0, the quantile of level p lies at
    place h = (n - 1) p, linearly between its neighbours.

    Parameters
    ----------
    table
        Rows x columns, any unit.
    levels
        p, each 0-1.

    Returns
    -------
    numpy.ndarray
        Levels x columns, unit of the table.

    Missing data
    ------------
    NaN cells are left out; a column without known cells gives NaN.

    Source
    ------
    R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages (1996), definition 7; the
    default of numpy, R and spreadsheets.

    Example
    -------
    >>> column_quantiles(np.array([[1.0], [2.0], [np.nan], [4.0]]), [0.25, 0.5])
    array([[1.5],
           [2. ]])
    """
    ordered = np.sort(np.ascontiguousarray(table.T), axis=1)
    known = (~np.isnan(ordered)).sum(axis=1)
    if not ordered.shape[1]:
        return np.full((len(np.atleast_1d(levels)), len(ordered)), np.nan)
    last = np.maximum(known - 1, 0)
    place = np.multiply.outer(np.asarray(levels, dtype=np.float64), last)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, last)
    column = np.arange(len(ordered))
    low, high = ordered[column, below], ordered[column, above]
    part, step = place - below, high - low
    # From the nearer neighbour, as numpy does: exact at both ends and for equal neighbours.
    return np.asarray(np.where(part < 0.5, low + step * part, high - step * (1 - part)))
