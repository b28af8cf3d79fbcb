"""`clusteratlas partners`: the list with parts and reasons, for people and for machines."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from clusteratlas.matching.records import PART_NAMES
from clusteratlas.organisations import json_of, load_demonstration

LIST = Path(__file__).parents[3] / "shared/data/organisations/us_organisations_and_clusters.csv"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no release is current."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "registry.csv"
    path.write_text(
        "name,country,claims,technologies\n"
        "Optics West,US,us-benchmark-2014:23,photonics\n"
        "Optics North,DE,us-benchmark-2014:23,photonics\n"
        "Steel South,DE,us-benchmark-2014:47,robotics\n"
        "Foods East,US,us-benchmark-2014:19,photonics\n"
    )
    return path


@pytest.mark.skipif(not LIST.is_file(), reason="the list in ../shared is not on this machine")
def test_a_plain_list_gives_parts_and_reasons_and_says_that_nothing_is_measured(run) -> None:
    told = json.loads(run("partners", LIST, "--organisation", "growfl", "--json").ended(0).out)
    assert told["organisation"] == {"slug": "growfl", "name": "GrowFL"}
    assert (told["registry"], told["organisations"], told["release"]) == (LIST.name, 73, None)
    assert [each["rank"] for each in told["suggestions"]] == list(range(1, 11))
    for each in told["suggestions"]:
        assert each["organisation"]["slug"] != "growfl"
        assert 0 <= each["score_low"] <= each["score"] <= each["score_high"] <= 1
        parts = {part["part"]: part for part in each["parts"]}
        assert tuple(parts) == PART_NAMES
        for name in ("strength", "complementarity", "technology", "intent", "capacity"):
            assert (parts[name]["value"], parts[name]["low"], parts[name]["high"]) == (None, 0, 1)
            assert parts[name]["gaps"][0]["text"]
        assert all(part["evidence"] or part["gaps"] for part in each["parts"])
        assert each["why"]
        assert each["missing"]
        assert each["would_change"]
    related = [each["parts"][1]["evidence"] for each in told["suggestions"]]
    assert "related_skills" in [each[0]["code"] for each in related if each]
    assert "note_no_release" in [note["code"] for note in told["notes"]]


def test_the_demonstration_against_the_sample(ask, tmp_path: Path) -> None:
    path = tmp_path / "demonstration.json"
    made = json_of(load_demonstration())
    path.write_bytes(made if isinstance(made, bytes) else made.encode())
    told = json.loads(ask("partners", path, "--organisation", "ILMDA", "--json").ended(0).out)
    assert told["release"]
    assert told["left_out"]["partners"] == 2
    figures = [
        reason
        for each in told["suggestions"]
        for part in each["parts"]
        for reason in part["evidence"]
        if part["part"] in ("strength", "complementarity")
    ]
    assert figures
    for reason in figures:
        held = reason["parameters"]
        if reason["code"] != "gap_none":
            assert held["year"] in reason["text"]
            assert held["status"] in reason["text"]
            assert held["source"]


def test_people_read_why_and_what_is_not_known(run, registry: Path) -> None:
    out = run("partners", registry, "--organisation", "Optics West").ended(0).out
    assert out.startswith("Partners suggested to Optics West\n3 organisations compared")
    assert "1. Optics North (DE): 0." in out
    assert "Both claim Information Technology and Analytical Instruments" in " ".join(out.split())
    assert "Not known" in out
    assert "strength behind it" in out
    crossed = (
        run(
            "partners", registry, "--organisation", "Optics West", "--cross-sector", "--same-border"
        )
        .ended(0)
        .out
    )
    assert "Foods East" in crossed
    assert "Left out: 1 by sector; 1 by border." in crossed
    nobody = run("partners", registry, "--organisation", "Foods East", "--same-sector").ended(0).out
    assert "Nobody can be suggested." in nobody


def test_csv_holds_every_part(run, registry: Path) -> None:
    out = run("partners", registry, "--organisation", "optics-west", "--csv").ended(0).out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["slug"] for row in rows} == {"optics-north", "steel-south", "foods-east"}
    assert all(f"{name}_high" in rows[0] for name in PART_NAMES)
    assert rows[0]["strength"] == ""


def test_a_draft_and_own_weights(run, registry: Path, tmp_path: Path) -> None:
    draft, weights = tmp_path / "draft.csv", tmp_path / "mine.toml"
    draft.write_text("name,claims\nLenses,us-benchmark-2014:23\n")
    weights.write_text('name = "mine"\n[parts]\nsame_field = 1\n')
    asked = ("partners", registry, "--draft", draft, "--weights", weights, "--json")
    told = json.loads(run(*asked).ended(0).out)
    assert told["organisation"] == {"slug": "", "name": "Lenses"}
    assert told["weights"] == "mine 1"
    assert told["suggestions"][0]["organisation"]["name"].startswith("Optics")
    run("partners", registry, "--draft", registry).ended(2)


def test_faults_are_sentences(run, registry: Path, tmp_path: Path) -> None:
    told = run("partners", registry, "--organisation", "Optiks West").ended(3).err
    assert "did you mean Optics West" in told
    assert "with --organisation" in run("partners", registry).ended(2).err
    assert "no such file" in run("partners", tmp_path / "x.csv", "--organisation", "a").ended(2).err
    away = ("--organisation", "Optics West", "--place", tmp_path / "away")
    assert "No atlas has been built" in run("partners", registry, *away).ended(3).err
