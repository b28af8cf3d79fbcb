"""Growth of jobs, establishments and wages, regressed on where it started and its cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.environment import Environment, Related, related_weights
from clusteratlas.relatedness.growth import (
    CLUSTER,
    CONVERGENCE,
    FEWEST_REGIONS,
    RELATED,
    Errors,
    GrowthRegression,
    Own,
    regress_within,
    usable_cells,
)
from clusteratlas.relatedness.growth_variants import LARGE
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]
PLAIN: Final = "plain"
INSIDE: Final = "own industry inside"


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
       + \beta_2 \ln \overline{LQ}_{C(c)r} + a_i + b_r + u_{ir}

    y are jobs, establishments or wages. Region and industry effects turn :math:`\ln y^0` into the
    logarithm of its quotient, so :math:`\delta` is the convergence term of the growth regression.
    The cluster is measured in jobs for every outcome, without industry i in region and nation, so
    that :math:`\beta_1` stands side by side.

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
    A cell whose outcome is not known in both years is left out and counted; it is never zero.

    Raises
    ------
    InvalidInput
        Shapes that do not fit the labels; negative figures; no industry of a cluster.
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
    shape = (len(regions), len(industries))
    around = _checked("jobs", jobs, shape)
    size = around if own_jobs is None else _checked("own_jobs", own_jobs, shape)
    first, last = _checked("start", years.start, shape), _checked("end", years.end, shape)
    names = sorted({clusters[each] for each in industries if each in clusters})
    if not names:
        hint = "are these the same codes?"
        raise InvalidInput([Fault("no industry has a cluster", column="clusters", hint=hint)])
    places = {name: place for place, name in enumerate(names)}
    cluster = np.array([places.get(clusters.get(each, ""), -1) for each in industries])
    inside = np.flatnonzero(cluster >= 0)
    if len(inside) == len(names):
        raise CannotAnswer(
            "every cluster has one industry: nothing lies in a cluster outside the industry",
            value=f"{len(names)} clusters",
            hint="choose a definition whose clusters hold several industries",
        )
    made_of = Environment(np.nan_to_num(around), cluster, len(names), 0.0)
    chosen = cluster[inside]
    first, last, size = first[:, inside], last[:, inside], size[:, inside]
    measured: dict[str, Floats] = {
        CONVERGENCE: first,
        CLUSTER: made_of.without_own(inside, chosen)
        if own == "outside"
        else made_of.quotients[:, chosen],
    }
    if related is not None:
        weights = related_weights(related, names)
        measured[RELATED] = made_of.of_related(weights)[:, chosen]
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log(last / first)
        logs = {name: np.log(each) for name, each in measured.items()}
    sizes = np.nan_to_num(size) if smallest else np.ones_like(first)
    use, dropped = usable_cells(growth, logs, (first, last), sizes, smallest)
    return regress_within(growth, logs, use, dropped, errors, fewest_regions, variant)


def outcome_variants(
    years: OutcomeYears,
    jobs: npt.ArrayLike,
    *,
    large: float = LARGE,
    related: Related | None = None,
    **chosen: object,
) -> tuple[GrowthRegression, ...]:
    """Return the regression as it is, with the trap, in large cells, and with related clusters.

    Parameters
    ----------
    years, jobs, related
        As for `outcome_regression`.
    large
        Jobs from which on a cell is large.
    chosen
        Whatever else `outcome_regression` takes.
    """
    one: dict[str, object] = dict(chosen)

    def ask(variant: str, **more: object) -> GrowthRegression:
        return outcome_regression(years, jobs, variant=variant, **(one | more))  # type: ignore[arg-type]

    found = [
        ask(PLAIN),
        ask(INSIDE, own="inside"),
        ask(f"{large:g}+ jobs", smallest=large),
    ]
    if related is not None:
        found.append(ask("with related clusters", related=related))
    return tuple(found)


def _checked(name: str, values: npt.ArrayLike, shape: tuple[int, int]) -> Floats:
    table = np.asarray(values, dtype=np.float64)
    if table.shape != shape:
        hint = f"regions x industries are {shape}"
        raise InvalidInput([Fault(f"{name} has shape {table.shape}", column=name, hint=hint)])
    wrong = np.argwhere((table < 0) | np.isinf(table))
    if len(wrong):
        raise InvalidInput(
            [
                Fault(
                    f"{name} is negative or infinite",
                    "",
                    int(row) + 1,
                    f"{name} {column + 1}",
                    str(table[row, column]),
                )
                for row, column in wrong[:200]
            ],
            total=len(wrong),
        )
    return table
