"""An event as arrays: what is open, what is settled, and what each pair is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusteratlas.matching.timetable.confirmed import seats_of
from clusteratlas.matching.timetable.event import (
    STEPS,
    Event,
    Meeting,
    Participant,
    mutual_score,
    pair_of,
)

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

POOL = 0
"""The place that stands for all tables that nobody owns: any of them will do."""

MOST_PLACES = 2
"""A pair meets in the pool, or at the own table of one of the two."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An event as arrays. People, slots, places and pairs are counted from 0.

    Attributes
    ----------
    people, slots, places
        Their codes; slots are all that are no breaks, in the order of time; place 0 is the pool.
    first, second
        The two people of each pair that may meet.
    weight
        Mutual score of each pair in ten-thousandths.
    former
        Slot of the pair in the timetable before, if it is still possible; -1 otherwise.
    bonus
        What keeping that slot is worth, in ten-thousandths.
    must
        Whether the pair is confirmed to meet.
    place
        The pair's places, pairs x 2; -1 where there is only one.
    allowed
        Whether the pair can meet at the place in the slot, pairs x 2 x slots.
    room
        Meetings that a place can take in a slot, places x slots.
    need, cap
        Fewest and most meetings of each person, besides those settled.
    open
        Whether a person can meet in a slot, besides what is settled, people x slots.
    here
        Whether idling in a slot would be a gap for the person, people x slots.
    busy
        Whether a settled meeting holds the person in the slot, people x slots.
    block
        Block of each slot.
    settled
        Meetings that stand whatever else: confirmed with a slot, or past.
    """

    people: tuple[str, ...]
    slots: tuple[str, ...]
    places: tuple[str, ...]
    first: Ints
    second: Ints
    weight: Ints
    former: Ints
    bonus: Ints
    must: Flags
    place: Ints
    allowed: Flags
    room: Ints
    need: Ints
    cap: Ints
    open: Flags
    here: Flags
    busy: Flags
    block: Ints
    settled: tuple[Meeting, ...]

    @property
    def possible(self) -> Flags:
        """Whether the pair can meet in the slot at any place, pairs x slots."""
        return np.asarray(self.allowed.any(axis=1))

    @property
    def settled_total(self) -> int:
        """Mutual scores of the settled meetings, in ten-thousandths."""
        return sum(round(each.score * STEPS) for each in self.settled)


def arrange(
    event: Event,
    *,
    past: tuple[Meeting, ...] = (),
    former: Mapping[tuple[str, str], Meeting] | None = None,
    price: float = 0.0,
) -> Problem:
    """Lay an event out as arrays.

    Parameters
    ----------
    event
        Without faults.
    past
        Meetings in slots that have begun; they stand.
    former
        Meetings of the timetable before, by pair.
    price
        What keeping one of them in its slot is worth, in mutual score.
    """
    slots = tuple(
        slot for slot in sorted(event.slots, key=lambda each: each.start) if not slot.is_break
    )
    number = {slot.id: place for place, slot in enumerate(slots)}
    people = {each.id: place for place, each in enumerate(event.participants)}
    here = np.array(
        [[slot.id not in each.unavailable for slot in slots] for each in event.participants],
        dtype=bool,
    ).reshape(len(people), len(slots))
    begun = np.array([event.is_frozen(slot) for slot in slots], dtype=bool)
    places, room = _places(event, number)
    settled = (*past, *_confirmed(event, past, places))
    busy = np.zeros_like(here)
    met = np.zeros(len(people), dtype=np.int64)
    for meeting in settled:
        at = number[meeting.slot]
        for person in (meeting.a, meeting.b):
            if person in people:
                busy[people[person], at] = True
                met[people[person]] += 1
        room[places.index(meeting.table) if meeting.table in places else POOL, at] -= 1
    room = np.maximum(room, 0)
    room[:, begun] = 0
    opened = here & ~busy & ~begun
    pairs = _pairs(event, settled)
    place, allowed = _options(event, pairs, people, places, opened, room)
    fits = allowed.any(axis=(1, 2)) | pairs["must"]
    names = [pair for pair, fit in zip(pairs["pair"], fits.tolist(), strict=True) if fit]
    kept = _former(names, former or {}, number, allowed[fits].any(axis=1))
    blocks = {name: place for place, name in enumerate(dict.fromkeys(s.block_name for s in slots))}
    guarantee = np.array([event.guarantee_of(each) for each in event.participants], dtype=np.int64)
    return Problem(
        people=tuple(people),
        slots=tuple(number),
        places=places,
        first=np.array([people[a] for a, _ in names], dtype=np.int64),
        second=np.array([people[b] for _, b in names], dtype=np.int64),
        weight=pairs["weight"][fits],
        former=kept,
        bonus=_bonus(event, names, kept, former or {}, round(price * STEPS)),
        must=pairs["must"][fits],
        place=place[fits],
        allowed=allowed[fits],
        room=room,
        need=np.maximum(guarantee - met, 0),
        cap=np.maximum(_caps(event, len(slots)) - met, 0),
        open=opened,
        here=here,
        busy=busy,
        block=np.array([blocks[slot.block_name] for slot in slots], dtype=np.int64),
        settled=settled,
    )


def scores_of(event: Event) -> dict[tuple[str, str], float]:
    """Return the mutual score of each pair that may meet, or would but for being forbidden."""
    scores = {}
    for wish in event.wishes:
        score = mutual_score(wish, consent=event.consent, unanswered=event.unanswered)
        if score is not None:
            scores[pair_of(wish.a, wish.b)] = score
    return scores


def _confirmed(event: Event, past: tuple[Meeting, ...], places: tuple[str, ...]) -> list[Meeting]:
    """Confirmed meetings with a slot, those that have been aside, with scores and own tables."""
    scores, gone = scores_of(event), {each.pair for each in past}
    meetings = [each for each in event.fixed if each.slot and each.pair not in gone]
    return [
        Meeting(
            each.a,
            each.b,
            each.slot,
            table if table in places and table else each.table,
            scores.get(each.pair, 0.0),
            True,
        )
        for each, table in seats_of(event, meetings)
    ]


def _places(event: Event, number: Mapping[str, int]) -> tuple[tuple[str, ...], Ints]:
    owned = list(dict.fromkeys(each.table for each in event.participants if each.table))
    places = ("", *owned)
    room = np.zeros((len(places), len(number)), dtype=np.int64)
    index = {name: place for place, name in enumerate(places)}
    for table in event.tables:
        place = index.get(table.id, POOL)
        for slot, at in number.items():
            room[place, at] += slot not in table.unavailable
    return places, room


def _pairs(event: Event, settled: tuple[Meeting, ...]) -> dict[str, Any]:
    """Pairs that may meet and have not been settled, the confirmed ones marked."""
    done = {each.pair for each in settled}
    must = {each.pair for each in event.fixed if not each.slot} - done
    scores = {
        pair: score
        for pair, score in scores_of(event).items()
        if pair not in done and pair not in event.forbidden
    }
    names = sorted({*scores, *must})
    return {
        "pair": names,
        "weight": np.array([round(scores.get(each, 0) * STEPS) for each in names], dtype=np.int64),
        "must": np.array([each in must for each in names], dtype=bool),
    }


def _options(
    event: Event,
    pairs: Mapping[str, Any],
    people: Mapping[str, int],
    places: tuple[str, ...],
    opened: Flags,
    room: Ints,
) -> tuple[Ints, Flags]:
    index = {name: place for place, name in enumerate(places)}
    own = [index[each.table] if each.table else POOL for each in event.participants]
    place = np.full((len(pairs["pair"]), MOST_PLACES), -1, dtype=np.int64)
    for row, (a, b) in enumerate(pairs["pair"]):
        wanted = sorted({own[people[a]], own[people[b]]} - {POOL}) or [POOL]
        place[row, : len(wanted)] = wanted
    first = np.array([people[a] for a, _ in pairs["pair"]], dtype=np.int64)
    second = np.array([people[b] for _, b in pairs["pair"]], dtype=np.int64)
    both = opened[first] & opened[second]
    allowed = both[:, None, :] & (room > 0)[place] & (place >= 0)[:, :, None]
    return place, allowed


def _former(
    names: list[tuple[str, str]],
    former: Mapping[tuple[str, str], Meeting],
    number: Mapping[str, int],
    possible: Flags,
) -> Ints:
    kept = np.full(len(names), -1, dtype=np.int64)
    for row, pair in enumerate(names):
        before = former.get(pair)
        at = number.get(before.slot, -1) if before else -1
        if at >= 0 and possible[row, at]:
            kept[row] = at
    return kept


def _bonus(
    event: Event,
    names: list[tuple[str, str]],
    kept: Ints,
    former: Mapping[tuple[str, str], Meeting],
    steps: int,
) -> Ints:
    """What keeping its slot is worth to each pair: one step less where its table is gone."""
    away = {each.id: each.unavailable for each in event.tables}
    bonus = np.zeros(len(names), dtype=np.int64)
    for row in np.flatnonzero(kept >= 0).tolist():
        before = former[names[row]]
        there = before.table in away and before.slot not in away[before.table]
        bonus[row] = max(steps - (not there), 0)
    return bonus


def _caps(event: Event, most: int) -> Ints:
    def cap(participant: Participant) -> int:
        stated = event.cap_of(participant)
        return most if stated is None else min(stated, most)

    return np.array([cap(each) for each in event.participants], dtype=np.int64)
