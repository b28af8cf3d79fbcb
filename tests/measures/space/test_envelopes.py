"""Envelopes of simulated curves, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.measures.arguments import Arguments
from clusteratlas.measures.space.envelopes import global_envelope, local_envelope, need_level
from clusteratlas.tables import CannotAnswer, InvalidInput

FLAT = np.repeat(np.arange(100.0)[:, None], 3, axis=1)


def test_local_is_the_quantile_at_each_distance():
    curves = np.random.default_rng(0).random((99, 7))
    low, high = local_envelope(curves, 0.9)
    np.testing.assert_allclose(low, np.quantile(curves, 0.05, axis=0), rtol=1e-14)
    np.testing.assert_allclose(high, np.quantile(curves, 0.95, axis=0), rtol=1e-14)


def test_global_of_flat_curves_is_the_quantile():
    low, high = global_envelope(FLAT, 0.9)  # two go at a time: 0 and 99, 1 and 98, ...
    np.testing.assert_array_equal(low, [5, 5, 5])
    np.testing.assert_array_equal(high, [94, 94, 94])


def test_between_two_bands_in_proportion_to_the_curves_they_hold():
    low, high = global_envelope(FLAT, 0.89)  # 90 curves in 5..94, 88 in 6..93: half way
    np.testing.assert_allclose(low, [5.5] * 3)
    np.testing.assert_allclose(high, [93.5] * 3)


def test_global_is_wider_than_local_and_holds_whole_curves():
    curves = np.random.default_rng(1).normal(size=(999, 20)).cumsum(axis=1)
    low, high = global_envelope(curves, 0.9)
    local_low, local_high = local_envelope(curves, 0.9)
    assert (low < local_low).all()
    assert (high > local_high).all()
    held = ((curves >= low) & (curves <= high)).all(axis=1).mean()
    assert held == pytest.approx(0.9, abs=0.03)


def test_equal_curves_give_no_band():
    with pytest.raises(CannotAnswer, match="too few simulations"):
        global_envelope(np.ones((9, 2)), 0.9)


def test_a_distance_without_value_stays_without():
    curves = FLAT.copy()
    curves[3, 1] = np.nan
    low, high = global_envelope(curves, 0.9)
    assert np.isnan([low[1], high[1]]).all()
    assert low[0] == 5
    assert np.isnan(local_envelope(curves, 0.9)[0][1])
    assert np.isnan(global_envelope(np.full((9, 2), np.nan), 0.9)[0]).all()


@pytest.mark.parametrize("level", [0, 1, 90, "0.9"])
def test_a_level_is_a_share(level):
    given = Arguments()
    need_level(given, level)
    with pytest.raises(InvalidInput, match="level"):
        given.check()
