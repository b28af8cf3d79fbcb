"""Small events of every kind: the timetable is as good as the best of all timetables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from clusteratlas.matching.timetable import (
    Event,
    Infeasible,
    Meeting,
    Participant,
    Proof,
    Slot,
    Table,
    Timetable,
    Wish,
    solve,
    verify,
)
from clusteratlas.tables import InvalidInput

NINE = datetime(2030, 4, 23, 9, tzinfo=UTC)


@some.composite
def events(draw: some.DrawFn) -> Event:
    """At most five people, four slots and two tables, with everything an event can have."""
    slots = tuple(
        Slot(
            f"s{place}",
            NINE + timedelta(minutes=30 * place),
            NINE + timedelta(minutes=30 * place + 20),
            is_break=place > 0 and draw(some.integers(0, 5)) == 0,
            block="late" if place == 3 and draw(some.booleans()) else "",
        )
        for place in range(draw(some.integers(1, 4)))
    )
    away = some.frozensets(some.sampled_from([each.id for each in slots]), max_size=1)
    tables = tuple(
        Table(f"t{place}", unavailable=draw(away)) for place in range(draw(some.integers(1, 2)))
    )
    people = tuple(
        Participant(
            f"p{place}",
            f"Person {place}",
            unavailable=draw(away),
            cap=draw(some.sampled_from([None, None, 1, 2])),
            guarantee=draw(some.sampled_from([None, None, 0, 1, 2])),
            table=draw(some.sampled_from(["", "", "", "t0"])),
        )
        for place in range(draw(some.integers(2, 5)))
    )
    score = some.sampled_from([None, 0, 0.1, 0.4, 0.75, 1])
    pairs = list(combinations([each.id for each in people], 2))
    wished = draw(some.lists(some.sampled_from(pairs), unique=True, max_size=6))
    return Event(
        "small",
        "Small",
        people,
        slots,
        tables,
        tuple(Wish(a, b, draw(score), draw(score)) for a, b in wished),
        forbidden=frozenset(draw(some.lists(some.sampled_from(pairs), max_size=1))),
        consent=draw(some.sampled_from(["both", "not_refused"])),
        guarantee=draw(some.integers(0, 1)),
        fixed=_confirmed(draw, pairs, slots),
    )


def _confirmed(draw: some.DrawFn, pairs: list, slots: tuple[Slot, ...]) -> tuple[Meeting, ...]:
    if draw(some.integers(0, 4)):
        return ()
    pair = draw(some.sampled_from(pairs))
    slot = draw(some.sampled_from(["", *(each.id for each in slots if not each.is_break)]))
    return (Meeting(*pair, slot),)


class AllTimetables:
    """Every timetable of a small event, one after another, written from the definition."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.people = {each.id: each for each in event.participants}
        self.slots = [each.id for each in event.slots if not each.is_break]
        self.scores = dict(self._scores())
        self.confirmed = {each.pair: each for each in event.fixed}
        self.pairs = sorted({*self.scores, *self.confirmed})

    def _scores(self) -> Iterator[tuple[tuple[str, str], float]]:
        for wish in self.event.wishes:
            both = [wish.score_ab, wish.score_ba]
            if self.event.consent == "not_refused" and both != [None, None]:
                both = [0.5 if each is None else each for each in both]
            pair = (min(wish.a, wish.b), max(wish.a, wish.b))
            if None not in both and min(both) > 0 and pair not in self.event.forbidden:
                yield pair, round(2 * both[0] * both[1] / sum(both), 4)

    def all(self) -> Iterator[dict[tuple[str, str], str]]:
        yield from self._more({}, 0)

    def _more(self, made: dict, place: int) -> Iterator[dict[tuple[str, str], str]]:
        if place == len(self.pairs):
            if self._seats(made) and self._capped(made):
                yield dict(made)
            return
        pair = self.pairs[place]
        fixed = self.confirmed.get(pair)
        if fixed is None:
            yield from self._more(made, place + 1)
        for slot in [fixed.slot] if fixed is not None and fixed.slot else self.slots:
            if any(slot in self.people[who].unavailable for who in pair):
                continue
            if any(at == slot and set(pair) & set(other) for other, at in made.items()):
                continue
            yield from self._more({**made, pair: slot}, place + 1)

    def _capped(self, made: dict) -> bool:
        return all(
            cap is None or sum(each.id in pair for pair in made) <= cap
            for each in self.event.participants
            for cap in [self.event.cap_of(each)]
        )

    def _seats(self, made: dict) -> bool:
        return all(self._seat([p for p, at in made.items() if at == s], s) for s in self.slots)

    def _seat(self, pairs: list, slot: str) -> bool:
        owned = {each.table for each in self.event.participants if each.table}
        tables = [each.id for each in self.event.tables if slot not in each.unavailable]

        def fits(pair: tuple[str, str], table: str) -> bool:
            own = {self.people[who].table for who in pair} - {""}
            return table in own if own else table not in owned

        return (
            any(all(map(fits, pairs, chosen)) for chosen in permutations(tables, len(pairs)))
            or not pairs
        )

    def short(self, made: dict) -> list[int]:
        return [
            max(0, self.event.guarantee_of(each) - sum(each.id in pair for pair in made))
            for each in self.event.participants
        ]

    def gaps(self, made: dict) -> int:
        return sum(self._idle(made, each) for each in self.event.participants)

    def _idle(self, made: dict, person: Participant) -> int:
        slots = [each for each in self.event.slots if not each.is_break]
        mine = {at for pair, at in made.items() if person.id in pair}
        met = [place for place, slot in enumerate(slots) if slot.id in mine]
        return sum(
            slot.id not in person.unavailable
            for one, two in pairwise(met)
            if slots[one].block_name == slots[two].block_name
            for slot in slots[one + 1 : two]
        )

    def total(self, made: dict) -> float:
        return round(sum(self.scores.get(pair, 0.0) for pair in made), 4)


def _rank(every: AllTimetables, made: dict) -> tuple[int, int, float]:
    short = every.short(made)
    return (-max(short), -sum(short), every.total(made))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(events())
def test_the_best_of_all_timetables_is_found_and_proved(event: Event) -> None:
    every = AllTimetables(event)
    known = list(every.all())
    try:
        made = solve(event, relax=True, seconds=20)
    except InvalidInput:
        assert not known or event.fixed[0].pair in event.forbidden
        return
    except Infeasible:
        assert not known
        return
    assert verify(event, made) == []
    best = max(_rank(every, each) for each in known)
    pairs = {each.pair: each.slot for each in made.meetings}
    assert _rank(every, pairs) == pytest.approx(best)
    assert made.proof is Proof.OPTIMAL
    assert made.shortfall == made.shortfall_bound == -best[1]
    fewest = min(every.gaps(each) for each in known if set(each) == set(pairs))
    assert made.gaps == every.gaps(pairs) == fewest
    if best[0] < 0:
        with pytest.raises((Infeasible, InvalidInput)):
            solve(event, seconds=20)
    else:
        assert _same(solve(event, seconds=20), made)


def _same(one: Timetable, two: Timetable) -> bool:
    return (one.total, one.shortfall) == (two.total, two.shortfall)
