"""M: by hand, against the package that published it, against a plain loop, and bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.space.marcon_puech import m_function
from clusteratlas.measures.space.points import EARTH_RADIUS
from clusteratlas.tables import CannotAnswer, InvalidInput

SIX = [[0, 0], [1, 0], [0, 1], [5, 5], [6, 5], [5, 6]]
KINDS = list("AABBAC")
WEIGHTS = [1, 2, 1, 3, 1, 2]


def pattern(n, seed):
    rng = np.random.default_rng(seed)
    points = rng.random((n, 2))
    points[: n // 10] = points[n // 2 : n // 2 + n // 10]  # shared addresses
    return points, rng.integers(0, 4, n), rng.pareto(1.1, n) + 1


def by_loop(apart, kinds, weights, kind, other, radii):
    """M by the letter of its definition."""
    found = []
    for r in radii:
        above = below = 0.0
        for i in np.flatnonzero(kinds == kind):
            near = apart[i] <= r
            near[i] = False
            every = weights[near].sum()
            if every > 0:
                above += weights[near & (kinds == other)].sum() / every
                mine = weights[i] if kind == other else 0.0
                below += (weights[kinds == other].sum() - mine) / (weights.sum() - weights[i])
        found.append(above / below if below else np.nan)
    return found


def flat(points):
    return np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))


def test_six_plants_by_hand():
    # Within 1: shares of A 2/3, 1 and 0 around the three A; anywhere 3/9, 2/8 and 3/9.
    found = m_function(SIX, KINDS, kind="A", weights=WEIGHTS, radii=[1, 1.5, 8])
    np.testing.assert_allclose(found.values, [20 / 11, 14 / 11, 1], rtol=1e-15)
    assert found.low is None


def test_a_plant_without_neighbours_leaves_both_sums():
    lone = [*SIX, [50, 50]]
    found = m_function(lone, [*KINDS, "A"], kind="A", weights=[*WEIGHTS, 4], radii=[1])
    # Still 2/3, 1 and 0; anywhere (W_A, W) = (8, 14): 7/13, 6/12, 7/13. The fourth A sees nobody.
    np.testing.assert_allclose(found.values, [(5 / 3) / (7 / 13 + 1 / 2 + 7 / 13)], rtol=1e-15)


@pytest.mark.parametrize("other", [1, 2])
def test_against_a_loop(other):
    points, kinds, weights = pattern(300, 1)
    radii = [0.0, 0.01, 0.02, 0.07, 0.3, 0.301, 2.0]
    found = m_function(
        points, kinds, kind=1, neighbour_kind=other, weights=weights, radii=radii
    ).values
    expected = by_loop(flat(points), kinds, weights, 1, other, radii)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_shared_addresses_at_radius_zero():
    points = [[0, 0], [0, 0], [0, 0], [5, 5]]
    found = m_function(points, ["A", "A", "B", "A"], kind="A", radii=[0]).values
    np.testing.assert_allclose(found, [(1 / 2 + 1 / 2) / (2 / 3 + 2 / 3)])
    together = m_function([[1, 1]] * 4, ["A", "A", "B", "C"], kind="A", radii=[0, 3]).values
    np.testing.assert_allclose(together, [1, 1])


def test_great_circles_against_a_loop():
    rng = np.random.default_rng(2)
    points = np.column_stack((rng.uniform(170, 190, 150), rng.uniform(50, 89, 150)))
    kinds, weights = rng.integers(0, 3, 150), rng.random(150) + 1
    a, b = np.radians(points).T
    cosine = np.sin(b[:, None]) * np.sin(b) + np.cos(b[:, None]) * np.cos(b) * np.cos(
        a[:, None] - a
    )
    apart = EARTH_RADIUS * np.arccos(np.clip(cosine, -1, 1))
    radii = [100, 400, 1500, 9000]
    found = m_function(
        points, kinds, kind=1, weights=weights, radii=radii, coordinates="degrees"
    ).values
    np.testing.assert_allclose(found, by_loop(apart, kinds, weights, 1, 1, radii), rtol=1e-10)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 30), st.floats(-5, 5), st.floats(0.5, 9))
def test_scale_place_and_order_change_nothing(seed, scale, shift, heavier):
    points, kinds, weights = pattern(60, seed)
    kinds[:2] = 1
    radii = np.array([0.2, 0.53, 3])
    plain = m_function(points, kinds, kind=1, weights=weights, radii=radii).values
    order = np.random.default_rng(seed).permutation(60)
    other = m_function(
        points[order] * scale + shift,
        kinds[order],
        kind=1,
        weights=weights[order] * heavier,
        radii=radii * scale,
    ).values
    np.testing.assert_allclose(other, plain, rtol=1e-9)
    assert plain[-1] == pytest.approx(1.0)  # beyond the window: the same ratio as anywhere


def test_all_of_one_kind_give_one():
    points, _, weights = pattern(50, 3)
    found = m_function(points, np.zeros(50), kind=0, weights=weights, radii=[0.1, 0.5]).values
    np.testing.assert_allclose(found, 1.0)


def drawn_by_hand(points, kinds, weights, null, seed, count, radii):
    rng = np.random.default_rng(seed)
    n, apart, found = len(points), flat(points), []
    sources, targets = np.flatnonzero(kinds == 1), np.flatnonzero(kinds == 2)
    free = np.flatnonzero(kinds != 1) if null == "independence" else np.arange(n)
    for _ in range(count):
        order = np.arange(n)
        order[free] = rng.permutation(free)
        moved, carried = np.zeros(n, dtype=int), weights.copy()
        moved[order[sources]], moved[order[targets]] = 1, 2
        if null == "locations":
            carried[order] = weights
        found.append(by_loop(apart, moved, carried, 1, 2, radii))
    return np.array(found)


@pytest.mark.parametrize("null", ["labels", "locations", "independence"])
def test_draws_that_share_one_pass_are_those_worked_one_by_one(null):
    points, kinds, weights = pattern(80, 4)
    radii, count = [0.1, 0.3], 70  # more draws than one word has bits
    found = m_function(
        points,
        kinds,
        kind=1,
        neighbour_kind=2,
        weights=weights,
        radii=radii,
        simulations=count,
        level=0.5,
        null=null,
        rng=np.random.default_rng(5),
    )
    curves = drawn_by_hand(points, kinds, weights, null, 5, count, radii)
    np.testing.assert_allclose(found.low, np.quantile(curves, 0.25, axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.high, np.quantile(curves, 0.75, axis=0), rtol=1e-12)


def test_a_cluster_rises_above_the_global_envelope_and_noise_does_not():
    rng = np.random.default_rng(6)
    points = rng.random((400, 2))
    near = np.hypot(*(points - 0.5).T) < 0.2
    options = {"radii": [0.05, 0.1, 0.2], "simulations": 199}
    found = m_function(points, near, kind=True, rng=np.random.default_rng(1), **options)
    assert (found.values > found.global_high).all()
    noise = rng.permutation(near)
    again = m_function(points, noise, kind=True, rng=np.random.default_rng(1), **options)
    assert ((again.values > again.global_low) & (again.values < again.global_high)).all()
    assert (found.global_high >= found.high).all()


def test_one_seed_one_result():
    points, kinds, _ = pattern(60, 7)
    results = [
        m_function(points, kinds, kind=1, radii=[0.2], simulations=39, rng=np.random.default_rng(3))
        for _ in range(2)
    ]
    assert results[0].high == results[1].high


def test_frames_and_series_are_read():
    points, kinds, _ = pattern(40, 8)
    frame = pd.DataFrame(points, columns=["x", "y"], index=[f"plant {i}" for i in range(40)])
    series = pd.Series(kinds, index=frame.index).sample(frac=1, random_state=0)
    found = m_function(frame, series, kind=1, radii=[0.3])
    np.testing.assert_array_equal(
        found.values, m_function(points, kinds, kind=1, radii=[0.3]).values
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"points": [[0, np.nan], *SIX[1:]]}, "no place: rows 1"),
        ({"points": [[0, 0, 0]] * 6}, "shape"),
        ({"kinds": KINDS[:5]}, "kinds has shape"),
        ({"kind": "Z"}, "no point is of the kind 'Z'.*there are A, B, C"),
        ({"neighbour_kind": "Z"}, "no point is of the kind 'Z'"),
        ({"weights": [1, 2, np.nan, 1, 1, 1]}, "weights is not known"),
        ({"weights": [1, 2, -1, 1, 1, 1]}, "negative"),
        ({"radii": [1, 1]}, "rise"),
        ({"radii": []}, "rise"),
        ({"radii": [np.nan]}, "rise"),
        ({"simulations": 9}, "rng is missing"),
        ({"level": 90}, "level"),
    ],
)
def test_bad_input_is_refused(changed, message):
    arguments = {"points": SIX, "kinds": KINDS, "kind": "A", "radii": [1], **changed}
    with pytest.raises(InvalidInput, match=f"(?s){message}"):
        m_function(arguments.pop("points"), arguments.pop("kinds"), **arguments)


def test_questions_without_answer():
    with pytest.raises(CannotAnswer, match="kind C has too few points"):
        m_function(SIX, KINDS, kind="C", radii=[1])
    assert m_function(SIX, KINDS, kind="C", neighbour_kind="B", radii=[1]).values[0] > 0
    with pytest.raises(CannotAnswer, match="did you mean 'labels'"):
        m_function(SIX, KINDS, kind="A", radii=[1], null="label")
    with pytest.raises(CannotAnswer, match="no other kind"):
        m_function(SIX, KINDS, kind="A", radii=[1], null="independence")
