"""Moran's I and Geary's C: by hand, published, against plain loops, and under bad input."""

from __future__ import annotations

from itertools import permutations as all_orders

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.space.autocorrelation import geary, moran
from clusteratlas.measures.space.neighbours import contiguity, nearest_neighbours
from clusteratlas.tables import CannotAnswer, InvalidInput

LATTICE = contiguity(
    [(3 * r + c, 3 * r + c + 1) for r in range(3) for c in range(2)]
    + [(3 * r + c, 3 * r + c + 3) for r in range(2) for c in range(3)],
    regions=9,
)
FIGURES = [1, 2, 3, 2, 4, 6, 3, 6, 9]
ROW = np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1)


def loops(x, w):
    """I and C by the letter of their definitions."""
    n = len(x)
    z = [one - sum(x) / n for one in x]
    s0 = sum(w[i][j] for i in range(n) for j in range(n))
    squares = sum(one * one for one in z)
    alike = sum(w[i][j] * z[i] * z[j] for i in range(n) for j in range(n))
    unlike = sum(w[i][j] * (x[i] - x[j]) ** 2 for i in range(n) for j in range(n))
    return n / s0 * alike / squares, (n - 1) / (2 * s0) * unlike / squares


def test_the_lattice_of_nine_as_esda_prints_it():
    found = moran(FIGURES, LATTICE)
    assert found.statistic == pytest.approx(0.5128205128205128, abs=1e-15)
    assert found.expected == -0.125
    assert found.z_normality == pytest.approx(2.6665234386930226, rel=1e-13)
    assert found.z_randomisation == pytest.approx(2.7144517029143684, rel=1e-13)
    assert geary(FIGURES, LATTICE).statistic == pytest.approx(0.36467236467236464, abs=1e-15)
    assert found.islands == ()
    assert found.p is None


@pytest.mark.parametrize("standardise", ["row", "none", "binary"])
def test_against_loops(standardise):
    rng = np.random.default_rng(3)
    weights = rng.random((12, 12)) * (rng.random((12, 12)) < 0.4)
    table = rng.normal(size=(12, 3))
    used = {
        "none": weights,
        "binary": (weights > 0).astype(float),
        "row": weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300),
    }[standardise]
    by_loops = np.array([loops(column, used) for column in table.T])
    one = moran(table, weights, standardise=standardise)
    other = geary(table, weights, standardise=standardise)
    np.testing.assert_allclose(one.statistic, by_loops[:, 0], rtol=1e-12)
    np.testing.assert_allclose(other.statistic, by_loops[:, 1], rtol=1e-12)


@pytest.mark.parametrize("measured", [moran, geary])
def test_moments_under_randomisation_are_those_of_all_orders(measured):
    figures, weights = np.array([3.0, 1, 7, 2, 2, 9]), np.zeros((6, 6))
    for a, b, much in [(0, 1, 1), (1, 2, 2), (2, 3, 1), (3, 4, 3), (5, 0, 1), (2, 5, 1)]:
        weights[a, b] = much
    place = 0 if measured is moran else 1
    every = [loops(figures[list(order)], weights)[place] for order in all_orders(range(6))]
    found = measured(figures, weights, standardise="none")
    assert np.mean(every) == pytest.approx(found.expected, rel=1e-12)
    score = (found.statistic - np.mean(every)) / np.std(every)
    assert found.z_randomisation == pytest.approx(score, rel=1e-10)


@pytest.mark.parametrize("measured", [moran, geary])
def test_p_comes_near_the_share_of_all_orders(measured):
    figures = np.array([3.0, 1, 7, 2, 2, 9])
    weights = np.diag(np.ones(5), 1) + np.diag(np.ones(5), -1)
    place = 0 if measured is moran else 1
    seen = loops(figures, weights)[place]
    every = np.array(
        [loops(figures[list(order)], weights)[place] for order in all_orders(range(6))]
    )
    exact = np.mean(every >= seen - 1e-12)
    found = measured(
        figures,
        weights,
        standardise="none",
        permutations=4000,
        alternative="greater",
        rng=np.random.default_rng(1),
    )
    assert found.p == pytest.approx(exact, abs=0.03)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=9, max_size=9).filter(lambda x: len(set(x)) > 1),
    st.floats(0.5, 20),
    st.floats(-100, 100),
    st.permutations(range(9)),
)
def test_unit_origin_and_row_order_change_nothing(figures, scale, shift, order):
    x = np.array(figures, dtype=float)
    turned = LATTICE.toarray()[np.ix_(order, order)]
    for measured in (moran, geary):
        plain = measured(x, LATTICE)
        other = measured(x[list(order)] * scale + shift, turned)
        assert other.statistic == pytest.approx(plain.statistic, rel=1e-7, abs=1e-9)
        assert other.z_randomisation == pytest.approx(plain.z_randomisation, rel=1e-6, abs=1e-7)
    assert geary(x, LATTICE).statistic >= 0


def test_all_industries_at_once_share_the_shuffles_and_can_be_repeated():
    table = np.random.default_rng(5).normal(size=(9, 70))  # more than one block
    one = moran(table, LATTICE, permutations=70, rng=np.random.default_rng(7))
    two = moran(table, LATTICE, permutations=70, rng=np.random.default_rng(7))
    np.testing.assert_array_equal(one.p, two.p)
    for column in (0, 69):
        alone = moran(table[:, column], LATTICE, permutations=70, rng=np.random.default_rng(7))
        assert alone.p == one.p[column]
        assert alone.statistic == pytest.approx(one.statistic[column], rel=1e-12)


def test_labels_are_kept_and_islands_are_named():
    frame = pd.DataFrame(
        {"cars": [1.0, 2, 4, 9], "wine": [4.0, 4, 1, 2]}, index=["Bern", "Uri", "Jura", "Guam"]
    )
    weights = contiguity([("Bern", "Uri"), ("Uri", "Jura")], regions=list(frame.index))
    found = moran(frame, weights)
    assert list(found.statistic.index) == ["cars", "wine"]
    assert found.islands == ("Guam",)
    plain = moran(scipy.sparse.csr_matrix(frame.to_numpy()), weights)
    np.testing.assert_array_equal(found.statistic.to_numpy(), plain.statistic)
    assert plain.islands == (3,)


def test_several_years_in_one_call():
    years = np.random.default_rng(1).random((2, 9, 3))
    by_year = moran({2018: years[0], 2021: years[1]}, LATTICE)
    np.testing.assert_array_equal(by_year[2021].statistic, moran(years, LATTICE)[1].statistic)


@pytest.mark.parametrize("measured", [moran, geary])
def test_a_gap_or_a_constant_spoils_its_own_industry_only(measured):
    table = np.random.default_rng(2).random((9, 4))
    whole = measured(table, LATTICE, permutations=9, rng=np.random.default_rng(0))
    gappy = table.copy()
    gappy[4, 1] = np.nan
    gappy[:, 2] = 0.1
    found = measured(gappy, LATTICE, permutations=9, rng=np.random.default_rng(0))
    for one, other in (
        (found.statistic, whole.statistic),
        (found.z_normality, whole.z_normality),
        (found.z_randomisation, whole.z_randomisation),
        (found.p, whole.p),
    ):
        assert np.isnan(one[1:3]).all()
        np.testing.assert_array_equal(one[[0, 3]], other[[0, 3]])
    assert np.isnan(gappy[4, 1])


def test_three_regions_have_no_score_under_randomisation():
    assert np.isnan(moran([1, 2, 4], ROW[:3, :3]).z_randomisation)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((FIGURES, LATTICE), {"permutations": 9}, "rng is missing"),
        ((FIGURES, LATTICE), {"permutations": -1}, "permutations"),
        (([1, np.inf, *FIGURES[2:]], LATTICE), {}, "infinite"),
        ((FIGURES[:8], LATTICE), {}, "shape"),
        (([1, 2], [[0, 1], [1, 0]]), {}, "at least 3"),
    ],
)
def test_bad_input_is_refused(arguments, options, message):
    with pytest.raises(InvalidInput, match=message):
        moran(*arguments, **options)


def test_no_neighbours_no_answer():
    with pytest.raises(CannotAnswer, match="no region has a neighbour"):
        moran(FIGURES, np.eye(9))
    with pytest.raises(CannotAnswer, match="did you mean"):
        geary(FIGURES, LATTICE, alternative="two_sided")


def test_counties_in_bulk():
    rng = np.random.default_rng(0)
    weights = nearest_neighbours(rng.random((300, 2)), count=5)
    table = rng.poisson(0.3, (300, 130)).astype(float)
    found = moran(table, weights, permutations=99, rng=rng)
    assert 0 < np.mean(found.p <= 0.1) < 0.25
    assert abs(np.mean(found.z_randomisation)) < 0.3


def test_the_largest_figures_give_no_warning():
    ring = np.roll(np.eye(5), 1, axis=0) + np.roll(np.eye(5), -1, axis=0)
    small, large = (moran(np.array([1.0, 2, 3, 5, 8]) * size, ring) for size in (1.0, 1e98))
    np.testing.assert_allclose(large.z_randomisation, small.z_randomisation, rtol=1e-12)
    np.testing.assert_allclose(large.statistic, small.statistic, rtol=1e-12)
