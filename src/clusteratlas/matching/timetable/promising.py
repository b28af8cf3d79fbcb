"""Guarantees: how many meetings must be missed, and by whom it is decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint, milp

from clusteratlas.matching.timetable.arranged import Ints, Problem
from clusteratlas.matching.timetable.choosing import Floats, Limits, box
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.hindered import limits_by_person

ROUNDS = 30
"""Times that limits of single people are learned at most."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The fewest meetings that are missed, as far as limits on pairs tell.

    Attributes
    ----------
    each
        Most that one person misses; as small as can be.
    together
        What all miss together, given that; as small as can be.
    """

    each: int
    together: int


def fewest_missing(problem: Problem, limits: Limits, clock: Clock) -> Missing | None:
    """Return the fewest meetings missed to the guarantees, the most hurt person first.

    Returns
    -------
    Missing or None
        ``None`` where confirmed meetings contradict the limits whatever is missed.
    """
    everybody = int(problem.need.sum())
    for each in range(int(problem.need.max(initial=0)) + 1):
        allowed = limits.allowing(np.minimum(problem.need, each), everybody)
        together = _fewest(problem, limits, allowed, clock)
        if together is not None:
            return Missing(each, together)
    return None


def _fewest(problem: Problem, limits: Limits, allowed: Limits, clock: Clock) -> int | None:
    """Fewest meetings missed together; limits that a person's slots set are learned on the way."""
    fewest: int | None = None
    for _ in range(ROUNDS):
        found = milp(
            np.r_[np.zeros(len(problem.weight)), np.ones(len(problem.need))],
            constraints=LinearConstraint(allowed.matrix, allowed.low, allowed.high),
            bounds=box(problem, allowed),
            integrality=np.ones(len(problem.weight) + len(problem.need)),
            options={"time_limit": max(clock.left, 0.5)},
        )
        if found.status == 2:
            return None
        if found.x is None:
            return 0 if fewest is None else fewest
        fewest = int(np.ceil((found.mip_dual_bound or 0.0) - 1e-6))
        chosen = found.x[: len(problem.weight)] > 0.5
        if clock.is_over() or not limits_by_person(problem, allowed, chosen):
            return fewest
        limits.take_over(allowed)
    return fewest


def is_possible(problem: Problem, limits: Limits, people: Ints) -> bool:
    """Return whether the guarantees of these people alone can be kept, as far as pairs tell."""
    needed = np.zeros_like(problem.need)
    needed[people] = problem.need[people]
    nobody = limits.allowing(np.zeros_like(needed), 0)
    low = nobody.low.copy()
    low[: len(needed)] = needed
    found = milp(
        np.zeros(len(problem.weight) + len(needed)),
        constraints=LinearConstraint(nobody.matrix, low, nobody.high),
        bounds=box(problem, nobody),
        integrality=np.ones(len(problem.weight) + len(needed)),
    )
    return bool(found.status != 2)


def without_missing(limits: Limits, needed: Ints) -> tuple[sparse.csr_array, Floats, Floats]:
    """Return the limits on pairs alone, with these guarantees."""
    pairs = limits.matrix.shape[1] - len(limits.missing)
    low = limits.low.copy()
    low[: len(needed)] = needed
    high = limits.high.copy()
    high[limits.together] = np.inf
    return limits.matrix[:, :pairs], low, high
