"""Check a timetable against the event from the definition alone: nothing here knows the search."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from clusteratlas.matching.timetable.event import Event, Meeting
from clusteratlas.matching.timetable.planned import Timetable

TOLERANCE = 1e-6
LEAST = 0.0001
"""Mutual scores are told in ten-thousandths, and none of a pair that may meet is told as 0."""

ROUNDING = LEAST / 2 + TOLERANCE


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that a timetable breaks.

    Attributes
    ----------
    rule
        ``clash``, ``availability``, ``table``, ``break``, ``consent``, ``cap``, ``guarantee``,
        ``confirmed``, ``past``, ``score``, ``total``, ``bound`` or ``count``.
    problem
        What is wrong, as a sentence without its full stop.
    """

    rule: str
    problem: str


def verify(
    event: Event, timetable: Timetable, *, past: tuple[Meeting, ...] = ()
) -> list[Violation]:
    """Return every promise that a timetable breaks; none for a timetable that may be published.

    Checks that nobody and no table is in two meetings at once, that everybody and every table is
    there, that no meeting is in a break or at somebody else's table, that each pair consents, is
    not forbidden and meets once, that caps, guarantees and confirmed meetings are kept, that
    scores, counts, gaps, moves and total are right, and that the bound lies between the total and
    a simple bound worked out here.

    Parameters
    ----------
    event, timetable
        The event and its timetable.
    past
        Meetings in slots that have begun: they stand, whatever the event says now.
    """
    found = list(_references(event, timetable))
    if found:
        return found
    gone = {(each.pair, each.slot) for each in past}
    checked = [each for each in timetable.meetings if (each.pair, each.slot) not in gone]
    for check in (_clashes(timetable), _places(event, checked), _pairs(event, timetable, checked)):
        found += check
    found += _counts(event, timetable)
    found += _kept(event, timetable, past)
    found += _figures(event, timetable)
    found += _bounds(event, timetable, past)
    return found


def _references(event: Event, timetable: Timetable) -> Iterator[Violation]:
    people = {each.id for each in event.participants}
    slots, tables = {each.id for each in event.slots}, {each.id for each in event.tables}
    for each in timetable.meetings:
        if each.a == each.b:
            yield Violation("clash", f"{each.a} meets themselves")
        if each.slot not in slots:
            yield Violation(
                "break", f"{_who(each)} meet in a slot that does not exist: {each.slot}"
            )
        if each.table not in tables:
            yield Violation("table", f"{_who(each)} meet at an unknown table: {each.table}")
        if not {each.a, each.b} <= people:
            yield Violation("consent", f"{_who(each)}: one of them does not take part")


def _clashes(timetable: Timetable) -> Iterator[Violation]:
    people = Counter((who, m.slot) for m in timetable.meetings for who in (m.a, m.b))
    for (who, slot), count in people.items():
        if count > 1:
            yield Violation("clash", f"{who} has {count} meetings in slot {slot}")
    tables = Counter((each.table, each.slot) for each in timetable.meetings)
    for (table, slot), count in tables.items():
        if count > 1:
            yield Violation("table", f"table {table} has {count} meetings in slot {slot}")
    pairs = Counter(frozenset((each.a, each.b)) for each in timetable.meetings)
    for pair, count in pairs.items():
        if count > 1:
            yield Violation("clash", f"{' and '.join(sorted(pair))} meet {count} times")


def _places(event: Event, meetings: list[Meeting]) -> Iterator[Violation]:
    people = {each.id: each for each in event.participants}
    slots = {each.id: each for each in event.slots}
    tables = {each.id: each for each in event.tables}
    owned = {each.table for each in event.participants if each.table}
    confirmed = {(each.pair, each.slot, each.table) for each in event.fixed}
    for each in meetings:
        for who in (each.a, each.b):
            if each.slot in people[who].unavailable:
                yield Violation("availability", f"{who} is not there in slot {each.slot}")
        if slots[each.slot].is_break:
            yield Violation("break", f"{_who(each)} meet in a break: {each.slot}")
        if each.slot in tables[each.table].unavailable:
            yield Violation("table", f"table {each.table} is not there in slot {each.slot}")
        own = {people[who].table for who in (each.a, each.b)} - {""}
        rightful = each.table in own if own else each.table not in owned
        if not rightful and (each.pair, each.slot, each.table) not in confirmed:
            yield Violation(
                "table", f"{_who(each)} meet at a table that is not theirs: {each.table}"
            )


def _pairs(event: Event, timetable: Timetable, checked: list[Meeting]) -> Iterator[Violation]:
    wishes = _mutual(event)
    confirmed = {frozenset((each.a, each.b)) for each in event.fixed}
    forbidden = {frozenset(pair) for pair in event.forbidden}
    for each in checked:
        pair = frozenset((each.a, each.b))
        if pair in forbidden:
            yield Violation("consent", f"{_who(each)} must not meet")
        if pair not in wishes and pair not in confirmed:
            yield Violation("consent", f"{_who(each)} have not both agreed to meet")
        if abs(each.score - wishes.get(pair, 0.0)) > ROUNDING:
            yield Violation("score", f"the score of {_who(each)} is {wishes.get(pair, 0.0):.4f}")
    total = sum(each.score for each in timetable.meetings)
    if abs(total - timetable.total) > TOLERANCE * max(1, len(timetable.meetings)):
        yield Violation("total", f"the scores add up to {total}, not to {timetable.total}")


def _mutual(event: Event) -> dict[frozenset[str], float]:
    """Harmonic means of both scores, where the event's rule of consent lets the pair meet."""
    scores = {}
    for wish in event.wishes:
        given = [wish.score_ab, wish.score_ba]
        if 0 in given or given == [None, None]:
            continue
        if None in given and event.consent == "both":
            continue
        first, second = (event.unanswered if each is None else each for each in given)
        if first > 0 and second > 0:
            mean = 2 / (1 / first + 1 / second)
            scores[frozenset((wish.a, wish.b))] = max(mean, LEAST)
    return scores


def _counts(event: Event, timetable: Timetable) -> Iterator[Violation]:
    count = Counter(who for each in timetable.meetings for who in (each.a, each.b))
    missed = 0
    for person in event.participants:
        cap = event.cap if person.cap is None else person.cap
        there = [
            slot
            for slot in event.slots
            if not slot.is_break
            and slot.id not in person.unavailable
            and (event.frozen_until is None or slot.start >= event.frozen_until)
        ]
        need = (event.guarantee if there else 0) if person.guarantee is None else person.guarantee
        if cap is not None and count[person.id] > cap:
            yield Violation("cap", f"{person.id} has {count[person.id]} meetings, capped at {cap}")
        missed += max(0, need - count[person.id])
        if count[person.id] < need and not timetable.relaxed:
            told = f"{person.id} has {count[person.id]} meetings, promised {need}"
            yield Violation("guarantee", told)
    if missed != timetable.shortfall:
        yield Violation("guarantee", f"{missed} meetings are missed, not {timetable.shortfall}")
    if timetable.shortfall_bound > missed:
        yield Violation("bound", f"fewer meetings are missed, {missed}, than is said possible")


def _kept(event: Event, timetable: Timetable, past: tuple[Meeting, ...]) -> Iterator[Violation]:
    planned = {frozenset((each.a, each.b)): each for each in timetable.meetings}
    met = {frozenset((each.a, each.b)) for each in past}
    for each in event.fixed:
        if frozenset((each.a, each.b)) in met:
            continue
        there = planned.get(frozenset((each.a, each.b)))
        if there is None:
            yield Violation("confirmed", f"{_who(each)} do not meet, though it was confirmed")
        elif (each.slot and there.slot != each.slot) or (each.table and there.table != each.table):
            yield Violation("confirmed", f"{_who(each)} meet elsewhere than was confirmed")
    frozen = {
        slot.id
        for slot in event.slots
        if event.frozen_until is not None and slot.start < event.frozen_until
    }
    allowed = {(frozenset((m.a, m.b)), m.slot) for m in (*past, *event.fixed)}
    for each in timetable.meetings:
        if each.slot in frozen and (frozenset((each.a, each.b)), each.slot) not in allowed:
            yield Violation("past", f"{_who(each)} meet in a slot that has begun: {each.slot}")
    people = {each.id for each in event.participants}
    for each in past:
        there = planned.get(frozenset((each.a, each.b)))
        if {each.a, each.b} <= people and (there is None or there.slot != each.slot):
            yield Violation("past", f"{_who(each)} have met in slot {each.slot}: it stands")


def _figures(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Meetings, gaps and moves of each person, counted again."""
    told = {each.participant: each for each in timetable.standings}
    gaps = moves = 0
    for person in event.participants:
        idle, changes = _idle_and_moves(event, timetable, person.id, person.unavailable)
        gaps, moves = gaps + idle, moves + changes
        meetings = len(timetable.of(person.id))
        mine = told.get(person.id)
        if mine is None or (mine.meetings, mine.gaps, mine.moves) != (meetings, idle, changes):
            yield Violation(
                "count", f"{person.id} has {meetings} meetings, {idle} gaps and {changes} moves"
            )
    if (gaps, moves) != (timetable.gaps, timetable.moves):
        yield Violation("count", f"there are {gaps} gaps and {moves} moves in all")
    if timetable.gaps_bound > gaps or timetable.moves_bound > moves:
        yield Violation("bound", "fewer gaps or moves than are said to be possible")


def _idle_and_moves(
    event: Event, timetable: Timetable, person: str, away: frozenset[str]
) -> tuple[int, int]:
    at = {each.slot: each.table for each in timetable.of(person)}
    blocks = defaultdict(list)
    for slot in sorted(event.slots, key=lambda each: each.start):
        if not slot.is_break:
            blocks[slot.block or slot.start.date().isoformat()].append(slot.id)
    idle = moves = 0
    for slots in blocks.values():
        met = [place for place, slot in enumerate(slots) if slot in at]
        if not met:
            continue
        within = slots[met[0] : met[-1] + 1]
        idle += sum(slot not in at and slot not in away for slot in within)
        tables = [at[slots[place]] for place in met]
        moves += sum(one != two for one, two in pairwise(tables))
    return idle, moves


def _bounds(event: Event, timetable: Timetable, past: tuple[Meeting, ...]) -> Iterator[Violation]:
    if timetable.bound < timetable.total - TOLERANCE:
        yield Violation("bound", f"the bound {timetable.bound} is below {timetable.total}")
    if (timetable.proof == "optimal") != (timetable.bound - timetable.total < TOLERANCE):
        yield Violation("bound", "optimal is said where, and only where, total and bound agree")
    simple = simple_bound(event) + sum(each.score for each in past)
    simple += ROUNDING * len(timetable.meetings)
    if timetable.bound > simple + TOLERANCE and timetable.proof == "optimal":
        yield Violation("bound", f"the bound {timetable.bound} is above {simple}")
    if timetable.total > simple + TOLERANCE:
        yield Violation("bound", f"the total {timetable.total} is above {simple}")


def simple_bound(event: Event) -> float:
    """Return a bound on the total that needs no search.

    **Definition.** The smaller of two sums: half the best scores of everybody, as many as cap and
    slots allow; and the best scores of all pairs, as many as there are places in all slots.
    """
    scores = dict(_mutual(event))
    for pair in event.forbidden:
        scores.pop(frozenset(pair), None)
    mine = defaultdict(list)
    for both, score in scores.items():
        for who in both:
            mine[who].append(score)
    slots = [each for each in event.slots if not each.is_break]
    halves = 0.0
    for person in event.participants:
        cap = event.cap if person.cap is None else person.cap
        most = sum(slot.id not in person.unavailable for slot in slots)
        most = most if cap is None else min(cap, most)
        halves += sum(sorted(mine[person.id], reverse=True)[:most]) / 2
    places = sum(slot.id not in table.unavailable for slot in slots for table in event.tables)
    return min(halves, sum(sorted(scores.values(), reverse=True)[:places]))


def _who(meeting: Meeting) -> str:
    return f"{meeting.a} and {meeting.b}"
