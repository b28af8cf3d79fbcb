"""A user's own figures, and files whose kind the header tells."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clusteratlas.sources import Source, read_any, read_own_table
from clusteratlas.tables import EMPLOYMENT, CannotAnswer, InvalidInput, check

TOWN = Source("jobs", "Town", "Register", None, None, None, "open", "All.", "jobs", "EUR 1,000")


def read(place: Path, content: str) -> list[tuple[object, ...]]:
    path = place / "jobs.csv"
    path.write_text(content)
    table = read_own_table(path, classification="nace-2", scheme="district", source=TOWN)
    check(table.employment, EMPLOYMENT)
    assert (table.base_scheme, table.sources, table.regions) == ("district", (TOWN,), None)
    names = ("region", "employment", "employment_low", "employment_high", "status")
    return [tuple(row[name] for name in names) for row in table.employment.to_pylist()]


def test_four_columns_are_enough(tmp_path: Path) -> None:
    rows = read(
        tmp_path, "region,industry,year,employment\nb,C10,2024,12\na,C10,2024,\nc,C10,2024,0\n"
    )
    assert rows == [
        ("a", None, 0, None, "withheld"),
        ("b", 12, 12, 12, "reported"),
        ("c", 0, 0, 0, "reported"),
    ]


def test_status_low_and_high(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "region,industry,year,employment,employment_low,employment_high,establishments,status\n"
        "a,C10,2024,12,10,20,3,estimated\n"
        "b,C10,2024,12,10,20,3,\n"
        "c,C10,2024,,5,9,3,withheld\n"
        "d,C10,2024,,,,,unpublished\n"
        "e,C10,2024,0,,,3,reported\n",
    )
    assert rows == [
        ("a", 12, 10, 20, "estimated"),
        ("b", 12, 10, 20, "estimated"),
        ("c", None, 5, 9, "withheld"),
        ("d", None, None, None, "unpublished"),
        ("e", None, 0, None, "withheld"),
    ]


def test_parquet_and_recognition(tmp_path: Path) -> None:
    path = tmp_path / "jobs.parquet"
    pq.write_table(
        pa.table(
            {"Region": ["AT11"], "Industry": ["C10"], "Year": [2024], "Employment": [None]},
            schema=pa.schema(
                {
                    "Region": pa.string(),
                    "Industry": pa.string(),
                    "Year": pa.int32(),
                    "Employment": pa.float64(),
                }
            ),
        ),
        path,
    )
    table = read_any(path, classification="nace-2", scheme="nuts-2", source=TOWN)
    assert table.employment["status"].to_pylist() == ["withheld"]


def test_unknown_classification(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("region,industry,year,employment\na,C10,2024,1\n")
    with pytest.raises(CannotAnswer):
        read_own_table(path, classification="nace-9", scheme="district", source=TOWN)


def test_another_source_or_scheme_than_said(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("scheme,source,region,industry,year,employment\nx,y,a,C10,2024,1\n")
    with pytest.raises(InvalidInput) as caught:
        read_own_table(path, classification="nace-2", scheme="district", source=TOWN)
    assert [(f.row, f.column, f.value) for f in caught.value.faults] == [
        (2, "scheme", "x"),
        (2, "source", "y"),
    ]
