"""Late changes: somebody cancels, a table is lost, somebody new comes; few meetings move."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clusteratlas.matching.timetable.arranged import Problem, arrange, scores_of
from clusteratlas.matching.timetable.checking import check_event
from clusteratlas.matching.timetable.choosing import choose, limits_of
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.event import STEPS, Event, Meeting
from clusteratlas.matching.timetable.planned import Timetable
from clusteratlas.matching.timetable.solving import (
    SECONDS,
    Listener,
    Planned,
    Told,
    plan,
    timetable_of,
)

PRICE = 0.25
"""What moving or dropping a meeting has to gain, in mutual score, if nothing else is said."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A meeting before and after a change."""

    before: Meeting
    after: Meeting


@dataclass(frozen=True, slots=True)
class Dropped:
    """A meeting that is no more, and why."""

    meeting: Meeting
    reason: str


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """A changed timetable and what the change did.

    Attributes
    ----------
    timetable
        The new one; its revision is one more than before.
    past
        Meetings in slots that have begun.
    kept
        Meetings that kept slot and table.
    moved
        Meetings of the same pair in another slot.
    reseated
        Meetings in the same slot at another table.
    dropped
        Meetings that are no more.
    new
        Meetings of pairs that did not meet before.
    value, bound
        Scores plus the price of each meeting that kept its slot, a ten-thousandth less where its
        table is gone; and what no timetable exceeds. Past meetings aside.
    price
        What moving or dropping a meeting had to gain.
    """

    timetable: Timetable
    past: tuple[Meeting, ...]
    kept: tuple[Meeting, ...]
    moved: tuple[Moved, ...]
    reseated: tuple[Moved, ...]
    dropped: tuple[Dropped, ...]
    new: tuple[Meeting, ...]
    value: float
    bound: float
    price: float


def reschedule(
    event: Event,
    previous: Timetable,
    *,
    price: float = PRICE,
    seconds: float = SECONDS,
    seed: int = 0,
    relax: bool = False,
    listener: Listener | None = None,
) -> Rescheduled:
    """Make a changed event's timetable with few meetings moved.

    **Definition.** Of all timetables that keep the guarantees, one with the largest sum of mutual
    scores and prices: a meeting of before that keeps its slot counts its score and the price. So
    a meeting is moved or dropped only where that gains more than the price, or where it is no
    longer possible. Meetings in slots that have begun stand.

    Parameters
    ----------
    event
        As it is now. Whoever leaves during the event stays in it, unavailable from then on.
    previous
        The timetable so far.
    price
        What moving or dropping a meeting has to gain, in mutual score; 0 or more.
    seconds, seed, relax, listener
        As for `solve`.

    Raises
    ------
    InvalidInput, Infeasible, CannotAnswer
        As `solve` does.
    """
    check_event(event, relax=True)
    told = Told(listener, Clock(seconds))
    told("laying out the event", 0.01)
    past = past_meetings(event, previous)
    gone = {each.pair for each in past}
    former = {each.pair: each for each in previous.meetings if each.pair not in gone}
    problem = arrange(event, past=past, former=former, price=price)
    planned = plan(event, problem, seed=seed, relax=relax, told=told)
    timetable = timetable_of(
        event,
        problem,
        planned,
        seed=seed,
        relax=relax,
        told=told,
        tables=_tables_kept(event, former),
        bound=_bound_of_scores(problem, planned, told.clock),
    )
    timetable = replace(timetable, revision=previous.revision + 1)
    return _compared(event, timetable, past, former, planned, price)


def past_meetings(event: Event, previous: Timetable) -> tuple[Meeting, ...]:
    """Return the meetings of the timetable before that have begun and stand."""
    begun = {each.id for each in event.slots if event.is_frozen(each) and not each.is_break}
    people = {each.id for each in event.participants}
    tables = {each.id for each in event.tables}
    return tuple(
        each
        for each in previous.meetings
        if each.slot in begun and {each.a, each.b} <= people and each.table in tables
    )


def _tables_kept(
    event: Event, former: dict[tuple[str, str], Meeting]
) -> dict[tuple[str, str], str]:
    away = {each.id: each.unavailable for each in event.tables}
    owned = {each.table for each in event.participants if each.table}
    return {
        pair: each.table
        for pair, each in former.items()
        if each.table in away and each.slot not in away[each.table] and each.table not in owned
    }


def _bound_of_scores(problem: Problem, planned: Planned, clock: Clock) -> int | None:
    """What the scores alone of no timetable exceed: the best choice of pairs without prices."""
    if not problem.bonus.any():
        return None
    limits = limits_of(problem)
    limits = limits.allowing(problem.need, planned.missing)
    choice = choose(problem, limits, worth=problem.weight / STEPS, seconds=clock.left)
    most = min(planned.bound, int(problem.weight.sum()))
    return most if choice is None else min(choice.bound, most)


def _compared(
    event: Event,
    timetable: Timetable,
    past: tuple[Meeting, ...],
    former: dict[tuple[str, str], Meeting],
    planned: Planned,
    price: float,
) -> Rescheduled:
    gone = {each.pair for each in past}
    now = {each.pair: each for each in timetable.meetings if each.pair not in gone}
    both = [(former[pair], now[pair]) for pair in former if pair in now]
    scores = scores_of(event)
    fixed = sum(each.score for each in now.values() if each.confirmed)
    return Rescheduled(
        timetable=timetable,
        past=past,
        kept=tuple(two for one, two in both if (one.slot, one.table) == (two.slot, two.table)),
        moved=tuple(Moved(one, two) for one, two in both if one.slot != two.slot),
        reseated=tuple(
            Moved(one, two) for one, two in both if one.slot == two.slot and one.table != two.table
        ),
        dropped=tuple(
            Dropped(each, _why(event, each, scores))
            for pair, each in former.items()
            if pair not in now
        ),
        new=tuple(each for pair, each in now.items() if pair not in former),
        value=planned.value / STEPS + fixed,
        bound=planned.bound / STEPS + fixed,
        price=price,
    )


def _why(event: Event, meeting: Meeting, scores: dict[tuple[str, str], float]) -> str:
    """Why a meeting is no more."""
    people = {each.id: each for each in event.participants}
    slots = {each.id: each for each in event.slots}
    for code in meeting.pair:
        if code not in people:
            return f"{code} does not take part any more"
    if meeting.pair in event.forbidden:
        return "the pair must not meet"
    if meeting.pair not in scores:
        return "they have not both agreed to meet any more"
    for code in meeting.pair:
        if not event.open_slots(people[code]):
            return f"{code} is not available any more"
    for code in meeting.pair:
        if meeting.slot in people[code].unavailable:
            return f"{code} is not available in slot {meeting.slot}, and no other slot was free"
    if meeting.slot not in slots or slots[meeting.slot].is_break:
        return f"slot {meeting.slot} is gone, and no other slot was free"
    return "it gave way to meetings that are worth more, or for which a place was lost"
