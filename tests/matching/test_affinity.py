"""Skills, input-output and co-location of two clusters, each a percentile of pairs, kept apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from clusteratlas.matching.affinity import (
    COMPONENTS,
    affinity_of_packaged,
    affinity_of_release,
    percentiles_of_pairs,
    rarity,
)
from clusteratlas.relatedness.packaged import packaged_clusters
from clusteratlas.tables import CannotAnswer

BENCHMARK = "us-benchmark-2014"


@dataclass(frozen=True)
class _Row:
    a: str
    b: str
    colocation_employment: float | None = None
    colocation_establishments: float | None = None
    coagglomeration: float | None = None
    input_output: float | None = None
    occupations: float | None = None
    skill_flows: float | None = None


@dataclass(frozen=True)
class _Release:
    """A release as far as relatedness asks it."""

    rows: list[_Row] = field(default_factory=list)

    def relatedness(self, definition: str) -> list[_Row]:
        return self.rows

    def missing(self, table: str, of: str) -> str:
        return "no flows were given"

    def sources_of_relatedness(self, definition: str) -> list[str]:
        return ["own"]


def test_every_component_of_the_package_is_a_percentile_rank_of_its_own_column() -> None:
    ours = affinity_of_packaged(BENCHMARK)
    rows = {(row["a"], row["b"]): row for row in packaged_clusters(BENCHMARK).to_pylist()}
    assert list(ours.clusters) == [str(code) for code in range(1, 52)]
    assert ours.made_of["colocation"] == ("colocation_employment", "colocation_establishments")
    for component, column in (("skills", "occupations"), ("input_output", "input_output")):
        ranks = ours.between(component)
        assert np.array_equal(ranks, ranks.T, equal_nan=True)
        assert np.isnan(np.diagonal(ranks)).all()
        upper = ranks[np.triu_indices(51, 1)]
        assert not np.isnan(upper).any()
        assert (upper.min() >= 0, upper.max()) == (True, 1.0)
        assert upper.mean() == pytest.approx(0.5)
        best = np.unravel_index(np.nanargmax(ranks), ranks.shape)
        pair = tuple(ours.clusters[at] for at in best)
        others = [row[column] for key, row in rows.items() if key[0] != key[1]]
        assert rows[pair][column] == max(others)
    assert ours.value("1", "103", "skills") is None
    assert ours.value("1", "1", "skills") is None


def test_a_release_and_the_package_give_the_same_affinity(sample_release) -> None:
    packaged = affinity_of_packaged(BENCHMARK)
    released = affinity_of_release(sample_release, BENCHMARK)
    assert released.clusters == packaged.clusters
    assert released.made_of == packaged.made_of
    for name in COMPONENTS:
        assert np.allclose(released.between(name), packaged.between(name), equal_nan=True)
    industry_groups = affinity_of_release(sample_release, "nace-divisions")
    for name in COMPONENTS:
        assert (name in industry_groups.made_of) == bool(
            (~np.isnan(industry_groups.between(name))).any()
        )


def test_what_a_release_does_not_know_stays_unknown() -> None:
    rows = [
        _Row("1", "2", skill_flows=0.1, coagglomeration=0.5),
        _Row("1", "3", skill_flows=0.9, coagglomeration=0.1),
        _Row("2", "3", coagglomeration=None),
        _Row("1", "1"),
    ]
    ours = affinity_of_release(_Release(rows), "mine")
    assert ours.made_of == {"skills": ("skill_flows",), "colocation": ("coagglomeration",)}
    assert np.isnan(ours.input_output).all()
    assert ours.value("2", "1", "skills") == 0.0
    assert ours.value("1", "3", "skills") == 1.0
    assert ours.value("2", "3", "skills") is None
    assert ours.between("skills", "input_output")[0, 2] == 1.0
    assert np.isnan(ours.between("skills", "input_output")[1, 2])
    with pytest.raises(CannotAnswer, match="no flows were given"):
        affinity_of_release(_Release(), "mine")


def test_ties_are_counted_half_and_the_only_pair_stands_in_the_middle() -> None:
    figures = np.full((3, 3), 2.0)
    assert percentiles_of_pairs(figures)[np.triu_indices(3, 1)].tolist() == [0.5, 0.5, 0.5]
    figures[0, 1] = figures[1, 0] = np.nan
    figures[0, 2] = figures[2, 0] = np.nan
    placed = percentiles_of_pairs(figures)
    assert placed[1, 2] == 0.5
    assert np.isnan(placed[0, 1])


def test_a_rare_cluster_weighs_more_and_none_weighs_nothing() -> None:
    weights = rarity([0, 1, 5, 20, 40], 40)
    assert (np.diff(weights) < 0).all()
    assert weights[0] == 1.0
    assert weights[-1] > 0
    assert rarity([0], 0).tolist() == [1.0]


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        (lambda: affinity_of_packaged("nace-divisions"), "us-benchmark-2014"),
        (lambda: affinity_of_packaged("us-benchmark-2015"), "us-benchmark-2014"),
        (lambda: affinity_of_packaged(BENCHMARK).between("skill"), "skills"),
        (lambda: affinity_of_packaged(BENCHMARK).between(), "skills"),
        (lambda: affinity_of_packaged(BENCHMARK).place("103"), "10"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(ask, hint: str) -> None:
    with pytest.raises(CannotAnswer) as error:
        ask()
    assert hint in str(error.value)
