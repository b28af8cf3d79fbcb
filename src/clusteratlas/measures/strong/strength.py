"""Strong clusters: which regional clusters stand out, and how much of a region lies in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats, columns, divide, sum_known
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.strong.composition import cluster_labels
from clusteratlas.measures.strong.profiles import Cut, strength_profile
from clusteratlas.measures.strong.quantiles import column_quantiles


class StrengthFlags(NamedTuple):
    """Four flags for each region and cluster, from the weakest to the strongest."""

    qualifying: Flags
    significant: Flags
    strong: Flags
    strong10: Flags


@measure(dict.fromkeys(("qualifying", "significant", "strong", "strong10"), "cells"))
def strength_flags(
    location_quotient: npt.ArrayLike,
    employment: npt.ArrayLike,
    establishments: npt.ArrayLike,
    *,
    profile: str = "us-2014",
) -> StrengthFlags:
    r"""Return which regional clusters are qualifying, significant, strong and strong10.

    Definition
    ----------
    Within each column (a cluster), over the regions with jobs in it, Qp being the quantile of
    level p by linear interpolation (type 7), the rule ``us-2014`` is:

    - floor of every flag: employment > Q25 and establishments > Q25;
    - qualifying: quotient > Q25;
    - significant: quotient > Q50;
    - strong: quotient >= Q75 and quotient >= 1;
    - strong10: quotient >= Q90 and quotient >= 1.

    Parameters
    ----------
    location_quotient
        Regions x clusters (or one column), ratio; for this rule the quotient within traded
        employment.
    employment
        Same shape, jobs.
    establishments
        Same shape, count.
    profile
        Name of the rule, one of ``strength_profiles()``.

    Returns
    -------
    StrengthFlags
        Four boolean arrays in the shape of the input. False also says "cannot be shown".

    Missing data
    ------------
    A region with zero or unknown jobs has no flag and enters no quantile. Of the others, each
    quantile is taken over those where its own figure is known; where the quotient or the
    establishments are NaN the condition cannot be shown to hold, and every flag is False. A column
    without jobs has no flag. Unknown figures are not guessed: the caller who holds them apart from
    false (the atlas prints "not known") looks at the NaN of the input.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ.
    CannotAnswer
        Unknown ``profile``.

    Source
    ------
    Rule of the US Cluster Mapping portal as recovered from its code and figures of 2016; see
    docs/explanation/strong-clusters.md. M. Delgado, M. E. Porter, S. Stern (2014).

    Example
    -------
    Five regions. Q25 of jobs is 20 and of establishments 2, so the first two miss the floor; Q75
    of the quotient is 1.2, met exactly by the third, and Q90 is 1.68.

    >>> flags = strength_flags(
    ...     [0.5, 2.0, 1.2, 0.9, 1.1], [10, 20, 30, 40, 50], [1, 2, 3, 4, 5]
    ... )
    >>> flags.strong, flags.strong10
    (array([False, False,  True, False, False]), array([False, False, False, False, False]))
    >>> flags.qualifying
    array([False, False,  True, False,  True])
    """
    rule = strength_profile(profile)
    given = Arguments()
    quotient = given.figures("location_quotient", location_quotient)
    jobs = given.figures("employment", employment)
    places = given.figures("establishments", establishments)
    given.same_shape("employment", jobs, "location_quotient", quotient)
    given.same_shape("employment", jobs, "establishments", places)
    given.check()

    shape = jobs.shape
    absent = ~(columns(jobs) > 0)
    quotient, jobs, places = (
        np.where(absent, np.nan, columns(figures)) for figures in (quotient, jobs, places)
    )
    floor = (jobs > column_quantiles(jobs, [rule.employment_level])) & (
        places > column_quantiles(places, [rule.establishments_level])
    )
    quantiles = column_quantiles(quotient, [cut.level for cut in rule.cuts])
    return StrengthFlags(
        *(
            (floor & meets(quotient, quantile, cut)).reshape(shape)
            for quantile, cut in zip(quantiles, rule.cuts, strict=True)
        )
    )


def meets(quotient: Floats, quantile: Floats, cut: Cut) -> Flags:
    """Return where a quotient passes one flag's cut."""
    above = quotient > quantile if cut.strict else quotient >= quantile
    return np.asarray(above & (quotient >= cut.least))


@measure("regions")
def cluster_strength(
    employment: npt.ArrayLike, strong: npt.ArrayLike, *, traded: npt.ArrayLike | None = None
) -> Floats:
    r"""Return the share of each region's traded jobs that lies in its strong clusters.

    Definition
    ----------
    .. math:: S_r = \frac{\sum_{c\ traded, strong\ in\ r} e_{rc}}{\sum_{c\ traded} e_{rc}}

    Parameters
    ----------
    employment
        e_rc: regions x clusters, jobs.
    strong
        Same shape, true or false; None or NaN (not known) counts as not strong.
    traded
        One for each cluster: true traded, false local, None or NaN not said. Only traded clusters
        count. Default: every cluster counts.

    Returns
    -------
    numpy.ndarray
        Shares 0-1, one for each region.

    Missing data
    ------------
    Unknown jobs are left out above and below the line. A region without traded jobs, or of which
    none is known, gives NaN.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, flags other than true and false, shapes that do not fit.

    Source
    ------
    Indicator "cluster strength" of the US Cluster Mapping portal.

    Example
    -------
    >>> cluster_strength([[30, 10, 60]], [[True, False, True]], traded=[True, True, False])
    array([0.75])
    """
    given = Arguments()
    jobs = given.figures("employment", employment)
    is_strong = given.figures("strong", strong)
    given.flags("strong", is_strong)
    given.same_shape("employment", jobs, "strong", is_strong)
    table = columns(jobs)
    counts = np.ones(table.shape[1]) if traded is None else cluster_labels(given, traded, table)
    given.check()
    jobs_traded = table[:, counts == 1]
    in_strong = np.where(columns(is_strong)[:, counts == 1] == 1, jobs_traded, 0.0)
    return divide(np.nansum(in_strong, axis=1), sum_known(jobs_traded, 1))
