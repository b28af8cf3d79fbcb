"""Stars: how many of a rule's tests a regional cluster passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats, columns
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.strong.profiles import Dimension, StarRule, star_rule
from clusteratlas.measures.strong.quantiles import column_quantiles


@measure("cells")
def star_rating(
    location_quotient: npt.ArrayLike,
    share_of_nation: npt.ArrayLike | None = None,
    share_of_region: npt.ArrayLike | None = None,
    *,
    rule: str | StarRule = "eu-stars-2007",
    further: Mapping[str, npt.ArrayLike] | None = None,
) -> Floats:
    r"""Return the stars of each regional cluster.

    Definition
    ----------
    .. math:: \text{stars}_{rc} = \sum_d w_d \, [\, x^d_{rc} \text{ passes the cut of } d \,]

    or, where the rule has steps, the number of steps that this sum reaches. ``eu-stars-2007`` has
    one star each for size (share of the nation among the highest 10 % of the regions that have
    the cluster), specialisation (quotient at least 2) and focus (share of the region among the
    highest 10 %).

    Parameters
    ----------
    location_quotient
        Regions x clusters (or one column), ratio; for ``eu-stars-2007`` within all jobs.
    share_of_nation, share_of_region
        Same shape, 0-1, where the rule asks for them. For a cut by rank or quantile the jobs do as
        well as their share of the nation: the order is the same.
    rule
        Name of a rule, one of ``star_rules()``, or a ``StarRule`` of your own.
    further
        Any other figures that the rule names, each regions x clusters, any sign.

    Returns
    -------
    numpy.ndarray
        Stars in the shape of ``location_quotient``; 0 where the quotient is 0.

    Missing data
    ------------
    NaN where the quotient, or any figure that the rule asks for, is not known. Ranks and quantiles
    are taken over the regions where the cluster is known to have jobs and the figure is known.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, a figure missing that the rule names.
    CannotAnswer
        Unknown ``rule``.

    Source
    ------
    European Cluster Observatory, Evaluation of regional cluster strength (2007); see
    docs/explanation/strong-clusters.md for what of the rule is confirmed.

    Example
    -------
    Ten regions: the first is the largest and the most specialised, the second passes 2 only.

    >>> star_rating(
    ...     [3, 2, 1, 1, 1, 1, 1, 1, 1, 0.5],
    ...     [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05],
    ...     [0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.02],
    ... )
    array([3., 1., 0., 0., 0., 0., 0., 0., 0., 0.])

    A rule of one's own: a star and a half for a quotient in the top half, one for wages.

    >>> own = StarRule("own", "", "", (
    ...     Dimension("location_quotient", "quantile", 0.5, weight=1.5),
    ...     Dimension("wages", "at least", 40.0),
    ... ))
    >>> star_rating([2, 1, 0.5], rule=own, further={"wages": [50, 30, np.nan]})
    array([2.5, 1.5, nan])
    """
    used = star_rule(rule) if isinstance(rule, str) else rule
    given = Arguments()
    quotient = given.figures("location_quotient", location_quotient)
    read = {"location_quotient": quotient}
    told: dict[str, Any] = {
        "share_of_nation": share_of_nation,
        "share_of_region": share_of_region,
        **(further or {}),
    }
    for name in dict.fromkeys(dimension.figure for dimension in used.dimensions):
        if name == "location_quotient":
            continue
        values = told.get(name)
        given.need(
            values is not None,
            name,
            f"{name} is missing",
            f"rule {used.name} asks for it; give regions x clusters",
        )
        if values is not None:
            read[name] = given.figures(name, values, signed=name in (further or {}))
            given.same_shape("location_quotient", quotient, name, read[name])
    given.check()
    figures = {name: columns(values) for name, values in read.items()}
    return stars_of(figures, used).reshape(quotient.shape)


def stars_of(figures: Mapping[str, Floats], rule: StarRule) -> Floats:
    """Return the stars by a rule, for tables of one shape; the quotient must be among them."""
    quotient = figures["location_quotient"]
    here = quotient > 0
    weight = np.zeros(quotient.shape)
    for dimension in rule.dimensions:
        weight += dimension.weight * (here & _passes(figures[dimension.figure], here, dimension))
    if rule.steps:
        weight = np.searchsorted(np.array(rule.steps), weight + 1e-12, side="right").astype(float)
    for name in {"location_quotient", *(dimension.figure for dimension in rule.dimensions)}:
        weight[np.isnan(figures[name])] = np.nan
    return weight


def _passes(figures: Floats, here: Flags, dimension: Dimension) -> Flags:
    if dimension.cut == "top share":
        return np.asarray(figures >= lowest_of_top(figures, here, dimension.level))
    if dimension.cut == "quantile":
        present = np.where(here, figures, np.nan)
        return np.asarray(figures >= column_quantiles(present, [dimension.level])[0])
    return np.asarray(figures >= dimension.level)


def lowest_of_top(figures: Floats, among: Flags, level: float) -> Floats:
    """Return the lowest figure of each column whose rank is within that share of those among.

    Ties share the best rank, so this is the k-th highest figure, k being the whole places that the
    share gives. Infinite where it gives none.

    Example
    -------
    >>> figures = np.array([[4.0], [3.0], [3.0], [np.nan], [9.0]])
    >>> lowest_of_top(figures, np.array([[True], [True], [True], [True], [False]]), 0.7)
    array([3.])
    """
    compared = among & ~np.isnan(figures)
    count = compared.sum(axis=0)
    places = np.floor(level * count + 1e-9).astype(np.intp)
    ordered = np.sort(np.where(compared, figures, -np.inf).T.copy(), axis=1)
    lowest = np.full(len(places), np.inf)
    some = np.flatnonzero(places)
    lowest[some] = ordered[some, len(figures) - places[some]]
    return lowest
