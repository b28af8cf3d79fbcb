"""`clusteratlas programme benchmark` and `questionnaires`, for people and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clusteratlas.organisations import json_of, load_demonstration

WHO = "Imaginary Lakes Medical Device Alliance"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_from_a_template_to_a_position_without_a_release(run, tmp_path: Path) -> None:
    listed = json.loads(run("programme", "questionnaires", "list", "--json").ended(0).out)
    assert [(e["indicators"], e["groups"]) for e in listed["questionnaires"]] == [(36, 6), (31, 5)]
    shown = run("programme", "questionnaires", "show", "european-benchmarking-1").ended(0).out
    for mark in ("[seen]", "[remembered]", "[ours]", "EUR 2,250", "put together from parts"):
        assert mark in shown
    whole = json.loads(
        run("programme", "questionnaires", "show", "european-gold-1", "--json").ended(0).out
    )
    assert {each["mark"] for each in whole["indicator"]} == {"remembered"}
    # A template, filled in by what the profile states; empty cells stay open.
    (tmp_path / "own.json").write_text(json_of(load_demonstration()[:1]), encoding="utf-8")
    run("programme", "questionnaires", "template", "european-gold-1", "mine.xlsx",
        "--organisation", WHO, "--profile", "own.json").ended(0)  # fmt: skip
    mine = run("programme", "benchmark", "mine.xlsx", "--profile", "own.json").ended(0).out
    assert "are open and count from nothing to the most" in mine
    assert run("programme", "questionnaires", "template", "european-gold-1", "x.txt").code == 2
    assert run("programme", "questionnaires", "show", "platinum").code == 3
    # Peers, label, drift, what if.
    run("programme", "questionnaires", "example", "european-gold-1", "peers.json").ended(0)
    asked = ("programme", "benchmark", "peers.json", "--organisation", WHO)
    told = json.loads(
        run(*asked, "--peers", "peers.json", "--population", "40", "--profile", "own.json",
            "--what-if", "review=4", "--json").ended(0).out
    )  # fmt: skip
    count = len(load_demonstration())
    assert told["peers"] | {"filter": {}} == {
        "filter": {}, "peers": count - 1, "population": 40, "minimum_peers": 10, "refused": None,
    }  # fmt: skip
    total = told["positions"][0]
    assert total["of"] == "total"
    assert 0 <= total["low"] <= total["below"] <= total["high"] <= 1
    assert told["label"]["label"] == "gold"
    assert told["what_if"]["score"]["total"]["low"] >= told["score"]["total"]["low"]
    text = run(*asked, "--peers", "peers.json", "--what-if", "review=4").ended(0).out
    for said in ("90% interval", "decided by others", "Points gained", "Evidence grade D"):
        assert said in text
    few = run(*asked, "--peers", "peers.json", "--country", "FI").ended(0).out
    assert "No position is told: fewer than 10 organisations meet the filter." in few
    # Its own logs, from the invented programme: what they count stands beside the answers.
    run("programme", "example", "boost").ended(0)
    logged = json.loads(run(*asked, "--logs", "boost/logs", "--json").ended(0).out)
    origins = {each["origin"] for each in logged["disagreements"]}
    assert origins == {"log"}
    assert logged["score"] == told["score"], "what is known changes no answer"
    # What does not go.
    assert run("programme", "benchmark", "peers.json").code == 2
    assert run(*asked, "--country", "DE").code == 2
    assert run(*asked, "--peers", "peers.json", "--population", "3").code == 3
    assert run(*asked, "--label", "silver").code == 3
    assert run(*asked, "--what-if", "review=9").code == 2
    assert "no such organisation" in run("programme", "benchmark", "peers.json",
                                         "--organisation", "Nobody").err  # fmt: skip


def test_the_health_of_its_clusters_beside_it(run, sample_place: Path, tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json_of(load_demonstration()[:1]), encoding="utf-8")
    run("programme", "questionnaires", "example", "european-benchmarking-1", "peers.csv").ended(0)
    told = json.loads(
        run("programme", "benchmark", "peers.csv", "--organisation", WHO, "--profile", "own.json",
            "--place", sample_place, "--json").ended(0).out
    )  # fmt: skip
    first = told["health"][0]
    assert first["verdict"] == "supported"
    assert first["change_low"] <= first["change"] <= first["change_high"]
    assert first["year"] > first["since"]
    assert first["source"]
