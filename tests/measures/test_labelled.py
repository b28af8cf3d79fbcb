"""Frames in, frames out; sparse matrices; several years in one call."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse

from clusteratlas import measures
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


NAMED = pd.DataFrame([[40.0, 0.0], [40.0, 80.0]], index=["A", "B"], columns=["x", "y"])


def test_a_series_of_other_regions_is_refused_and_not_taken_by_its_places():
    for labels in (["B", "C"], ["A", "C"]):
        with pytest.raises(InvalidInput, match="other region labels"):
            measures.location_quotient(NAMED, total=pd.Series([1000.0, 100.0], index=labels))
    by_place = measures.location_quotient(NAMED, total=pd.Series([100.0, 1000.0]))
    by_label = pd.Series([1000.0, 100.0], index=["B", "A"])
    pd.testing.assert_frame_equal(by_place, measures.location_quotient(NAMED, total=by_label))
    as_mapping = {"B": 1000.0, "A": 100.0, "elsewhere": 5.0}
    pd.testing.assert_frame_equal(by_place, measures.location_quotient(NAMED, total=as_mapping))


def test_two_series_are_compared_by_their_labels():
    region = pd.Series([1.0, 2.0, 3.0], index=list("xyz"))
    nation = pd.Series([30.0, 20.0, 10.0], index=list("zyx"))
    assert measures.krugman_index(region, nation) == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(InvalidInput, match="other row labels"):
        measures.krugman_index(region, pd.Series([1.0, 2.0, 3.0], index=list("xyw")))


def test_a_series_before_labelled_weights_is_brought_into_their_order():
    ring = np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0.0]])
    names = list("abcd")
    weights = pd.DataFrame(ring, index=names, columns=names)
    values = pd.Series([1.0, 2.0, 3.0, 9.0], index=names)
    plain = measures.local_moran(values.to_numpy(), ring).statistic
    found = measures.local_moran(values[["c", "a", "d", "b"]], weights).statistic
    np.testing.assert_allclose(found[names].to_numpy(), plain)


def test_a_frame_with_some_other_industries_is_refused():
    other = NAMED.rename(columns={"y": "z"})
    with pytest.raises(InvalidInput, match="other industry labels"):
        measures.shift_share(NAMED, other)


def test_two_industries_of_one_name_are_refused():
    twice = NAMED.set_axis(["x", "x"], axis=1)
    for of in (measures.location_quotient, measures.complexity):
        with pytest.raises(InvalidInput, match="industry 'x' stands more than once"):
            of(twice)
    with pytest.raises(InvalidInput, match="industry 'x' stands more than once"):
        measures.dynamic_shift_share({1: twice, 2: twice})


def test_regions_of_several_levels_stay_so():
    levels = pd.MultiIndex.from_tuples([("US", "A"), ("US", "B")])
    table = NAMED.set_axis(levels)
    assert measures.location_quotient(table).index.equals(levels)
    assert measures.krugman_index(table).index.equals(levels)


def test_groups_by_the_name_of_the_industry():
    table = pd.DataFrame([[1.0, 2, 3, 4]], index=["A"], columns=list("wxyz"))
    plain = measures.related_variety(table.to_numpy(), groups=[2, 2, 1, 1])
    by_name = {"z": 1, "y": 1, "x": 2, "w": 2, "more": 3}
    for groups in (by_name, pd.Series([1, 1, 2, 2], index=list("zyxw"))):
        found = measures.related_variety(table, groups=groups)
        np.testing.assert_allclose(found.related, plain.related)
    years = measures.related_variety({1: table, 2: table}, groups=by_name)
    np.testing.assert_allclose(years[2].related, plain.related)
    with pytest.raises(InvalidInput, match="does not name every industry"):
        measures.related_variety(table.to_numpy(), groups=by_name)
    with pytest.raises(InvalidInput, match="has no group"):
        measures.group_coagglomeration(np.ones((3, 3)), groups=["a", None, "a"])


def test_further_figures_of_a_star_rule_are_read_by_their_labels_and_years():
    rule = measures.StarRule("own", "", "", (measures.Dimension("wages", "at least", 50.0),))
    wages = pd.DataFrame([[99.0, 1.0], [2.0, 80.0]], index=["B", "A"], columns=["y", "x"])
    wanted = [[1.0, 0.0], [0.0, 1.0]]
    found = measures.star_rating(NAMED, rule=rule, further={"wages": wages})
    np.testing.assert_array_equal(found, wanted)
    for further in ({"wages": wages}, {"wages": {2018: wages, 2021: wages}}):
        found = measures.star_rating({2018: NAMED, 2021: NAMED}, rule=rule, further=further)
        np.testing.assert_array_equal(found[2021], wanted)


def test_a_table_where_one_figure_a_region_is_wanted_is_one_fault():
    with pytest.raises(InvalidInput, match="1 fault") as refused:
        measures.litzenberger_sternberg(NAMED, NAMED, area=NAMED, population=NAMED)
    assert "area has shape (2, 2)" in str(refused.value)
    with pytest.raises(InvalidInput, match="1 fault"):
        measures.hachman_index(NAMED, [1, 2, 3])


def test_a_fault_in_sparse_quotients_names_its_cell():
    quotients = scipy.sparse.csr_matrix([[0.0, 1.0, 0.0], [0.0, 0.0, np.inf]])
    with pytest.raises(InvalidInput, match="row 2, column location_quotient 3"):
        measures.presence(quotients)


def test_one_table_is_no_panel():
    with pytest.raises(InvalidInput, match="years is one table"):
        measures.dynamic_shift_share(NAMED)
