"""Multipliers and the shift-share instrument from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.programmes.effects.test_shift_share_instrument import written


def test_a_multiplier_says_gross_and_grade(run, tmp_path: Path) -> None:
    out = run("programme", "multiplier", "336411", "--amount", "2000000").ended(0).out
    assert "Aircraft manufacturing" in out
    assert "grade E" in out
    assert "no effect of a programme" in out
    assert "no proof that anything is additional" in " ".join(out.split())
    told = json.loads(run("programme", "multiplier", "336411=1", "541700=3", "--json").ended(0).out)
    assert told["shares"] == [0.25, 0.75]
    assert told["grade"] == "E"
    quotients = tmp_path / "q.csv"
    quotients.write_text("industry,location_quotient\n336413,0.5\n", encoding="utf-8")
    cut = run("programme", "multiplier", "336411", "--quotients", str(quotients)).ended(0).out
    assert "Location quotients of 401 industries are not known" in " ".join(cut.split())
    assert "say how much is spent on 336411" in " ".join(
        run("programme", "multiplier", "336411", "541700").ended(2).err.split()
    ).replace("│ ", "")
    assert "No industry of the tables" in run("programme", "multiplier", "99").ended(3).err


def test_a_shift_share_instrument_is_told_or_refused(run, tmp_path: Path) -> None:
    jobs, regions = written(tmp_path, 4)
    asked = ("programme", "shift-share", str(jobs), str(regions), "--outcome", "pay")
    out = run(*asked, "--by", "growth", "--before", "before").ended(0).out
    assert "grade B" in out
    assert "Shares do not sum to one" in out
    told = json.loads(run(*asked, "--by", "growth", "--control", "before", "--json").ended(0).out)
    assert told["value"] == pytest.approx(0.8, abs=0.5)
    lines = jobs.read_text(encoding="utf-8").splitlines()
    few = [line for line in lines if line.split(",")[1] in ("industry", "industry-1", "industry-2")]
    jobs.write_text("\n".join(few) + "\n", encoding="utf-8")
    refused = run(*asked, "--by", "growth").ended(3).out
    assert "No effect is told." in refused
    assert "chance lies in the shocks" in " ".join(refused.split())
    assert "column is missing" in run(*asked, "--by", "profit").ended(2).err
