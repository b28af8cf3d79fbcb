"""Star ratings, nodes and classes: by hand, against plain loops, and what must hold."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures.strong.nodes import performance_classes, specialisation_nodes
from clusteratlas.measures.strong.profiles import Dimension, StarRule, star_rule, star_rules
from clusteratlas.measures.strong.stars import star_rating
from clusteratlas.tables import CannotAnswer, InvalidInput

NAN = np.nan
SHARES = arrays(float, (12, 2), elements=st.integers(0, 40).map(lambda n: n / 80) | st.just(NAN))
QUOTIENTS = arrays(float, (12, 2), elements=st.integers(0, 14).map(lambda n: n / 4) | st.just(NAN))


def by_rule(quotient, nation, region):
    """The stars of 2007 for one cluster, spelled out region by region."""
    here = [place for place, q in enumerate(quotient) if q > 0]

    def top(values, place):
        known = [values[each] for each in here if not isnan(values[each])]
        return 1 + sum(other > values[place] for other in known) <= 0.1 * len(known) + 1e-9

    stars = []
    for place, q in enumerate(quotient):
        if isnan(q + nation[place] + region[place]):
            stars.append(NAN)
        elif q == 0:
            stars.append(0)
        else:
            stars.append(top(nation, place) + top(region, place) + (q >= 2))
    return stars


def test_three_stars_by_hand():
    quotient = [2.0, 1.99] + [1.0] * 18
    nation = [0.2, 0.1, 0.2] + [0.01] * 17  # two tied at the top of twenty: both within two
    region = [0.09, 0.08, 0.07] + [0.01] * 17
    stars = star_rating(quotient, nation, region)
    assert stars[:4].tolist() == [3, 1, 1, 0]


def test_the_order_by_jobs_is_the_order_by_share_of_the_nation():
    random = np.random.default_rng(2)
    jobs = random.integers(0, 900, (30, 4)).astype(float)
    quotient, region = jobs / 300, jobs / 5000
    share = jobs / jobs.sum(axis=0)
    np.testing.assert_array_equal(
        star_rating(quotient, jobs, region), star_rating(quotient, share, region)
    )


@settings(max_examples=150, deadline=None)
@given(QUOTIENTS, SHARES, SHARES)
def test_stars_region_by_region(quotient, nation, region):
    kept = [part.copy() for part in (quotient, nation, region)]
    stars = star_rating(quotient, nation, region)
    for column in range(2):
        parts = (part[:, column].tolist() for part in (quotient, nation, region))
        np.testing.assert_array_equal(stars[:, column], by_rule(*parts))
    for part, before in zip((quotient, nation, region), kept, strict=True):
        np.testing.assert_array_equal(part, before)


@settings(max_examples=60, deadline=None)
@given(QUOTIENTS, SHARES, SHARES, st.permutations(range(12)), st.sampled_from([0.5, 2.0, 8.0]))
def test_order_and_unit_are_irrelevant(quotient, nation, region, order, factor):
    stars = star_rating(quotient, nation, region)
    np.testing.assert_array_equal(
        star_rating(quotient[order], nation[order], region[order]), stars[order]
    )
    np.testing.assert_array_equal(star_rating(quotient, nation * factor, region * factor), stars)
    known = stars[~np.isnan(stars)]
    assert ((known >= 0) & (known <= 3)).all()


def test_quantiles_against_numpy_and_ranks_against_scipy():
    random = np.random.default_rng(6)
    values = random.lognormal(size=(41, 5))
    for level in (0.1, 0.35, 0.8):
        top = star_rating(
            values, rule=StarRule("x", "", "", (Dimension("location_quotient", "quantile", level),))
        )
        np.testing.assert_array_equal(top == 1, values >= np.quantile(values, level, axis=0))
        share = StarRule("x", "", "", (Dimension("location_quotient", "top share", level),))
        places = scipy.stats.rankdata(-values, method="min", axis=0)
        np.testing.assert_array_equal(star_rating(values, rule=share) == 1, places <= level * 41)


def test_weights_and_steps():
    wages = Dimension("wages", "at least", 30.0, weight=2.0)
    size = Dimension("share_of_nation", "at least", 0.1)
    growth = Dimension("growth", "at least", 0.0)
    quotient, nation = [1.0, 1.0, 1.0, 0.0], [0.2, 0.05, 0.2, 0.0]
    further = {"wages": [40, 40, 20, 50], "growth": [-0.1, 0.1, -0.2, 0.3]}
    plain = StarRule("plain", "", "", (wages, size, growth))
    assert star_rating(quotient, nation, rule=plain, further=further).tolist() == [3, 3, 1, 0]
    steps = StarRule("steps", "", "", (wages, size, growth), steps=(1.0, 3.0, 4.0))
    assert star_rating(quotient, nation, rule=steps, further=further).tolist() == [2, 2, 1, 0]


def test_unknown_figures_that_the_rule_does_not_ask_for_do_not_matter():
    stars = star_rating([1.5, 1.0, NAN], [NAN, NAN, 0.5], rule="quotient-1.2")
    np.testing.assert_array_equal(stars, [1, 0, NAN])


def test_named_rules():
    assert star_rules() == ("eu-stars-2007", "eu-nodes-2021", "quotient-1.2")
    rule = star_rule("eu-stars-2007")
    assert [(each.cut, each.level, each.weight) for each in rule.dimensions] == [
        ("top share", 0.1, 1),
        ("at least", 2, 1),
        ("top share", 0.1, 1),
    ]
    assert "Not confirmed" in rule.source
    with pytest.raises(AttributeError):
        rule.dimensions[0].level = 0.2
    with pytest.raises(CannotAnswer, match="eu-stars-2007"):
        star_rule("eu-stars-2008")


def test_labels_sparse_and_years():
    frame = pd.DataFrame([[2.5, 0.5], [1, 3]], index=["n", "s"], columns=["a", "b"])
    other = pd.DataFrame([[0.2, 0.1], [0.1, 0.2]], index=["s", "n"], columns=["b", "a"])
    found = star_rating(frame, other, other)
    assert (list(found.index), list(found.columns)) == (["n", "s"], ["a", "b"])
    assert found.loc["s", "b"] == 1
    sparse = scipy.sparse.csr_array(frame.to_numpy())
    plain = star_rating(frame.to_numpy(), rule="quotient-1.2")
    np.testing.assert_array_equal(star_rating(sparse, rule="quotient-1.2"), plain)
    years = np.stack([frame.to_numpy(), frame.to_numpy()[::-1]])
    assert star_rating(years, rule="quotient-1.2").shape == (2, 2, 2)


def test_bad_rules_and_input_are_refused():
    with pytest.raises(InvalidInput, match="share_of_region is missing"):
        star_rating([1], [1])
    with pytest.raises(InvalidInput, match="shape"):
        star_rating([1, 2], [1], [1, 2])
    with pytest.raises(InvalidInput, match="no such cut"):
        StarRule("x", "", "", (Dimension("location_quotient", "top", 0.1),))
    with pytest.raises(InvalidInput, match="is no share"):
        StarRule("x", "", "", (Dimension("location_quotient", "quantile", 90),))
    with pytest.raises(InvalidInput, match="not positive"):
        StarRule("x", "", "", (Dimension("location_quotient", "at least", 1, weight=0),))
    with pytest.raises(InvalidInput, match="do not rise"):
        StarRule("x", "", "", (Dimension("location_quotient", "at least", 1),), steps=(2, 1))
    with pytest.raises(InvalidInput, match="no dimension"):
        StarRule("x", "", "", ())


def test_nodes_are_the_rule_of_two_tests():
    quotient = np.array([[2.0, 1.5, 1.4, NAN, 0.0, NAN]])
    share = np.array([[0.02, 0.01, 0.05, 0.5, 0.0, 0.001]])
    nodes = specialisation_nodes(quotient, share)
    np.testing.assert_array_equal(nodes, [[1, 1, 0, NAN, 0, 0]])
    stars = star_rating(quotient, None, share, rule="eu-nodes-2021")
    np.testing.assert_array_equal((stars >= 2)[0, :3], nodes[0, :3] == 1)


def test_nodes_until_half_the_jobs_are_reached():
    nodes = specialisation_nodes([2, 2, 2, 1, 2], [0.1] * 5, [0.1, 0.3, 0.25, 0.9, NAN], reach=0.5)
    np.testing.assert_array_equal(nodes, [0, 1, 1, 0, NAN])


@settings(max_examples=80, deadline=None)
@given(QUOTIENTS, SHARES, SHARES, st.sampled_from([0.05, 0.3, 1.0]))
def test_fewer_nodes_with_a_reach_and_the_largest_of_them(quotient, region, nation, reach):
    every = specialisation_nodes(quotient, region)
    some = specialisation_nodes(quotient, region, nation, reach=reach)
    assert (every[some == 1] == 1).all()
    for column in range(2):
        inside = nation[some[:, column] == 1, column]
        outside = nation[(every[:, column] == 1) & (some[:, column] == 0), column]
        if len(outside) and len(inside):
            assert inside.min() >= outside.max()
            assert inside.sum() >= reach - 1e-9


def test_classes_of_the_published_sizes():
    """The panorama of 2020 counted 198 high, 898 medium and 1,854 basic of 2,950."""
    performance = np.random.default_rng(1).permutation(2950).astype(float).reshape(50, 59)
    classes = performance_classes(performance, cuts=(1096 / 2950, 198 / 2950), cut="top share")
    assert [int((classes == each).sum()) for each in (2, 1, 0)] == [198, 898, 1854]
    quantiles = performance_classes(performance, cuts=(0.5, 0.9), cut="quantile")
    high = performance >= np.quantile(performance, 0.9)
    np.testing.assert_array_equal(quantiles == 2, high)


def test_classes_among_clusters_only_and_within_each():
    performance = np.array([[1.0, 40.0], [2.0, 30.0], [3.0, 20.0], [9.0, 10.0]])
    among = [[True, True], [True, True], [True, True], [False, None]]
    top = {"cuts": (0.67, 0.34), "cut": "top share"}
    within = performance_classes(performance, among, within="cluster", **top)
    np.testing.assert_array_equal(within, [[0, 2], [1, 1], [2, 0], [NAN, NAN]])
    whole = performance_classes(performance, among, **top)
    np.testing.assert_array_equal(whole, [[0, 2], [0, 2], [1, 1], [NAN, NAN]])


def test_bad_nodes_and_classes_are_refused():
    with pytest.raises(InvalidInput, match="share_of_nation is missing"):
        specialisation_nodes([1], [1], reach=0.5)
    with pytest.raises(InvalidInput, match="reach"):
        specialisation_nodes([1], [1], [1], reach=1.5)
    with pytest.raises(InvalidInput, match="harder to reach"):
        performance_classes([1], cuts=(2, 1))
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        performance_classes([1], cuts=(2, 5), cut="quantile")
    with pytest.raises(CannotAnswer, match="top share"):
        performance_classes([1], cuts=(1, 2), cut="top")
