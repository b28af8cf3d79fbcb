"""The Bureau's other layouts: 2016 and earlier, metro areas, states, the nation; size classes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from clusteratlas.sources import SourceTable, read_any, read_county_business_patterns
from clusteratlas.tables import EMPLOYMENT, InvalidInput, check

SIZES = "n1_4,n5_9,n10_19,n20_49,n50_99,n100_249,n250_499,n500_999,n1000"
TOP = "n1000_1,n1000_2,n1000_3,n1000_4"
EARLIER = f"naics,empflag,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est,{SIZES}"
LATER = f"naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est,{SIZES.replace('n1_4', 'n<5')},{TOP}"


def write(path: Path, header: str, rows: Iterable[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]))
    return path


def earlier(place: Path, *rows: str, name: str = "cbp14co.txt") -> SourceTable:
    read = read_county_business_patterns(write(place / name, f"fipstate,fipscty,{EARLIER}", rows))
    check(read.employment, EMPLOYMENT)
    return read


def bounds(table: SourceTable) -> list[tuple[object, ...]]:
    names = ("employment", "employment_low", "employment_high", "status")
    return [tuple(row[name] for name in names) for row in table.employment.to_pylist()]


def faults(place: Path, *rows: str, name: str = "cbp14co.txt") -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        earlier(place, *rows, name=name)
    return caught.value


def test_flag_and_size_classes_together_bound_a_withheld_row(tmp_path: Path) -> None:
    # B: 20 to 99. Four places of 1-4 (0 to 16), one of 10-19, one of 20-49: 30 to 84.
    row = "06,001,334413,B,D,0,D,0,D,0,6,4,0,1,1,0,0,0,0,0"
    assert bounds(earlier(tmp_path, row)) == [(None, 30, 84, "withheld")]


def test_the_flag_alone_bounds_where_classes_are_wide(tmp_path: Path) -> None:
    row = "06,001,334413,H,D,0,D,0,D,0,3,0,0,0,0,0,0,0,1,2"
    assert bounds(earlier(tmp_path, row)) == [(None, 2_500, 4_999, "withheld")]


def test_the_largest_class_has_no_upper_end(tmp_path: Path) -> None:
    row = "06,001,334413,M,D,0,D,0,D,0,3,0,0,0,0,0,0,0,1,2"
    assert bounds(earlier(tmp_path, row)) == [(None, 100_000, None, "withheld")]


def test_a_zero_without_a_flag_is_a_zero_before_2017(tmp_path: Path) -> None:
    rows = ("06,001,334413,,G,0,G,0,G,40,4,4,0,0,0,0,0,0,0,0",
            "06,013,334413,,G,0,G,0,G,40,4,3,1,0,0,0,0,0,0,0")  # fmt: skip
    assert bounds(earlier(tmp_path, *rows)) == [
        (0, 0, 0, "reported"),
        (None, 5, 21, "withheld"),
    ]


def test_the_year_says_the_vintage(tmp_path: Path) -> None:
    row = "06,085,334413,,G,10,G,20,G,40,4,4,0,0,0,0,0,0,0,0"
    assert earlier(tmp_path, row).classification == "naics-2012"
    assert earlier(tmp_path, row, name="cbp09co.txt").classification == "naics-2007"
    for year in ("07", "03", "98"):
        error = faults(tmp_path, row, name=f"cbp{year}co.txt")
        assert "there is no NAICS at hand for the year" in str(error)


def test_a_file_without_noise_flags_is_of_1998_to_2006(tmp_path: Path) -> None:
    header = f"fipstate,fipscty,naics,empflag,emp,qp1,ap,est,{SIZES},censtate,cencty"
    path = write(tmp_path / "cbp04co.txt", header, ["06,085,334413,C,0,0,0,12" + ",0" * 11])
    with pytest.raises(InvalidInput) as caught:
        read_county_business_patterns(path)
    assert "no NAICS at hand for the year 2004" in str(caught.value)
    assert "column emp_nf is missing" not in str(caught.value)


def test_flag_and_size_classes_contradict_each_other(tmp_path: Path) -> None:
    error = faults(tmp_path, "06,001,334413,C,D,0,D,0,D,0,2,0,0,0,0,0,0,0,2,0")
    (fault,) = error.faults
    assert (fault.row, fault.column, fault.value) == (2, "empflag", "C")
    assert fault.problem == (
        "empflag C says 100 to 249 jobs and the size classes 1,000 to 1,998 (001, 334413)"
    )


def test_noise_may_move_a_flag_from_2007_on(tmp_path: Path) -> None:
    # One place of 20 to 49, flag A (0 to 19): a tenth of noise explains it.
    row = "06,001,334413,A,D,0,D,0,D,0,3,2,0,0,1,0,0,0,0,0"
    assert bounds(earlier(tmp_path, row)) == [(None, 0, 19, "withheld")]


def test_size_classes_and_establishments_contradict_each_other(tmp_path: Path) -> None:
    error = faults(tmp_path, "06,001,334413,,G,50,G,9,G,40,7,2,0,0,1,0,0,0,0,0")
    assert "the size classes hold 3 establishments and est says 7" in str(error)


def test_a_flagged_row_that_prints_a_figure(tmp_path: Path) -> None:
    error = faults(tmp_path, "06,001,334413,B,G,50,G,9,G,40,3,2,0,0,1,0,0,0,0,0")
    assert "says that the row is withheld, and emp prints a figure" in str(error)


def test_an_unknown_letter(tmp_path: Path) -> None:
    error = faults(tmp_path, "06,001,334413,Z,D,0,D,9,D,40,3,2,0,0,1,0,0,0,0,0")
    assert [(f.row, f.column, f.value) for f in error.faults] == [(2, "empflag", "Z")]


def later(place: Path, *rows: str) -> SourceTable:
    path = write(place / "cbp21co.txt", f"fipstate,fipscty,{LATER}", rows)
    read = read_county_business_patterns(path)
    check(read.employment, EMPLOYMENT)
    return read


def test_n_stands_for_fewer_than_three(tmp_path: Path) -> None:
    # 12 places, 9 of them of 1-4; the other three are in classes printed as N, two in each at most.
    row = "06,001,334413,D,0,D,0,D,0,12,9,N,N,0,0,0,0,0,0,0,0,0,0"
    assert bounds(later(tmp_path, row)) == [(None, 5 * 2 + 10, 36 + 19 * 2 + 9, "withheld")]


def test_n_at_the_top_has_no_upper_end(tmp_path: Path) -> None:
    row = "06,001,334413,D,0,D,0,D,0,12,9,N,N,0,0,0,0,0,N,N,N,N,N"
    assert bounds(later(tmp_path, row)) == [(None, 20, None, "withheld")]


def test_parts_of_the_top_class_give_it_an_end(tmp_path: Path) -> None:
    row = "06,001,334413,D,0,D,0,D,0,4,0,0,0,0,0,0,0,0,4,3,0,0,0"
    # Three of 1,000-1,499; the fourth is below 5,000.
    assert bounds(later(tmp_path, row)) == [(None, 4_000, 3 * 1_499 + 4_999, "withheld")]


def test_more_establishments_than_classes_can_hide(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="hold 9 to 13 establishments and est says 14"):
        later(tmp_path, "06,001,334413,G,90,D,0,D,0,14,9,N,N,0,0,0,0,0,0,0,0,0,0")


def test_metro_file(tmp_path: Path) -> None:
    rows = ["41940,------,G,1000000,G,9,G,99,900" + ",900" + ",N" * 12,
            "41940,334413,G,40000,G,9,G,99,90" + ",90" + ",N" * 12,
            "19430,334413,G,40,G,9,G,99,9" + ",9" + ",N" * 12,
            "31100,334413,G,40,G,9,G,99,9" + ",9" + ",N" * 12]  # fmt: skip
    path = write(tmp_path / "cbp21msa.txt", f"msa,{LATER}", rows)
    table = read_any(path)
    assert table.base_scheme == "us-cbsa"
    assert [(row["scheme"], row["region"], row["industry"], row["employment"])
            for row in table.employment.to_pylist()] == [
        ("us-cbsa", "19430", "334413", 40),
        ("us-cbsa", "41940", "00", 1_000_000),
        ("us-cbsa", "41940", "334413", 40_000),
    ]  # fmt: skip
    assert "1 areas that the delineation of March 2020 does not have" in table.sources[0].covers
    assert "31100" in table.sources[0].covers


def test_state_file_keeps_all_legal_forms_together(tmp_path: Path) -> None:
    header = "fipstate,lfo,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est"
    rows = ["06,-,31----,G,1200,G,9,G,99,90", "06,C,31----,G,700,G,9,G,99,50",
            "72,-,31----,G,12,G,9,G,99,9"]  # fmt: skip
    table = read_any(write(tmp_path / "cbp21st.txt", header, rows))
    assert table.base_scheme == "us-state"
    assert [(row["region"], row["industry"], row["employment"])
            for row in table.employment.to_pylist()] == [("06", "31-33", 1_200)]  # fmt: skip
    covers = table.sources[0].covers
    assert "1 rows of single legal forms are left out" in covers
    assert "1 rows of Puerto Rico and other territories are left out" in covers


def test_national_file(tmp_path: Path) -> None:
    header = "lfo,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est"
    rows = ["-,------,G,120000000,G,9,G,99,7000000", "-,113///,G,50000,G,9,G,99,9000"]
    table = read_any(write(tmp_path / "cbp21us.txt", header, rows))
    assert [(row["scheme"], row["region"], row["industry"], row["employment"])
            for row in table.employment.to_pylist()] == [
        ("us-nation", "US", "00", 120_000_000), ("us-nation", "US", "113", 50_000)]  # fmt: skip


def test_a_file_of_single_legal_forms_alone(tmp_path: Path) -> None:
    header = "fipstate,lfo,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est"
    path = write(tmp_path / "cbp21st.txt", header, ["06,C,31----,G,700,G,9,G,99,50"])
    with pytest.raises(InvalidInput, match="no row of all legal forms"):
        read_any(path)


def test_a_county_in_no_state(tmp_path: Path) -> None:
    error = faults(tmp_path, "99,001,334413,,G,50,G,9,G,40,3,2,0,0,1,0,0,0,0,0")
    assert "the county 99001 lies in no state" in str(error)


def test_a_file_cut_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "cbp21co.txt"
    path.write_text(
        "fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est\n"
        "06,085,334413,G,900,G,200,G,910,40\n06,085,334412,G,900,G,200,G,910,4"
    )
    with pytest.raises(InvalidInput) as caught:
        read_county_business_patterns(path)
    (fault,) = caught.value.faults
    assert (fault.row, fault.problem) == (
        3,
        "the file ends in the middle of a row, without a line end",
    )


def test_a_file_of_another_vintage_is_named_as_such(tmp_path: Path) -> None:
    codes = ("211111", "212231", "454111", "334413")
    rows = [f"06,085,{code},G,900,G,200,G,910,40" for code in codes]
    header = "fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est"
    with pytest.raises(InvalidInput) as caught:
        read_county_business_patterns(write(tmp_path / "cbp21co.txt", header, rows))
    (fault,) = caught.value.faults
    assert fault.problem == (
        "the file is in naics-2012, not in naics-2017 as its year says: 3 codes are known in the "
        "one and not in the other"
    )
    assert fault.value == "211111, 212231, 454111"


@pytest.mark.shared
def test_santa_clara_in_the_bureaus_layout(figures: Path, tmp_path: Path) -> None:
    both = " union all ".join(
        f"select naics || '{mark}' as code, emp, pay_k, est from "
        f"'{figures}/us/cbp_county_naics{level}_2017_2021.parquet' "
        "where fips = '06085' and year = 2021"
        for level, mark in ((4, "//"), (6, ""))
    )
    rows = duckdb.sql(both).fetchall()
    lines = [
        f'"06","085","{code}","G",{jobs},"G",{pay // 4},"G",{pay},{units},{units}' + ',"N"' * 12
        for code, jobs, pay, units in rows
    ]
    read = read_any(write(tmp_path / "cbp21co.txt", f"fipstate,fipscty,{LATER}", lines))
    found = read.employment
    assert found.num_rows == len(rows)
    jobs = {row[0].rstrip("/"): row[1] for row in rows}
    for row in found.to_pylist():
        if row["status"] == "reported":
            assert row["employment"] == jobs[row["industry"]]
        else:
            assert (jobs[row["industry"]], row["employment"]) == (0, None)
            assert row["employment_high"] == 4 * row["establishments"]
    assert isinstance(found, pa.Table)
