"""The command that makes a meeting timetable."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from icalendar import Calendar

from clusteratlas.cli import timetable as commands
from clusteratlas.cli.outcome import ExitCode
from clusteratlas.matching.timetable import (
    Event,
    Violation,
    draw_event,
    event_document,
    read_timetable,
    verify,
)


@pytest.fixture(scope="module")
def event() -> Event:
    drawn = draw_event(12, 8, 5, wished=0.6, away=0.1, cap=4, seed=3, breaks=1)
    first = replace(drawn.participants[0], id="../=1+1", name='=HYPERLINK("x")\x1b[31m')
    people = (first, *drawn.participants[1:])
    wishes = tuple(replace(wish, a=first.id) if wish.a == "P001" else wish for wish in drawn.wishes)
    return replace(drawn, participants=people, wishes=wishes)


@pytest.fixture
def event_file(event: Event, tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event_document(event)))
    return path


def test_a_timetable_is_shown_and_written(run, event: Event, event_file: Path) -> None:
    folder = event_file.parent
    answer = run(
        *("timetable", event_file, "--out", folder / "out", "--csv", folder / "all.csv"),
        *("--ics", folder / "calendars", "--seconds", 20),
    ).ended(0)
    assert "optimal: no timetable has a larger total" in answer.out
    assert "all kept" in answer.out
    assert "\x1b" not in answer.out
    made = read_timetable(folder / "out" / "timetable.json", event)
    assert verify(event, made) == []
    with (folder / "all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(made.meetings)
    assert (folder / "out" / "meetings.csv").read_text() == (folder / "all.csv").read_text()
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    calendars = sorted(path.name for path in (folder / "calendars").iterdir())
    assert len(calendars) == 12
    assert calendars[0] == "0001-.._1_1.ics"
    first = Calendar.from_ical((folder / "calendars" / calendars[0]).read_bytes())
    assert len(first.walk("VEVENT")) == len(made.of("../=1+1"))


def test_json_is_the_whole_answer_and_the_seed_decides(run, event_file: Path) -> None:
    first, second = (
        json.loads(run("timetable", event_file, "--json", "--seed", 5).ended(0).out)
        for _ in range(2)
    )
    for document in (first, second):
        document.pop("seconds")
    assert first == second
    assert first["proof"] == "optimal"
    assert first["total"] == first["bound"]
    assert {"a", "b", "slot", "start", "end", "table", "score"} <= set(first["meetings"][0])
    assert {each["shortfall"] for each in first["participants"]} == {0}


def test_a_late_change_is_told(run, event: Event, event_file: Path) -> None:
    folder = event_file.parent
    run("timetable", event_file, "--out", folder).ended(0)
    everywhere = frozenset(slot.id for slot in event.slots)
    people = tuple(
        replace(each, unavailable=everywhere) if each.id == "P004" else each
        for each in event.participants
    )
    event_file.write_text(json.dumps(event_document(replace(event, participants=people))))
    answer = run(
        *("timetable", event_file, "--previous", folder / "timetable.json", "--price", 0.3),
        *("--ics", folder / "calendars"),
    ).ended(0)
    assert "revision 1" in answer.out
    assert "P004 is not available any more" in answer.out.replace("\n", " ")
    [off] = (folder / "calendars").glob("*P004-cancelled.ics")
    assert "METHOD:CANCEL" in off.read_text()
    document = json.loads(
        run("timetable", event_file, "--previous", folder / "timetable.json", "--json").ended(0).out
    )
    assert {"kept", "moved", "reseated", "dropped", "new", "past", "price"} <= set(
        document["changes"]
    )


def test_promises_beyond_reach_are_refused_or_relaxed(run, event: Event, event_file: Path) -> None:
    busy = replace(event, tables=event.tables[:1], guarantee=3)
    event_file.write_text(json.dumps(event_document(busy)))
    answer = run("timetable", event_file).ended(ExitCode.CANNOT_ANSWER)
    assert "No timetable keeps every promise" in answer.err
    assert "all slots and tables take only 7 meetings" in answer.err
    assert answer.out == ""
    relaxed = run("timetable", event_file, "--relax").ended(0).out
    assert "meetings missing, the fewest possible" in relaxed
    assert "fewer meetings than promised" in relaxed


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ("{", "this is no JSON"),
        ('{"id": "x"}', "the field participants is missing"),
        ("\x89PNG", "this is no JSON"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(
    run, tmp_path: Path, contents: str, told: str
) -> None:
    path = tmp_path / "event.json"
    path.write_text(contents)
    answer = run("timetable", path, "--out", tmp_path / "out").ended(ExitCode.INVALID_INPUT)
    assert told in answer.err
    assert "Traceback" not in answer.err
    assert not (tmp_path / "out").exists()


def test_the_event_is_never_written_over(run, event_file: Path) -> None:
    before = event_file.read_bytes()
    run("timetable", event_file, "--csv", event_file).ended(2)
    assert event_file.read_bytes() == before


def test_what_the_check_refuses_is_not_published(
    run, event_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import clusteratlas.matching.timetable as room

    monkeypatch.setattr(room, "verify", lambda *_, **__: [Violation("clash", "A meets twice")])
    folder = event_file.parent / "out"
    answer = run("timetable", event_file, "--out", folder).ended(ExitCode.INTERNAL)
    assert "A meets twice" in answer.err
    assert not folder.exists()
    assert commands.timetable.__doc__
