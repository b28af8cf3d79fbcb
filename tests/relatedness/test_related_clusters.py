"""The rule of related clusters, its fallback, and what carries a link."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.relatedness.input_output import Flows
from clusteratlas.relatedness.related_clusters import _rule, related_clusters
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

CLUSTERS = 12
EACH = 5


def planted(seed: int = 0) -> tuple[Similarities, dict[str, str]]:
    """Twelve clusters of five industries; 1-2, 3-4 and 5-6 are close, the rest is noise."""
    random = np.random.default_rng(seed)
    width = CLUSTERS * EACH
    matrix = random.normal(0, 0.02, (width, width))
    of = np.arange(width) // EACH
    near = [(0, 1), (2, 3), (4, 5)]
    for first, second in near:
        block = np.ix_(of == first, of == second)
        matrix[block] += 1.0
    matrix = matrix + matrix.T + 0.5 * (of[:, None] == of[None, :])
    np.fill_diagonal(matrix, np.nan)
    labels = tuple(f"{at:03d}" for at in range(width))
    groups = {label: str(of[at] + 1) for at, label in enumerate(labels)}
    return Similarities(labels, {"colocation_employment": matrix}), groups


def row(table: pa.Table, a: str, b: str) -> dict:
    (found,) = [each for each in table.to_pylist() if (each["a"], each["b"]) == (a, b)]
    return found


def test_planted_pairs_are_related_and_no_others() -> None:
    similarities, groups = planted()
    table = related_clusters(similarities, groups)
    assert table.num_rows == CLUSTERS**2
    related = {(each["a"], each["b"]) for each in table.to_pylist() if each["related"]}
    assert related == {("1", "2"), ("2", "1"), ("3", "4"), ("4", "3"), ("5", "6"), ("6", "5")}
    assert row(table, "1", "2")["rule"] == "strong link"
    assert row(table, "1", "2")["linked_share_a"] == 1.0


def test_clusters_without_a_link_are_given_their_two_nearest() -> None:
    similarities, groups = planted()
    rows = related_clusters(similarities, groups).to_pylist()
    for cluster in map(str, range(7, 13)):
        near = [each for each in rows if each["a"] == cluster and each["rule"] == "nearest"]
        assert len(near) <= 2
        assert not any(each["related"] for each in near)
        others = [each for each in rows if each["a"] == cluster and each["b"] != cluster]
        best = sorted(others, key=lambda each: -each["composite"])[: len(near)]
        assert {each["b"] for each in near} == {each["b"] for each in best}
        assert all(each["percentile"] > 0.5 for each in near)


def test_means_between_and_within_by_hand() -> None:
    similarities, groups = planted()
    matrix = similarities.components["colocation_employment"]
    table = related_clusters(similarities, groups)
    found = row(table, "3", "7")
    assert found["colocation_employment"] == pytest.approx(matrix[10:15, 30:35].mean())
    assert row(table, "7", "3")["colocation_employment"] == found["colocation_employment"]
    inside = matrix[10:15, 10:15][~np.eye(5, dtype=bool)]
    assert row(table, "3", "3")["colocation_employment"] == pytest.approx(inside.mean())
    assert row(table, "3", "3")["percentile"] is None


def test_the_composite_is_standardised_over_pairs_of_clusters() -> None:
    similarities, groups = planted()
    rows = list(related_clusters(similarities, groups).to_pylist())
    between = np.array([each["composite"] for each in rows if each["a"] != each["b"]])
    assert between.mean() == pytest.approx(0, abs=1e-12)
    assert between.std() == pytest.approx(1)


def test_a_link_is_carried_by_its_strongest_pairs_of_industries() -> None:
    similarities, groups = planted()
    matrix = similarities.components["colocation_employment"]
    table = related_clusters(similarities, groups)
    first = row(table, "1", "2")["carried_by"].split()
    assert len(first) == 3
    one, other = np.unravel_index(np.argmax(matrix[:5, 5:10]), (5, 5))
    assert first[0] == f"{one:03d}-{other + 5:03d}"
    back = row(table, "2", "1")["carried_by"].split()
    assert back == ["-".join(reversed(pair.split("-"))) for pair in first]


def test_percentiles_pool_all_pairs_and_those_of_a_its_own() -> None:
    similarities, groups = planted()
    rows = [
        each
        for each in related_clusters(similarities, groups).to_pylist()
        if each["a"] != each["b"]
    ]
    top = max(rows, key=lambda each: each["composite"])
    assert top["percentile"] == 1.0
    for cluster in ("1", "9"):
        mine = [each for each in rows if each["a"] == cluster]
        assert max(mine, key=lambda each: each["composite"])["percentile_of_a"] == 1.0
        assert min(each["percentile_of_a"] for each in mine) == 0.0


def test_the_order_of_industries_and_names_of_clusters_change_nothing() -> None:
    similarities, groups = planted()
    plain = related_clusters(similarities, groups)
    renamed = {label: f"x{int(cluster):02d}" for label, cluster in groups.items()}
    other = related_clusters(similarities, dict(reversed(renamed.items())))
    for name in ("composite", "percentile", "linked_share_a", "rule", "carried_by"):
        assert plain.column(name).to_pylist() == other.column(name).to_pylist()


def test_flows_replace_the_mean_of_shares() -> None:
    similarities, groups = planted()
    labels = similarities.labels
    between = np.zeros((len(labels),) * 2)
    between[0, 5] = 30.0
    between[0, 10] = 10.0
    between[1, 0] = 10.0
    flows = Flows(
        labels, between, between.sum(axis=1), between.sum(axis=0), np.zeros(60, dtype=bool)
    )
    table = related_clusters(similarities, groups, flows=flows)
    assert row(table, "1", "2")["input_output"] == pytest.approx(1.0)  # all that 2 buys
    assert row(table, "1", "3")["input_output"] == pytest.approx(1.0)
    assert row(table, "1", "1")["input_output"] == pytest.approx(1.0)  # all that 1 buys is its own
    assert row(table, "2", "3")["input_output"] == 0.0
    assert row(table, "8", "9")["input_output"] is None
    assert row(table, "8", "9")["composite"] is not None


def test_a_cluster_of_one_industry_has_nothing_within() -> None:
    similarities, groups = planted()
    groups["000"] = "alone"
    table = related_clusters(similarities, groups)
    assert row(table, "alone", "alone")["composite"] is None
    assert row(table, "alone", "2")["composite"] is not None


def test_fewer_than_five_clusters_have_no_percentile() -> None:
    similarities, groups = planted()
    four = {label: cluster for label, cluster in groups.items() if cluster in ("1", "2", "3", "4")}
    rows = related_clusters(similarities, four).to_pylist()
    assert {row["percentile"] for row in rows} == {None}
    assert {row["percentile_of_a"] for row in rows} == {None}
    assert {row["rule"] for row in rows} == {""}
    assert not any(row["related"] for row in rows)
    assert all(row["composite"] is not None for row in rows if row["a"] != row["b"])


def test_a_pair_and_its_twin_have_one_percentile() -> None:
    similarities, groups = planted(3)
    rows = related_clusters(similarities, groups).to_pylist()
    told = {(each["a"], each["b"]): each["percentile"] for each in rows if each["a"] != each["b"]}
    assert all(told[a, b] == told[b, a] for a, b in told)
    pairs = CLUSTERS * (CLUSTERS - 1) // 2
    assert sorted({told[a, b] for a, b in told}) == pytest.approx(np.arange(pairs) / (pairs - 1))


def test_the_thresholds_of_the_rule() -> None:
    """Percentiles 0.95 and 0.90, a share of 20 % in both; the fallback's 0.5 and 0.25."""
    width = 5
    composite = np.zeros((width, width))
    percentile = np.zeros((width, width))
    linked = np.ones((width, width))
    near = np.ones((width, width))

    def put(matrix: np.ndarray, i: int, j: int, value: float) -> None:
        matrix[i, j] = matrix[j, i] = value

    put(percentile, 0, 1, 0.95)
    put(percentile, 0, 2, 0.9499)
    put(percentile, 0, 3, 0.8999)
    put(percentile, 1, 2, 0.99)
    linked[1, 2] = 0.2
    rule = _rule(composite, percentile, linked, near)
    assert rule[0, 1] == rule[1, 0] == "strong link"
    assert rule[0, 2] == "link"
    assert rule[0, 3] == ""
    assert rule[1, 2] == rule[2, 1] == ""
    put(percentile, 3, 4, 0.5001)
    put(near, 3, 4, 0.25)
    assert _rule(composite, percentile, linked, near)[4, 3] == "nearest"
    put(near, 3, 4, 0.2499)
    assert _rule(composite, percentile, linked, near)[4, 3] == ""
    put(near, 3, 4, 1.0)
    put(percentile, 3, 4, 0.5)
    assert _rule(composite, percentile, linked, near)[4, 3] == ""


def test_an_industry_is_not_linked_with_its_own_cluster() -> None:
    """What it has with its own industries must not raise the level that links begin at."""
    similarities, groups = planted()
    table = related_clusters(similarities, groups)
    closer = similarities.components["colocation_employment"].copy()
    own = np.array(
        [[groups[a] == groups[b] for b in similarities.labels] for a in similarities.labels]
    )
    closer[own] += 50
    again = related_clusters(
        Similarities(similarities.labels, {"colocation_employment": closer}), groups
    )
    assert table.column("linked_share_a").to_pylist() == again.column("linked_share_a").to_pylist()


def test_a_gap_within_a_cluster_leaves_its_composite_open() -> None:
    similarities, groups = planted()
    other = similarities.components["colocation_employment"].copy()
    other[:5, :5] = np.nan
    both = Similarities(similarities.labels, dict(similarities.components) | {"occupations": other})
    table = related_clusters(both, groups)
    assert row(table, "1", "1")["composite"] is None
    assert row(table, "1", "2")["composite"] is not None


def test_too_few_clusters_and_foreign_industries_are_refused() -> None:
    similarities, groups = planted()
    with pytest.raises(CannotAnswer, match="fewer than three clusters"):
        related_clusters(similarities, {label: groups[label] for label in ("000", "005")})
    with pytest.raises(CannotAnswer, match="no industry of the definition"):
        related_clusters(similarities, {"C20": "1"})
