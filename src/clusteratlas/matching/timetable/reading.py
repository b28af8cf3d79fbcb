"""Read an event from JSON, every fault named at once; write and read timetables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clusteratlas.matching.timetable.checking import faults_of
from clusteratlas.matching.timetable.event import (
    Event,
    Meeting,
    Participant,
    Slot,
    Table,
    Wish,
    pair_of,
)
from clusteratlas.tables import Fault, InvalidInput

MOST_BYTES = 64 * 2**20
"""Larger files are refused."""

MOST_FAULTS = 500
"""Faults of one file that are spelled out."""

NO_ZONE = "write it with its zone, like 2030-04-23T09:00:00+02:00"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Participant(_Part):
    id: str = Field(max_length=200)
    name: str = Field(default="", max_length=500)
    organisation: str = Field(default="", max_length=500)
    unavailable: list[str] = []
    cap: int | None = None
    guarantee: int | None = None
    table: str = ""


class _Slot(_Part):
    id: str = Field(max_length=200)
    start: str
    end: str
    is_break: bool = Field(default=False, alias="break")
    block: str = Field(default="", max_length=200)


class _Table(_Part):
    id: str = Field(max_length=200)
    name: str = Field(default="", max_length=500)
    unavailable: list[str] = []


class _Wish(_Part):
    a: str
    b: str
    score_ab: float | None = None
    score_ba: float | None = None


class _Fixed(_Part):
    a: str
    b: str
    slot: str = ""
    table: str = ""


class _Pair(_Part):
    a: str
    b: str


class _Event(_Part):
    id: str = Field(max_length=200)
    name: str = Field(default="", max_length=500)
    participants: list[_Participant]
    slots: list[_Slot]
    tables: list[_Table]
    wishes: list[_Wish]
    forbidden: list[_Pair] = []
    fixed: list[_Fixed] = []
    consent: Literal["both", "not_refused"] = "both"
    unanswered: float = 0.5
    guarantee: int = 0
    cap: int | None = None
    frozen_until: str | None = None


def read_event(path: Path | str, *, relax: bool = False) -> Event:
    """Read an event from a JSON file; docs/reference/timetable-file.md says what it holds.

    Parameters
    ----------
    path
        The file.
    relax
        Guarantees that a participant cannot reach are no faults.

    Raises
    ------
    InvalidInput
        With every fault: no file, no JSON, fields and values that are wrong. The column of each
        fault is a JSON pointer such as ``/wishes/3/b``.
    """
    path = Path(path)
    return event_of(read_json(path), relax=relax, file=str(path))


def event_of(document: object, *, relax: bool = False, file: str = "") -> Event:
    """Return the event of a JSON document that is read already; see `read_event`.

    Raises
    ------
    InvalidInput
        With every fault.
    """
    if isinstance(document, dict) and isinstance(document.get("tables"), int):
        document = {**document, "tables": _numbered(document["tables"], file)}
    if isinstance(document, dict) and isinstance(document.get("forbidden"), list):
        document = {**document, "forbidden": [_as_pair(each) for each in document["forbidden"]]}
    try:
        given = _Event.model_validate(document)
    except ValidationError as error:
        faults = [_fault(each, file) for each in error.errors(include_url=False)]
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults)) from error
    event, faults = _event(given, file)
    wrong = {fault.column for fault in faults}
    faults += [
        fault
        for fault in faults_of(event, relax=relax, file=file)
        if not any(pointer.rsplit("/", 1)[0] in fault.column for pointer in wrong)
    ]
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    return event


def read_json(path: Path) -> object:
    """Return what a JSON file holds; no key twice, no number that is none.

    Raises
    ------
    InvalidInput
        Where there is no such file, or it is no JSON.
    """
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    size = path.stat().st_size
    if size > MOST_BYTES:
        told = f"the file has {size / 2**20:,.0f} MiB, {MOST_BYTES / 2**20:.0f} at most are read"
        raise InvalidInput([Fault(told, str(path), hint="split the event")])
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        told = "this is no text in UTF-8, so no JSON"
        hint = "is it a picture or a spreadsheet? save the event as JSON"
        raise InvalidInput([Fault(told, str(path), hint=hint)]) from error
    except json.JSONDecodeError as error:
        told = f"this is no JSON: {error.msg}, at character {error.colno} of the line"
        raise InvalidInput(
            [Fault(told, str(path), row=error.lineno, hint="check commas, quotes and brackets")]
        ) from error
    except (_NoJson, RecursionError) as error:
        told = str(error) if isinstance(error, _NoJson) else "it is nested too deeply"
        raise InvalidInput([Fault(f"this is no JSON: {told}", str(path))]) from error


class _NoJson(ValueError):
    """What a strict reader of JSON refuses."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        twice = next(key for place, key in enumerate(keys) if key in keys[:place])
        raise _NoJson(f"the field {twice!r} is there twice in one object")
    return dict(pairs)


def _no_number(name: str) -> float:
    raise _NoJson(f"{name} is no number; write null where there is none")


def _numbered(count: int, file: str) -> list[dict[str, str]]:
    if isinstance(count, bool) or not 1 <= count <= 100_000:
        raise InvalidInput(
            [Fault("this is no number of tables", file, column="/tables", value=str(count))]
        )
    return [{"id": str(each), "name": f"Table {each}"} for each in range(1, count + 1)]


def _as_pair(given: object) -> object:
    """A forbidden pair may be a list of two codes."""
    if isinstance(given, list) and len(given) == 2:
        return {"a": given[0], "b": given[1]}
    return given


def _fault(error: Mapping[str, Any], file: str) -> Fault:
    place = [str(each).replace("~", "~0").replace("/", "~1") for each in error["loc"]]
    pointer, kind = "".join(f"/{each}" for each in place), error["type"]
    value, hint = error["input"], ""
    shown = "" if isinstance(value, (dict, list)) else json.dumps(value, ensure_ascii=False)
    if kind == "missing":
        return Fault(f"the field {place[-1]} is missing", file, column=pointer)
    if kind == "extra_forbidden":
        known = _fields(error["loc"])
        near = get_close_matches(place[-1], known, n=2, cutoff=0.6) or known
        hint = f"fields here are {', '.join(near)}"
        return Fault("there is no field of that name", file, column=pointer, hint=hint)
    expected = _EXPECTED.get(kind)
    if expected is None:
        return Fault(f"this does not fit: {error['msg']}", file, column=pointer, value=shown[:200])
    if kind == "string_type" and isinstance(value, int):
        hint = "write codes in quotes"
    return Fault(f"this is not {expected}", file, column=pointer, value=shown[:200], hint=hint)


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "an object with fields",
    "literal_error": "both or not_refused",
    "string_too_long": "as short as it may be",
}


def _fields(place: tuple[str | int, ...]) -> list[str]:
    parts: dict[str, type[_Part]] = {
        "participants": _Participant,
        "slots": _Slot,
        "tables": _Table,
        "wishes": _Wish,
        "forbidden": _Pair,
        "fixed": _Fixed,
    }
    part = parts.get(str(place[0]), _Event) if len(place) > 1 else _Event
    return [field.alias or name for name, field in part.model_fields.items()]


def _event(given: _Event, file: str) -> tuple[Event, list[Fault]]:
    """The event, and the times that cannot be read; others stand in their places."""
    faults: list[Fault] = []

    def moment(text: str, pointer: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            told = "this is no date and time"
            faults.append(Fault(told, file, column=pointer, value=text[:100], hint=NO_ZONE))
            return datetime.min.replace(tzinfo=UTC)

    slots = tuple(
        Slot(
            each.id,
            moment(each.start, f"/slots/{place}/start"),
            moment(each.end, f"/slots/{place}/end"),
            each.is_break,
            each.block,
        )
        for place, each in enumerate(given.slots)
    )
    until = moment(given.frozen_until, "/frozen_until") if given.frozen_until else None
    event = Event(
        id=given.id,
        name=given.name or given.id,
        participants=tuple(
            Participant(
                each.id,
                each.name or each.id,
                each.organisation,
                frozenset(each.unavailable),
                each.cap,
                each.guarantee,
                each.table,
            )
            for each in given.participants
        ),
        slots=slots,
        tables=tuple(Table(e.id, e.name, frozenset(e.unavailable)) for e in given.tables),
        wishes=tuple(Wish(e.a, e.b, e.score_ab, e.score_ba) for e in given.wishes),
        forbidden=frozenset(pair_of(each.a, each.b) for each in given.forbidden),
        fixed=tuple(Meeting(each.a, each.b, each.slot, each.table) for each in given.fixed),
        consent=given.consent,
        unanswered=given.unanswered,
        guarantee=given.guarantee,
        cap=given.cap,
        frozen_until=until,
    )
    return event, faults
