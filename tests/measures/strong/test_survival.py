"""Survival: the profiles side by side, each as its own measure says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures import location_quotient, national_share, region_share, strength_flags
from clusteratlas.measures.strong.nodes import specialisation_nodes
from clusteratlas.measures.strong.profiles import Dimension, StarRule
from clusteratlas.measures.strong.stars import star_rating
from clusteratlas.measures.strong.survival import every_profile, survival
from clusteratlas.tables import CannotAnswer, InvalidInput

COUNTS = arrays(float, (11, 3), elements=st.integers(0, 60).map(float) | st.just(np.nan))


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS)
def test_each_profile_is_its_own_measure(jobs, places):
    quotient = location_quotient(jobs)
    found = survival(quotient, jobs, places)
    nation, region = national_share(jobs), region_share(jobs)
    known = ~np.isnan(quotient)
    us, eu, nodes, cut = (found.profiles[name] for name in every_profile())
    told = known & ~np.isnan(places) & (jobs > 0)
    strong = strength_flags(quotient, jobs, places).strong
    np.testing.assert_array_equal(us[told], strong[told])
    stars = star_rating(quotient, nation, region)
    np.testing.assert_array_equal(eu[known], stars[known] >= 1)
    node = specialisation_nodes(quotient, region)
    np.testing.assert_array_equal(nodes[known], node[known])
    np.testing.assert_array_equal(cut[known], quotient[known] >= 1.2)


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, st.permutations(range(11)))
def test_counts_add_up_and_order_is_irrelevant(jobs, places, order):
    found = survival(location_quotient(jobs), jobs, places)
    flags = np.array(list(found.profiles.values()))
    np.testing.assert_array_equal(found.held, (flags == 1).sum(axis=0))
    np.testing.assert_array_equal(found.judged, (~np.isnan(flags)).sum(axis=0))
    assert (found.held <= found.judged).all()
    assert np.isnan(found.share[found.judged == 0]).all()
    moved = survival(location_quotient(jobs)[order], jobs[order], places[order])
    np.testing.assert_array_equal(moved.held, found.held[order])
    assert not found.held[jobs == 0].any()


def test_what_is_not_known_is_neither_held_nor_judged():
    quotient, jobs = [2.5, 1.3, np.nan, 0.0, 0.5], [40, 30, np.nan, 0, 10]
    places, share = [4, np.nan, np.nan, 0, 2], [0.1, 0.1, np.nan, 0, 0.1]
    found = survival(quotient, jobs, places, share_of_region=share)
    assert found.judged.tolist() == [4, 3, 0, 4, 4]
    assert found.share[3] == 0
    np.testing.assert_array_equal(found.profiles["us-2014"], [1, np.nan, np.nan, 0, 0])


def test_the_quotient_within_all_jobs_is_for_the_star_rules():
    quotient, jobs, places = [3.0, 2.0, 1.0, 0.5], [50, 40, 30, 20], [5, 4, 3, 2]
    share = [0.1, 0.1, 0.1, 0.1]
    found = survival(
        quotient, jobs, places, overall_quotient=[0.5, 1, 1, 2.5], share_of_region=share
    )
    assert found.profiles["us-2014"].tolist() == [1, 0, 0, 0]
    assert found.profiles["quotient-1.2"].tolist() == [0, 0, 0, 1]


def test_profiles_of_ones_own():
    own = StarRule("own", "", "", (Dimension("share_of_nation", "at least", 0.5),))
    found = survival(
        [1, 1], [30, 10], [1, 1], share_of_region=[0.1, 0.1], profiles=["us-2014", own]
    )
    assert list(found.profiles) == ["us-2014", "own"]
    assert found.profiles["own"].tolist() == [1, 0]


def test_labels_are_kept_in_every_field():
    jobs = pd.DataFrame([[40, 5], [10, 25]], index=["n", "s"], columns=["a", "b"])
    found = survival(location_quotient(jobs), jobs.iloc[::-1], jobs)
    for table in (found.held, found.judged, found.share, *found.profiles.values()):
        assert (list(table.index), list(table.columns)) == (["n", "s"], ["a", "b"])
    plain = survival(location_quotient(jobs.to_numpy()), jobs.to_numpy(), jobs.to_numpy())
    np.testing.assert_array_equal(found.held, plain.held)
    sparse = scipy.sparse.csr_array(jobs.to_numpy())
    again = survival(location_quotient(jobs.to_numpy()), sparse, sparse)
    np.testing.assert_array_equal(again.held, plain.held)


def test_bad_input_is_refused():
    with pytest.raises(InvalidInput, match="share_of_region is missing"):
        survival([1], [1], [1])
    with pytest.raises(CannotAnswer, match="us-2014"):
        survival([[1]], [[1]], [[1]], profiles=["us-2015"])
    with pytest.raises(InvalidInput, match="stands twice"):
        survival([[1]], [[1]], [[1]], profiles=["us-2014", "us-2014"])
    with pytest.raises(InvalidInput, match="no profile"):
        survival([[1]], [[1]], [[1]], profiles=[])
    with pytest.raises(InvalidInput, match="shape"):
        survival([[1, 2]], [[1]], [[1, 2]])
