"""What a visitor takes along: tables, pictures and links, each with its source."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from clusteratlas.atlas import Release

Browse = Callable[..., Page]


def saved(page: Page, link: Locator) -> tuple[str, bytes]:
    """Return name and content of what a click saves."""
    with page.expect_download() as waiting:
        link.click()
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_the_csv_of_a_region_holds_its_figures_and_the_source_in_every_row(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/regions/us-cbsa/41940/?year=2018")
    name, content = saved(page, page.get_by_role("link", name="All clusters as CSV"))
    assert name.endswith(".csv")
    assert "41940" in name
    assert "2018" in name
    rows = {row["cluster"]: row for row in rows_of(content)}
    wanted = sample_release.regional_clusters("us-cbsa", region="41940", year=2018)
    assert rows.keys() == {each.cluster for each in wanted}
    for each in wanted:
        row = rows[each.cluster]
        assert row["employment"] == ("" if each.employment is None else str(each.employment))
        assert row["status"] == each.status
        if each.location_quotient is not None:
            assert float(row["location_quotient"]) == each.location_quotient
    source = page.locator(".source span").first.inner_text()
    assert "County Business Patterns 2018" in source
    assert {row["source"] for row in rows.values()} == {source}
    assert {row["release"] for row in rows.values()} == {sample_release.id}


def test_the_csv_of_a_map_holds_what_its_table_shows(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/map/?scheme=nuts-2&cluster=C29&year=2014")
    link = page.locator("#view .source a", has_text="CSV").first
    rows = rows_of(saved(page, link)[1])
    assert len(rows) == sample_release.scheme("nuts-2").regions
    estimated = [row for row in rows if row["status"] == "estimated"]
    assert estimated
    for row in estimated:
        assert int(row["employment_low"]) <= int(row["employment"]) <= int(row["employment_high"])
    unknown = [row for row in rows if row["status"] in ("withheld", "unpublished")]
    assert not [row for row in unknown if row["employment"] == "0"]
    stuttgart = next(row for row in rows if row["region"] == "DE11")
    known = sample_release.regional_cluster("nuts-2", "DE11", "C29", year=2014)
    assert stuttgart["employment"] == str(known.employment)
    expect(page.get_by_role("row", name="Stuttgart")).to_contain_text(f"{known.employment:,}")
    assert all(row["source"].startswith("Eurostat") for row in rows)


def test_a_map_is_saved_as_svg_with_title_and_source_inside(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    name, content = saved(page, page.get_by_role("button", name="SVG").first)
    text = content.decode("utf-8")
    assert name.endswith(".svg")
    assert "Information Technology and Analytical Instruments" in text
    assert "County Business Patterns 2021" in text
    assert "/map/?" in text
    assert "var(" not in text


def test_a_saved_map_of_two_figures_brings_its_colours(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&show=both&measure=employment")
    text = saved(page, page.get_by_role("button", name="SVG").first)[1].decode("utf-8")
    for word in ("falling", "growing", "middling", "Upwards:"):
        assert word in text


def test_a_map_is_saved_as_png(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=23")
    name, content = saved(page, page.get_by_role("button", name="PNG").first)
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG")


def test_a_chart_is_saved_as_svg_with_title_and_source_inside(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/")
    _, content = saved(page, page.get_by_role("button", name="SVG").first)
    text = content.decode("utf-8")
    assert "San Jose" in text
    assert "County Business Patterns 2021" in text


def test_the_link_of_a_view_is_copied_and_opens_the_same_view(browse: Browse) -> None:
    page = browse("/map/?scheme=us-state&cluster=1&measure=employment&year=2018")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".toast")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    other = page.context.new_page()
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("Aerospace Vehicles and Defense")
    expect(other.get_by_label("Figure", exact=True)).to_have_value("employment")
    expect(other.get_by_role("radio", name="2018")).to_be_checked()


def test_the_api_link_of_a_region_answers_the_same_figures(
    browse: Browse, sample_release: Release
) -> None:
    page = browse("/regions/us-cbsa/41940/")
    link = page.locator(".actions").get_by_role("link", name="API")
    answer = page.request.get(link.get_attribute("href") or "")
    assert answer.ok
    profile = sample_release.region_profile("us-cbsa", "41940")
    assert re.search(rf'"employment":\s*{profile.employment}\b', answer.text())
