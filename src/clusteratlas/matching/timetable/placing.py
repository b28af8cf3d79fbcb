"""Find slots for chosen pairs: put one meeting in, take out what is in its way, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.clock import Clock

BLOCKED = 1_000
"""What taking a pair out costs that must not be taken out."""

CHUNK = 100_000
"""Steps between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The slot and place of each pair of a problem.

    Attributes
    ----------
    slot
        Slot of the pair's meeting; -1 where it has none.
    option
        Which of the pair's two places it takes; -1 where it does not meet.
    """

    slot: Ints
    option: Ints

    @property
    def placed(self) -> Flags:
        """Whether the pair meets."""
        return self.slot >= 0


def empty(problem: Problem) -> Placement:
    """Return a placement without meetings."""
    none = np.full(len(problem.weight), -1, dtype=np.int64)
    return Placement(none, none.copy())


def place(
    problem: Problem,
    chosen: Flags,
    *,
    start: Placement | None = None,
    heavy: Ints | None = None,
    steps: int,
    seed: int,
    clock: Clock,
) -> Placement:
    """Find slots for the chosen pairs, for all of them if the search succeeds.

    Each step takes a pair that waits and the slot where least is in its way. What is in the way
    waits then, and may not come back to that slot for a while. The best state is returned.

    Parameters
    ----------
    problem
        The event.
    chosen
        Pairs that are to meet.
    start
        Where to begin; with nothing placed if not given.
    heavy
        What taking a pair out of its slot costs beside the 1 of the others; `BLOCKED` for never.
    steps
        Most steps.
    seed
        Of the search.
    clock
        Ends the search early.
    """
    from clusteratlas.matching.timetable.placing_passes import search  # noqa: PLC0415 - compiled

    rows = np.flatnonzero(chosen)
    begin = start or empty(problem)
    allowed = problem.allowed[rows]
    worth = (problem.weight + problem.bonus)[rows] + _promised(problem, chosen)[rows]
    order = np.argsort(allowed.any(axis=1).sum(axis=1), kind="stable")
    state = _State(problem, rows, begin, order)
    weights = np.ones(len(rows), dtype=np.int64) if heavy is None else heavy[rows]
    done = 0
    given: Any = (
        problem.first[rows],
        problem.second[rows],
        problem.place[rows],
        allowed,
        problem.room,
        worth,
        weights,
        *state.arrays,
    )
    while state.waiting[0] and done < steps:
        search(*(*given, done, min(CHUNK, steps - done), seed + done))
        done += CHUNK
        if clock.is_over():
            break
    slot, option = begin.slot.copy(), begin.option.copy()
    slot[:], option[:] = -1, -1
    slot[rows], option[rows] = state.best_slot, state.best_option
    return Placement(slot, option)


def _promised(problem: Problem, chosen: Flags) -> Ints:
    """What a pair is worth beyond its score, as a guarantee may hang on it."""
    people = len(problem.people)
    degree = np.bincount(problem.first[chosen], minlength=people)
    degree += np.bincount(problem.second[chosen], minlength=people)
    tight = degree <= problem.need
    large = int(problem.weight.max(initial=0) + problem.bonus.max(initial=0)) + 1
    return (
        tight[problem.first].astype(np.int64) + tight[problem.second] + 4 * problem.must
    ) * large


class _State:
    """The arrays that the search changes."""

    def __init__(self, problem: Problem, rows: Ints, start: Placement, order: Ints) -> None:
        people, slots = problem.open.shape
        self.at = np.full((people, slots), -1, dtype=np.int64)
        self.slot = start.slot[rows].copy()
        self.option = start.option[rows].copy()
        self.load = np.zeros_like(problem.room)
        for row in np.flatnonzero(self.slot >= 0).tolist():
            pair, slot = rows[row], self.slot[row]
            self.at[problem.first[pair], slot] = row
            self.at[problem.second[pair], slot] = row
            self.load[problem.place[pair, self.option[row]], slot] += 1
        waits = order[self.slot[order] < 0]
        self.queue = np.zeros(len(rows) + 4, dtype=np.int64)
        self.queue[: len(waits)] = waits
        self.waiting = np.array([len(waits)], dtype=np.int64)
        self.tabu = np.zeros((len(rows), slots), dtype=np.int64)
        self.best_slot, self.best_option = self.slot.copy(), self.option.copy()
        self.best = np.array([np.iinfo(np.int64).max], dtype=np.int64)

    @property
    def arrays(self) -> tuple[Ints, ...]:
        return (
            self.at,
            self.slot,
            self.option,
            self.load,
            self.queue,
            self.waiting,
            self.tabu,
            self.best_slot,
            self.best_option,
            self.best,
        )
