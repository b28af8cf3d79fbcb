"""Related clusters, the network, options and two definitions side by side."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.atlas.made_up import FINE, gappy, made_up
from tests.portal.test_pages import read, words

from clusteratlas import classification
from clusteratlas.atlas import Release, build, filling, open_release
from clusteratlas.atlas.compared import changes_on_the_map, compare_definitions
from clusteratlas.portal import figures
from clusteratlas.portal.charts.network import HEIGHT, LINE, UNDER, WIDTH, _half_width, _lines
from clusteratlas.portal.charts.network_places import _places, places_of
from clusteratlas.portal.charts.plane import plane_chart
from clusteratlas.portal.pages.network import mark_of
from clusteratlas.portal.pages.options_skill import (
    EFFECTS,
    QUOTIENT,
    SHOWN,
    SHUFFLED,
    WITHOUT,
    skill_summary,
)
from clusteratlas.portal.pages.related import links_of
from clusteratlas.relatedness.options.predictors import IN_USE, PREDICTORS
from clusteratlas.tables import CannotAnswer

BENCHMARK = "us-benchmark-2014"
SAN_JOSE = "/regions/us-cbsa/41940"
PAGES = {
    "related cluster": f"/clusters/{BENCHMARK}/23/",
    "local cluster": f"/clusters/{BENCHMARK}/101/",
    "industry group": "/clusters/nace-divisions/C29/",
    "network": f"/network/{BENCHMARK}/",
    "network of a metro area": f"/network/{BENCHMARK}/?scheme=us-cbsa&region=41940&year=2018",
    "network of a small area": f"/network/{BENCHMARK}/?scheme=us-cbsa&region=49820",
    "network of a state": f"/network/{BENCHMARK}/?scheme=us-state&region=06",
    "network of industry groups": "/network/nace-divisions/",
    "network of a European region": "/network/nace-divisions/?scheme=nuts-2&region=DE11",
    "options of a metro area": f"{SAN_JOSE}/options/",
    "options of the first year": f"{SAN_JOSE}/options/?year=2018",
    "options of a small area": "/regions/us-cbsa/49820/options/",
    "options of a European region": "/regions/nuts-2/DE11/options/",
    "options of a state": "/regions/us-state/06/options/",
    "definitions": "/definitions/compare",
}


def table(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


@pytest.fixture(scope="module")
def two_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of fourteen districts seen through two definitions."""
    place = tmp_path_factory.mktemp("two")
    path = place / "sectors.csv"
    lines = [f"{code},{code[:3]},true" for code in FINE if code != "722511"]
    path.write_text("\n".join(["industry,cluster,traded", *lines]) + "\n")
    own = classification.read_definition(path, classification="naics-2017", name="sectors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "fill", made_up)
        districts = gappy(2019, 2020)
        build([replace(districts, definitions=(*districts.definitions, own))], place).close()
    return place


@pytest.fixture
def two_release(two_place: Path) -> Iterator[Release]:
    release = open_release(two_place)
    yield release
    release.close()


@pytest.fixture
def two(two_place: Path, settings: Settings) -> Client:
    settings.ATLAS_PLACE = two_place
    return Client()


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
def test_every_page_is_whole_and_plain(portal: Client, address: str) -> None:
    text, reader = read(portal, address)
    assert reader.headings == 1
    assert not reader.faults
    assert not {each for each in reader.identities if reader.identities.count(each) > 1}
    said = words(text)
    assert not re.search(r"(?<![-\w])(None|nan)(?![-\w])", said)
    assert "{{" not in text
    methods = read(portal, "/methods/")[1].identities
    assert {each.split("#")[1] for each in reader.links if "/methods/#" in each} <= set(methods)


def test_european_pages_never_say_cluster(portal: Client) -> None:
    for name in ("network of a European region", "options of a European region"):
        text = read(portal, PAGES[name])[0]
        main = words(text[text.index("<main") : text.index("</main>")])
        plain = re.sub(r"Home.*?(NACE|regions)", "", main).replace("Clusters NACE", "")
        assert "cluster" not in plain.lower().replace("cluster atlas", "")


# Related clusters


def test_a_cluster_names_what_it_is_related_to(portal: Client, sample_release: Release) -> None:
    text = words(read(portal, PAGES["related cluster"])[0])
    rows = sample_release.related(BENCHMARK, "23")
    linked = [row for row in rows if row.rule in ("strong link", "link")]
    assert linked
    assert f"is most closely related to {linked[0].name}" in text
    assert f"linked are {len(linked)} of {len(rows)}" in text
    for row in linked:
        for pair in row.carried_by:
            assert pair.title_a in text


def test_its_table_keeps_the_components_apart(portal: Client, sample_release: Release) -> None:
    rows = {row["b"]: row for row in table(portal, f"/clusters/{BENCHMARK}/23/related.csv")}
    known = sample_release.related(BENCHMARK, "23")
    assert len(rows) == len(known) == 50
    for each in known:
        row = rows[each.b]
        assert row["rule"] == each.rule
        for name in ("colocation_employment", "input_output", "occupations", "composite"):
            value = getattr(each, name)
            assert row[name] == ("" if value is None else str(value))
        assert row["carried_by"].split() == [
            f"{pair.industry_a}-{pair.industry_b}" for pair in each.carried_by
        ]
        assert row["source"]


def test_a_cluster_without_links_names_only_the_nearest(
    portal: Client, sample_release: Release
) -> None:
    rules: dict[str, set[str]] = {}
    for row in sample_release.relatedness(BENCHMARK):
        rules.setdefault(row.a, set()).add(row.rule)
    alone = [code for code, found in rules.items() if found <= {"nearest", ""} and len(found) > 1]
    assert alone, "some cluster of the sample has the fallback only"
    text = words(read(portal, f"/clusters/{BENCHMARK}/{alone[0]}/")[0])
    assert "By the rule nothing is linked with" in text
    assert "nearest" in text


def test_a_local_cluster_says_why_it_has_no_relatives(portal: Client) -> None:
    text = words(read(portal, PAGES["local cluster"])[0])
    assert "Relatedness is computed among traded clusters" in text


# The network


def test_places_stay_and_labels_are_free_of_each_other(sample_release: Release) -> None:
    rows = sample_release.relatedness(BENCHMARK)
    places = places_of(sample_release, BENCHMARK)
    names = {row.a: row.name_a for row in rows}
    assert places.keys() == names.keys()
    assert places == _places(rows[::-1])
    boxes = {
        code: (
            x - _half_width(names[code]),
            y - UNDER,
            x + _half_width(names[code]),
            y + UNDER + LINE * len(_lines(names[code])),
        )
        for code, (x, y) in places.items()
    }
    for code, (left, top, right, bottom) in boxes.items():
        assert left >= 0, code
        assert top >= 0, code
        assert right <= WIDTH, code
        assert bottom <= HEIGHT, code
        for other, box in boxes.items():
            apart = left >= box[2] or box[0] >= right or top >= box[3] or box[1] >= bottom
            assert code == other or apart, (names[code], names[other])


def test_the_network_draws_each_link_once_by_its_rule(
    portal: Client, sample_release: Release
) -> None:
    text = read(portal, PAGES["network"])[0]
    links = links_of(sample_release.relatedness(BENCHMARK))
    figure = text[text.index("<svg class") : text.index("<figcaption")]
    for rule, kind in (
        ("strong link", "strong-link"),
        ("link", "plain-link"),
        ("nearest", "nearest-link"),
    ):
        wanted = sum(link.rule == rule for link in links)
        assert figure.count(f'class="link {kind}"') == wanted, rule
    rows = table(portal, f"/network/{BENCHMARK}/links.csv")
    assert [(row["a"], row["b"], row["rule"]) for row in rows] == [
        (link.a, link.b, link.rule) for link in links
    ]


def test_the_network_of_a_region_marks_its_strength(
    portal: Client, sample_release: Release
) -> None:
    text = read(portal, f"/network/{BENCHMARK}/?scheme=us-cbsa&region=41940&year=2021")[0]
    picture = text[text.index("<svg class") : text.index("<figcaption")]
    rows = sample_release.regional_clusters("us-cbsa", region="41940", year=2021, traded=True)
    marks = [mark_of(row) for row in rows]
    assert picture.count('class="ring"') == marks.count("strong")
    assert picture.count('class="disc flip"') == marks.count("flip")
    assert picture.count('class="disc above"') == marks.count("above")
    assert picture.count('class="cross"') == marks.count("absent")
    said = words(text)
    strong = sum(bool(row.strong) for row in rows)
    assert f"Santa Clara is strong: {strong} of {len(rows)} (2021)" in said
    for row in rows:
        if row.location_quotient is not None:
            assert f"quotient {figures.quotient(row.location_quotient)}" in said


def test_every_cluster_stands_in_words_too(portal: Client, sample_release: Release) -> None:
    text = read(portal, PAGES["network"])[0]
    listed = text[text.index('class="link-list"') :]
    for row in sample_release.relatedness(BENCHMARK):
        if row.a == row.b:
            assert f">{row.name}</a></h3>" in listed.replace("&amp;", "&")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/network/nothing/", 404),
        (f"/network/{BENCHMARK}/?scheme=nuts-2", 400),
        (f"/network/{BENCHMARK}/?scheme=us-cbsa&region=99999", 404),
        (f"/network/{BENCHMARK}/?scheme=us-cbsa&region=41940&year=1999", 404),
        ("/regions/us-cbsa/99999/options/", 404),
        (f"{SAN_JOSE}/options/?year=1999", 404),
        ("/definitions/compare?a=nothing", 404),
        (f"/definitions/compare?a={BENCHMARK}&b={BENCHMARK}", 404),
        (f"/definitions/compare?a={BENCHMARK}&b=nace-divisions", 404),
    ],
)
def test_what_is_not_there_is_refused(portal: Client, address: str, status: int) -> None:
    assert portal.get(address).status_code == status


# Options


def test_options_are_named_with_their_odds_and_reasons(
    portal: Client, sample_release: Release
) -> None:
    found = sample_release.options("us-cbsa", "41940")
    lacking = [each for each in found if each.kind == "absent"]
    assert len(lacking) >= 10
    text = words(read(portal, PAGES["options of a metro area"])[0])
    assert f"Options for San Jose-Sunnyvale-Santa Clara: {lacking[0].title} (" in text
    for each in found:
        assert each.title in text
        assert figures.percent(each.probability) in text
        for other in each.supporting:
            assert other.name in text
    rows = table(portal, f"{SAN_JOSE}/options.csv")
    assert [row["industry"] for row in rows] == [each.industry for each in found]
    assert [row["probability"] for row in rows] == [str(each.probability) for each in found]


def test_the_first_three_stand_on_the_page_of_the_region(
    portal: Client, sample_release: Release
) -> None:
    text, reader = read(portal, f"{SAN_JOSE}/")
    section = text[text.index('id="next-heading"') :]
    section = section[: section.index("</section>")]
    found = sample_release.options("us-cbsa", "41940")
    for each in [each for each in found if each.kind == "absent"][:3]:
        assert each.title in section
    assert any(href.startswith(f"{SAN_JOSE}/options/") for href in reader.links)


def test_the_skill_stands_beside_its_baselines(portal: Client, sample_release: Release) -> None:
    skill = sample_release.options_skill("us-cbsa")
    assert skill
    text = words(read(portal, PAGES["options of a metro area"])[0])
    assert "How far can this be trusted?" in text
    for row in skill:
        if row.split == "out of time" or all(each.split == "in sample" for each in skill):
            assert row.predictor in text
    assert words(str(skill_summary(skill))) in text
    if all(each.split == "in sample" for each in skill):
        assert "too few years to keep one aside" in text


def test_the_baselines_of_the_sentence_are_predictors_of_the_room() -> None:
    assert IN_USE.name == SHOWN
    assert {QUOTIENT, EFFECTS, WITHOUT, SHUFFLED} <= {each.name for each in PREDICTORS}


def test_a_region_without_options_says_why(portal: Client, sample_release: Release) -> None:
    for scheme in sample_release.manifest.schemes:
        for region in sample_release.regions(scheme.scheme)[:40:13]:
            if scheme.years[-1] not in sample_release.years_of(scheme.scheme, region.region):
                continue
            if sample_release.options(scheme.scheme, region.region):
                continue
            text = words(read(portal, f"/regions/{scheme.scheme}/{region.region}/options/")[0])
            assert "The atlas names no option for" in text
            assert "How options are found" in text


def test_peers_stand_with_their_distance(portal: Client, sample_release: Release) -> None:
    peers = sample_release.peers("us-cbsa", "41940")[:5]
    text = words(read(portal, PAGES["options of a metro area"])[0])
    assert len(peers) == 5
    for each in peers:
        assert f"{each.name}{each.distance:.2f}" in text
    rows = table(portal, f"{SAN_JOSE}/peers.csv")
    assert [row["peer"] for row in rows[:5]] == [each.peer for each in peers]


def test_an_option_without_a_place_is_left_out_of_the_plane(sample_release: Release) -> None:
    found = sample_release.options("us-cbsa", "41940")
    whole = [each for each in found if each.density is not None and each.complexity is not None]
    assert len(whole) > 3
    chart = plane_chart("x", "x", [replace(whole[0], complexity=None), *whole[1:]], {})
    assert chart is not None
    assert (len(chart.points), chart.left_out) == (len(whole) - 1, 1)
    assert plane_chart("x", "x", [replace(each, complexity=None) for each in whole], {}) is None


# Definitions


def test_one_definition_says_how_to_add_another(portal: Client) -> None:
    text = words(read(portal, "/definitions/compare")[0])
    assert "There is nothing to compare" in text
    assert "clusteratlas build" in text


def test_two_definitions_stand_side_by_side(two: Client, two_release: Release) -> None:
    found = compare_definitions(two_release, BENCHMARK, "sectors")
    assert 0 < found.adjusted_rand < 1
    assert found.industries == len(FINE) - 1
    assert found.moved
    address = f"/definitions/compare?a={BENCHMARK}&b=sectors"
    text, reader = read(two, address)
    said = words(text)
    assert reader.headings == 1
    assert not reader.faults
    assert f"adjusted Rand index of {found.adjusted_rand:.2f}" in said
    for each in found.matches:
        if each.match:
            assert each.name in said
    apart = sum(each.match is None for each in found.matches)
    assert f"without an industry in the other: {apart}" in said
    moved = text[text.index('id="moved"') :].replace("&amp;", "&").replace("&#x27;", "'")
    for each in found.moved:
        assert each.title in moved
    rows = table(two, f"/definitions/compare.csv?a={BENCHMARK}&b=sectors")
    assert [row["industry"] for row in rows] == [each.industry for each in found.moved]


def test_what_moved_is_sorted_and_filtered(two: Client, two_release: Release) -> None:
    found = compare_definitions(two_release, BENCHMARK, "sectors")
    address = f"/definitions/compare?a={BENCHMARK}&b=sectors"

    def codes(more: str) -> list[str]:
        text = read(two, address + more)[0]
        part = text[text.index('id="moved"') :]
        return re.findall(r"<td>(\d{6})</td>", part)

    assert codes("&order=industry") == sorted(each.industry for each in found.moved)
    first = found.moved[0].cluster_a
    assert codes(f"&cluster={first}&order=industry") == sorted(
        each.industry for each in found.moved if each.cluster_a == first
    )
    assert two.get(f"{address}&cluster=zzz").status_code == 400


def test_the_map_counts_published_flags_only(two_release: Release) -> None:
    found = compare_definitions(two_release, BENCHMARK, "sectors")
    changes = changes_on_the_map(two_release, found, "districts", 2020)
    for each in found.matches:
        assert (each.cluster in changes) == each.mutual
        if each.mutual:
            rows = two_release.regional_clusters(
                "districts", cluster=each.cluster, year=2020, definition=BENCHMARK
            )
            change = changes[each.cluster]
            assert change.kept + change.lost == sum(bool(row.strong) for row in rows)


def test_a_definition_is_not_compared_with_itself(two_release: Release) -> None:
    with pytest.raises(CannotAnswer, match="another one"):
        compare_definitions(two_release, "sectors", "sectors")


def test_a_small_release_says_what_it_lacks(two: Client) -> None:
    text = words(read(two, "/network/sectors/")[0])
    assert "No network in this release" in text
    assert "too few" in text


def test_options_without_odds_stand_by_nearness(two: Client, two_release: Release) -> None:
    found = two_release.options("districts", "D00")
    assert found
    assert all(each.probability is None for each in found)
    for address in ("/regions/districts/D00/options/", "/regions/districts/D00/"):
        text, reader = read(two, address)
        said = words(text)
        assert "their odds could not be learned" in said
        assert "probability of a quotient" not in said.lower()
        assert "more probable" not in said
        inside = {href[1:] for href in reader.links if href.startswith("#")}
        assert inside <= set(reader.identities)
