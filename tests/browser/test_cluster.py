"""A visitor ranks the regions of a cluster, looks at it from one of them, and reads its parts."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.conftest import Browse

CLUSTER = "/clusters/us-benchmark-2014/23/"


def test_a_cluster_is_ranked_looked_at_and_taken_apart(browse: Browse) -> None:
    page = browse(CLUSTER)
    ranked = page.get_by_role("group", name="Ranked by")
    ranked.get_by_role("link", name="Wage").click()
    page.wait_for_url(re.compile("top=wage"))
    chosen = ranked.get_by_role("link", name="Wage")
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(page.locator("#top-chart")).to_be_visible()

    network = page.locator("#related-figure")
    expect(network.locator("svg.around .ring")).to_have_count(0)
    page.get_by_label("Look at it from a region").select_option("41940")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(re.compile("region=41940"))
    assert "top=wage" in page.url
    assert network.locator("svg.around .ring").count() > 0
    expect(page.locator("section[aria-labelledby=regions-heading] tr.is-selected")).to_contain_text(
        "San Jose"
    )

    page.locator('a[href="#part-semiconductors"]').first.click()
    expect(page.locator("#part-semiconductors")).to_be_in_viewport()
    expect(page.locator("#part-semiconductors a").first).to_be_visible()
