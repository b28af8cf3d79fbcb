"""The commands on published effects, growth and returns."""

from __future__ import annotations

import json
from pathlib import Path

from tests.programmes.evidence.reports import report

from clusteratlas.programmes.effects.study import Scale


def test_the_command_shows_compares_refuses_and_writes(run, tmp_path: Path) -> None:
    out = tmp_path / "effects.csv"
    told = run("programme", "evidence", "--grade", "B", "--out", out, "--json").ended(0)
    assert len(json.loads(told.out)["effects"]) == 30
    head = (
        out.read_text(encoding="utf-8").replace("bavaria-", "again-").replace("poles-", "again-p-")
    )
    mine = tmp_path / "mine.csv"
    mine.write_text(
        "\n".join(line for line in head.splitlines() if "again" in line or "identity" in line)
    )
    both = run("programme", "evidence", "--own", mine, "--groups", columns=120).ended(0)
    assert "Not pooled: one programme would count twice" in both.out
    one = run("programme", "evidence", "bavaria-rd").ended(0)
    assert "-19.4 percent" in one.out
    assert "not stated" in one.out
    assert "17,400,000,000 USD" in run("programme", "evidence", "south-carolina-output").out
    assert run("programme", "evidence", "nothing").ended(3).err
    written = tmp_path / "report.json"
    written.write_text(json.dumps(report().to_dict()))
    among = run("programme", "evidence", "--report", written, "--outcome", "rd_spend").ended(0)
    assert "Place 2 of 3" in among.out
    written.write_text(json.dumps(report(refused=True).to_dict()))
    assert "no effect" in run("programme", "evidence", "--report", written).ended(3).err


def test_growth_is_told_for_tables_and_releases(run, sample_place: Path, tmp_path: Path) -> None:
    out = tmp_path / "growth.json"
    asked = ("programme", "growth", "--scheme", "us-state", "--place", sample_place)
    told = run(*asked, "--outcome", "wages", "--out", out, "--json").ended(0)
    found = json.loads(told.out)
    assert {each["outcome"] for each in found["rows"]} == {"wages"}
    assert json.loads(out.read_text()) == found["rows"]
    assert found["dropped"]["wages"]["plain"]["not known"] > 0
    shown = run(*asked, "--outcome", "establishments", columns=120).ended(0)
    assert "own industry inside" in shown.out
    assert "neighbouring regions" in shown.out
    assert "share a stretch of land border; 2 regions have none" in shown.out
    assert (found["neighbours"]["rule"], found["neighbours"]["pairs"]) == ("borders", 105)
    assert "goes with tables" in run(*asked, "--neighbours", out).ended(2).err
    refused = run("programme", "growth", "--scheme", "nuts-2", "--place", sample_place)
    assert "every cluster has one industry" in refused.ended(3).err.lower()
    table = tmp_path / "few.csv"
    table.write_text("region,industry,year,employment\n01001,336411,2018,x\n")
    bad = run("programme", "growth", table, "--start", 2018, "--end", 2021).ended(2)
    assert "row 2" in bad.err
    assert run("programme", "growth", table).ended(2).err


def test_a_return_is_told_with_its_assumptions_or_refused(run, tmp_path: Path) -> None:
    written, held = tmp_path / "report.json", tmp_path / "held.toml"
    written.write_text(json.dumps(report(2, 0.5, scale=Scale.level, money=False).to_dict()))
    held.write_text(
        'currency = "EUR"\ndiscount_rate = 0\nvalue_per_unit = 1000\n[member]\nfee = 500\n'
        "hours = 10\ncost_of_hour = 50\nkept = 0.5\n[public]\ncost = 100000\n"
        '[[gross]]\nwhat = "jobs reported"\nvalue = 1400\nunit = "jobs"\ngrade = "D"\n'
    )
    asked = ("programme", "return", written, "--assumptions", held)
    told = run(*asked, columns=120).ended(0).out
    for said in ("3.2 (", "4,000 (", "Breaks even", "Gross figures: not additional", "1,400 jobs"):
        assert said in told
    found = json.loads(run(*asked, "--json").ended(0).out)
    assert found["public"]["per_million"]["value"] == 800
    assert found["assumptions"]["member"]["fee"]["value"] == 500
    held.write_text(held.read_text().replace("EUR", "euros"))
    assert "currency" in run(*asked).ended(2).err
    held.write_text(held.read_text().replace("euros", "EUR"))
    written.write_text(json.dumps(report(refused=True).to_dict()))
    assert "nothing follows from it" in run(*asked).ended(3).err
