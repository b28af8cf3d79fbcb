"""A visitor finds by a misspelled name, puts regions side by side, and looks where one ranks."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from tests.browser.conftest import Browse


def test_a_misspelled_name_is_found_by_keyboard_alone(browse: Browse) -> None:
    page = browse("/learn/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox").first
    expect(box).to_be_focused()
    page.keyboard.type("stutgart")
    expect(page.get_by_role("option").first).to_contain_text("Stuttgart")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/regions/nuts-2/DE11/"))


def test_regions_are_added_and_removed(browse: Browse) -> None:
    page = browse("/compare/regions/")
    for typed in ("sanjose", "boston", "seattle"):
        field = page.get_by_role("combobox", name="Add a region by name or code")
        field.fill("")
        field.press_sequentially(typed)
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, old=before: address != old and "regions=" in address)
    chips = page.locator(".chip")
    expect(chips).to_have_count(3)
    expect(page.locator("#level-change .spot.marked")).to_have_count(3)
    page.get_by_role("link", name="Remove Boston-Cambridge-Newton").click()
    expect(chips).to_have_count(2)
    assert page.url.split("regions=")[1].startswith("41940,42660")


def test_a_ranking_marks_the_region_and_is_walked_by_arrows(browse: Browse) -> None:
    page = browse("/rankings/regions/?cluster=23&by=location_quotient&region=41940")
    spots = page.locator("svg.scatter a.spot[tabindex='0']")
    expect(spots).to_have_count(1)
    spots.focus()
    expect(page.locator("svg.scatter a.spot:focus")).to_have_class(re.compile("marked"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("svg.scatter a.spot:focus")).not_to_have_class(re.compile("marked"))
    expect(page.locator(".map-card")).to_be_visible()
    expect(page.locator("tr.is-selected")).to_contain_text("San Jose")
