"""Events and timetables as JSON documents, and timetables back from them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from clusteratlas.matching.timetable.agenda import meeting_rows
from clusteratlas.matching.timetable.changing import Rescheduled
from clusteratlas.matching.timetable.event import Event, Meeting
from clusteratlas.matching.timetable.planned import Proof, Standing, Timetable
from clusteratlas.matching.timetable.reading import read_json
from clusteratlas.tables import Fault, InvalidInput


class _Standing(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    participant: str
    meetings: int
    guarantee: int
    score: float
    gaps: int
    moves: int


class _Meeting(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    a: str
    b: str
    slot: str
    table: str
    score: float
    confirmed: bool = False


class _Timetable(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    event: str
    revision: int
    meetings: list[_Meeting]
    participants: list[_Standing]
    total: float
    bound: float
    proof: str
    shortfall: int = 0
    shortfall_bound: int = 0
    gaps: int = 0
    gaps_bound: int = 0
    moves: int = 0
    moves_bound: int = 0
    relaxed: bool = False
    hurried: bool = False
    seed: int = 0
    seconds: float = 0.0


def timetable_document(event: Event, timetable: Timetable) -> dict[str, Any]:
    """Return a timetable as a JSON document with names, times and what is proved."""
    names = {each.id: each for each in event.participants}
    return {
        "event": timetable.event,
        "name": event.name,
        "revision": timetable.revision,
        "proof": timetable.proof.value,
        "total": timetable.total,
        "bound": timetable.bound,
        "gap": timetable.gap,
        "guarantees_kept": timetable.shortfall == 0,
        "shortfall": timetable.shortfall,
        "shortfall_bound": timetable.shortfall_bound,
        "gaps": timetable.gaps,
        "gaps_bound": timetable.gaps_bound,
        "moves": timetable.moves,
        "moves_bound": timetable.moves_bound,
        "relaxed": timetable.relaxed,
        "hurried": timetable.hurried,
        "seed": timetable.seed,
        "seconds": timetable.seconds,
        "meetings": meeting_rows(event, timetable),
        "participants": [
            {
                **asdict(each),
                "name": names[each.participant].name,
                "organisation": names[each.participant].organisation,
                "shortfall": each.shortfall,
            }
            for each in timetable.standings
        ],
    }


def changes_document(change: Rescheduled) -> dict[str, Any]:
    """Return what a change did as a JSON document."""
    return {
        "price": change.price,
        "value": change.value,
        "value_bound": change.bound,
        "past": [asdict(each) for each in change.past],
        "kept": [asdict(each) for each in change.kept],
        "moved": [asdict(each) for each in change.moved],
        "reseated": [asdict(each) for each in change.reseated],
        "dropped": [asdict(each) for each in change.dropped],
        "new": [asdict(each) for each in change.new],
    }


def read_timetable(path: Path | str, event: Event) -> Timetable:
    """Read the timetable of an event that `timetable_document` has laid out.

    Raises
    ------
    InvalidInput
        Where the file is no timetable, or that of another event.
    """
    return timetable_from(read_json(Path(path)), event, file=str(path))


def timetable_from(document: object, event: Event, *, file: str = "") -> Timetable:
    """Return the timetable of a JSON document; see `read_timetable`."""
    hint = "give the file timetable.json that clusteratlas timetable has written"
    try:
        given = _Timetable.model_validate(document)
        proof = Proof(given.proof)
    except ValidationError as error:
        raise InvalidInput(
            [
                Fault(
                    f"this is no timetable: {each['msg']}",
                    file,
                    column="".join(f"/{part}" for part in each["loc"]),
                    hint=hint,
                )
                for each in error.errors(include_url=False)[:50]
            ]
        ) from error
    except ValueError as error:
        raise InvalidInput(
            [Fault("there is no such proof", file, column="/proof", value=given.proof, hint=hint)]
        ) from error
    if given.event != event.id:
        told = f"this is a timetable of another event, not of {event.id}"
        raise InvalidInput([Fault(told, file, column="/event", value=given.event)])
    figures = given.model_dump(exclude={"event", "meetings", "participants", "proof"})
    return Timetable(
        event=given.event,
        meetings=tuple(
            Meeting(each.a, each.b, each.slot, each.table, each.score, each.confirmed)
            for each in given.meetings
        ),
        standings=tuple(Standing(**each.model_dump()) for each in given.participants),
        proof=proof,
        **figures,
    )


def event_document(event: Event) -> dict[str, Any]:
    """Return an event as the JSON document that `event_of` reads."""
    return {
        "id": event.id,
        "name": event.name,
        "consent": event.consent,
        "unanswered": event.unanswered,
        "guarantee": event.guarantee,
        "cap": event.cap,
        "frozen_until": event.frozen_until and event.frozen_until.isoformat(),
        "participants": [
            {**asdict(each), "unavailable": sorted(each.unavailable)} for each in event.participants
        ],
        "slots": [
            {
                "id": each.id,
                "start": each.start.isoformat(),
                "end": each.end.isoformat(),
                "break": each.is_break,
                "block": each.block,
            }
            for each in event.slots
        ],
        "tables": [
            {**asdict(each), "unavailable": sorted(each.unavailable)} for each in event.tables
        ],
        "wishes": [asdict(each) for each in event.wishes],
        "forbidden": [list(each) for each in sorted(event.forbidden)],
        "fixed": [
            {"a": each.a, "b": each.b, "slot": each.slot, "table": each.table}
            for each in event.fixed
        ],
    }
