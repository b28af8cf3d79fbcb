"""What `clusteratlas organisations` prints, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from clusteratlas.organisations import load_demonstration, read_profiles, write_profiles


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    place = tmp_path / "registry.csv"
    write_profiles(place, load_demonstration())
    return place


def test_check_says_what_is_borne_out(ask, registry: Path) -> None:
    out = ask("organisations", "check", registry).ended(0).out
    assert "Imaginary Carpet Town Guild (fictional)" in out
    assert "Entry rules missed: 3 of 6." in out
    assert "At least 0.5 staff work for the organisation (stated: 0.3)." in out
    assert "rule claim-check-1" in out
    assert "US Census Bureau" in out
    for verdict in ("supported", "emerging", "unsupported", "unknown"):
        assert f" {verdict} " in out
    alone = ask("organisations", "check", registry, "--organisation", "demo-07").ended(0).out
    assert "Imaginary Music Row" not in alone
    assert "Organisations: 1." in alone
    missing = ask("organisations", "check", registry, "--organisation", "Nobody").ended(3)
    assert "no organisation of that name" in missing.err


def test_check_for_machines(ask, registry: Path) -> None:
    answer = json.loads(ask("organisations", "check", registry, "--json").ended(0).out)
    first = answer["organisations"][0]
    assert first["may_enter"] is True
    (claim, _) = first["claims"]
    assert (claim["verdict"], claim["best"]["region"]) == ("supported", "33460")
    assert claim["regions"][0]["figures"]["year"] == 2021
    assert claim["regions"][0]["reasons"][0]["code"] == "strong"
    assert len(answer["organisations"]) == 24


def test_check_names_every_fault_and_prints_nothing_else(ask, tmp_path: Path) -> None:
    place = tmp_path / "bad.csv"
    place.write_text("name,regions,kind\nA,us-cbsa:1,chamber\nB,,chambre\nB,,\n")
    answer = ask("organisations", "check", place).ended(2)
    assert answer.out == ""
    assert answer.err.startswith("3 faults in the input; nothing was written.")
    assert "row 3, column kind" in answer.err
    rules = tmp_path / "rules.toml"
    rules.write_text('name = "ours"\n')
    assert "rule" in ask("organisations", "check", place, "--rules", rules).ended(2).err


def test_convert_there_and_back(run, registry: Path, tmp_path: Path) -> None:
    sheet, back = tmp_path / "a.xlsx", tmp_path / "back.csv"
    run("organisations", "convert", registry, sheet).ended(0)
    run("organisations", "convert", sheet, back).ended(0)
    assert back.read_bytes() == registry.read_bytes()
    assert "would replace" in run("organisations", "convert", registry, registry).ended(2).err
    assert "csv, xlsx, json" in run("organisations", "convert", registry, "x.pdf").ended(3).err
    run("organisations", "demonstration", tmp_path / "demo.json").ended(0)
    assert len(read_profiles(tmp_path / "demo.json")) == 24


def test_coverage_lists_the_gaps_first(ask, registry: Path, tmp_path: Path) -> None:
    out = ask("organisations", "coverage", registry, "--limit", 3).ended(0).out
    assert "Overlap in Detroit-Warren-Dearborn, MI" in out
    assert "Without a region: Imaginary Network Without a Base." in out.replace("\n", " ")
    place = tmp_path / "gaps.csv"
    asked = ("organisations", "coverage", registry, "--scheme", "nuts-2", "--gaps")
    printed = ask(*asked, "--csv", "--out", place).ended(0).out
    assert place.read_text() == printed
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert {each["covered"] for each in rows} == {"nobody"}
    answer = json.loads(ask(*asked, "--json").ended(0).out)
    assert (answer["gaps"], len(answer["rows"])) == (len(rows), len(rows))


def test_the_schema_is_printed_whole(run) -> None:
    schema = json.loads(run("organisations", "schema").ended(0).out)
    assert schema["$id"] == "urn:clusteratlas:organisation:1"
