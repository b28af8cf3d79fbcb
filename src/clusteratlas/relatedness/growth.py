"""Do industries grow faster where their cluster is strong? Growth regressed on where it started."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.environment import (
    Environment,
    Related,
    neighbour_weights,
    related_weights,
    specialisation,
)
from clusteratlas.relatedness.least_squares import (
    Flags,
    Floats,
    Places,
    Term,
    absorb,
    connected,
    fit,
    group_covariance,
    terms,
)
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Zeros = Literal["drop", "add one"]
SizeIn = Literal["regressors", "start"]
Own = Literal["outside", "inside"]
Errors = Literal["region", "two-way"]

CONVERGENCE, CLUSTER = "convergence", "cluster"
RELATED, NEIGHBOURS = "related clusters", "neighbouring regions"
FEWEST_REGIONS = 30


@dataclass(frozen=True, slots=True)
class GrowthRegression:
    """What growth from start to end went with.

    Attributes
    ----------
    variant
        Which cells and which regressors.
    terms
        Convergence, cluster, and where given related clusters and neighbouring regions.
    cells, regions, industries
        In the regression.
    explained_within
        R² of what region and industry effects leave, 0-1.
    dropped
        Cells that are left out, by reason; each counts at the first reason that holds.
    notes
        What a reader must know.
    """

    variant: str
    terms: tuple[Term, ...]
    cells: int
    regions: int
    industries: int
    explained_within: float
    dropped: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def term(self, name: str) -> Term:
        """Return one term by its name."""
        return next(each for each in self.terms if each.name == name)

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return one row for each term, ready to show."""
        return [
            {
                "variant": self.variant,
                "term": each.name,
                "coefficient": each.coefficient,
                "standard_error": each.standard_error,
                "t": each.t,
                "p_value": each.p_value,
                "low": each.low,
                "high": each.high,
                "plain_error": each.plain_error,
                "cells": self.cells,
                "regions": self.regions,
                "industries": self.industries,
                "explained_within": self.explained_within,
            }
            for each in self.terms
        ]


def growth_regression(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    regions: Sequence[str],
    industries: Sequence[str],
    clusters: Mapping[str, str],
    regressors: npt.ArrayLike | None = None,
    environment: npt.ArrayLike | None = None,
    related: Related | None = None,
    neighbours: Iterable[tuple[str, str]] | None = None,
    zeros: Zeros = "drop",
    smallest: float = 0.0,
    size_in: SizeIn = "regressors",
    own: Own = "outside",
    errors: Errors = "region",
    fewest_regions: int = FEWEST_REGIONS,
    variant: str = "plain",
) -> GrowthRegression:
    r"""Return how growth of an industry in a region goes with its cluster there, and with its size.

    Definition
    ----------
    .. math:: \ln \frac{e^1_{ir}}{e^0_{ir}} = \delta \ln LQ_{ir} + \beta_1 \ln LQ^{-i}_{cr}
       + \beta_2 \ln \overline{LQ}_{C(c)r} + \beta_3 \ln \overline{LQ}_{cN(r)} + a_i + b_r + u_{ir}

    LQ is the share of the region's jobs over the same share of the nation. :math:`LQ^{-i}_{cr}`
    is the cluster of i without i, in the region and in the nation; :math:`\overline{LQ}_{C(c)r}`
    the mean over clusters related to c, c itself left out; :math:`\overline{LQ}_{cN(r)}` the mean
    of cluster c over neighbouring regions. :math:`\delta < 0` is convergence,
    :math:`\beta > 0` agglomeration.

    Jobs at the start stand on both sides: an error in them makes growth and quotient move against
    each other (convergence where there is none) and, where part of it is shared, moves the cluster
    term. ``regressors`` of an earlier year than ``start`` remove that.

    Parameters
    ----------
    start, end
        e^0 and e^1: regions x industries, jobs. All industries count in the regions' totals; those
        with a cluster are in the regression.
    regions, industries
        Labels of rows and columns.
    clusters
        Industry to cluster. Industries without an entry are in no cluster.
    regressors
        Jobs that quotients are taken of; default ``start``.
    environment
        Jobs that clusters and totals are added up of, where they are better known than
        ``regressors`` (estimates are welcome here); default ``regressors``, gaps left out.
    related
        Cluster to the clusters related to it. Without it the term is left out.
    neighbours
        Pairs of regions, either order. Without them the term is left out.
    zeros
        "drop": cells without jobs in any of the years are left out. "add one": one job is added to
        every count, and no known cell is left out for being empty.
    smallest
        Jobs that a cell must have.
    size_in
        Whether these are counted among the regressors (default) or at the start. At the start the
        choice is itself made by the errors in the jobs: it pushes the convergence term upwards.
    own
        "outside" (default): industry i is left out of its own cluster. "inside" shows what comes
        of leaving it in.
    errors
        Standard errors that allow for anything shared by the cells of a "region", or "two-way" of
        a region and of an industry.
    fewest_regions
        Fewer in the regression are refused.
    variant
        Name of the result.

    Returns
    -------
    GrowthRegression
        Growth is that of the whole span, in logarithms.

    Missing data
    ------------
    A cell with unknown jobs in any of the years is left out and counted; sums run over the known
    figures of ``environment``. A cluster without related clusters, a region without neighbours: its
    cells are left out and counted.

    Raises
    ------
    InvalidInput
        Shapes that do not fit the labels, labels that stand twice, negative or infinite jobs,
        related clusters and neighbours that are not known.
    CannotAnswer
        Fewer than ``fewest_regions`` regions; terms that do not vary or are collinear.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern, Clusters, convergence, and economic performance (2014).

    Example
    -------
    Forty regions, two clusters of two; each industry grows by a quarter of the logarithm of its
    cluster without it, less half of its own.

    >>> jobs = np.exp(np.sin(np.arange(160.0).reshape(40, 4) ** 2)) * 100
    >>> ends = jobs**0.5 * jobs[:, [1, 0, 3, 2]] ** 0.25
    >>> found = growth_regression(jobs, ends, regions=[f"{r:02}" for r in range(40)],
    ...     industries=list("abcd"), clusters=dict(zip("abcd", "1122")))
    >>> [(each.name, round(each.coefficient, 6)) for each in found.terms]
    [('convergence', -0.5), ('cluster', 0.25)]
    """
    read = _Read(regions, industries)
    first, last = read.figures("start", start), read.figures("end", end)
    base = first if regressors is None else read.figures("regressors", regressors)
    around = base if environment is None else read.figures("environment", environment)
    names = sorted({clusters[each] for each in industries if each in clusters})
    read.need(bool(names), "clusters", "no industry has a cluster", "are these the same codes?")
    choices = (
        ("zeros", zeros, ("drop", "add one")),
        ("size_in", size_in, ("regressors", "start")),
        ("own", own, ("outside", "inside")),
        ("errors", errors, ("region", "two-way")),
    )
    for name, value, known in choices:
        read.need(value in known, name, f"{name} is {value!r}", f"one of {', '.join(known)}")
    read.check()
    of_related = None if related is None else related_weights(related, names)
    of_neighbours = None if neighbours is None else neighbour_weights(neighbours, regions)

    one = 1.0 if zeros == "add one" else 0.0
    places = {name: place for place, name in enumerate(names)}
    cluster = np.array([places.get(clusters.get(each, ""), -1) for each in industries])
    inside = np.flatnonzero(cluster >= 0)
    around = np.nan_to_num(around)
    made_of = Environment(around, cluster, len(names), one)
    chosen = cluster[inside]
    measured: dict[str, Floats] = {
        CONVERGENCE: specialisation(base[:, inside] + one, made_of.totals),
        CLUSTER: made_of.without_own(inside, chosen)
        if own == "outside"
        else made_of.quotients[:, chosen],
    }
    if of_related is not None:
        measured[RELATED] = made_of.of_related(of_related)[:, chosen]
    if of_neighbours is not None:
        measured[NEIGHBOURS] = made_of.of_neighbours(of_neighbours)[:, chosen]
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log((last[:, inside] + one) / (first[:, inside] + one))
        logs = {name: np.log(each) for name, each in measured.items()}
    sizes = (base if size_in == "regressors" else first)[:, inside]
    use, dropped = usable_cells(
        growth, logs, (first[:, inside], last[:, inside], base[:, inside]), sizes, smallest
    )
    return regress_within(growth, logs, use, dropped, errors, fewest_regions, variant)


class _Read:
    """Reads tables of regions x industries and collects what is wrong with them."""

    def __init__(self, regions: Sequence[str], industries: Sequence[str]) -> None:
        self.shape = (len(regions), len(industries))
        self.faults: list[Fault] = []
        for name, labels in (("regions", regions), ("industries", industries)):
            twice = (
                sorted({each for each in labels if list(labels).count(each) > 1})
                if len(set(labels)) < len(labels)
                else []
            )
            self.faults += [Fault("the label stands twice", "", None, name, each) for each in twice]

    def figures(self, name: str, values: npt.ArrayLike) -> Floats:
        table = np.array(values, dtype=np.float64)
        if table.shape != self.shape:
            hint = f"regions x industries are {self.shape}"
            self.faults.append(Fault(f"{name} has shape {table.shape}", "", None, name, "", hint))
            return np.zeros(self.shape)
        for row, column in np.argwhere((table < 0) | np.isinf(table))[:200]:
            problem = f"{name} is negative or infinite"
            value = str(table[row, column])
            self.faults.append(Fault(problem, "", int(row) + 1, f"{name} {column + 1}", value))
        return table

    def need(self, condition: bool, name: str, problem: str, hint: str) -> None:
        if not condition:
            self.faults.append(Fault(problem, column=name, hint=hint))

    def check(self) -> None:
        if self.faults:
            raise InvalidInput(self.faults)


def usable_cells(
    growth: Floats,
    logs: Mapping[str, Floats],
    jobs: Sequence[Floats],
    sizes: Floats,
    smallest: float,
) -> tuple[Flags, dict[str, int]]:
    """Return the cells that can be used, and why others cannot."""
    left = np.ones(growth.shape, dtype=bool)
    dropped: dict[str, int] = {}

    def drop(reason: str, wrong: Flags) -> None:
        gone = left & wrong
        dropped[reason] = int(gone.sum())
        left[gone] = False

    drop("not known", np.any([np.isnan(each) for each in jobs], axis=0))
    drop("no jobs in one of the years", ~np.isfinite(growth) | ~np.isfinite(logs[CONVERGENCE]))
    drop(f"fewer than {smallest:g} jobs", sizes < smallest)
    reasons = {
        CLUSTER: "no other jobs in the cluster",
        RELATED: "no jobs in related clusters",
        NEIGHBOURS: "no such jobs in neighbouring regions",
    }
    for name, reason in reasons.items():
        if name in logs:
            drop(reason, ~np.isfinite(logs[name]))
    alone = 0
    while True:
        lonely = left & (
            (left.sum(axis=1, keepdims=True) == 1) | (left.sum(axis=0, keepdims=True) == 1)
        )
        if not lonely.any():
            break
        alone += int(lonely.sum())
        left[lonely] = False
    dropped["alone in region or industry"] = alone
    return left, {reason: count for reason, count in dropped.items() if count}


def regress_within(
    growth: Floats,
    logs: Mapping[str, Floats],
    use: Flags,
    dropped: dict[str, int],
    errors: Errors,
    fewest: int,
    variant: str,
) -> GrowthRegression:
    """Regress growth on logarithms of terms over the cells in use, region and industry taken out.

    Raises
    ------
    CannotAnswer
        Fewer than ``fewest`` regions; terms that do not vary or are collinear.
    """
    row, column = np.nonzero(use)
    rows: Places = np.unique(row, return_inverse=True)[1].ravel()
    columns: Places = np.unique(column, return_inverse=True)[1].ravel()
    count = len(set(rows.tolist()))
    if count < max(fewest, 2):
        raise CannotAnswer(
            "there are too few regions for a growth regression",
            value=f"{count} with usable cells",
            hint=f"at least {max(fewest, 2)}; left out: "
            + (", ".join(f"{number:,} {reason}" for reason, number in dropped.items()) or "none"),
        )
    width = int(columns.max()) + 1
    given = np.column_stack([growth[use], *(each[use] for each in logs.values())])
    free = absorb(given, rows, columns)
    x = free[:, 1:]
    lost = [
        name
        for name, own, all_of_it in zip(logs, x.T, given[:, 1:].T, strict=True)
        if own @ own <= 1e-18 * max(float(all_of_it @ all_of_it), 1e-300)
    ]
    found = None if lost else fit(free[:, 0], x)
    effects = count + width - connected(rows, columns)
    freedom = len(rows) - len(logs) - effects
    if found is None or freedom < 1:
        raise CannotAnswer(
            "the terms cannot be told apart",
            value=", ".join(lost or logs),
            hint="a term that region and industry effects explain, or that repeats another, "
            "has no coefficient of its own: leave it out",
        )
    groups = [rows] if errors == "region" else [rows, columns]
    # Effects that lie within the groups of the errors do not count (fixed effects nested).
    counted = len(rows) - len(logs) - (width if errors == "region" else 0)
    covariance = group_covariance(x, found, groups, max(counted, 1))
    least = count if errors == "region" else min(count, width)
    told = terms(tuple(logs), found, covariance, freedom=freedom, groups=least)
    return GrowthRegression(variant, told, len(rows), count, width, found.explained, dropped, ())
