"""Bad logs and bad rules: every fault at once, each with row, column, value and hint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clusteratlas.programmes.account import (
    LAYOUTS,
    Life,
    account_of,
    read,
    read_logs,
    read_rules,
)
from clusteratlas.programmes.demonstration import fictional_logs, write_logs
from clusteratlas.tables import InvalidInput

from .by_hand import SMALL, logs_of

BROKEN = {
    "organisations": "organisation,name,kind,colour\nF1,Works,firm,red\nF2,House,company,\n"
    "F2,House,company,\n",
    "sizes": "organisation,year,size,staff,turnover\nF2,2019,small,400,90\nF2,2020,,,\n",
    "members": "organisation,type,from,until\nF1,full,2020-05-01,2019-05-01\nF9,full,01.02.2020,\n",
    "events": "event,date,kind,paid\nE1,2017-11-03,network,maybe\nE2,2019-02-30,network,no\n"
    "E3,2026-01-01,network,no\n",
    "attendance": "event,organisation,people\nE1,F1,0\nE1,F1,2\nE7,F1,1\nE12,,1\n",
    "projects": "project,kind,started,ended\nP1,initiative,2020-05-01,2020-04-01\n",
    "participants": "project,organisation\nP9,F1\n",
    "answers": "year,organisation,question,answer,currency\n2020,F1,extra-turnover,1e400,\n"
    "2020,F2,extra-investment,7,EURO\n",
    "asked": "year,organisation\n2020,F2\n",
    "coverage": "log,from,until\nevent,2019,2020\nevents,2021,2020\nservices,2019,2020\n",
    "notes": "a,b\n1,2\n",
}  # fmt: skip


def test_every_fault_of_every_log_is_told_at_once(tmp_path: Path) -> None:
    for name, text in BROKEN.items():
        (tmp_path / f"{name}.csv").write_text(text)
    found = read(tmp_path, Life(2018, 2025))
    assert found.logs.logs == {}
    told = {(Path(each.file).stem, each.row, each.column): each for each in found.faults}
    assert found.total == len(found.faults)
    expected = {
        ("organisations", 1, "colour"): "there is no column of that name",
        ("organisations", 2, "kind"): "there is no kind of that name",
        ("organisations", 4, "organisation"): "rows 3 and 4 of organisations are of one",
        ("sizes", 2, "size"): "the figures make the organisation large",
        ("sizes", 3, "size"): "the row states neither a size nor figures",
        ("members", 2, "until"): "member F1 leaves before joining on 2020-05-01",
        ("members", 3, "from"): "the cell is no date",
        ("members", 3, "organisation"): "the log of organisations has no organisation of that code",
        ("events", 2, "date"): "event E1 of 2017-11-03 lies before the programme began",
        ("events", 2, "paid"): "the cell is neither yes nor no",
        ("events", 3, "date"): "there is no such day",
        ("events", 4, "date"): "event E3 of 2026-01-01 lies after the programme ended",
        ("attendance", 2, "people"): "the number is below 1",
        ("attendance", 3, "event"): "rows 2 and 3 of attendance are of one event E1",
        ("attendance", 4, "event"): "the log of events has no event of that code",
        ("attendance", 5, "event"): "the log of events has no event of that code",
        ("attendance", 5, "organisation"): "a row of attendance needs its organisation",
        ("projects", 2, "ended"): "project P1: ended lies before started, 2020-05-01",
        ("participants", 2, "project"): "the log of projects has no project of that code",
        ("answers", 2, "currency"): "the answer of F1 for 2020 is money without currency",
        ("answers", 2, "organisation"): "F1 answers for 2020 without being among the asked",
        ("answers", 2, "answer"): "the cell is no number",
        ("answers", 3, "currency"): "the cell is no currency",
        ("coverage", 2, "log"): "there is no log of that name with years",
        ("coverage", 3, "until"): "the last complete year of events lies before the first, 2021",
        ("coverage", 4, "log"): "the log whose years are stated is not given",
        ("notes", None, ""): "there is no log of that name",
    }  # fmt: skip
    assert set(told) == set(expected)
    for place, problem in expected.items():
        assert told[place].problem.startswith(problem), place
    early = told["events", 2, "date"]
    assert (early.value, early.hint) == (
        "2017-11-03",
        "the programme began in 2018: correct the date or the register",
    )


def test_a_broken_log_does_not_drown_in_what_follows_from_it(tmp_path: Path) -> None:
    write_logs(fictional_logs(), tmp_path, tmp_path.parent / "whole.xlsx")

    def told(name: str, old: str, new: str) -> list[str]:
        path = tmp_path / f"{name}.csv"
        whole = path.read_text()
        path.write_text(whole.replace(old, new))
        found = read(tmp_path, Life(2018, 2028))
        path.write_text(whole)
        assert found.total == len(found.faults)
        return [f"{each.row} {each.column}: {each.problem}" for each in found.faults]

    assert told("events", "event,date", "code,day") == [
        "1 code: there is no column of that name",
        "1 day: there is no column of that name",
        "1 event: column event is missing",
        "1 date: column date is missing",
    ]
    # One code that is not readable makes none of the others unknown.
    assert told("events", "\nE001,", "\n,") == ["7 event: a row of events needs its event"]
    attendance = fictional_logs()["attendance"]
    first = attendance[0]["event"]
    count = sum(row["event"] == first for row in attendance)
    assert count > 1
    assert told("attendance", f"\n{first},", "\nX1,") == [
        f"2 event: the log of events has no event of that code, which {count} rows name"
    ]
    assert told("sizes", "size,staff", "class,heads") == [
        "1 class: there is no column of that name",
        "1 heads: there is no column of that name",
    ]
    assert told("asked", "year,", "asked_in,") == [
        "1 asked_in: there is no column of that name",
        "1 year: column year is missing",
    ]


def test_three_forms_of_the_same_logs_are_read_alike(tmp_path: Path) -> None:
    logs = fictional_logs()
    write_logs(logs, tmp_path / "logs", tmp_path / "logs.xlsx")
    (tmp_path / "logs.json").write_text(json.dumps(logs))
    life = Life(2018, 2025)
    found = [read_logs(tmp_path / each, life) for each in ("logs", "logs.xlsx", "logs.json")]
    rows = [{name: [row.cells for row in log.rows] for name, log in each.logs.items()}
            for each in found]  # fmt: skip
    assert rows[0] == rows[1] == rows[2]
    assert found[0].covered == found[1].covered == found[2].covered
    first = (tmp_path / "logs.xlsx").read_bytes()
    write_logs(fictional_logs(), tmp_path / "logs", tmp_path / "logs.xlsx")
    assert (tmp_path / "logs.xlsx").read_bytes() == first


def test_a_file_that_is_no_log_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no CSV, workbook or JSON"):
        read_logs(tmp_path)
    for name, data, problem in (
        ("a.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "a PNG picture"),
        ("b.json", b'{"events": 3}', "holds no lists of rows"),
        ("c.json", b'{"events": [3]}', "a row is not an object of columns"),
        ("events.csv", b"event,date\n", "column kind is missing"),
        ("d.csv", b"", "the file is empty"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InvalidInput, match=problem):
            read_logs(path)
    # A file of another name is known by its columns.
    path = tmp_path / "what we held in 2020.csv"
    path.write_text(SMALL["events"])
    assert len(read_logs(path).rows("events")) == 4


RULE = """
name = "x"
version = 1
title = "x"
[[set]]
name = "a"
unit = "group"
all = [{ set = "b" }]
[[set]]
name = "b"
unit = "group"
all = [{ set = "a" }]
[[rule]]
id = "A"
title = "A"
text = "A"
unit = "x"
stage = "output"
count = "a"
"""
RULES = """
name = "ours"
version = 1
title = "Ours"
[[set]]
name = "guests"
unit = "organisation"
is = { kind = "firm" }
any = [
    { of = [{ log = "visits" }] },
    { of = [{ log = "attendance", where = { "event.fee" = true } }] },
]
[[set]]
name = "guests"
unit = "group"
is = { colour = "red" }
[[set]]
name = "circle"
unit = "project"
period = "sometimes"
all = [{ set = "circle" }, { set = "nobody" }, { set = "guests" }, { of = [{ log = "members" }] }]
[[rule]]
id = "A"
title = "A"
text = "A"
stage = "output"
count = "gusts"
[[rule]]
id = "a"
title = "A"
text = "A"
unit = "x"
stage = "output"
sum = { log = "events", column = "title", where = { paid = "yes" } }
[[rule]]
id = "C"
title = "C"
text = "C"
stage = "input"
cost_of = "Z"
"""


def test_every_fault_of_a_file_of_rules_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    with pytest.raises(InvalidInput) as caught:
        read_rules(path)
    told = [f"{each.column}: {each.problem} ({each.hint})" for each in caught.value.faults]
    for part in (
        "set: two sets of units are named guests",
        "rule: two rules are named a",
        "set guests: column kind of organisations is never firm",
        "set guests: there is no log visits",
        "set guests: there is no column fee in events",
        "set guests: there is no column colour in organisations",
        "set guests: the set makes no demand",
        "set circle: project has no period sometimes",
        "set circle: there is no set nobody",
        "set circle: set guests is one of organisation, not of project",
        "set circle: log members does not tell the project",
        "rule A: there is no set gusts (did you mean guests?)",
        "rule A: the figure has no unit",
        "rule a: column paid of events is asked for 'yes' (ask for true or false)",
        "rule a: log events cannot add up title",
        "rule C: there is no output Z to cost",
    ):
        assert any(each.startswith(part) for each in told), part
    path.write_text(RULES.replace('name = "ours"', 'name = "ours"\nrun = "rm"\n'))
    with pytest.raises(InvalidInput, match="there is no entry of that name"):
        read_rules(path)
    two_ways = RULE.replace('count = "a"', 'count = "a"\nmoney = "public"')
    path.write_text(two_ways)
    with pytest.raises(InvalidInput, match="a rule has one way to its figure"):
        read_rules(path)
    path.write_text("name = ")
    with pytest.raises(InvalidInput, match="the file is not TOML"):
        read_rules(path)


def test_a_circle_of_sets_is_a_fault_and_no_endless_loop(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(RULE)
    with pytest.raises(InvalidInput, match="the set rests on itself"):
        read_rules(path)


def test_events_before_the_programme_are_faults_only_where_its_years_are_known(
    tmp_path: Path,
) -> None:
    assert logs_of(SMALL, tmp_path).rows("events")
    with pytest.raises(InvalidInput, match="lies before the programme began") as caught:
        read_logs(tmp_path, Life(2021, None))
    assert len(caught.value.faults) == 3 + 2 + 4 + 2 + 5 + 3  # events, services, projects, ...


def test_the_references_name_every_log_and_column_and_their_example_is_sound(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(__file__).parents[3] / "docs" / "reference"
    logs = (folder / "programme-logs.md").read_text(encoding="utf-8")
    for name, layout in LAYOUTS.items():
        section = logs.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for column in layout.columns:
            assert f"`{column.name}`" in section, f"{name} {column.name}"
            assert all(f"`{code}`" in section for code in column.codes)
    rules = (folder / "programme-rules.md").read_text(encoding="utf-8")
    path = tmp_path / "ours.toml"
    path.write_text(rules.split("```toml\n")[1].split("```")[0])
    ours = read_rules(path)
    account = account_of(
        logs_of(SMALL, tmp_path_factory.mktemp("logs")), years=[2020], rule_sets=[ours]
    )
    assert [each.value for each in account.figures[:1]] == [2]  # G and F3 pay
