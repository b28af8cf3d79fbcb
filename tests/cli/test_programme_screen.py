"""What `clusteratlas programme` says of applicants and of where to fund next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def applicants(run, tmp_path: Path) -> Path:
    place = tmp_path / "applicants.json"
    run("programme", "example-applicants", place).ended(0)
    return place


def test_screen_chooses_and_says_what_it_depends_on(ask, applicants: Path, tmp_path: Path) -> None:
    asked = ("programme", "screen", applicants, "--on", "2026-06-01")
    out = ask(*asked, "--budget", "5000000:EUR", "--first", 4).ended(0).out
    assert "13 (6 ready, 1 nearly ready, 3 not ready, 3 cannot be told)" in out
    assert "nearly ready: lacks" in out
    assert "Chosen: 4" in out
    assert "of 5,000,000 EUR." in out
    assert "asks for money of another currency" not in out
    assert "rule claim-check-1" in out
    found = json.loads(ask(*asked, "--first", 3, "--json").ended(0).out)
    assert found["criteria"]["name"] == "readiness-1"
    assert len(found["choice"]["picks"]) == 3
    assert found["choice"]["spent"] is None
    assert found["sensitivity"]["flips"]
    first = found["applicants"][0]["criteria"][0]
    assert {"value", "low", "high", "threshold", "unit", "year", "source", "sentence"} <= set(first)
    assert json.loads(ask(*asked, "--json").ended(0).out)["choice"] is None
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\nversion = 1\n[[criterion]]\nname = "x"\n', encoding="utf-8")
    wrong = ask(*asked, "--criteria", own).ended(2)
    assert "criterion.0.measure" in wrong.err
    for amount in ("5000000", "5:XXY", "-3:EUR", "5:EUR:2020:1"):
        assert "amount with its currency" in ask(*asked, "--budget", amount).ended(2).err
    assert "--budget or --first" in ask(*asked, "--per-region", 1).ended(2).err


def test_fund_next(ask, applicants: Path) -> None:
    asked = ("programme", "fund-next", applicants, "--scheme", "us-cbsa", "--limit", 2)
    out = ask(*asked).ended(0).out
    assert "Strong, and organised by nobody:" in out
    assert "US Census Bureau" in out
    found = json.loads(ask(*asked, "--json").ended(0).out)
    assert found["counts"]["no_organisation"] > 2
    assert [each["rank"] for each in found["rows"] if each["gap"] == "no_organisation"] == [1, 2]
    lines = ask(*asked, "--csv").ended(0).out.splitlines()
    assert lines[0].startswith("gap,rank,scheme,region")
