"""Kd: by hand, against the plain sum and scipy's kernel density, envelopes, and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import pdist

from clusteratlas.measures.space.kd import kd_function
from clusteratlas.measures.space.pair_distances import SMALL
from clusteratlas.tables import CannotAnswer, InvalidInput


def cloud(n, seed):
    return np.random.default_rng(seed).normal(size=(n, 2))


def silverman(apart):
    low, high = np.quantile(apart, [0.25, 0.75])
    return 0.9 * min(apart.std(ddof=1), (high - low) / 1.34) * len(apart) ** -0.2


def by_sum(apart, products, at, h, *, reflection=True):
    def density(x):
        return (products * np.exp(-0.5 * ((x[:, None] - apart) / h) ** 2)).sum(axis=1)

    total = density(at) + (density(-at) if reflection else 0)
    return total / (h * np.sqrt(2 * np.pi) * products.sum())


def test_three_plants_by_hand():
    # Distances 3, 4 and 5, h = 1, at 4: the normal density at 1, 0 and 1.
    found = kd_function([[0, 0], [3, 0], [0, 4]], distances=[4], bandwidth=1).values
    np.testing.assert_allclose(found, [(0.3989422804 + 2 * 0.2419707245) / 3], rtol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", [30, SMALL + 100])
def test_against_the_plain_sum(n, weighted):
    points = cloud(n, 1)
    weights = np.random.default_rng(2).pareto(1.5, n) + 1
    apart = pdist(points)
    first, second = np.triu_indices(n, 1)
    products = weights[first] * weights[second] if weighted else np.ones(len(apart))
    found = kd_function(points, weights=weights if weighted else None)
    assert found.bandwidth == pytest.approx(silverman(apart), rel=1e-6)
    assert found.distances[-1] == pytest.approx(np.median(apart), rel=1e-4)
    some = slice(None, None, 51)
    expected = by_sum(apart, products, found.distances[some], found.bandwidth)
    np.testing.assert_allclose(found.values[some], expected, rtol=1e-6)


def test_exact_sums_are_exact():
    points, at = cloud(40, 3), np.linspace(0, 3, 20)
    weights = np.random.default_rng(0).random(40)
    first, second = np.triu_indices(40, 1)
    for reflection in (True, False):
        found = kd_function(
            points, weights=weights, distances=at, exact=True, reflection=reflection
        )
        expected = by_sum(
            pdist(points),
            weights[first] * weights[second],
            at,
            found.bandwidth,
            reflection=reflection,
        )
        np.testing.assert_allclose(found.values, expected, rtol=1e-12)


def test_without_reflection_it_is_the_usual_kernel_density():
    points, at = cloud(60, 4), np.linspace(0, 4, 30)
    apart = pdist(points)
    kernel = stats.gaussian_kde(apart, bw_method=0.2 / apart.std(ddof=1))
    found = kd_function(points, distances=at, bandwidth=0.2, reflection=False)
    np.testing.assert_allclose(found.values, kernel(at), rtol=2e-6)


def test_all_densities_sum_to_one():
    at = np.linspace(0, 12, 4001)
    found = kd_function(cloud(50, 5), distances=at)
    assert np.trapezoid(found.values, at) == pytest.approx(1, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 1e4), st.floats(-100, 100), st.floats(0.1, 9))
def test_scale_place_and_order_change_nothing_but_the_unit(seed, scale, shift, heavier):
    points = cloud(25, seed)
    rng = np.random.default_rng(seed)
    weights, order = rng.random(25) + 0.1, rng.permutation(25)
    plain = kd_function(points, weights=weights)
    other = kd_function(points[order] * scale + shift, weights=weights[order] * heavier)
    np.testing.assert_allclose(other.distances, plain.distances * scale, rtol=1e-7)
    np.testing.assert_allclose(other.values * scale, plain.values, rtol=3e-6)
    assert (plain.values >= 0).all()


def test_lattices_are_within_the_bound():
    x, y = np.meshgrid(np.arange(12.0), np.arange(12.0))
    points = np.column_stack((x.ravel(), y.ravel()))
    exact = kd_function(points, exact=True).values
    np.testing.assert_allclose(kd_function(points).values, exact, atol=1e-6 * exact.max(), rtol=0)


def test_great_circles():
    rng = np.random.default_rng(6)
    points = np.column_stack((rng.uniform(-100, -80, SMALL + 1), rng.uniform(30, 45, SMALL + 1)))
    whole = kd_function(points, coordinates="degrees", distances=[100, 1000])
    exact = kd_function(points, coordinates="degrees", distances=[100, 1000], exact=True)
    np.testing.assert_allclose(whole.values, exact.values, rtol=1e-6)
    # Two cities 343.6 km apart.
    cities = [(2.3522, 48.8566), (-0.1276, 51.5072)]
    far = kd_function(cities, coordinates="degrees", distances=[343.6], bandwidth=10).values
    np.testing.assert_allclose(far, [0.03989], atol=2e-5)


def test_only_the_kind_asked_for_counts():
    points = cloud(60, 7)
    kinds = np.repeat(["cars", "wine"], 30)
    found = kd_function(points, kinds, kind="wine")
    np.testing.assert_array_equal(found.values, kd_function(points[30:]).values)


def test_a_cluster_is_localised_and_a_ring_apart_is_not():
    rng = np.random.default_rng(8)
    points = rng.random((300, 2))
    near = np.hypot(*(points - 0.5).T) < 0.2
    found = kd_function(points, near, kind=True, simulations=199, rng=np.random.default_rng(1))
    assert found.localised
    assert not found.dispersed
    assert (found.global_high >= found.high).all()
    assert (found.global_low <= found.low).all()
    corners = (np.abs(points - 0.5) > 0.35).all(axis=1)
    at = np.linspace(0.3, 0.5, 10)
    apart = kd_function(
        points, corners, kind=True, distances=at, simulations=99, rng=np.random.default_rng(1)
    )
    assert apart.dispersed


@pytest.mark.parametrize("weighted", [False, True])
def test_simulations_put_the_plants_on_places_of_all(weighted):
    points = cloud(50, 9)
    kinds = np.arange(50) < 12
    weights = np.random.default_rng(0).random(50) if weighted else None
    options = {"distances": [0.5, 1.0, 2.0], "weights": weights, "simulations": 29, "level": 0.5}
    found = kd_function(points, kinds, kind=True, rng=np.random.default_rng(2), **options)
    rng, curves = np.random.default_rng(2), []
    for _ in range(29):
        sites = rng.choice(50, size=12, replace=False)
        carried = None if weights is None else weights[:12]
        curves.append(kd_function(points[sites], weights=carried, distances=[0.5, 1, 2]).values)
    np.testing.assert_allclose(found.low, np.quantile(curves, 0.25, axis=0), rtol=1e-12)
    again = kd_function(points, kinds, kind=True, rng=np.random.default_rng(2), **options)
    np.testing.assert_array_equal(again.global_high, found.global_high)


def test_shared_addresses():
    points = np.vstack((cloud(20, 10), cloud(20, 10)))
    found = kd_function(points, distances=[0, 0.5])
    apart = pdist(points)
    expected = by_sum(apart, np.ones(len(apart)), np.array([0, 0.5]), found.bandwidth)
    np.testing.assert_allclose(found.values, expected, rtol=1e-6)
    one_spot = kd_function([[1, 1]] * 4, distances=[0, 9], bandwidth=2).values
    np.testing.assert_allclose(one_spot, [2 * 0.3989422804 / 2, 2 * 8.0e-6], rtol=0.01)


def test_many_plants_on_one_spot():
    spot = np.zeros((SMALL + 1, 2))
    with pytest.raises(CannotAnswer, match="distances are 0"):
        kd_function(spot)
    mostly = spot.copy()
    mostly[:200] = cloud(200, 11)
    with pytest.raises(CannotAnswer, match="distances are 0"):
        kd_function(mostly)
    at = [0.0, 0.5]
    found = kd_function(mostly, distances=at, bandwidth=0.1).values
    exact = kd_function(mostly, distances=at, bandwidth=0.1, exact=True).values
    np.testing.assert_allclose(found, exact, rtol=1e-6)


@pytest.mark.parametrize(
    ("points", "options", "message"),
    [
        ([[0, 0]], {}, "too few points"),
        ([[0, 0]] * 5, {}, "half of the plants' distances are 0"),
        ([[0, 0]] * 5, {"distances": [1]}, "no bandwidth follows"),
        ([[0, 0], [0, 1]], {"distances": [1]}, "no bandwidth follows"),
        ([[0, 0], [0, 1], [0, 2]], {"weights": [1, 0, 0]}, "fewer than two plants"),
        ([[0, 0], [0, 1], [0, 2]], {"bandwidth": 1e-9}, "bandwidth is too small"),
    ],
)
def test_questions_without_answer(points, options, message):
    with pytest.raises(CannotAnswer, match=message):
        kd_function(points, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": 1}, "kinds and kind go together"),
        ({"simulations": 9, "rng": np.random.default_rng(0)}, "nowhere else"),
        (
            {"kinds": [1] * 9, "kind": 1, "simulations": 9, "rng": np.random.default_rng(0)},
            "every point is of the kind",
        ),
        ({"kinds": [1] * 8 + [2], "kind": 1, "simulations": 9}, "rng is missing"),
        ({"distances": [2, 1]}, "rise"),
        ({"bandwidth": 0}, "no positive number"),
        ({"weights": [1, 2]}, "shape"),
    ],
)
def test_bad_input_is_refused(options, message):
    with pytest.raises(InvalidInput, match=message):
        kd_function(cloud(9, 0), **options)
