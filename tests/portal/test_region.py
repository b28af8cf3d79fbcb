"""The region profile: its order, its comparisons, its causes of change and its grade."""

from __future__ import annotations

import dataclasses
import html
import re

import pytest
from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.atlas.beside import beside_reference, beside_regions
from clusteratlas.portal.pages.region_beside import points
from clusteratlas.portal.quality import quality_of


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:300]
    return html.unescape(response.content.decode())


def test_the_questions_stand_in_their_order(portal: Client) -> None:
    text = text_of(portal, "/regions/us-cbsa/41940/")
    main = text[text.index("<main") : text.index("</main>")]
    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", main)
    assert heads == [
        "What is it strong in, and how sure is that?",
        "How is it changing, and why?",
        "What drives it?",
        "Compared with whom?",
        "What could come next?",
    ]


def test_every_number_of_the_summary_leads_to_its_derivation(portal: Client) -> None:
    text = text_of(portal, "/regions/us-cbsa/41940/?year=2021")
    summary = text[text.index('<p class="summary">') :]
    summary = summary[: summary.index("</p>")]
    linked = re.findall(r'<a class="told" href="([^"]+)"><strong>', summary)
    assert len(linked) >= 8
    assert all("/derivation/" in href for href in linked)
    for href in set(linked):
        assert portal.get(href).status_code == 200, href
    plain = re.sub(r"<a [^>]*>.*?</a>", "", summary, flags=re.S)
    assert set(re.findall(r"\d[\d,.]*\d", plain)) <= {"2018", "2021"}


def test_the_parts_of_the_change_are_drawn_and_add_up(
    portal: Client, sample_release: Release
) -> None:
    text = text_of(portal, "/regions/us-cbsa/41940/?year=2021")
    chart = text[text.index('id="parts-chart"') :]
    chart = chart[: chart.index("</ol>")]
    profile = sample_release.region_profile("us-cbsa", "41940", 2021)
    for figure in ("change_national", "change_mix", "change_competitive"):
        value = getattr(profile, figure)
        assert f"derivation/{figure}/" in chart
        assert f"{abs(round(value)):,}" in chart
    assert chart.count("<rect") == 4


@pytest.mark.parametrize(("scheme", "region"), [("us-cbsa", "41940"), ("nuts-2", "DE11")])
def test_a_region_beside_others(sample_release: Release, scheme: str, region: str) -> None:
    rows = sample_release.regional_clusters(scheme, region=region)
    assert all(not each.difference for each in beside_regions(sample_release, rows, [region]))
    for each in beside_reference(sample_release, rows):
        if each.quotient_here and each.share_there and each.share_here:
            assert each.share_here / each.share_there == pytest.approx(each.quotient_here, rel=0.05)
    peers = [peer.peer for peer in sample_release.peers(scheme, region)][:3]
    together = {each.cluster: each for each in beside_regions(sample_release, rows, peers)}
    shares = {
        cluster: [
            each.share_there
            for peer in peers
            for each in beside_regions(sample_release, rows, [peer])
            if each.cluster == cluster and each.share_there is not None
        ]
        for cluster in together
    }
    for cluster, each in together.items():
        if each.share_there and len(shares[cluster]) == len(peers):
            assert min(shares[cluster]) <= each.share_there <= max(shares[cluster])


def test_the_benchmark_stands_in_the_address(portal: Client, sample_release: Release) -> None:
    page = "/regions/us-cbsa/41940/"
    assert "beside the United States" in text_of(portal, page)
    assert "beside its peers together" in text_of(portal, f"{page}?against=peers")
    assert "beside its neighbours together" in text_of(portal, f"{page}?against=neighbours")
    other = text_of(portal, f"{page}?against=41860&year=2021")
    name = sample_release.region("us-cbsa", "41860").name
    assert f"beside {name}" in other
    rows = sample_release.regional_clusters("us-cbsa", region="41940", year=2021, traded=True)
    first = beside_regions(sample_release, rows, ["41860"])[0]
    assert first.name in other
    assert points(first.difference) in other
    assert f"beside {name}" in text_of(portal, f"{page}?against={name.upper()}")


def test_a_region_nobody_knows_is_told_with_near_matches(portal: Client) -> None:
    near = text_of(portal, "/regions/us-cbsa/41940/?against=san+franc")
    assert "No region of this kind is called" in near
    assert "against=41860" in near
    assert "beside the United States" in near
    text_of(portal, "/regions/us-cbsa/41940/?against=zzzzzz", 404)
    assert "with itself" in text_of(portal, "/regions/us-cbsa/41940/?against=41940", 400)
    text_of(portal, f"/regions/us-cbsa/41940/?against={'x' * 500}", 400)


def test_the_grade_is_the_worst_of_its_criteria(sample_release: Release) -> None:
    place = sample_release.region("us-cbsa", "41940")
    profile = sample_release.region_profile("us-cbsa", "41940", 2021)
    rows = sample_release.regional_clusters("us-cbsa", region="41940", year=2021)
    assert quality_of(place, profile, rows, now=2023).grade == "good"
    old = quality_of(place, profile, rows, now=2027)
    assert (old.grade, old.word) == ("fair", "fair")
    assert "6 years" in old.reason
    partly = dataclasses.replace(place, coverage=0.5)
    assert quality_of(partly, profile, rows, now=2023).grade == "weak"
    little = dataclasses.replace(profile, reported_share=0.2)
    assert quality_of(place, little, rows, now=2023).grade == "weak"


def test_a_cluster_in_a_region_shows_what_is_near(portal: Client, sample_release: Release) -> None:
    text = text_of(portal, "/regions/us-state/06/clusters/23/?year=2021")
    for words in ("Related and present here", "Areas in or across California", "Over the years"):
        assert words in text
    inside = text[text.index('id="inside"') :]
    inside = inside[: inside.index("</table>")]
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", year=2021, order="employment")
    names = [row.region_name for row in rows if row.region_name.endswith(", CA")][:3]
    assert all(name in inside for name in names)
    alone = text_of(portal, "/regions/us-cbsa/41940/clusters/23/")
    assert "publishes no smaller areas" in alone
