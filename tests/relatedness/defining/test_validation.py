"""Validation scores: by hand, properties, unknown figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.relatedness.defining.planted import planted

from clusteratlas.relatedness.defining.validation import Tests, between, held_out
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer, InvalidInput


def by_definition(matrix: np.ndarray, groups: np.ndarray) -> list[float]:
    """The four shares, written as in the paper, slowly."""
    names = sorted(set(groups))
    of_cluster: list[list[bool]] = [[], []]
    of_industry: list[list[bool]] = [[], []]

    def mean(rows, columns):
        values = [matrix[i, j] for i in rows for j in columns if i != j]
        return np.mean(values) if values else np.nan

    for name in names:
        inside = np.flatnonzero(groups == name)
        others = [mean(inside, np.flatnonzero(groups == each)) for each in names if each != name]
        within = mean(inside, inside)
        if len(inside) > 1:
            of_cluster[0].append(within > np.mean(others))
            of_cluster[1].append(within > np.percentile(others, 95))
        for i in inside:
            others = [mean([i], np.flatnonzero(groups == each)) for each in names if each != name]
            own = mean([i], inside)
            of_industry[0].append(own > np.mean(others))
            of_industry[1].append(own > np.percentile(others, 95))
    return [float(np.mean(each)) for each in (*of_cluster, *of_industry)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7))
def test_scores_are_those_of_the_definition(seed, clusters):
    draw = np.random.default_rng(seed)
    groups = np.append(np.arange(clusters), draw.integers(0, clusters, 12))
    matrix = draw.normal(size=(len(groups),) * 2)
    matrix += matrix.T
    labels = tuple(f"{at:02}" for at in range(len(groups)))
    found = Tests(Similarities(labels, {"input_output": matrix})).score(groups)
    test = found.by_test["input_output"]
    ours = [
        test.clusters_mean,
        test.clusters_p95,
        test.industries_mean,
        test.industries_p95,
    ]
    assert ours == pytest.approx(by_definition(matrix, groups))
    assert found.score == pytest.approx(np.mean([np.mean(ours[:2]), np.mean(ours[2:])]))


def test_planted_far_above_random():
    similarities, groups = planted()
    tests = Tests(similarities)
    assert tests.score(groups).score > 0.95
    shuffled = [np.random.default_rng(seed).permutation(groups) for seed in range(5)]
    assert max(tests.score(each).score for each in shuffled) < 0.45


def test_names_of_clusters_do_not_matter():
    similarities, groups = planted()
    tests = Tests(similarities)
    assert tests.score(groups) == tests.score([f"c{9 - each}" for each in groups])


def test_a_cluster_of_one_counts_among_industries_only():
    matrix = np.full((5, 5), 0.1)
    matrix[0, 1] = matrix[1, 0] = matrix[2, 3] = matrix[3, 2] = 0.9
    tests = Tests(Similarities(tuple("abcde"), {"input_output": matrix}))
    test = tests.score([0, 0, 1, 1, 2]).by_test["input_output"]
    assert (test.clusters_mean, test.clusters_p95) == (1.0, 1.0)
    assert (test.industries_mean, test.industries_p95) == (0.8, 0.8)


def test_an_industry_that_a_matrix_does_not_know_is_not_tested_on_it():
    similarities, groups = planted()
    components = {name: each.copy() for name, each in similarities.components.items()}
    components["occupations"][0] = components["occupations"][:, 0] = np.nan
    tests = Tests(Similarities(similarities.labels, components), ["occupations"])
    assert tests.score(groups).score == pytest.approx(1.0, abs=0.05)
    apart = groups.copy()
    apart[0] = 5  # in a wrong cluster, but nothing is known of it there
    assert tests.score(apart).by_test["occupations"] == tests.score(groups).by_test["occupations"]


def test_percentiles_leave_out_what_is_not_known():
    mean, p95 = between(np.array([[9.0, 1.0, np.nan, 3.0]]), np.array([0]))
    assert (mean[0], p95[0]) == (2.0, pytest.approx(2.9))


def test_tests_not_used_to_build_are_held_out():
    names = ("colocation", "coagglomeration", "input_output", "occupations")
    assert held_out(names, ("colocation", "input_output")) == ("coagglomeration", "occupations")
    similarities, groups = planted()
    validation = Tests(similarities).score(groups)
    assert np.isnan(validation.only([]))
    assert validation.only(["input_output"]) == validation.by_test["input_output"].score


def test_what_cannot_be_scored_is_refused():
    similarities, groups = planted()
    with pytest.raises(InvalidInput, match="3 clusters are given for 48 industries"):
        Tests(similarities).score([1, 2, 3])
    with pytest.raises(CannotAnswer, match="one cluster"):
        Tests(similarities).score(np.zeros(48))
    with pytest.raises(CannotAnswer, match="no test matrix"):
        Tests(Similarities(similarities.labels, {"other": np.ones((48, 48))}))
    assert len(groups) == 48
