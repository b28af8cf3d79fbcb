"""Late changes: what can stay stays, each change is told, and what has been stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clusteratlas.matching.timetable import (
    Event,
    Participant,
    Rescheduled,
    Timetable,
    Wish,
    draw_event,
    reschedule,
    solve,
    verify,
)


@pytest.fixture(scope="module")
def event() -> Event:
    return draw_event(24, 12, 8, wished=0.4, away=0.1, cap=6, seed=4)


@pytest.fixture(scope="module")
def before(event: Event) -> Timetable:
    return solve(event)


def _changed(event: Event, person: str, **changes) -> Event:
    people = tuple(replace(p, **changes) if p.id == person else p for p in event.participants)
    return replace(event, participants=people)


def _checked(event: Event, before: Timetable, **options) -> Rescheduled:
    change = reschedule(event, before, **options)
    assert verify(event, change.timetable, past=change.past) == []
    assert change.timetable.revision == before.revision + 1
    assert change.value <= change.bound + 1e-9
    stays = [*change.kept, *(each.after for each in (*change.moved, *change.reseated))]
    now = {each.pair for each in change.timetable.meetings}
    assert {each.pair for each in (*change.past, *stays, *change.new)} == now
    assert {each.meeting.pair for each in change.dropped} == {
        each.pair for each in before.meetings
    } - now
    return change


def test_without_a_change_nothing_moves(event: Event, before: Timetable) -> None:
    change = _checked(event, before)
    assert change.timetable.meetings == before.meetings
    assert (change.moved, change.reseated, change.dropped, change.new) == ((), (), (), ())


def test_who_cancels_takes_their_meetings_along_and_no_others(
    event: Event, before: Timetable
) -> None:
    everywhere = frozenset(slot.id for slot in event.slots)
    change = _checked(_changed(event, "P003", unavailable=everywhere), before, price=2.0)
    assert {each.meeting.pair for each in change.dropped} == {
        each.pair for each in before.of("P003")
    }
    assert all("P003 is not available any more" in each.reason for each in change.dropped)
    assert not change.moved
    gone = replace(
        event,
        participants=tuple(each for each in event.participants if each.id != "P003"),
        wishes=tuple(each for each in event.wishes if "P003" not in (each.a, each.b)),
    )
    assert "does not take part" in _checked(gone, before).dropped[0].reason


def test_who_comes_late_meets_later(event: Event, before: Timetable) -> None:
    late = frozenset(slot.id for slot in event.slots[:6])
    change = _checked(_changed(event, "P005", unavailable=late), before)
    hurt = [each for each in before.of("P005") if each.slot in late]
    assert 0 < len(change.moved) + len(change.dropped) <= 2 * len(hurt)
    assert all(each.after.slot not in late for each in change.moved if "P005" in each.after.pair)


def test_a_lost_table_moves_only_what_stood_there(event: Event, before: Timetable) -> None:
    change = _checked(replace(event, tables=event.tables[1:]), before)
    stood = [each for each in before.meetings if each.table == event.tables[0].id]
    assert {each.before for each in (*change.reseated, *change.moved)} == set(stood)


def test_somebody_new_gets_meetings_and_few_move(event: Event, before: Timetable) -> None:
    new = Participant("NEW", "Somebody new", guarantee=3)
    wishes = tuple(Wish("NEW", each.id, 0.6, 0.6) for each in event.participants[:8])
    larger = replace(
        event, participants=(*event.participants, new), wishes=(*event.wishes, *wishes)
    )
    change = _checked(larger, before)
    assert len(change.timetable.of("NEW")) >= 3
    assert len(change.kept) >= len(before.meetings) - 8


def test_what_has_been_stands(event: Event, before: Timetable) -> None:
    """Half the slots have begun; somebody leaves, a wish is withdrawn that was met already."""
    begun = event.slots[6].start
    past = {slot.id for slot in event.slots if slot.start < begun}
    met = next(each for each in before.meetings if each.slot in past)
    withdrawn = tuple(
        replace(wish, score_ab=0.0) if {wish.a, wish.b} == {met.a, met.b} else wish
        for wish in event.wishes
    )
    now = replace(event, frozen_until=begun, wishes=withdrawn)
    now = _changed(now, "P007", unavailable=frozenset(slot.id for slot in event.slots))
    change = _checked(now, before)
    assert set(change.past) == {each for each in before.meetings if each.slot in past}
    assert met in change.timetable.meetings
    assert not any(each.slot in past for each in change.new)


def test_the_price_decides_what_moves(event: Event, before: Timetable) -> None:
    """Scores change: free of charge the timetable is the best one, at a high price it stays."""
    other = tuple(replace(wish, score_ab=wish.score_ba) for wish in event.wishes)
    now = replace(event, wishes=other)
    free, dear = _checked(now, before, price=0.0), _checked(now, before, price=5.0)
    assert free.timetable.total == pytest.approx(solve(now).total)
    assert len(dear.kept) == len(before.meetings)
    assert dear.timetable.total <= free.timetable.total <= dear.timetable.bound + 1e-9
