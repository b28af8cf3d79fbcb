"""Make a timetable better by solving a few slots anew, again and again, all others held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.choosing import Floats
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.event import STEPS
from clusteratlas.matching.timetable.placing import Placement
from clusteratlas.matching.timetable.time_indexed import Columns, columns_of, worth_of

FEWEST, MOST = 2, 7
"""Slots that are solved together: few at first, more when few bring nothing any more."""

PATIENCE = 12
"""Rounds without any gain after which one more slot is taken."""

MOST_COLUMNS = 2_500

SECONDS = 6.0
"""Most time for one round."""


def improve(
    problem: Problem,
    placement: Placement,
    *,
    loss: Floats,
    enough: Callable[[Placement], bool],
    seed: int,
    clock: Clock,
) -> Placement:
    """Return a placement that is worth at least as much, with nobody worse off in guarantees.

    Parameters
    ----------
    problem, placement
        The event and its meetings.
    loss
        What it costs the relaxation to take a pair up; pairs of least loss are looked at.
    enough
        Told of each better placement; says whether it is good enough.
    seed
        Of the draws of slots.
    clock
        Ends the rounds early.
    """
    random = np.random.default_rng(seed)
    size, idle = min(FEWEST, len(problem.slots)), 0
    while size <= min(MOST, len(problem.slots)) and not clock.is_over():
        slots = _drawn(problem, placement, size, random)
        better, cut_short = _solve_slots(problem, placement, slots, loss, clock.left)
        clock.ran_out = clock.ran_out or cut_short
        idle += 1
        if better is not None:
            placement, idle = better, 0
            if enough(placement):
                break
        if idle >= PATIENCE:
            size, idle = size + 1, 0
    return placement


def _drawn(problem: Problem, placement: Placement, size: int, random: np.random.Generator) -> Flags:
    """Slots by lot, those with free tables and people more often."""
    met = np.bincount(placement.slot[placement.placed], minlength=len(problem.slots))
    free = np.minimum(problem.room.sum(axis=0), problem.open.sum(axis=0) // 2) - met
    odds = 1.0 + np.maximum(free, 0)
    chosen = random.choice(len(odds), size, replace=False, p=odds / odds.sum())
    slots = np.zeros(len(odds), dtype=bool)
    slots[chosen] = True
    return slots


def _solve_slots(
    problem: Problem, placement: Placement, slots: Flags, loss: Floats, seconds: float
) -> tuple[Placement | None, bool]:
    """Solve these slots anew; ``None`` where that brings nothing. Says whether it was cut short."""
    inside = placement.placed & slots[placement.slot]
    part = replace(problem, allowed=problem.allowed & slots[None, None, :])
    columns = columns_of(part, _candidates(part, placement, inside, loss))
    if not len(columns.pair):
        return None, False
    worth = worth_of(problem, columns)
    held = placement.placed & ~inside
    found = milp(
        -worth / STEPS,
        constraints=_constraints(part, columns, placement, inside, held),
        bounds=Bounds(0.0, 1.0),
        integrality=np.ones(len(worth)),
        options={
            "mip_rel_gap": 0.5 / max(float(worth.sum()), 1.0),
            "time_limit": max(min(SECONDS, seconds), 0.2),
        },
    )
    if found.x is None:
        return None, found.status == 1
    taken = found.x > 0.5
    kept = inside & (placement.slot == problem.former)
    before = problem.weight[inside].sum() + problem.bonus[kept].sum()
    if worth[taken].sum() <= before:
        return None, found.status == 1
    slot, option = placement.slot.copy(), placement.option.copy()
    slot[inside], option[inside] = -1, -1
    slot[columns.pair[taken]] = columns.slot[taken]
    option[columns.pair[taken]] = columns.option[taken]
    return Placement(slot, option), found.status == 1


def _candidates(part: Problem, placement: Placement, inside: Flags, loss: Floats) -> Flags:
    """Pairs that meet in these slots, and those of least loss that do not meet yet."""
    each = part.allowed.sum(axis=(1, 2))
    waits = np.flatnonzero(~placement.placed & (each > 0))
    waits = waits[np.argsort(loss[waits], kind="stable")]
    room = MOST_COLUMNS - int(each[inside].sum())
    among = inside.copy()
    among[waits[np.cumsum(each[waits]) <= room]] = True
    return among


def _constraints(
    part: Problem, columns: Columns, placement: Placement, inside: Flags, held: Flags
) -> LinearConstraint:
    """Each pair once, confirmed ones still; people and places in slots; caps and guarantees."""
    people, pairs = len(part.people), len(part.weight)
    count = np.arange(pairs)
    degree = sparse.csr_array(
        (np.ones(2 * pairs), (np.r_[part.first, part.second], np.r_[count, count])),
        shape=(people, pairs),
    )
    outside = _degree(degree, held)
    now = outside + _degree(degree, inside)
    least = np.maximum(np.minimum(part.need, now) - outside, 0)
    matrix = sparse.vstack(
        [columns.by_pair, columns.by_person, columns.by_place, degree @ columns.by_pair],
        format="csr",
    )
    once = np.ones(pairs + columns.by_person.shape[0])
    nothing = np.zeros(columns.by_person.shape[0] + columns.by_place.shape[0])
    low = np.r_[(part.must & inside).astype(np.float64), nothing, least]
    return LinearConstraint(matrix, low, np.r_[once, part.room.ravel(), part.cap - outside])


def _degree(degree: sparse.csr_array, meets: Flags) -> Ints:
    return np.asarray(degree @ meets.astype(np.int64)).astype(np.int64)
