"""A register of establishments: the same rows on each engine, and one release from either."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clusteratlas.cli import app
from clusteratlas.engine import DuckDBEngine, Engine, count_establishments

ORDER = ["region", "industry", "year"]


def register(seed: int = 4, rows: int = 4_000) -> pa.Table:
    rng = np.random.default_rng(seed)
    jobs = rng.geometric(0.08, rows).astype(object)
    jobs[rng.random(rows) < 0.01] = None
    return pa.table(
        {
            "region": rng.choice(["41001", "41003", "41005", "53033"], rows),
            "industry": rng.choice(["311811", "334413", "541511", "722511"], rows),
            "year": rng.choice(np.array([2020, 2021], dtype=np.int32), rows),
            "jobs": pa.array(jobs, pa.int64()),
        }
    )


def added_up(engine: Engine, **options: Any) -> list[dict[str, Any]]:
    frame = count_establishments(engine.frame(register()), **options)
    return engine.collect(frame, sort=ORDER).to_pylist()


def test_sums_by_hand(engine: Engine) -> None:
    cells: dict[tuple[Any, ...], list[int | None]] = {}
    for row in register().to_pylist():
        cells.setdefault(tuple(row[name] for name in ORDER), []).append(row["jobs"])
    found = {tuple(row[name] for name in ORDER): row for row in added_up(engine)}
    assert found.keys() == cells.keys()
    for key, jobs in cells.items():
        row = found[key]
        known = sum(each for each in jobs if each is not None)
        assert row["establishments"] == len(jobs)
        assert row["employment_low"] == known
        assert row["employment"] == (None if None in jobs else known)
        assert row["status"] == ("withheld" if None in jobs else "reported")


def test_figures_of_few_establishments_are_withheld_and_say_nothing(engine: Engine) -> None:
    found = added_up(engine, least=130)
    few = [row for row in found if row["establishments"] < 130]
    assert few
    assert len(few) < len(found)
    for row in few:
        assert (row["employment"], row["employment_low"], row["status"]) == (None, 0, "withheld")


@pytest.mark.spark
def test_the_release_does_not_depend_on_the_engine(spark_engine: Engine, tmp_path: Path) -> None:
    """The how-to establishments-on-spark, run: one folder for each engine, the same bytes."""
    made = {}
    with DuckDBEngine() as local:
        for name, engine in {"duckdb": local, "spark": spark_engine}.items():
            folder = tmp_path / name
            folder.mkdir()
            frame = count_establishments(engine.frame(register()), least=3)
            jobs = engine.collect(frame, sort=ORDER)
            pq.write_table(jobs.select(jobs.column_names), folder / "jobs.parquet")
            done = CliRunner().invoke(
                app,
                [
                    *("build", str(folder / "jobs.parquet"), "--kind", "own"),
                    *("--classification", "naics-2017", "--scheme", "us-county"),
                    *("--place", str(folder / "atlas")),
                ],
            )
            assert done.exit_code == 0, done.output
            made[name] = {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((folder / "atlas").rglob("*.parquet"))
                if path.name != "provenance.parquet"
            }
    assert made["duckdb"] == made["spark"]
    assert len(made["spark"]) > 5
