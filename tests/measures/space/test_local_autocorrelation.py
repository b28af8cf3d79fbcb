"""LISA and Getis-Ord: by hand, published, against plain loops, ties, many tests, bad input."""

from __future__ import annotations

from itertools import permutations as all_orders

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from scipy import stats
from tests.measures.space.test_autocorrelation import FIGURES, LATTICE

from clusteratlas.measures.space.conditional import Draws
from clusteratlas.measures.space.hot_spots import getis_ord
from clusteratlas.measures.space.local_autocorrelation import local_moran
from clusteratlas.measures.space.neighbours import distance_band, nearest_neighbours
from clusteratlas.measures.space.significance import false_discovery_adjusted, pseudo_p
from clusteratlas.tables import CannotAnswer, InvalidInput

LOCAL = [
    0.9230769230769231,
    0.4102564102564103,
    0.0,
    0.4102564102564103,
    0.0,
    0.41025641025641013,
    0.0,
    0.41025641025641013,
    1.5384615384615383,
]
STAR = [
    -1.9414506867883015,
    -1.578704434752652,
    -0.27735009811261413,
    -1.578704434752652,
    0.0,
    1.578704434752653,
    -0.27735009811261413,
    1.578704434752653,
    2.4961508830135313,
]


def test_the_lattice_of_nine_as_esda_prints_it():
    found = local_moran(FIGURES, LATTICE)
    np.testing.assert_allclose(found.statistic, LOCAL, rtol=1e-13, atol=1e-15)
    assert found.p is None
    assert found.significant is None
    np.testing.assert_allclose(getis_ord(FIGURES, LATTICE).z, STAR, rtol=1e-13, atol=1e-14)


def test_local_figures_sum_to_the_global_one():
    found = local_moran(FIGURES, LATTICE, ddof=0)
    assert found.statistic.sum() / 9 == pytest.approx(0.5128205128205128, rel=1e-13)


def test_quadrants_say_the_region_then_its_neighbours():
    row = np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1)
    found = local_moran([9, 9, 0, 9, 0], row)
    assert found.quadrant.tolist() == [1, 4, 2, 4, 2]
    assert local_moran([0, 0, 0, 0, 9], row).quadrant.tolist() == [3, 3, 3, 2, 4]


@pytest.mark.parametrize("star", [True, False])
def test_getis_ord_against_loops(star):
    rng = np.random.default_rng(1)
    weights = rng.random((11, 11)) * (rng.random((11, 11)) < 0.5)
    np.fill_diagonal(weights, 0.7)
    x = rng.pareto(1.5, 11)
    found = getis_ord(x, weights, star=star).z
    for i in range(11):
        others = [j for j in range(11) if star or j != i]
        m = len(others)
        mean = sum(x[j] for j in others) / m
        spread = np.sqrt(sum(x[j] ** 2 for j in others) / m - mean**2)
        total = sum(weights[i, j] for j in others)
        of_squares = sum(weights[i, j] ** 2 for j in others)
        above = sum(weights[i, j] * x[j] for j in others) - total * mean
        below = spread * np.sqrt((m * of_squares - total**2) / (m - 1))
        assert found[i] == pytest.approx(above / below, rel=1e-10)


def test_standardising_rows_changes_no_score_but_the_variance_by_counts_does():
    plain = getis_ord(FIGURES, LATTICE).z
    np.testing.assert_allclose(getis_ord(FIGURES, LATTICE, standardise="row").z, plain, rtol=1e-12)
    counts = getis_ord(FIGURES, LATTICE, variance="counts").z
    np.testing.assert_allclose(counts, plain, rtol=1e-12)  # weights of 1
    other = getis_ord(FIGURES, LATTICE, standardise="row", variance="counts").z
    # Corner: lag 7 against mean 4 and deviation sqrt(52 / 9), row sum 1.
    assert other[8] == pytest.approx(3 / np.sqrt(52 / 9), rel=1e-12)


def exact_shares(x, weights, i):
    """Shares of all conditional orders with a lag at least, and at most, the observed one."""
    others = [j for j in range(len(x)) if j != i]
    row = np.delete(weights[i], i)
    seen = row @ x[others]
    lags = np.array([row @ x[list(order)] for order in all_orders(others)])
    return np.mean(lags >= seen - 1e-12), np.mean(lags <= seen + 1e-12)


@pytest.mark.parametrize("even", [True, False])
def test_draws_come_near_all_conditional_orders(even):
    x = np.array([3.0, 0, 0, 5, 1, 5, 0])
    weights = np.diag(np.ones(6), 1) + np.diag(np.ones(5), -2)
    weights[0, 3] = weights[0, 5] = 1
    if not even:
        weights *= np.arange(1, 8)
    draws = Draws(scipy.sparse.csr_array(weights), 6000, np.random.default_rng(1))
    assert draws.even == even
    above, below = draws.counts(x[:, None])
    for i in range(7):
        if weights[i].any():
            at_least, at_most = exact_shares(x, weights, i)
            assert above[i, 0] / 6000 == pytest.approx(at_least, abs=0.025)
            assert below[i, 0] / 6000 == pytest.approx(at_most, abs=0.025)


def test_the_short_cut_for_even_weights_counts_as_the_plain_loop_does():
    rng = np.random.default_rng(2)
    weights = distance_band(rng.random((80, 2)), radius=0.2)
    table = np.concatenate(
        (rng.poisson(0.3, (80, 20)), rng.pareto(1.1, (80, 20)), rng.integers(0, 3, (80, 4)) / 7),
        axis=1,
    )
    draws = Draws(weights, 99, rng)
    for one, other in zip(draws._even(table), draws._uneven(table), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_region_among_nothing_is_never_significant():
    x = np.zeros(60)
    x[0] = 100.0
    weights = nearest_neighbours(np.random.default_rng(3).random((60, 2)), count=4)
    found = local_moran(x, weights, permutations=999, rng=np.random.default_rng(0))
    assert not found.significant.any()
    assert found.p[0] == 1.0  # every draw ties: all others are 0
    directed = local_moran(
        x, weights, permutations=999, alternative="directed", rng=np.random.default_rng(0)
    )
    assert directed.p[0] == 0.001  # ties left out of the lower tail: what older packages print


def test_a_hot_spot_is_found_and_noise_is_not():
    rng = np.random.default_rng(4)
    points = rng.random((400, 2))
    weights = nearest_neighbours(points, count=6)
    table = rng.normal(size=(400, 3))
    centre = np.hypot(*(points - 0.5).T) < 0.15
    table[centre, 0] += 4
    for measured in (local_moran, getis_ord):
        found = measured(table, weights, permutations=999, rng=np.random.default_rng(5))
        assert found.significant[centre, 0].mean() > 0.7
        assert found.significant[:, 1:].mean() < 0.01
    assert set(local_moran(table, weights).quadrant[centre, 0]) <= {1, 2, 4}


def test_p_is_shared_by_all_industries_and_can_be_repeated():
    rng = np.random.default_rng(6)
    weights = nearest_neighbours(rng.random((50, 2)), count=3)
    table = rng.random((50, 70))
    one = local_moran(table, weights, permutations=99, rng=np.random.default_rng(1))
    two = local_moran(table[:, 69], weights, permutations=99, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(one.p[:, 69], two.p)
    assert two.p.shape == (50,)


def test_pseudo_p_by_hand():
    np.testing.assert_allclose(pseudo_p([0, 50, 99], [99, 60, 0], 99, "two-sided"), [0.02, 1, 0.02])
    np.testing.assert_allclose(pseudo_p([99], [99], 99, "directed"), [0.01])
    np.testing.assert_allclose(pseudo_p([99], [99], 99, "two-sided"), [1.0])
    np.testing.assert_allclose(pseudo_p([9], [95], 99, "lesser"), [0.96])


def test_false_discovery_against_scipy_and_over_all():
    p = np.random.default_rng(7).random((40, 5)) ** 3
    for column in range(5):
        expected = stats.false_discovery_control(p[:, column])
        np.testing.assert_allclose(
            false_discovery_adjusted(p, "industry")[:, column], expected, rtol=1e-12
        )
    expected = stats.false_discovery_control(p.ravel())
    np.testing.assert_allclose(false_discovery_adjusted(p, "all").ravel(), expected, rtol=1e-12)
    gappy = np.array([0.01, np.nan, 0.04])
    np.testing.assert_allclose(false_discovery_adjusted(gappy, "all"), [0.02, np.nan, 0.04])


def test_families_differ():
    rng = np.random.default_rng(8)
    weights = nearest_neighbours(rng.random((60, 2)), count=4)
    table = rng.random((60, 4))
    table[:12, 0] += np.repeat([5.0], 12)
    one = getis_ord(table, weights)
    every = getis_ord(table, weights, family="all")
    np.testing.assert_array_equal(one.p, every.p)
    assert not np.array_equal(one.adjusted, every.adjusted)


@pytest.mark.parametrize("measured", [local_moran, getis_ord])
def test_gaps_constants_and_islands(measured):
    rng = np.random.default_rng(9)
    weights = distance_band(np.vstack((rng.random((20, 2)), [[9, 9]])), radius=0.4)
    table = rng.random((21, 4))
    whole = measured(table, weights, permutations=19, rng=np.random.default_rng(0))
    gappy = table.copy()
    gappy[3, 1] = np.nan
    gappy[:, 2] = 7
    found = measured(gappy, weights, permutations=19, rng=np.random.default_rng(0))
    assert found.islands == (20,)
    assert np.isnan(found.p[:, 1:3]).all()
    assert not found.significant[:, 1:3].any()
    np.testing.assert_array_equal(found.p[:, [0, 3]], whole.p[:, [0, 3]])
    if measured is local_moran:
        assert np.isnan(found.statistic[20]).all()
        assert (found.quadrant[20] == 0).all()
        assert (found.quadrant[:, 1:3] == 0).all()
    else:
        assert found.p[20, 0] == 1.0  # its own figure is all it has: nothing to draw
        assert np.isnan(getis_ord(table, weights, star=False).z[20]).all()


def test_labels_are_kept_and_sparse_is_dense():
    rng = np.random.default_rng(10)
    frame = pd.DataFrame(
        rng.poisson(1.0, (9, 3)), index=list("abcdefghi"), columns=["cars", "wine", "rail"]
    )
    found = local_moran(frame, LATTICE, permutations=9, rng=np.random.default_rng(0))
    for one in (found.statistic, found.p, found.quadrant, found.significant):
        assert list(one.index) == list(frame.index)
        assert list(one.columns) == list(frame.columns)
    plain = local_moran(scipy.sparse.csr_matrix(frame.to_numpy()), LATTICE)
    np.testing.assert_array_equal(plain.statistic, found.statistic.to_numpy())
    assert list(getis_ord(frame, LATTICE).z.columns) == list(frame.columns)


def test_row_order_is_irrelevant():
    order = np.random.default_rng(11).permutation(9)
    turned = LATTICE.toarray()[np.ix_(order, order)]
    x = np.array(FIGURES, dtype=float)
    np.testing.assert_allclose(
        local_moran(x[order], turned).statistic, np.array(LOCAL)[order], atol=1e-13
    )
    np.testing.assert_allclose(
        getis_ord(3 * x[order] + 5, turned).z, np.array(STAR)[order], atol=1e-12
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"permutations": 9}, "rng is missing"),
        ({"false_discovery": 5}, "false_discovery"),
        ({"permutations": 2.5, "rng": np.random.default_rng(0)}, "permutations"),
    ],
)
@pytest.mark.parametrize("measured", [local_moran, getis_ord])
def test_bad_options_are_refused(measured, options, message):
    with pytest.raises(InvalidInput, match=message):
        measured(FIGURES, LATTICE, **options)


def test_other_refusals():
    with pytest.raises(InvalidInput, match="ddof"):
        local_moran(FIGURES, LATTICE, ddof=2)
    with pytest.raises(CannotAnswer, match="no region has a neighbour"):
        local_moran(FIGURES, np.zeros((9, 9)))
    with pytest.raises(CannotAnswer, match="family"):
        getis_ord(FIGURES, LATTICE, family="regions")
    with pytest.raises(CannotAnswer, match="variance"):
        getis_ord(FIGURES, LATTICE, variance="count")


def test_inputs_are_left_alone():
    table, weights = np.random.default_rng(0).random((9, 2)), LATTICE.copy()
    kept = table.copy()
    local_moran(table, weights, permutations=9, rng=np.random.default_rng(0))
    getis_ord(table, weights, permutations=9, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(table, kept)
    assert (weights != LATTICE).nnz == 0
