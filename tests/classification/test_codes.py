"""Faults in a column of codes: rows, hints, foreign vintages, size."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusteratlas.classification import classifications, find_code_faults, industries
from clusteratlas.tables import CannotAnswer


def faults_in(codes, classification="naics-2017", first_row=2):
    return find_code_faults(
        pa.array(codes, pa.string()),
        classification,
        file="jobs.csv",
        column="industry",
        first_row=first_row,
    )


@pytest.mark.parametrize("classification", classifications())
def test_every_code_of_a_classification_passes(classification):
    codes = industries(classification)["industry"]
    assert not find_code_faults(codes, classification, file="f", column="c", first_row=1)


def test_rows_and_values_are_told():
    faults = faults_in(["541511", "x", "541511", None], first_row=10)
    assert [(fault.row, fault.value) for fault in faults] == [(11, "x"), (13, "")]
    assert {(fault.file, fault.column) for fault in faults} == {("jobs.csv", "industry")}


@pytest.mark.parametrize(
    ("code", "classification", "named"),
    [
        ("541711", "naics-2017", "naics-2007, naics-2012"),
        ("454111", "naics-2017", "naics-2007, naics-2012"),
        ("541714", "naics-2012", "naics-2017"),
        ("541714", "naics-2007", "naics-2017"),
        ("C10", "naics-2017", "nace-2"),
        ("541511", "nace-2", "naics-2007, naics-2012, naics-2017"),
    ],
)
def test_a_foreign_vintage_is_named(code, classification, named):
    (fault,) = faults_in([code], classification)
    assert fault.problem == f"the code is none of {classification} but of {named}"
    assert f"say that the figures are in {named.split(', ')[-1]}" in fault.hint


@pytest.mark.parametrize(
    ("code", "classification", "hint"),
    [
        ("31", "naics-2017", "31-33"),
        ("44----", "naics-2017", "write 44-45"),
        ("113///", "naics-2017", "write 113,"),
        ("------", "naics-2017", "write 00"),
        ("5415.0", "naics-2017", "write 5415"),
        ("238221", "naics-2017", "238220"),
        ("455110", "naics-2017", "NAICS 2022 is not"),
        ("software", "naics-2017", "two to six digits"),
        (" 541511", "naics-2017", "blanks"),
        ("10", "nace-2", "write C10"),
        ("5", "nace-2", "write B05"),
        ("G451", "nace-2", "division G45"),
        ("C10.11", "nace-2", "division C10"),
        ("B-N_S95_X_K", "nace-2", "written B-N_S95"),
        ("Z", "nace-2", "use a section"),
    ],
)
def test_hints(code, classification, hint):
    (fault,) = faults_in([code], classification)
    assert fault.value == code
    assert hint in fault.hint


def test_many_bad_rows_are_counted_to_the_last():
    faults = faults_in(["541511"] + ["541711"] * 300 + ["454111"] * 50)
    assert len(faults) == 201
    assert faults[0].row == 3
    assert faults[-1].problem == "150 more rows hold codes that are none of naics-2017"
    assert faults[-1].value == "454111, 541711"


def test_chunked_and_packed_columns_are_read_alike():
    chunks = pa.chunked_array([["541511"], [], ["541511", "bad"]], pa.string())
    packed = chunks.combine_chunks().dictionary_encode()
    for column in (chunks, packed, chunks.cast(pa.large_string())):
        faults = find_code_faults(column, "naics-2017", file="f", column="c", first_row=1)
        assert [fault.row for fault in faults] == [3]


def test_numbers_are_read_as_codes():
    column = pa.array([541511, 999], pa.int64())
    assert not find_code_faults(column, "naics-2017", file="f", column="c", first_row=1)


def test_an_empty_column_has_no_faults():
    assert not faults_in([])


def test_two_million_rows_are_quick():
    codes = pa.chunked_array([industries("naics-2017")["industry"].combine_chunks()] * 1000)
    assert len(codes) > 2_000_000
    start = time.perf_counter()
    assert not find_code_faults(codes, "naics-2017", file="f", column="c", first_row=1)
    assert time.perf_counter() - start < 5


def test_an_unknown_classification_is_refused():
    with pytest.raises(CannotAnswer):
        faults_in(["541511"], "sic-1987")


@given(st.lists(st.text(max_size=8), max_size=6), st.sampled_from(classifications()))
def test_any_text_is_good_or_told(codes, classification):
    known = set(industries(classification)["industry"].to_pylist())
    bad = [row for row, code in enumerate(codes, 2) if code not in known]
    faults = faults_in(codes, classification)
    assert [fault.row for fault in faults] == bad
    assert all(fault.hint for fault in faults)


@pytest.mark.shared
@pytest.mark.parametrize("digits", [4, 6])
def test_every_industry_of_county_business_patterns_is_known(shared, digits):
    import pyarrow.parquet as pq

    path = shared / "us" / f"cbp_county_naics{digits}_2017_2021.parquet"
    codes = pq.read_table(path, columns=["naics"])["naics"]
    assert not find_code_faults(codes, "naics-2017", file=path.name, column="naics", first_row=2)


@pytest.mark.shared
def test_only_groups_of_trade_are_unknown_in_eurostats_file(shared):
    import pyarrow.parquet as pq

    path = shared / "eu" / "eurostat_sbs_r_nuts06_r2_2008_2014.parquet"
    codes = pq.read_table(path, columns=["nace_r2"])["nace_r2"].unique()
    faults = find_code_faults(codes, "nace-2", file=path.name, column="nace_r2", first_row=2)
    assert all(fault.value.startswith("G4") and len(fault.value) == 4 for fault in faults)
