"""Every page answers, says what the release says, and keeps the rules of the house."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from clusteratlas.atlas import Release
from clusteratlas.portal import doubt, figures
from clusteratlas.portal.static_files import BUILT

PAGES = {
    "clusters in detail": "/detail/clusters/us-benchmark-2014/",
    "home": "/",
    "published effects": "/programmes/evidence/?stage=intermediate",
    "published effect": "/programmes/evidence/bavaria-innovating/",
    "clusters and growth": "/programmes/growth/?scheme=us-state",
    "growth that is refused": "/programmes/growth/?scheme=nuts-2",
    "map of metro areas": "/map/?scheme=us-cbsa&cluster=23&measure=location_quotient&year=2021",
    "map of jobs in states": "/map/?scheme=us-state&cluster=4&measure=employment",
    "map of growth": "/map/?scheme=us-cbsa&cluster=5&measure=employment_growth",
    "map of shares": "/map/?scheme=us-rest-of-state&cluster=21&measure=share_of_nation",
    "map of Europe": "/map/?scheme=nuts-2&cluster=C29&measure=share_of_region&year=2014",
    "map of countries": "/map/?scheme=nuts-0",
    "map of a nation": "/map/?scheme=us-nation&measure=employment",
    "map of level and change": "/map/?scheme=us-state&show=both&measure=employment&pin=06",
    "map of an industry": "/map/?scheme=us-cbsa&industry=334413&classes=natural&number=7",
    "map of change": "/map/?scheme=us-state&subcluster=Semiconductors&show=change&change=yearly",
    "map of all clusters": "/map/?scheme=nuts-2&cluster=all&measure=traded_share",
    "region schemes": "/regions/",
    "regions": "/regions/us-cbsa/?order=cluster_strength",
    "European regions": "/regions/nuts-2/",
    "rich region": "/regions/us-cbsa/41940/?year=2021",
    "first year": "/regions/us-cbsa/41940/?year=2018",
    "smallest area": "/regions/us-cbsa/49820/",
    "region with a gap": "/regions/us-cbsa/47900/",
    "little reported": "/regions/us-cbsa/19980/",
    "rest of a state": "/regions/us-rest-of-state/06-rest/",
    "state": "/regions/us-state/06/",
    "nation": "/regions/us-nation/US/",
    "European region": "/regions/nuts-2/DE11/",
    "withheld groups": "/regions/nuts-2/NL13/",
    "country": "/regions/nuts-0/DE/",
    "beside its peers": "/regions/us-cbsa/41940/?against=peers",
    "derivation": "/regions/us-cbsa/41940/derivation/strong/?cluster=23",
    "derivations": "/regions/nuts-2/DE11/derivation/",
    "cluster in a region": "/regions/us-cbsa/41940/clusters/23/",
    "local cluster in a region": "/regions/us-cbsa/41940/clusters/101/",
    "unprinted cluster": "/regions/us-cbsa/49820/clusters/4/",
    "withheld group": "/regions/nuts-2/NL13/clusters/C10/",
    "definitions": "/clusters/",
    "clusters": "/clusters/us-benchmark-2014/?year=2018",
    "industry groups": "/clusters/nace-divisions/",
    "cluster": "/clusters/us-benchmark-2014/23/?scheme=us-cbsa&year=2021",
    "local cluster": "/clusters/us-benchmark-2014/101/?scheme=us-state",
    "industry group": "/clusters/nace-divisions/C29/",
    "options of a region": "/regions/us-cbsa/41940/options/",
    "options of a small area": "/regions/us-cbsa/49820/options/",
    "network of clusters": "/network/us-benchmark-2014/",
    "network with a region": "/network/us-benchmark-2014/?scheme=us-cbsa&region=41940",
    "network of industry groups": "/network/nace-divisions/",
    "cluster with mechanisms": "/clusters/us-benchmark-2014/4/?scheme=us-state&region=06",
    "search": "/search/?q=san+jose",
    "empty search": "/search/",
    "hopeless search": "/search/?q=zzzzzzzz",
    "compare regions": "/compare/regions/?scheme=us-cbsa&regions=41940,14460,42660",
    "compare apart": "/compare/regions/?regions=41940,nuts-2:DE11",
    "choose what to compare": "/compare/regions/?add=san",
    "compare European regions": "/compare/regions/?scheme=nuts-2&regions=DE11,NL13&against=nation",
    "compare clusters": "/compare/clusters/?clusters=23,4,101",
    "compare clusters in a region": "/compare/clusters/?clusters=23,4&region=41940",
    "regions ranked": "/rankings/regions/",
    "cluster ranked": "/rankings/regions/?cluster=23&by=location_quotient&region=41940",
    "clusters ranked": "/rankings/clusters/?definition=nace-divisions&by=employment_growth",
    "methods": "/methods/",
    "region builder": "/builder/us-cbsa/?regions=41940,41860&year=2021",
    "union of regions": "/builder/us-cbsa/profile/?regions=41940,41860&name=Bay&year=2021",
    "European union of regions": "/builder/nuts-2/profile/?regions=DE11,NL13",
    "own definition": "/definitions/own/?moves=334413:5&q=software&region=41940",
    "API": "/api/",
    "trying the API": "/api/?call=/api/v1/map",
    "download": "/download/",
    "cite": "/cite/?view=/regions/us-cbsa/41940/?year=2021",
    "code of a figure": "/embed/?view=/regions/nuts-2/DE11/",
    "figure in a frame": "/embed/figure/regions/us-cbsa/41940/?year=2021&figure=strong-chart",
    "learn": "/learn/",
    "glossary": "/learn/glossary/",
    "primer with a chart": "/learn/what-is-a-cluster/",
    "primer with steps": "/learn/from-figures-to-a-decision/",
    "primer of readings": "/learn/reading-a-specialisation/",
    "primer of doubt": "/learn/how-sure-is-a-number/",
    "primer of definitions": "/learn/definitions-and-their-limits/",
    "primer of Europe": "/learn/european-figures/",
    "primer with questions": "/learn/maps-in-policy/",
    "data quality": "/learn/data-quality/",
    "sources": "/sources/",
    "releases": "/releases/",
    "accessibility": "/accessibility/",
}


class Reader(HTMLParser):
    """Collects what must and must not stand in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.identities: list[str] = []
        self.links: list[str] = []
        self.faults: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if identity := given.get("id"):
            self.identities.append(identity)
        if tag == "a" and (href := given.get("href")):
            self.links.append(href)
        if tag == "h1":
            self.headings += 1
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"inline {tag}")
        self.faults += [
            f"{tag} {name}" for name in given if name == "style" or name.startswith("on")
        ]
        self.faults += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name in ("src", "href")
            and tag in ("script", "link", "img")
            and (value or "").startswith(("http:", "https:", "//", "data:"))
        ]


def read(client: Client, address: str) -> tuple[str, Reader]:
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.content[:500]!r}"
    text = response.content.decode()
    reader = Reader()
    reader.feed(text)
    return text, reader


def words(html: str) -> str:
    """The text of a page as one reads it."""
    return re.sub(r"[ \n\t]+", " ", re.sub(r"<[^>]+>", "", html)).replace("&#x27;", "'")


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_every_page_is_whole_and_plain(portal: Client, address: str) -> None:
    text, reader = read(portal, address)
    assert reader.headings == 1
    assert not reader.faults
    doubled = {each for each in reader.identities if reader.identities.count(each) > 1}
    assert not doubled
    assert not re.search(r"(?<![-\w])None(?![-\w])", words(text))
    assert "{{" not in re.sub(r"<(pre|textarea).*?</\1>", "", text, flags=re.DOTALL)
    assert "nan" not in re.findall(r"\bnan\b", words(text).lower())
    # its links to the methods lead to a heading there
    anchors = {href.split("#")[1] for href in reader.links if href.startswith("/methods/#")}
    assert not anchors or anchors <= set(read(portal, "/methods/")[1].identities)


def test_links_of_pages_answer(portal: Client) -> None:
    """Two links of each kind that a page has; of one kind are those of one view and parameters."""
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in ("home", "map of Europe", "rich region", "cluster", "withheld group"):
        _, reader = read(portal, PAGES[name])
        links = {href for href in reader.links if href.startswith("/") and "/static/" not in href}
        of_page: Counter[tuple[str, ...]] = Counter()
        for href in sorted(links):
            parts = urlsplit(href)
            language, path = re.match(r"(/de|/fr|/es)?(/.*)", parts.path).groups("")
            kind = language, resolve(path).route, *sorted(parse_qs(parts.query))
            if of_page[kind] < 2 and href not in seen[kind]:
                of_page[kind] += 1
                seen[kind].append(href)
    followed = [href for hrefs in seen.values() for href in hrefs]
    assert len(followed) > 60
    for href in followed:
        assert portal.get(href, follow=True).status_code == 200, href


def test_region_page_holds_the_release_figures(portal: Client, sample_release: Release) -> None:
    text = words(read(portal, "/regions/us-cbsa/41940/?year=2021")[0])
    profile = sample_release.region_profile("us-cbsa", "41940", 2021)
    assert f"Jobs{figures.in_words(profile.employment)}" in text
    assert f"{figures.percent(profile.reported_share)} reported" in text
    assert figures.percent(profile.traded_share) in text
    assert figures.percent(profile.cluster_strength) in text
    for row in sample_release.regional_clusters("us-cbsa", region="41940", year=2021):
        assert row.name in text
        assert figures.jobs(row.employment, row.status) in text


def test_region_summary_names_the_strongest_cluster(
    portal: Client, sample_release: Release
) -> None:
    text = words(read(portal, "/regions/us-cbsa/41940/?year=2021")[0])
    rows = sample_release.regional_clusters("us-cbsa", region="41940", year=2021, traded=True)
    first = next(row for row in rows if row.strong)
    between = doubt.quotient_between(first)
    assert between
    assert (
        f"San Jose-Sunnyvale-Santa Clara is {figures.quotient(first.location_quotient)} times "
        f"({between}) as specialised in {first.name} as the United States, with "
        f"{doubt.jobs_words(first)} jobs in 2021" in text
    )


def test_a_gap_in_coverage_is_told(portal: Client, sample_release: Release) -> None:
    text = words(read(portal, "/regions/us-cbsa/47900/")[0])
    coverage = sample_release.region("us-cbsa", "47900").coverage
    assert f"The figures cover {figures.percent(coverage)} of the population here" in text
    assert "District of Columbia" in words(read(portal, "/methods/")[0])


def test_european_pages_say_industry_group_and_never_cluster(portal: Client) -> None:
    for address in ("/regions/nuts-2/DE11/", "/clusters/nace-divisions/C29/"):
        text = read(portal, address)[0]
        main = text[text.index("<main") : text.index("</main>")]
        said = words(main)
        assert "industry group" in said
        plain = said.replace("not clusters", "").replace("not a cluster", "")
        plain = re.sub(r"\S*/api/v1/\S*", "", plain)
        assert (
            "cluster" not in re.sub(r"Home.*?NACE", "", plain).replace("Clusters NACE", "").lower()
        )
        assert "Traded share" not in said


def test_withheld_and_unpublished_are_words_and_never_zero(
    unbound: Client, unbound_release: Release
) -> None:
    row = unbound_release.regional_cluster("us-cbsa", "19820", "4")
    assert row.status == "withheld"
    assert row.employment is None
    page = words(read(unbound, "/regions/us-cbsa/19820/clusters/4/")[0])
    assert "withholds figures of Automotive" in page
    assert "withheld2021" in page
    assert "about" not in page[page.index("withholds") : page.index("withheld2021")]
    missing = unbound_release.regional_cluster("us-cbsa", "41940", "4")
    assert missing.status == "unpublished"
    page = words(read(unbound, "/regions/us-cbsa/41940/clusters/4/")[0])
    assert "prints no figures of Automotive" in page
    assert "not published2021" in page


def test_partly_withheld_reads_at_least(unbound: Client, unbound_release: Release) -> None:
    row = unbound_release.regional_cluster("us-cbsa", "41940", "23")
    assert (row.status, row.employment) == ("withheld", 12000)
    for address in ("/regions/us-cbsa/41940/", "/regions/us-cbsa/41940/clusters/23/"):
        assert "at least 12,000" in words(read(unbound, address)[0])


def test_an_estimate_has_its_interval_and_never_reads_at_least(
    portal: Client, sample_release: Release
) -> None:
    row = sample_release.regional_cluster("us-state", "06", "4")
    assert row.status == "estimated"
    text = words(read(portal, "/regions/us-state/06/clusters/4/")[0])
    assert f"{doubt.jobs_words(row)} jobs in Automotive" in text
    assert doubt.jobs_words(row).startswith("about ")
    assert f"90 % interval [{doubt.jobs_between(row)}]" in text.replace("\u00a0", " ")
    assert f"{figures.percent(row.reported_share)} reported" in text
    region = words(read(portal, "/regions/us-state/06/")[0])
    for page in (text, region):
        assert not re.search(r"at least [\d,]+", page)
        assert "withholds" not in page


def test_the_form_of_the_map_holds_the_state_of_its_address(portal: Client) -> None:
    text, _ = read(portal, "/map/?scheme=us-state&cluster=4&measure=employment&year=2018")
    assert '<option value="4" selected>' in text
    assert '<option value="employment" selected>' in text
    assert 'value="2018" checked' in text
    assert '<input type="hidden" name="scheme" value="us-state">' in text
    assert (
        "/map/table.csv?scheme=us-state&amp;cluster=4&amp;measure=employment&amp;year=2018" in text
    )


def test_map_shows_every_region_once(portal: Client, sample_release: Release) -> None:
    text, _ = read(portal, "/map/?scheme=us-cbsa&cluster=23&year=2021")
    drawn = re.findall(r'data-region="([^"]+)"', text)
    regions = [each.region for each in sample_release.regions("us-cbsa")]
    assert sorted(drawn) == sorted(regions)
    counts = [int(each) for each in re.findall(r'<span class="count">(\d+)</span>', text)]
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", year=2021)
    assert sum(counts) == sum(row.location_quotient is not None for row in rows)
    assert text.count('class="region strong') == sum(bool(row.strong) for row in rows)


def test_map_of_europe_draws_points_and_hatches_only_what_nothing_fills(
    portal: Client, sample_release: Release
) -> None:
    text, _ = read(portal, "/map/?scheme=nuts-2&cluster=C29&year=2014")
    rows = sample_release.regional_clusters("nuts-2", cluster="C29", year=2014)
    assert any(row.status == "estimated" for row in rows)
    known = sum(row.location_quotient is not None for row in rows)
    hidden = sum(row.location_quotient is None and row.status == "withheld" for row in rows)
    striped = len(re.findall(r'<circle fill="url\(#[^)]+-q\d\)"', text))
    assert striped
    assert len(re.findall(r'<circle class="q\d"', text)) + striped == known
    assert text.count('<circle class="withheld"') == hidden
    assert (f"withheld ({hidden})" in text) == bool(hidden)


def test_map_hatches_what_is_withheld(unbound: Client) -> None:
    text, _ = read(unbound, "/map/?scheme=us-cbsa&cluster=4&year=2021")
    assert text.count('data-status="withheld"') == 1
    assert "withheld (1)" in text


def test_a_cluster_of_another_definition_gives_way_with_a_note(portal: Client) -> None:
    text, _ = read(portal, "/map/?scheme=nuts-2&cluster=23&year=2021")
    said = words(text)
    assert "Information Technology and Analytical Instruments is no industry group" in said
    assert "have no figures of 2021" in said


def test_tables_sort_by_their_columns(portal: Client, sample_release: Release) -> None:
    text, _ = read(portal, "/clusters/us-benchmark-2014/23/?scheme=us-cbsa&order=employment")
    table = text[text.index('id="top-regions"') :]
    names = re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', table)
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", order="employment", limit=50)
    assert names[:50] == [row.region_name for row in rows]
    assert 'aria-sort="descending"><a href="/clusters/us-benchmark-2014/23/?' in table


def test_search_finds_regions_clusters_and_industries(portal: Client) -> None:
    text, reader = read(portal, "/search/?q=334413")
    assert "/clusters/us-benchmark-2014/23/" in reader.links
    assert 'value="334413"' in text
    text, reader = read(portal, "/search/?q=san+jose")
    assert "/regions/us-cbsa/41940/" in reader.links
    fragment = portal.get("/search/suggest/?q=automot").content.decode()
    assert 'role="option" data-href="/clusters/us-benchmark-2014/4/"' in fragment
    assert "Nothing found" in portal.get("/search/suggest/?q=zzzzzz").content.decode()


def test_what_a_visitor_types_is_never_markup(portal: Client) -> None:
    hostile = "<script>alert(1)</script>"
    for address in ("/search/", "/map/", "/regions/us-cbsa/41940/"):
        for name in ("q", "cluster", "year", "order", "scheme", "definition"):
            page = portal.get(address, {name: hostile}).content.decode()
            assert hostile not in page


def _first_view(client: Client, address: str) -> int:
    """Bytes of a page with its styles, scripts and the fonts that English text needs."""
    page = client.get(address, headers={"accept-encoding": "gzip"})
    text = gzip.decompress(page.content).decode()
    named = set(re.findall(r'/static/[0-9a-f]+/([^"]+\.(?:css|js|svg))"', text))
    size = len(page.content)
    size += sum(len(gzip.compress((BUILT / name).read_bytes())) for name in named)
    return size + sum(
        path.stat().st_size for path in (BUILT / "fonts").glob("*-latin-[0-9w]*.woff2")
    )


@pytest.mark.skipif(
    not BUILT.is_dir(), reason="the front end is not built: cd assets, node build.mjs"
)
def test_first_views_stay_within_their_weight(portal: Client) -> None:
    for name, address in PAGES.items():
        most = 450_000 if name.startswith("map") else 300_000
        assert _first_view(portal, address) <= most, name
