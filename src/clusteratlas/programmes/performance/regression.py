"""Growth of jobs, establishments and wages, regressed on where it started and its cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.programmes.performance.surroundings import (
    Floats,
    Surroundings,
    checked,
    logarithm,
)
from clusteratlas.relatedness.environment import Pairs, Related
from clusteratlas.relatedness.growth import (
    CLUSTER,
    CONVERGENCE,
    FEWEST_REGIONS,
    NEIGHBOURS,
    RELATED,
    Errors,
    GrowthRegression,
    Own,
    regress_within,
    usable_cells,
)
from clusteratlas.relatedness.growth_variants import LARGE
from clusteratlas.tables import CannotAnswer

PLAIN: Final = "plain"
INSIDE: Final = "own industry inside"
WITH_RELATED: Final = "with related clusters"
WITH_NEIGHBOURS: Final = "with neighbouring regions"
ALL_TERMS: Final = "all four terms"


class GrowthOutcome(StrEnum):
    """What grows."""

    employment = "employment"
    establishments = "establishments"
    wages = "wages"
    """Payroll for each job, in the prices of the time: region and industry effects take out what
    prices do to all."""


@dataclass(frozen=True, slots=True)
class OutcomeYears:
    """An outcome at the start and the end, regions x industries; NaN where it is not known."""

    start: Floats
    end: Floats


def outcome_regression(
    years: OutcomeYears,
    jobs: npt.ArrayLike,
    *,
    regions: Sequence[str],
    industries: Sequence[str],
    clusters: Mapping[str, str],
    own_jobs: npt.ArrayLike | None = None,
    related: Related | None = None,
    neighbours: Pairs | None = None,
    own: Own = "outside",
    errors: Errors = "region",
    smallest: float = 0.0,
    fewest_regions: int = FEWEST_REGIONS,
    variant: str = PLAIN,
) -> GrowthRegression:
    r"""Return how growth of an outcome goes with its start and with the cluster around it.

    Definition
    ----------
    .. math:: \ln \frac{y^1_{ir}}{y^0_{ir}} = \delta \ln y^0_{ir} + \beta_1 \ln LQ^{-i}_{cr}
       + \beta_2 \ln \overline{LQ}_{C(c)r} + \beta_3 \ln \overline{LQ}_{cN(r)}
       + a_i + b_r + u_{ir}

    y are jobs, establishments or wages. Region and industry effects turn :math:`\ln y^0` into the
    logarithm of its quotient, so :math:`\delta` is the convergence term of the growth regression.
    The cluster is measured in jobs for every outcome, without industry i in region and nation, so
    that :math:`\beta_1` stands side by side; so are the means over clusters related to it and, of
    the same cluster, over neighbouring regions.

    Parameters
    ----------
    years
        y: regions x industries.
    jobs
        At the start, regions x industries: what clusters and totals are added up of; estimates are
        welcome, gaps count as none.
    regions, industries
        Labels of rows and columns.
    clusters
        Industry to cluster; industries without an entry are in no cluster.
    own_jobs
        Jobs at the start, for ``smallest``; default ``jobs``.
    related
        Cluster to the clusters related to it. Without it the term is left out.
    neighbours
        Pairs of regions, either order. Without them the term is left out.
    own
        "outside" (default), or "inside": what comes of counting an industry in its own cluster.
    errors
        Allow for anything shared by cells of a "region", or "two-way" of an industry as well.
    smallest
        Jobs that a cell must have at the start.
    fewest_regions
        Fewer in the regression are refused.
    variant
        Name of the result.

    Returns
    -------
    GrowthRegression
        Growth over the whole span, in logarithms.

    Missing data
    ------------
    A cell whose outcome is not known in both years is left out and counted; it is never zero. So
    are cells without related clusters, and those of regions without neighbours.

    Raises
    ------
    InvalidInput
        Shapes that do not fit the labels; negative figures; no industry of a cluster; related
        clusters and neighbours that are not known.
    CannotAnswer
        Fewer than ``fewest_regions`` regions; clusters of one industry only; terms that do not
        vary or are collinear.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern, Clusters, convergence, and economic performance (2014).

    Example
    -------
    Wages grow by a tenth of the logarithm of the cluster, less half of their own.

    >>> jobs = np.exp(np.sin(np.arange(160.0).reshape(40, 4) ** 2)) * 100
    >>> pay = 20 + np.cos(np.arange(160.0).reshape(40, 4) ** 3)
    >>> later = pay**0.5 * jobs[:, [1, 0, 3, 2]] ** 0.1
    >>> found = outcome_regression(OutcomeYears(pay, later), jobs,
    ...     regions=[f"{r:02}" for r in range(40)], industries=list("abcd"),
    ...     clusters=dict(zip("abcd", "1122")))
    >>> [(each.name, round(each.coefficient, 6)) for each in found.terms]
    [('convergence', -0.5), ('cluster', 0.1)]
    """
    around = Surroundings(
        jobs,
        regions=regions,
        industries=industries,
        clusters=clusters,
        related=related,
        neighbours=neighbours,
    )
    grown = _Grown.of(years, around, jobs if own_jobs is None else own_jobs)
    names = (CLUSTER, RELATED, NEIGHBOURS)
    return _regressed(grown, around.terms(names, own), errors, fewest_regions, variant, smallest)


def outcome_variants(
    years: OutcomeYears,
    around: Surroundings,
    *,
    own_jobs: npt.ArrayLike,
    large: float = LARGE,
    errors: Errors = "region",
    fewest_regions: int = FEWEST_REGIONS,
) -> tuple[tuple[GrowthRegression, ...], CannotAnswer | None]:
    """Return the regression as it is, with the trap, in large cells, and with more surroundings.

    Definition
    ----------
    See `outcome_regression`: own start and cluster; the industry inside its cluster; cells of
    ``large`` and more jobs; related clusters too; and neighbouring regions beside all of these.
    The last two only where they are at hand.

    Parameters
    ----------
    years
        The outcome.
    around
        What lies around industries; one for all outcomes.
    own_jobs
        Jobs at the start, for ``large``.
    large
        Jobs from which on a cell is large.
    errors, fewest_regions
        As for `outcome_regression`.

    Returns
    -------
    tuple
        The regressions, and why neighbouring regions have none although they are at hand.

    Raises
    ------
    CannotAnswer
        As `outcome_regression`, save for neighbouring regions.
    """
    grown = _Grown.of(years, around, own_jobs)

    def ask(
        variant: str, *names: str, own: Own = "outside", smallest: float = 0.0
    ) -> GrowthRegression:
        terms = around.terms((CLUSTER, *names), own)
        return _regressed(grown, terms, errors, fewest_regions, variant, smallest)

    found = [
        ask(PLAIN),
        ask(INSIDE, own="inside"),
        ask(f"{large:g}+ jobs", smallest=large),
    ]
    if around.has_related:
        found.append(ask(WITH_RELATED, RELATED))
    if not around.has_neighbours:
        return tuple(found), None
    try:
        more = ask(ALL_TERMS if around.has_related else WITH_NEIGHBOURS, RELATED, NEIGHBOURS)
    except CannotAnswer as error:
        return tuple(found), error
    return (*found, more), None


@dataclass(frozen=True, slots=True)
class _Grown:
    """An outcome over the industries that are in a cluster: its growth, start, and jobs."""

    growth: Floats
    start: Floats
    known: tuple[Floats, Floats]
    jobs: Floats

    @classmethod
    def of(cls, years: OutcomeYears, around: Surroundings, own_jobs: npt.ArrayLike) -> _Grown:
        first, last, jobs = (
            checked(name, values, around.shape)[:, around.inside]
            for name, values in (
                ("start", years.start),
                ("end", years.end),
                ("own_jobs", own_jobs),
            )
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = np.log(last / first)
        return cls(growth, logarithm(first), (first, last), np.nan_to_num(jobs))


def _regressed(
    grown: _Grown,
    terms: Mapping[str, Floats],
    errors: Errors,
    fewest: int,
    variant: str,
    smallest: float,
) -> GrowthRegression:
    logs = {CONVERGENCE: grown.start, **terms}
    sizes = grown.jobs if smallest else np.ones_like(grown.growth)
    use, dropped = usable_cells(grown.growth, logs, grown.known, sizes, smallest)
    return regress_within(grown.growth, logs, use, dropped, errors, fewest, variant)
