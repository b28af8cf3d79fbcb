"""Good at every width: nothing sticks out, nothing is lost, everything can be hit and printed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Browse = Callable[..., Page]
WIDTHS = (640, 360, 320)
"""Twice enlarged on a desktop, a small telephone, four times enlarged on a desktop."""

ESSENTIAL = (
    "h1, h2, h3, p, dl, li, table, figure, figcaption, svg.map, form, input, select, button, "
    ".source, .summary, .meter, .actions a, nav a, footer a"
)
VISIBLE = f"""() => [...document.querySelectorAll("{ESSENTIAL}")].flatMap((each, place) =>
  each.checkVisibility({{ visibilityProperty: true, opacityProperty: true }})
    && each.getBoundingClientRect().width > 0
  ? [`${{each.localName}}.${{each.className.baseVal ?? each.className}} `
     + `${{place}} ${{each.textContent.trim().slice(0, 40)}}`] : [])"""
STICKING_OUT = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= innerWidth) return null;
  const all = [...document.body.querySelectorAll("*")].filter((each) =>
    each.getBoundingClientRect().right > innerWidth + 1);
  return `${wide} px wide: ` + all.slice(0, 3).map((each) =>
    `${each.localName}.${each.className.baseVal ?? each.className}`).join(", ");
}"""
SMALL_TARGETS = """() => {
  const held = "header a, header button, header input, form button, form input, form select, "
    + ".actions a, .actions button, .segmented-options label, .segmented-options a, "
    + ".source a, .source button, .map-tools button, .where a, footer a, th a";
  return [...document.querySelectorAll(held)].flatMap((each) => {
    if (!each.checkVisibility({ visibilityProperty: true })) return [];
    if (each.matches(".segmented-options input, .visually-hidden")) return [];
    const { width, height } = each.getBoundingClientRect();
    if (width === 0 || (Math.round(width) >= 24 && Math.round(height) >= 24)) return [];
    return [`${each.localName} ${each.textContent.trim()} ${width.toFixed()}x${height.toFixed()}`];
  });
}"""

MOVING = """() => [...document.querySelectorAll("*")].flatMap((each) => {
  const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(each);
  const longest = Math.max(...`${transitionDuration}, ${animationDuration}`
    .split(", ").map(parseFloat).filter((each) => !Number.isNaN(each)));
  return longest > 0.01 || scrollBehavior === "smooth" ? [each.localName] : [];
})"""


def test_no_page_scrolls_sideways_or_hides_anything_when_narrow(
    browse: Browse, each_page: str
) -> None:
    page = browse(each_page)
    wide = page.evaluate(VISIBLE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(STICKING_OUT) is None, width
        lost = sorted(set(wide) - set(page.evaluate(VISIBLE)))
        assert not lost, (width, lost)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(SMALL_TARGETS) == []


def test_a_wide_table_scrolls_inside_itself_when_narrow(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/", viewport={"width": 360, "height": 740})
    wide = page.locator(".table-scroll.tall")
    assert wide.evaluate("each => each.scrollWidth > each.clientWidth")
    assert wide.evaluate("each => each.getBoundingClientRect().right <= innerWidth")


def test_nothing_moves_when_the_visitor_asks_for_less_motion(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23", reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    page.get_by_role("button", name="Zoom in").hover()
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("radio", name="2018").check()
    expect(page.locator(".legend-title")).to_contain_text("2018")
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(
    "path", ["/regions/us-cbsa/41940/", "/map/?scheme=us-state", "/clusters/us-benchmark-2014/23/"]
)
def test_paper_gets_the_content_without_the_controls(browse: Browse, path: str) -> None:
    page = browse(path, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".site-nav", ".search", ".actions", ".map-tools", ".panel", ".source button"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for there in ("table.data:visible", "figure, .dotchart", ".source span"):
        expect(page.locator(there).first).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    ink = page.locator("h1").evaluate("each => getComputedStyle(each).color")
    assert sum(int(part) for part in re.findall(r"\d+", ink)[:3]) < 300, ink
    cut = "all => all.filter((each) => each.scrollHeight > each.clientHeight + 1).length"
    assert page.locator(".table-scroll").evaluate_all(cut) == 0
