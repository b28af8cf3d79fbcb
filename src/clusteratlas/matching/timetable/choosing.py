"""Choose the pairs that are to meet, without a thought for slots: the bound of every timetable.

A timetable is a choice of pairs and a slot for each. Whatever the slots, nobody has more meetings
than a cap and free slots allow, and all together have no more than the tables: the best choice
within these limits is worth at least as much as the best timetable. Where its pairs find slots,
the timetable is the best there is. Where they do not, what hinders them becomes a further limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.event import STEPS

Floats = NDArray[np.float64]

SLACK = 0.05
"""Steps of ten-thousandths that the solver's rounding may cost; whole steps are what is proved."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Pairs chosen to meet.

    Attributes
    ----------
    chosen
        Whether the pair is chosen.
    bound
        No choice within the limits is worth more, in ten-thousandths with bonuses.
    cut_short
        Whether the clock ended the search for the best choice.
    """

    chosen: Flags
    bound: int
    cut_short: bool


@dataclass(slots=True)
class Limits:
    """Limits on what is chosen: rows of a matrix, at least and at most.

    Columns are the pairs, then for each person the meetings missing to the guarantee.

    Attributes
    ----------
    matrix, low, high
        The rows.
    missing
        Most meetings that each person may miss.
    """

    matrix: sparse.csr_array
    low: Floats
    high: Floats
    missing: Ints
    known: set[bytes] = field(default_factory=set)

    def add(self, row: Floats, high: float) -> bool:
        """Add a limit on pairs; return whether it is new."""
        key = row.tobytes() + np.float64(high).tobytes()
        if key in self.known:
            return False
        self.known.add(key)
        whole = np.r_[row, np.zeros(len(self.missing))]
        self.matrix = sparse.vstack([self.matrix, sparse.csr_array(whole[None, :])], format="csr")
        self.low = np.append(self.low, -np.inf)
        self.high = np.append(self.high, high)
        return True

    def allowing(self, missing: Ints, together: int) -> Limits:
        """Return the same limits where each person may miss so many meetings, and all together."""
        changed = Limits(self.matrix, self.low, self.high.copy(), missing, set(self.known))
        changed.high[self.together] = together
        return changed

    def take_over(self, other: Limits) -> None:
        """Take over the limits that another one has learned; what may be missed stays."""
        learned = len(self.high)
        self.matrix = other.matrix
        self.low = np.r_[self.low, other.low[learned:]]
        self.high = np.r_[self.high, other.high[learned:]]
        self.known = set(other.known)

    @property
    def together(self) -> int:
        """The row of all meetings missed."""
        return len(self.missing)


def slot_limits(problem: Problem) -> Ints:
    """Return the most meetings of each slot: by tables, and by half of the people there."""
    able = np.zeros((len(problem.people), len(problem.slots)), dtype=bool)
    np.logical_or.at(able, problem.first, problem.possible)
    np.logical_or.at(able, problem.second, problem.possible)
    return np.asarray(np.minimum(problem.room.sum(axis=0), able.sum(axis=0) // 2))


def limits_of(problem: Problem) -> Limits:
    """Return the limits by people, guarantees, places and all tables, nobody missing a meeting."""
    pairs, people = len(problem.weight), len(problem.people)
    columns = np.arange(pairs)
    degree = sparse.csr_array(
        (
            np.ones(2 * pairs),
            (np.r_[problem.first, problem.second], np.r_[columns, columns]),
        ),
        shape=(people, pairs),
    )
    only = problem.place[:, 1] < 0
    place = sparse.csr_array(
        (np.ones(int(only.sum())), (problem.place[only, 0], columns[only])),
        shape=(len(problem.places), pairs),
    )
    matrix = sparse.block_array(
        [
            [degree, sparse.eye_array(people)],
            [None, sparse.csr_array(np.ones((1, people)))],
            [degree, None],
            [place, None],
            [sparse.csr_array(np.ones((1, pairs))), None],
        ],
        format="csr",
    )
    most = [free_meetings(problem), problem.room.sum(axis=1), [slot_limits(problem).sum()]]
    open_end = np.full(1 + people + len(problem.places) + 1, -np.inf)
    return Limits(
        matrix,
        np.r_[problem.need, open_end].astype(np.float64),
        np.r_[np.full(people, np.inf), 0, np.concatenate(most)].astype(np.float64),
        np.zeros(people, dtype=np.int64),
    )


def free_meetings(problem: Problem) -> Ints:
    """Return the most meetings of each person by cap and by slots in which a partner can come."""
    able = np.zeros((len(problem.people), len(problem.slots)), dtype=bool)
    np.logical_or.at(able, problem.first, problem.possible)
    np.logical_or.at(able, problem.second, problem.possible)
    return np.asarray(np.minimum(problem.cap, able.sum(axis=1)))


def choose(
    problem: Problem, limits: Limits, *, worth: Floats | None = None, seconds: float
) -> Choice | None:
    """Choose the pairs worth most together within the limits.

    Parameters
    ----------
    problem
        The event.
    limits
        What a choice has to respect.
    worth
        Of each pair, in mutual score; the scores with bonuses if not given.
    seconds
        Most time to take.

    Returns
    -------
    Choice or None
        ``None`` where no choice respects the limits.
    """
    value = (problem.weight + problem.bonus) / STEPS if worth is None else worth
    most = max(float(value.sum()), 1.0)
    found = milp(
        -np.r_[value, np.zeros(len(limits.missing))],
        constraints=LinearConstraint(limits.matrix, limits.low, limits.high),
        bounds=box(problem, limits),
        integrality=np.ones(len(value) + len(limits.missing)),
        options={"mip_rel_gap": 0.5 / STEPS / most, "time_limit": max(seconds, 0.5)},
    )
    if found.x is None:
        return None if found.status == 2 else _nothing(problem, found.mip_dual_bound)
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    return Choice(found.x[: len(value)] > 0.5, whole_steps(-bound), found.status == 1)


def box(problem: Problem, limits: Limits) -> Bounds:
    """Return the least and the most of each column: confirmed pairs meet."""
    low = np.r_[problem.must.astype(np.float64), np.zeros(len(limits.missing))]
    return Bounds(low, np.r_[np.ones(len(problem.must)), limits.missing])


def whole_steps(bound: float) -> int:
    """Return the most whole steps below a bound that the solver found.

    >>> whole_steps(12.34567), whole_steps(12.3456 - 1e-9)
    (123456, 123456)
    """
    return int(np.floor(bound * STEPS + SLACK))


def _nothing(problem: Problem, bound: float | None) -> Choice:
    """What stands when the clock ended the search before anything was found."""
    most = int((problem.weight + problem.bonus).sum())
    if bound is not None and np.isfinite(bound):
        most = min(most, whole_steps(-bound))
    return Choice(problem.must.copy(), most, True)
