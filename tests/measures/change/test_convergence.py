"""Convergence: by hand, against scipy and least squares, and what must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures.change.convergence import convergence
from clusteratlas.tables import CannotAnswer, InvalidInput

WAGES = arrays(float, (8, 2), elements=st.integers(1, 900).map(float), unique=True)


def panel(regions=40, industries=3, seed=5):
    random = np.random.default_rng(seed)
    start = random.lognormal(3, 0.6, (regions, industries))
    end = start**0.7 * random.lognormal(1, 0.2, (regions, industries))
    return start, end


def test_half_the_gap_in_ten_years_by_hand():
    found = convergence([1, 4, 16], [2, 4, 8], years=10)
    assert found.beta == pytest.approx(-0.05)
    assert found.intercept == pytest.approx(0.05 * np.log(4))
    assert found.speed == pytest.approx(np.log(2) / 10)
    assert found.half_life == pytest.approx(10)
    assert found.r_squared == pytest.approx(1)
    assert found.regions == 3


def test_spread_by_hand():
    found = convergence([2, 4, 6], [3, 4, 5], years=1, kind="sigma")
    assert (found.variation_start, found.variation_end) == (0.5, 0.25)
    whole = convergence([2, 4, 6], [3, 4, 5], years=1, kind="sigma", ddof=0)
    assert whole.variation_start == pytest.approx(np.sqrt(8 / 3) / 4)
    assert found.change == pytest.approx(whole.change)
    assert found.change == pytest.approx(found.log_deviation_end / found.log_deviation_start - 1)


def test_each_industry_against_scipy():
    start, end = panel()
    found = convergence(start, end, years=12)
    for place in range(start.shape[1]):
        x, y = np.log(start[:, place]), np.log(end[:, place] / start[:, place]) / 12
        other = scipy.stats.linregress(x, y)
        mine = [field[place] for field in found[:5]]
        expected = [other.slope, other.intercept, other.stderr, other.pvalue, other.rvalue**2]
        np.testing.assert_allclose(mine, expected, rtol=1e-9, atol=1e-12)


def test_with_controls_against_least_squares():
    start, end = panel(seed=9)
    z = np.random.default_rng(2).normal(size=(40, 2))
    start[3, 1], z[7, 0] = np.nan, np.nan
    found = convergence(start, end, years=5, controls=z)
    assert found.regions.tolist() == [39, 38, 39]
    for place in range(3):
        rows = ~np.isnan(start[:, place]) & ~np.isnan(z).any(axis=1)
        x, y = np.log(start[rows, place]), np.log(end[rows, place] / start[rows, place]) / 5
        matrix = np.column_stack([np.ones(rows.sum()), x, z[rows]])
        factors, left, *_ = np.linalg.lstsq(matrix, y, rcond=None)
        error = np.sqrt(left[0] / (rows.sum() - 4) * np.linalg.inv(matrix.T @ matrix)[1, 1])
        mine = [field[place] for field in found[:4]]
        p_value = 2 * scipy.stats.t.sf(abs(factors[1] / error), rows.sum() - 4)
        np.testing.assert_allclose(mine, [factors[1], factors[0], error, p_value], rtol=1e-8)
        fit = 1 - left[0] / ((y - y.mean()) ** 2).sum()
        assert found.r_squared[place] == pytest.approx(fit)
    one = convergence(start[:, 0], end[:, 0], years=5, controls=z[:, 0])
    assert one.beta != pytest.approx(found.beta[0])


def test_spread_against_numpy():
    start, end = panel(seed=1)
    for ddof in (0, 1):
        found = convergence(start, end, years=3, kind="sigma", ddof=ddof)
        for one, values in (("start", start), ("end", end)):
            deviation = values.std(axis=0, ddof=ddof)
            np.testing.assert_allclose(
                getattr(found, f"variation_{one}"), deviation / values.mean(axis=0)
            )
            np.testing.assert_allclose(
                getattr(found, f"log_deviation_{one}"), np.log(values).std(axis=0, ddof=ddof)
            )


def test_a_known_speed_is_found_again():
    random = np.random.default_rng(0)
    start = random.lognormal(2, 1, 4000)
    end = start * np.exp(
        -(1 - np.exp(-0.02 * 15)) * np.log(start) + 0.3 + random.normal(0, 0.1, 4000)
    )
    found = convergence(start, end, years=15)
    assert found.speed == pytest.approx(0.02, abs=5e-4)
    assert found.half_life == pytest.approx(np.log(2) / 0.02, rel=0.03)
    assert found.p_value < 1e-12


@settings(max_examples=60, deadline=None)
@given(WAGES, WAGES, st.integers(2, 50), st.randoms(use_true_random=False))
def test_unit_and_order_change_no_slope(start, end, factor, random):
    found = convergence(start, end, years=4)
    order = random.sample(range(8), 8)
    for other in (
        convergence(start * factor, end * factor, years=4),
        convergence(start[order], end[order], years=4),
    ):
        np.testing.assert_allclose(other.beta, found.beta, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(other.r_squared, found.r_squared, atol=1e-7)
    spread, other = (convergence(start * by, end * by, years=4, kind="sigma") for by in (1, factor))
    np.testing.assert_allclose(np.array(spread), np.array(other), rtol=1e-7)


@settings(max_examples=60, deadline=None)
@given(WAGES, WAGES)
def test_catching_up_is_needed_for_the_spread_to_shrink(start, end):
    """The spread of logarithms cannot fall without a negative beta."""
    beta = convergence(start, end, years=1).beta
    change = convergence(start, end, years=1, kind="sigma").change
    assert (beta[change < -1e-9] < 0).all()


def test_zeros_and_gaps_leave_the_region_out():
    start, end = [1, 4, 16, 0, 5, np.nan], [2, 4, 8, 3, 0, 4]
    found = convergence(start, end, years=10)
    assert found.regions == 3
    assert found.beta == pytest.approx(-0.05)
    assert convergence(start, end, years=10, kind="sigma").regions == 3


def test_what_has_no_answer_is_nan_or_refused():
    start = np.array([[1.0, 5, 1], [2, 5, 0], [4, 5, 0]])
    found = convergence(start, start[::-1], years=1)
    assert np.isnan(found.beta).tolist() == [False, True, True]
    assert np.isnan(found.p_value).tolist() == [False, True, True]
    with pytest.raises(CannotAnswer, match="too few regions"):
        convergence([1, 2], [2, 3], years=1)
    with pytest.raises(CannotAnswer, match="too few regions"):
        convergence([1, 0], [2, 0], years=1, kind="sigma")


def test_no_speed_without_catching_up():
    apart = convergence([1, 2, 4, 8], [1, 3, 9, 40], years=1)
    assert apart.beta > 0
    assert np.isnan([apart.speed, apart.half_life]).all()
    overtaken = convergence([1, 2, 4, 8], [8, 4, 2, 1], years=1)
    assert overtaken.beta == pytest.approx(-2)
    assert np.isnan(overtaken.speed)


def test_labels_sparse_and_years():
    start, end = panel(6, 2)
    names = ["r1", "r2", "r3", "r4", "r5", "r6"]
    frame = pd.DataFrame(start, index=names, columns=["steel", "cars"])
    other = pd.DataFrame(end, index=names, columns=["steel", "cars"])
    found = convergence(frame, other.iloc[::-1], years=2)
    plain = convergence(start, end, years=2)
    assert list(found.beta.index) == ["steel", "cars"]
    np.testing.assert_allclose(found.speed, plain.speed)
    sparse = convergence(scipy.sparse.csr_array(start), scipy.sparse.csr_array(end), years=2)
    np.testing.assert_array_equal(sparse.beta, plain.beta)
    both = convergence({2018: start, 2021: end}, {2018: end, 2021: start}, years=2)
    np.testing.assert_array_equal(both[2018].beta, plain.beta)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"years": 0}, "years"),
        ({"years": 1, "kind": "sigma", "controls": [1, 2, 3]}, "no controls"),
        ({"years": 1, "controls": [1, 2]}, "one row for each region"),
        ({"years": 1, "ddof": 2, "kind": "sigma"}, "ddof"),
    ],
)
def test_bad_input_is_refused(options, said):
    with pytest.raises(InvalidInput, match=said):
        convergence([1, 2, 3], [2, 3, 4], **options)
    with pytest.raises(InvalidInput, match="negative"):
        convergence([1, -2, 3], [2, 3, 4], years=1)
    with pytest.raises(CannotAnswer, match="beta, sigma"):
        convergence([1, 2], [1, 2], years=1, kind="gamma")
