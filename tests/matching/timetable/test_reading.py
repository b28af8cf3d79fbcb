"""Events from JSON: what is written is read again, and every fault is named where it is."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from clusteratlas.matching.timetable import (
    draw_event,
    event_document,
    event_of,
    read_event,
    read_timetable,
    solve,
    timetable_document,
    verify,
)
from clusteratlas.tables import InvalidInput


@pytest.fixture(scope="module")
def document() -> dict:
    event = draw_event(8, 6, 4, wished=0.6, away=0.1, own_tables=0.3, breaks=1, cap=5)
    return event_document(event)


def _faults(document: object, **options) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        event_of(document, **options)
    return {fault.column: str(fault) for fault in refused.value.faults}


def test_an_event_is_read_as_it_was_written(document: dict, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text("\ufeff" + json.dumps(document), encoding="utf-8")
    event = read_event(path)
    assert event_document(event) == document
    short = {**document, "tables": 5, "forbidden": [["P002", "P001"]]}
    for person in short["participants"]:
        person.pop("table", None)
    read = event_of({key: value for key, value in short.items() if key != "cap"})
    assert [each.id for each in read.tables] == ["1", "2", "3", "4", "5"]
    assert read.forbidden == {("P001", "P002")}


def test_the_event_of_the_reference_is_solved() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/timetable-file.md").read_text("utf-8")
    event = event_of(json.loads(page.split("```json\n")[1].split("```")[0]))
    made = solve(event)
    assert verify(event, made) == []
    assert {each.pair for each in made.meetings} == {("ict", "wood"), ("auto", "ict")}
    for field in timetable_document(event, made):
        assert f"`{field}`" in page
    for field in event_document(event):
        assert f"`{field}`" in page


def test_every_fault_of_the_form_is_named_at_once(document: dict) -> None:
    wrong = copy.deepcopy(document)
    wrong["participants"][0]["capp"] = 3
    wrong["participants"][1]["guarantee"] = 1.5
    wrong["participants"][2]["id"] = 7
    del wrong["slots"][0]["end"]
    wrong["wishes"][0]["score_ab"] = "0.5"
    wrong["wishes"][1] = ["P001", "P002"]
    wrong["consent"] = "maybe"
    told = _faults(wrong)
    assert set(told) == {
        "/participants/0/capp",
        "/participants/1/guarantee",
        "/participants/2/id",
        "/slots/0/end",
        "/wishes/0/score_ab",
        "/wishes/1",
        "/consent",
    }
    assert "fields here are cap" in told["/participants/0/capp"]
    assert "write codes in quotes" in told["/participants/2/id"]
    assert "not both or not_refused (found '\"maybe\"')" in told["/consent"]


def test_every_fault_of_the_contents_is_named_at_once(document: dict) -> None:
    wrong = copy.deepcopy(document)
    people, slots, wishes = wrong["participants"], wrong["slots"], wrong["wishes"]
    people[1]["id"] = people[0]["id"]
    people[3].update(unavailable=["S99"], cap=-1)
    people[4]["table"] = "T9"
    slots[1]["start"] = slots[0]["start"]
    slots[4]["end"] = "tomorrow"
    slots[5]["start"] = "2030-04-23T20:00:00"
    wishes[0].update(score_ab=1.5, score_ba=-0.1)
    wishes[1]["b"] = "P04"
    wishes[2]["b"] = wishes[2]["a"]
    wishes[3].update(a=wishes[4]["b"], b=wishes[4]["a"])
    wrong["unanswered"] = 2
    told = _faults(wrong)
    for pointer, words in {
        "/participants/1/id": "taken twice",
        "/participants/3/unavailable": "no slot of that code",
        "/participants/3/cap": "negative",
        "/participants/4/table": "no table of that code",
        "/slots/1/start": "overlaps slot S01",
        "/slots/4/end": "no date and time",
        "/slots/5/start": "no zone",
        "/wishes/0/score_ab": "not between 0 and 1",
        "/wishes/0/score_ba": "0 a refusal",
        "/wishes/1/b": "did you mean P004",
        "/wishes/2": "paired with themselves",
        "/wishes/4": "there already, at /wishes/3",
        "/unanswered": "not between 0 and 1",
    }.items():
        assert words in told[pointer]


def test_confirmed_meetings_and_guarantees_beyond_what_is_possible(document: dict) -> None:
    wrong = copy.deepcopy(document)
    wrong["fixed"] = [
        {"a": "P005", "b": "P006", "slot": "S01", "table": "T3"},
        {"a": "P005", "b": "P007", "slot": "S01", "table": "T3"},
        {"a": "P006", "b": "P007", "slot": "S77"},
        {"a": "P007", "b": "P008", "table": "T4"},
    ]
    for person in wrong["participants"]:
        person["unavailable"] = []
    with pytest.raises(InvalidInput) as refused:
        event_of(wrong)
    told = str(refused.value)
    for words in (
        "P005 has 2 confirmed meetings in slot S01",
        "there is no slot of that code (found 'S77')",
        "a confirmed table needs its slot",
    ):
        assert words in told
    promised = copy.deepcopy(document)
    promised["participants"][0].update(guarantee=6)
    promised["participants"][1].update(guarantee=2, cap=1)
    told = _faults(promised)
    assert set(told) == {"/participants/0/guarantee", "/participants/1/guarantee"}
    assert "promised 6 meetings and capped at 5" in told["/participants/0/guarantee"]
    assert event_of(promised, relax=True).participants[0].guarantee == 6


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text in UTF-8"),
        (b'{"id": "x", "id": "y"}', "the field 'id' is there twice"),
        (b'{"id": NaN}', "NaN is no number"),
        (b'{"id": "x",\n "slots": [}', "row 2"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "not an object with fields"),
        (b"", "this is no JSON"),
    ],
)
def test_what_is_no_event_is_refused(tmp_path: Path, contents: bytes, told: str) -> None:
    path = tmp_path / "event.json"
    path.write_bytes(contents)
    with pytest.raises(InvalidInput, match=told):
        read_event(path)


def test_no_file_a_folder_and_a_file_too_large(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such file"):
        read_event(tmp_path / "none.json")
    with pytest.raises(InvalidInput, match="a folder"):
        read_event(tmp_path)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(InvalidInput, match="65 MiB, 64 at most"):
        read_event(large)


def test_a_timetable_is_read_as_it_was_written(document: dict, tmp_path: Path) -> None:
    event = event_of(document)
    made = solve(event)
    path = tmp_path / "timetable.json"
    path.write_text(json.dumps(timetable_document(event, made)))
    read = read_timetable(path, event)
    assert (read.meetings, read.standings, read.total) == (
        made.meetings,
        made.standings,
        made.total,
    )
    path.write_text(json.dumps({**timetable_document(event, made), "event": "other"}))
    with pytest.raises(InvalidInput, match="of another event"):
        read_timetable(path, event)
    path.write_text("{}")
    with pytest.raises(InvalidInput, match="this is no timetable"):
        read_timetable(path, event)
