"""From an event to its timetable: guarantees, then score, then gaps, then moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clusteratlas.atlas import Progress
from clusteratlas.matching.timetable.arranged import POOL, Problem, arrange
from clusteratlas.matching.timetable.checking import check_event
from clusteratlas.matching.timetable.choosing import Limits, limits_of
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.compacting import compact, gaps_of
from clusteratlas.matching.timetable.confirmed import rightful_tables
from clusteratlas.matching.timetable.event import STEPS, Event, Meeting, Slot
from clusteratlas.matching.timetable.infeasible import Infeasible, cause_in_slots, causes_of
from clusteratlas.matching.timetable.placing import Placement
from clusteratlas.matching.timetable.planned import Proof, Standing, Timetable
from clusteratlas.matching.timetable.promising import Missing, fewest_missing
from clusteratlas.matching.timetable.scheduling import Schedule, Search
from clusteratlas.matching.timetable.seating import seat
from clusteratlas.tables import CannotAnswer

Listener = Callable[[Progress], None]

SECONDS = 60.0
"""Time that a timetable may take if nothing else is said."""

SEARCH_SHARE = 0.75
"""Share of the time for pairs and slots; gaps and tables have the rest."""

COMPACTING = 3_000
"""Steps for each meeting that bring meetings together."""


def solve(
    event: Event,
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    relax: bool = False,
    listener: Listener | None = None,
) -> Timetable:
    """Make the best timetable of an event, and say how good it is proved to be.

    **Definition.** Among all timetables that respect availability, tables, breaks, consent, caps
    and confirmed meetings, one that keeps every guarantee; among these, one with the largest sum
    of mutual scores; with its pairs, few idle slots; with its slots, few changes of table. The
    bound holds for the sum; gaps and moves have bounds of their own that are rarely reached.

    Parameters
    ----------
    event
        The event.
    seconds
        Most time to take, roughly.
    seed
        Of the search. The same seed gives the same timetable unless the clock ended the search.
    relax
        Let guarantees be missed where they cannot all be kept: first as little as possible by the
        one hurt most, then as little as possible together.
    listener
        Told of the progress.

    Returns
    -------
    Timetable
        Meetings in the order of slots and tables, with bound and proof.

    Raises
    ------
    InvalidInput
        Where the event has faults; all are named.
    Infeasible
        Where the guarantees cannot all be kept and ``relax`` is off; says which, and why.
    CannotAnswer
        Where no timetable that keeps them was found in time, though there may be one.

    Example
    -------
    >>> from clusteratlas.matching.timetable.drawing import draw_event
    >>> timetable = solve(draw_event(6, 4, 2, wished=1.0))
    >>> len(timetable.meetings), timetable.proof.value
    (8, 'optimal')
    """
    check_event(event, relax=relax)
    told = Told(listener, Clock(seconds))
    told("laying out the event", 0.01)
    problem = arrange(event)
    planned = plan(event, problem, seed=seed, relax=relax, told=told)
    return timetable_of(event, problem, planned, seed=seed, relax=relax, told=told)


class Told:
    """Tells a listener where the work stands, and holds the clock."""

    def __init__(self, listener: Listener | None, clock: Clock) -> None:
        self._listener, self.clock = listener, clock
        self._share = 0.0

    def __call__(self, stage: str, share: float) -> None:
        """Say what begins and what share is done; the share never falls."""
        self._share = max(self._share, share)
        if self._listener is not None:
            passed = self.clock.passed
            left = min(passed * (1 - self._share) / self._share, self.clock.left)
            self._listener(Progress(stage, self._share, left))

    def part(self, first: float, last: float) -> Callable[[str, float], None]:
        """Return a listener for a part between two shares."""
        return lambda stage, share: self(stage, first + share * (last - first))


@dataclass(frozen=True, slots=True)
class Planned:
    """Pairs and slots with what is proved of them.

    Attributes
    ----------
    placement
        Slots and places of the pairs.
    value, bound
        Worth, and what no timetable exceeds, in ten-thousandths with bonuses.
    missing
        Fewest meetings missed together, as proved.
    """

    placement: Placement
    value: int
    bound: int
    missing: int


def plan(event: Event, problem: Problem, *, seed: int, relax: bool, told: Told) -> Planned:
    """Choose pairs and slots; refuse with the reasons where guarantees cannot be kept."""
    told("looking at the guarantees", 0.03)
    limits = limits_of(problem)
    missing = fewest_missing(problem, limits, told.clock)
    if missing is None or (missing.together and not relax):
        told("finding out what is in the way", 0.3)
        raise Infeasible(causes_of(event, problem, limits, told.clock))
    told("choosing pairs", 0.05)
    clock = told.clock.part(SEARCH_SHARE)
    while True:
        allowed = _allowing(problem, limits, missing)
        search = Search(problem, allowed, seed=seed, clock=clock, note=told.part(0.05, 0.7))
        schedule = search.run()
        told.clock.ran_out = told.clock.ran_out or clock.ran_out
        limits.take_over(allowed)
        if schedule.placement is not None:
            break
        if not relax:
            raise _not_found(event, problem, allowed, schedule, told.clock)
        if schedule.impossible and missing.together < int(problem.need.sum()):
            missing = Missing(missing.each, missing.together + 1)
            if missing.together > int(np.minimum(problem.need, missing.each).sum()):
                missing = Missing(missing.each + 1, missing.each + 1)
            continue
        return _whatever(event, problem, limits, missing, seed, told)
    return Planned(schedule.placement, schedule.value, schedule.bound, missing.together)


def _allowing(problem: Problem, limits: Limits, missing: Missing) -> Limits:
    return limits.allowing(np.minimum(problem.need, missing.each), missing.together)


def _whatever(
    event: Event, problem: Problem, limits: Limits, missing: Missing, seed: int, told: Told
) -> Planned:
    """The best that is found when time is short: guarantees are missed as it comes."""
    everything = limits.allowing(problem.need, int(problem.need.sum()))
    clock = told.clock.part(0.5)
    search = Search(problem, everything, seed=seed, clock=clock, note=told.part(0.6, 0.7))
    schedule = search.run()
    told.clock.ran_out = True
    if schedule.placement is None:
        raise _not_found(event, problem, everything, schedule, told.clock)
    return Planned(schedule.placement, schedule.value, schedule.bound, missing.together)


def _not_found(
    event: Event, problem: Problem, limits: Limits, schedule: Schedule, clock: Clock
) -> CannotAnswer:
    if schedule.impossible:
        return Infeasible((cause_in_slots(event, problem, limits, clock),))
    return CannotAnswer(
        "no timetable that keeps every guarantee was found in time, and it is not shown that there "
        "is none",
        hint="give more seconds, or relax the guarantees",
    )


def timetable_of(
    event: Event,
    problem: Problem,
    planned: Planned,
    *,
    seed: int,
    relax: bool,
    told: Told,
    tables: dict[tuple[str, str], str] | None = None,
    bound: int | None = None,
) -> Timetable:
    """Bring meetings together, give them tables, and lay the timetable out.

    Parameters
    ----------
    event, problem, planned
        The event, as arrays, and its pairs and slots.
    seed, relax, told
        As for `solve`.
    tables
        Tables that pairs keep which keep their slots.
    bound
        What the scores of no timetable exceed, in ten-thousandths, settled ones aside; that of
        the plan if not given.
    """
    told("bringing meetings together", 0.72)
    placed = int(planned.placement.placed.sum())
    clock = told.clock.part(0.7)
    stay = planned.placement.placed & (planned.placement.slot == problem.former)
    placement = compact(
        problem,
        planned.placement,
        stay=stay,
        steps=COMPACTING * placed,
        seed=seed,
        clock=clock,
    )
    told("giving tables", 0.95)
    meetings, wanted = _without_tables(event, problem, placement, tables or {})
    seated = seat(event, meetings, wanted)
    order = {slot.id: place for place, slot in enumerate(_in_time(event))}
    names = {table.id: place for place, table in enumerate(event.tables)}
    final = tuple(sorted(seated.meetings, key=lambda m: (order[m.slot], names[m.table])))
    total = sum(round(each.score * STEPS) for each in final)
    most = planned.bound if bound is None else bound
    bound = max(most + problem.settled_total, total)
    standings = _standings(event, problem, placement, final)
    told("done", 1.0)
    return Timetable(
        event=event.id,
        meetings=final,
        standings=standings,
        total=total / STEPS,
        bound=bound / STEPS,
        proof=Proof.OPTIMAL if bound == total else Proof.WITHIN_GAP,
        shortfall=sum(each.shortfall for each in standings),
        shortfall_bound=planned.missing,
        gaps=sum(each.gaps for each in standings),
        gaps_bound=0,
        moves=seated.moves,
        moves_bound=seated.bound,
        relaxed=relax,
        hurried=told.clock.ran_out or clock.ran_out,
        seed=seed,
        seconds=round(told.clock.passed, 2),
    )


def _without_tables(
    event: Event,
    problem: Problem,
    placement: Placement,
    tables: dict[tuple[str, str], str],
) -> tuple[list[Meeting], list[frozenset[str]]]:
    """All meetings, with the tables that are certain, and those that each may take."""
    meetings = list(problem.settled)
    taken = {(each.slot, each.table) for each in meetings if each.table}
    for pair in np.flatnonzero(placement.placed).tolist():
        a, b = (problem.people[each[pair]] for each in (problem.first, problem.second))
        slot = problem.slots[placement.slot[pair]]
        place = int(problem.place[pair, placement.option[pair]])
        kept = tables.get((a, b), "") if placement.slot[pair] == problem.former[pair] else ""
        table = problem.places[place] if place != POOL else kept
        table = "" if (slot, table) in taken else table
        score = int(problem.weight[pair]) / STEPS
        meetings.append(Meeting(a, b, slot, table, score, bool(problem.must[pair])))
    return meetings, [rightful_tables(event, each) for each in meetings]


def _in_time(event: Event) -> list[Slot]:
    return sorted(event.slots, key=lambda each: each.start)


def _standings(
    event: Event, problem: Problem, placement: Placement, meetings: tuple[Meeting, ...]
) -> tuple[Standing, ...]:
    gaps = gaps_of(problem, placement)
    mine: dict[str, list[Meeting]] = {each.id: [] for each in event.participants}
    for meeting in meetings:
        mine[meeting.a].append(meeting)
        mine[meeting.b].append(meeting)
    block = dict(zip(problem.slots, problem.block.tolist(), strict=True))
    standings = []
    for number, person in enumerate(event.participants):
        own = mine[person.id]
        moves = sum(
            one.table != two.table and block[one.slot] == block[two.slot]
            for one, two in pairwise(own)
        )
        score = sum(round(each.score * STEPS) for each in own) / STEPS
        need = event.guarantee_of(person)
        standings.append(Standing(person.id, len(own), need, score, int(gaps[number]), moves))
    return tuple(standings)
