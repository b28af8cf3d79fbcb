"""Krugman, Hoover, Hachman and the mean quotient."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.quotients.similarity import (
    average_quotient,
    hachman_index,
    hoover_index,
    krugman_index,
    specialisation_coefficient,
)
from clusteratlas.measures.quotients.specialisation import location_quotient
from clusteratlas.tables import InvalidInput

# R package EconGeo 1.3, the example matrix of its help pages; values as its functions give them.
ECONGEO = np.array(
    [
        [100, 0, 0, 0, 0],
        [0, 15, 5, 70, 10],
        [0, 20, 10, 20, 50],
        [0, 25, 30, 5, 40],
        [0, 40, 55, 5, 0],
    ]
)
SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
JOBS = arrays(np.float64, SHAPES, elements=st.integers(0, 5_000).map(float))
many = settings(max_examples=80, deadline=None)
ALL = [krugman_index, specialisation_coefficient, average_quotient, hachman_index, hoover_index]


def test_econgeo():
    close = np.testing.assert_allclose
    close(krugman_index(ECONGEO), [1.6, 1, 0.6, 0.7, 1.1], rtol=1e-14)
    close(specialisation_coefficient(ECONGEO), [0.8, 0.5, 0.3, 0.35, 0.55], rtol=1e-14)
    close(average_quotient(ECONGEO), [5, 2.625, 1.7, 1.575, 2.325], rtol=1e-14)
    close(hachman_index(ECONGEO), 1 / np.array([5, 2.625, 1.7, 1.575, 2.325]), rtol=1e-14)


def test_reat_two_regions():
    """R package REAT 3.0.3, krugman.spec: two regions without one industry in common."""
    assert krugman_index([20, 10, 70, 0, 0], [0, 0, 0, 60, 40]) == 2


def test_reat_hoover():
    """R package REAT 3.0.3, hoover: GDP of the German states against people, 2015."""
    gdp = [460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59]
    gdp += [131.95, 35.03, 112.66, 56.22, 85.61, 56.81]
    people = [10879618, 12843514, 3520031, 2484826, 671489, 1787408, 6176172, 1612362, 7926599]
    people += [17865516, 4052803, 995597, 4084851, 2245470, 2858714, 2170714]
    assert hoover_index(gdp, people) == pytest.approx(0.073589908887, abs=1e-12)


def test_by_hand():
    np.testing.assert_allclose(krugman_index([[3, 1], [1, 3]]), [0.5, 0.5])
    np.testing.assert_allclose(krugman_index([[3, 1], [1, 3]], halved=True), [0.25, 0.25])
    np.testing.assert_allclose(hoover_index([[3, 1], [1, 3]]), [0.25, 0.25])
    np.testing.assert_allclose(average_quotient([[3, 1], [1, 3]]), [1.25, 1.25])


@many
@given(JOBS, st.integers(2, 100))
def test_formulas_written_out(jobs, factor):
    assume((jobs.sum(axis=0) > 0).all() and (jobs.sum(axis=1) > 0).all())
    mix, sizes = jobs.sum(axis=0) / jobs.sum(), jobs.sum(axis=1) / jobs.sum()
    for region, row in enumerate(jobs):
        share = row / row.sum()
        away = sum(abs(a - b) for a, b in zip(share, mix, strict=True))
        assert krugman_index(jobs)[region] == pytest.approx(away, abs=1e-12)
        mean = sum(a * a / b for a, b in zip(share, mix, strict=True))
        assert average_quotient(jobs)[region] == pytest.approx(mean, rel=1e-12)
    for industry, column in enumerate(jobs.T):
        away = sum(abs(a - b) for a, b in zip(column / column.sum(), sizes, strict=True))
        assert hoover_index(jobs)[industry] == pytest.approx(away / 2, abs=1e-12)
    quotients = location_quotient(jobs)
    np.testing.assert_allclose(
        hachman_index(jobs), 1 / (jobs / jobs.sum(axis=1)[:, None] * quotients).sum(axis=1)
    )
    for one in ALL:
        np.testing.assert_allclose(one(jobs * factor), one(jobs), rtol=1e-9, atol=1e-12)


@many
@given(JOBS, st.randoms(use_true_random=False))
def test_order_bounds_and_merging(jobs, random):
    assume((jobs.sum(axis=0) > 0).all())
    order = list(range(len(jobs)))
    random.shuffle(order)
    for one in ALL[:4]:
        np.testing.assert_allclose(one(jobs[order]), one(jobs)[order], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(hoover_index(jobs[order]), hoover_index(jobs), atol=1e-12)
    known = jobs.sum(axis=1) > 0
    assert np.isnan(krugman_index(jobs)[~known]).all()
    assert ((krugman_index(jobs)[known] >= 0) & (krugman_index(jobs)[known] <= 2)).all()
    assert (average_quotient(jobs)[known] >= 1 - 1e-12).all()
    merged = np.vstack([jobs[0] + jobs[1], jobs[2:]])
    assert (hoover_index(merged) <= hoover_index(jobs) + 1e-12).all()


def test_regions_of_one_mix_merge_without_a_trace():
    jobs = np.array([[10.0, 5], [20, 10], [1, 8]])
    merged = np.vstack([jobs[0] + jobs[1], jobs[2:]])
    np.testing.assert_allclose(hoover_index(merged), hoover_index(jobs), rtol=1e-13)
    np.testing.assert_allclose(krugman_index(merged)[0], krugman_index(jobs)[0], rtol=1e-13)


def test_labels_and_sparse():
    frame = pd.DataFrame([[3, 1], [1, 3]], index=["north", "south"], columns=["x", "y"])
    assert list(krugman_index(frame).index) == ["north", "south"]
    assert list(hachman_index(frame).index) == ["north", "south"]
    assert list(hoover_index(frame, pd.Series([1, 3], index=["south", "north"])).index) == [
        "x",
        "y",
    ]
    assert hoover_index(frame, pd.Series([1, 3], index=["south", "north"]))["x"] == 0
    table = scipy.sparse.csr_array(ECONGEO)
    for one in ALL:
        np.testing.assert_array_equal(one(table), one(ECONGEO))
    years = krugman_index(np.stack([ECONGEO, ECONGEO[::-1]]))
    np.testing.assert_array_equal(years[1], years[0][::-1])


def test_a_withheld_cell_marks_its_region_or_refuses_all():
    jobs = [[3, np.nan], [1, 3]]
    for one in ALL[:4]:
        with pytest.raises(InvalidInput, match="not known"):
            one(jobs)
        assert np.isnan(one(jobs, [1, 1])).tolist() == [True, False]
    with pytest.raises(InvalidInput, match="complete the table first"):
        hoover_index(jobs)
    assert np.isnan(hoover_index(jobs, [1, 1])).tolist() == [False, True]
    with pytest.raises(InvalidInput, match="reference is not known"):
        hoover_index(jobs, [1, np.nan])


def test_what_has_no_answer():
    assert np.isnan(krugman_index([[0, 0], [1, 3]])).tolist() == [True, False]
    assert np.isnan(hoover_index([[0, 1], [0, 3]])).tolist() == [True, False]
    assert np.isnan(average_quotient([[1, 1], [0, 3]], [0, 5])).tolist() == [True, False]
    assert hachman_index([[0, 1], [0, 3]]).tolist() == [1, 1]


@pytest.mark.parametrize("one", ALL)
def test_bad_input(one):
    with pytest.raises(InvalidInput, match="negative"):
        one([[1, -1], [1, 3]])
    with pytest.raises(InvalidInput, match="reference is missing"):
        one([1, 2])
    with pytest.raises(InvalidInput, match="shape"):
        one([[1, 1], [1, 3]], [1, 2, 3])
    with pytest.raises(InvalidInput, match="no figures"):
        one([["D", "1"]])
    jobs = np.array([[3.0, 1], [1, 3]])
    one(jobs)
    np.testing.assert_array_equal(jobs, [[3, 1], [1, 3]])


def test_an_empty_table_gives_an_empty_answer():
    assert krugman_index(np.zeros((0, 3))).shape == (0,)
    assert hoover_index(np.zeros((0, 3))).shape == (3,)
    assert np.isnan(hachman_index(np.zeros((3, 0)))).all()
