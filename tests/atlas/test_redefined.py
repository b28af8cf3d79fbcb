"""Moved industries: the same figures as a build with that definition, and refusals in one go."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.atlas.made_up import gappy, made_up

from clusteratlas.atlas import Release, build, filling
from clusteratlas.atlas.redefined import Move, redefine, redefined_clusters
from clusteratlas.classification import Definition
from clusteratlas.tables import InvalidInput

BASE = "us-benchmark-2014"
INTERVALS = {
    "employment_low",
    "employment_high",
    "location_quotient_low",
    "location_quotient_high",
    "probability_strong",
    "rank_low",
    "rank_high",
}
WITHIN_TRADED = (Move("334413", "5"), Move("333111", "new-field-machines"), Move("325414", "23"))
ACROSS = (Move("722511", "5"), Move("334516", "101"))


@pytest.fixture(scope="module", params=[WITHIN_TRADED, ACROSS], ids=["traded", "across"])
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Release, tuple[Move, ...]]]:
    """A release with the benchmark and with the benchmark after the moves."""
    dataset = gappy(2019, 2020)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "fill", made_up)
        plain = build([dataset], tmp_path_factory.mktemp("plain"))
        moved = redefine(plain, BASE, request.param)
        plain.close()
        standard = dataset.definitions[0]
        own = Definition(
            "own",
            "Own",
            "test",
            "cluster",
            moved.clusters.set_column(0, "definition", [["own"] * moved.clusters.num_rows]),
            moved.members.set_column(0, "definition", [["own"] * moved.members.num_rows]),
        )
        both = dataclasses.replace(dataset, definitions=(standard, own))
        release = build([both], tmp_path_factory.mktemp("both"))
    yield release, request.param
    release.close()


def test_every_column_equals_a_build_with_that_definition(
    built: tuple[Release, tuple[Move, ...]],
) -> None:
    release, moves = built
    found = redefine(release, BASE, moves)
    assert found.everything == (moves == ACROSS)
    rows = redefined_clusters(release, found, "districts", 2020).to_pylist()
    published = {
        (row["region"], row["cluster"]): row
        for row in release.selected(
            "select * from regional_clusters where definition = 'own' and scheme = 'districts' "
            "and year = 2020"
        ).to_pylist()
    }
    clusters = {row["cluster"] for row in rows}
    assert set(found.changed) <= clusters
    assert len(rows) == 14 * len(clusters)
    for row in rows:
        expected = published[row["region"], row["cluster"]]
        for name, value in expected.items():
            if name in INTERVALS or name == "definition":
                continue
            if isinstance(value, float):
                assert row[name] == pytest.approx(value, rel=1e-12), (name, row["cluster"])
            else:
                assert row[name] == value, (name, row["cluster"], row["region"])


def test_all_faults_of_moves_are_told_at_once(sample_release: Release) -> None:
    moves = [
        Move("33441", "23"),
        Move("334413", "Biopharm"),
        Move("334413", "5"),
        Move("325412", "5"),
        Move("311111", "new-<script>"),
    ]
    with pytest.raises(InvalidInput) as caught:
        redefine(sample_release, BASE, moves)
    said = str(caught.value)
    for words in ("no such industry", "334413", "Biopharmaceuticals", "moved twice", "already"):
        assert words in said
    assert "new-<script>" in said
    with pytest.raises(InvalidInput, match="more than can be tried"):
        redefine(sample_release, BASE, [Move(str(each), "5") for each in range(1000)])


def test_a_place_without_moves_changes_nothing(sample_release: Release, tmp_path: Path) -> None:
    found = redefine(sample_release, BASE, [])
    assert found.changed == ()
    assert not found.everything
