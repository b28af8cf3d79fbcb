"""A site that built all American counties: a user walks through what the portal offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import serving
from tests.browser.test_accessibility import EVERY_RULE, LOOK_RULES, faults_seen

Visit = Callable[[str], Page]
SANTA_CLARA, SAN_MATEO = "06085", "06081"


@pytest.fixture(scope="module")
def county_site(county_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(county_place, tmp_path_factory) as address:
        yield address


@pytest.fixture
def visit(browse: Callable[..., Page], county_site: str) -> Visit:
    return partial(browse, base_url=county_site)


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_from_the_search_to_a_county_and_its_cluster(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("combobox").fill("Santa Clra County")
    page.get_by_role("option", name="Santa Clara County").first.click()
    heading(page, "Santa Clara")
    for question in ("strong in", "changing", "drives", "Compared with whom", "come next"):
        expect(page.get_by_role("heading", name=re.compile(question)).first).to_be_visible()
    page.get_by_role("link", name="Information Technology and Analytical Instruments").first.click()
    heading(page, "Information Technology")
    expect(page.get_by_role("heading", name=re.compile("Which definitions"))).to_be_visible()
    page = visit("/regions/us-cbsa/41940/clusters/23/")
    expect(page.get_by_role("link", name="Santa Clara County, CA").first).to_be_visible()


def test_the_map_of_all_counties(visit: Visit) -> None:
    page = visit("/map/?scheme=us-county&cluster=5&measure=employment&show=change&classes=natural")
    assert page.locator("svg.map .region").count() > 3000
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biopharmaceuticals")
    page.get_by_role("link", name="US states").first.click()
    expect(page).to_have_url(re.compile("scheme=us-state"))
    assert page.locator("svg.map .region").count() > 45


def test_counties_are_compared_and_ranked(visit: Visit) -> None:
    page = visit(f"/compare/regions/?scheme=us-county&regions={SANTA_CLARA},{SAN_MATEO},36061")
    for name in ("Santa Clara", "San Mateo", "New York"):
        expect(page.get_by_role("link", name=re.compile(name)).first).to_be_visible()
    page = visit(f"/rankings/regions/?scheme=us-county&focus={SANTA_CLARA}")
    expect(page.locator("table.data").first).to_contain_text("County")


def test_counties_are_united_and_industries_moved(visit: Visit) -> None:
    page = visit("/builder/us-county/")
    page.get_by_role("textbox", name="Codes").fill(f"{SANTA_CLARA}; 06001")
    page.get_by_role("button", name="Add these codes").click()
    expect(page).to_have_url(re.compile("regions="))
    expect(page.locator("[data-total=regions]")).to_have_text("2")
    page.locator(f"svg.map [data-region='{SAN_MATEO}']").dispatch_event("click")
    expect(page.locator("[data-total=regions]")).to_have_text("3")
    page.locator("svg.map .region[tabindex='0']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-total=regions]")).to_have_text("4")
    page.keyboard.press(" ")
    expect(page.locator("[data-total=regions]")).to_have_text("3")
    page.get_by_label("Name of the region").fill("Silicon Valley")
    page.get_by_role("button", name="Show its profile").click()
    heading(page, "Silicon Valley")
    page = visit("/definitions/own/?scheme=us-county&moves=334413:5")
    expect(page.locator("main")).to_contain_text("334413")


def test_taking_it_along_in_another_language(visit: Visit) -> None:
    page = visit(f"/de/regions/us-county/{SANTA_CLARA}/")
    assert page.locator("html").get_attribute("lang") == "de"
    for ending, kind in (
        ("clusters.xlsx", "spreadsheetml"),
        ("clusters.csv", "text/csv"),
        ("report.pdf", "application/pdf"),
    ):
        answer = page.request.get(f"/de/regions/us-county/{SANTA_CLARA}/{ending}")
        assert answer.status == 200, ending
        assert kind in answer.headers["content-type"]
    answer = page.request.get(f"/api/v1/regions/us-county/{SANTA_CLARA}")
    assert answer.json()["name"].startswith("Santa Clara")
    page.goto("/learn/data-quality/")
    expect(page.locator("table.data").first).to_contain_text("counties")


@pytest.mark.parametrize(
    "path",
    [
        "/map/?scheme=us-county&cluster=23&show=both",
        f"/regions/us-county/{SANTA_CLARA}/",
        "/clusters/us-benchmark-2014/23/?scheme=us-county",
    ],
)
def test_axe_finds_nothing_wrong_with_counties(
    browse: Callable[..., Page], county_site: str, path: str
) -> None:
    page = browse(path, base_url=county_site, bypass_csp=True)
    found = faults_seen(page, [(1280, "light", EVERY_RULE), (1280, "dark", LOOK_RULES)])
    assert not found, "\n".join(found)
