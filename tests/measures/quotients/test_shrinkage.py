"""Quotients of small counts: the formula, the likelihood, and intervals that hold what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.optimize
import scipy.sparse
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.quotients.shrinkage import shrunk_quotient
from clusteratlas.measures.quotients.specialisation import location_quotient
from clusteratlas.tables import InvalidInput

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
JOBS = arrays(np.float64, SHAPES, elements=(st.integers(0, 500) | st.just(0)).map(float))


def simulated(rng, *, shape, regions=400, share=(0.02, 0.1)):
    """Counts whose specialisation varies as a gamma distribution of a known shape."""
    size = np.round(np.exp(rng.normal(6, 1.2, regions)))
    share = np.array(share)
    true = rng.gamma(shape, 1 / np.asarray(shape), (regions, len(share)))
    return size, share, true, rng.poisson(size[:, None] * share * true).astype(float)


def likeliest(jobs, size, share):
    """The k of greatest likelihood, by scipy's negative binomial."""

    def against(log_k):
        shape = np.exp(log_k) * share
        return -scipy.stats.nbinom.logpmf(jobs, shape, shape / (shape + size * share)).sum()

    return np.exp(
        scipy.optimize.minimize_scalar(
            against, bounds=(-8, 16), method="bounded", options={"xatol": 1e-9}
        ).x
    )


def test_k_is_the_likeliest_and_the_formula_follows():
    size, share, _, jobs = simulated(np.random.default_rng(1), shape=[2.0, 8.0])
    figures = {"total": size, "reference_total": 1.0}
    found = shrunk_quotient(jobs, share, **figures)
    for place in range(2):
        expected = likeliest(jobs[:, place], size, share[place])
        assert found.k[place] == pytest.approx(expected, rel=1e-4)
    np.testing.assert_allclose(found.k * share, [2.0, 8.0], rtol=0.3)
    by_formula = (jobs + found.k * share) / (size[:, None] + found.k) / share
    np.testing.assert_allclose(found.quotient, by_formula, rtol=1e-12)
    shape, rate = jobs + found.k * share, (size[:, None] + found.k) * share
    np.testing.assert_allclose(found.low, scipy.stats.gamma.ppf(0.05, shape, scale=1 / rate))
    np.testing.assert_allclose(found.high, scipy.stats.gamma.ppf(0.95, shape, scale=1 / rate))


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_intervals_hold_the_truth_as_often_as_they_say(level):
    held, error, raw_error = [], [], []
    for seed in range(10):
        size, share, true, jobs = simulated(np.random.default_rng(seed), shape=[1.5, 6.0])
        found = shrunk_quotient(jobs, share, total=size, reference_total=1.0, level=level)
        held.append((found.low <= true) & (true <= found.high))
        error.append((found.quotient - true) ** 2)
        raw_error.append((jobs / size[:, None] / share - true) ** 2)
    # 8,000 intervals: three standard errors of a share near 0.9 are 0.01, near 0.5 0.017.
    assert np.mean(held) == pytest.approx(level, abs=0.02)
    assert np.mean(error) < 0.8 * np.mean(raw_error)


def test_counts_that_vary_by_chance_alone_are_all_one():
    rng = np.random.default_rng(3)
    size = np.full(50, 1000.0)
    even = np.full((50, 1), 20.0)
    found = shrunk_quotient(even, [0.02], total=size, reference_total=1.0)
    assert np.isinf(found.k[0])
    assert (found.quotient == 1).all()
    assert (found.low == 1).all()
    chance = rng.poisson(20, (50, 200)).astype(float)
    found = shrunk_quotient(chance, np.full(200, 0.02), total=size, reference_total=1.0)
    # Half the columns vary less than they should, and are taken for chance alone.
    assert 0.3 < np.isinf(found.k).mean() < 0.8
    assert np.abs(found.quotient - 1).max() < 0.35


def test_by_hand():
    """Counts 4 and 16 around 10, twice: (e + a) / (10 + a) for the a that is likeliest."""
    found = shrunk_quotient([4, 16, 4, 16], [40], total=[100] * 4, reference_total=400)
    expected = likeliest(np.array([4, 16, 4, 16]), np.full(4, 100.0), 0.1)
    assert found.k[0] == pytest.approx(expected, rel=1e-5)
    prior = found.k[0] * 0.1
    np.testing.assert_allclose(
        found.quotient[:2], [(4 + prior) / (10 + prior), (16 + prior) / (10 + prior)]
    )
    assert (found.low < found.quotient).all()
    assert (found.quotient < found.high).all()


@settings(max_examples=60, deadline=None)
@given(JOBS, st.randoms(use_true_random=False))
def test_it_lies_between_one_and_the_quotient(jobs, random):
    found, plain = shrunk_quotient(jobs), location_quotient(jobs)
    np.testing.assert_array_equal(np.isnan(found.quotient), np.isnan(plain))
    known = ~np.isnan(plain)
    least, most = np.minimum(plain, 1)[known], np.maximum(plain, 1)[known]
    inside = found.quotient[known]
    assert ((inside >= least - 1e-9) & (inside <= most + 1e-9)).all()
    order = list(range(len(jobs)))
    random.shuffle(order)
    np.testing.assert_allclose(
        shrunk_quotient(jobs[order]).quotient, found.quotient[order], rtol=1e-5
    )


def test_labels_sparse_and_years():
    frame = pd.DataFrame([[30, 1], [1, 30], [9, 9]], index=["a", "b", "c"], columns=["x", "y"])
    found = shrunk_quotient(frame)
    assert list(found.quotient.index) == ["a", "b", "c"]
    assert list(found.k.index) == ["x", "y"]
    sparse = shrunk_quotient(scipy.sparse.csr_array(frame.to_numpy()))
    np.testing.assert_array_equal(sparse.quotient, found.quotient)
    years = shrunk_quotient(np.stack([frame.to_numpy(), frame.to_numpy() * 2]))
    assert years.quotient.shape == (2, 3, 2)


def test_gaps():
    jobs = np.array([[30.0, np.nan], [1, 30], [9, 9], [20, 1]])
    with pytest.raises(InvalidInput, match="complete the table first"):
        shrunk_quotient(jobs)
    figures = {"reference": [60, 50], "total": [40, 31, 18, 21], "reference_total": 110}
    found = shrunk_quotient(jobs, **figures)
    assert np.isnan(found.quotient).sum() == 1
    without = shrunk_quotient(jobs[1:], [60, 50], total=[31, 18, 21], reference_total=110)
    assert found.k[1] == pytest.approx(without.k[1])
    empty = shrunk_quotient([[0, 0], [3, 0], [5, 0]])
    assert np.isnan(empty.k).tolist() == [False, True]
    assert np.isnan(empty.quotient[0]).all()


def test_bad_input():
    with pytest.raises(InvalidInput, match="negative"):
        shrunk_quotient([[1, -1]])
    with pytest.raises(InvalidInput, match="level"):
        shrunk_quotient([[1, 1]], level=90)
    with pytest.raises(InvalidInput, match="total is missing"):
        shrunk_quotient([1, 1])
    with pytest.raises(InvalidInput, match="reference_total is missing"):
        shrunk_quotient([[1, 1]], [1, 1], total=[2])
