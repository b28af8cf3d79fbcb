"""Every fault of an event at once, before anything is worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import pairwise
from math import isfinite

from clusteratlas.matching.timetable.confirmed import seats_of
from clusteratlas.matching.timetable.event import (
    Event,
    Meeting,
    Participant,
    mutual_score,
    pair_of,
)
from clusteratlas.tables import Fault, InvalidInput, few

MOST_PARTICIPANTS, MOST_SLOTS, MOST_TABLES, MOST_WISHES = 2_000, 400, 2_000, 400_000
"""Larger events are refused."""

MOST_CHOICES = 40_000_000
"""Wishes times slots; more would not fit into a small machine's memory."""

Tell = Callable[..., None]


def check_event(event: Event, *, relax: bool = False, file: str = "") -> None:
    """Refuse an event with faults.

    Parameters
    ----------
    event
        The event.
    relax
        Guarantees that a participant cannot reach are no faults.
    file
        Name of the file that the event came from.

    Raises
    ------
    InvalidInput
        With every fault; the column of each is a JSON pointer such as ``/wishes/3/b``.
    """
    faults = faults_of(event, relax=relax, file=file)
    if faults:
        raise InvalidInput(faults)


def faults_of(event: Event, *, relax: bool = False, file: str = "") -> list[Fault]:
    """Return every fault of an event; see `check_event`."""
    faults: list[Fault] = []

    def tell(pointer: str, problem: str, value: object = "", hint: str = "") -> None:
        faults.append(Fault(problem, file, column=pointer, value=str(value), hint=hint))

    for part in (_sizes, _codes, _people, _times, _wishes, _forbidden):
        part(event, tell)
    if not faults:
        _fixed(event, tell)
    if not faults and not relax:
        _guarantees(event, tell)
    return faults


def _sizes(event: Event, tell: Tell) -> None:
    for pointer, what, given, least, most in (
        ("/participants", "participants", len(event.participants), 2, MOST_PARTICIPANTS),
        ("/slots", "slots", len(event.slots), 1, MOST_SLOTS),
        ("/tables", "tables", len(event.tables), 1, MOST_TABLES),
        ("/wishes", "wishes", len(event.wishes), 0, MOST_WISHES),
    ):
        if given < least:
            tell(pointer, f"an event needs at least {least} {what}", given)
        if given > most:
            tell(pointer, f"an event has at most {most:,} {what}", given, "split the event")
    if len(event.wishes) * len(event.slots) > MOST_CHOICES:
        told = f"wishes times slots are more than {MOST_CHOICES:,}"
        tell("/wishes", told, len(event.wishes) * len(event.slots), "split the event")
    if event.slots and all(slot.is_break for slot in event.slots):
        tell("/slots", "all slots are breaks", hint="leave slots for meetings")
    if not 0 <= event.unanswered <= 1:
        tell("/unanswered", "the score of no answer is not between 0 and 1", event.unanswered)
    if event.consent not in ("both", "not_refused"):
        tell("/consent", "there is no such rule", event.consent, "use both or not_refused")


def _codes(event: Event, tell: Tell) -> None:
    for name, ids in (
        ("participants", [each.id for each in event.participants]),
        ("slots", [each.id for each in event.slots]),
        ("tables", [each.id for each in event.tables]),
    ):
        seen: set[str] = set()
        for place, code in enumerate(ids):
            if not code:
                tell(f"/{name}/{place}/id", "the code is empty", hint="give each one a code")
            elif code in seen:
                tell(f"/{name}/{place}/id", "the code is taken twice", code, "codes are unique")
            seen.add(code)


def _people(event: Event, tell: Tell) -> None:
    slots, tables = [each.id for each in event.slots], [each.id for each in event.tables]
    _limits("", event.guarantee, event.cap, tell)
    for place, person in enumerate(event.participants):
        at = f"/participants/{place}"
        _limits(at, person.guarantee, person.cap, tell)
        for code in sorted(person.unavailable - set(slots)):
            tell(f"{at}/unavailable", "there is no slot of that code", code, _near(code, slots))
        if person.table and person.table not in tables:
            hint = _near(person.table, tables)
            tell(f"{at}/table", "there is no table of that code", person.table, hint)
    for place, table in enumerate(event.tables):
        for code in sorted(table.unavailable - set(slots)):
            pointer = f"/tables/{place}/unavailable"
            tell(pointer, "there is no slot of that code", code, _near(code, slots))


def _limits(at: str, guarantee: int | None, cap: int | None, tell: Tell) -> None:
    if guarantee is not None and guarantee < 0:
        tell(f"{at}/guarantee", "the guarantee is negative", guarantee, "0 promises nothing")
    if cap is not None and cap < 0:
        tell(f"{at}/cap", "the cap is negative", cap, "leave it out for no limit")


def _times(event: Event, tell: Tell) -> None:
    timed = []
    for place, slot in enumerate(event.slots):
        at = f"/slots/{place}"
        if slot.start.tzinfo is None or slot.end.tzinfo is None:
            value = slot.start.isoformat()
            tell(f"{at}/start", "the time has no zone", value, "write 2030-04-23T09:00:00+02:00")
        elif slot.end <= slot.start:
            tell(f"{at}/end", "the slot ends before it begins", slot.end.isoformat())
        else:
            timed.append((slot.start, slot.end, place))
    timed.sort()
    for (_, end, before), (start, _, after) in pairwise(timed):
        if start < end:
            other = event.slots[before].id
            tell(
                f"/slots/{after}/start",
                f"the slot overlaps slot {other}",
                event.slots[after].id,
                "slots follow one another",
            )
    if event.frozen_until is not None and event.frozen_until.tzinfo is None:
        value = event.frozen_until.isoformat()
        tell("/frozen_until", "the time has no zone", value, "write 2030-04-23T09:00:00+02:00")


def _wishes(event: Event, tell: Tell) -> None:
    seen: dict[tuple[str, str], int] = {}
    people = [each.id for each in event.participants]
    for place, wish in enumerate(event.wishes):
        at = f"/wishes/{place}"
        _pair(at, wish.a, wish.b, people, tell)
        for name, score in (("score_ab", wish.score_ab), ("score_ba", wish.score_ba)):
            if score is not None and not (isfinite(score) and 0 <= score <= 1):
                hint = "1 is the strongest wish, 0 a refusal, null no answer"
                tell(f"{at}/{name}", "the score is not between 0 and 1", score, hint)
        _once(at, wish.a, wish.b, seen, place, "wishes", tell)


def _forbidden(event: Event, tell: Tell) -> None:
    people = [each.id for each in event.participants]
    for place, (a, b) in enumerate(sorted(event.forbidden)):
        _pair(f"/forbidden/{place}", a, b, people, tell, names=("0", "1"))


def _pair(
    at: str, a: str, b: str, people: list[str], tell: Tell, names: tuple[str, str] = ("a", "b")
) -> None:
    known = set(people)
    for name, code in zip(names, (a, b), strict=True):
        if code not in known:
            hint = _near(code, people)
            tell(f"{at}/{name}", "there is no participant of that code", code, hint)
    if a == b:
        tell(at, "a participant is paired with themselves", a, "name two participants")


def _once(
    at: str, a: str, b: str, seen: dict[tuple[str, str], int], place: int, what: str, tell: Tell
) -> None:
    pair = pair_of(a, b)
    if pair in seen:
        hint = "give both directions in one entry"
        tell(at, f"the pair is there already, at /{what}/{seen[pair]}", f"{a}, {b}", hint)
    seen.setdefault(pair, place)


def _fixed(event: Event, tell: Tell) -> None:
    seen: dict[tuple[str, str], int] = {}
    people = {each.id: each for each in event.participants}
    for place, meeting in enumerate(event.fixed):
        at = f"/fixed/{place}"
        _pair(at, meeting.a, meeting.b, list(people), tell)
        _once(at, meeting.a, meeting.b, seen, place, "fixed", tell)
        if meeting.pair in event.forbidden:
            tell(at, "the pair is forbidden", ", ".join(meeting.pair))
        _where(event, meeting, at, tell)
        if meeting.slot:
            for name, code in (("a", meeting.a), ("b", meeting.b)):
                if code in people and meeting.slot in people[code].unavailable:
                    tell(f"{at}/{name}", f"not available in slot {meeting.slot}", code)
    known = {each.id for each in event.tables}
    if all(each.table in {"", *known} for each in event.fixed):
        _crowded(event, tell)


def _where(event: Event, meeting: Meeting, at: str, tell: Tell) -> None:
    slots = {each.id: each for each in event.slots}
    tables = {each.id: each for each in event.tables}
    if meeting.slot and meeting.slot not in slots:
        hint = _near(meeting.slot, slots)
        tell(f"{at}/slot", "there is no slot of that code", meeting.slot, hint)
    elif meeting.slot and slots[meeting.slot].is_break:
        tell(f"{at}/slot", "the slot is a break", meeting.slot)
    if meeting.table and meeting.table not in tables:
        hint = _near(meeting.table, tables)
        tell(f"{at}/table", "there is no table of that code", meeting.table, hint)
    elif meeting.table and meeting.slot in tables[meeting.table].unavailable:
        tell(f"{at}/table", f"the table is not there in slot {meeting.slot}", meeting.table)
    if meeting.table and not meeting.slot:
        tell(f"{at}/slot", "a confirmed table needs its slot", meeting.table)


def _crowded(event: Event, tell: Tell) -> None:
    """More confirmed meetings than a person, a table, a slot or a cap can take."""
    with_slot = [each for each in event.fixed if each.slot]
    twice = False
    for (code, slot), count in _repeated((c, m.slot) for m in with_slot for c in (m.a, m.b)):
        twice = True
        tell("/fixed", f"{code} has {count} confirmed meetings in slot {slot}", code)
    for (table, slot), count in _repeated((m.table, m.slot) for m in with_slot if m.table):
        twice = True
        tell("/fixed", f"table {table} has {count} confirmed meetings in slot {slot}", table)
    if not twice:
        for meeting, given in seats_of(event, with_slot):
            if given is None:
                who = ", ".join(meeting.pair)
                hint = "tables of others are kept for them; add a table or change the slot"
                tell("/fixed", f"no table is left for them in slot {meeting.slot}", who, hint)
    total = Counter(code for each in event.fixed for code in (each.a, each.b))
    for place, person in enumerate(event.participants):
        cap, there = event.cap_of(person), len(_open(event, person))
        most = there if cap is None else min(cap, there)
        if total[person.id] > most:
            told = f"{total[person.id]} confirmed meetings are more than the cap or the slots allow"
            tell(f"/participants/{place}", told, person.id, f"at most {most}")


def _repeated(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], int]]:
    return ((key, count) for key, count in Counter(keys).items() if count > 1)


def _open(event: Event, person: Participant) -> set[str]:
    return {slot.id for slot in event.slots if not slot.is_break} - person.unavailable


def _guarantees(event: Event, tell: Tell) -> None:
    """Guarantees that a participant cannot reach whatever the others do."""
    partners: dict[str, set[str]] = {each.id: set() for each in event.participants}
    for wish in event.wishes:
        score = mutual_score(wish, consent=event.consent, unanswered=event.unanswered)
        if score is not None and pair_of(wish.a, wish.b) not in event.forbidden:
            partners[wish.a].add(wish.b)
            partners[wish.b].add(wish.a)
    for meeting in event.fixed:
        partners[meeting.a].add(meeting.b)
        partners[meeting.b].add(meeting.a)
    hint = "lower the guarantee, or relax the guarantees to state the shortfall"
    for place, person in enumerate(event.participants):
        need, cap = event.guarantee_of(person), event.cap_of(person)
        at, told = f"/participants/{place}/guarantee", f"{person.name or person.id} is promised"
        slots, known = len(_open(event, person)), len(partners[person.id])
        if cap is not None and need > cap:
            tell(at, f"{told} {need} meetings and capped at {cap}", need, hint)
        elif need > slots:
            tell(at, f"{told} {need} meetings and is there in {slots} slots", need, hint)
        elif need > known:
            names = few(sorted(partners[person.id])) or "nobody"
            count = f"{known} consented partner{'s' if known != 1 else ''}"
            tell(at, f"{told} {need} meetings and has {count}", names, hint)


def _near(code: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(code, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"use one of {few(names)}"
