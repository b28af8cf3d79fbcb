"""Pairs and slots together: choose, place, learn what hinders, until choice and slots agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.choosing import Choice, Floats, Limits, box, choose
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.event import STEPS
from clusteratlas.matching.timetable.filling import fill
from clusteratlas.matching.timetable.hindered import limits_by_person
from clusteratlas.matching.timetable.improving import improve
from clusteratlas.matching.timetable.placing import BLOCKED, Placement, empty, place
from clusteratlas.matching.timetable.time_indexed import limit_from_relaxation, solve_exactly

MOST_COLUMNS_RELAXED = 70_000
MOST_COLUMNS_EXACT = 40_000
FEW_COLUMNS = 3_000
"""Columns, pairs times slots, up to which programmes with slots are solved: relaxed; exactly, when
all else has been tried; exactly, before other choices are tried."""

ROUNDS = 60
"""Choices that are tried at most, each with the limits learned from those before."""

OTHERS = 12
"""Choices of nearly the same worth that are tried where the best one finds no slots."""

TRYING_OTHERS, IMPROVING = 0.25, 0.8
"""Shares of the time left that these two may take."""

STEPS_OF_SEARCH = 1_500
"""Steps for each chosen pair that look for its slot."""

LEAST_STEPS, MOST_STEPS = 20_000, 1_500_000

Note = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who meets when, and what is proved of it.

    Attributes
    ----------
    placement
        Slots and places; ``None`` where none that respects the limits was found.
    value
        Worth of the placement, in ten-thousandths with bonuses; -1 without one.
    bound
        No timetable within the limits is worth more; -1 where it is shown that there is none.
    """

    placement: Placement | None
    value: int
    bound: int

    @property
    def impossible(self) -> bool:
        """Whether it is shown that no timetable respects the limits."""
        return self.bound < 0


def value_of(problem: Problem, placement: Placement) -> int:
    """Return what a placement is worth, in ten-thousandths with bonuses."""
    kept = placement.placed & (placement.slot == problem.former)
    return int(problem.weight[placement.placed].sum() + problem.bonus[kept].sum())


def meetings_of(problem: Problem, placed: Flags) -> Ints:
    """Return the number of meetings of each person, settled ones aside."""
    people = len(problem.people)
    count = np.bincount(problem.first[placed], minlength=people)
    return np.asarray(count + np.bincount(problem.second[placed], minlength=people))


def missing_of(problem: Problem, placed: Flags) -> Ints:
    """Return the meetings that each person lacks to the guarantee."""
    return np.asarray(np.maximum(problem.need - meetings_of(problem, placed), 0))


class Search:
    """One search for the best timetable within limits."""

    def __init__(
        self, problem: Problem, limits: Limits, *, seed: int, clock: Clock, note: Note
    ) -> None:
        self._problem, self._limits = problem, limits
        self._seed, self._clock, self._note = seed, clock, note
        self._best: Placement | None = None
        self._value = -1
        self._bound = int((problem.weight + problem.bonus).sum())
        self._random = np.random.default_rng(seed)
        self._stay = problem.former >= 0

    def run(self) -> Schedule:
        """Search until value and bound agree or time is up."""
        if self._agree():
            self._solve_exactly(FEW_COLUMNS, 0.5)
            self._note("looking at other choices", 0.5)
            self._try_others()
            self._note("solving a few slots anew", 0.6)
            self._improve()
            self._note("solving pairs and slots together", 0.7)
            self._solve_exactly(MOST_COLUMNS_EXACT, 1.0)
        return Schedule(self._best, self._value, self._bound)

    def _agree(self) -> bool:
        """Choose and place in turn; return whether anything is left to be done."""
        relaxed = False
        for turn in range(ROUNDS):
            choice = choose(self._problem, self._limits, seconds=self._clock.left)
            if choice is None:
                self._bound = self._value
                return False
            self._lower(choice)
            if self._value >= self._bound:
                return False
            if limits_by_person(self._problem, self._limits, choice.chosen):
                continue
            self._note("finding slots", min(0.4, 0.05 + 0.05 * turn))
            if self._place(choice.chosen, self._seed):
                return self._value < self._bound
            if self._clock.is_over():
                return True
            if not self._learn(choice.chosen, whole=not relaxed):
                return True
            relaxed = True
        return True

    def _learn(self, chosen: Flags, *, whole: bool) -> bool:
        columns = int(self._problem.allowed.sum())
        seconds = self._clock.left / 3
        if whole and columns <= MOST_COLUMNS_RELAXED:
            return limit_from_relaxation(
                self._problem, self._limits, chosen, whole=True, seconds=seconds
            )
        if int(self._problem.allowed[chosen].sum()) <= MOST_COLUMNS_RELAXED:
            return limit_from_relaxation(
                self._problem, self._limits, chosen, whole=False, seconds=seconds
            )
        return False

    def _lower(self, choice: Choice) -> None:
        self._bound = max(min(self._bound, choice.bound), self._value)
        self._clock.ran_out = self._clock.ran_out or choice.cut_short

    def _place(self, chosen: Flags, seed: int) -> bool:
        """Find slots; keep what is found if it is better; return whether all pairs have one."""
        keep = chosen & self._stay
        steps = min(max(STEPS_OF_SEARCH * int(chosen.sum()), LEAST_STEPS), MOST_STEPS)
        start = stay_placed(self._problem, keep)
        whole = False
        for cost in (BLOCKED, 2) if keep.any() else (1,):
            placement = place(
                self._problem,
                chosen,
                start=start,
                heavy=np.where(keep, cost, 1),
                steps=steps,
                seed=seed,
                clock=self._clock,
            )
            whole = bool(placement.placed[chosen].all())
            self._keep(placement if whole else fill(self._problem, placement))
            if whole:
                break
        return whole

    def _keep(self, placement: Placement) -> None:
        missing = missing_of(self._problem, placement.placed)
        within = (missing <= self._limits.missing).all() and missing.sum() <= self._together
        if not within or not placement.placed[self._problem.must].all():
            return
        value = value_of(self._problem, placement)
        if value > self._value:
            self._best, self._value = placement, value
            self._bound = max(self._bound, value)

    @property
    def _together(self) -> float:
        return float(self._limits.high[self._limits.together])

    def _try_others(self) -> None:
        """Choices of nearly the same worth: their pairs may find slots."""
        worth = (self._problem.weight + self._problem.bonus) / STEPS
        lost = max(self._bound - max(self._value, 0), 1) / max(self._bound, 1)
        clock = self._clock.part(TRYING_OTHERS)
        for turn in range(OTHERS):
            if self._value >= self._bound or clock.is_over():
                self._clock.ran_out = self._clock.ran_out or clock.ran_out
                return
            size = min(lost, 0.1) * 0.5 ** (turn % 6)
            shaken = worth * (1 + size * self._random.standard_normal(len(worth)))
            choice = choose(self._problem, self._limits, worth=shaken, seconds=self._clock.left / 4)
            if choice is None:
                return
            if self._worth(choice.chosen) > self._value:
                self._place(choice.chosen, self._seed + turn + 1)
            self._note("looking at other choices", 0.5 + 0.1 * turn / OTHERS)

    def _worth(self, chosen: Flags) -> int:
        return int((self._problem.weight + self._problem.bonus)[chosen].sum())

    def _solve_exactly(self, most_columns: int, share: float) -> None:
        """Solve pairs and slots as one programme, where what is undecided is small enough."""
        if self._value >= self._bound or self._clock.is_over():
            return
        among, sure = self._undecided()
        if int(self._problem.allowed[among].sum()) > most_columns:
            return
        found = solve_exactly(
            self._problem,
            self._limits,
            among,
            sure,
            known=self._value,
            bound=self._bound,
            seconds=self._clock.left * share,
        )
        self._clock.ran_out = self._clock.ran_out or found.cut_short
        if found.placement is not None:
            self._keep(found.placement)
        self._bound = max(min(self._bound, found.bound), self._value)

    def _improve(self) -> None:
        """Solve a few slots anew at a time, as long as that brings anything."""
        if self._best is None or self._value >= self._bound or self._clock.is_over():
            return
        clock = self._clock.part(IMPROVING)
        better = improve(
            self._problem,
            self._best,
            loss=self._relaxed()[1],
            enough=lambda found: value_of(self._problem, found) >= self._bound,
            seed=self._seed,
            clock=clock,
        )
        self._clock.ran_out = self._clock.ran_out or clock.ran_out
        self._keep(better)

    def _undecided(self) -> tuple[Flags, Flags]:
        """Pairs that a better timetable may hold, and those that it holds for sure."""
        everything, must = np.ones(len(self._problem.weight), dtype=bool), self._problem.must
        best, up, out = self._relaxed()
        if self._value < 0 or best is None:
            return everything, must
        within = best - (self._value + 0.9) / STEPS
        return (up <= within) | must, (out > within) | must

    def _relaxed(self) -> tuple[float | None, Floats, Floats]:
        """The relaxed choice: its worth; what taking a pair up or leaving it out costs it."""
        pairs = len(self._problem.weight)
        limits = box(self._problem, self._limits)
        above, below = np.isfinite(self._limits.high), np.isfinite(self._limits.low)
        worth = (self._problem.weight + self._problem.bonus) / STEPS
        found = linprog(
            -np.r_[worth, np.zeros(len(self._limits.missing))],
            A_ub=sparse.vstack([self._limits.matrix[above], -self._limits.matrix[below]]),
            b_ub=np.r_[self._limits.high[above], -self._limits.low[below]],
            bounds=np.c_[limits.lb, limits.ub],
            method="highs",
        )
        if found.status != 0:
            return None, -worth, np.zeros(pairs)
        return -found.fun, found.lower.marginals[:pairs], -found.upper.marginals[:pairs]


def stay_placed(problem: Problem, keep: Flags) -> Placement:
    """Return a placement with these pairs in their former slots, as far as there is room."""
    placement = empty(problem)
    room = problem.room.copy()
    rows = np.flatnonzero(keep)
    for pair in rows[np.argsort(-problem.bonus[rows], kind="stable")].tolist():
        slot = problem.former[pair]
        for option in np.flatnonzero(problem.allowed[pair, :, slot]).tolist():
            if room[problem.place[pair, option], slot] > 0:
                room[problem.place[pair, option], slot] -= 1
                placement.slot[pair], placement.option[pair] = slot, option
                break
    return placement
