"""Everything can be done from the keyboard, and the place of the focus is always seen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Browse = Callable[..., Page]
FOCUS = """() => {
  const each = document.activeElement;
  const look = getComputedStyle(each);
  const { x, y, width, height } = each.getClientRects()[0];
  const top = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, x + width / 2)),
    Math.min(innerHeight - 1, Math.max(0, y + height / 2)));
  const region = each.matches("a.region");
  return {
    name: `${each.localName} ${(each.textContent || each.value || "").trim().slice(0, 40)}`,
    // a region of a map is outlined by a shape drawn over it
    outline: region ? document.querySelectorAll("svg.map .halo").length
      : look.outlineStyle !== "none" ? parseFloat(look.outlineWidth) : 0,
    inside: x < innerWidth && y < innerHeight && x + width > 0 && y + height > 0,
    covered: !(region || each.contains(top) || top?.contains(each)),
  };
}"""


def test_the_first_tab_stop_skips_to_the_content(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside


@pytest.mark.parametrize(
    ("path", "theme"),
    [("/", "light"), ("/map/?scheme=us-state", "dark"), ("/regions/us-cbsa/41940/", "light")],
)
def test_every_tab_stop_is_seen(browse: Browse, path: str, theme: str) -> None:
    page = browse(path, color_scheme=theme)
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUS))
    assert not [each for each in seen if each["outline"] < 2]
    assert not [each for each in seen if each["covered"] or not each["inside"]]


def test_the_map_is_one_tab_stop_with_arrow_keys(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    page.get_by_role("radio", name="2021").focus()
    stops = page.locator("svg.map a.region[tabindex='0']")
    expect(stops).to_have_count(1)
    focused = page.locator("svg.map a.region:focus")
    for _ in range(20):
        page.keyboard.press("Tab")
        if focused.count():
            break
    expect(focused).to_have_count(1)
    card = page.locator(".map-card")
    name = focused.get_attribute("data-region")
    expect(card).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(focused).not_to_have_attribute("data-region", name or "")
    there = focused.get_attribute("data-region")
    label = focused.get_attribute("aria-label") or ""
    expect(card.locator(".name")).to_have_text(label.rsplit(": ", 1)[0])
    expect(focused).to_have_attribute("aria-describedby", card.get_attribute("id") or "?")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("Tab")
    expect(focused).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(focused).to_have_attribute("data-region", there or "")
    expect(stops).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/regions/us-state/{there}/clusters/23/"))


def test_plus_minus_and_nought_zoom_the_map(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    svg = page.locator("svg.map")
    whole = svg.get_attribute("viewBox") or ""
    page.locator("svg.map a.region[tabindex='0']").focus()
    page.keyboard.press("+")
    expect(svg).not_to_have_attribute("viewBox", whole)
    page.keyboard.press("0")
    expect(svg).to_have_attribute("viewBox", whole)


def test_the_panel_of_the_map_answers_to_arrow_keys(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    page.get_by_role("radio", name="2021").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("year=2018"))
    expect(page.locator(".legend-title")).to_contain_text("2018")
    expect(page.get_by_role("radio", name="2018")).to_be_focused()


def test_escape_closes_the_suggestions_and_leaves_the_text(browse: Browse) -> None:
    page = browse("/")
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("stutt")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("stutt")
    expect(box).to_be_focused()


def test_leaving_the_search_field_closes_the_suggestions(browse: Browse) -> None:
    page = browse("/")
    page.get_by_role("combobox").focus()
    page.keyboard.type("stutt")
    listed = page.get_by_role("listbox")
    expect(listed).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(listed).to_be_hidden()


def test_a_wide_table_scrolls_by_keyboard_on_a_narrow_screen(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/", viewport={"width": 360, "height": 740})
    held = page.get_by_role("region", name=re.compile("^All clusters of San Jose"))
    held.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("each => each.scrollLeft > 0", arg=held.element_handle())
