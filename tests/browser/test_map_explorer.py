"""The map explorer: every choice is in the address, map, legend and table say the same."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Guard

from clusteratlas.atlas import Release
from clusteratlas.portal import doubt

Browse = Callable[..., Page]
AEROSPACE = "Aerospace Vehicles and Defense"
QUOTIENT_BREAKS = (0.25, 0.5, 0.8, 1.25, 2.0, 4.0)


def state(page: Page) -> dict[str, str]:
    """What the address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def legend_counts(page: Page) -> list[int]:
    texts = page.locator(".legend-classes .count").all_inner_texts()
    return [int(text.replace(",", "")) for text in texts]


def legend_marks(page: Page) -> int:
    """How many regions the legend says have no figure."""
    texts = page.locator(".legend-marks li").all_inner_texts()
    found = [re.match(r"(?:withheld|not printed) \((\d[\d,]*)\)", text.strip()) for text in texts]
    return sum(int(each[1].replace(",", "")) for each in found if each)


def test_choosing_cluster_measure_and_year_changes_the_view_and_the_address(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/map/")
    view = page.locator("#view")
    title = page.get_by_role("heading", level=1)
    code = sample_release.find_cluster(AEROSPACE, "us-benchmark-2014").cluster
    page.get_by_label("Cluster", exact=True).select_option(label=AEROSPACE)
    page.wait_for_url(re.compile(rf"cluster={code}(&|$)"))
    expect(title).to_have_text(AEROSPACE)
    page.get_by_label("Figure", exact=True).select_option(label="Jobs")
    page.wait_for_url(re.compile("measure=employment(&|$)"))
    page.get_by_role("radio", name="2018").check()
    page.wait_for_url(re.compile("year=2018"))
    expect(view.locator(".legend-title")).to_contain_text("2018")
    told = {"scheme": "us-cbsa", "cluster": code, "measure": "employment", "year": "2018"}
    assert told.items() <= state(page).items()
    first = sample_release.regional_clusters(
        "us-cbsa", cluster=code, year=2018, order="employment", limit=1
    )[0]
    row = view.locator("table.data tbody tr").first
    expect(row).to_contain_text(first.region_name)
    expect(row).to_contain_text(f"{first.employment:,}")


def test_back_and_forward_walk_through_the_views_and_the_controls_follow(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=1&measure=location_quotient&year=2021")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(AEROSPACE)
    page.get_by_label("Figure", exact=True).select_option(label="Jobs")
    page.wait_for_url(re.compile("measure=employment(&|$)"))
    page.get_by_label("Cluster", exact=True).select_option(label="Automotive")
    expect(title).to_have_text("Automotive")
    page.go_back()
    expect(title).to_have_text(AEROSPACE)
    expect(page.get_by_label("Figure", exact=True)).to_have_value("employment")
    expect(page.get_by_label("Cluster", exact=True).locator("option:checked")).to_have_text(
        AEROSPACE
    )
    page.go_back()
    expect(page.get_by_label("Figure", exact=True)).to_have_value("location_quotient")
    page.go_forward()
    expect(page.get_by_label("Figure", exact=True)).to_have_value("employment")


def test_another_kind_of_region_keeps_the_cluster_and_europe_brings_its_own_words(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/map/?cluster=1")
    where = page.get_by_role("navigation", name="Regions on the map")
    where.get_by_role("link", name="US states").click()
    page.wait_for_url(re.compile("scheme=us-state"))
    assert state(page)["cluster"] == "1"
    rows = page.locator("table.data tbody tr")
    expect(rows).to_have_count(sample_release.scheme("us-state").regions)
    where.get_by_role("link", name="European NUTS 2 regions").click()
    page.wait_for_url(re.compile("scheme=nuts-2"))
    expect(page.get_by_label("Industry group", exact=True)).to_be_visible()
    figure = page.get_by_label("Figure", exact=True)
    expect(figure.locator("option", has_text="Persons employed")).to_have_count(1)
    expect(rows).to_have_count(sample_release.scheme("nuts-2").regions)


@pytest.mark.parametrize("scheme", ["us-cbsa", "nuts-2"])
def test_the_legend_the_map_and_the_table_count_the_same_regions(
    browse: Browse, sample_release: Release, scheme: str
) -> None:
    cluster = {"us-cbsa": "23", "nuts-2": "C29"}[scheme]
    page = browse(f"/map/?scheme={scheme}&cluster={cluster}")
    rows = sample_release.regional_clusters(scheme, cluster=cluster)
    known = [row.location_quotient for row in rows if row.location_quotient is not None]
    classes = Counter(bisect_right(QUOTIENT_BREAKS, value) for value in known)
    assert legend_counts(page) == [classes[each] for each in range(7)]
    regions = sample_release.scheme(scheme).regions
    assert len(known) + legend_marks(page) == regions
    table = page.locator("table.data tbody tr")
    assert table.count() == regions
    cells = page.locator("table.data tbody td:nth-child(2)").all_inner_texts()
    assert sum(any(sign.isdigit() for sign in cell) for cell in cells) == len(known)
    for place in range(7):
        striped = f"svg.map a.region > [fill$='-q{place})']"
        shapes = page.locator(f"svg.map a.region > .q{place}, {striped}")
        assert shapes.count() == classes[place]


@pytest.mark.parametrize("measure", ["employment", "share_of_nation", "employment_growth"])
def test_every_measure_has_a_legend_that_counts_all_regions(
    browse: Browse, sample_release: Release, measure: str
) -> None:
    page = browse(f"/map/?scheme=us-state&cluster=23&measure={measure}")
    rows = sample_release.regional_clusters("us-state", cluster="23")
    known = [row for row in rows if getattr(row, measure) is not None]
    assert sum(legend_counts(page)) == len(known)
    assert len(known) + legend_marks(page) == len(sample_release.regions("us-state"))


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_card_tells_value_unit_rank_year_and_status_of_a_region(
    browse: Browse, sample_release: Release, way: str
) -> None:
    page = browse("/map/?scheme=us-state&cluster=23&measure=employment&year=2021")
    row = sample_release.regional_cluster("us-state", "06", "23")
    shape = page.locator("svg.map a.region[data-region='06']")
    if way == "hover":
        shape.locator("path").hover()
    else:
        page.keyboard.press("Tab")
        shape.focus()
    card = page.locator(".map-card")
    expect(card).to_be_visible()
    expect(card.locator(".name")).to_have_text("California")
    expect(card.locator(".value")).to_contain_text(f"{row.employment:,}")
    expect(card).to_contain_text("jobs")
    expect(card).to_contain_text(f"quotient {row.location_quotient:.1f}")
    expect(card).to_contain_text(f"90\u00a0% interval {doubt.jobs_between(row)}")
    ranks = f" ({between})" if (between := doubt.rank_between(row)) else ""
    expect(card).to_contain_text(f"rank {row.rank}{ranks} of {row.ranked}")
    told = {"reported": "reported", "estimated": "estimated in part", "flip": "could flip"}
    expect(card).to_contain_text(told[doubt.mark_of(row)])
    expect(card).to_contain_text("2021")


def test_a_region_of_the_map_opens_its_figures(browse: Browse, sample_release: Release) -> None:
    page = browse("/map/?scheme=us-state&cluster=23&year=2018")
    page.locator("svg.map a.region[data-region='06'] path").click()
    page.get_by_role("link", name="Open its figures").click()
    page.wait_for_url(re.compile(r"/regions/us-state/06/clusters/23/\?year=2018$"))
    row = sample_release.regional_cluster("us-state", "06", "23", year=2018)
    expect(page.locator(".summary")).to_contain_text(f"{doubt.jobs_words(row)} jobs")


def test_a_visitor_walks_from_one_figure_to_change_both_classes_pin_and_play(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/map/?scheme=us-cbsa&cluster=23")
    title = page.locator(".legend-title")
    where = page.get_by_role("navigation", name="Regions on the map")
    where.get_by_role("link", name="US states").click()
    page.wait_for_url(re.compile("scheme=us-state"))
    # a part of the cluster, by its code
    part = page.get_by_label("Subcluster or industry")
    part.fill("334413")
    part.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Semiconductor")
    page.wait_for_url(re.compile("industry=334413"))
    assert "part=" not in page.url
    # another figure, then its change, then both, and back to one year
    page.get_by_label("Figure", exact=True).select_option(label="Payroll per job")
    expect(title).to_contain_text("payroll per job, USD a year, 2021")
    page.get_by_label("Figure", exact=True).select_option(label="Jobs")
    expect(title).to_contain_text("jobs, 2021")
    page.get_by_role("radio", name="Change", exact=True).check()
    expect(title).to_contain_text("change of jobs from 2018 to 2021")
    page.get_by_role("radio", name="a year", exact=True).check()
    expect(title).to_contain_text("change of jobs a year")
    page.get_by_role("radio", name="Level and change").check()
    expect(page.get_by_role("table", name=re.compile("Colours of the map"))).to_be_visible()
    assert {"show": "both", "from": "2018"}.items() <= state(page).items()
    page.get_by_role("radio", name="One year").check()
    # natural breaks
    page.get_by_text("Classes", exact=True).click()
    page.get_by_label("Made by").select_option(label="natural breaks")
    page.wait_for_url(re.compile("classes=natural"))
    page.get_by_label("Number of classes").select_option("4")
    page.wait_for_url(re.compile("number=4"))
    expect(page.locator(".legend-classes li")).to_have_count(4)
    # pin by a click and by a key; it stays when the year changes
    page.locator("svg.map a.region[data-region='06'] path").click()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.wait_for_url(re.compile("pin=06"))
    pinned = page.get_by_role("region", name="California")
    expect(pinned).to_contain_text("the United States")
    page.get_by_role("radio", name="2018").check()
    page.wait_for_url(re.compile("year=2018"))
    expect(page.locator("svg.map .region.is-selected")).to_have_count(1)
    page.locator("svg.map a.region[data-region='06']").focus()
    page.keyboard.press("p")
    expect(page.locator("svg.map .region.is-selected")).to_have_count(0)
    # the years play until they are stopped
    page.get_by_role("button", name="Play").click()
    page.wait_for_url(re.compile("year=2021"))
    page.wait_for_url(re.compile("year=2018"))
    page.get_by_role("button", name="Stop").click()
    # the table holds what the map shows
    region = page.get_by_role("region", name=re.compile("in US states"))
    expect(region.locator("thead th").nth(1)).to_contain_text("Jobs")


def test_years_step_by_a_link_and_do_not_play_under_reduced_motion(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23&year=2018", reduced_motion="reduce")
    expect(page.locator("[data-play]")).to_be_hidden()
    page.get_by_role("link", name="Next year").click()
    page.wait_for_url(re.compile("year=2021"))


def test_the_wheel_scrolls_the_page_until_the_map_was_clicked(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    svg = page.locator("svg.map")
    whole = svg.get_attribute("viewBox")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    assert box is not None
    x, y = box["x"] + 8, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -40)
    page.wait_for_timeout(100)
    expect(svg).to_have_attribute("viewBox", whole or "")
    page.mouse.move(x, svg.bounding_box()["y"] + 40)  # type: ignore[index]
    page.mouse.down()
    page.mouse.up()
    page.mouse.wheel(0, -120)
    expect(svg).not_to_have_attribute("viewBox", whole or "")
    page.keyboard.press("Escape")
    zoomed = svg.get_attribute("viewBox")
    page.mouse.wheel(0, 60)
    page.wait_for_timeout(100)
    expect(svg).to_have_attribute("viewBox", zoomed or "")


def test_a_refused_choice_says_so_instead_of_an_empty_page(browse: Browse, guard: Guard) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    page.get_by_label("Pin a region").fill("Springfield")
    asked = "`/map/?${new URLSearchParams(new FormData(document.querySelector('form.panel')))}`"
    guard.expect_refusal(404, page.evaluate(asked))
    page.get_by_label("Pin a region").press("Enter")
    expect(page.get_by_text("no one region of US states").first).to_be_visible()


def test_zoom_by_buttons_keeps_its_place_when_the_year_changes(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23&year=2021")
    svg = page.locator("svg.map")
    whole = svg.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    expect(svg).not_to_have_attribute("viewBox", whole or "")
    zoomed = svg.get_attribute("viewBox")
    page.get_by_role("radio", name="2018").check()
    page.wait_for_url(re.compile("year=2018"))
    expect(page.locator(".legend-title")).to_contain_text("2018")
    expect(svg).to_have_attribute("viewBox", zoomed or "")
    page.get_by_role("button", name="Show the whole map").click()
    expect(svg).to_have_attribute("viewBox", whole or "")


def test_a_year_of_another_continent_gives_way_and_says_so(browse: Browse) -> None:
    page = browse("/map/?scheme=nuts-2&cluster=23&year=2021")
    notes = page.locator(".note.warn")
    expect(notes.first).to_contain_text("no figures of 2021; this is 2014")
    expect(notes.last).to_contain_text("Information Technology and Analytical Instruments is no")
