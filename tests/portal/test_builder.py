"""Regions put together: pages, table and API say the same, refusals name every fault."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.atlas.united import unite
from clusteratlas.portal.pages.builder_asked import union_address

BAY = "regions=41860,41940,42100&name=Bay+Area&year=2021"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def test_page_table_and_api_say_what_the_atlas_says(
    portal: Client, sample_release: Release
) -> None:
    united = unite(sample_release, "us-cbsa", ["41940", "41860", "42100"], year=2021)
    html = text_of(portal, f"/builder/us-cbsa/profile/?{BAY}")
    assert "<h1>Bay Area</h1>" in html
    assert "without replacing any of them" in html
    row = next(each for each in united.clusters if each.cluster == "23")
    assert f"{row.employment:,}" in html
    assert f"{row.rank} of {row.ranked}" in html
    assert "Semiconductor" in html
    answer = json.loads(text_of(portal, f"/api/v1/builder/us-cbsa?{BAY}"))
    assert answer["name"] == "Bay Area"
    assert answer["regions"] == ["41860", "41940", "42100"]
    assert answer["totals"]["employment"] == united.profile.employment
    of = {each["cluster"]: each for each in answer["clusters"]}
    assert of["23"]["employment_low"] == row.employment_low
    assert of["23"]["probability_strong"] == row.probability_strong
    table = text_of(portal, f"/builder/us-cbsa/clusters.csv?{BAY}")
    rows = {each["cluster"]: each for each in csv.DictReader(io.StringIO(table))}
    assert int(rows["23"]["employment"]) == row.employment
    assert len(rows) == 67


def test_regions_are_picked_without_scripts(portal: Client) -> None:
    html = text_of(portal, "/builder/us-cbsa/?regions=41940&year=2021")
    assert re.search(r'id="pick-41940"[^>]*value="41940"[^>]*checked', html)
    assert 'href="#pick-41940"' in html
    picked = portal.get("/builder/us-cbsa/?picked=1&pick=41940&pick=41860&name=Bay&year=2021")
    assert picked.status_code == 302
    assert picked["Location"] == "/builder/us-cbsa/?regions=41860,41940&name=Bay&year=2021"
    near = portal.get("/builder/us-cbsa/?regions=41940&near=Santa+Cruz&km=60&year=2021")
    assert near.status_code == 302
    assert set(re.findall(r"\d{5}", near["Location"])) >= {"41940", "42100"}
    by_point = portal.get("/builder/us-cbsa/?near=-121.9,37.3&km=90&year=2021")
    assert "41940" in by_point["Location"]


def test_pasted_codes_are_told_apart_at_once(portal: Client) -> None:
    html = text_of(portal, "/builder/us-cbsa/?add=41940;41860%0A41941|41940,06+XX")
    assert "41941" in html
    assert "San Jose" in html[html.index("41941") :]
    assert "more than once" in html
    assert "US states" in html or "states" in html
    assert re.search(r'data-total="regions">2<', html)


def test_five_hundred_counties_fit_into_an_address() -> None:
    address = union_address("us-county", [f"{each:05d}" for each in range(500)], year=2021)
    assert len(address) < 4_000


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/builder/us-cbsa/profile/", 400, "No region is chosen"),
        ("/builder/us-cbsa/profile/?regions=41940,41940", 400, "stands twice"),
        ("/builder/us-cbsa/profile/?regions=41940,06", 400, "two schemes"),
        ("/builder/us-cbsa/profile/?regions=99999,88888", 404, "99999, 88888"),
        ("/builder/us-cbsa/profile/?regions=" + ",".join(["41940"] * 3000), 400, "more than"),
        ("/builder/us-cbsa/profile/?regions=" + "4" * 30_000, 400, "too long"),
        ("/builder/us-cbsa/profile/?regions=41940&name=" + "x" * 300, 400, "name"),
        ("/builder/us-cbsa/profile/?regions=41940&cluster=nix", 400, "cluster"),
        ("/builder/us-metro/", 404, "us-cbsa"),
        ("/builder/us-cbsa/?near=San+Jose&km=-1", 404, "distance"),
        ("/builder/us-cbsa/?near=500,500&km=10", 404, "no such place"),
        ("/builder/us-cbsa/?regions=41940&year=1066", 404, "no figures"),
        ("/api/v1/builder/us-cbsa?regions=41940,06", 400, "two schemes"),
        ("/api/v1/builder/us-cbsa", 422, "regions"),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(
    portal: Client, address: str, status: int, told: str
) -> None:
    assert told in text_of(portal, address, status)


def test_a_script_in_a_name_is_only_text(portal: Client) -> None:
    html = text_of(
        portal, "/builder/us-cbsa/profile/?regions=41940&name=%3Cscript%3Ealert(1)%3C/script%3E"
    )
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
