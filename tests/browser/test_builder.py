"""A reader puts a region together with pointer, keys, circle and paste, and moves an industry."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.browser.conftest import Browse


def total(page: Page, name: str) -> int:
    return int(re.sub(r"\D", "", page.locator(f"[data-total={name}]").inner_text()))


def test_a_region_is_built_read_and_reopened(browse: Browse) -> None:
    page = browse("/builder/us-cbsa/?year=2021")
    shape = page.locator('a.region[data-region="41940"]')
    shape.dispatch_event("click")
    expect(shape).to_have_attribute("aria-checked", "true")
    assert total(page, "regions") == 1
    assert total(page, "jobs") > 1_000_000
    assert "regions=41940" in page.url
    page.locator('a.region[data-region="41860"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-total=regions]")).to_have_text("2")
    page.keyboard.press("Space")
    expect(page.locator("[data-total=regions]")).to_have_text("1")
    page.get_by_label("Find in the list").fill("santa cruz")
    page.locator("#pick-42100").check()
    expect(page.locator("[data-total=regions]")).to_have_text("2")
    page.get_by_role("button", name="Remove Santa Cruz-Watsonville, CA").click()
    expect(page.locator("[data-total=regions]")).to_have_text("1")

    page.get_by_label("Codes", exact=True).fill("41860; 42100")
    page.get_by_role("button", name="Add these codes").click()
    expect(page.locator("[data-total=regions]")).to_have_text("3")
    page.get_by_label("Centre").fill("Santa Rosa-Petaluma, CA")
    page.get_by_label("Kilometres").fill("60")
    page.get_by_role("button", name="Add these regions").click()
    page.wait_for_url("**regions=*42220*")
    assert total(page, "regions") >= 4

    page.get_by_label("Name of the region").fill("Greater Bay")
    page.get_by_role("button", name="Show its profile").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Greater Bay")
    expect(page.get_by_text("without replacing any of them")).to_be_visible()
    page.get_by_role("button", name="Save on this device").click()
    address = page.url
    jobs = page.locator(".facts .value").first.inner_text()
    page.get_by_role("link", name="Change the choice").click()
    expect(page.get_by_role("link", name="Greater Bay, 2021")).to_be_visible()
    page.goto(address)
    assert page.locator(".facts .value").first.inner_text() == jobs


def test_an_industry_is_moved_and_the_definition_taken_away(browse: Browse) -> None:
    page = browse("/definitions/own/")
    page.get_by_label("Code or words of the title").fill("334413")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("or a new one called").fill("Chips")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("heading", name="What changes?")).to_be_visible()
    expect(page.locator("table", has=page.locator("#shifts"))).to_contain_text("Chips")
    with page.expect_download() as started:
        page.get_by_role("link", name="Definition as CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert "334413,new-chips,,traded,1,Chips" in text
    page.get_by_role("link", name="Undo", exact=False).last.click()
    expect(page.get_by_role("heading", name="What changes?")).to_have_count(0)
