"""Ranks and percentiles, against a count by hand and a plain count by definition."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.measures import percentile, rank

VALUES = [4.0, np.nan, 9.0, 4.0, 0.0, 4.0, -2.0]
BY_HAND = {
    "min": [2, np.nan, 1, 2, 5, 2, 6],
    "max": [4, np.nan, 1, 4, 5, 4, 6],
    "average": [3, np.nan, 1, 3, 5, 3, 6],
    "dense": [2, np.nan, 1, 2, 3, 2, 4],
}


@pytest.mark.parametrize("ties", BY_HAND)
def test_ranks_by_hand(ties):
    np.testing.assert_array_equal(rank(VALUES, ties=ties), BY_HAND[ties])


def test_the_default_gives_ties_the_best_place():
    np.testing.assert_array_equal(rank(VALUES), BY_HAND["min"])


@pytest.mark.parametrize("ties", BY_HAND)
def test_each_column_is_ranked_alone(ties):
    table = np.array([[1, 5], [2, 5], [np.nan, 7], [2, np.nan]])
    both = rank(table, ties=ties)
    np.testing.assert_array_equal(both[:, 0], rank(table[:, 0], ties=ties))
    np.testing.assert_array_equal(both[:, 1], rank(table[:, 1], ties=ties))


def test_negative_zero_ties_with_zero():
    np.testing.assert_array_equal(rank([0.0, -0.0, 1.0]), [2, 2, 1])


def test_percentile_by_hand():
    # 6 ranked, so 5 others: the nine beats all, a four beats two and equals two.
    np.testing.assert_array_equal(percentile(VALUES), [0.8, np.nan, 1, 0.8, 0.2, 0.8, 0])


def test_percentile_is_the_share_of_the_others_beaten_or_equalled():
    values = np.random.default_rng(3).integers(0, 6, size=(40, 5)).astype(float)
    values[values == 5] = np.nan
    result = percentile(values)
    for (row, column), value in np.ndenumerate(values):
        others = np.delete(values[:, column], row)
        others = others[~np.isnan(others)]
        expected = np.nan if np.isnan(value) else np.mean(others <= value)
        np.testing.assert_allclose(result[row, column], expected, rtol=1e-15)


def test_alone_there_is_a_rank_and_no_percentile():
    np.testing.assert_array_equal(rank([np.nan, 3.0]), [np.nan, 1])
    assert np.isnan(percentile([np.nan, 3.0])).all()
    assert np.isnan(percentile([np.nan, np.nan])).all()


def test_all_equal_share_the_top():
    np.testing.assert_array_equal(rank([3, 3, 3]), [1, 1, 1])
    np.testing.assert_array_equal(percentile([3, 3, 3]), [1, 1, 1])
