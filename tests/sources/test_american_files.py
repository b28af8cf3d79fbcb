"""County Business Patterns: the Bureau's own file and the tidy table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.classification import industries, regions
from clusteratlas.sources import read_any, read_census_table, read_county_business_patterns
from clusteratlas.tables import EMPLOYMENT, check

Maker = Callable[..., Path]

ROWS = [
    ("06085", "------", "G", 1_000_000, "G", 150_000_000, 50_000),
    ("06085", "31----", "G", 130_000, "G", 19_000_000, 2_500),
    ("06085", "44----", "H", 80_000, "G", 4_000_000, 5_000),
    ("06085", "48----", "H", 15_000, "G", 900_000, 700),
    ("06085", "334///", "G", 90_000, "G", 17_000_000, 700),
    ("06085", "3344//", "J", 50_000, "G", 9_000_000, 300),
    ("06085", "33441/", "G", 50_000, "G", 9_000_000, 300),
    ("06085", "334413", "G", 40_000, "G", 8_000_000, 150),
    ("06001", "334413", "D", 0, "D", 0, 12),
    ("06013", "334413", "S", 0, "G", 4_100, 4),
    ("06075", "334413", "G", 0, "G", 350, 3),
    ("06081", "334413", "G", 0, "G", 0, 3),
    ("06999", "334413", "G", 17, "G", 900, 3),
]


def rows_of(table: pa.Table, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


def ask(rows: pa.Table, question: str) -> list[tuple[object, ...]]:
    """Answer a question to the table ``rows``."""
    with duckdb.connect() as engine:
        engine.register("rows", rows)
        return engine.execute(question).fetchall()


@pytest.mark.parametrize("name", ["cbp21co.txt", "cbp21co.zip", "CBP21CO.csv"])
def test_the_bureaus_layout(name: str, bureau_file: Maker, tmp_path: Path) -> None:
    table = read_county_business_patterns(bureau_file(tmp_path / name, ROWS))
    assert table.classification == "naics-2017"
    assert table.base_scheme == "us-county"
    assert table.employment.schema.equals(EMPLOYMENT.schema)
    check(table.employment, EMPLOYMENT)
    santa_clara = [
        row for row in rows_of(table.employment, "region", "industry") if row[0] == "06085"
    ]
    assert [code for _, code in santa_clara] == [
        "00", "31-33", "334", "3344", "33441", "334413", "44-45", "48-49",
    ]  # fmt: skip


def test_withheld_is_never_zero(bureau_file: Maker, tmp_path: Path) -> None:
    table = read_county_business_patterns(bureau_file(tmp_path / "cbp21co.txt", ROWS))
    names = ("region", "employment", "employment_low", "employment_high", "establishments",
             "payroll", "status")  # fmt: skip
    found = {
        row["region"]: tuple(row[name] for name in names[1:])
        for row in table.employment.to_pylist()
        if row["industry"] == "334413"
    }
    assert found == {
        "06085": (40_000, 40_000, 40_000, 150, 8_000_000, "reported"),
        "06001": (None, 0, 48, 12, None, "withheld"),
        "06013": (None, 0, 16, 4, 4_100, "withheld"),
        "06075": (None, 0, 12, 3, 350, "withheld"),
        "06081": (None, 0, 12, 3, None, "withheld"),
    }


def test_a_true_zero_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "counties.csv"
    path.write_text("year,fips,naics,emp,est,pay_k\n2021,06085,334413,0,0,0\n")
    row = read_census_table(path).employment.to_pylist()[0]
    assert (row["employment"], row["status"]) == (0, "reported")


def test_statewide_rows_are_kept_apart_and_said(bureau_file: Maker, tmp_path: Path) -> None:
    table = read_county_business_patterns(bureau_file(tmp_path / "cbp21co.txt", ROWS))
    assert "06999" not in table.employment["region"].to_pylist()
    assert "1 statewide rows (county 999) are kept apart" in table.sources[0].covers
    assert table.statewide is not None
    check(table.statewide, EMPLOYMENT)
    assert rows_of(table.statewide, "scheme", "region", "industry", "employment") == [
        ("us-county", "06999", "334413", 17)
    ]


def test_split_counties_are_added_up(bureau_file: Maker, tmp_path: Path) -> None:
    rows = [
        ("02063", "1141//", "G", 30, "G", 900, 5),
        ("02066", "1141//", "D", 0, "D", 0, 4),
        ("02020", "1141//", "G", 7, "G", 70, 3),
    ]
    table = read_county_business_patterns(bureau_file(tmp_path / "cbp21co.txt", rows))
    names = ("region", "employment", "employment_low", "establishments", "payroll", "status")
    assert rows_of(table.employment, *names) == [
        ("02020", 7, 7, 3, 70, "reported"),
        ("02261", 30, 30, 9, None, "withheld"),
    ]
    check(table.employment, EMPLOYMENT)


def test_names_of_the_census_api(tmp_path: Path) -> None:
    path = tmp_path / "api.csv"
    path.write_text(
        "NAME,NAICS2017,NAICS2017_LABEL,EMP,EMP_F,ESTAB,PAYANN,YEAR,state,county\n"
        '"Santa Clara County, California",31-33,Manufacturing,130000,,2500,19000000,2021,06,085\n'
        '"Santa Clara County, California",00,Total,0,D,2600,0,2021,06,085\n'
    )
    table = read_any(path)
    assert rows_of(table.employment, "region", "industry", "employment", "status") == [
        ("06085", "00", None, "withheld"),
        ("06085", "31-33", 130_000, "reported"),
    ]


def test_byte_order_mark_quotes_and_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "counties.csv"
    path.write_bytes(
        b'\xef\xbb\xbf"year","fips","naics","emp","est","pay_k","note"\r\n'
        b'"2021","06085"," 334413 ","12.0","3","4","a, ""b"" and\r\nc"\r\n'
    )
    assert rows_of(read_any(path).employment, "region", "industry", "employment") == [
        ("06085", "334413", 12)
    ]


def test_a_source_for_each_year_and_its_vintage(tmp_path: Path) -> None:
    path = tmp_path / "counties.parquet"
    table = {"fips": ["06085"] * 3, "naics": ["3344"] * 3, "emp": [1, 2, 3], "est": [4, 5, 6]}
    table |= {"year": [2012, 2014, 2013], "pay_k": [7, 8, 9]}  # type: ignore[dict-item]
    pq.write_table(pa.table(table), path)
    read = read_any(path)
    assert read.classification == "naics-2012"
    assert [source.source for source in read.sources] == ["cbp-2012", "cbp-2013", "cbp-2014"]
    assert rows_of(read.employment, "year", "employment", "source") == [
        (2012, 1, "cbp-2012"),
        (2013, 3, "cbp-2013"),
        (2014, 2, "cbp-2014"),
    ]
    assert all(str(source.checksum).startswith("sha256:") for source in read.sources)


def test_a_table_without_years_takes_the_year_given(tmp_path: Path) -> None:
    path = tmp_path / "counties.csv"
    path.write_text("fips,naics,emp,est,pay_k\n06085,334413,12,3,4\n")
    assert read_census_table(path, year=2019).sources[0].source == "cbp-2019"


COUNTIES = st.sampled_from(regions("us-county")["region"].to_pylist())
CODES = {
    level: [
        row["industry"]
        for row in industries("naics-2017").to_pylist()
        if row["level"] == level and "-" not in row["industry"]
    ]
    for level in range(2, 7)
}
FIGURES = st.tuples(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(3, 10**6))


@st.composite
def cells_of_one_level(
    draw: st.DrawFn,
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Cells of one level of the tree, so that no sum is to hold."""
    level = draw(st.integers(2, 6))
    pairs = st.tuples(COUNTIES, st.sampled_from(CODES[level]))
    return draw(st.dictionaries(pairs, FIGURES, min_size=1, max_size=20))


@settings(max_examples=50, deadline=None)
@given(cells_of_one_level())
def test_written_in_the_bureaus_layout_and_read_again(
    bureau_file: Maker, cells: dict[tuple[str, str], tuple[int, int, int]]
) -> None:
    marks = {0: "------", 2: "----", 3: "///", 4: "//", 5: "/", 6: ""}
    rows = [
        (county, "------" if code == "00" else code + marks[len(code)], "G", jobs, "G", pay, units)
        for (county, code), (jobs, pay, units) in cells.items()
    ]
    with tempfile.TemporaryDirectory() as place:
        path = bureau_file(Path(place) / "cbp21co.zip", rows)
        read = read_county_business_patterns(path).employment
    found = {
        (row["region"], row["industry"]): (
            row["employment"],
            row["payroll"],
            row["establishments"],
        )
        for row in read.to_pylist()
    }
    assert found == cells
    assert set(read["status"].to_pylist()) == {"reported"}


@pytest.mark.shared
def test_a_year_of_real_counties_in_the_bureaus_layout(
    bureau_file: Maker, figures: Path, tmp_path: Path
) -> None:
    parquet = figures / "us" / "cbp_county_naics4_2017_2021.parquet"
    rows = duckdb.sql(
        "select fips, naics || '//', 'G', emp, 'G', pay_k, est "
        f"from '{parquet}' where year = 2021 and fips < '07'"
    ).fetchall()
    read = read_county_business_patterns(bureau_file(tmp_path / "cbp21co.zip", rows)).employment
    total = ask(
        read,
        "select sum(employment), sum(establishments), sum(payroll), count(*), "
        "count(*) filter (status = 'withheld') from rows",
    )
    jobs, units, pay = (sum(row[place] for row in rows) for place in (3, 6, 5))
    withheld = sum(row[3] == 0 for row in rows)
    assert total == [(jobs, units, pay, len(rows), withheld)]
    assert withheld > 0


@pytest.mark.shared
def test_all_years_of_real_counties(figures: Path) -> None:
    read = read_any(figures / "us" / "cbp_county_naics6_2017_2021.parquet")
    totals = ask(
        read.employment,
        "select year, sum(employment), count(*) filter (status = 'withheld') "
        "from rows group by year order by year",
    )
    assert read.employment.num_rows == 1_733_037
    assert totals == [
        (2017, 101_842_362, 45_439),
        (2018, 111_452_171, 318),
        (2019, 113_089_951, 287),
        (2020, 113_878_147, 280),
        (2021, 108_419_164, 335),
    ]
