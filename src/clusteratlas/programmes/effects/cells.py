"""Groups that are compared, as means over time with their covariance.

Every estimator of this room but the doubly robust one is linear in the mean outcomes of a few
cells: units first treated in one period, and those they are compared with. So a panel of any length
is looked at once, for the means of its cells and their covariance, and every estimate, its error,
joint tests and bands follow from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusteratlas.programmes.effects.panel import NEVER, Floats, Ints


@dataclass(frozen=True)
class Cell:
    """Units that are looked at together.

    Attributes
    ----------
    stack
        Cells are compared within a stack only.
    start
        First period under treatment; ``NEVER`` for controls that are never treated.
    members
        Places of its units in the panel; length m.
    weights
        Share of each member in the cell's mean; sums to 1. May be below zero where a comparison
        subtracts (the third difference).
    size
        Units it stands for.
    values
        Outcomes of the members, m x T, less what covariates or places explain.
    errors
        The part of ``values`` that varies by chance, m x T: what the covariance is made of.
    """

    stack: int
    start: int
    members: Ints
    weights: Floats
    size: float
    values: Floats
    errors: Floats

    @property
    def is_treated(self) -> bool:
        """Whether its units are treated at some time."""
        return self.start != NEVER


def plain_cell(stack: int, start: int, members: Ints, values: Floats) -> Cell:
    """Return a cell in which each unit counts alike; ``values`` are those of the members."""
    count = len(members)
    weights = np.full(count, 1.0 / max(count, 1))
    return Cell(stack, start, members, weights, float(count), values, values - values.mean(axis=0))


@dataclass(frozen=True)
class Stratum:
    """Assignments that hold the same cells: their part of the covariance.

    ``covariance`` has the rows and columns of ``cells`` x T; ``assignments`` is how many
    independent witnesses it rests on.
    """

    cells: tuple[int, ...]
    covariance: Floats
    assignments: int


@dataclass(frozen=True)
class Moments:
    """Means of the cells over time, and how sure they are.

    Definition
    ----------
    The mean of cell k in period t is sum_i w_ik y_it. Its covariance is the sum
    over strata of G / (G - 1) sum_c u_c u_c', where u_c adds the weighted errors of all units of
    one assignment (the unit itself, or the cluster in which treatment was assigned) and G is the
    number of assignments of the stratum.
    """

    cells: tuple[Cell, ...]
    means: Floats
    strata: tuple[Stratum, ...]

    @property
    def periods(self) -> int:
        """Number of periods T."""
        return int(self.means.shape[1])

    def covariance(self, contrasts: Floats) -> Floats:
        """Covariance of estimates; ``contrasts`` is K x C x T."""
        total = np.zeros((len(contrasts), len(contrasts)))
        for stratum in self.strata:
            part = contrasts[:, list(stratum.cells), :].reshape(len(contrasts), -1)
            total += part @ stratum.covariance @ part.T
        return total

    def freedom(self, contrast: Floats) -> float:
        """Degrees of freedom of one estimate (Welch and Satterthwaite); ``contrast`` is C x T."""
        variances = []
        for stratum in self.strata:
            part = contrast[list(stratum.cells), :].ravel()
            variances.append(float(part @ stratum.covariance @ part))
        kept = np.array(variances)
        each = np.array([max(stratum.assignments - 1, 1) for stratum in self.strata])
        total = kept.sum()
        return float(total**2 / (kept**2 / each).sum()) if total > 0 else float(each.sum())


def moments_of(cells: Sequence[Cell], assignment: Ints) -> Moments:
    """Return means and covariance of cells.

    Parameters
    ----------
    cells
        With errors of m x T each.
    assignment
        Which independent assignment each unit of the panel belongs to; length n.

    Returns
    -------
    Moments
        A stratum with one assignment has no variance of its own: it takes the mean variance of the
        other strata that hold one cell.
    """
    means = np.array([cell.weights @ cell.values for cell in cells])
    sums: list[tuple[Ints, Floats]] = []
    for cell in cells:
        groups, place = np.unique(assignment[cell.members], return_inverse=True)
        weighted = cell.errors * cell.weights[:, None]
        added = np.zeros((len(groups), weighted.shape[1]))
        np.add.at(added, place, weighted)
        sums.append((groups, added))
    everyone = np.unique(np.concatenate([groups for groups, _ in sums]))
    holds = np.zeros((len(everyone), len(cells)), dtype=bool)
    where = []
    for number, (groups, _) in enumerate(sums):
        where.append(np.searchsorted(everyone, groups))
        holds[where[-1], number] = True
    kinds, kind = np.unique(holds, axis=0, return_inverse=True)
    strata: list[Stratum] = []
    alone: list[Stratum] = []
    for number, held in enumerate(kinds):
        those = np.flatnonzero(kind.ravel() == number)
        inside = tuple(int(each) for each in np.flatnonzero(held))
        rank = np.full(len(everyone), -1)
        rank[those] = np.arange(len(those))
        stacked = np.zeros((len(those), len(inside), means.shape[1]))
        for position, each in enumerate(inside):
            mine = rank[where[each]]
            stacked[mine[mine >= 0], position] = sums[each][1][mine >= 0]
        flat = stacked.reshape(len(those), -1)
        count = len(those)
        made = Stratum(inside, flat.T @ flat * (count / max(count - 1, 1)), count)
        (alone if count == 1 and len(inside) == 1 else strata).append(made)
    return Moments(tuple(cells), means, (*strata, *_borrowed(alone, strata)))


def _borrowed(alone: list[Stratum], others: list[Stratum]) -> list[Stratum]:
    single = [each for each in others if len(each.cells) == 1]
    if not single:
        return alone
    spread = np.mean([each.covariance * each.assignments for each in single], axis=0)
    return [Stratum(each.cells, spread, each.assignments) for each in alone]
