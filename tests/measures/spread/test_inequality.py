"""Gini, both locational Ginis, Theil."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.quotients.specialisation import location_quotient
from clusteratlas.measures.spread.inequality import (
    gini,
    locational_gini,
    specialisation_gini,
    theil_index,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
JOBS = arrays(np.float64, SHAPES, elements=(st.integers(0, 5_000) | st.just(0)).map(float))
many = settings(max_examples=80, deadline=None)

# R package REAT 3.0.3, after Farhauer and Kroell (2013).
INDUSTRY = [500, 500, 1000, 7000, 1000]
REGIONS = [20000, 15000, 20000, 40000, 5000]


def pairs_gini(values):
    """Mean absolute difference over twice the mean, every pair."""
    values = np.asarray(values, dtype=float)
    return np.abs(values[:, None] - values).mean() / (2 * values.mean())


def area_gini(jobs, sizes):
    """Twice the area between diagonal and curve, by trapezoids."""
    sizes, jobs = np.asarray(sizes, dtype=float), np.asarray(jobs, dtype=float)
    jobs, sizes = jobs[sizes > 0], sizes[sizes > 0]
    order = np.argsort(jobs / sizes, kind="stable")
    across = np.concatenate(([0], np.cumsum(sizes[order]) / sizes.sum()))
    up = np.concatenate(([0], np.cumsum(jobs[order]) / jobs.sum()))
    return 1 - 2 * np.trapezoid(up, across)


def test_reat_locational():
    found = locational_gini(INDUSTRY, REGIONS, kind="unweighted")
    assert found == pytest.approx(0.4068966, abs=5e-8)
    # By hand: quotients 0.25, 1/3, 0.5, 1.75 and 2 give 2 x (sum of k L) / (5 x 4.8333) - 1.2.
    by_hand = 2 * (0.25 + 2 / 3 + 1.5 + 4 * 1.75 + 5 * 2) / (5 * (4.5 + 1 / 3)) - 1.2
    assert found == pytest.approx(by_hand, abs=1e-14)
    assert locational_gini(INDUSTRY, REGIONS) == pytest.approx(area_gini(INDUSTRY, REGIONS))


def test_reat_specialisation():
    """gini.spec: the manual's first example, and Freiburg 2014."""
    first = specialisation_gini([700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000])
    assert first == pytest.approx(0.62222222222, abs=1e-10)
    freiburg = [12121, 3154, 25484, 4798, 3372, 1059, 14837, 42931, 6673]
    germany = [7155807, 1696961, 6674652, 925648, 996498, 232167, 3992230, 7127512, 1123004]
    assert specialisation_gini(freiburg, germany) == pytest.approx(0.20890094386, abs=1e-10)
    assert gini(np.divide(freiburg, germany)) == pytest.approx(0.20890094386, abs=1e-10)


def test_reat_theil():
    """REAT's `theil` gives L (0.2326302, Stoermann 2009); T of the same data is another number."""
    incomes = [10, 10, 10, 20, 50]
    assert theil_index(incomes, kind="L") == pytest.approx(0.23263016196, abs=1e-10)
    by_hand = (3 * 0.5 * np.log(0.5) + 2.5 * np.log(2.5)) / 5
    assert theil_index(incomes) == pytest.approx(by_hand, abs=1e-14)
    assert by_hand == pytest.approx(0.2502012, abs=5e-8)


def test_econgeo_hoover_gini():
    """EconGeo, inputs of the help page of Hoover.Gini; the area under the curve by hand.

    Quotients 0, 2/3, 0.5, 1.2 and 5/3: the third region comes before the second.
    """
    jobs, people = [0, 10, 10, 30, 50], [10, 15, 20, 25, 30]
    assert locational_gini(jobs, people) == pytest.approx(area_gini(jobs, people), abs=1e-14)
    # Width of each region times twice the curve's height in its middle.
    by_hand = 1 - (0.1 * 0 + 0.2 * 0.1 + 0.15 * 0.3 + 0.25 * 0.7 + 0.3 * 1.5)
    assert locational_gini(jobs, people) == pytest.approx(by_hand, abs=1e-14)


@many
@given(JOBS)
def test_against_pairs_and_trapezoids(jobs):
    sizes = jobs.sum(axis=1)
    assume(sizes.sum() > 0)
    plain, hoover = gini(jobs), locational_gini(jobs)
    unweighted = locational_gini(jobs, kind="unweighted")
    theil, deviation = theil_index(jobs), theil_index(jobs, kind="L", zeros="drop")
    for place, column in enumerate(jobs.T):
        if column.sum() == 0:
            assert np.isnan([plain[place], hoover[place], unweighted[place], theil[place]]).all()
            continue
        assert plain[place] == pytest.approx(pairs_gini(column), abs=1e-12)
        assert hoover[place] == pytest.approx(area_gini(column, sizes), abs=1e-12)
        quotients = column[sizes > 0] / sizes[sizes > 0]
        assert unweighted[place] == pytest.approx(pairs_gini(quotients), abs=1e-12)
        ratio = column / column.mean()
        expected = sum(y * np.log(y) for y in ratio if y) / len(ratio)
        assert theil[place] == pytest.approx(expected, abs=1e-12)
        there = column[column > 0]
        expected = np.mean(np.log(there.mean() / there))
        assert deviation[place] == pytest.approx(expected, abs=1e-12)


@many
@given(JOBS, st.integers(2, 50), st.randoms(use_true_random=False))
def test_scale_order_and_bounds(jobs, factor, random):
    order = list(range(len(jobs)))
    random.shuffle(order)
    for one in (gini, theil_index, locational_gini):
        found = one(jobs)
        np.testing.assert_allclose(one(jobs * factor), found, atol=1e-12)
        np.testing.assert_allclose(one(jobs[order]), found, atol=1e-12)
        known = found[~np.isnan(found)]
        assert (known >= 0).all()
    assert not (gini(jobs) > 1 - 1 / len(jobs) + 1e-12).any()
    assert not (locational_gini(jobs) > 1).any()
    np.testing.assert_allclose(gini(jobs.T, of="regions"), gini(jobs), atol=1e-12)
    np.testing.assert_array_equal(
        locational_gini(scipy.sparse.csr_array(jobs)), locational_gini(jobs)
    )
    rows = jobs[jobs.sum(axis=1) > 0][:, jobs.sum(axis=0) > 0]
    if rows.size:
        expected = [pairs_gini(row) for row in location_quotient(rows)]
        np.testing.assert_allclose(specialisation_gini(rows), expected, atol=1e-12)


def test_splitting_a_region_tells_the_two_apart():
    whole, sizes = np.array([10.0, 30, 60]), np.array([40.0, 20, 40])
    halves, parts = np.repeat(whole / [1, 1, 2], [1, 1, 2]), np.repeat(sizes / [1, 1, 2], [1, 1, 2])
    assert locational_gini(halves, parts) == pytest.approx(locational_gini(whole, sizes))
    apart = locational_gini(halves, parts, kind="unweighted")
    assert abs(apart - locational_gini(whole, sizes, kind="unweighted")) > 0.01


def test_corrected():
    assert gini([0, 0, 9], corrected=True) == 1
    assert gini([[1, 2], [3, 2]], corrected=True).tolist() == [0.5, 0]
    assert np.isnan(gini([4], corrected=True))
    assert gini([4]) == 0


def test_labels_years_and_sparse():
    frame = pd.DataFrame([[3, 1], [1, 3]], index=["north", "south"], columns=["x", "y"])
    for one in (gini, theil_index, locational_gini):
        assert list(one(frame).index) == ["x", "y"]
    assert list(specialisation_gini(frame).index) == ["north", "south"]
    for one in (gini, theil_index):
        assert list(one(frame, of="regions").index) == ["north", "south"]
    by_year = locational_gini({2018: frame, 2021: frame * 2})
    assert by_year[2018].equals(by_year[2021])
    table = scipy.sparse.coo_array(np.array([[3, 0], [1, 3]]))
    assert locational_gini(table, kind="unweighted").shape == (2,)
    np.testing.assert_array_equal(gini(table), gini(table.toarray()))


def test_zeros_that_a_sparse_table_stores_are_zeros():
    stored = scipy.sparse.csr_array(([0.0, 5, 0, 2], ([0, 0, 1, 1], [0, 1, 0, 1])), (2, 2))
    for kind in ("hoover", "unweighted"):
        found = locational_gini(stored, kind=kind)
        np.testing.assert_array_equal(found, locational_gini(stored.toarray(), kind=kind))
    assert stored.nnz == 4


def test_gaps():
    jobs = np.array([[3, np.nan], [1, 3]])
    for one in (gini, theil_index):
        assert np.isnan(one(jobs)).tolist() == [False, True]
    for table in (jobs, scipy.sparse.csr_array(jobs)):
        with pytest.raises(InvalidInput, match="row 1, column employment 2"):
            locational_gini(table)
        assert np.isnan(locational_gini(table, [1, 1])).tolist() == [False, True]
    assert np.isnan(specialisation_gini(jobs, [1, 1])).tolist() == [True, False]
    assert np.isnan(theil_index([1, 0], kind="L"))
    assert theil_index([1, 0, 1], kind="L", zeros="drop") == 0
    # A region without size: half the jobs lie where the curve has no width, and have no quotient.
    assert locational_gini([1, 1], [0, 1]) == 0.5
    assert np.isnan(locational_gini([1, 1], [0, 1], kind="unweighted"))
    assert locational_gini([0, 1, 1], [0, 1, 1], kind="unweighted") == 0
    assert np.isnan(specialisation_gini([1, 1], [0, 1]))


def test_bad_input():
    for table in ([[1, -1]], scipy.sparse.csr_array([[1.0, -1]])):
        with pytest.raises(InvalidInput, match="negative"):
            locational_gini(table)
    with pytest.raises(InvalidInput, match="negative"):
        gini([1, -1])
    with pytest.raises(CannotAnswer, match="hoover, unweighted"):
        locational_gini([[1, 1]], kind="krugman")
    with pytest.raises(CannotAnswer, match="Theil"):
        theil_index([1, 1], kind="S")
    with pytest.raises(InvalidInput, match="reference is missing"):
        locational_gini([1, 2])
    with pytest.raises(InvalidInput, match="shape"):
        locational_gini(scipy.sparse.csr_array([[1.0, 1]]), [1, 2])
