"""Every fault of a panel and a treated list is told at once, by unit and period, with a hint."""

import json
from pathlib import Path

import numpy as np
import pytest

from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Costs,
    Design,
    EffectReport,
    Outcome,
    Scale,
    Study,
    evaluate,
    libraries,
)
from clusteratlas.tables import CannotAnswer, ClusterAtlasError, InvalidInput

JOBS = Study(Design.staggered, (Outcome("jobs"),))


def told(study: Study, panel: object, treated: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        evaluate(study, panel, treated)
    assert all(fault.hint for fault in caught.value.faults)
    return str(caught.value)


def panel(**changes: list[object]) -> dict[str, list[object]]:
    """Three firms, three years each."""
    made: dict[str, list[object]] = {
        "unit": [unit for unit in "abc" for _ in range(3)],
        "period": [2014, 2015, 2016] * 3,
        "jobs": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
    }
    return made | changes


def test_cells_of_a_file_are_told_with_row_column_and_value(tmp_path: Path):
    file = tmp_path / "panel.csv"
    file.write_text("unit,period,jobs\na,2014,1\na,2014,x\n,2015,3\nb,2015.5,4\nb,,5\n")
    text = told(JOBS, file, {"unit": ["a"], "from": [2015]})
    for fault in ("row 4, column unit: the unit has no name", "row 5, column period: a period is",
                  "found '2015.5'" if "found '2015.5'" in text else "no whole number",
                  "row 6, column period: the period is missing"):  # fmt: skip
        assert fault in text
    file.write_text("unit,period,jobs\na,2014,1\na,2014,x\na,2016,3\n")
    text = told(JOBS, file, {"unit": ["a"], "from": [2015]})
    assert "no unit has a row for 2015" in text
    file.write_text("unit,period,jobs\na,2014,1\na,2014,x\na,2015,3\n")
    text = told(JOBS, file, {"unit": ["a"], "from": [2015]})
    assert "row 3: unit a has a second row for 2014" in text
    assert "row 3, column jobs: jobs is not a number (found 'x')" in text
    assert "the column is missing" in told(JOBS, {"unit": ["a"]}, {"unit": ["a"], "from": [2015]})
    assert "there is no such file" in told(JOBS, tmp_path / "none.csv", {})
    file.write_bytes(b"\xef\xbb\xbfunit;period;jobs\r\na;2014;1,5\r\n")
    assert "row 2, column jobs: jobs is not a number (found '1,5')" in told(
        JOBS, file, {"unit": ["a"], "from": [2015]}
    )
    file.write_bytes(b"")
    assert "the file is empty" in told(JOBS, file, {"unit": ["a"], "from": [2015]})
    file.write_bytes(b"\xff\xfe\x00")
    assert "no CSV or Parquet" in told(JOBS, file, {}) or "missing" in told(JOBS, file, {})


def test_gaps_are_told_by_unit_and_period_and_after_treatment():
    gaps = panel(jobs=[1.0, 2.0, None, 4.0, 5.0, 6.0, 7.0, None, 9.0])
    gaps = {name: cells[:3] + cells[4:] for name, cells in gaps.items()}
    text = told(JOBS, gaps, {"unit": ["a"], "from": [2016]})
    assert "unit b has no row for 2014" in text
    assert "unit a has no jobs in 2016, after its treatment began" in text
    assert "unit c has no jobs in 2015. Hint" in text
    assert text.startswith("3 faults")


def test_the_treated_list_is_held_against_the_panel():
    paid = {"unit": ["a", "b"], "from": [2015, 2015], "cost": [5.0, None]}
    euros = Study(Design.staggered, (Outcome("jobs"),), costs=Costs("EUR"))
    both = told(euros, panel(jobs=["1", "x", *"2345678"]), paid)
    assert "unit b has no cost" in both
    assert "row 2, column jobs: jobs is not a number" in both
    treated = {
        "unit": ["a", "a", "z", "b", "c", "c2"],
        "from": [2015, 2016, 2015, None, 2030, 2015],
        "role": ["treated", "", "", "", "", "guest"],
        "cost": [1.0, 2.0, -3.0, 4.0, 5.0, None],
    }
    text = told(JOBS, panel(), treated)
    for fault in (
        "unit a is listed twice, first in row 1",
        "unit b has no start",
        "nobody knows this role (found 'guest')",
        "a cost is below zero (found '-3')",
        "the costs have no currency",
    ):
        assert fault in text
    text = told(JOBS, panel(), {"unit": ["c", "z"], "from": [2030, 2015]})
    assert "unit z of the treated list is not in the panel" in text
    assert "unit c starts after the panel's last period 2016 (found '2030')" in text
    assert "no unit of the panel is treated" in told(
        JOBS, panel(), {"unit": ["a"], "from": [2015], "role": ["lost"]}
    )


def test_money_designs_and_logarithms_need_what_they_need():
    money = Study(
        Design.contest,
        (Outcome("jobs", unit="euros", money=True),),
        costs=Costs("euro", total=-1.0),
    )
    text = told(money, panel(), {"unit": ["a"], "from": [2015]})
    assert "an amount of money has no currency (found 'euros')" in text
    assert "the costs have no currency (found 'euro')" in text
    assert "the total cost is not above zero" in text
    for design, fault in (
        (Design.contest, "a contest needs those who lost"),
        (Design.spillover, "needs exposed units"),
        (Design.triple, "needs the region of each unit"),
        (Design.matched, "matching needs something to match on"),
    ):
        study = Study(design, (Outcome("jobs"),), choices=Choices(window=1))
        assert fault in told(study, panel(), {"unit": ["a"], "from": [2015]})
    logs = Study(Design.staggered, (Outcome("jobs", scale=Scale.log),))
    zero = panel(jobs=[0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    assert "unit a has jobs at or below zero in 2014" in told(
        logs, zero, {"unit": ["a"], "from": [2015]}
    )
    cluster = Study(Design.staggered, (Outcome("jobs"),), Columns(cluster="place"))
    assert "column place: the column is missing" in told(cluster, panel(), {})


def test_treated_without_anybody_to_compare_with_are_named(monkeypatch: pytest.MonkeyPatch):
    report = evaluate(JOBS, panel(), {"unit": ["a", "b", "c"], "from": [2016] * 3})
    checks = {each.code: each for each in report.checks}
    assert checks["no_controls"].units == ("a", "b", "c")
    assert checks["no_controls"].periods == (2016,)
    assert {"no_controls", "few_treated"} <= {each.code for each in report.reasons}

    monkeypatch.setitem(__import__("sys").modules, "csdid", None)
    with pytest.raises(CannotAnswer, match=r"pip install 'clusteratlas\[evaluation\]'"):
        libraries.library("csdid")


@pytest.mark.parametrize("seed", range(40))
def test_any_small_panel_is_answered_refused_or_faulted(seed: int):
    """Nothing else comes out: no stack trace, no NaN, no effect beside a failed check."""
    rng = np.random.default_rng([6, seed])
    count, span = int(rng.integers(2, 50)), int(rng.integers(3, 13))
    kept = rng.random(count * span) > rng.choice([0, 0, 0.02])
    known = {
        "unit": np.repeat(np.arange(count), span),
        "period": np.tile(np.arange(2000, 2000 + span), count),
        "jobs": rng.normal(size=count * span) + np.repeat(rng.normal(size=count), span),
        "size": np.repeat(rng.normal(size=count), span),
        "kind": np.repeat(rng.choice(["a", "b", "c"], count), span),
        "region": np.repeat(rng.integers(0, 15, count).astype(str), span),
    }
    chosen = rng.permutation(count)[: int(rng.integers(1, count))]
    starts = rng.integers(2000, 2000 + span, 2)
    listed = {
        "unit": chosen,
        "from": rng.choice(starts, len(chosen)),
        "role": rng.choice(["treated", "lost", "spillover"], len(chosen), p=[0.7, 0.15, 0.15]),
    }
    study = Study(
        list(Design)[seed % len(Design)],
        (Outcome("jobs", scale=list(Scale)[2 * (seed % 2)]),),
        Columns(covariates=("size", "kind"), industry="kind", region="region"),
        Choices(
            window=int(rng.integers(1, 5)),
            anticipation=int(rng.integers(0, 2)),
            keep_balanced=True,
            describe=bool(seed % 3),
        ),
    )
    try:
        report = evaluate(study, {name: cells[kept] for name, cells in known.items()}, listed)
    except ClusterAtlasError:
        return
    written = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert EffectReport.from_dict(written) == report
    for each in report.outcomes:
        assert each.refused == (not each.estimates)
        assert each.refused == bool(each.reasons)
