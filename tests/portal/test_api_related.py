"""What the API says about related clusters, options and peers: the release's own answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client

from clusteratlas.atlas import Release

BENCHMARK = "us-benchmark-2014"
SAN_JOSE = "/api/v1/regions/us-cbsa/41940"


def ask(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def plain(record: Any) -> Any:
    """A record as JSON gives it."""
    return json.loads(json.dumps(asdict(record)))


def without(record: Any, *names: str) -> Any:
    return {name: value for name, value in plain(record).items() if name not in names}


def test_related_clusters_answer_like_the_release(portal: Client, sample_release: Release) -> None:
    answer = ask(portal, f"/api/v1/clusters/{BENCHMARK}/4/related")
    rows = sample_release.related(BENCHMARK, "4")
    assert answer["name"] == "Automotive"
    assert answer["release"] == sample_release.id
    assert answer["source"] == "; ".join(sample_release.sources_of_relatedness(BENCHMARK))
    assert answer["missing"] == ""
    assert answer["related"] == [without(row, "definition") for row in rows]
    assert answer["related"][0]["carried_by"][0]["title_a"]
    composites = [each["composite"] for each in answer["related"]]
    assert composites == sorted(composites, reverse=True)
    assert (answer["within"]["a"], answer["within"]["b"]) == ("4", "4")


def test_a_local_cluster_has_no_related_ones(portal: Client) -> None:
    answer = ask(portal, f"/api/v1/clusters/{BENCHMARK}/101/related")
    assert answer["related"] == []
    assert answer["within"] is None


def test_the_whole_relatedness_comes_in_pages(portal: Client, sample_release: Release) -> None:
    base = f"/api/v1/relatedness?definition={BENCHMARK}"
    whole = ask(portal, f"{base}&limit=10000")
    assert whole["count"] == len(whole["items"]) == 51 * 51
    part = ask(portal, f"{base}&limit=3&cursor={ask(portal, base + '&limit=2')['next']}")
    assert part["items"] == whole["items"][2:5]
    pairs = {(each["a"], each["b"]): each for each in whole["items"]}
    for (a, b), row in pairs.items():
        assert row["composite"] == pairs[b, a]["composite"]
        assert row["linked_share_a"] == pairs[b, a]["linked_share_b"]


def test_options_answer_like_the_release(portal: Client, sample_release: Release) -> None:
    answer = ask(portal, f"{SAN_JOSE}/options?year=2021")
    rows = sample_release.options("us-cbsa", "41940", 2021)
    assert rows
    assert answer["options"] == [without(row, "scheme", "region", "year") for row in rows]
    assert answer["reference"] == "United States"
    assert answer["missing"] == ""
    assert {each["kind"] for each in answer["options"]} == {"absent", "growing"}
    growing = ask(portal, f"{SAN_JOSE}/options?kind=growing")["options"]
    assert growing == [each for each in answer["options"] if each["kind"] == "growing"]
    for kind in ("absent", "growing"):
        mine = [each for each in answer["options"] if each["kind"] == kind]
        assert len(mine) <= 40
        assert [each["rank"] for each in mine] == list(range(1, len(mine) + 1))
        odds = [each["probability"] for each in mine]
        assert odds == sorted(odds, reverse=True)
    assert all(each["name"] for row in answer["options"] for each in row["supporting"])


def test_options_that_are_not_there_say_why(portal: Client) -> None:
    first = ask(portal, f"{SAN_JOSE}/options?year=2018")
    assert first["options"] == []
    state = ask(portal, "/api/v1/regions/us-state/06/options")
    assert state["options"] == []
    assert "us-cbsa" in state["missing"]


def test_skill_stands_beside_what_is_simpler(portal: Client, sample_release: Release) -> None:
    answer = ask(portal, "/api/v1/options-skill?scheme=us-cbsa")
    rows = sample_release.options_skill("us-cbsa")
    assert answer["skill"] == [without(row, "scheme", "year") for row in rows]
    assert answer["year"] == 2021
    predictors = {each["predictor"] for each in answer["skill"]}
    assert len(predictors) > 5
    for split in {each["split"] for each in answer["skill"]}:
        same = [
            each for each in answer["skill"] if (each["sample"], each["split"]) == ("all", split)
        ]
        assert len({each["events"] for each in same}) == 1


def test_peers_answer_like_the_release(portal: Client, sample_release: Release) -> None:
    answer = ask(portal, f"{SAN_JOSE}/peers")
    rows = sample_release.peers("us-cbsa", "41940")
    assert answer["peers"] == [without(row, "scheme", "region") for row in rows]
    assert [each["rank"] for each in answer["peers"]] == list(range(1, 11))
    nation = ask(portal, "/api/v1/regions/us-nation/US/peers")
    assert nation["peers"] == []
    assert "too few" in nation["missing"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/clusters/nothing/4/related", 404),
        (f"/api/v1/clusters/{BENCHMARK}/999/related", 404),
        ("/api/v1/relatedness", 422),
        ("/api/v1/relatedness?definition=nothing", 404),
        (f"/api/v1/relatedness?definition={BENCHMARK}&limit=0", 422),
        ("/api/v1/regions/us-cbsa/99999/options", 404),
        (f"{SAN_JOSE}/options?kind=lovely", 422),
        (f"{SAN_JOSE}/options?year=2020", 404),
        ("/api/v1/options-skill", 422),
        ("/api/v1/options-skill?scheme=nothing", 404),
        ("/api/v1/regions/us-cbsa/99999/peers", 404),
    ],
)
def test_refusals_are_problem_details(portal: Client, address: str, status: int) -> None:
    problem = ask(portal, address, status)
    assert problem["status"] == status
    assert problem["detail"]


def test_every_field_says_what_it_is(portal: Client) -> None:
    schemas = ask(portal, "/api/v1/openapi.json")["components"]["schemas"]
    for name in ("RelatedCluster", "Option", "OptionSkill", "Peer", "Coded", "IndustryPair"):
        for field, about in schemas[name]["properties"].items():
            assert about["description"], f"{name}.{field}"
    assert schemas["Option"]["properties"]["kind"]["enum"] == ["absent", "growing"]
    assert (
        "standard deviations" in schemas["RelatedCluster"]["properties"]["composite"]["description"]
    )
