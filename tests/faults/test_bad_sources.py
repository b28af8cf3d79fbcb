"""Bad input of every kind: each fault is told with file, row, column, value and a hint, at once."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clusteratlas.sources import (
    Source,
    SourceTable,
    read_any,
    read_census_table,
    read_county_business_patterns,
    read_eurostat_sbs,
    read_own_table,
)
from clusteratlas.tables import InvalidInput

TOWN = Source("jobs", "Town", "Register", None, None, None, "open", "All.", "jobs", "EUR 1,000")
BUREAU = "fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est\n"
CENSUS = "year,fips,naics,emp,est,pay_k\n"
EUROPE = "nace_r2,indic_sb,geo\\time\t2014 \t2013 \n"
OWN = "region,industry,year,employment,establishments,payroll,status\n"

Place = tuple[int | None, str, str]


def own(path: Path) -> SourceTable:
    return read_own_table(path, classification="naics-2017", scheme="us-county", source=TOWN)


READERS: dict[str, tuple[str, Callable[[Path], SourceTable]]] = {
    "bureau": ("cbp21co.txt", read_county_business_patterns),
    "census": ("counties.csv", read_census_table),
    "europe": ("sbs.tsv", read_eurostat_sbs),
    "own": ("jobs.csv", own),
    "any": ("table.csv", read_any),
}


def faults_of(kind: str, content: str | bytes, place: Path) -> InvalidInput:
    name, read = READERS[kind]
    path = place / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidInput) as caught:
        read(path)
    assert {fault.file for fault in caught.value.faults} == {str(path)}
    assert all(fault.hint for fault in caught.value.faults), caught.value
    return caught.value


CASES: list[tuple[str, str, str, list[Place], str]] = [
    # what, kind, content, (row, column, value) of every fault, words of the first fault or hint
    (
        "renamed column",
        "census",
        "year,fips,naics,empl,est,pay_k\n2021,06085,334413,900,4,910\n",
        [(1, "emp", "")],
        "is it the column empl?",
    ),
    (
        "two missing columns and a bad cell",
        "own",
        "region,industri,jaar,employment\n06085,334413,2021,many\n",
        [(1, "industry", ""), (1, "year", ""), (2, "employment", "many")],
        "is it the column industri?",
    ),
    (
        "missing column of the Bureau",
        "bureau",
        "fipstate,fipscty,emp_nf,emp,ap_nf,ap,est\n06,085,G,900,G,910,4\n",
        [(1, "naics", "")],
        "column naics is missing",
    ),
    (
        "column named twice",
        "census",
        "year,fips,naics,emp,emp,est,pay_k\n2021,06085,334413,900,900,4,910\n",
        [(1, "emp", "emp")],
        "twice",
    ),
    (
        "unknown code",
        "census",
        CENSUS + "2021,06085,334413,900,4,910\n2021,06085,987654,900,4,910\n",
        [(3, "naics", "987654")],
        "none of naics-2017",
    ),
    (
        "code of another vintage",
        "own",
        OWN + "06085,541711,2021,900,4,910,\n",
        [(2, "industry", "541711")],
        "none of naics-2017 but of naics-2007",
    ),
    (
        "code of another vintage, Bureau",
        "bureau",
        BUREAU + "06,085,541711,G,900,G,200,G,910,4\n",
        [(2, "naics", "541711")],
        "none of naics-2017 but of naics-2007",
    ),
    (
        "unknown division",
        "europe",
        EUROPE + "C10,V16110,AT11\t5 \t6 \nC99,V16110,AT11\t5 \t6 \n",
        [(3, "nace_r2", "C99")],
        "none of nace-2",
    ),
    (
        "duplicate key",
        "census",
        CENSUS + "2021,06085,334413,900,4,910\n2021,06001,334413,1,3,2\n2021,06085,334413,1,4,9\n",
        [(4, "fips, naics, year", "06085, 334413, 2021")],
        "already in row 2",
    ),
    (
        "duplicate key, Bureau (two years joined)",
        "bureau",
        BUREAU + "06,085,1133//,G,900,G,200,G,910,4\n06,085,1133//,G,901,G,200,G,910,4\n",
        [(3, "fipstate, fipscty, naics", "06085, 1133, 2021")],
        "two years",
    ),
    (
        "duplicate key, Europe",
        "europe",
        EUROPE + "C10,V16110,AT11\t5 \t6 \nC10,V16110,AT11\t5 \t6 \n",
        [(3, "nace_r2, indic_sb, geo", "C10, V16110, AT11")],
        "already in row 2",
    ),
    (
        "duplicate key, own",
        "own",
        OWN + "06085,334413,2021,9,4,9,\n06085,334413,2021,9,4,9,\n",
        [(3, "region, industry, year", "06085, 334413, 2021")],
        "already in row 2",
    ),
    (
        "negative",
        "census",
        CENSUS + "2021,06085,334413,-900,4,910\n2021,06001,334413,900,-4,-910\n",
        [(2, "emp", "-900"), (3, "est", "-4"), (3, "pay_k", "-910")],
        "emp is negative",
    ),
    (
        "negative persons in Europe",
        "europe",
        EUROPE + "C10,V16110,AT11\t-5 \t6 \n",
        [(2, "2014", "-5")],
        "is negative",
    ),
    (
        "text in a number",
        "bureau",
        BUREAU + "06,085,334413,G,lots,G,200,G,910,4\n06,001,334413,G,1,G,2,G,n/a,4\n",
        [(2, "emp", "lots"), (3, "ap", "n/a")],
        "text, not a number",
    ),
    (
        "text in a European number",
        "europe",
        EUROPE + "C10,V16110,AT11\tfive \t6 \n",
        [(2, "2014", "five")],
        "no number",
    ),
    (
        "not a number and infinity",
        "own",
        OWN + "06085,334413,2021,NaN,4,9,\n06085,334412,2021,inf,4,9,\n",
        [(2, "employment", "NaN"), (3, "employment", "inf")],
        "is no number",
    ),
    (
        "fraction",
        "own",
        OWN + "06085,334413,2021,12.5,4,9,\n",
        [(2, "employment", "12.5")],
        "not a whole number",
    ),
    (
        "too large",
        "own",
        OWN + "06085,334413,2021,12345678901234567890,4,9,\n",
        [(2, "employment", "12345678901234567890")],
        "too large",
    ),
    (
        "thousands separators, quoted",
        "census",
        CENSUS + '2021,06085,334413,"1,234",4,"12 345"\n',
        [(2, "emp", "1,234"), (2, "pay_k", "12 345")],
        "thousands separators",
    ),
    (
        "thousands separators, bare",
        "census",
        CENSUS + "2021,06001,334413,900,4,910\n2021,06085,334413,1,234,4,910\n",
        [(3, "", "2021,06085,334413,1,234,4,910")],
        "7 cells and the header 6",
    ),
    (
        "row cut short",
        "census",
        CENSUS + "2021,06001,334413,900,4,910\n2021,06085,334\n",
        [(3, "", "2021,06085,334")],
        "cut short",
    ),
    (
        "semicolons and decimal commas",
        "census",
        CENSUS.replace(",", ";") + "2021;06085;334413;900,5;4;1.910,5\n",
        [(1, "", "year;fips;naics;emp;est;pay_k"), (2, "emp", "900,5"), (2, "pay_k", "1.910,5")],
        "separated by semicolons",
    ),
    (
        "decimal commas in Europe",
        "europe",
        EUROPE + "C10,V13320,AT11\t5,5 b\t6.1 \n",
        [(2, "2014", "5,5 b")],
        "decimal comma",
    ),
    (
        "commas in the place of tabs",
        "europe",
        'nace_r2,"x",geo\\time,2014\nC10,V16110,AT11,5\n',
        [(1, "", 'nace_r2,"x",geo\\time,2014'), (1, "", "nace_r2")],
        "separated by commas, not by tabs",
    ),
    (
        "a region without an industry",
        "census",
        CENSUS + "2021,06085,,900,4,910\n",
        [(2, "naics", "")],
        "a region and no industry",
    ),
    (
        "a region without an industry, own",
        "own",
        OWN + "06085, ,2021,900,4,910,\n",
        [(2, "industry", "")],
        "a region and no industry",
    ),
    (
        "an industry without a region",
        "bureau",
        BUREAU + ",,334413,G,900,G,200,G,910,4\n",
        [(2, "fipstate", ""), (2, "fipscty", "")],
        "is empty",
    ),
    (
        "lost leading zero",
        "census",
        CENSUS + "2021,6085,334413,900,4,910\n",
        [(2, "fips", "6085")],
        "a leading zero was lost: write 06085",
    ),
    (
        "lost leading zeros, Bureau",
        "bureau",
        BUREAU + "6,1,334413,G,900,G,200,G,910,4\n",
        [(2, "fipstate", "6"), (2, "fipscty", "1")],
        "write 06",
    ),
    (
        "lost leading zero, own",
        "own",
        OWN + "6085,334413,2021,900,4,910,\n",
        [(2, "region", "6085")],
        "a leading zero was lost: write 06085",
    ),
    (
        "unknown county",
        "census",
        CENSUS + "2021,06999,334413,900,4,910\n2021,06998,334413,900,4,910\n",
        [(3, "fips", "06998")],
        "the county 06998 is unknown",
    ),
    (
        "unknown county, Bureau",
        "bureau",
        BUREAU + "09,110,334413,G,900,G,200,G,910,4\n",
        [(2, "fipscty", "110")],
        "planning regions of Connecticut",
    ),
    (
        "unknown region in Europe",
        "europe",
        EUROPE + "C10,V16110,QQ11\t5 \t6 \n",
        [(2, "geo", "QQ11")],
        "the region is unknown",
    ),
    (
        "too few dimensions",
        "europe",
        EUROPE + "C10,V16110,AT11\t5 \t6 \nC10,AT12\t5 \t6 \n",
        [(3, "nace_r2,indic_sb,geo\\time", "C10,AT12")],
        "does not name its 3 dimensions",
    ),
    (
        "a dimension named twice",
        "europe",
        "geo,nace_r2,indic_sb,geo\\time\t2014\nC10,V16110,AT11,AT11\t5\n",
        [(1, "", "geo,nace_r2,indic_sb,geo\\time")],
        "does not name the dimensions",
    ),
    (
        "a column that is no year",
        "europe",
        "nace_r2,indic_sb,geo\\time\t2014 \trow \nC10,V16110,AT11\tx \t6 \n",
        [(1, "row", "row"), (2, "2014", "x")],
        "the column is no year",
    ),
    (
        "no year",
        "census",
        CENSUS + "21,06085,334413,900,4,910\nthen,06085,334412,900,4,910\n",
        [(2, "year", "21"), (3, "year", "then")],
        "is no year",
    ),
    (
        "years of two vintages",
        "census",
        CENSUS + "2016,06085,334413,900,4,910\n2017,06085,334413,900,4,910\n",
        [(3, "year", "2017")],
        "two vintages of NAICS",
    ),
    (
        "unknown noise flag",
        "bureau",
        BUREAU + "06,085,334413,Q,900,G,200,G,910,4\n",
        [(2, "emp_nf", "Q")],
        "none of the known letters",
    ),
    (
        "unknown status",
        "own",
        OWN + "06085,334413,2021,900,4,910,secret\n",
        [(2, "status", "secret")],
        "none of the known words",
    ),
    (
        "reported without a figure",
        "own",
        OWN + "06085,334413,2021,,4,910,reported\n",
        [(2, "employment", "")],
        "a reported figure has no employment",
    ),
    (
        "broken quotation mark",
        "census",
        CENSUS + '2021,06085,"334413,900,4,910\n2021,06001,334413,900,4,910\n',
        [(2, "", "")],
        "quotation mark",
    ),
    (
        "header and no rows",
        "census",
        CENSUS,
        [(None, "", "")],
        "a header and no rows",
    ),
    (
        "no known kind",
        "any",
        "colour,shape\nred,round\n",
        [(1, "", "colour, shape")],
        "no kind of file",
    ),
    (
        "own table without its arguments",
        "any",
        OWN + "06085,334413,2021,900,4,910,\n",
        [(1, "", "region, industry, year, employment, establishments, payro...")],
        "does not say its classification",
    ),
    (
        "layout of 2016 in a year after it",
        "bureau",
        "fipstate,fipscty,naics,empflag,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est\n"
        "06,085,334413,A,D,0,D,0,D,0,4\n",
        [(None, "", "cbp21co.txt")],
        "layout is that of 2016 and earlier (column empflag), and the year 2021",
    ),
]


@pytest.mark.parametrize(
    ("kind", "content", "places", "words"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_every_fault_is_told(
    kind: str, content: str, places: list[Place], words: str, tmp_path: Path
) -> None:
    error = faults_of(kind, content, tmp_path)
    found = [(fault.row, fault.column, fault.value) for fault in error.faults]
    assert found == places, str(error)
    assert error.total == len(places)
    assert words in str(error)


def test_all_kinds_of_fault_at_once(tmp_path: Path) -> None:
    content = (
        CENSUS
        + "2021,06085,334413,900,4,910\n"  # good
        + "2021,6085,334413,900,4,910\n"
        + "2021,06085,541711,-1,4,910\n"
        + "2021,06085,,x,4,910\n"
        + "2021,06085,334413,900,4,910\n"
        + '2021,00001,334413,"1,2",nan,910\n'
    )
    error = faults_of("census", content, tmp_path)
    assert [(fault.row, fault.column) for fault in error.faults] == [
        (3, "fips"),
        (4, "emp"),
        (4, "naics"),
        (5, "naics"),
        (5, "emp"),
        (6, "fips, naics, year"),
        (7, "emp"),
        (7, "est"),
        (7, "fips"),
    ]


def test_rows_are_lines_of_the_file(tmp_path: Path) -> None:
    content = (
        "\n" + CENSUS + "\n2021,06085,334413,-1,4,910\n\n\n"
        '2021,06085,"33441\n2",900,4,910\n2021,06001,334413,-2,4,910\n\n'
    )
    error = faults_of("census", content, tmp_path)
    assert [(fault.row, fault.value) for fault in error.faults] == [
        (4, "-1"),
        (7, "33441\n2"),
        (9, "-2"),
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_rows_are_lines_whatever_ends_them(ends: str, tmp_path: Path) -> None:
    content = (CENSUS + "2021,06085,334413,9,4,910\n2021,06085,334412,-1,4,910\n").replace(
        "\n", ends
    )
    error = faults_of("census", content, tmp_path)
    assert [(fault.row, fault.column, fault.value) for fault in error.faults] == [(3, "emp", "-1")]


def test_a_thousand_faults_are_counted_and_two_hundred_told(tmp_path: Path) -> None:
    content = CENSUS + "".join(f"2021,06085,{334_000 + n},-1,4,9\n" for n in range(1000))
    error = faults_of("census", content, tmp_path)
    negative = [fault for fault in error.faults if "negative" in fault.problem]
    assert len(negative) == 200
    assert error.total > 1000
    assert "more faults of the same input" in str(error)


@pytest.mark.parametrize("kind", ["bureau", "census", "europe", "own", "any"])
@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_empty_file(kind: str, content: bytes, tmp_path: Path) -> None:
    error = faults_of(kind, content, tmp_path)
    assert [fault.problem for fault in error.faults] == ["the file is empty"]


def zipped(**members: str) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return place.getvalue()


GOOD_BUREAU = BUREAU + "06,085,334413,G,900,G,200,G,910,4\n"


def test_truncated_zip(tmp_path: Path) -> None:
    whole = zipped(cbp21co_txt=GOOD_BUREAU)
    for end in (3, len(whole) // 2, len(whole) - 3):
        error = faults_of("bureau", whole[:end], tmp_path)
        assert [f.problem for f in error.faults] == ["the zip archive is cut short or damaged"]


def test_damaged_zip(tmp_path: Path) -> None:
    whole = bytearray(zipped(cbp21co_txt=GOOD_BUREAU))
    whole[50] ^= 0xFF
    error = faults_of("bureau", bytes(whole), tmp_path)
    assert "damaged" in error.faults[0].problem


def test_zip_of_two_tables(tmp_path: Path) -> None:
    error = faults_of("bureau", zipped(a_txt="x", b_csv="y"), tmp_path)
    assert (error.faults[0].value, "exactly one" in error.faults[0].problem) == (
        "a.txt, b.csv",
        True,
    )


def test_truncated_gzip(tmp_path: Path) -> None:
    whole = gzip.compress((EUROPE + "C10,V16110,AT11\t5 \t6 \n" * 50).encode())
    error = faults_of("europe", whole[: len(whole) // 2], tmp_path)
    assert [f.problem for f in error.faults] == ["the gzip file is cut short or damaged"]


def test_latin_1_is_told_by_cell_and_the_rest_is_read_too(tmp_path: Path) -> None:
    content = (
        "name,"
        + CENSUS
        + "Doña Ana,2021,35013,334413,9,4,10\nSanta Clara,2021,06085,334413,-9,4,9\n"
    )
    error = faults_of("census", content.encode("latin-1"), tmp_path)
    assert [(f.row, f.column, f.value) for f in error.faults] == [
        (2, "name", "Doña Ana"),
        (3, "emp", "-9"),
    ]
    assert "Latin-1" in error.faults[0].hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16(encoding: str, tmp_path: Path) -> None:
    content = (CENSUS + "2021,06085,334413,9,4,10\n").encode(encoding)
    error = faults_of("census", content, tmp_path)
    assert "the file is written in UTF-" in error.faults[0].problem
    assert error.faults[0].hint == "save the file as UTF-8"


def test_zero_byte(tmp_path: Path) -> None:
    content = (CENSUS + "2021,06085,334413,9,4,10\n2021,06\x0085,334413,9,4,10\n").encode()
    error = faults_of("census", content, tmp_path)
    assert [(f.row, f.problem) for f in error.faults] == [(3, "the file holds a zero byte")]


def test_two_years_in_a_table_of_one(tmp_path: Path) -> None:
    path = tmp_path / "counties.csv"
    path.write_text(CENSUS + "2020,06085,334413,9,4,10\n2021,06085,334413,9,4,10\n")
    with pytest.raises(InvalidInput) as caught:
        read_census_table(path, year=2021)
    assert [(f.row, f.column, f.value) for f in caught.value.faults] == [(2, "year", "2020")]
    assert "another year than 2021" in caught.value.faults[0].problem


def test_year_of_the_name_and_of_the_caller_disagree(tmp_path: Path) -> None:
    path = tmp_path / "cbp21co.txt"
    path.write_text(GOOD_BUREAU)
    with pytest.raises(InvalidInput, match="not clear: 2020 and 2021"):
        read_county_business_patterns(path, year=2020)


def test_year_that_nothing_says(tmp_path: Path) -> None:
    path = tmp_path / "counties.txt"
    path.write_text(GOOD_BUREAU)
    with pytest.raises(InvalidInput, match="year of the figures is not known"):
        read_county_business_patterns(path)
    assert read_county_business_patterns(path, year=2021).sources[0].source == "cbp-2021"


def test_year_before_the_layout(tmp_path: Path) -> None:
    path = tmp_path / "cbp98co.txt"
    path.write_text(GOOD_BUREAU)
    with pytest.raises(InvalidInput, match=r"that of 2017 and later.*and the year 1998"):
        read_county_business_patterns(path)


def test_year_that_the_european_file_lacks(tmp_path: Path) -> None:
    path = tmp_path / "sbs.tsv"
    path.write_text(EUROPE + "C10,V16110,AT11\t5 \t6 \n")
    with pytest.raises(InvalidInput, match=r"holds no year 2010.*years found: 2013, 2014"):
        read_eurostat_sbs(path, years=(2010,))


def test_no_such_file_and_folder(tmp_path: Path) -> None:
    for place in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InvalidInput, match="cannot be read"):
            read_any(place)


def test_parquet_with_numbers_for_codes(tmp_path: Path) -> None:
    path = tmp_path / "counties.parquet"
    table = {
        "year": [2021, 2021],
        "fips": [6085, 6001],
        "naics": ["334413", None],
        "emp": [1.5, float("nan")],
        "est": [4, 4],
        "pay_k": [9, 9],
    }
    pq.write_table(pa.table(table), path)
    with pytest.raises(InvalidInput) as caught:
        read_any(path)
    assert [(f.row, f.column, f.value) for f in caught.value.faults] == [
        (1, "fips", "6085"),
        (1, "emp", "1.5"),
        (2, "fips", "6001"),
        (2, "naics", ""),
        (2, "emp", "nan"),
    ]


def test_truncated_parquet(tmp_path: Path) -> None:
    path = tmp_path / "counties.parquet"
    pq.write_table(pa.table({"year": [2021] * 100, "naics": ["11"] * 100}), path)
    whole = path.read_bytes()
    for end in (4, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end])
        with pytest.raises(InvalidInput, match="Parquet file is cut short or damaged"):
            read_any(path)


def test_statewide_rows_alone(tmp_path: Path) -> None:
    error = faults_of("bureau", BUREAU + "06,999,------,G,900,G,200,G,910,4\n", tmp_path)
    assert error.faults[0].problem == "the file holds no county"
