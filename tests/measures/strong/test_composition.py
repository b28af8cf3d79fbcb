"""Traded and local jobs, and the share of traded jobs in strong clusters."""

from __future__ import annotations

import numpy as np

from clusteratlas.measures import cluster_strength, traded_local_split

JOBS = [[30, 10, 60, 7], [0, 5, np.nan, 7], [np.nan, np.nan, 4, 7], [0, 0, 0, 7]]
TRADED = [True, True, False, None]


def test_split_by_hand():
    split = traded_local_split(JOBS, TRADED)
    np.testing.assert_array_equal(split.traded, [40, 5, np.nan, 0])
    np.testing.assert_array_equal(split.local, [60, np.nan, 4, 0])
    np.testing.assert_array_equal(split.traded_share, [0.4, np.nan, np.nan, np.nan])


def test_a_definition_without_local_clusters_has_no_local_jobs():
    split = traded_local_split([[3, 4], [0, 0]], [True, True])
    np.testing.assert_array_equal(split.local, [0, 0])
    np.testing.assert_array_equal(split.traded_share, [1, np.nan])


def test_a_definition_that_does_not_say_splits_nothing():
    split = traded_local_split([[3, 4]], [None, None])
    assert (split.traded[0], split.local[0]) == (0, 0)
    assert np.isnan(split.traded_share[0])


def test_cluster_strength_counts_traded_jobs_only():
    strong = [[True, False, True, True]] * 4
    np.testing.assert_array_equal(
        cluster_strength(JOBS, strong, traded=TRADED), [0.75, 0, np.nan, np.nan]
    )
    by_all = cluster_strength([[30, 10, 60]], [[True, False, True]])
    np.testing.assert_array_equal(by_all, [0.9])


def test_unknown_jobs_and_unknown_flags():
    # The unknown cell is left out above and below; the unknown flag counts as not strong.
    strength = cluster_strength([[30, np.nan, 10]], [[True, True, None]])
    np.testing.assert_array_equal(strength, [0.75])


def test_without_traded_clusters_there_is_no_strength():
    assert np.isnan(cluster_strength([[3, 4]], [[True, True]], traded=[False, None])).all()
