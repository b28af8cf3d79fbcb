"""Meetings as iCalendar text (RFC 5545): to publish, to change, to call off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar
from icalendar import Event as Entry

from clusteratlas.matching.timetable.event import Event, Meeting, Participant
from clusteratlas.matching.timetable.planned import Timetable
from clusteratlas.tables import CannotAnswer

PRODUCT = "-//Cluster Atlas//Meeting timetable//EN"


def calendar_of(
    event: Event, timetable: Timetable, participant: str, *, stamp: datetime | None = None
) -> str:
    """Return a participant's meetings as iCalendar text to publish.

    The identifier of an entry is the pair's within the event, and its sequence number is the
    timetable's revision: a calendar that took in the first timetable moves its entries when it
    takes in a later one.

    Parameters
    ----------
    event, timetable
        The event and its timetable.
    participant
        Code of the participant.
    stamp
        When the text is made; now if not given.

    Raises
    ------
    CannotAnswer
        Where the event has no such participant.
    """
    return _calendar(
        event, timetable.of(participant), participant, timetable.revision, stamp, called_off=False
    )


def cancellations_of(
    event: Event,
    dropped: Iterable[Meeting],
    participant: str,
    *,
    revision: int,
    stamp: datetime | None = None,
) -> str:
    """Return iCalendar text that calls off a participant's meetings among those dropped.

    Parameters
    ----------
    event
        The event; participants, slots and tables of the dropped meetings may be gone from it.
    dropped
        Meetings of the timetable before that are in the new one no more.
    participant
        Code of the participant.
    revision
        Of the new timetable.
    stamp
        When the text is made; now if not given.
    """
    concerned = [each for each in dropped if participant in (each.a, each.b)]
    return _calendar(event, concerned, participant, revision, stamp, called_off=True)


def identifier(event: Event, meeting: Meeting) -> str:
    """Return the lasting identifier of a pair's meeting in calendars."""
    first, second = meeting.pair
    digest = hashlib.sha256(f"{event.id}\n{first}\n{second}".encode()).hexdigest()
    return f"{digest[:32]}@meetings.clusteratlas"


def _calendar(
    event: Event,
    meetings: Iterable[Meeting],
    participant: str,
    revision: int,
    stamp: datetime | None,
    *,
    called_off: bool,
) -> str:
    people = {each.id: each for each in event.participants}
    if participant not in people and not called_off:
        raise CannotAnswer(
            "the event has no participant of that code",
            value=participant,
            hint="use a code of the event's participants",
        )
    made = (stamp or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if called_off else "PUBLISH")
    for meeting in meetings:
        entry = _entry(event, meeting, people.get(meeting.partner(participant)), participant)
        entry.add("dtstamp", made)
        entry.add("sequence", revision)
        entry.add("status", "CANCELLED" if called_off else "CONFIRMED")
        calendar.add_component(entry)
    text: bytes = calendar.to_ical()
    return text.decode("utf-8")


def _entry(event: Event, meeting: Meeting, partner: Participant | None, participant: str) -> Entry:
    entry = Entry()
    entry.add("uid", identifier(event, meeting))
    name = partner.name if partner else meeting.partner(participant)
    entry.add("summary", _line(f"{event.name}: {name}"))
    slot = next((each for each in event.slots if each.id == meeting.slot), None)
    if slot is not None:
        entry.add("dtstart", slot.start.astimezone(UTC))
        entry.add("dtend", slot.end.astimezone(UTC))
    table = next((each.name for each in event.tables if each.id == meeting.table and each.name), "")
    entry.add("location", _line(table or meeting.table))
    if partner and partner.organisation:
        entry.add("description", _line(partner.organisation))
    return entry


def _line(text: str) -> str:
    """The text on one line, without control codes."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
