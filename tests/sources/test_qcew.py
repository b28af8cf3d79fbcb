"""The Quarterly Census of Employment and Wages: annual and quarterly files, by file or by area."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from clusteratlas.sources import SourceTable, read_any, read_qcew
from clusteratlas.tables import EMPLOYMENT, CannotAnswer, InvalidInput, check


def _files() -> ModuleType:
    place = Path(__file__).with_name("qcew_files.py")
    spec = importlib.util.spec_from_file_location("qcew_files", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FILES = _files()
NAME = "2016.annual.singlefile.csv"
ROWS = [
    # area, own, industry, level, disclosure, establishments, jobs, wages
    ("US000", "5", "10", "11", "", 9_000, 120_000, 9_000_000_000),
    ("19000", "0", "10", "50", "", 99, 1_500, 90_000_400),
    ("19000", "5", "10", "51", "", 90, 1_200, 80_000_000),
    ("19000", "5", "1012", "53", "", 9, 100, 900_000),
    ("19153", "0", "10", "70", "", 60, 1_000, 60_000_000),
    ("19153", "1", "10", "71", "", 2, 50, 3_000_000),
    ("19153", "5", "10", "71", "", 50, 900, 50_000_000),
    ("19153", "5", "31-33", "74", "", 20, 500, 30_000_000),
    ("19153", "5", "23811", "77", "", 11, 60, 1_000_000),
    ("19153", "5", "238111", "78", "", 6, 35, 600_000),
    ("19153", "5", "238112", "78", "N", 5, 0, 0),
    ("19153", "5", "238121", "78", "", 3, 10, 100_000),
    ("19153", "5", "238122", "78", "", 2, 8, 90_000),
    ("19153", "5", "238132", "78", "N", 2, 0, 0),
    ("19153", "5", "334413", "78", "N", 2, 0, 0),
    ("19999", "5", "10", "71", "", 4, 30, 900_000),
    ("C1978", "5", "10", "41", "", 60, 1_100, 55_000_000),
    ("CS218", "5", "10", "31", "", 70, 1_300, 60_000_000),
    ("USCMS", "5", "10", "21", "", 7_000, 90_000, 5_000_000_000),
    ("72001", "5", "10", "71", "", 4, 30, 900_000),
]


def cells(table: SourceTable, **wanted: str) -> dict[tuple[str, ...], tuple[object, ...]]:
    return {
        (row["region"], row["industry"]): (
            row["employment"], row["establishments"], row["payroll"], row["status"],
        )
        for row in table.employment.to_pylist()
        if all(row[name] == value for name, value in wanted.items())
    }  # fmt: skip


@pytest.mark.parametrize("name", [NAME, "2016.annual.singlefile.zip"])
def test_annual_single_file(name: str, tmp_path: Path) -> None:
    table = read_any(FILES.write_annual(tmp_path / name, ROWS))
    check(table.employment, EMPLOYMENT)
    assert (table.classification, table.base_scheme) == ("naics-2012", "us-county")
    assert [source.source for source in table.sources] == [
        "qcew-2016-federal", "qcew-2016-private", "qcew-2016-total",
    ]  # fmt: skip
    private = cells(table, source="qcew-2016-private")
    assert private == {
        ("US", "00"): (120_000, 9_000, 9_000_000, "reported"),
        ("19", "00"): (1_200, 90, 80_000, "reported"),
        ("19780", "00"): (1_100, 60, 55_000, "reported"),
        ("19153", "00"): (900, 50, 50_000, "reported"),
        ("19153", "31-33"): (500, 20, 30_000, "reported"),
        ("19153", "23811"): (60, 11, 1_000, "reported"),
        ("19153", "238110"): (60, 11, 1_000, "reported"),
        ("19153", "238120"): (18, 5, 190, "reported"),
        ("19153", "238130"): (None, 2, None, "withheld"),
        ("19153", "334413"): (None, 2, None, "withheld"),
    }
    total = cells(table, source="qcew-2016-total")
    assert total[("19", "00")] == (1_500, 99, 90_000, "reported")
    assert table.statewide is not None
    check(table.statewide, EMPLOYMENT)
    assert [(row["region"], row["employment"]) for row in table.statewide.to_pylist()] == [
        ("19999", 30)
    ]


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    covers = read_qcew(FILES.write_annual(tmp_path / NAME, ROWS)).sources[0].covers
    assert "3 rows of supersectors, domains and size classes are left out" in covers
    assert "2 rows of combined areas and groups of areas are left out" in covers
    assert "1 rows of Puerto Rico and other territories are left out" in covers


def test_single_ownerships(tmp_path: Path) -> None:
    path = FILES.write_annual(tmp_path / NAME, ROWS)
    table = read_any(path, ownerships=("total",))
    assert [source.source for source in table.sources] == ["qcew-2016-total"]
    with pytest.raises(CannotAnswer, match="no such ownership"):
        read_qcew(path, ownerships=("church",))
    with pytest.raises(InvalidInput, match="no row of these ownerships"):
        read_qcew(path, ownerships=("local",))


QUARTER = [
    ("19153", "5", "10", "71", "", 50, (900, 901, 903), 12_000_000),
    ("19153", "5", "334413", "78", "N", 2, (0, 0, 0), 0),
]


def test_quarter_of_one_area(tmp_path: Path) -> None:
    path = FILES.write_area(tmp_path / "2016.q1-q1 19153.csv", QUARTER)
    table = read_any(path)
    assert [source.source for source in table.sources] == ["qcew-2016q1-private"]
    # (900 + 901 + 903) / 3 = 901.33
    assert cells(table)[("19153", "00")] == (901, 50, 12_000, "reported")
    assert cells(read_qcew(path, mean=False))[("19153", "00")][0] == 903
    assert "first quarter" in table.sources[0].title


def test_vintages_of_the_agency(tmp_path: Path) -> None:
    rows = [("19153", "5", "334413", "78", "", 2, 9, 900)]
    for year, vintage in ((2008, "naics-2007"), (2011, "naics-2012"), (2017, "naics-2017")):
        path = FILES.write_annual(tmp_path / f"{year}.csv", rows, year)
        assert read_qcew(path).classification == vintage
    with pytest.raises(InvalidInput, match="no NAICS at hand for the year 2022"):
        read_qcew(FILES.write_annual(tmp_path / "2022.csv", rows, 2022))


def faults(place: Path, rows: list[tuple[object, ...]]) -> InvalidInput:
    path = FILES.write_annual(place / NAME, rows)
    with pytest.raises(InvalidInput) as caught:
        read_qcew(path)
    assert {fault.file for fault in caught.value.faults} == {str(path)}
    assert all(fault.hint for fault in caught.value.faults)
    return caught.value


def test_children_above_their_parent(tmp_path: Path) -> None:
    rows = [
        ("19153", "5", "33441", "77", "", 3, 100, 9),
        ("19153", "5", "334412", "78", "", 1, 60, 9),
        ("19153", "5", "334413", "78", "", 2, 42, 9),
    ]
    (fault,) = faults(tmp_path, rows).faults
    assert (fault.row, fault.column, fault.value) == (2, "annual_avg_emplvl", "100")
    assert fault.problem == (
        "the industries under 33441 in 19153 sum to 102 jobs in 2016, and the whole has 100"
    )


def test_rounding_is_allowed(tmp_path: Path) -> None:
    rows = [
        ("19153", "5", "33441", "77", "", 3, 100, 9),
        ("19153", "5", "334412", "78", "", 1, 60, 9),
        ("19153", "5", "334413", "78", "", 2, 41, 9),
    ]
    assert read_qcew(FILES.write_annual(tmp_path / NAME, rows)).employment.num_rows == 3


def test_counties_above_their_state(tmp_path: Path) -> None:
    rows = [
        ("19000", "5", "10", "51", "", 30, 1_000, 9),
        ("19153", "5", "10", "71", "", 20, 900, 9),
        ("19999", "5", "10", "71", "", 9, 200, 9),
    ]
    (fault,) = faults(tmp_path, rows).faults
    assert (fault.row, fault.value) == (2, "1000")
    assert "industry 00 in the parts of 19 sum to 1,100 jobs in 2016" in fault.problem


def test_a_parent_without_children(tmp_path: Path) -> None:
    rows = [
        ("19153", "5", "33441", "77", "", 3, 100, 9),
        ("19153", "5", "33451", "77", "", 3, 100, 9),
        ("19153", "5", "334511", "78", "", 3, 100, 9),
    ]
    (fault,) = faults(tmp_path, rows).faults
    assert (fault.row, fault.column, fault.value) == (2, "industry_code", "33441")
    assert "no row of the industries beneath it (334412, 334413" in fault.problem


def test_a_county_in_no_state_and_an_unknown_area(tmp_path: Path) -> None:
    rows = [
        ("99001", "5", "10", "71", "", 3, 100, 9),
        ("1915", "5", "10", "71", "", 3, 100, 9),
    ]
    error = faults(tmp_path, rows)
    assert [(f.row, f.column, f.value) for f in error.faults] == [(3, "area_fips", "1915")]
    assert "lies in no state" in str(faults(tmp_path, rows[:1]))


def test_negative_and_fractional_counts(tmp_path: Path) -> None:
    rows = [
        ("19153", "5", "10", "71", "", 3, -100, 9),
        ("19155", "5", "10", "71", "", 3.25, 100, 9),
    ]
    error = faults(tmp_path, rows)
    assert [(f.row, f.value) for f in error.faults] == [(2, "-100"), (3, "3.25")]
    assert "is negative" in str(error)
    assert "is not a whole number" in str(error)


def test_unknown_letters_and_quarters(tmp_path: Path) -> None:
    path = FILES.write_annual(tmp_path / NAME, [("19153", "7", "10", "71", "X", 3, 1, 9)])
    path.write_text(path.read_text().replace('"A"', '"2"'))
    with pytest.raises(InvalidInput) as caught:
        read_qcew(path)
    assert {(f.column, f.value) for f in caught.value.faults} == {
        ("own_code", "7"), ("disclosure_code", "X"), ("qtr", "2"),
    }  # fmt: skip


def test_ragged_rows_blank_lines_and_a_cut_end(tmp_path: Path) -> None:
    path = FILES.write_annual(tmp_path / NAME, ROWS[4:8])
    lines = path.read_text().splitlines()
    lines[2:2] = [""]
    lines[4] = '"19153","5"'
    lines.append(lines[1].replace("1000", "-1"))
    path.write_text("\n".join(lines))
    with pytest.raises(InvalidInput) as caught:
        read_qcew(path)
    told = [(fault.row, fault.problem) for fault in caught.value.faults]
    assert told[:2] == [
        (5, "the row has 2 cells and the header 17"),
        (7, "the file ends in the middle of a row, without a line end"),
    ]
    assert told[2][0] == 7


def test_a_missing_column(tmp_path: Path) -> None:
    path = FILES.write_annual(tmp_path / NAME, ROWS[4:8])
    path.write_text(path.read_text().replace("annual_avg_emplvl", "jobs", 1))
    with pytest.raises(InvalidInput, match="column annual_avg_emplvl is missing"):
        read_qcew(path)


def test_damaged_files(tmp_path: Path) -> None:
    whole = FILES.write_annual(tmp_path / "2016.annual.singlefile.zip", ROWS).read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidInput, match="zip archive is cut short or damaged"):
        read_qcew(path)
    path = tmp_path / "latin.csv"
    FILES.write_annual(path, ROWS)
    path.write_bytes(path.read_bytes().replace(b"31-33", b"31\xe933"))
    with pytest.raises(InvalidInput, match="not UTF-8"):
        read_qcew(path)
    path.write_bytes(b"")
    with pytest.raises(InvalidInput, match="the file is empty"):
        read_qcew(path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_qcew(tmp_path / "none.csv")


def test_duplicates(tmp_path: Path) -> None:
    rows = [ROWS[6], ROWS[6]]
    (fault,) = faults(tmp_path, rows).faults
    assert fault.row == 3
    assert "stands already in row 2" in fault.problem


@pytest.mark.shared
def test_iowa_in_the_official_layout(figures: Path, tmp_path: Path) -> None:
    # The agency's file rounds annual averages; a row withheld in any quarter has N.
    question = f"""
        select area_fips, own, industry, cast(agglvl as varchar),
               case when nq_supp > 0 or emp is null then 'N' else '' end,
               cast(round(coalesce(estabs, 0)) as bigint),
               case when nq_supp > 0 or emp is null then 0 else cast(round(emp) as bigint) end,
               case when nq_supp > 0 or emp is null then 0 else cast(wages as bigint) end
        from '{figures}/us/qcew2016_dev_states.parquet' where area_fips like '19%'
    """
    rows = duckdb.sql(question).fetchall()
    path = FILES.write_annual(tmp_path / "2016.annual.singlefile.zip", rows)
    table = read_qcew(path, ownerships=("private",))
    check(table.employment, EMPLOYMENT)
    given = {
        (row[0], row[2]): row
        for row in rows
        if row[1] == "5" and not row[2].startswith("10") and not row[2].startswith("238")
    }
    read = [*table.employment.to_pylist(), *(table.statewide or table.employment[:0]).to_pylist()]
    seen = 0
    for row in read:
        area = row["region"] if row["scheme"] == "us-county" else f"{row['region']}000"
        if (area, row["industry"]) not in given:
            continue
        seen += 1
        _, _, _, _, withheld, units, jobs, _ = given[(area, row["industry"])]
        assert row["status"] == ("withheld" if withheld else "reported")
        assert row["employment"] == (None if withheld else jobs)
        assert row["establishments"] == units
    assert seen == len(given)
    trades = {row["industry"] for row in read if row["industry"].startswith("238")}
    assert all(not code.endswith(("1", "2")) for code in trades if len(code) == 6)
