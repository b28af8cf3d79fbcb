"""The slots and tables of an event, made from blocks of time that an organiser types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clusteratlas.matching.timetable import Slot, Table
from clusteratlas.tables import Fault, InvalidInput

MOST_SLOTS = 200
MOST_TABLES = 300


@dataclass(frozen=True, slots=True)
class TimeBlock:
    """A stretch of a day, in the event's own time: meetings one after another, or a break."""

    day: date
    start: time
    end: time
    is_break: bool = False


def slots_of(
    blocks: Sequence[TimeBlock], *, minutes: int, pause: int, time_zone: str
) -> tuple[Slot, ...]:
    """Return the slots of blocks, in the order of time.

    Meetings of ``minutes`` follow each other with a pause between them as long as they fit. A break
    cuts the blocks that it lies in, and stands in the list as a slot in which nobody meets. A
    slot's code is its day and time, so that it stays when others are added.

    Parameters
    ----------
    minutes, pause
        Length of a meeting and of the pause after it.
    time_zone
        Name of the zone that the blocks are told in.

    Raises
    ------
    InvalidInput
        All faults at once: an end before its start, blocks that overlap, a time that the clocks
        leave out or show twice, a block shorter than a meeting, more than 200 slots, no slot.

    Example
    -------
    >>> morning = TimeBlock(date(2027, 5, 4), time(9), time(10))
    >>> [slot.id for slot in slots_of([morning], minutes=25, pause=5, time_zone="Europe/Berlin")]
    ['0504-0900', '0504-0930']
    """
    zone = ZoneInfo(time_zone)
    faults = [*_faults(blocks, minutes, zone)]
    found: list[Slot] = []
    if not faults:
        breaks = sorted(
            (_at(each.day, each.start, zone), _at(each.day, each.end, zone))
            for each in blocks
            if each.is_break
        )
        found = [_slot(start, end, is_break=True) for start, end in breaks]
        for each in blocks:
            if not each.is_break:
                start, end = _at(each.day, each.start, zone), _at(each.day, each.end, zone)
                found += _within(start, end, breaks, timedelta(minutes=minutes), pause)
        found.sort(key=lambda slot: slot.start)
        if not any(not slot.is_break for slot in found):
            faults.append(Fault(_("No meeting fits into these times."), column="blocks"))
        if len(found) > MOST_SLOTS:
            faults.append(
                Fault(
                    _("These are %(count)s slots; an event has %(most)s at most.")
                    % {"count": len(found), "most": MOST_SLOTS},
                    column="blocks",
                )
            )
    if faults:
        raise InvalidInput(faults)
    return tuple(found)


def _within(
    start: datetime,
    end: datetime,
    breaks: Iterable[tuple[datetime, datetime]],
    length: timedelta,
    pause: int,
) -> list[Slot]:
    """Fill a stretch of time; the clock of the zone is left aside, lengths are true lengths."""
    found, at = [], start.astimezone(UTC)
    zone = start.tzinfo
    while at + length <= end.astimezone(UTC):
        hit = next((stop for begin, stop in breaks if begin < at + length and at < stop), None)
        if hit is not None:
            at = hit.astimezone(UTC)
            continue
        found.append(_slot(at.astimezone(zone), (at + length).astimezone(zone)))
        at += length + timedelta(minutes=pause)
    return found


def _slot(start: datetime, end: datetime, *, is_break: bool = False) -> Slot:
    code = f"{start:%m%d-%H%M}{'b' if is_break else ''}"
    return Slot(code, start, end, is_break)


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)


def _faults(blocks: Sequence[TimeBlock], minutes: int, zone: ZoneInfo) -> Iterable[Fault]:
    for row, each in enumerate(blocks, 1):
        if each.end <= each.start:
            yield Fault(_("The end lies before the beginning."), row=row, column="end")
            continue
        for hour in (each.start, each.end):
            moment = _at(each.day, hour, zone)
            again = moment.astimezone(UTC).astimezone(zone)
            twice = moment.utcoffset() != moment.replace(fold=1).utcoffset()
            if again.replace(tzinfo=None) != moment.replace(tzinfo=None) or twice:
                yield Fault(
                    _("The clocks are changed at this time; choose another one."),
                    row=row,
                    value=f"{moment:%Y-%m-%d %H:%M}",
                )
        length = datetime.combine(each.day, each.end) - datetime.combine(each.day, each.start)
        if not each.is_break and length < timedelta(minutes=minutes):
            yield Fault(_("No meeting fits into these times."), row=row, column="end")
    for kind in (False, True):
        rows = [(row, each) for row, each in enumerate(blocks, 1) if each.is_break is kind]
        rows.sort(key=lambda pair: (pair[1].day, pair[1].start))
        for (_row, before), (row, after) in pairwise(rows):
            if before.day == after.day and after.start < before.end:
                yield Fault(_("This overlaps the one before."), row=row, column="start")


def slot_document(slot: Slot) -> dict[str, Any]:
    """Return a slot as it is kept."""
    return {
        "id": slot.id,
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
        "is_break": slot.is_break,
    }


def read_slots(documents: Iterable[Mapping[str, Any]], time_zone: str = "UTC") -> tuple[Slot, ...]:
    """Return kept slots, told in a time zone."""
    zone = ZoneInfo(time_zone)
    return tuple(
        Slot(
            each["id"],
            datetime.fromisoformat(each["start"]).astimezone(zone),
            datetime.fromisoformat(each["end"]).astimezone(zone),
            each["is_break"],
        )
        for each in documents
    )


def tables_of(count: int, former: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return so many tables as they are kept; former ones keep their names and hours.

    >>> [each["id"] for each in tables_of(2)]
    ['t1', 't2']
    """
    known = {each["id"]: dict(each) for each in former}
    return [
        known.get(f"t{number}", {"id": f"t{number}", "name": str(number), "unavailable": []})
        for number in range(1, count + 1)
    ]


def read_tables(documents: Iterable[Mapping[str, Any]]) -> tuple[Table, ...]:
    """Return kept tables."""
    return tuple(
        Table(each["id"], each["name"], frozenset(each["unavailable"])) for each in documents
    )
