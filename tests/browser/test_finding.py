"""A newcomer finds a region, reads it, walks to a cluster and back, and changes the year."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.portal import doubt

Browse = Callable[..., Page]
SAN_JOSE = "/regions/us-cbsa/41940/"


def address(path: str) -> re.Pattern[str]:
    """Match an address of the site by its end, whatever its port."""
    return re.compile(re.escape(path) + "$")


def strongest(release: Release, year: int | None = None) -> RegionalCluster:
    return release.regional_clusters(
        "us-cbsa", region="41940", year=year, order="location_quotient", traded=True, limit=1
    )[0]


def test_a_newcomer_types_san_jo_walks_the_suggestions_and_reads_the_strongest_cluster(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/")
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("san jo")
    expect(box).to_have_attribute("aria-expanded", "true")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("San Jose-Sunnyvale-Santa Clara, CA")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "?")
    page.keyboard.press("Enter")
    page.wait_for_url(address(SAN_JOSE))
    best = strongest(sample_release)
    expect(page.get_by_role("heading", level=1)).to_have_text(best.region_name)
    summary = page.locator(".summary")
    between = doubt.quotient_between(best)
    times = f"{best.location_quotient:.1f} times" + (f" ({between})" if between else "")
    expect(summary).to_contain_text(f"{times} as specialised in")
    expect(summary).to_contain_text(best.name)
    expect(summary).to_contain_text(f"{doubt.jobs_words(best)} jobs in {best.year}")
    row = page.locator("#strong-chart li.traded").first
    expect(row).to_contain_text(best.name)
    expect(row.locator(".value")).to_contain_text(f"{best.location_quotient:.1f}")


def test_enter_without_a_choice_searches_and_arrow_up_goes_to_the_last_suggestion(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/methods/")
    box = page.get_by_role("combobox")
    box.fill("san")
    options = page.get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    box.fill("San Jose")
    page.keyboard.press("Enter")
    page.wait_for_url(address("/search/?q=San+Jose"))
    found = sample_release.search("San Jose", 50)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{len(found)} found")
    expect(page.locator(".hits a").first).to_have_text(found[0].name)


def test_an_industry_code_leads_to_the_cluster_that_holds_it(browse: Browse) -> None:
    page = browse("/search/?q=334413")
    page.locator(".hits a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Information Technology and Analytical Instruments"
    )


def test_a_search_without_a_hit_says_so_and_offers_ways_on(browse: Browse) -> None:
    page = browse("/")
    page.get_by_role("combobox").fill("zzzz")
    expect(page.locator(".suggestions-none")).to_have_text("Nothing found.")
    page.keyboard.press("Enter")
    page.wait_for_url(address("/search/?q=zzzz"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Nothing found")
    expect(main.get_by_role("link", name="regions", exact=True)).to_be_visible()


def test_from_a_region_to_its_cluster_to_the_cluster_everywhere_and_back_by_links(
    browse: Browse, sample_release: Release
) -> None:
    best = strongest(sample_release)
    page = browse(SAN_JOSE)
    page.locator("#strong-chart").get_by_role("link", name=best.name).click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(f"{best.name} in {best.region_name}")
    expect(page.locator(".summary")).to_contain_text(f"{doubt.jobs_words(best)} jobs")
    expect(page.locator(".summary")).to_contain_text(f"of {best.ranked:,} metro and micro areas")
    page.get_by_role("link", name="This cluster everywhere").click()
    expect(title).to_have_text(best.name)
    row = page.locator("tr", has=page.get_by_role("rowheader", name=best.region_name))
    expect(row).to_contain_text(f"{best.employment:,}")
    row.get_by_role("link", name=best.region_name).click()
    expect(title).to_have_text(f"{best.name} in {best.region_name}")
    page.get_by_role("link", name="This region").click()
    expect(title).to_have_text(best.region_name)


def test_the_cluster_page_shows_where_it_is_strongest(
    browse: Browse, sample_release: Release
) -> None:
    profile = sample_release.cluster_profile("us-cbsa", "23")
    page = browse("/clusters/us-benchmark-2014/23/")
    low, high = profile.regions_strong_low, profile.regions_strong_high
    between = doubt.between(low, high, str)
    strong = f"{profile.regions_strong}" + (f" ({between})" if between else "")
    expect(page.locator(".summary")).to_contain_text(
        f"It is strong in {strong} of the {profile.regions_present}"
    )
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", order="location_quotient")
    first = (
        page.locator("table[aria-labelledby=top-regions], table.data:has(#top-regions)")
        .locator("tbody tr")
        .first
    )
    expect(first).to_contain_text(rows[0].region_name)
    expect(first).to_contain_text(f"{rows[0].location_quotient:.1f}")


def test_the_year_stands_in_the_address_and_back_and_forward_follow_it(
    browse: Browse, sample_release: Release
) -> None:
    page = browse(SAN_JOSE)
    jobs = page.locator(".fact", has_text="Rank by jobs").locator(".value")
    ranks = {
        year: str(sample_release.region_profile("us-cbsa", "41940", year).rank_by_employment)
        for year in (2018, 2021)
    }
    summary = page.locator(".summary")
    years = page.get_by_role("group", name="Year")
    expect(jobs).to_have_text(ranks[2021])
    years.get_by_role("link", name="2018").click()
    page.wait_for_url(address(f"{SAN_JOSE}?year=2018"))
    expect(years.locator("[aria-current]")).to_have_text("2018")
    expect(jobs).to_have_text(ranks[2018])
    expect(summary).to_contain_text("in 2018")
    expect(summary).to_contain_text(f"{doubt.jobs_words(strongest(sample_release, 2018))} jobs")
    page.go_back()
    expect(years.locator("[aria-current]")).to_have_text("2021")
    page.go_forward()
    expect(years.locator("[aria-current]")).to_have_text("2018")
    page.reload()
    expect(summary).to_contain_text("in 2018")


def test_a_column_head_sorts_the_table_and_the_address_holds_the_order(
    browse: Browse, sample_release: Release
) -> None:
    page = browse(SAN_JOSE)
    table = page.get_by_role("region", name=re.compile("^All clusters of San Jose"))
    table.get_by_role("columnheader", name="Jobs").get_by_role("link").click()
    page.wait_for_url(re.compile("order=employment"))
    largest = sample_release.regional_clusters("us-cbsa", region="41940", order="employment")
    names = [each.name for each in largest]
    heads = table.locator("tbody th a")
    assert heads.all_inner_texts() == names
    expect(table.locator("th[aria-sort=descending]")).to_contain_text("Jobs")
