"""Averages of a cluster: what a job pays, and how many jobs an establishment has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Floats, divide


def average_wage(payroll: npt.ArrayLike, employment: npt.ArrayLike) -> Floats:
    r"""Return payroll per job, in whole units of the currency.

    Definition
    ----------
    .. math:: w = 1000 \, P / e

    Parameters
    ----------
    payroll
        P: annual payroll, thousands of the currency.
    employment
        e: the jobs that the payroll is of, in the same shape; where some jobs are estimated, only
        those that the office prints.

    Returns
    -------
    numpy.ndarray
        Currency per job and year, part-time jobs and the year's ups and downs included.

    Missing data
    ------------
    NaN where either is not known or there are no jobs.

    Source
    ------
    US Cluster Mapping portal, private wage: payroll over reported employment.

    Example
    -------
    >>> average_wage([2100.0, 50.0], [30.0, 0.0])
    array([70000.,    nan])
    """
    return divide(1000 * np.asarray(payroll, dtype=float), np.asarray(employment, dtype=float))


def average_size(employment: npt.ArrayLike, establishments: npt.ArrayLike) -> Floats:
    r"""Return jobs per establishment.

    Definition
    ----------
    .. math:: s = e / n

    Parameters
    ----------
    employment
        e: jobs that the office prints, of the same cells as the establishments.
    establishments
        n: establishments, in the same shape.

    Returns
    -------
    numpy.ndarray
        Jobs per establishment.

    Missing data
    ------------
    NaN where either is not known or there is no establishment.

    Example
    -------
    >>> average_size([120.0, 3.0], [4.0, 0.0])
    array([30., nan])
    """
    return divide(np.asarray(employment, dtype=float), np.asarray(establishments, dtype=float))


def largest_share(values: npt.ArrayLike, total: float, count: int = 5) -> float:
    r"""Return the share of a total that the largest values hold.

    Definition
    ----------
    .. math:: \sum_{k \le n} x_{(k)} / T

    the n largest x over T (the concentration ratio of order n).

    Parameters
    ----------
    values
        x: one figure a region.
    total
        T: the whole that they are part of, in the same unit.
    count
        n.

    Returns
    -------
    float
        0 to 1; a lower bound where a large value is not known.

    Missing data
    ------------
    NaN is left out; NaN where nothing is known or the total is not above 0.

    Source
    ------
    L. Hannah, J. A. Kay, Concentration in Modern Industry (1977).

    Example
    -------
    >>> largest_share([50, 20, 10, 5, 5, 5, 5], 100)
    0.9
    """
    known = np.asarray(values, dtype=float)
    known = np.sort(known[~np.isnan(known)])[::-1]
    if not len(known) or not total > 0:
        return float("nan")
    return float(min(known[:count].sum() / total, 1.0))
