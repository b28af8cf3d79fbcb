"""A timetable as plain records: one person's agenda, and all meetings as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clusteratlas.matching.timetable.event import Event, Meeting, Participant, Slot, Table
from clusteratlas.matching.timetable.planned import Timetable
from clusteratlas.tables import CannotAnswer


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One meeting as one of the two sees it.

    Attributes
    ----------
    slot, start, end
        When.
    table, table_name
        Where; the name is the code where the event gives none.
    partner, partner_name, organisation
        Whom; the organisation is empty where not stated.
    score
        The mutual score, 0-1.
    confirmed
        Whether the meeting was confirmed before the timetable was made.
    """

    slot: str
    start: datetime
    end: datetime
    table: str
    table_name: str
    partner: str
    partner_name: str
    organisation: str
    score: float
    confirmed: bool


def agenda(event: Event, timetable: Timetable, participant: str) -> tuple[AgendaEntry, ...]:
    """Return the meetings of a participant in the order of time.

    Raises
    ------
    CannotAnswer
        Where the event has no such participant.
    """
    people = {each.id: each for each in event.participants}
    if participant not in people:
        raise CannotAnswer(
            "the event has no participant of that code",
            value=participant,
            hint="use a code of the event's participants",
        )
    slots = {each.id: each for each in event.slots}
    tables = {each.id: each.name or each.id for each in event.tables}
    entries = []
    for meeting in timetable.of(participant):
        slot, partner = slots[meeting.slot], people[meeting.partner(participant)]
        entries.append(
            AgendaEntry(
                slot.id,
                slot.start,
                slot.end,
                meeting.table,
                tables[meeting.table],
                partner.id,
                partner.name,
                partner.organisation,
                meeting.score,
                meeting.confirmed,
            )
        )
    return tuple(sorted(entries, key=lambda entry: entry.start))


COLUMNS = (
    "slot",
    "start",
    "end",
    "table",
    "table_name",
    "a",
    "a_name",
    "a_organisation",
    "b",
    "b_name",
    "b_organisation",
    "score",
    "confirmed",
)
"""Columns of `meeting_rows`."""


def meeting_rows(event: Event, timetable: Timetable) -> list[dict[str, Any]]:
    """Return one row a meeting with the names of `COLUMNS`, in the order of time and tables."""
    people = {each.id: each for each in event.participants}
    slots = {each.id: each for each in event.slots}
    tables = {each.id: each for each in event.tables}
    return [
        _row(each, slots[each.slot], tables[each.table], people[each.a], people[each.b])
        for each in timetable.meetings
    ]


def _row(
    meeting: Meeting, slot: Slot, table: Table, a: Participant, b: Participant
) -> dict[str, Any]:
    return {
        "slot": slot.id,
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
        "table": table.id,
        "table_name": table.name or table.id,
        "a": a.id,
        "a_name": a.name,
        "a_organisation": a.organisation,
        "b": b.id,
        "b_name": b.name,
        "b_organisation": b.organisation,
        "score": meeting.score,
        "confirmed": meeting.confirmed,
    }
