"""Rankings: places now and at the start, ties, filters, pages, and no place among too few."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from tests.portal.test_pages import read, words

from clusteratlas.atlas import Release


def lines(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/rankings/{query}")
    assert answer.status_code == 200, answer.content[:300]
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_places_now_and_then_are_those_of_the_figures(
    portal: Client, sample_release: Release
) -> None:
    found = lines(portal, "regions/table.csv?scheme=us-cbsa&by=cluster_strength&year=2021")
    now, then = (
        {
            row.region: row.cluster_strength
            for row in sample_release.region_profiles("us-cbsa", year)
        }
        for year in (2021, 2018)
    )
    for each in found:
        value = now[each["code"]]
        if value is None:
            assert each["place"] == ""
            continue
        above = sum(other is not None and other > value for other in now.values())
        assert int(each["place"]) == above + 1
        same = sum(other == value for other in now.values())
        assert (each["tied"] == "true") == (same > 1)
        if each["place_at_start"]:
            before = then[each["code"]]
            above = sum(1 for c in now if (then.get(c) or -1) > (before or 0))
            assert int(each["place_at_start"]) == above + 1
    assert int(found[0]["ranked"]) == sum(value is not None for value in now.values())


def test_the_focal_region_is_marked_and_stands_on_every_page(portal: Client) -> None:
    query = "cluster=23&by=location_quotient&region=41940&scheme=us-cbsa"
    for number in (1, 3):
        text, _ = read(portal, f"/rankings/regions/?{query}&page={number}")
        row = re.search(r'<tr class="is-selected">.*?</tr>', text, re.S)
        assert row
        assert "San Jose" in row[0]
        assert len(re.findall(r'class="spot [^"]*marked', text)) == 1
    assert "San Jose-Sunnyvale-Santa Clara, CA: place" in words(text)


def test_filters_by_size_and_state_change_the_number_ranked(portal: Client) -> None:
    everyone = lines(portal, "regions/table.csv?scheme=us-cbsa")
    large = lines(portal, "regions/table.csv?scheme=us-cbsa&least=100000")
    inside = lines(portal, "regions/table.csv?scheme=us-cbsa&within=06")
    assert 0 < len(large) < len(everyone)
    assert 0 < len(inside) < len(everyone)
    assert {"41940", "31080"} <= {each["code"] for each in inside}
    assert "14460" not in {each["code"] for each in inside}
    assert inside[0]["place"] == "1"


def test_there_are_no_places_among_fewer_than_ten(portal: Client) -> None:
    text, _ = read(portal, "/rankings/regions/?scheme=us-cbsa&least=100000&within=41")
    said = words(text)
    assert "There are no places here" in said
    assert ": place " not in said


def test_clusters_are_ranked_too(portal: Client, sample_release: Release) -> None:
    found = lines(portal, "clusters/table.csv?scheme=us-cbsa&by=share_in_strong_regions")
    values = {
        row.cluster: row.share_in_strong_regions
        for row in sample_release.cluster_profiles("us-cbsa", 2021)
    }
    best = max((value, code) for code, value in values.items() if value is not None)[0]
    assert values[found[0]["code"]] == best


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("regions/?page=-1", 400),
        ("regions/?page=9999", 400),
        ("regions/?page=x", 400),
        ("regions/?by=beauty", 400),
        ("regions/?least=-5", 400),
        ("regions/?cluster=999", 404),
        ("regions/?region=99999", 404),
        ("regions/?scheme=us-cbsa&within=77", 404),
        ("regions/?year=1900", 404),
        ("clusters/?focus=999", 404),
        ("clusters/?definition=<b>", 400),
    ],
)
def test_what_cannot_be_ranked_is_refused(portal: Client, query: str, status: int) -> None:
    answer = portal.get(f"/rankings/{query}")
    assert answer.status_code == status
    assert "<b>" not in answer.content.decode().split("<main")[1]
