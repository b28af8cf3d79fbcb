"""What a further region would be among the published ones: it is held against them, not counted.

A union of regions, made by a reader, is compared with the regions of its scheme and moves none of
their quantiles and ranks. A published region held against all of them, itself included, gets back
what the release says of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from clusteratlas.measures.arguments import Flags, Floats, divide
from clusteratlas.measures.strong.profiles import StarRule, star_rule, star_rules, strength_profile
from clusteratlas.measures.strong.quantiles import column_quantiles
from clusteratlas.measures.strong.stars import lowest_of_top
from clusteratlas.measures.strong.strength import StrengthFlags, meets
from clusteratlas.measures.strong.uncertainty import Interval, interval


class StrengthCuts(NamedTuple):
    """What a regional cluster must pass, one figure of each for each column."""

    employment: Floats
    establishments: Floats
    quotients: Floats
    """Four rows, from the weakest flag to the strongest."""


def strength_cuts(
    quotient: Floats, employment: Floats, establishments: Floats, *, profile: str = "us-2014"
) -> StrengthCuts:
    r"""Return the quantiles that the rule of `strength_flags` holds a region against.

    Parameters
    ----------
    quotient, employment, establishments
        Regions x columns of the published regions.

    Missing data
    ------------
    As in `strength_flags`; NaN for a column without jobs, which nothing passes.

    Example
    -------
    >>> cuts = strength_cuts(*(np.array([row]).T for row in (
    ...     [0.5, 2.0, 1.2, 0.9, 1.1], [10.0, 20, 30, 40, 50], [1.0, 2, 3, 4, 5])))
    >>> cuts.employment, cuts.establishments, cuts.quotients[2]
    (array([20.]), array([2.]), array([1.2]))
    """
    rule = strength_profile(profile)
    absent = ~(employment > 0)
    figures = [np.where(absent, np.nan, each) for each in (quotient, employment, establishments)]
    return StrengthCuts(
        column_quantiles(figures[1], [rule.employment_level])[0],
        column_quantiles(figures[2], [rule.establishments_level])[0],
        column_quantiles(figures[0], [cut.level for cut in rule.cuts]),
    )


def flags_against(
    cuts: StrengthCuts,
    quotient: Floats,
    employment: Floats,
    establishments: Floats,
    *,
    profile: str = "us-2014",
) -> StrengthFlags:
    """Return the four flags of one region held against cuts: one of each for each column.

    Example
    -------
    >>> cuts = StrengthCuts(*(np.array(each) for each in (
    ...     [20.0], [2.0], [[0.9], [1.1], [1.2], [1.68]])))
    >>> flags_against(cuts, *(np.array([each]) for each in (1.3, 35.0, 7.0))).strong
    array([ True])
    """
    rule = strength_profile(profile)
    here = employment > 0
    floor = here & (employment > cuts.employment) & (establishments > cuts.establishments)
    return StrengthFlags(
        *(
            np.asarray(floor & meets(quotient, quantile, cut))
            for quantile, cut in zip(cuts.quotients, rule.cuts, strict=True)
        )
    )


def strength_against(
    quotient: Floats,
    employment: Floats,
    establishments: Floats,
    *,
    employment_cut: Floats,
    establishments_cut: Floats,
    quotient_cut: Floats,
    profile: str = "us-2014",
) -> Flags:
    """Return where a cluster is strong, held against cuts: the strong flag of `strength_flags`.

    Example
    -------
    >>> strength_against(*(np.array(each) for each in ([1.3, 1.1], [35.0, 35.0], [7.0, 7.0])),
    ...     employment_cut=np.array(20.0), establishments_cut=np.array(2.0),
    ...     quotient_cut=np.array(1.2))
    array([ True, False])
    """
    floor = (employment > 0) & (employment > employment_cut)
    floor &= establishments > establishments_cut
    return np.asarray(floor & meets(quotient, quotient_cut, strength_profile(profile).strong))


def rank_against(values: Floats, published: Floats) -> Floats:
    """Return the place of one region's figures among those published, the highest first.

    Definition
    ----------
    1 + the number of published regions with a higher value, as in `rank`.

    Example
    -------
    >>> rank_against(np.array([5.0, np.nan]), np.array([[7.0, 1.0], [5.0, 2.0], [np.nan, 3.0]]))
    array([ 2., nan])
    """
    places = 1.0 + (published > values).sum(axis=0)
    return np.where(np.isnan(values), np.nan, places)


def rank_interval_against(quotients: Floats, published: Floats) -> Interval:
    """Return between which places one region ranks among the published ones, from draws.

    Definition
    ----------
    In each draw its place as in `rank_against`; the two ends as in `rank_interval`.

    Parameters
    ----------
    quotients
        1 x draws of the region, NaN where it does not compete.
    published
        Regions x draws.

    Example
    -------
    >>> rank_interval_against(np.array([[4.0, 6.0]]), np.array([[9.0, 9.0], [5.0, 5.0]]))
    Interval(low=array([2.]), high=array([3.]))
    """
    low, high = interval(rank_against(quotients[0], published)[None, :])
    return Interval(np.floor(low), np.ceil(high))


def percentile_against(places: Floats, ranked: Floats) -> Floats:
    """Return the share of the other ranked regions that a place beats or equals, from 0.

    Example
    -------
    >>> percentile_against(np.array([1.0, 3.0, 6.0]), np.array([5.0, 5.0, 5.0]))
    array([1. , 0.5, 0. ])
    """
    return np.asarray(np.maximum(divide(ranked - places, ranked - 1), 0.0))


def stars_against(
    figures: Mapping[str, Floats], published: Mapping[str, Floats], rule: str | StarRule
) -> Floats:
    """Return the stars of one region held against the published ones, as in `star_rating`.

    Parameters
    ----------
    figures
        One figure for each column, by name; the quotient must be among them.
    published
        Regions x columns of the same figures.

    Example
    -------
    >>> stars_against({"location_quotient": np.array([1.6]), "share_of_region": np.array([0.02])},
    ...               {}, "eu-nodes-2021")
    array([2.])
    """
    used = star_rule(rule) if isinstance(rule, str) else rule
    quotient = figures["location_quotient"]
    here = quotient > 0
    weight = np.zeros(quotient.shape)
    for dimension in used.dimensions:
        least: Floats | float = dimension.level
        if dimension.cut != "at least":
            rows, among = published[dimension.figure], published["location_quotient"] > 0
            least = (
                lowest_of_top(rows, among, dimension.level)
                if dimension.cut == "top share"
                else column_quantiles(np.where(among, rows, np.nan), [dimension.level])[0]
            )
        weight += dimension.weight * (here & (figures[dimension.figure] >= least))
    if used.steps:
        weight = np.searchsorted(np.array(used.steps), weight + 1e-12, side="right").astype(float)
    for name in {"location_quotient", *(dimension.figure for dimension in used.dimensions)}:
        weight[np.isnan(figures[name])] = np.nan
    return weight


def profiles_against(
    strong: Flags,
    known: Flags,
    figures: Mapping[str, Floats],
    published: Mapping[str, Floats],
    employment: Floats,
) -> dict[str, Floats]:
    """Return for each profile where one region's clusters count: 1, 0 or NaN, as in `survival`.

    Parameters
    ----------
    strong, known
        The flag of ``us-2014`` and whether it can be shown, one for each column.
    figures, published
        As for `stars_against`.
    employment
        Jobs; a cluster without any counts under no profile.
    """
    found = {"us-2014": np.where(known, strong.astype(np.float64), np.nan)}
    for name in star_rules():
        stars = stars_against(figures, published, name)
        counts = (stars >= star_rule(name).counts_from - 1e-9).astype(np.float64)
        found[name] = np.where(np.isnan(stars), np.nan, counts)
    return {name: np.where(employment == 0, 0.0, counts) for name, counts in found.items()}
