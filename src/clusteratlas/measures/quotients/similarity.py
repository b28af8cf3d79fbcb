"""How like the nation: regions by the mix of their industries, industries by where they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, divide
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.spread.distributions import (
    blocks,
    by_rows,
    compared,
    number_or_each,
    shares_of,
)


@measure("regions")
def krugman_index(
    employment: npt.ArrayLike, reference: npt.ArrayLike | None = None, *, halved: bool = False
) -> Floats:
    r"""Return how far each region's mix of industries is from that of the reference area.

    Definition
    ----------
    .. math:: K_r = \sum_i |e_{ri} / e_r - E_i / E|

    0 means the same mix, 2 not one industry in common. Halved it is the share of jobs that would
    have to change industry.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one region, and needs ``reference``.
    reference
        E_i: jobs of the reference area, one for each industry; another region's jobs compare two
        regions. Default: the column sums.
    halved
        Whether to halve the sum, so that it runs from 0 to 1.

    Returns
    -------
    numpy.ndarray
        One for each region, 0-2 (halved: 0-1); a number for one region.

    Missing data
    ------------
    A region with a withheld cell gives NaN. Without ``reference`` one withheld cell would spoil
    every region, and the call is refused. A region without jobs gives NaN.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown cells as said above.

    Source
    ------
    P. Krugman, Geography and Trade (1991), appendix B.

    Example
    -------
    The second region has no industry in common with the reference area's other half.

    >>> krugman_index([[50, 50], [100, 0]], reference=[1, 1])
    array([0., 1.])
    >>> float(krugman_index([20, 10, 70, 0, 0], [0, 0, 0, 60, 40]))
    2.0
    """
    index = _distance(employment, reference)
    return index / 2 if halved else index


@measure("regions")
def specialisation_coefficient(
    employment: npt.ArrayLike, reference: npt.ArrayLike | None = None
) -> Floats:
    r"""Return the share of each region's jobs that lies outside the reference area's mix.

    Definition
    ----------
    .. math:: S_r = \tfrac{1}{2} \sum_i |e_{ri} / e_r - E_i / E|

    Half the Krugman index.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one region, and needs ``reference``.
    reference
        E_i: jobs of the reference area, one for each industry. Default: the column sums.

    Returns
    -------
    numpy.ndarray
        One for each region, 0-1; a number for one region.

    Missing data
    ------------
    As in `krugman_index`.

    Raises
    ------
    InvalidInput
        As in `krugman_index`.

    Source
    ------
    E. M. Hoover, F. Giarratani, An Introduction to Regional Economics (1984), chapter 9.

    Example
    -------
    >>> specialisation_coefficient([[50, 50], [100, 0]], reference=[1, 1])
    array([0. , 0.5])
    """
    return _distance(employment, reference) / 2


@measure("regions")
def average_quotient(employment: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> Floats:
    r"""Return the mean location quotient of each region, weighted by its own jobs.

    Definition
    ----------
    .. math:: A_r = \sum_i \frac{e_{ri}}{e_r} LQ_{ri}

    1 where the region has the mix of the reference area, more otherwise.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one region, and needs ``reference``.
    reference
        E_i: jobs of the reference area, one for each industry. Default: the column sums.

    Returns
    -------
    numpy.ndarray
        One for each region, ratio >= 1; a number for one region.

    Missing data
    ------------
    A region with a withheld cell gives NaN. Without ``reference`` one withheld cell would spoil
    every region, and the call is refused. NaN also for a region without jobs, and for one with
    jobs in an industry that the reference area does not have.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown cells as said above.

    Source
    ------
    S. O'Donoghue, B. Gleave, A note on methods for measuring industrial agglomeration, Regional
    Studies 38 (2004), for the quotient; the weighted mean is elementary.

    Example
    -------
    Both industries hold half the jobs; the second region's quotients are 2 and 0.

    >>> average_quotient([[50, 50], [100, 0]], reference=[1, 1])
    array([1., 2.])
    """
    return _average(employment, reference)


@measure("regions")
def hachman_index(employment: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> Floats:
    r"""Return how closely each region's mix of industries resembles that of the reference area.

    Definition
    ----------
    .. math:: H_r = 1 \Big/ \sum_i \frac{e_{ri}}{e_r} LQ_{ri}

    1 means the same mix; the smaller, the more the region lives from few industries that the
    reference area has little of.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one region, and needs ``reference``.
    reference
        E_i: jobs of the reference area, one for each industry. Default: the column sums.

    Returns
    -------
    numpy.ndarray
        One for each region, 0-1; a number for one region.

    Missing data
    ------------
    As in `average_quotient`, of which this is the reciprocal.

    Raises
    ------
    InvalidInput
        As in `average_quotient`.

    Source
    ------
    F. Hachman, University of Utah, Bureau of Economic and Business Research (1994).

    Example
    -------
    >>> hachman_index([[50, 50], [100, 0]], reference=[1, 1])
    array([1. , 0.5])
    """
    return divide(1.0, _average(employment, reference))[()]


@measure("industries")
def hoover_index(employment: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> Floats:
    r"""Return the share of each industry's jobs that would have to move to lie like the reference.

    Definition
    ----------
    .. math:: H_i = \tfrac{1}{2} \sum_r |e_{ri} / e_i - x_r|, \quad x_r = X_r / X

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one industry (or any other quantity)
        over the regions, and needs ``reference``.
    reference
        X_r: size of each region: jobs, people, area. Default: the row sums.

    Returns
    -------
    numpy.ndarray
        One for each industry, 0-1; a number for one industry.

    Missing data
    ------------
    An industry with a withheld cell gives NaN. Without ``reference`` one withheld cell would spoil
    every industry, and the call is refused. An industry without jobs gives NaN.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown cells as said above.

    Source
    ------
    E. M. Hoover, The measurement of industrial localization, Review of Economics and Statistics 18
    (1936).

    Example
    -------
    Half the people live in the first region and three quarters of the jobs are there.

    >>> float(hoover_index([75, 25], reference=[10, 10]))
    0.25
    """
    given = Arguments()
    table, sizes, single = compared(given, employment, reference, "region")
    jobs = table.sum(axis=0)
    total = np.where(jobs > 0, jobs, np.nan)
    moved = np.zeros(table.shape[1])
    for block in blocks(*table.shape):
        apart = table[block] / total
        apart -= sizes[block, None]
        moved += np.abs(apart, out=apart).sum(axis=0)
    moved[np.isnan(total)] = np.nan
    return number_or_each(moved / 2, single)


def _distance(employment: npt.ArrayLike, reference: npt.ArrayLike | None) -> Floats:
    given = Arguments()
    table, mix, single = compared(given, employment, reference, "industry")

    def distance(rows: Floats) -> Floats:
        apart = shares_of(rows)
        apart -= mix
        return np.asarray(np.abs(apart, out=apart).sum(axis=1))

    return number_or_each(by_rows(distance, table), single)


def _average(employment: npt.ArrayLike, reference: npt.ArrayLike | None) -> Floats:
    given = Arguments()
    table, mix, single = compared(given, employment, reference, "industry")
    absent = mix == 0
    weights = np.where(absent, 0.0, divide(1.0, mix))

    def mean(rows: Floats) -> Floats:
        shares = shares_of(rows)
        average = (shares * shares) @ weights
        if absent.any():
            average[(shares[:, absent] > 0).any(axis=1)] = np.nan
        return np.asarray(average)

    return number_or_each(by_rows(mean, table), single)
