"""Draw a fictional event: to try a timetable, to test it and to measure it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from clusteratlas.matching.timetable.event import Event, Participant, Slot, Table, Wish

BEGINS = datetime(2030, 4, 23, 9, 0, tzinfo=UTC)
SLOTS_A_DAY = 20


def draw_event(
    participants: int,
    slots: int,
    tables: int,
    *,
    wished: float = 0.2,
    away: float = 0.1,
    guarantee: int = 0,
    cap: int | None = None,
    own_tables: float = 0.0,
    breaks: int = 0,
    seed: int = 0,
) -> Event:
    """Draw an event with fictional participants.

    Parameters
    ----------
    participants, slots, tables
        How many; breaks are among the slots. A day has twenty slots.
    wished
        Share of pairs that both want to meet, 0-1. Popularity differs between participants.
    away
        Share of slots in which a participant cannot meet, in stretches as of a late arrival or an
        early leave, 0-1.
    guarantee, cap
        Of the event.
    own_tables
        Share of participants with a table of their own, as far as there are tables.
    breaks
        Number of breaks, evenly spread.
    seed
        Of the draw.

    Example
    -------
    >>> event = draw_event(10, 5, 4)
    >>> len(event.participants), len(event.slots), len(event.tables)
    (10, 5, 4)
    """
    random = np.random.default_rng(seed)
    resting = set(np.linspace(0, slots - 1, breaks + 2).astype(int)[1:-1].tolist())
    times = tuple(_slot(place, place in resting) for place in range(slots))
    places = tuple(Table(f"T{place + 1}", f"Table {place + 1}") for place in range(tables))
    owners = min(round(own_tables * participants), tables)
    people = tuple(
        Participant(
            f"P{place + 1:03}",
            f"Organisation {place + 1}",
            unavailable=_away(random, times, away),
            table=places[place].id if place < owners else "",
        )
        for place in range(participants)
    )
    appeal = random.beta(2, 2, participants)
    likes = appeal[:, None] + appeal[None, :] + random.normal(0, 0.3, (participants, participants))
    likes = np.triu(likes, 1)
    first, second = np.triu_indices(participants, 1)
    order = np.argsort(-likes[first, second], kind="stable")
    chosen = np.sort(order[: round(wished * len(order))])
    wishes = tuple(
        Wish(
            people[a].id,
            people[b].id,
            round(float(random.uniform(0.05, 1)), 3),
            round(float(random.uniform(0.05, 1)), 3),
        )
        for a, b in zip(first[chosen].tolist(), second[chosen].tolist(), strict=True)
    )
    name = f"drawn-{participants}-{slots}-{seed}"
    return Event(
        name, "A fictional event", people, times, places, wishes, guarantee=guarantee, cap=cap
    )


def _slot(place: int, is_break: bool) -> Slot:
    day, within = divmod(place, SLOTS_A_DAY)
    start = BEGINS + timedelta(days=day, minutes=25 * within)
    return Slot(f"S{place + 1:02}", start, start + timedelta(minutes=20), is_break=is_break)


def _away(random: np.random.Generator, slots: tuple[Slot, ...], share: float) -> frozenset[str]:
    """A stretch at an end or in the middle, of twice the share at most."""
    if share <= 0:
        return frozenset()
    length = int(random.integers(0, round(2 * share * len(slots)) + 1))
    start = int(random.integers(0, len(slots) - length + 1))
    return frozenset(slot.id for slot in slots[start : start + length])
