"""The commands that explain, on small tables."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from typer.testing import CliRunner

from clusteratlas.classification import definition
from clusteratlas.cli.explaining import app

run = CliRunner().invoke


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Forty regions, sixty traded industries, three years."""
    rows = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    chosen = [
        code
        for cluster in ("6", "10", "18", "22")
        for code in [row["industry"] for row in rows if row["cluster"] == cluster][:15]
    ]
    draw = np.random.default_rng(1)
    jobs = np.exp(draw.normal(5.5, 1, (40, len(chosen))))
    found = []
    for year in (2017, 2018, 2021):
        now = np.round(jobs * np.exp(draw.normal(0, 0.1, jobs.shape)))
        found += [
            {"region": f"d{r:02}", "industry": code, "year": year, "employment": now[r, i]}
            for r in range(40)
            for i, code in enumerate(chosen)
        ]
    path = tmp_path_factory.mktemp("explain") / "jobs.csv"
    pacsv.write_csv(pa.Table.from_pylist(found), path)
    return path


def test_growth_prints_and_writes(table, tmp_path):
    out = tmp_path / "growth.json"
    pairs = tmp_path / "near.csv"
    pairs.write_text("region,neighbour\n" + "".join(f"d{r:02},d{r + 1:02}\n" for r in range(39)))
    related = tmp_path / "related.csv"
    related.write_text(
        "a,b,composite,percentile,related,rule\n"
        + "".join(f"{a},{b},1,0.99,true,link\n" for a, b in [(6, 10), (10, 18), (18, 22), (22, 6)])
    )
    told = run(
        app,
        [
            "growth",
            str(table),
            "--start",
            "2018",
            "--end",
            "2021",
            "--lag",
            "2017",
            "--out",
            str(out),
            "--neighbours",
            str(pairs),
            "--related",
            str(related),
        ],
    )
    assert told.exit_code == 0, told.output
    for words in ("Convergence", "Neighbours", "lagged, 250+ jobs then", "40 regions", "Written"):
        assert words in told.stdout
    rows = json.loads(out.read_text())
    assert len(rows) == 7 * 2 + 7 * 4
    assert {row["model"] for row in rows} == {"cluster", "environment"}
    again = tmp_path / "again.json"
    run(
        app,
        [
            "growth",
            str(table),
            "--start",
            "2018",
            "--end",
            "2021",
            "--lag",
            "2017",
            "--out",
            str(again),
            "--neighbours",
            str(pairs),
            "--related",
            str(related),
        ],
    )
    assert again.read_bytes() == out.read_bytes()


def test_growth_refuses_with_reasons(table, tmp_path):
    told = run(app, ["growth", str(table), "--start", "2018", "--end", "2020"])
    assert told.exit_code == 3
    assert "2020" in told.stderr
    told = run(app, ["growth", str(table), "--start", "2018", "--end", "2021", "--out", str(table)])
    assert told.exit_code == 2
    other = tmp_path / "old.csv"
    other.write_text(
        "region,industry,year,employment\n"
        + "".join(f"r,{code},2018,5\n" for code in ("211111", "212231", "454111", "334413"))
    )
    told = run(app, ["growth", str(other), "--start", "2018", "--end", "2021"])
    assert told.exit_code == 2
    assert "naics-2012" in told.stderr
    areas = tmp_path / "areas.csv"
    areas.write_text("region,area\n" + "".join(f"d{r:02},a{r // 2}\n" for r in range(40)))
    told = run(
        app, ["growth", str(table), "--start", "2018", "--end", "2021", "--areas", str(areas)]
    )
    assert told.exit_code == 3
    assert "20 with usable cells" in told.stderr


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    rows = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    codes = sorted(row["industry"] for row in rows if row["cluster"] in ("2", "18", "19"))
    draw = np.random.default_rng(1)
    found = []
    for i, a in enumerate(codes):
        for b in codes[i + 1 :]:
            near = draw.random()
            found.append(
                {"a": a, "b": b, "coagglomeration": near + draw.normal(), "input_output": near}
            )
    path = tmp_path_factory.mktemp("explain") / "pairs.csv"
    pacsv.write_csv(pa.Table.from_pylist(found), path)
    return path


def test_mechanisms_of_all_and_of_one(pairs, tmp_path):
    out = tmp_path / "panel.csv"
    told = run(
        app, ["mechanisms", "--similarities", str(pairs), "--permutations", "19", "--out", str(out)]
    )
    assert told.exit_code == 0, told.output
    assert "all pairs" in told.stdout
    assert "clusters 19" in " ".join(told.stdout.split())
    assert "occupations (not at hand)" in " ".join(told.stdout.split())
    assert pacsv.read_csv(out).num_rows == 3
    told = run(
        app, ["mechanisms", "--similarities", str(pairs), "--cluster", "18", "--permutations", "19"]
    )
    assert told.exit_code == 0, told.output
    assert "Pairs left out" in told.stdout


def test_mechanisms_refuses_with_the_number(pairs):
    told = run(app, ["mechanisms", "--similarities", str(pairs), "--cluster", "19"])
    assert told.exit_code == 3
    assert "too few pairs" in told.stderr
    told = run(app, ["mechanisms", "--similarities", str(pairs), "--cluster", "77"])
    assert told.exit_code == 3
    assert "77" in told.stderr
