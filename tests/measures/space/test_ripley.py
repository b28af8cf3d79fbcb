"""Ripley's K and L: by hand, against plain loops and areas measured otherwise, and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.space.ripley import ripley_k
from clusteratlas.tables import CannotAnswer, InvalidInput

WINDOW = (0.0, 0.0, 10.0, 6.0)
CORNERS = [[0, 0], [10, 0], [10, 6], [0, 6]]
RADII = [0.5, 1.5, 4.0]
KINDS = ["none", "translate", "isotropic", "border"]


def cloud(n, seed=0):
    return np.random.default_rng(seed).random((n, 2)) * [10, 6]


def distances(points):
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    return apart


def share_inside(point, radius):
    """Share of a circle inside the window, by walking along it."""
    angle = (np.arange(40_000) + 0.5) / 40_000 * 2 * np.pi
    x, y = point[0] + radius * np.cos(angle), point[1] + radius * np.sin(angle)
    return np.mean((x >= 0) & (x <= 10) & (y >= 0) & (y <= 6))


def test_three_points_by_hand():
    # Pairs at 1, 2 and sqrt 5; A / (n (n - 1)) = 60 / 6.
    points = [[5, 3], [6, 3], [5, 5]]
    found = ripley_k(points, radii=[1, 2, 3], window=WINDOW, correction="none")
    np.testing.assert_allclose(found.k, [20, 40, 60], rtol=1e-15)
    np.testing.assert_allclose(found.l, np.sqrt(found.k / np.pi))
    np.testing.assert_allclose(found.expected, np.pi * np.array([1, 4, 9]))
    # Moved by (1, 0) the window keeps 9 x 6, by (0, 2) 10 x 4, by (1, 2) 9 x 4.
    moved = ripley_k(points, radii=[1, 2, 3], window=WINDOW, correction="translate").k
    weights = np.cumsum([60 / 54, 60 / 40, 60 / 36])
    np.testing.assert_allclose(moved, 60 / 6 * 2 * weights, rtol=1e-14)
    # The points are 3, 3 and 1 from the border.
    inner = ripley_k(points, radii=[1, 2, 3], window=WINDOW, correction="border").k
    np.testing.assert_allclose(inner, [60 / 3 * 2 / 3, 60 / 3 * 3 / 2, 60 / 3 * 4 / 2])


def test_against_loops():
    points = cloud(70)
    apart, factor = distances(points), 60 / (70 * 69)
    plain = [factor * (apart <= r).sum() for r in RADII]
    found = ripley_k(points, radii=RADII, window=WINDOW, correction="none").k
    np.testing.assert_allclose(found, plain, rtol=1e-13)
    offsets = np.abs(points[:, None] - points[None])
    shared = 60 / ((10 - offsets[..., 0]) * (6 - offsets[..., 1]))
    moved = [factor * shared[apart <= r].sum() for r in RADII]
    found = ripley_k(points, radii=RADII, window=WINDOW, correction="translate").k
    np.testing.assert_allclose(found, moved, rtol=1e-12)
    inner = np.minimum(points, [10, 6] - points).min(axis=1)
    for r, value in zip(
        [0.5, 1.5],
        ripley_k(points, radii=[0.5, 1.5], window=WINDOW, correction="border").k,
        strict=True,
    ):
        kept = inner >= r
        assert value == pytest.approx(60 / 70 * (apart[kept] <= r).sum() / kept.sum(), rel=1e-13)


def test_isotropic_against_circles_walked_along():
    points = np.vstack((cloud(25), [[0.1, 0.1], [9.9, 5.8], [0, 3]]))
    apart = distances(points)
    expected = np.zeros(len(RADII))
    for i, j in zip(*np.nonzero(apart <= 4), strict=True):
        expected[apart[i, j] <= np.array(RADII)] += 1 / share_inside(points[i], apart[i, j])
    found = ripley_k(points, radii=RADII, window=WINDOW).k
    np.testing.assert_allclose(found, expected * 60 / (28 * 27), rtol=5e-4)


@pytest.mark.parametrize("correction", KINDS)
def test_even_points_give_pi_r_squared_when_corrected(correction):
    points = np.random.default_rng(1).random((6000, 2)) * [10, 6]
    found = ripley_k(points, radii=[0.5, 1.0], window=WINDOW, correction=correction)
    ratio = found.k / found.expected
    if correction == "none":
        assert (ratio < 0.97).all()
    else:
        np.testing.assert_allclose(ratio, 1, atol=0.02)


@pytest.mark.parametrize("correction", KINDS)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), scale=st.floats(0.01, 1000), shift=st.floats(-50, 50))
def test_scale_place_and_order(correction, seed, scale, shift):
    points = cloud(40, seed)
    plain = ripley_k(points, radii=[0.7, 2.1], window=WINDOW, correction=correction)
    order = np.random.default_rng(seed).permutation(40)
    window = np.array(WINDOW) * scale + shift
    moved = np.clip(points[order] * scale + shift, window[:2], window[2:])
    other = ripley_k(
        moved, radii=np.array([0.7, 2.1]) * scale, window=window, correction=correction
    )
    np.testing.assert_allclose(other.k, plain.k * scale**2, rtol=1e-6)
    assert (np.diff(plain.k) >= 0).all() or correction == "border"


def test_a_rectangle_given_as_polygon_and_a_triangle():
    points = cloud(80, 2)
    for correction in ("none", "border"):
        one = ripley_k(points, radii=[0.5, 1], window=WINDOW, correction=correction).k
        two = ripley_k(points, radii=[0.5, 1], window=CORNERS, correction=correction).k
        np.testing.assert_allclose(one, two, rtol=1e-12)
    inside = points[points[:, 0] / 10 + points[:, 1] / 6 < 1]
    triangle = ripley_k(inside, radii=[0.5], window=[[0, 0], [10, 0], [0, 6]], correction="none")
    plain = 30 / (len(inside) * (len(inside) - 1)) * (distances(inside) <= 0.5).sum()
    assert triangle.k[0] == pytest.approx(plain, rel=1e-13)


def test_shared_addresses_count_at_radius_zero():
    found = ripley_k([[1, 1], [1, 1], [4, 4]], radii=[0, 1], window=WINDOW, correction="none")
    np.testing.assert_allclose(found.k, [20, 20])


def test_a_cluster_leaves_the_envelope_and_one_seed_gives_one_result():
    rng = np.random.default_rng(3)
    points = np.vstack((rng.normal([5, 3], 0.4, (60, 2)), cloud(60)))
    options = {"radii": [0.3, 0.6], "window": WINDOW, "simulations": 99}
    found = ripley_k(points, rng=np.random.default_rng(1), **options)
    again = ripley_k(points, rng=np.random.default_rng(1), **options)
    assert (found.k > found.global_high).all()
    assert (found.low < found.expected).all()
    assert (found.high > found.expected).all()
    np.testing.assert_array_equal(found.global_low, again.global_low)


def test_the_default_window_is_the_points_own_rectangle():
    points = cloud(30, 4)
    low, high = points.min(axis=0), points.max(axis=0)
    one = ripley_k(points, radii=[1]).k
    np.testing.assert_array_equal(one, ripley_k(points, radii=[1], window=[*low, *high]).k)


def test_the_larger_divisor_explains_older_figures():
    points = cloud(30, 5)
    apart, sides = distances(points), np.ptp(points, axis=0)
    expected = sides.prod() / 30**2 * (apart <= 1).sum()  # own rectangle, n squared
    found = ripley_k(points, radii=[1], correction="none", divisor="squares").k
    assert found[0] == pytest.approx(expected, rel=1e-13)


def test_no_point_far_enough_from_the_border_gives_a_gap():
    found = ripley_k(cloud(20), radii=[1, 3.5], window=WINDOW, correction="border").k
    assert np.isnan(found[1])
    assert not np.isnan(found[0])


@pytest.mark.parametrize(
    ("points", "options", "error", "message"),
    [
        ([[1, 1]], {}, CannotAnswer, "too few points"),
        ([[1, 1], [2, 1]], {"window": None}, CannotAnswer, "on one line"),
        ([[1, 1], [2, 9]], {}, InvalidInput, "outside the window: rows 2"),
        ([[1, 1], [2, np.nan]], {}, InvalidInput, "no place"),
        ([[1, 1], [2, 2]], {"window": [0, 0, 0, 5]}, InvalidInput, "no area"),
        ([[1, 1], [2, 2]], {"window": [0, 0, 5]}, InvalidInput, "window has shape"),
        ([[1, 1], [2, 2]], {"window": CORNERS}, CannotAnswer, "rectangles only"),
        ([[1, 1], [2, 2]], {"radii": [12]}, CannotAnswer, "beyond the window"),
        ([[1, 1], [2, 2]], {"correction": "edge"}, CannotAnswer, "no such edge correction"),
        ([[1, 1], [2, 2]], {"simulations": 5}, InvalidInput, "rng is missing"),
        (
            [[1, 1], [2, 2]],
            {
                "window": CORNERS,
                "correction": "none",
                "simulations": 5,
                "rng": np.random.default_rng(0),
            },
            CannotAnswer,
            "give a rectangle",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(points, options, error, message):
    with pytest.raises(error, match=message):
        ripley_k(points, **{"radii": [1], "window": WINDOW, **options})
