"""The independent check finds each broken rule, and agendas and calendars say what it passed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from clusteratlas.matching.timetable import (
    Event,
    Meeting,
    Timetable,
    agenda,
    calendar_of,
    cancellations_of,
    draw_event,
    meeting_rows,
    solve,
    verify,
)
from clusteratlas.tables import CannotAnswer

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def event() -> Event:
    return draw_event(
        14, 8, 5, wished=0.6, away=0.2, own_tables=0.2, breaks=1, cap=5, guarantee=1, seed=6
    )


@pytest.fixture(scope="module")
def made(event: Event) -> Timetable:
    made = solve(event, relax=True)
    assert verify(event, made) == []
    return made


def _rules(event: Event, made: Timetable) -> set[str]:
    return {each.rule for each in verify(event, made)}


def _first(made: Timetable, **changes) -> Timetable:
    return replace(made, meetings=(replace(made.meetings[0], **changes), *made.meetings[1:]))


BROKEN: list[tuple[str, Callable[[Event, Timetable], tuple[Event, Timetable]]]] = [
    ("clash", lambda e, t: (e, _first(t, slot=t.of(t.meetings[0].a)[-1].slot))),
    ("clash", lambda e, t: (e, _first(t, b=t.meetings[0].a))),
    ("table", lambda e, t: (e, _first(t, table="T99"))),
    ("table", lambda e, t: (e, _first(t, table=_taken(t)))),
    ("break", lambda e, t: (e, _first(t, slot=next(s.id for s in e.slots if s.is_break)))),
    ("break", lambda e, t: (e, _first(t, slot="S99"))),
    ("availability", lambda e, t: (_away(e, t.meetings[0]), t)),
    ("table", lambda e, t: (_gone(e, t.meetings[0]), t)),
    ("consent", lambda e, t: (replace(e, wishes=()), t)),
    ("consent", lambda e, t: (replace(e, forbidden=frozenset({t.meetings[0].pair})), t)),
    ("cap", lambda e, t: (replace(e, cap=1), t)),
    ("guarantee", lambda e, t: (e, replace(t, shortfall=t.shortfall + 1))),
    ("guarantee", lambda e, t: (replace(e, guarantee=5), replace(t, relaxed=False))),
    ("confirmed", lambda e, t: (replace(e, fixed=(_elsewhere(t.meetings[0]),)), t)),
    ("past", lambda e, t: (replace(e, frozen_until=e.slots[-1].end), t)),
    ("score", lambda e, t: (e, _first(t, score=0.9999))),
    ("total", lambda e, t: (e, replace(t, total=t.total + 1, bound=t.bound + 1))),
    ("bound", lambda e, t: (e, replace(t, bound=t.total - 0.1))),
    ("bound", lambda e, t: (e, replace(t, bound=t.total + 0.1))),
    ("bound", lambda e, t: (e, replace(t, gaps_bound=t.gaps + 1))),
    ("count", lambda e, t: (e, replace(t, gaps=t.gaps + 1))),
    ("count", lambda e, t: (e, replace(t, standings=t.standings[1:]))),
]


def _taken(made: Timetable) -> str:
    first, second = made.meetings[:2]
    assert first.slot == second.slot
    return second.table


def _elsewhere(meeting: Meeting) -> Meeting:
    return replace(meeting, slot="S08")


def _away(event: Event, meeting: Meeting) -> Event:
    people = tuple(
        replace(each, unavailable=frozenset({meeting.slot})) if each.id == meeting.a else each
        for each in event.participants
    )
    return replace(event, participants=people)


def _gone(event: Event, meeting: Meeting) -> Event:
    tables = tuple(
        replace(each, unavailable=frozenset({meeting.slot})) if each.id == meeting.table else each
        for each in event.tables
    )
    return replace(event, tables=tables)


@pytest.mark.parametrize(("rule", "break_it"), BROKEN)
def test_each_broken_rule_is_found(
    event: Event, made: Timetable, rule: str, break_it: Callable
) -> None:
    assert rule in _rules(*break_it(event, made))


def test_agendas_hold_every_meeting_twice(event: Event, made: Timetable) -> None:
    agendas = {each.id: agenda(event, made, each.id) for each in event.participants}
    assert sum(map(len, agendas.values())) == 2 * len(made.meetings)
    for person, entries in agendas.items():
        assert [each.start for each in entries] == sorted(each.start for each in entries)
        assert all(
            any(back.partner == person and back.slot == each.slot for back in agendas[each.partner])
            for each in entries
        )
    rows = meeting_rows(event, made)
    assert sum(row["score"] for row in rows) == pytest.approx(made.total)
    with pytest.raises(CannotAnswer, match="no participant"):
        agenda(event, made, "nobody")


def test_calendars_keep_their_identifiers_when_meetings_move(event: Event, made: Timetable) -> None:
    named = replace(event, name="Spring, meeting\r\nBEGIN:VEVENT")
    person = made.meetings[0].a
    later = replace(made, revision=3)
    text = calendar_of(named, made, person, stamp=NOW)
    assert text == calendar_of(named, made, person, stamp=NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = Calendar.from_ical(text)
    entries = calendar.walk("VEVENT")
    assert len(entries) == len(made.of(person))
    assert (calendar["METHOD"], int(entries[0]["SEQUENCE"])) == ("PUBLISH", 0)
    again = Calendar.from_ical(calendar_of(named, later, person, stamp=NOW)).walk("VEVENT")
    assert [each["UID"] for each in again] == [each["UID"] for each in entries]
    assert {int(each["SEQUENCE"]) for each in again} == {3}
    assert [each["DTSTART"].dt for each in entries] == [
        each.start for each in agenda(event, made, person)
    ]
    off = Calendar.from_ical(
        cancellations_of(named, [made.meetings[0]], person, revision=4, stamp=NOW)
    )
    [entry] = off.walk("VEVENT")
    assert (off["METHOD"], entry["STATUS"], entry["UID"]) == (
        "CANCEL",
        "CANCELLED",
        entries[0]["UID"],
    )
    with pytest.raises(CannotAnswer, match="no participant"):
        calendar_of(event, made, "nobody")
