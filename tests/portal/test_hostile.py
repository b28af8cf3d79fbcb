"""Addresses written to break the portal, or to lead its readers away from it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client, RequestFactory

from clusteratlas.atlas import Release
from clusteratlas.portal import language

UNION = "/builder/us-state/profile/?regions=39,42&name="
OUTSIDE = re.compile(r'(?:href|action|src)="(?://|/\\)')


@pytest.mark.parametrize("at", ["/embed/", "/cite/"])
@pytest.mark.parametrize("view", ["/regions/\u20ac/", "/map/?scheme=\u20ac", "/map/?year=\ud83d"])
def test_letters_beyond_latin_are_refused_and_break_nothing(
    portal: Client, at: str, view: str
) -> None:
    asked = view.encode(errors="replace").decode()
    assert portal.get(at, {"view": asked}).status_code in (400, 404)
    assert portal.get("/embed/figure/regions/\u20ac/").status_code == 404


def test_a_union_named_in_any_script_is_cited_by_its_name(portal: Client) -> None:
    shown = portal.get("/cite/", {"view": f"{UNION}\u017b\u00f3\u0142w\u20ac"})
    assert shown.status_code == 200
    assert "\u017b\u00f3\u0142w\u20ac" in shown.content.decode()


def test_code_to_embed_carries_no_markup_of_the_address(portal: Client) -> None:
    name = '"><script>alert(1)</script>'
    told = portal.get("/embed/", {"view": f"{UNION}{name}"})
    assert told.status_code == 200
    code = unescape(told.content.decode().split("<textarea", 1)[1].split("</textarea>")[0])
    assert "<iframe" in code
    assert "<script" not in code


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/de//evil.example/x", "/de//de//evil.example"]
)
def test_no_link_of_a_page_leads_to_another_site(
    portal: Client, sample_release: Release, path: str
) -> None:
    for query in ("", f"?release={sample_release.id}"):
        text = portal.generic("GET", f"http://testserver{path}{query}").content.decode()
        assert "<nav" in text
        assert not OUTSIDE.search(text)
    request = RequestFactory().get("/")
    request.path = path
    here = [href for _, _, href, _ in language.in_templates(request)["languages"]]
    assert all(re.match(r"/(?!/)", each) for each in here)


def test_languages_keep_an_address_with_odd_signs(portal: Client) -> None:
    text = portal.get("/regions/us-state/a%3Fb%23c%25/?year=2021").content.decode()
    assert 'href="/de/regions/us-state/a%3Fb%23c%25/?year=2021"' in text


def test_an_industry_leads_on_within_the_release_asked_for(
    portal: Client, sample_release: Release
) -> None:
    moved = portal.get(f"/industries/334413/?release={sample_release.id}&x=1")["Location"]
    assert moved == f"/clusters/us-benchmark-2014/23/?release={sample_release.id}&x=1"


def test_no_part_of_a_table_address_is_passed_over(portal: Client) -> None:
    local = "/clusters/us-benchmark-2014/18/local.csv"
    for address, status in {
        "/regions/us-state/nowhere/options-skill.csv": 404,
        "/regions/us-state/39/options-skill.csv": 200,
        f"{local}?year=2021": 200,
        f"{local}?year=twenty": 400,
        f"{local}?year=2\u0660\u0662\u0661": 400,
        f"{local}?region=41940": 404,
        f"{local}?scheme=us-cbsa": 404,
    }.items():
        assert portal.get(address).status_code == status, address


def test_crawlers_are_kept_from_addresses_without_end(portal: Client) -> None:
    told = portal.get("/robots.txt")
    assert told["Content-Type"].startswith("text/plain")
    lines = told.content.decode().splitlines()
    assert {"User-agent: *", "Disallow: /builder/*?", "Disallow: /de/map/*?"} <= set(lines)
    assert "Disallow: /" not in lines
