"""Change between two years, checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.measures import growth


def test_compound_growth_is_the_steady_rate():
    np.testing.assert_allclose(growth([100], [133.1], years=3), [0.1], rtol=1e-12)
    np.testing.assert_allclose(growth([100], [81], years=2), [-0.1], rtol=1e-12)
    np.testing.assert_allclose(growth([100], [400], years=0.5), [15.0], rtol=1e-12)


def test_simple_growth_spreads_the_change_evenly():
    np.testing.assert_allclose(growth([100], [130], years=3, kind="simple"), [0.1], rtol=1e-12)


def test_a_difference_is_not_divided_by_the_years():
    np.testing.assert_array_equal(growth([100, 7], [130, 0], years=3, kind="difference"), [30, -7])


@pytest.mark.parametrize("kind", ["compound", "simple"])
def test_there_is_no_rate_from_zero(kind):
    assert np.isnan(growth([0, 0], [0, 5], years=2, kind=kind)).all()


def test_from_zero_there_is_a_difference():
    np.testing.assert_array_equal(growth([0, 0], [0, 5], years=2, kind="difference"), [0, 5])


def test_a_fall_to_nothing():
    assert growth([8], [0], years=4)[0] == -1.0
    assert growth([8], [0], years=4, kind="simple")[0] == -0.25


@pytest.mark.parametrize("kind", ["compound", "simple", "difference"])
def test_unknown_in_either_year_is_unknown(kind):
    assert np.isnan(growth([np.nan, 3, np.nan], [3, np.nan, np.nan], years=1, kind=kind)).all()


@pytest.mark.parametrize("kind", ["compound", "simple"])
def test_unchanged_is_exactly_zero(kind):
    np.testing.assert_array_equal(
        growth([[3, 7], [11, 13]], [[3, 7], [11, 13]], years=3, kind=kind), 0
    )
