"""An effect from a terminal: told with a grade, refused without a number, checked only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clusteratlas.programmes.demonstration import fictional_panel
from clusteratlas.programmes.effects import EffectReport

DESIGN = (
    "--design", "matched", "--covariate", "log_size", "--covariate", "age",
    "--industry", "industry", "--region", "region",
)  # fmt: skip


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("effect")
    panel, support = fictional_panel()
    pq.write_table(panel, folder / "panel.parquet")
    pacsv.write_csv(support, folder / "treated.csv")
    return str(folder / "panel.parquet"), str(folder / "treated.csv")


def test_an_effect_is_told_after_its_checks_and_written(run, given, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    said = run(
        "programme", "effect", *given, "--outcome", "jobs:business:jobs", "--log", "jobs",
        *DESIGN, "--cost", "EUR:2020", "--out", str(out),
    ).ended(0).out  # fmt: skip
    checks, told = said.index("parallel before the start"), said.index("two-way fixed")
    assert checks < told
    for words in ("Evidence grade B", "year 4", "EUR (prices of 2020) per additional unit (jobs)"):
        assert words in said
    report = EffectReport.from_dict(json.loads(out.read_text()))
    low, high = report.of("jobs").effect().low, report.of("jobs").effect().high
    assert low < 0.05 < high
    assert set(report.data.checksums) == {"panel.parquet", "treated.csv"}


def test_a_refusal_has_no_number_and_ends_with_three(run, given) -> None:
    asked = ("programme", "effect", *given, "--outcome", "exports", "--log", "exports",
             "--money", "exports:EUR", "--cost", "EUR", *DESIGN)  # fmt: skip
    said = run(*asked).ended(3).out
    assert "No effect on exports is told" in said
    assert "year 1" not in said
    written = json.loads(run(*asked, "--json").ended(3).out)
    assert written["outcomes"][0]["estimates"] == []
    assert EffectReport.from_dict(written).refused
    described = run(*asked, "--describe").ended(0).out
    assert "a description and no effect" in " ".join(described.split())
    assert "Evidence grade C" in described
    checked = run(*asked, "--check-only").ended(3).out
    assert "The checks fail" in checked
    both = run(*asked, "--outcome", "jobs", "--log", "jobs", "--check-only", "--json").ended(3).out
    assert not any(each["estimates"] for each in json.loads(both)["outcomes"])


def test_what_cannot_be_read_is_told(run, given) -> None:
    asked = ("programme", "effect", *given)
    assert "jobs:business:jobs" in run(*asked, "--outcome", "jobs:fame").ended(2).err
    assert "no outcome" in run(*asked, "--outcome", "jobs", "--log", "sales").ended(2).err
    for cost in ("EUR:x", "1e:EUR", "5:EUR:2020:1"):
        run(*asked, "--outcome", "jobs", "--cost", cost).ended(2)
    assert "the costs have no currency" in run(*asked, "--outcome", "jobs").ended(2).err
    sales = run(*asked, "--outcome", "sales", "--cost", "EUR").ended(2).err
    assert "column sales: the column is missing" in sales
