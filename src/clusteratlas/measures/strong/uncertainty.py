"""How sure a figure is, from draws: each draw is one possible table of all regions.

Rows are regions, columns are draws of one cluster. Column d of every argument belongs to the same
possible table, so whatever compares regions (quantiles, ranks, the nation's share) is taken anew in
each draw and never across draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats, columns
from clusteratlas.measures.quotients.specialisation import quotient_of
from clusteratlas.measures.strong.quantiles import column_quantiles
from clusteratlas.measures.strong.ranking import rank
from clusteratlas.measures.strong.strength import strength_flags

LEVEL = 0.9
"""The share of draws that an interval holds."""


class Interval(NamedTuple):
    """The two ends of an interval, one of each for each region."""

    low: Floats
    high: Floats


def interval(draws: npt.ArrayLike, *, level: float = LEVEL) -> Interval:
    r"""Return the middle interval of the draws of each region.

    Definition
    ----------
    With :math:`a = (1 - level) / 2`, the quantiles of level a and 1 - a of each row, by linear
    interpolation (type 7).

    Parameters
    ----------
    draws
        Regions x draws, any unit.
    level
        Share of the draws between the two ends, 0-1.

    Returns
    -------
    Interval
        ``low`` and ``high``, one for each region, unit of the draws.

    Missing data
    ------------
    NaN draws are left out; a region without any known draw has NaN at both ends.

    Raises
    ------
    InvalidInput
        Infinite draws, ``level`` not between 0 and 1.

    Source
    ------
    Elementary; quantiles as in `strength_flags`.

    Example
    -------
    The middle half of five draws, and a region that is known for sure.

    >>> interval([[3, 1, 2, 5, 4], [7, 7, 7, 7, 7]], level=0.5)
    Interval(low=array([2., 7.]), high=array([4., 7.]))
    """
    given = Arguments()
    table = given.figures("draws", draws, signed=True)
    given.need(0 < level < 1, "level", f"level is {level}", "give a share between 0 and 1")
    given.check()
    tail = (1 - level) / 2
    low, high = column_quantiles(np.atleast_2d(table).T, [tail, 1 - tail])
    return Interval(low, high)


def drawn_quotients(
    employment: npt.ArrayLike,
    *,
    total: npt.ArrayLike,
    reference: npt.ArrayLike,
    reference_total: npt.ArrayLike,
) -> Floats:
    r"""Return the location quotient of each region in each draw.

    Definition
    ----------
    That of `location_quotient`, all four figures taken from the same draw d:

    .. math:: LQ_{rd} = \frac{e_{rd} / e_{r \cdot d}}{E_d / E_{\cdot d}}

    Parameters
    ----------
    employment
        Regions x draws, jobs of the cluster.
    total
        Regions x draws, jobs to take the regions' shares of, such as traded jobs.
    reference
        One for each draw: the cluster's jobs in the reference area.
    reference_total
        One for each draw: the reference area's jobs to take its share of.

    Returns
    -------
    numpy.ndarray
        Regions x draws, ratio >= 0.

    Missing data
    ------------
    NaN where a figure is NaN, or where the region, the cluster or the reference has no jobs.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit.

    Source
    ------
    As `location_quotient`.

    Example
    -------
    One region in two draws; in the second the cluster is twice as large there and in the nation.

    >>> drawn_quotients([[30, 60]], total=[[100, 130]], reference=[60, 90],
    ...                 reference_total=[200, 230]).round(3)
    array([[1.   , 1.179]])
    """
    given = Arguments()
    jobs = columns(given.figures("employment", employment))
    region = columns(given.figures("total", total))
    given.same_shape("employment", jobs, "total", region)
    nation = given.vector("reference", reference, jobs.shape[1], "draw")
    whole = given.vector("reference_total", reference_total, jobs.shape[1], "draw")
    given.check()
    return quotient_of(jobs, region, nation, whole)


def strong_in_draws(
    quotients: npt.ArrayLike,
    employment: npt.ArrayLike,
    establishments: npt.ArrayLike,
    *,
    profile: str = "us-2014",
) -> Flags:
    r"""Return in which draws each region's cluster is strong.

    Definition
    ----------
    The rule of `strength_flags`, whole, in each draw: the quantiles are taken over all regions
    with jobs in that draw, so a region can gain or lose the flag by what is drawn elsewhere.

    Parameters
    ----------
    quotients, employment
        Regions x draws of one cluster, ratio and jobs.
    establishments
        One for each region, count; the same in every draw.
    profile
        Name of the rule, one of ``strength_profiles()``.

    Returns
    -------
    numpy.ndarray
        Regions x draws, true or false. False also says "cannot be shown".

    Missing data
    ------------
    As in `strength_flags`.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit.
    CannotAnswer
        Unknown ``profile``.

    Source
    ------
    As `strength_flags`; the whole rule in every draw, and no approximation region by region.

    Example
    -------
    The example of `strength_flags` and a second draw, in which the third region has a quotient
    of 0.8 only. The fifth is then the best of those above the floors, and reaches Q75 = 1.1.

    >>> strong_in_draws(
    ...     [[0.5, 0.5], [2.0, 2.0], [1.2, 0.8], [0.9, 0.9], [1.1, 1.1]],
    ...     [[10, 10], [20, 20], [30, 30], [40, 40], [50, 50]], [1, 2, 3, 4, 5]).astype(int)
    array([[0, 0],
           [0, 0],
           [1, 0],
           [0, 0],
           [0, 1]])
    """
    given = Arguments()
    table = columns(given.figures("employment", employment))
    places = given.vector("establishments", establishments, len(table), "region")
    given.check()
    same = np.broadcast_to(places[:, None], table.shape)
    flags = strength_flags(quotients, table, same, profile=profile)
    return flags.strong


def probability_strong(strong: npt.ArrayLike, *, known: npt.ArrayLike | None = None) -> Floats:
    r"""Return the share of draws in which each region's cluster is strong.

    Definition
    ----------
    .. math:: p_r = \frac{1}{D} \sum_d s_{rd}

    with s the flags of `strong_in_draws`. It is the probability of the flag as far as the draws
    are possible tables of equal weight.

    Parameters
    ----------
    strong
        Regions x draws, true or false.
    known
        One for each region: whether the flag can be shown at all. Default: everywhere.

    Returns
    -------
    numpy.ndarray
        Shares 0-1, one for each region. Where nothing is drawn anew it is 0 or 1, the flag itself.

    Missing data
    ------------
    NaN where ``known`` is false.

    Raises
    ------
    InvalidInput
        Flags other than true and false, shapes that do not fit.

    Source
    ------
    Elementary.

    Example
    -------
    >>> probability_strong([[True, True, True, False], [False] * 4], known=[True, False])
    array([0.75,  nan])
    """
    given = Arguments()
    flags = columns(given.figures("strong", strong))
    given.flags("strong", flags)
    shown = (
        np.ones(len(flags)) if known is None else given.vector("known", known, len(flags), "region")
    )
    given.check()
    return np.where(shown == 1, flags.mean(axis=1) if flags.size else np.nan, np.nan)


def rank_interval(quotients: npt.ArrayLike, *, level: float = LEVEL) -> Interval:
    r"""Return between which places each region ranks.

    Definition
    ----------
    In each draw the regions are ranked as `rank` does, the highest first and ties sharing the
    best place. ``low`` and ``high`` are the quantiles of these places, ``low`` rounded down and
    ``high`` rounded up to a whole place; low is the better place.

    Parameters
    ----------
    quotients
        Regions x draws, any unit; NaN where a region does not compete in a draw.
    level
        Share of the draws between the two places, 0-1.

    Returns
    -------
    Interval
        ``low`` and ``high``, whole numbers from 1, one for each region.

    Missing data
    ------------
    A draw in which the region is NaN is left out; NaN where it is NaN in all.

    Raises
    ------
    InvalidInput
        Infinite values, ``level`` not between 0 and 1.

    Source
    ------
    Elementary.

    Example
    -------
    The second and the third change places in half of the draws.

    >>> rank_interval([[9, 9, 9, 9], [4, 4, 6, 6], [5, 5, 5, 5]])
    Interval(low=array([1., 2., 2.]), high=array([1., 3., 3.]))
    """
    low, high = interval(rank(columns(np.asarray(quotients, dtype=np.float64))), level=level)
    return Interval(np.floor(low), np.ceil(high))
