"""Related clusters, the network, options and definitions as a visitor meets them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_accessibility import LOOKS, OTHER_LOOKS, faults_seen
from tests.browser.test_budgets import PAGE
from tests.browser.test_layout import SMALL_TARGETS, STICKING_OUT, VISIBLE, WIDTHS
from tests.browser.test_taking_away import rows_of, saved

from clusteratlas.atlas import Release
from clusteratlas.portal.pages.network import mark_of

Browse = Callable[..., Page]
NETWORK = "/network/us-benchmark-2014/"
OF_SAN_JOSE = f"{NETWORK}?scheme=us-cbsa&region=41940&year=2021"
OPTIONS = "/regions/us-cbsa/41940/options/"
PAGES = {
    "cluster": "/clusters/us-benchmark-2014/23/",
    "network": NETWORK,
    "network of a region": OF_SAN_JOSE,
    "network of industry groups": "/network/nace-divisions/?scheme=nuts-2&region=DE11",
    "options": OPTIONS,
    "options of a small area": "/regions/us-cbsa/49820/options/",
    "options of a European region": "/regions/nuts-2/DE11/options/",
    "no options": "/regions/us-state/06/options/",
    "definitions": "/definitions/compare",
}
COVERED = """(kind) => {
  const labels = [...document.querySelectorAll(`svg.${kind} .node text`)];
  const boxes = labels.map((each) => [each.textContent, each.getBoundingClientRect()]);
  return boxes.flatMap(([name, a], place) => boxes.slice(place + 1).flatMap(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return wide > 2 && tall > 2 ? [`${name} / ${other}`] : [];
  }));
}"""


@pytest.fixture(params=PAGES)
def related_page(request: pytest.FixtureRequest) -> str:
    """The address of each of these pages in turn."""
    return PAGES[request.param]


def test_axe_finds_nothing_wrong(browse: Browse, related_page: str) -> None:
    found = faults_seen(browse(related_page, bypass_csp=True), LOOKS)
    assert not found, "\n".join(found)


@pytest.mark.proof
def test_axe_finds_nothing_wrong_in_the_other_looks(browse: Browse, related_page: str) -> None:
    found = faults_seen(browse(related_page, bypass_csp=True), OTHER_LOOKS)
    assert not found, "\n".join(found)


def test_nothing_sticks_out_or_is_hidden_when_narrow(browse: Browse, related_page: str) -> None:
    page = browse(related_page)
    wide = page.evaluate(VISIBLE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(STICKING_OUT) is None, width
        assert not set(wide) - set(page.evaluate(VISIBLE)), width
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("name", ["network of a region", "options"])
def test_the_first_view_stays_within_its_budget(browse: Browse, name: str) -> None:
    page = browse("/api/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.clearBrowserCache")
    loaded: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(PAGES[name], wait_until="networkidle")
    devtools.detach()
    assert sum(loaded) <= PAGE, f"{sum(loaded):,.0f} bytes in {len(loaded)} answers"


def test_labels_of_the_network_are_free_of_each_other_and_can_be_read(browse: Browse) -> None:
    page = browse(OF_SAN_JOSE)
    assert page.evaluate(COVERED, "whole") == []
    size = page.locator("svg.whole .node text").first.evaluate(
        "each => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a"
    )
    assert size >= 12
    page.set_viewport_size({"width": 360, "height": 740})
    frame = page.locator(".network-scroll")
    assert frame.evaluate("each => each.scrollWidth > each.clientWidth")
    size = page.locator("svg.whole .node text").first.evaluate(
        "each => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a"
    )
    assert size >= 11


def test_a_strong_cluster_is_ringed_and_leads_to_its_page(
    browse: Browse, sample_release: Release
) -> None:
    rows = sample_release.regional_clusters("us-cbsa", region="41940", year=2021, traded=True)
    strong = next(row for row in rows if mark_of(row) == "strong")
    page = browse(OF_SAN_JOSE)
    node = page.locator("svg.whole a.node", has=page.locator(".ring")).filter(
        has=page.locator("title", has_text=strong.name)
    )
    expect(node).to_have_count(1)
    node.locator(".ring").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(strong.name)


def test_the_keyboard_reaches_the_picture_and_every_cluster_in_words(browse: Browse) -> None:
    page = browse(NETWORK)
    page.locator(".network-scroll").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.source, summary') !== null")
    page.locator(".link-list a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is it related to?")).to_be_visible()


def test_the_way_from_a_region_to_its_options_and_network(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/")
    page.get_by_role("link", name="All options with their reasons").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What could come next?")
    page.get_by_role("link", name="Its network").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The network of clusters")
    expect(page).to_have_url(re.compile(r"region=41940&year=\d{4}$"))
    page.get_by_role("link", name="This region").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("San Jose")


@pytest.mark.parametrize(
    ("path", "figure", "said"),
    [
        (OF_SAN_JOSE, "network-figure", "Medical Devices"),
        (PAGES["cluster"], "related-figure", "Medical Devices"),
        (OPTIONS, "plane-figure", "more complex"),
    ],
)
def test_a_picture_is_saved_with_title_and_source_inside(
    browse: Browse, path: str, figure: str, said: str
) -> None:
    page = browse(path)
    button = page.locator(f'[data-download="svg"][data-figure="{figure}"]')
    text = saved(page, button)[1].decode()
    title = page.locator(f"#{figure}").get_attribute("data-chart-title") or ""
    assert title.split(",")[0] in text.replace("&amp;", "&")
    assert said in text
    assert re.search("Relatedness of|Worked out from", text)
    assert "var(" not in text
    button = page.locator(f'[data-download="png"][data-figure="{figure}"]')
    assert saved(page, button)[1].startswith(b"\x89PNG")


def test_the_csv_of_the_options_holds_what_the_page_shows(
    browse: Browse, sample_release: Release
) -> None:
    page = browse(OPTIONS)
    rows = rows_of(saved(page, page.get_by_role("link", name="All options as CSV"))[1])
    known = sample_release.options("us-cbsa", "41940")
    assert [row["industry"] for row in rows] == [each.industry for each in known]
    assert all("County Business Patterns" in row["source"] for row in rows)
    expect(page.get_by_role("row", name=known[0].title).first).to_be_visible()


@pytest.mark.parametrize("path", [OF_SAN_JOSE, OPTIONS])
def test_paper_gets_the_whole_picture_on_white(browse: Browse, path: str) -> None:
    page = browse(path, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for each in page.locator(".actions, .site-nav, .source button").all():
        expect(each).to_be_hidden()
    picture = page.locator("svg.drawn").first
    expect(picture).to_be_visible()
    assert picture.evaluate("each => each.getBoundingClientRect().right <= innerWidth + 1")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
