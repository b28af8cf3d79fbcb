"""What an event is made of: who comes, when, at which tables, and whom each would like to meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Consent = Literal["both", "not_refused"]

STEPS = 10_000
"""Mutual scores are whole numbers of ten-thousandths, so that totals compare exactly."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who comes to meet others.

    Attributes
    ----------
    id
        Code of the participant within the event.
    name
        How the participant is called on agendas.
    organisation
        Whom the participant stands for; empty where not stated.
    unavailable
        Slots in which the participant cannot meet.
    cap
        Most meetings; ``None`` where the event's own cap counts.
    guarantee
        Fewest meetings promised; ``None`` where the event's own guarantee counts.
    table
        The participant's own table, kept for their meetings; empty for none.
    """

    id: str
    name: str
    organisation: str = ""
    unavailable: frozenset[str] = frozenset()
    cap: int | None = None
    guarantee: int | None = None
    table: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time in which everybody meets at most once.

    Attributes
    ----------
    id
        Code of the slot within the event.
    start, end
        With their time zones; slots never overlap.
    is_break
        Nobody meets in a break, and idling in it is no gap.
    block
        Slots between which idling is a gap have the same block; empty: the day of ``start``.
    """

    id: str
    start: datetime
    end: datetime
    is_break: bool = False
    block: str = ""

    @property
    def block_name(self) -> str:
        """The block, or the day where none is stated."""
        return self.block or self.start.date().isoformat()


@dataclass(frozen=True, slots=True)
class Table:
    """A place for one meeting at a time; not there in the slots of ``unavailable``."""

    id: str
    name: str = ""
    unavailable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """How much two participants want to meet, each way.

    Attributes
    ----------
    a, b
        The two participants.
    score_ab
        How much a wants to meet b: above 0 to 1 is a yes, 0 a refusal, ``None`` no answer.
    score_ba
        How much b wants to meet a, likewise.
    """

    a: str
    b: str
    score_ab: float | None = None
    score_ba: float | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants in a slot at a table.

    Attributes
    ----------
    a, b
        The two participants.
    slot
        When they meet. Of a confirmed meeting it may be empty: any slot will do.
    table
        Where they meet. Of a confirmed meeting it may be empty: any table will do.
    score
        The mutual score, 0-1.
    confirmed
        Whether the event had fixed the meeting beforehand.
    """

    a: str
    b: str
    slot: str = ""
    table: str = ""
    score: float = 0.0
    confirmed: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """The two participants in the order of their codes."""
        return pair_of(self.a, self.b)

    def partner(self, participant: str) -> str:
        """Return whom the participant meets."""
        return self.b if participant == self.a else self.a


@dataclass(frozen=True, slots=True)
class Event:
    """All that a timetable has to respect.

    Attributes
    ----------
    id
        Code of the event; the identifiers of calendar entries are made from it.
    name
        How the event is called.
    participants, slots, tables, wishes
        Who, when, where, and who wants to meet whom. Each pair has one wish at most.
    forbidden
        Pairs that must not meet.
    fixed
        Meetings that are confirmed already. They stand whatever their score, wish or not.
    consent
        ``both``: both must have said yes. ``not_refused``: one yes is enough where the other has
        not answered.
    unanswered
        What a direction without an answer counts, 0-1, where one yes is enough.
    guarantee
        Fewest meetings of each participant who has no own guarantee.
    cap
        Most meetings of each participant who has no own cap; ``None`` for no limit.
    frozen_until
        Slots that begin before this moment have been: nothing in them changes any more.
    """

    id: str
    name: str
    participants: tuple[Participant, ...]
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    wishes: tuple[Wish, ...]
    forbidden: frozenset[tuple[str, str]] = frozenset()
    fixed: tuple[Meeting, ...] = ()
    consent: Consent = "both"
    unanswered: float = 0.5
    guarantee: int = 0
    cap: int | None = None
    frozen_until: datetime | None = field(default=None)

    def guarantee_of(self, participant: Participant) -> int:
        """Return the fewest meetings promised to the participant.

        The event's own guarantee promises nothing to those who are not there, or no longer.
        """
        if participant.guarantee is not None:
            return participant.guarantee
        return self.guarantee if self.open_slots(participant) else 0

    def open_slots(self, participant: Participant) -> frozenset[str]:
        """Return the slots in which the participant can still meet somebody."""
        return frozenset(
            slot.id
            for slot in self.slots
            if not (slot.is_break or self.is_frozen(slot) or slot.id in participant.unavailable)
        )

    def cap_of(self, participant: Participant) -> int | None:
        """Return the most meetings of the participant; ``None`` for no limit."""
        return self.cap if participant.cap is None else participant.cap

    def is_frozen(self, slot: Slot) -> bool:
        """Return whether the slot has begun when the timetable is made."""
        return self.frozen_until is not None and slot.start < self.frozen_until


def pair_of(a: str, b: str) -> tuple[str, str]:
    """Return two participants in the order of their codes.

    >>> pair_of("mill", "dairy")
    ('dairy', 'mill')
    """
    return (a, b) if a <= b else (b, a)


def mutual_score(wish: Wish, *, consent: Consent = "both", unanswered: float = 0.5) -> float | None:
    """Return how much a pair wants to meet, or ``None`` where it must not.

    **Definition.** The harmonic mean 2 s t / (s + t) of both scores, in ten-thousandths. A match
    that one of them refuses is none. Without an answer from one of them it is none either, unless
    ``consent`` is ``not_refused``: then the missing score is ``unanswered``.

    Parameters
    ----------
    wish
        Both scores, 0-1.
    consent, unanswered
        As the event has them.

    Returns
    -------
    float or None
        The mutual score, above 0 to 1.

    Example
    -------
    >>> mutual_score(Wish("a", "b", 0.8, 0.4))
    0.5333
    >>> mutual_score(Wish("a", "b", 0.8)) is None
    True
    >>> mutual_score(Wish("a", "b", 0.8), consent="not_refused", unanswered=0.2)
    0.32
    """
    first, second = wish.score_ab, wish.score_ba
    if first == 0 or second == 0 or (first is None and second is None):
        return None
    if first is None or second is None:
        if consent == "both":
            return None
        first = unanswered if first is None else first
        second = unanswered if second is None else second
    if first + second <= 0:
        return None
    steps = round(STEPS * 2 * first * second / (first + second))
    return max(steps, 1) / STEPS if first > 0 and second > 0 else None
