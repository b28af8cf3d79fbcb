"""Input-output tables and their codes: the Bureau's workbooks, real flows, broken totals."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from clusteratlas.sources import read_bea_codes, read_input_output
from clusteratlas.tables import BEA_CODES, INPUT_OUTPUT, InvalidInput, check

from .layouts import bea_archive, bea_codes_sheet, bea_sheet, workbook

TITLES = {"1111A0": "Oilseed farming", "115000": "Support activities", "V00100": "Compensation"}
USE = {
    ("1111A0", "1111A0"): 1200.0,
    ("1111A0", "115000"): 30.0,
    ("1111A0", "F01000"): 900.0,
    ("115000", "1111A0"): 450.0,
    ("115000", "115000"): 80.0,
    ("V00100", "1111A0"): 5000.0,
    ("V00100", "115000"): 70.0,
}
MAKE = {("1111A0", "1111A0"): 37922.0, ("1111A0", "115000"): 179.0, ("115000", "115000"): 400.0}
CODES = [
    ("1111A0", "Oilseed farming", "11111-2"),
    ("115000", "Support activities", "115"),
    ("233210", "Health care structures", "23*"),
    ("230301", "Nonresidential maintenance", "23*"),
    ("531HSO", "Owner-occupied housing", "n.a."),
]


def use_sheet() -> list[list[Any]]:
    return bea_sheet(
        USE,
        TITLES,
        "Commodity Description",
        ("T005", "Total Intermediate"),
        ("T001", "Total Intermediate"),
        beyond=("F01000", "V00100"),
    )


def make_sheet() -> list[list[Any]]:
    return bea_sheet(
        MAKE, TITLES, "Industry Description", ("T007", "Total"), ("T008", "Total industry output")
    )


def archive(path: Path) -> Path:
    path.write_bytes(bea_archive(use_sheet(), make_sheet(), bea_codes_sheet(CODES)))
    return path


def flows(rows: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    return {(row["row"], row["column"]): row["value"] for row in rows}


def test_use_and_make_come_out_of_the_archive(tmp_path: Path) -> None:
    path = archive(tmp_path / "AllTablesIO.zip")
    use = read_input_output(path, table="use")
    check(use.rows, INPUT_OUTPUT)
    rows = use.rows.to_pylist()
    assert USE.items() <= flows(rows).items()
    kinds = {(row["row"], row["column"]): (row["row_kind"], row["column_kind"]) for row in rows}
    assert kinds["1111A0", "115000"] == ("commodity", "industry")
    assert kinds["1111A0", "F01000"] == ("commodity", "final use")
    assert kinds["V00100", "1111A0"] == ("value added", "industry")
    assert kinds["T005", "1111A0"] == ("total", "industry")
    assert {row["row_title"] for row in rows} >= {"Oilseed farming", "Compensation"}
    assert {row["year"] for row in rows} == {2017}
    make = read_input_output(path, table="make")
    found = flows(make.rows.to_pylist())
    assert MAKE.items() <= found.items()
    assert found["1111A0", "T008"] == 38101
    assert ("115000", "1111A0") not in found
    assert make.sources[0].source == "bea-make-2017"


def test_the_archive_does_not_say_which_table(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no file of this kind"):
        read_input_output(archive(tmp_path / "AllTablesIO.zip"))


def test_all_faults_of_a_table_are_told(tmp_path: Path) -> None:
    sheet = make_sheet()
    head = next(place for place, row in enumerate(sheet) if row[:1] == ["Code"])
    sheet[head + 1][3] = "many"
    sheet[head + 2][-1] = 9999
    sheet.insert(head + 3, ["115000", "again", 1, 1, 2])
    sheet.insert(head + 4, ["?", "no code", 1, 1, 2])
    path = tmp_path / "IOMake_Before_Redefinitions_2017_Detail.xlsx"
    path.write_bytes(workbook({"2017": sheet}))
    with pytest.raises(InvalidInput) as caught:
        read_input_output(path)
    told = [(fault.row, fault.column, fault.problem) for fault in caught.value.faults]
    assert (head + 2, "115000", "the flow is no number") in told
    assert any("the total is 9,999 and its parts are 400" in problem for _, _, problem in told)
    assert (head + 4, "Code", f"the same code stands already in row {head + 3}") in told
    assert (head + 5, "Code", "a row with figures has no code") in told


def test_years_and_kinds_that_are_not_clear_are_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,1111A0\n1111A0,5\n")
    with pytest.raises(InvalidInput, match="use or a make"):
        read_input_output(path)
    with pytest.raises(InvalidInput, match="year of the table is not known"):
        read_input_output(path, table="use")
    assert read_input_output(path, table="use", year=2017).rows.num_rows == 1
    book = tmp_path / "IOUse_Before_Redefinitions_PRO_2017_Detail.xlsx"
    book.write_bytes(workbook({"Sheet": [["a"]]}))
    with pytest.raises(InvalidInput, match="no sheet holds a table"):
        read_input_output(book)


def test_codes_say_which_side_is_finer(tmp_path: Path) -> None:
    taken = read_bea_codes(archive(tmp_path / "AllTablesIO.zip"))
    check(taken.rows, BEA_CODES)
    rows = taken.rows.to_pylist()
    links = {(row["bea"], row["industry"]): row for row in rows}
    assert links["1111A0", "111110"]["finer"] == "naics"
    assert links["1111A0", "111120"]["industries_of_code"] == 2
    assert links["233210", "236220"]["finer"] == "neither"
    assert links["233210", "236220"]["codes_of_industry"] == 2
    assert not any(row["bea"] == "531HSO" for row in rows)


def test_classes_of_another_vintage_are_named(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(
        "BEA_2017_Detail_Code,BEA_2017_Detail_Name,NAICS_2017_Code\n"
        "1111A0,Oilseed farming,111110\n333999,Machines,888888\n"
    )
    with pytest.raises(InvalidInput) as caught:
        read_bea_codes(path)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.value) == (3, "NAICS_2017_Code", "888888")
    path.write_text("BEA_2017_Detail_Code,Name\n1111A0,Oilseed farming\n")
    with pytest.raises(InvalidInput, match="NAICS_2017_Code is missing"):
        read_bea_codes(path)


@pytest.mark.shared
@pytest.mark.parametrize(("table", "cells"), [("make", 5886), ("use", 53923)])
def test_real_tables_add_up_and_keep_every_flow(figures: Path, table: str, cells: int) -> None:
    path = figures / "us" / f"bea_{table}_detail_2017.parquet"
    taken = read_input_output(path).rows
    assert taken.num_rows == cells
    held = pq.read_table(path)
    total = sum(pc.sum(held[name]).as_py() for name in held.column_names[1:])
    assert pc.sum(taken["value"]).as_py() == total


@pytest.mark.shared
def test_real_flows_come_through_the_workbook(figures: Path, tmp_path: Path) -> None:
    held = pq.read_table(figures / "us" / "bea_make_detail_2017.parquet").to_pylist()[:40]
    columns = [name for name in held[0] if name not in ("commodity_or_industry", "T008")]
    real = {
        (row["commodity_or_industry"], name): row[name]
        for row in held
        for name in columns
        if row[name]
    }
    sheet = bea_sheet(real, {}, "Industry Description", ("T007", "Total"), ("T008", "Total"))
    path = tmp_path / "IOMake_Before_Redefinitions_2017_Detail.xlsx"
    path.write_bytes(workbook({"2017": sheet}))
    found = flows(read_input_output(path).rows.to_pylist())
    assert {key: value for key, value in found.items() if "T00" not in key[0] + key[1]} == real


@pytest.mark.shared
def test_real_codes_have_48_classes_where_the_bureau_is_finer(figures: Path) -> None:
    path = figures / "reference" / "bea_naics_crosswalk_2017.csv.gz"
    rows = read_bea_codes(path).rows.to_pylist()
    shared = {row["industry"] for row in rows if row["codes_of_industry"] > 1}
    assert len(shared) == 48
    assert Counter(row["finer"] for row in rows)["same"] == 194
    with gzip.open(path, "rt") as file:
        direct = {
            (row["BEA_2017_Detail_Code"], row["NAICS_2017_Code"])
            for row in csv.DictReader(file)
            if len(row["NAICS_2017_Code"]) == 6 and row["NAICS_2017_Code"].isdigit()
        }
    assert direct < {(row["bea"], row["industry"]) for row in rows}
