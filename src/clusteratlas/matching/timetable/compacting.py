"""Bring each person's meetings together: fewest idle slots with the same meetings."""

from __future__ import annotations

import numpy as np

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.placing import Placement

CHUNK = 100_000
"""Steps between two looks at the clock."""

HOT, COLD = 1.0, 0.08
"""Idle slots that a step may cost with odds 1/e, at the start and at the end."""


def compact(
    problem: Problem,
    placement: Placement,
    *,
    stay: Flags | None = None,
    steps: int,
    seed: int,
    clock: Clock,
) -> Placement:
    """Move meetings between slots so that idle slots become few; all meetings remain.

    A step moves one meeting to another slot. What is in its way there moves back into the slot
    that it left, and so on until nobody meets twice. Simulated annealing decides which steps
    stand; the best state is returned.

    Parameters
    ----------
    problem, placement
        The event and its meetings.
    stay
        Pairs that keep their slots.
    steps
        Of the annealing.
    seed
        Of the search.
    clock
        Ends the search early.
    """
    from clusteratlas.matching.timetable.compacting_passes import anneal  # noqa: PLC0415

    rows = np.flatnonzero(placement.placed)
    if not len(rows) or len(problem.slots) < 2:
        return placement
    at, load = _state(problem, placement, rows)
    slot, option = placement.slot[rows].copy(), placement.option[rows].copy()
    held = np.zeros(len(rows), dtype=bool) if stay is None else stay[rows].copy()
    best_slot, best_option = slot.copy(), option.copy()
    best = np.array([np.iinfo(np.int64).max], dtype=np.int64)
    done = 0
    while done < steps and best[0] > 0:
        heat = HOT * (COLD / HOT) ** (done / steps)
        anneal(
            problem.first[rows],
            problem.second[rows],
            problem.place[rows],
            problem.allowed[rows],
            problem.room,
            problem.here,
            problem.busy,
            problem.block,
            held,
            at,
            slot,
            option,
            load,
            best_slot,
            best_option,
            best,
            heat,
            min(CHUNK, steps - done),
            seed + done,
        )
        done += CHUNK
        if clock.is_over():
            break
    moved = Placement(placement.slot.copy(), placement.option.copy())
    moved.slot[rows], moved.option[rows] = best_slot, best_option
    return moved


def gaps_of(problem: Problem, placement: Placement) -> Ints:
    """Return the idle slots of each person between the meetings of a block."""
    from clusteratlas.matching.timetable.compacting_passes import gaps_of_person  # noqa: PLC0415

    rows = np.flatnonzero(placement.placed)
    at, _ = _state(problem, placement, rows)
    return np.array(
        [
            gaps_of_person(at, problem.here, problem.busy, problem.block, person)
            for person in range(len(problem.people))
        ],
        dtype=np.int64,
    )


def _state(problem: Problem, placement: Placement, rows: Ints) -> tuple[Ints, Ints]:
    at = np.full(problem.open.shape, -1, dtype=np.int64)
    load = np.zeros_like(problem.room)
    slots = placement.slot[rows]
    at[problem.first[rows], slots] = np.arange(len(rows))
    at[problem.second[rows], slots] = np.arange(len(rows))
    np.add.at(load, (problem.place[rows, placement.option[rows]], slots), 1)
    return at, load
