"""`complete` and `completion validate`: the file that comes out, and what is refused."""

from __future__ import annotations

import errno
import json
import os
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from tests.completion.plants import country

import clusteratlas.completion
from clusteratlas.completion import COMPLETED

TABLE = """\
region,industry,year,establishments,employment
06001,31-33,2020,10,500
06001,311,2020,6,380
06001,312,2020,4,
"""


@pytest.fixture
def csv_table(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def parquet_table(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.parquet"
    pq.write_table(country(1, states=2, counties=20).table, path)
    return path


def left_behind(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_csv_is_completed_and_accounted_for(run, csv_table: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "done.parquet"
    answer = run("complete", csv_table, "--out", out).ended(0)
    completed = pq.read_table(out)
    assert completed.schema.equals(COMPLETED)
    assert completed.column("employment").to_pylist() == pytest.approx([500, 380, 120], abs=0.05)
    assert completed.column("status").to_pylist() == ["reported", "reported", "estimated"]
    lines = {" ".join(line.split()) for line in answer.out.splitlines()}
    assert {
        "Rows given 3",
        "Reported 2",
        "Estimated 1",
        "Found absent 0",
        "Still withheld 0",
        "Jobs reported 76.0%",
        f"Written: {out}",
    } <= lines
    assert left_behind(out.parent) == {"done.parquet"}


def test_parquet_in_and_csv_out(run, parquet_table: Path, tmp_path: Path) -> None:
    once, again = tmp_path / "a.parquet", tmp_path / "b.parquet"
    run("complete", parquet_table, "--out", once).ended(0)
    run("complete", parquet_table, "--out", again).ended(0)
    assert once.read_bytes() == again.read_bytes(), "the same table gives the same bytes"
    text = tmp_path / "c.csv"
    run("complete", parquet_table, "--out", text).ended(0)
    codes = pacsv.ConvertOptions(column_types={"region": pa.string(), "industry": pa.string()})
    read = pacsv.read_csv(text, convert_options=codes)
    assert read.num_rows == pq.read_table(once).num_rows
    assert read.column("region").to_pylist() == pq.read_table(once).column("region").to_pylist()


def test_the_table_itself_is_never_replaced(run, csv_table: Path, tmp_path: Path) -> None:
    before = csv_table.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(csv_table)
    for out in (csv_table, link, tmp_path / "." / "jobs.csv"):
        assert "change --out" in run("complete", csv_table, "--out", out).ended(2).err
    assert csv_table.read_bytes() == before


def test_other_endings_are_refused(run, csv_table: Path, tmp_path: Path) -> None:
    run("complete", csv_table, "--out", tmp_path / "done.xlsx").ended(2)
    run("complete", csv_table).ended(2)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (TABLE + "06001,313,2020,x,many\n", ["row 5", "establishments", "employment", "many"]),
        (TABLE + "06001,313,2020,-1,5\n", ["row 5", "establishments", "-1"]),
        (TABLE + "06001,313,20x0,1,5\n", ["row 5", "year", "20x0"]),
        (TABLE + "06001,313,2020,1,500\n", ["31-33", "880", "500"]),
        (TABLE + "06001,31", ["row 5", "2 cells", "5"]),
        ("region,industry,year\n06001,11,2020\n", ["establishments", "employment"]),
        (TABLE + "06001,311,2020,6,380\n", ["row 5", "row 3"]),
        ("", ["jobs.csv"]),
        ("PAR1 and then nothing", ["cannot be read"]),
    ],
)
def test_faults_name_file_row_column_value(
    run, tmp_path: Path, text: str, parts: list[str]
) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(text)
    out = tmp_path / "out.parquet"
    err = run("complete", path, "--out", out).ended(2).err
    for part in ("jobs.csv", "nothing was written", *parts):
        assert part in err, err
    assert not out.exists()


def test_a_parquet_file_cut_in_the_middle(run, parquet_table: Path, tmp_path: Path) -> None:
    whole = parquet_table.read_bytes()
    parquet_table.write_bytes(whole[: len(whole) // 2])
    err = run("complete", parquet_table, "--out", tmp_path / "out.parquet").ended(2).err
    assert "jobs.parquet" in err
    assert "cut off" in err


def test_no_such_file(run, tmp_path: Path) -> None:
    assert "no such file" in run("complete", tmp_path / "no.csv", "--out", "o.parquet").ended(2).err
    assert "folder" in run("complete", tmp_path, "--out", tmp_path / "o.parquet").ended(2).err


def test_a_full_disk_leaves_nothing_half_written(
    run, csv_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(b"what was there")

    def full(table: pa.Table, file, **options: object) -> None:
        file.write(b"PAR1 half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pq, "write_table", full)
    assert "No space left" in run("complete", csv_table, "--out", out).ended(4).err
    assert out.read_bytes() == b"what was there"
    assert left_behind(tmp_path) == {"jobs.csv", "out.parquet"}


def test_ctrl_c_leaves_nothing_half_written(
    run, csv_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(table: pa.Table, file, **options: object) -> None:
        file.write(b"PAR1 half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(pq, "write_table", stopped)
    run("complete", csv_table, "--out", tmp_path / "out.parquet").ended(130)
    assert left_behind(tmp_path) == {"jobs.csv"}


def test_long_work_tells_its_stage(
    run, csv_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = clusteratlas.completion.complete_table

    def slow(table: pa.Table, *, tell, **options: object) -> pa.Table:
        tell("completing 2020", 0.3)
        time.sleep(2.3)
        return done(table, **options)

    monkeypatch.setattr(clusteratlas.completion, "complete_table", slow)
    err = run("complete", csv_table, "--out", tmp_path / "out.parquet").ended(0).err
    assert "completing 2020" in err
    assert "% done" in err


def test_validate_prints_and_writes_its_tables(run, parquet_table: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    out = run("completion", "validate", parquet_table, "--masks", 2, "--out", report).ended(0).out
    for part in ("What was hidden", "Wrong decisions", "Intervals by level", "strong", "Written"):
        assert part in out
    (found,) = json.loads(report.read_text()).values()
    assert len(found["masks"]["rows"]) == 2
    assert [row["mask"] for row in found["masks"]["rows"]] == [101, 102]
    assert {row["group"] for row in found["intervals-by-level"]["rows"]} >= {"6"}
    text = tmp_path / "report.md"
    run("completion", "validate", parquet_table, "--seed", 7, "--out", text).ended(0)
    assert "| 2020 | 7 |" in text.read_text()
    assert left_behind(tmp_path) == {"jobs.parquet", "report.json", "report.md"}


def test_validate_tells_the_faults_of_all_files(run, csv_table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(TABLE + "06001,313,2020,1,500\n")
    csv_table.write_text(TABLE + "06001,313,2020,-1,5\n")
    err = run("completion", "validate", csv_table, tmp_path / "no.csv").ended(2).err
    assert "jobs.csv" in err
    assert "no.csv" in err
    assert "contradict" in run("completion", "validate", other).ended(3).err
    csv_table.write_text(TABLE.replace("312,2020,4,", "312,2020,4,120"))
    assert "pattern" in run("completion", "validate", csv_table).ended(3).err
    run("completion", "validate", csv_table, "--out", csv_table).ended(2)
    run("completion", "validate").ended(2)
