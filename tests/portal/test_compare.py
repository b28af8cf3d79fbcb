"""Comparisons: a row a question, differences against the first, nothing compared wrongly."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from tests.portal.test_pages import read, words

from clusteratlas.atlas import Release
from clusteratlas.atlas.side_by_side import (
    overlaps_of_clusters,
    overlaps_of_regions,
    payroll_per_job,
)
from clusteratlas.portal import figures

THREE = "/compare/regions/?scheme=us-cbsa&regions=41940,14460,42660&year=2021"


def cells(text: str, question: str) -> list[str]:
    """The cells of a row of a comparison, in words."""
    row = re.search(
        rf"<tr><th scope=\"row\">(?:<a [^>]*>)?{re.escape(question)}.*?</tr>", text, re.S
    )
    assert row, question
    return [words(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[0], re.S)]


def test_regions_stand_side_by_side_with_their_differences(
    portal: Client, sample_release: Release
) -> None:
    text, _ = read(portal, THREE)
    profiles = [
        sample_release.region_profile("us-cbsa", code, 2021) for code in ("41940", "14460", "42660")
    ]
    jobs = cells(text, "Jobs")
    first = profiles[0].employment or 0
    assert jobs[0] == figures.whole(first)
    for cell, profile in zip(jobs[1:], profiles[1:], strict=True):
        assert figures.whole(profile.employment) in cell
        assert figures.signed((profile.employment or 0) - first) in cell
    assert (
        figures.percent(profiles[1].cluster_strength) in cells(text, "Share in strong clusters")[1]
    )
    # The cluster strong in any of them is a row, with the quotient of all three.
    row = cells(text, "Aerospace Vehicles and Defense")
    assert len(row) == 3
    for cell, code in zip(row, ("41940", "14460", "42660"), strict=True):
        found = sample_release.regional_cluster("us-cbsa", code, "1", 2021)
        assert figures.quotient(found.location_quotient) in cell
    assert 'id="level-change"' in text
    assert len(re.findall(r'class="spot [^"]*marked', text)) == 3


def test_the_nation_is_added_as_first_when_asked(portal: Client) -> None:
    text, _ = read(portal, THREE + "&against=nation")
    assert "difference from United States" in words(text)
    assert len(cells(text, "Jobs")) == 4
    assert "Remove United States" not in text


def test_likeness_is_the_share_of_jobs_in_common(sample_release: Release) -> None:
    regions = [("us-cbsa", "41940"), ("us-cbsa", "14460")]
    pairs = overlaps_of_regions(sample_release, regions, 2021, "us-benchmark-2014")
    mixes = [
        {
            row.cluster: row.employment or 0
            for row in sample_release.regional_clusters(scheme, region=code, year=2021)
            if row.status != "withheld"
        }
        for scheme, code in regions
    ]
    names = set(mixes[0]) & set(mixes[1])
    sums = [sum(mix[name] for name in names) for mix in mixes]
    common = sum(
        min(mix[name] / total for mix, total in zip(mixes, sums, strict=True)) for name in names
    )
    assert pairs[0][1] == pytest.approx(common)
    assert pairs[0][0] == pytest.approx(1)
    again = overlaps_of_clusters(sample_release, ["23", "23"], "us-cbsa", 2021, "us-benchmark-2014")
    assert again[0][1] == pytest.approx(1)


def test_pay_is_not_taken_where_jobs_are_estimated(sample_release: Release) -> None:
    row = sample_release.regional_cluster("us-state", "06", "4")
    assert row.status == "estimated"
    assert payroll_per_job(row) is None
    whole = sample_release.region_profile("us-nation", "US")
    if whole.reported_share and whole.reported_share >= 0.995:
        assert payroll_per_job(whole) == (whole.payroll or 0) / (whole.employment or 1)


def test_american_and_european_regions_are_told_apart(portal: Client) -> None:
    text, _ = read(portal, "/compare/regions/?regions=41940,nuts-2:DE11")
    said = words(text)
    assert "cannot be set against" in said
    assert "compared with Europe (29 countries)" in said
    assert "compared with United States" in said
    assert 'class="difference"' not in text


def test_a_region_is_added_by_text_and_removed_by_link(portal: Client) -> None:
    added = portal.get("/compare/regions/", {"regions": "41940", "add": "stuttgart"})
    assert added.status_code == 302
    assert added["Location"].endswith("regions=41940,nuts-2:DE11")
    by_code = portal.get("/compare/regions/", {"regions": "41940", "add": "14460"})
    assert by_code["Location"].endswith("regions=41940,14460")
    text, reader = read(portal, "/compare/regions/?regions=41940&add=san")
    assert "Which one did you mean by" in text
    assert any("regions=41940,41740" in href for href in reader.links)
    text, reader = read(portal, THREE)
    assert any(href.split("regions=")[-1].startswith("41940,42660&") for href in reader.links)
    by_industry = portal.get("/compare/clusters/", {"add": "334413"})
    assert by_industry["Location"].endswith("clusters=23&scheme=us-cbsa")


def test_every_unknown_code_is_told_at_once_with_what_is_near(portal: Client) -> None:
    answer = portal.get("/compare/regions/", {"regions": "41940,99999,4194"})
    assert answer.status_code == 404
    said = words(answer.content.decode())
    assert "99999, 4194" in said
    assert "near 4194: San Jose-Sunnyvale-Santa Clara, CA (41940)" in said
    answer = portal.get("/compare/clusters/", {"clusters": "23,777,x"})
    assert answer.status_code == 404
    assert "777, x" in words(answer.content.decode())


@pytest.mark.parametrize(
    "query",
    [
        {"regions": ",".join(str(each) for each in range(11))},
        {"regions": "1," * 5_000},
        {"regions": "41940,14460", "year": "2011"},
        {"regions": "41940", "against": "<script>"},
        {"regions": "41940", "definition": "nace-divisions"},
    ],
)
def test_what_cannot_be_compared_is_refused_clearly(portal: Client, query: dict[str, str]) -> None:
    answer = portal.get("/compare/regions/", query)
    assert answer.status_code == (404 if "year" in query else 400)
    assert "<script>" not in answer.content.decode().split("<main")[1]


def test_doubles_stand_once_and_that_is_said(portal: Client) -> None:
    text, _ = read(portal, "/compare/regions/?regions=41940,14460,41940,us-cbsa:14460")
    assert "shown once: 41940" in words(text)
    assert len(cells(text, "Jobs")) == 2


def test_clusters_stand_side_by_side_over_all_regions_and_within_one(
    portal: Client, sample_release: Release
) -> None:
    text, _ = read(portal, "/compare/clusters/?clusters=23,4,101&scheme=us-cbsa")
    profile = sample_release.cluster_profile("us-cbsa", "23", 2021)
    assert figures.whole(profile.regions_strong) in cells(text, "Strong in")[0]
    assert cells(text, "Strong in")[2] == figures.NOTHING
    text, _ = read(portal, "/compare/clusters/?clusters=23,4&scheme=us-cbsa&region=41940")
    row = sample_release.regional_cluster("us-cbsa", "41940", "23", 2021)
    assert figures.quotient(row.location_quotient) in cells(text, "Location quotient")[0]
    table = portal.get("/compare/clusters/table.csv?clusters=23,4&scheme=us-cbsa&region=41940")
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert {each["cluster"] for each in rows} == {"23", "4"}


def test_rows_ticked_in_a_list_are_compared(portal: Client) -> None:
    text, _ = read(portal, "/regions/us-cbsa/")
    assert '<input type="checkbox" name="regions" value="41940"' in text
    chosen = "/compare/regions/?scheme=us-cbsa&regions=41940&regions=14460"
    assert len(cells(read(portal, chosen)[0], "Jobs")) == 2
    text, _ = read(portal, "/clusters/us-benchmark-2014/")
    assert '<input type="checkbox" name="clusters" value="23"' in text
