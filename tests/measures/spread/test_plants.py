"""Plants into tables, and what size classes tell about them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.spread.plants import (
    plant_herfindahl,
    plant_herfindahl_from_sizes,
    plant_table,
)
from clusteratlas.tables import InvalidInput

LEAST = np.array([0, 5, 10, 20, 50, 100, 250, 500, 1000.0])
MOST = np.array([4, 9, 19, 49, 99, 249, 499, 999, np.inf])


def classes_of(sizes):
    return np.array([((sizes >= a) & (sizes <= b)).sum() for a, b in zip(LEAST, MOST, strict=True)])


def test_plants_by_hand():
    found = plant_table([30, 10, 60, 0], region=["b", "a", "b", "c"], industry=["x", "x", "y", "y"])
    assert found.employment.tolist() == [[10, 0], [30, 60], [0, 0]]
    assert found.plants.tolist() == [[1, 0], [1, 1], [0, 1]]
    assert found.plant_herfindahl.tolist() == [0.625, 1]
    assert found.regions == ("a", "b", "c")
    assert found.industries == ("x", "y")
    assert plant_herfindahl([30, 10]) == 0.625
    assert plant_herfindahl([30, 10, 60], industry=[2, 2, 1]).tolist() == [1, 0.625]
    assert np.isnan(plant_herfindahl([0, 0]))
    assert np.isnan(plant_herfindahl([]))


def test_the_columns_of_a_frame_are_plants():
    frame = pd.DataFrame({"jobs": [30, 10], "region": ["b", "a"], "industry": ["x", "x"]})
    found = plant_table(frame["jobs"], region=frame["region"], industry=frame["industry"])
    assert found.employment.tolist() == [[10], [30]]


def test_bad_plants():
    with pytest.raises(InvalidInput, match="employment is not known"):
        plant_table([np.nan], region=["a"], industry=["x"])
    with pytest.raises(InvalidInput, match="1 labels for 2 plants"):
        plant_table([1, 2], region=["a"], industry=["x", "y"])
    with pytest.raises(InvalidInput, match="a plant has no industry"):
        plant_table([1, 2], region=["a", "b"], industry=["x", None])
    with pytest.raises(InvalidInput, match="no list of plants"):
        plant_table([[1, 2]], region=["a"], industry=["x"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=25).filter(any))
def test_the_bounds_hold_the_truth(sizes):
    sizes = np.array(sizes, dtype=float)
    true = plant_herfindahl(sizes)
    found = plant_herfindahl_from_sizes(classes_of(sizes), sizes.sum(), least=LEAST, most=MOST)
    assert found.low <= true * (1 + 1e-9)
    assert found.high >= true * (1 - 1e-9)
    assert found.low <= found.best <= found.high


def test_bounds_by_hand():
    """Two plants of 1 to 5 jobs, one of 10 to 20; 20 jobs."""
    found = plant_herfindahl_from_sizes([2, 1], 20, least=[1, 10], most=[5, 20])
    assert found.low == pytest.approx((25 + 25 + 100) / 400)
    assert found.high == pytest.approx((1 + 1 + 324) / 400)
    # One plant alone is known whatever its class.
    alone = plant_herfindahl_from_sizes([0, 1], 70, least=[0, 50], most=[49, np.inf])
    assert [float(end) for end in alone] == [1, 1, 1]
    # Sizes at the top of their classes leave no doubt.
    full = plant_herfindahl_from_sizes([3], 12, least=[0], most=[4])
    np.testing.assert_allclose([*full], 1 / 3)


def test_the_best_guess_is_near_for_many_plants():
    rng = np.random.default_rng(5)
    sizes = np.floor(np.exp(rng.normal(2.5, 1.4, (40, 3000)))).astype(float)
    counts = np.column_stack([classes_of(row) for row in sizes])
    true = np.array([plant_herfindahl(row) for row in sizes])
    found = plant_herfindahl_from_sizes(counts, sizes.sum(axis=1), least=LEAST, most=MOST)
    assert (found.low <= true).all()
    assert (true <= found.high).all()
    assert np.median(np.abs(found.best / true - 1)) < 0.12


def test_low_is_the_minimum_scipy_finds():
    from scipy.optimize import minimize

    least, most, counts = np.array([0, 5, 20.0]), np.array([4, 19, 60.0]), [3, 2, 1]
    low, high = np.repeat(least, counts), np.repeat(most, counts)
    for total in (32.0, 50, 75, 100):
        best = minimize(
            lambda z, total=total: (z**2).sum() / total**2,
            low + (high - low) * (total - low.sum()) / (high - low).sum(),
            bounds=list(zip(low, high, strict=True)),
            constraints={"type": "eq", "fun": lambda z, total=total: z.sum() - total},
        )
        found = plant_herfindahl_from_sizes(counts, total, least=least, most=most)
        assert found.low == pytest.approx(best.fun, rel=1e-5)


def test_what_the_classes_do_not_allow_is_marked():
    found = plant_herfindahl_from_sizes(
        [[2, 2, 0, np.nan], [0, 1, 0, 1]], [50, 14, 5, 20], least=[0, 10], most=[4, 20]
    )
    assert np.isnan(found.best).tolist() == [True, False, True, True]
    frame = pd.DataFrame([[2, 1], [1, 1]], index=["0-4", "10-20"], columns=["x", "y"])
    found = plant_herfindahl_from_sizes(frame, [20, 15], least=[0, 10], most=[4, 20])
    assert list(found.high.index) == ["x", "y"]
    with pytest.raises(InvalidInput, match="most is below least"):
        plant_herfindahl_from_sizes([1], 5, least=[5], most=[4])
    with pytest.raises(InvalidInput, match="most has shape"):
        plant_herfindahl_from_sizes([1], 5, least=[5], most=[4, 5])
