"""What is not known is said: withheld figures, missing parts, other words in Europe, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.portal import doubt

Browse = Callable[..., Page]
ZERO = re.compile(r"^\D*0(\.0+)?\D*$")
OWN_WORDS = """() => {
  const main = document.querySelector("main").cloneNode(true);
  const away = ".note, nav, script, .visually-hidden, code";
  for (const each of main.querySelectorAll(away)) each.remove();
  return [document.title, main.textContent,
    ...[...main.querySelectorAll("[aria-label]")].map((each) => each.getAttribute("aria-label")),
  ].join(" ");
}"""


@pytest.fixture
def withheld(unbound_release: Release) -> RegionalCluster:
    """A figure that exists, of which nothing is given and that nothing binds."""
    row = unbound_release.regional_cluster("us-cbsa", "19820", "4")
    assert (row.status, row.employment) == ("withheld", None)
    return row


def test_a_withheld_figure_is_shown_as_withheld_and_never_as_zero(
    browse: Browse, unbound_site: str, withheld: RegionalCluster
) -> None:
    row = withheld
    page = browse(f"/regions/us-cbsa/{row.region}/", base_url=unbound_site)
    table = page.locator(".table-scroll.tall table.data")
    line = table.locator("tbody tr").filter(has=page.get_by_role("link", name=row.name, exact=True))
    cells = line.locator("td").all_inner_texts()
    assert cells[1].strip() == "withheld"
    assert not [each for each in cells if ZERO.match(each)], cells
    expect(line.locator(".mark.withheld")).to_have_count(1)
    line.get_by_role("link", name=row.name, exact=True).click()
    expect(page.locator(".summary")).to_contain_text("withholds figures")
    expect(page.locator(".fact", has=page.locator("dt")).first).to_contain_text("withheld")
    facts = page.locator(".fact .value").all_inner_texts()
    assert not [each for each in facts if ZERO.match(each)], facts


def test_a_withheld_figure_is_hatched_on_the_map_and_said_in_its_label(
    browse: Browse, unbound_site: str, withheld: RegionalCluster
) -> None:
    row = withheld
    page = browse(
        f"/map/?scheme=us-cbsa&cluster={row.cluster}&year={row.year}", base_url=unbound_site
    )
    shape = page.locator(f"svg.map a.region[data-region='{row.region}']")
    expect(shape).to_have_attribute("data-status", "withheld")
    expect(shape).to_have_attribute("aria-label", f"{row.region_name}: withheld")
    path = shape.locator("path")
    assert "#hatch" in path.evaluate("each => getComputedStyle(each).fill")
    path.hover(force=True)
    expect(page.locator(".map-card")).to_contain_text("withheld by the statistical office")


def test_an_estimate_is_marked_and_shows_its_interval(
    browse: Browse, sample_release: Release
) -> None:
    row = sample_release.regional_cluster("us-state", "06", "4")
    assert row.status == "estimated"
    page = browse("/regions/us-state/06/")
    line = page.locator(".table-scroll.tall table.data tbody tr").filter(
        has=page.get_by_role("link", name=row.name, exact=True)
    )
    expect(line.locator(f".mark.{doubt.mark_of(row)}").first).to_be_visible()
    expect(line).to_contain_text(f"{row.employment:,}")
    expect(line).to_contain_text(doubt.jobs_between(row))
    line.get_by_role("link", name=row.name, exact=True).click()
    expect(page.locator(".summary")).to_contain_text(f"has {doubt.jobs_words(row)} jobs in")
    fact = page.locator(".fact", has=page.locator("dt")).first
    expect(fact).to_contain_text(doubt.jobs_between(row))
    expect(fact).to_contain_text("reported")


def test_a_figure_without_a_row_is_not_published_and_not_zero(
    browse: Browse, sample_release: Release
) -> None:
    rows = sample_release.regional_clusters("us-cbsa", cluster="23")
    row = next(each for each in rows if each.status == "unpublished")
    page = browse(f"/regions/us-cbsa/{row.region}/clusters/23/")
    expect(page.locator(".summary")).to_contain_text("prints no figures")
    expect(page.locator(".fact").first).to_contain_text("not published")
    facts = page.locator(".fact .value").all_inner_texts()
    assert not [each for each in facts if ZERO.match(each)], facts


@pytest.mark.parametrize(
    "path",
    [
        "/regions/nuts-2/DE11/",
        "/regions/nuts-2/DE11/clusters/C29/",
        "/regions/nuts-0/DE/",
        "/regions/nuts-2/",
        "/clusters/nace-divisions/C29/",
        "/map/?scheme=nuts-2",
    ],
)
def test_european_pages_speak_of_industry_groups_and_never_of_clusters(
    browse: Browse, path: str
) -> None:
    page = browse(path)
    words = re.sub(r"/api/v1/\S*", "", page.evaluate(OWN_WORDS))
    assert not re.findall(r".{0,40}\bclusters?\b.{0,20}", words.replace("Cluster Atlas", ""), re.I)
    if path != "/regions/nuts-2/":
        assert re.search(r"\bindustry groups?\b", words, re.IGNORECASE)
    note = page.locator(".note", has=page.get_by_role("link", name="What the figures cover"))
    expect(note).to_be_visible()
    note.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/methods/#sources$"))
    expect(page.locator("#sources")).to_be_in_viewport()


def test_washington_says_what_its_figures_do_not_cover(
    browse: Browse, sample_release: Release
) -> None:
    coverage = sample_release.region("us-cbsa", "47900").coverage
    assert coverage is not None
    page = browse("/regions/us-cbsa/47900/")
    note = page.locator(".note.warn")
    expect(note).to_contain_text(f"{coverage:.0%}".replace("%", "\u00a0%"))
    expect(note).to_contain_text("missing from the source")
    note.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/methods/#coverage$"))
    expect(page.locator("#coverage")).to_be_in_viewport()


def test_a_region_fully_covered_carries_no_warning(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/")
    expect(page.locator(".note.warn")).to_have_count(0)


def test_every_number_of_the_sentence_leads_to_how_it_was_computed(browse: Browse) -> None:
    page = browse("/regions/us-cbsa/41940/")
    links = page.locator(".summary a.told, dl.facts dt a, .source a[href*='/methods/']")
    addresses = set(links.evaluate_all("all => all.map((a) => a.getAttribute('href'))"))
    derived = {each for each in addresses if "/derivation/" in each}
    assert len(derived) >= 5
    for address in derived:
        answer = page.request.get(address)
        assert answer.status == 200, address
        assert "Worked step by step" in answer.text(), address
    anchors = {each.split("#")[1] for each in addresses if "/methods/#" in each}
    page.goto("/methods/")
    missing = [each for each in anchors if page.locator(f"[id='{each}']").count() != 1]
    assert not missing


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/regions/us-cbsa/99999/", 404, "99999"),
        ("/regions/us-moon/1/", 404, "us-moon"),
        ("/clusters/us-benchmark-2014/999/", 404, "999"),
        ("/regions/us-cbsa/41940/?year=1066", 404, "2018, 2021"),
        ("/map/?measure=beauty", 404, "location_quotient"),
        ("/nowhere/", 404, "search"),
    ],
)
def test_an_unknown_address_is_answered_with_a_hint_and_no_stack_trace(
    browse: Browse, guard: object, path: str, status: int, words: str
) -> None:
    guard.expect_refusal(status, path)  # type: ignore[attr-defined]
    page = browse(path)
    main = page.get_by_role("main")
    expect(main.locator(".error-code")).to_have_text(str(status))
    expect(main).to_contain_text(words)
    expect(main).to_contain_text("Hint:")
    expect(main).to_contain_text(re.compile("Reference number [0-9a-f]{8}"))
    for trace in ("Traceback", ".py", "Exception", "Error("):
        expect(page.locator("body")).not_to_contain_text(trace)
    main.get_by_role("link", name="Go to the home page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where industries cluster")
