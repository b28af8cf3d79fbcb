"""Organisations tied to the map: verdicts, gaps, partners and dots on pages, in files, by API."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client
from tests.portal.people import organisation

from clusteratlas.atlas import Release
from clusteratlas.organisations import check_claims, load_demonstration
from clusteratlas.portal.organised.reason_words import REASONS, said
from clusteratlas.portal.registry.loading import load
from clusteratlas.portal.registry.shelf import published

MOTORS = "imaginary-motor-valley-cluster-of-michigan"
DETROIT = "/regions/us-cbsa/19820/"


@pytest.fixture
def registry(portal: Client) -> Client:
    load(load_demonstration())
    return portal


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_reason_of_a_check_has_its_words(sample_release: Release) -> None:
    reports = [check_claims(each, sample_release) for each in load_demonstration()]
    checks = [check for report in reports for claim in report.claims for check in claim.regions]
    reasons = [each for check in checks for each in check.reasons]
    reasons += [each for report in reports for claim in report.claims for each in claim.reasons]
    assert {each.code for each in reasons} <= set(REASONS)
    assert all("%(" not in said(each) for each in reasons)


def test_a_profile_shows_verdicts_with_figures_year_source_and_partners(registry: Client) -> None:
    page = text_of(registry, f"/organisations/{MOTORS}/")
    assert "Of 3 fields claimed the map says: 2 supported, 1 unsupported." in page
    assert "Year 2021" in page
    assert "US Census Bureau, County Business Patterns 2021" in page
    assert "Strong in this field nearby: Ann Arbor, MI" in page
    assert "Whom should it meet?" in page
    partners = text_of(registry, f"/organisations/{MOTORS}/partners/?field=cross&country=cross")
    assert "strength behind it" in partners
    assert "Not known:" in partners
    assert registry.get(f"/organisations/{MOTORS}/partners/?field=nearby").status_code == 400


def test_a_draft_is_checked_too_and_hidden_from_others(registry: Client) -> None:
    organisation("hidden", public=False)
    assert registry.get("/organisations/hidden/partners/").status_code == 404
    assert registry.get("/api/v1/organisations/hidden/claims").status_code == 404
    assert registry.get("/api/v1/organisations/hidden/partners").status_code == 404


def test_the_map_names_its_organisers_and_what_nobody_organises(registry: Client) -> None:
    page = text_of(registry, DETROIT)
    assert "Imaginary Motor Valley Cluster of Michigan" in page
    assert "Imaginary Mitten State Manufacturing Council" in page, "the state's covers it too"
    assert "organised by nobody" in page
    automotive = text_of(registry, "/clusters/us-benchmark-2014/4/")
    assert "say that they work in this: Automotive." in automotive
    both = text_of(registry, f"{DETROIT}clusters/4/")
    assert "Imaginary Motor Valley Cluster of Michigan" in both
    assert "No organisation of the registry says" in text_of(registry, f"{DETROIT}clusters/16/")


def test_coverage_is_a_page_a_file_and_an_answer_that_agree(registry: Client) -> None:
    page = text_of(registry, "/organisations/coverage/?scheme=us-cbsa")
    assert "Strong and organised by nobody, 2021" in page
    assert "Imaginary Network Without a Base" in page
    answer = registry.get("/organisations/coverage/table.csv?scheme=us-cbsa")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    found = json.loads(registry.get("/api/v1/coverage?scheme=us-cbsa&limit=1000").content)
    assert found["count"] == len(rows) > 1000
    first = found["items"][0]
    assert (first["region"], first["cluster"]) == (rows[0]["region"], rows[0]["cluster"])
    assert {row["covered"] for row in rows} >= {"here", "above", "nobody"}
    detroit = next(r for r in rows if (r["region"], r["cluster"]) == ("19820", "4"))
    assert detroit["covered"] == "here"
    assert "Imaginary Motor Valley" in detroit["organisations"]
    assert registry.get("/organisations/coverage/overlaps.csv?scheme=us-cbsa").status_code == 200
    assert registry.get("/organisations/coverage/?scheme=nowhere").status_code == 404


def test_the_list_has_a_map_with_the_verdict_of_the_cluster_asked_for(registry: Client) -> None:
    every = registry.get("/organisations/").content.decode()
    assert every.count("<svg") >= 2
    assert every.count("organisation-dot") > 15
    cars = registry.get("/organisations/?cluster=us-benchmark-2014:4").content.decode()
    assert "organisation-dot supported" in cars


def test_the_api_gives_claims_and_partners_with_figures_and_reasons(registry: Client) -> None:
    claims = json.loads(registry.get(f"/api/v1/organisations/{MOTORS}/claims").content)
    verdicts = [each["verdict"] for each in claims["claims"]]
    assert verdicts == ["supported", "supported", "unsupported"]
    figures = claims["claims"][0]["regions"][0]["figures"]
    assert figures["year"] == 2021
    assert figures["location_quotient_low"] <= figures["location_quotient"]
    partners = json.loads(registry.get(f"/api/v1/organisations/{MOTORS}/partners?limit=3").content)
    assert len(partners["suggestions"]) == 3
    assert all(each["parts"] for each in partners["suggestions"])
    assert MOTORS not in [each["organisation"]["slug"] for each in partners["suggestions"]]


def test_without_organisations_nothing_is_claimed_of_them(portal: Client) -> None:
    assert "Who organises it?" not in text_of(portal, DETROIT)
    assert "No organisation is published here yet" in text_of(portal, "/organisations/coverage/")
    assert not published().organisations
