"""Words explained where they stand, and the looks that a visitor can ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Browse = Callable[..., Page]
PRIMER = "/learn/how-sure-is-a-number/"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_word_tells_its_meaning_to_pointer_and_keyboard(browse: Browse, scripts: bool) -> None:
    page = browse(PRIMER, java_script_enabled=scripts)
    term = page.locator(".term").first
    meaning = term.get_by_role("tooltip")
    expect(meaning).to_be_hidden()
    term.get_by_role("link").hover()
    expect(meaning).to_be_visible()
    box = meaning.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    page.mouse.move(0, 0)
    expect(meaning).to_be_hidden()
    term.get_by_role("link").press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(meaning).to_be_visible()
    if scripts:
        page.keyboard.press("Escape")
        expect(meaning).to_be_hidden()
    term.get_by_role("link").press("Enter")
    page.wait_for_url("**/learn/glossary/#*")
    expect(page.locator("dl.glossary > div:target")).to_be_visible()


def test_the_texts_lead_from_one_to_the_next(browse: Browse) -> None:
    page = browse("/learn/")
    page.locator("main").get_by_role("link", name="What is a cluster?").click()
    seen = []
    while True:
        seen.append(page.get_by_role("heading", level=1).inner_text())
        onward = page.locator(".onward a")
        if not onward.count():
            break
        onward.click()
        page.wait_for_load_state()
    assert len(seen) == len(set(seen)) == 7


def test_forced_colours_keep_marks_and_classes_apart(browse: Browse) -> None:
    page = browse("/", forced_colors="active")
    look = "each => { const { backgroundColor, borderTopColor, backgroundImage } = "
    look += "getComputedStyle(each); return backgroundColor + borderTopColor + backgroundImage; }"
    marks = page.locator(".marks-list .mark")
    looks = [marks.nth(place).evaluate(look) for place in range(marks.count())]
    assert len(set(looks)) >= 4
    fills = page.locator("#home-map a.region path").evaluate_all(
        "all => [...new Set(all.map((each) => getComputedStyle(each).fill))]"
    )
    assert len(fills) >= 5


def test_more_contrast_is_given_where_it_is_asked_for(browse: Browse) -> None:
    page = browse("/learn/", contrast="more")
    quiet = "getComputedStyle(document.querySelector('.lede')).color"
    ink = "getComputedStyle(document.body).color"
    assert page.evaluate(quiet) == page.evaluate(ink)
