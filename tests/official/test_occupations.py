"""OEWS: marks, combined codes, area types, vintages and everything that can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from clusteratlas.sources import read_industry_occupations, read_regional_occupations
from clusteratlas.tables import INDUSTRY_OCCUPATIONS, REGIONAL_OCCUPATIONS, InvalidInput, check

from .layouts import INDUSTRY, OEWS_COLUMNS, oews_area, oews_industry, oews_workbook

METALS = "Fabricated Metal Product Manufacturing (3321, 3322, 3325, 3326, and 3329 only)"


def industry(code: str, occupation: str, jobs: Any, **more: Any) -> dict[str, Any]:
    title = {"3320A1": METALS, "327000": "Nonmetallic Mineral Products"}.get(
        code, f"Industry {code}"
    )
    return {
        "NAICS": code,
        "NAICS_TITLE": title,
        "OCC_CODE": occupation,
        "OCC_TITLE": f"Occupation {occupation}",
        "TOT_EMP": jobs,
        **more,
    }


def area(code: str, title: str, occupation: str, jobs: Any, **more: Any) -> dict[str, Any]:
    return {
        "AREA": code,
        "AREA_TITLE": title,
        "OCC_CODE": occupation,
        "OCC_TITLE": f"Occupation {occupation}",
        "TOT_EMP": jobs,
        **more,
    }


def faults(error: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[Any, str, str]]:
    return [(fault.row, fault.column, fault.problem) for fault in error.value.faults]


def test_industries_keep_their_codes_marks_and_coverage(tmp_path: Path) -> None:
    path = tmp_path / "oesm25in4.zip"
    rows = [
        industry("3320A1", "51-4121", 41230),
        industry("3320A1", "11-1011", "**", EMP_PRSE="**", PCT_TOTAL="**", A_MEAN="#"),
        industry("332700", "27-2011", 30, A_MEAN="*"),
        industry("327000", "51-4121", 900),
        industry("327000", "51-4121", 900, I_GROUP="3-digit"),
    ]
    path.write_bytes(oews_industry(2025, rows))
    taken = read_industry_occupations(path)
    check(taken.rows, INDUSTRY_OCCUPATIONS)
    found = {(row["industry"], row["occupation"]): row for row in taken.rows.to_pylist()}
    assert len(found) == taken.rows.num_rows == 4
    welders = found["3320A1", "51-4121"]
    assert welders["employment"] == 41230
    assert welders["covers"] == "3321 3322 3325 3326 3329"
    assert welders["share_of_industry"] == pytest.approx(0.015)
    assert (welders["classification"], welders["year"]) == ("naics-2022", 2025)
    chiefs = found["3320A1", "11-1011"]
    assert (chiefs["employment"], chiefs["status"]) == (None, "withheld")
    assert (chiefs["mean_annual_wage"], chiefs["wage_note"]) == (None, "top-coded")
    assert found["332700", "27-2011"]["wage_note"] == "not available"
    assert found["332700", "27-2011"]["covers"] is None
    assert taken.sources[0].source == "oews-industry-2025"


def test_the_same_cell_with_other_figures_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "oesm25in4.zip"
    rows = [
        industry("327000", "51-4121", 900),
        industry("327000", "51-4121", 901, I_GROUP="3-digit"),
        industry("332700", "51-4121", 5),
        industry("332700", "51-4121", 5),
    ]
    path.write_bytes(oews_industry(2025, rows))
    with pytest.raises(InvalidInput) as caught:
        read_industry_occupations(path)
    told = [fault.value for fault in caught.value.faults]
    assert any("900 and 901" in value for value in told)
    assert any("332700" in value for value in told)


def test_areas_are_placed_in_their_schemes(tmp_path: Path) -> None:
    path = tmp_path / "oesm25ma.zip"
    rows = [
        area("10180", "Abilene, TX", "11-0000", 5470, LOC_QUOTIENT=1.02),
        area("17410", "Cleveland, OH", "11-0000", 60000),
        area("0100001", "Northwest Alabama", "11-0000", "**", AREA_TYPE=6, LOC_QUOTIENT="**"),
        area("99", "U.S.", "00-0000", 155_495_730, AREA_TYPE=1),
        area("6", "California", "00-0000", 18_000_000, AREA_TYPE=2),
        area("72", "Puerto Rico", "00-0000", 900_000, AREA_TYPE=3),
    ]
    path.write_bytes(oews_area(2025, rows))
    taken = read_regional_occupations(path)
    check(taken.rows, REGIONAL_OCCUPATIONS)
    places = {(row["scheme"], row["region"]): row for row in taken.rows.to_pylist()}
    assert set(places) == {
        ("us-cbsa", "10180"),
        ("oews-metro", "17410"),
        ("oews-nonmetro", "0100001"),
        ("us-nation", "US"),
        ("us-state", "06"),
        ("us-territory", "72"),
    }
    assert places["us-cbsa", "10180"]["location_quotient"] == 1.02
    hidden = places["oews-nonmetro", "0100001"]
    assert (hidden["employment"], hidden["location_quotient"]) == (None, None)
    assert hidden["status"] == "withheld"
    assert "17410 Cleveland" in taken.sources[0].covers


def test_a_workbook_alone_and_a_text_give_the_same(tmp_path: Path) -> None:
    rows = [industry("3320A1", "51-4121", 41230), industry("332700", "27-2011", "**")]
    book = tmp_path / "nat4d_M2024_dl.xlsx"
    book.write_bytes(oews_workbook(rows, INDUSTRY))
    full = [{**dict.fromkeys(OEWS_COLUMNS, ""), **INDUSTRY, **row} for row in rows]
    text = tmp_path / "nat4d_M2024_dl.csv"
    lines = [",".join(f'"{row[name]}"' for name in OEWS_COLUMNS) for row in full]
    text.write_text("\n".join([",".join(OEWS_COLUMNS), *lines, ""]))
    assert read_industry_occupations(book).rows == read_industry_occupations(text).rows


def test_all_faults_of_all_workbooks_are_told(tmp_path: Path) -> None:
    path = tmp_path / "MSA_M2025_dl.xlsx"
    rows = [
        area("10180", "Abilene, TX", "11-0000", -4),
        area("10180", "Abilene, TX", "manager", 4.5),
        area("1018X", "", "11-1021", ""),
        area("10180", "Abilene, TX", "11-1031", "many", AREA_TYPE=5, LOC_QUOTIENT="high"),
    ]
    path.write_bytes(oews_workbook(rows, {"AREA_TYPE": 4}))
    with pytest.raises(InvalidInput) as caught:
        read_regional_occupations(path)
    told = faults(caught)
    assert (2, "TOT_EMP", "TOT_EMP is neither a figure nor a mark of the Bureau") in told
    assert (
        3,
        "OCC_CODE",
        "the occupation is no code of the Standard Occupational Classification",
    ) in told
    assert (3, "TOT_EMP", "employment is not a whole number") in told
    assert (4, "AREA_TITLE", "AREA_TITLE is empty") in told
    assert (4, "AREA", "the area is no code of digits") in told
    assert (4, "TOT_EMP", "TOT_EMP is empty") in told
    assert (5, "AREA_TYPE", "the type of area is not known") in told
    assert (5, "LOC_QUOTIENT", "LOC_QUOTIENT is neither a figure nor a mark of the Bureau") in told


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("oesm25in4.zip", b"PK\x03\x04 cut", "cut short or damaged"),
        ("oesm25in4.zip", b"", "empty"),
        ("nat4d_M2025_dl.xlsx", b"\xd0\xcf\x11\xe0 old", "cut short or damaged"),
        ("nat4d_M2025_dl.csv", b"a,b\n1,2\n", "column naics is missing"),
        ("figures.csv", b"a,b\n1,2\n", "the year is not known"),
    ],
)
def test_damage_is_named(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InvalidInput) as caught:
        read_industry_occupations(path)
    assert any(told in fault.problem for fault in caught.value.faults)


def test_a_workbook_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nat4d_M2025_dl.xlsx"
    path.write_bytes(oews_area(2025, [area("10180", "Abilene, TX", "11-0000", 5)]))
    with pytest.raises(InvalidInput):
        read_industry_occupations(path, year=2024)


@pytest.mark.shared
def test_real_figures_come_through_their_layout(figures: Path, tmp_path: Path) -> None:
    held = pq.read_table(figures / "us" / "oews2025_area_x_occupation.parquet")
    one = held.filter(pc.equal(held["area"], "0041940")).to_pylist()
    rows = [
        area(
            "41940",
            "San Jose-Sunnyvale-Santa Clara, CA",
            f"{row['occ'][:2]}-{row['occ'][2:]}",
            "**" if row["emp"] is None else row["emp"],
            LOC_QUOTIENT="**" if row["loc_quotient"] is None else row["loc_quotient"],
            JOBS_1000="**" if row["jobs_per_1000"] is None else row["jobs_per_1000"],
            A_MEAN="*" if row["mean_annual_wage"] is None else row["mean_annual_wage"],
        )
        for row in one
    ]
    assert len(rows) > 300
    path = tmp_path / "oesm25ma.zip"
    path.write_bytes(oews_area(2025, rows))
    taken = {row["occupation"]: row for row in read_regional_occupations(path).rows.to_pylist()}
    assert len(taken) == len(rows)
    for row in one:
        got = taken[f"{row['occ'][:2]}-{row['occ'][2:]}"]
        assert got["employment"] == row["emp"]
        assert got["location_quotient"] == row["loc_quotient"]
        assert got["mean_annual_wage"] == row["mean_annual_wage"]
        assert got["scheme"] == "us-cbsa"


@pytest.mark.shared
def test_real_combined_titles_name_their_classes(figures: Path, tmp_path: Path) -> None:
    from clusteratlas.sources.labor.occupations import covers_of

    lines = (figures / "reference" / "oews2025_industry_titles.csv").read_text().splitlines()
    combined = [line for line in lines[1:] if line[:6].isalnum() and not line[:6].isdigit()]
    assert len(combined) >= 14
    for line in combined:
        assert covers_of(line), line
