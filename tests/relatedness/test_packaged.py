"""Similarities as files, and the tables that come with the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clusteratlas.classification import definition
from clusteratlas.relatedness.agreement import agreement, without_main_effects
from clusteratlas.relatedness.packaged import (
    packaged_clusters,
    packaged_industries,
    read_clusters,
    read_similarities,
    write_similarities,
)
from clusteratlas.relatedness.related_clusters import related_clusters
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import InvalidInput


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, ending: str) -> None:
    values = np.array([[np.nan, 0.25, np.nan], [0.25, np.nan, -0.5], [np.nan, -0.5, np.nan]])
    given = Similarities(
        ("111", "222", "333"),
        {"input_output": values, "occupations": -values},
        {"occupations": np.array([True, False, True])},
        ("a note",),
    )
    path = tmp_path / f"pairs.{ending}"
    write_similarities(given, path, text=ending == "csv")
    found = read_similarities(path)
    assert found.labels == given.labels
    for name, matrix in given.components.items():
        np.testing.assert_allclose(found.components[name], matrix)
    assert found.inherited["occupations"].tolist() == [True, False, True]
    assert ending == "csv" or found.notes == ("a note",)


def test_a_pair_may_stand_in_both_directions_but_with_one_value(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("a,b,occupations\n1,2,0.5\n2,1,0.5\n")
    assert read_similarities(path).components["occupations"][0, 1] == 0.5
    path.write_text("a,b,occupations\n1,2,0.5\n1,2,0.6\n")
    with pytest.raises(InvalidInput, match=r"row 3.*the pair stands twice"):
        read_similarities(path)
    path.write_text("a,b,occupations\n1,2,0.5\n2,1,0.7\n")
    with pytest.raises(InvalidInput, match=r"two directions.*1-2: 0.5 and 0.7"):
        read_similarities(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,b,occupations\n1,2,3\n", "column a is missing"),
        ("a,b,likeness\n1,2,3\n", "there is no component"),
        ("a,b,occupations\n1,2,much\n", "no table of pairs"),
        ("a,b,occupations\n1,2,inf\n", "the value is no similarity"),
        ("a,b,occupations\n1,,0.4\n", "a code is empty"),
        ("a,b,occupations\n", "the file has no rows"),
        ("a,b,b,occupations\n1,2,2,0.3\n", "the column stands twice"),
    ],
)
def test_files_that_are_no_similarities(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=said):
        read_similarities(path)
    with pytest.raises(InvalidInput, match="no such file"):
        read_similarities(tmp_path / "none.csv")


def test_clusters_need_their_columns_and_each_pair_once(tmp_path: Path) -> None:
    path = tmp_path / "clusters.csv"
    path.write_text("a,b,composite\n1,2,0.5\n")
    with pytest.raises(InvalidInput) as told:
        read_clusters(path)
    assert {fault.column for fault in told.value.faults} == {"percentile", "related", "rule"}
    path.write_text("a,b,composite,percentile,related,rule\n1,2,0.5,1,yes,link\n")
    with pytest.raises(InvalidInput, match=r"related is not true or false.*yes"):
        read_clusters(path)
    path.write_text("a,b,composite,percentile,related,rule\n1,2,0.5,1,true,link\n")
    assert read_clusters(path).num_rows == 1
    path.write_text(
        "a,b,composite,percentile,related,rule\n1,2,0.5,1,true,link\n1,2,0.4,1,true,link\n"
    )
    with pytest.raises(InvalidInput, match=r"row 3.*pair stands twice"):
        read_clusters(path)


def test_the_packaged_tables_belong_together() -> None:
    """The clusters are those of the benchmark; every component but the flows is made of pairs."""
    benchmark = definition("us-benchmark-2014", "naics-2017")
    traded = {
        row["industry"]: row["cluster"] for row in benchmark.industries.to_pylist() if row["traded"]
    }
    industries, clusters = packaged_industries("naics-2017"), packaged_clusters("us-benchmark-2014")
    assert industries is not None
    assert clusters is not None
    assert set(industries.labels) == set(traded)
    assert clusters.num_rows == 51 * 51
    again = related_clusters(industries, traded)
    for name in ("colocation_employment", "colocation_establishments", "occupations"):
        np.testing.assert_allclose(
            clusters.column(name).cast("float64").to_numpy(),
            again.column(name).to_numpy(),
            atol=1e-4,
        )
    assert clusters.column("a").to_pylist() == again.column("a").to_pylist()


def test_the_packaged_rows_obey_the_rule() -> None:
    table = packaged_clusters("us-benchmark-2014")
    assert table is not None
    rows = [row for row in table.to_pylist() if row["a"] != row["b"]]
    values = {(row["a"], row["b"]): row for row in rows}
    for row in rows:
        back = values[row["b"], row["a"]]
        assert row["composite"] == back["composite"]
        assert row["linked_share_a"] == back["linked_share_b"]
        held = min(row["linked_share_a"], row["linked_share_b"]) > 0.2
        assert row["related"] == (held and row["percentile"] >= 0.9)
        assert (row["rule"] == "strong link") == (held and row["percentile"] >= 0.95)
    with_links = {row["a"] for row in rows if row["related"]}
    for cluster in {row["a"] for row in rows} - with_links:
        near = [row for row in rows if row["a"] == cluster and row["rule"] == "nearest"]
        assert len(near) <= 2


def test_components_agree_and_differ() -> None:
    """Places and jobs say nearly the same; what is bought says something else."""
    table = packaged_clusters("us-benchmark-2014")
    names = ["colocation_employment", "colocation_establishments", "input_output", "occupations"]
    found = agreement(table, names)
    assert found[0, 1] > 0.9
    assert 0.1 < found[0, 2] < 0.5
    assert 0.1 < found[0, 3] < 0.5


def test_main_effects_are_taken_out_whole() -> None:
    random = np.random.default_rng(0).normal(size=(9, 9))
    effect = np.arange(9.0)
    rest = without_main_effects(random + random.T + effect[:, None] + effect[None, :])
    np.testing.assert_allclose(np.nansum(rest, axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(rest, without_main_effects(random + random.T), atol=1e-9)
