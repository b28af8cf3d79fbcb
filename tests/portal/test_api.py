"""The API answers like the release, refuses in one shape, and survives what a machine asks."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from ninja.openapi.schema import OpenAPISchema
from pytest_django.fixtures import Settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.portal.people import programme

from clusteratlas.atlas import Release
from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.api import api
from clusteratlas.portal.limits import Counter
from clusteratlas.portal.registry.loading import load

FIRST = {
    "cluster",
    "name",
    "traded",
    "employment",
    "establishments",
    "share_of_region",
    "share_of_nation",
    "location_quotient",
    "rank",
    "strong",
    "status",
}


def ask(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.content
    kind = "application/json" if status < 400 else "application/problem+json"
    assert response.headers["Content-Type"].split(";")[0] == kind
    return json.loads(response.content)


def test_a_region_answers_like_the_release(portal: Client, sample_release: Release) -> None:
    answer = ask(portal, "/api/v1/regions/us-cbsa/41940?year=2021")
    assert answer["region"] == "41940"
    assert answer["year"] == 2021
    assert answer["definition"] == "us-benchmark-2014"
    assert answer["release"] == sample_release.id
    assert answer["reference"] == "United States"
    rows = sample_release.regional_clusters("us-cbsa", region="41940", year=2021)
    assert len(answer["clusters"]) == len(rows) == 67
    for found, row in zip(answer["clusters"], rows, strict=True):
        assert set(found) >= FIRST
        assert found == {key: asdict(row)[key] for key in found}
    profile = asdict(sample_release.region_profile("us-cbsa", "41940", 2021))
    assert answer["totals"] == {key: profile[key] for key in answer["totals"]}


def test_regional_clusters_come_in_pages(portal: Client, sample_release: Release) -> None:
    base = "/api/v1/regional-clusters?scheme=us-cbsa&cluster=23&year=2021"
    first = ask(portal, f"{base}&limit=2")
    second = ask(portal, f"{base}&limit=2&cursor={first['next']}")
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", year=2021)
    assert first["count"] == second["count"] == len(rows)
    found = [each["region"] for each in first["items"] + second["items"]]
    assert found == [row.region for row in rows[:4]]
    assert first["items"][0] == asdict(rows[0])
    assert ask(portal, f"{base}&limit=1000")["next"] is None
    for cursor in (first["next"][:-2], "x", "\u00e9", "MQ"):
        assert ask(portal, f"{base}&limit=2&cursor={cursor}", 400)["hint"]
    other = base.replace("cluster=23", "cluster=4")
    assert ask(portal, f"{other}&limit=2&cursor={first['next']}", 400)["hint"]


def test_the_other_addresses(portal: Client, sample_release: Release) -> None:
    assert ask(portal, "/api/v1/release")["id"] == sample_release.id
    schemes = ask(portal, "/api/v1/schemes")
    assert [each["scheme"] for each in schemes] == [
        each.scheme for each in sample_release.manifest.schemes
    ]
    assert {each["definition"] for each in ask(portal, "/api/v1/definitions")} == {
        "us-benchmark-2014",
        "nace-divisions",
    }
    assert ask(portal, "/api/v1/regions?scheme=us-cbsa&limit=1000")["count"] == 927
    assert len(ask(portal, "/api/v1/clusters?definition=us-benchmark-2014")) == 67
    cluster = ask(portal, "/api/v1/clusters/us-benchmark-2014/23?year=2021")
    profile = sample_release.cluster_profile("us-cbsa", "23", 2021)
    assert cluster["totals"]["regions_strong"] == profile.regions_strong
    inside = ask(portal, "/api/v1/regions/us-cbsa/41940/clusters/23?year=2021")
    industries = sample_release.industries("us-cbsa", "41940", "23", 2021)
    assert [each["industry"] for each in inside["industries"]] == [
        each.industry for each in industries
    ]
    assert {each["status"] for each in inside["industries"]} == {each.status for each in industries}
    assert ask(portal, "/api/v1/search?q=san+jose")[0]["code"] == "41940"
    assert {each["source"] for each in ask(portal, "/api/v1/provenance")} >= {"cbp-2021"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api/v1/regions/us-cbsa/99999", 404),
        ("/api/v1/regions/us-cbsa/41940?year=2020", 404),
        ("/api/v1/regions/us-cbsa/41940?year=x", 422),
        ("/api/v1/regions", 422),
        ("/api/v1/regions?scheme=us-cbsa&limit=5000", 422),
        ("/api/v1/regional-clusters?scheme=us-cbsa", 400),
        ("/api/v1/regional-clusters?scheme=us-cbsa&cluster=23&order=beauty", 422),
        ("/api/v1/provenance?table=passwords", 404),
    ],
)
def test_refusals_have_one_shape(portal: Client, address: str, status: int) -> None:
    problem = ask(portal, address, status)
    assert set(problem) == {"type", "title", "status", "detail", "instance", "hint", "reference"}
    assert problem["status"] == status
    assert problem["instance"] == address.split("?", maxsplit=1)[0]
    assert problem["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_is_read_only(portal: Client, method: str) -> None:
    response = getattr(portal, method)("/api/v1/release")
    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 405


def test_every_field_says_what_it_is(portal: Client) -> None:
    document = ask(portal, "/api/v1/openapi.json")
    figures = document["components"]["schemas"]["ClusterFigures"]["properties"]
    assert figures["location_quotient"]["description"]
    assert "jobs" in figures["employment"]["description"]
    assert figures["status"]["enum"] == ["reported", "estimated", "withheld", "unpublished"]
    for path, operations in document["paths"].items():
        for status, response in operations["get"]["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], path


def test_no_two_schemas_have_one_name(portal: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, object] = {}

    def add(self: OpenAPISchema, definitions: dict[str, object]) -> None:
        assert {name: known.get(name, each) for name, each in definitions.items()} == definitions
        known.update(definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", add)
    api.get_openapi_schema()
    assert len(known) > 50


def test_every_address_has_an_example_that_answers(portal: Client) -> None:
    load(load_demonstration()[:2])
    programme("a-boost-without-years")
    programme("boost", since=2019, until=2024)
    page = unescape(portal.get("/api/").content.decode())
    for path, operations in ask(portal, "/api/v1/openapi.json")["paths"].items():
        assert f"<code>GET {path}</code>" in page
        operation = operations["get"]
        for each in operation.get("parameters", []):
            assert each["in"] == "query" or each["example"], (path, each["name"])
        example = operation["x-codeSamples"][0]["source"].removeprefix('curl "$SITE').strip('"')
        assert f'<a href="{example}"' in page
        assert portal.get(example).status_code == 200, example


def test_the_form_opens_what_it_describes(portal: Client) -> None:
    path = "/api/v1/regions/{scheme}/{region}/clusters/{cluster}"
    page = portal.get("/api/", {"call": path}).content.decode()
    form = page[page.index('action="/api/call/"') :].split("</form>")[0]
    assert 'name="cluster" value="23"' in form
    asked = {"call": path, "scheme": "us-cbsa", "region": "41940", "cluster": "23", "year": "2018"}
    opened = portal.get("/api/call/", asked)
    address = "/api/v1/regions/us-cbsa/41940/clusters/23?year=2018"
    assert opened.headers["Location"] == address
    assert ask(portal, address)["year"] == 2018
    assert portal.get("/api/call/", {"call": "//elsewhere.example/"}).status_code == 400
    away = portal.get("/api/call/", {**asked, "scheme": "../../..", "region": "/elsewhere.example"})
    assert away.headers["Location"].startswith("/api/v1/regions/..%2F..%2F../%2Felsewhere.example/")


def test_a_comparison_answers_like_its_page(portal: Client, sample_release: Release) -> None:
    answer = ask(portal, "/api/v1/compare/regions?regions=41940,nuts-2:DE11")
    assert answer["comparable"] is False
    first, second = answer["regions"]
    assert (first["region"], second["scheme"]) == ("41940", "nuts-2")
    profile = asdict(sample_release.region_profile("us-cbsa", "41940", first["year"]))
    assert first["totals"] == {key: profile[key] for key in first["totals"]}
    assert len(first["clusters"]) == 67
    beside = ask(portal, "/api/v1/compare/regions?regions=41940,14460&against=nation&year=2018")
    assert [each["base"] for each in beside["regions"]] == [True, False, False]
    assert {each["year"] for each in beside["regions"]} == {2018}
    over = ask(portal, "/api/v1/compare/clusters?clusters=23,4&scheme=us-cbsa&year=2021")
    whole = sample_release.cluster_profile("us-cbsa", "23", 2021)
    assert over["clusters"][0]["totals"]["employment"] == whole.employment
    within = ask(portal, "/api/v1/compare/clusters?clusters=23,4&scheme=us-cbsa&region=41940")
    row = sample_release.regional_cluster("us-cbsa", "41940", "4")
    assert within["clusters"][1]["inside"]["location_quotient"] == row.location_quotient
    assert within["clusters"][1]["totals"] is None
    ask(portal, "/api/v1/compare/regions?regions=" + ",".join(map(str, range(11))), 400)
    ask(portal, "/api/v1/compare/clusters?clusters=999", 404)


def test_a_map_answers_like_its_table(portal: Client) -> None:
    query = "scheme=us-state&cluster=23&measure=employment&show=change&from=2018&year=2021"
    answer = ask(portal, f"/api/v1/map?{query}&limit=1000")
    rows = list(csv.DictReader(io.StringIO(portal.get(f"/map/table.csv?{query}").content.decode())))
    assert len(rows) == answer["count"] == len(answer["items"])
    for row, item in zip(rows, answer["items"], strict=True):
        assert row["region"] == item["region"]
        assert row["change"] == ("" if item["change"] is None else str(item["change"]))
    level = ask(portal, "/api/v1/map?scheme=us-cbsa&industry=334413&measure=employment&limit=3")
    assert level["items"][0]["subject"] == "334413"
    more = f"/api/v1/map?scheme=us-cbsa&industry=334413&measure=employment&cursor={level['next']}"
    assert ask(portal, f"{more}&limit=3")["items"]
    assert ask(portal, "/api/v1/map?scheme=nuts-2&cluster=23")["notes"]
    ask(portal, "/api/v1/map?measure=beauty", 404)
    ask(portal, "/api/v1/map?show=change&from=2021&year=2018", 400)


def machine_asks(calls: int) -> int:
    """Ask every operation so often what a machine makes up; no fault, and always one shape."""
    from clusteratlas.portal.wsgi import application

    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()
        if "/bulk/" in operation.path:
            continue

        @hypothesis_settings(
            max_examples=calls,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            nonlocal asked
            asked += 1
            # a well-formed question may still be one that cannot be asked: a 400 is an answer
            case.call_and_validate(
                headers={"accept-encoding": "identity"},
                excluded_checks=[positive_data_acceptance],
            )

        call()
    return asked


@pytest.mark.filterwarnings("default")
def test_it_survives_what_a_machine_asks(portal: Client) -> None:
    assert machine_asks(22) >= 300


@pytest.mark.proof
@pytest.mark.filterwarnings("default")
def test_it_survives_ten_thousand_calls(portal: Client) -> None:
    assert machine_asks(600) >= 10_000


def test_all_rows_of_a_table_come_as_lines(portal: Client, sample_release: Release) -> None:
    tables = {each["table"]: each for each in ask(portal, "/api/v1/bulk")["tables"]}
    for name in ("regions", "clusters", "cluster_profile"):
        lines = b"".join(portal.get(tables[name]["ndjson"]).streaming_content).splitlines()
        assert len(lines) == sample_release.manifest.rows[name] == tables[name]["rows"]
        assert set(json.loads(lines[0])) == set(tables[name]["columns"])
        rows = b"".join(portal.get(tables[name]["csv"]).streaming_content).decode()
        assert len(list(csv.reader(io.StringIO(rows)))) == len(lines) + 1
    part = portal.get("/api/v1/bulk/cluster_profile?year=2021&scheme=us-cbsa")
    kept = [json.loads(line) for line in b"".join(part.streaming_content).splitlines()]
    assert {(each["year"], each["scheme"]) for each in kept} == {(2021, "us-cbsa")}
    ask(portal, "/api/v1/bulk/passwords", 404)
    ask(portal, "/api/v1/bulk/regions?year=2021", 404)


def test_who_calls_too_often_is_told_when_to_come_back(
    sample_place: Path, settings: Settings
) -> None:
    settings.ATLAS_PLACE = sample_place
    settings.API_CALLS_A_MINUTE = 3
    settings.PROXIES = 1
    client = Client()
    for left in (2, 1, 0):
        response = client.get("/api/v1/release", headers={"x-forwarded-for": "9.9.9.9, 10.0.0.1"})
        assert response.status_code == 200
        assert response.headers["RateLimit-Remaining"] == str(left)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    refused = client.get("/api/v1/release", headers={"x-forwarded-for": "8.8.8.8, 10.0.0.1"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 21
    assert json.loads(refused.content)["status"] == 429
    other = client.get("/api/v1/release", headers={"x-forwarded-for": "10.0.0.1, 10.0.0.2"})
    assert other.status_code == 200
    assert client.get("/regions/", headers={"x-forwarded-for": "10.0.0.1"}).status_code == 200


def test_a_bucket_fills_up_again() -> None:
    now = [0.0]
    counter = Counter(lambda: now[0])
    assert [counter.take("a", 2)[0] for _ in range(3)] == [1, 0, -1]
    now[0] = 30.0
    assert [counter.take("a", 2)[0] for _ in range(2)] == [0, -1]
    assert counter.take("b", 2)[0] == 1


def test_timelines_and_rankings(portal: Client, sample_release: Release) -> None:
    years = ask(portal, "/api/v1/regions/us-cbsa/41940/clusters/23/years")["years"]
    assert [each["year"] for each in years] == sample_release.years_of("us-cbsa", "41940")
    assert [each["year"] for each in ask(portal, "/api/v1/regions/us-cbsa/41940/years")["years"]]
    first = ask(portal, "/api/v1/region-profiles?scheme=us-cbsa&limit=1")["items"][0]
    assert first["region"] == sample_release.region_profiles("us-cbsa")[0].region
    assert ask(portal, "/api/v1/cluster-profiles?scheme=us-cbsa")["count"] == 67
