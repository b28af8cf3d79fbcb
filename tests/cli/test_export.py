"""Exported tables are the release's tables, with their provenance, in one step."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from clusteratlas.atlas import Release
from clusteratlas.cli.export import _write_csv
from clusteratlas.tables import CONTRACTS


def test_csv_with_provenance_beside_it(ask, sample_release: Release, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "clusters.csv"
    ask("export", "region_profile", "--to", path, "--scheme", "us-cbsa", "--year", 2021).ended(0)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    profiles = {row.region: row for row in sample_release.region_profiles("us-cbsa", 2021)}
    assert len(rows) == len(profiles)
    for row in rows:
        assert int(row["employment"]) == profiles[row["region"]].employment
    about = json.loads((path.parent / "clusters.csv.source.json").read_text())
    assert about["release"] == sample_release.id
    assert about["only"] == {"scheme": "us-cbsa", "year": 2021}
    assert about["rows"] == len(rows)
    assert {each["publisher"] for each in about["sources"]} >= {"US Census Bureau"}
    assert [each["name"] for each in about["columns"]] == list(rows[0])
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "clusters.csv",
        "clusters.csv.source.json",
    ]


def test_parquet_is_the_table(ask, sample_release: Release, tmp_path: Path) -> None:
    path = tmp_path / "regions.parquet"
    ask("export", "regions", "--to", path).ended(0)
    assert pq.read_table(path).equals(sample_release.table("regions"))
    assert (tmp_path / "regions.parquet.source.json").is_file()


def test_json_holds_its_source(ask, sample_release: Release, tmp_path: Path) -> None:
    path = tmp_path / "groups.json"
    ask("export", "cluster_profile", "--to", path, "--definition", "nace-divisions").ended(0)
    document = json.loads(path.read_text(encoding="utf-8"))
    table = sample_release.table("cluster_profile")
    mine = table.filter(pc.equal(table.column("definition"), "nace-divisions"))
    assert document["data"] == mine.to_pylist()
    assert document["sources"]
    assert document["release"] == sample_release.id


def test_all_tables(ask, sample_release: Release, tmp_path: Path) -> None:
    ask("export", "all", "--to", tmp_path, "--format", "parquet").ended(0)
    for name in CONTRACTS:
        assert (
            pq.read_metadata(tmp_path / f"{name}.parquet").num_rows
            == (sample_release.manifest.rows[name])
        )


@pytest.mark.parametrize(
    "choice", [["--year", "1999"], ["--scheme", "nuts-2", "--year", "2021"]], ids=["year", "both"]
)
def test_nothing_to_write_is_said(ask, tmp_path: Path, choice: list[str]) -> None:
    path = tmp_path / "none.csv"
    ask("export", "regional_clusters", "--to", path, *choice).ended(3)
    assert not list(tmp_path.iterdir())


def test_choosing_by_a_column_that_is_not_there(ask, tmp_path: Path) -> None:
    answer = ask("export", "clusters", "--to", tmp_path / "c.csv", "--year", 2021).ended(3)
    assert "has no column year" in answer.err


def test_formulas_are_defused(tmp_path: Path, sample_release: Release) -> None:
    table = sample_release.table("clusters").slice(0, 3)
    names = ["=HYPERLINK(1)", "-12", "Wood"]
    place = table.column_names.index("name")
    table = table.set_column(place, "name", [names])
    path = tmp_path / "clusters.csv"
    with path.open("wb") as file:
        _write_csv(table, file)
    with path.open(newline="", encoding="utf-8") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["'=HYPERLINK(1)", "-12", "Wood"]
