"""Frames in, frames out; sparse matrices; several years in one call."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse

from clusteratlas.measures import (
    location_quotient,
    presence,
    proximity,
    relatedness_density,
    strength_flags,
    traded_local_split,
)
from clusteratlas.tables import InvalidInput

JOBS = np.array([[45.0, 55.0, 0.0], [15.0, 85.0, 20.0]])
REGIONS, INDUSTRIES = ["Bergen", "Oslo"], ["3344", "5415", "7225"]
FRAME = pd.DataFrame(JOBS, index=REGIONS, columns=INDUSTRIES)
EXPECTED = location_quotient(JOBS)


def test_pandas_keeps_index_and_columns():
    found = location_quotient(FRAME)
    assert isinstance(found, pd.DataFrame)
    assert list(found.index) == REGIONS
    assert list(found.columns) == INDUSTRIES
    np.testing.assert_array_equal(found.to_numpy(), EXPECTED)


@pytest.mark.parametrize("kind", [pl.DataFrame, pa.table])
def test_a_first_column_of_text_names_the_regions(kind):
    columns = {"district": REGIONS} | {
        code: JOBS[:, place] for place, code in enumerate(INDUSTRIES)
    }
    found = location_quotient(kind(columns))
    assert isinstance(found, type(kind(columns)))
    assert found["district"].to_pylist() if kind is pa.table else found["district"].to_list()
    np.testing.assert_array_equal(
        np.column_stack([found[code].to_numpy() for code in INDUSTRIES]), EXPECTED
    )


def test_each_field_of_a_result_is_labelled():
    split = traded_local_split(FRAME, [True, True, False])
    assert list(split.traded.index) == REGIONS
    assert split.traded["Oslo"] == 100
    flags = strength_flags(location_quotient(FRAME), FRAME, FRAME)
    assert flags.strong.loc["Bergen", "3344"] in (True, False)


def test_a_second_frame_is_brought_into_the_order_of_the_first():
    turned = FRAME.iloc[::-1, ::-1]
    flags = strength_flags(FRAME, turned, turned)
    straight = strength_flags(FRAME, FRAME, FRAME)
    for one, other in zip(flags, straight, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_pairs_of_industries_are_brought_into_the_order_of_the_columns():
    present = presence(location_quotient(FRAME))
    near = proximity(present)
    turned = relatedness_density(present, near.iloc[::-1, [1, 0, 2]])
    pd.testing.assert_frame_equal(turned, relatedness_density(present, near))


def test_series_are_aligned_by_label():
    totals = pd.Series([1000.0, 500.0], index=["Oslo", "Bergen"])
    found = location_quotient(FRAME, total=totals)
    np.testing.assert_array_equal(found, location_quotient(JOBS, total=[500.0, 1000.0]))


def test_other_labels_are_refused_and_named():
    other = FRAME.rename(index={"Oslo": "Trondheim"})
    with pytest.raises(InvalidInput, match="Oslo"):
        strength_flags(FRAME, other, other)


def test_labels_that_stand_twice_are_refused():
    twice = pd.DataFrame(JOBS, index=["Oslo", "Oslo"], columns=INDUSTRIES)
    with pytest.raises(InvalidInput, match="region 'Oslo' stands more than once"):
        location_quotient(twice)


def test_a_suppression_letter_is_named_by_industry_and_value():
    flagged = FRAME.astype(object)
    flagged.loc["Oslo", "5415"] = "D"
    with pytest.raises(InvalidInput) as error:
        location_quotient(flagged)
    assert "5415" in str(error.value)
    assert "'D'" in str(error.value)


def test_faults_name_region_and_industry():
    with pytest.raises(InvalidInput, match="in region Oslo, industry 5415"):
        location_quotient(FRAME.replace(85.0, -1.0))


def test_withheld_cells_of_nullable_columns_stay_not_known():
    nullable = pd.DataFrame({"a": [10, None], "b": [30, 20]}, dtype="Int64", index=REGIONS)
    found = location_quotient(nullable)
    assert np.isnan(found.loc["Oslo", "a"])
    assert not np.isnan(found.loc["Bergen", "a"])


@pytest.mark.parametrize("form", ["csr_array", "csc_array", "coo_array", "csr_matrix"])
def test_sparse_equals_dense(form):
    found = location_quotient(getattr(scipy.sparse, form)(JOBS))
    found = found.toarray() if scipy.sparse.issparse(found) else found
    np.testing.assert_allclose(found, EXPECTED, rtol=1e-12)


def test_years_of_a_mapping_and_of_an_array():
    by_year = location_quotient({2018: FRAME, 2021: 2 * FRAME})
    assert list(by_year) == [2018, 2021]
    pd.testing.assert_frame_equal(by_year[2018], by_year[2021])
    stacked = location_quotient(np.stack([JOBS, JOBS[::-1]]))
    np.testing.assert_array_equal(stacked, np.stack([EXPECTED, location_quotient(JOBS[::-1])]))
    fields = traded_local_split(np.stack([JOBS, JOBS]), [True, True, False])
    assert fields.traded.shape == (2, 2)


def test_years_that_differ_between_arguments_are_refused():
    with pytest.raises(InvalidInput, match="2019"):
        strength_flags({2018: JOBS}, {2019: JOBS}, {2018: JOBS})


def test_a_wrong_call_is_named_by_python():
    with pytest.raises(TypeError, match="positional"):
        location_quotient(JOBS, None, JOBS)
    with pytest.raises(TypeError, match="refrence"):
        location_quotient(JOBS, refrence=JOBS)
