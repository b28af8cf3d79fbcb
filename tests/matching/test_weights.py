"""Weights of partner suggestions: a default stated beforehand, own ones with every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.matching.conftest import affinity_by_hand, claim

from clusteratlas.matching.records import PART_NAMES
from clusteratlas.matching.suggestions import PartnerIndex
from clusteratlas.matching.weights import default_weights, read_weights
from clusteratlas.organisations import Profile
from clusteratlas.tables import InvalidInput


def test_every_part_has_a_default_and_they_sum_to_one() -> None:
    ours = default_weights()
    assert tuple(ours.parts) == PART_NAMES
    assert sum(ours.parts.values()) == pytest.approx(1)
    assert ours.parts["related_colocation"] == 0


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = ""\nversion = 0\nextra = 1\n'
        "[parts]\nstrenght = 1\nintent = -1\nnovelty = true\nstrength = nan\n"
        '[claims]\nside = 0\n[list]\nrelevance = "much"\npool = 2.5\n'
    )
    with pytest.raises(InvalidInput) as caught:
        read_weights(path)
    told = {fault.column: fault for fault in caught.value.faults}
    assert told.keys() == {
        "extra",
        "name",
        "version",
        *("parts.strenght", "parts.intent", "parts.novelty", "parts.strength"),
        *("claims.side", "list.relevance", "list.pool"),
    }
    assert told["parts.strenght"].hint == "did you mean strength?"
    assert all(fault.file == str(path) for fault in told.values())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("= 1", "no TOML"),
        ("[parts]\n" + "\n".join(f"{name} = 0" for name in PART_NAMES), "no part weighs"),
        ("parts = 3", "no table"),
        ("x" * 200_000, "too large"),
    ],
)
def test_what_are_no_weights_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=problem):
        read_weights(path)
    with pytest.raises(InvalidInput, match="no such file"):
        read_weights(tmp_path / "away.toml")


def test_weights_decide_the_order(tmp_path: Path) -> None:
    def first(part: str) -> str:
        path = tmp_path / f"{part}.toml"
        parts = "\n".join(f"{name} = {int(name == part)}" for name in PART_NAMES)
        path.write_text(f'name = "{part}"\nversion = 2\n[parts]\n{parts}\n')
        index = PartnerIndex.of(
            [
                Profile(name="Me", claims=[claim("1")], technologies=["quantum"]),
                Profile(name="Field", claims=[claim("1")], technologies=["photonics"]),
                Profile(name="Tags", claims=[claim("2")], technologies=["quantum"]),
                Profile(name="More", claims=[claim("3")], technologies=["robotics"]),
            ],
            None,
            affinity_by_hand({}),
            read_weights(path),
        )
        found = index.suggest("me")
        assert found.weights == f"{part} 2"
        return found.suggestions[0].name

    assert (first("same_field"), first("technology")) == ("Field", "Tags")
