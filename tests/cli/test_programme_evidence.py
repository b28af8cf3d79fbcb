"""The commands on published effects, growth and returns."""

from __future__ import annotations

import json
from pathlib import Path

from tests.programmes.evidence.reports import report


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
    assert run("programme", "evidence", "nothing").ended(3).err
    written = tmp_path / "report.json"
    written.write_text(json.dumps(report().to_dict()))
    among = run("programme", "evidence", "--report", written, "--outcome", "rd_spend").ended(0)
    assert "Place 2 of 3" in among.out
    written.write_text(json.dumps(report(refused=True).to_dict()))
    assert "no effect" in run("programme", "evidence", "--report", written).ended(3).err
