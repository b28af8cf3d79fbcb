"""Readable and usable where scripts do not run."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from clusteratlas.atlas import Release
from clusteratlas.portal import doubt

Browse = Callable[..., Page]


@pytest.fixture
def read(browse: Browse) -> Browse:
    """Open an address in a browser that runs no scripts."""
    return lambda path: browse(path, java_script_enabled=False)


def test_the_search_of_the_home_page_leads_to_a_region(read: Browse) -> None:
    page = read("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where industries cluster")
    expect(page.locator("svg.map a.region").first).to_be_attached()
    page.get_by_role("searchbox").fill("san jo")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile(r"/search/\?q=san\+jo$"))
    page.get_by_role("link", name="San Jose-Sunnyvale-Santa Clara, CA").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("San Jose-Sunnyvale-Santa Clara, CA")


def test_the_form_of_the_map_submits_cluster_measure_and_year(
    read: Browse, sample_release: Release
) -> None:
    page = read("/map/")
    page.get_by_label("Cluster", exact=True).select_option(label="Automotive")
    page.get_by_label("Figure", exact=True).select_option("employment")
    page.get_by_role("radio", name="2018").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("year=2018"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Automotive")
    expect(page.get_by_label("Figure", exact=True)).to_have_value("employment")
    code = sample_release.find_cluster("Automotive", "us-benchmark-2014").cluster
    first = sample_release.regional_clusters(
        "us-cbsa", cluster=code, year=2018, order="employment", limit=1
    )[0]
    row = page.locator("table.data tbody tr").first
    expect(row).to_contain_text(first.region_name)
    expect(row).to_contain_text(f"{first.employment:,}")


def test_a_region_is_read_and_its_year_changed_and_a_cluster_opened(
    read: Browse, sample_release: Release
) -> None:
    page = read("/regions/us-cbsa/41940/")
    page.get_by_role("group", name="Year").get_by_role("link", name="2018").click()
    row = sample_release.regional_cluster("us-cbsa", "41940", "23", year=2018)
    expect(page.locator(".summary")).to_contain_text(f"{doubt.jobs_words(row)} jobs in 2018")
    page.locator("#strong-chart").get_by_role("link", name=row.name).click()
    expect(page.locator(".summary")).to_contain_text(f"{doubt.jobs_words(row)} jobs")
    page.get_by_role("link", name="This cluster everywhere").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(row.name)
    line = page.locator("tr", has=page.get_by_role("rowheader", name=row.region_name))
    expect(line).to_contain_text(f"{row.employment:,}")


def test_the_methods_open_their_answers(read: Browse) -> None:
    page = read("/methods/#location-quotient")
    expect(page.locator("#location-quotient")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Location quotient")).to_be_visible()


@pytest.mark.parametrize("path", ["/map/", "/regions/us-cbsa/41940/"])
def test_nothing_that_needs_scripts_is_offered_in_vain(read: Browse, path: str) -> None:
    page = read(path)
    for needs in ("[data-copy-link]", "[data-download]", ".map-tools", ".map-hint"):
        for each in page.locator(needs).all():
            expect(each).to_be_hidden()
