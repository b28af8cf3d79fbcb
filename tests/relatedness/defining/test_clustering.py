"""Clustering functions: planted clusters, determinism, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.relatedness.defining.planted import planted

from clusteratlas.relatedness.defining.basis import (
    Basis,
    composite_of,
    normal_scores,
    scaled,
    with_classification,
    without_unknown,
)
from clusteratlas.relatedness.defining.clustering import METHODS, groupings, in_order
from clusteratlas.relatedness.defining.comparison import adjusted_rand
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

ALL = "colocation+coagglomeration+input_output+occupations"


def composite(similarities: Similarities) -> np.ndarray:
    return composite_of(scaled(similarities), Basis.read(ALL))


@pytest.mark.parametrize("method", METHODS)
def test_planted_clusters_are_recovered_and_twice_alike(method):
    similarities, groups = planted()
    matrix = composite(similarities)
    found = groupings(matrix, [8], method, seed=3)[8]
    assert adjusted_rand(found, groups) > 0.9
    assert np.array_equal(found, groupings(matrix, [8], method, seed=3)[8])


@pytest.mark.parametrize("method", [each for each in METHODS if each != "communities"])
def test_as_many_clusters_as_asked(method):
    similarities, _ = planted()
    for count, groups in groupings(composite(similarities), [2, 7, 20], method).items():
        assert groups.max() + 1 == count


@pytest.mark.parametrize("method", METHODS)
def test_order_of_industries_does_not_matter_to_planted_clusters(method):
    similarities, groups = planted(noise=0.1)
    order = np.random.default_rng(1).permutation(len(groups))
    matrix = composite(similarities)
    found = groupings(matrix[np.ix_(order, order)], [8], method)[8]
    assert adjusted_rand(found, groups[order]) == 1.0


def test_groups_are_numbered_by_size_then_first_member():
    assert in_order([5, 7, 7, 1, 1]).tolist() == [2, 0, 0, 1, 1]


def test_identical_rows_stay_together():
    matrix = np.array(
        [[0, 1, 0.2, 0.1], [1, 0, 0.2, 0.1], [0.2, 0.2, 0, 0.9], [0.1, 0.1, 0.9, 0]], dtype=float
    )
    for method in METHODS:
        assert groupings(matrix, [2], method)[2].tolist() == [0, 0, 1, 1], method
    same = np.ones((6, 6))
    for method in ("ward", "k-medoids"):
        assert groupings(same, [3], method)[3].max() == 2


def test_an_unknown_function_and_impossible_numbers_are_refused():
    matrix = np.ones((5, 5))
    with pytest.raises(CannotAnswer, match="no such clustering function"):
        groupings(matrix, [2], "magic")
    for count in (1, 5, 9):
        with pytest.raises(CannotAnswer, match="cannot be put into that many"):
            groupings(matrix, [count])
    matrix[0, 1] = np.nan
    with pytest.raises(CannotAnswer, match="not known"):
        groupings(matrix, [2])


def test_groups_without_a_known_pair_between_them_are_named():
    similarities, _ = planted(apart=6)
    with pytest.raises(CannotAnswer, match="falls apart into 2 parts") as error:
        composite(similarities)
    assert "311000, 311001" in str(error.value)


@pytest.mark.parametrize("method", ["communities", "spectral"])
def test_a_graph_in_more_parts_than_clusters_is_named(method):
    blocks = np.kron(np.eye(3), np.ones((15, 15)))
    with pytest.raises(CannotAnswer, match="3 parts: more than the 2 clusters"):
        groupings(blocks, [2], method, labels=[f"i{at}" for at in range(45)])
    assert groupings(blocks, [3], method)[3].max() == 2


def test_a_component_that_lacks_half_of_the_industries_is_refused():
    similarities, _ = planted()
    lacking = similarities.components["occupations"].copy()
    lacking[:30] = np.nan
    lacking[:, :30] = np.nan
    given = Similarities(
        similarities.labels, dict(similarities.components) | {"occupations": lacking}
    )
    with pytest.raises(CannotAnswer, match="occupations knows 18 of 48 industries"):
        composite(given)


def test_an_industry_without_any_similarity_is_named_or_left_out():
    similarities, _ = planted()
    components = {name: each.copy() for name, each in similarities.components.items()}
    for each in components.values():
        each[4] = each[:, 4] = np.nan
    given = Similarities(similarities.labels, components)
    with pytest.raises(CannotAnswer, match="no similarity is known of 1 industries") as error:
        composite(given)
    assert "311004" in str(error.value)
    kept, left = without_unknown(given)
    assert left == ("311004",)
    assert len(kept.labels) == 47


def test_a_component_the_same_for_all_pairs_is_refused():
    with pytest.raises(CannotAnswer, match="the same for all pairs"):
        normal_scores(np.ones((4, 4)))


def test_normal_scores_do_not_depend_on_the_unit():
    given = planted()[0].components["input_output"]
    assert np.array_equal(normal_scores(given), normal_scores(np.exp(given)), equal_nan=True)


@pytest.mark.parametrize("text", ["", "a+", "-1*a", "x*a", "a+a", "0*a"])
def test_a_basis_that_is_none_is_refused(text):
    with pytest.raises(CannotAnswer, match="no basis"):
        Basis.read(text)


def test_nearness_of_codes_is_a_component_of_its_own():
    named = with_classification(planted(2, 3)[0])
    assert named.components["classification"][0, 1] == 5
    assert "classification" not in planted(2, 3)[0].components
