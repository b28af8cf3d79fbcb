"""Estimates carry their interval and their mark, and what could flip says so, on every page."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.portal import doubt, figures
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.map_view import map_of
from clusteratlas.portal.pages.measures_shown import BY_NAME


@pytest.fixture
def filled(filled_place: Path, settings: Settings) -> Client:
    settings.ATLAS_PLACE = filled_place
    return Client()


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def words(html: str) -> str:
    return re.sub(r"[ \n\t]+", " ", re.sub(r"<[^>]+>", "", html)).replace("&#x27;", "'")


def rows_of(release: Release) -> list[RegionalCluster]:
    return [
        row
        for region in release.regions("districts")
        for row in release.regional_clusters("districts", region=region.region)
    ]


@pytest.fixture
def flipping(filled_release: Release) -> RegionalCluster:
    return next(row for row in rows_of(filled_release) if row.could_flip and row.strong)


def test_every_estimate_of_a_region_shows_its_interval_and_its_mark(
    filled: Client, filled_release: Release, flipping: RegionalCluster
) -> None:
    html = page(filled, f"/regions/districts/{flipping.region}/")
    table = html[html.index('id="all-clusters"') :]
    seen = 0
    for row in filled_release.regional_clusters("districts", region=flipping.region):
        line = table[table.index(f">{row.name}</a>") :]
        line = line[: line.index("</tr>")]
        if doubt.is_estimated(row):
            assert 'class="mark estimated"' in line or 'class="mark flip"' in line, row.name
            for said in (
                doubt.jobs_between(row),
                doubt.quotient_between(row),
                doubt.rank_between(row),
            ):
                assert not said or f'<small class="range">{said}</small>' in line, row.name
                seen += bool(said)
        elif row.status == "reported":
            assert 'class="mark reported"' in line
    assert seen > 3


def test_the_region_says_what_could_flip(
    filled: Client, filled_release: Release, flipping: RegionalCluster
) -> None:
    html = page(filled, f"/regions/districts/{flipping.region}/")
    text = words(html)
    rows = filled_release.regional_clusters("districts", region=flipping.region)
    number = sum(row.could_flip for row in rows)
    assert f"{number} of its verdicts could flip" in text
    assert f"(strong {doubt.chance(flipping.probability_strong or 0)})" in text
    assert "the rest is estimated" in text
    assert '<span class="pill flip">strong, could flip</span>' in html
    assert 'class="dot flip"' in html
    assert 'class="interval"' in html
    assert "at least" not in text
    profile = filled_release.region_profile("districts", flipping.region)
    between = doubt.between(
        profile.cluster_strength_low, profile.cluster_strength_high, figures.percent
    )
    assert between
    assert f"[{between}]" in text


def test_the_region_and_cluster_page_tells_probability_rank_and_interval(
    filled: Client, flipping: RegionalCluster
) -> None:
    html = page(filled, f"/regions/districts/{flipping.region}/clusters/{flipping.cluster}/")
    text = words(html)
    chance = doubt.chance(flipping.probability_strong or 0)
    assert re.fullmatch(r"in \d+ of 100 possible tables", chance)
    assert f"but that could flip: it is strong {chance}" in text
    assert f"90 % interval [{doubt.quotient_between(flipping)}]" in text.replace("\u00a0", " ")
    assert doubt.quotient_between(flipping)
    assert f"Its rank lies between {flipping.rank_low} and {flipping.rank_high}" in text
    assert figures.percent(flipping.reported_share) + " reported" in text
    assert '<span class="pill flip">strong, could flip</span>' in html


def test_a_sure_verdict_is_not_put_in_doubt(filled: Client, filled_release: Release) -> None:
    row = next(r for r in rows_of(filled_release) if r.strong and r.probability_strong == 1)
    text = words(page(filled, f"/regions/districts/{row.region}/clusters/{row.cluster}/"))
    assert "It is a strong cluster there." in text
    assert "could flip:" not in text


def test_the_cluster_page_tells_its_estimate_and_intervals(
    filled: Client, filled_release: Release, flipping: RegionalCluster
) -> None:
    profile = filled_release.cluster_profile("districts", flipping.cluster)
    text = words(page(filled, f"/clusters/us-benchmark-2014/{flipping.cluster}/"))
    assert "the source prints" not in text
    assert f"it has {doubt.jobs_words(profile)} jobs" in text
    assert "printed by industry and the rest estimated" in text
    between = doubt.between(profile.regions_strong_low, profile.regions_strong_high, figures.whole)
    assert not between or f"({between})" in text


def test_a_year_that_was_not_filled_shows_no_intervals(filled: Client) -> None:
    for address in (
        "/regions/districts/D01/?year=2019",
        "/clusters/us-benchmark-2014/23/?scheme=districts&year=2019",
    ):
        # Coefficients of the packaged components have intervals of their own.
        html = page(filled, address).split("mechanisms-heading")[0]
        # Lines over the years show the year that was filled, with its interval.
        html = re.sub(r'<figure class="figure timeline.*?</figure>', "", html, flags=re.DOTALL)
        assert "range" not in re.findall(r'class="([a-z ]*range)"', html)
        assert 'class="interval"' not in html
        assert "estimated" not in words(html)


def test_lists_show_intervals_of_wholes(filled: Client, filled_release: Release) -> None:
    text = words(page(filled, "/regions/districts/"))
    profile = next(
        each
        for each in filled_release.region_profiles("districts")
        if doubt.between(each.cluster_strength_low, each.cluster_strength_high, figures.percent)
    )
    assert (
        doubt.between(profile.cluster_strength_low, profile.cluster_strength_high, figures.percent)
        in text
    )
    assert 'class="range"' in page(filled, "/clusters/us-benchmark-2014/?scheme=districts")


def test_the_api_and_the_csv_carry_all_of_it(filled: Client, flipping: RegionalCluster) -> None:
    answer = filled.get(f"/api/v1/regions/districts/{flipping.region}").json()
    given = next(row for row in answer["clusters"] if row["cluster"] == flipping.cluster)
    for name in (
        "employment_low",
        "employment_high",
        "location_quotient_low",
        "location_quotient_high",
        "probability_strong",
        "rank_low",
        "rank_high",
        "reported_share",
    ):
        assert given[name] == getattr(flipping, name)
        assert given[name] is not None
    assert answer["totals"]["cluster_strength_low"] <= answer["totals"]["cluster_strength"]
    inside = filled.get(
        f"/api/v1/regions/districts/{flipping.region}/clusters/{flipping.cluster}"
    ).json()
    for row in inside["industries"]:
        if row["status"] == "estimated":
            assert row["employment_low"] <= row["employment"] <= row["employment_high"]
    text = page(filled, f"/regions/districts/{flipping.region}/clusters.csv")
    line = next(
        row for row in csv.DictReader(io.StringIO(text)) if row["cluster"] == flipping.cluster
    )
    assert line["rank_low"] == str(flipping.rank_low)
    assert float(line["probability_strong"]) == flipping.probability_strong


def test_the_map_marks_what_could_flip_and_what_could_lie_in_another_class(
    sample_release: Release,
) -> None:
    scheme = sample_release.scheme("us-cbsa")
    view = View(scheme, sample_release.definition(scheme.definition), 2021)
    rows = [
        dataclasses.replace(
            row, location_quotient_low=None, location_quotient_high=None, probability_strong=None
        )
        for row in sample_release.regional_clusters("us-cbsa", cluster="23", year=2021)
    ]
    strong = next(place for place, row in enumerate(rows) if row.strong)
    weak = next(place for place, row in enumerate(rows) if row.strong is False)
    for place, chance in ((strong, 0.62), (weak, 0.3)):
        value = rows[place].location_quotient or 0
        rows[place] = dataclasses.replace(
            rows[place],
            location_quotient_low=value / 9,
            location_quotient_high=value * 9,
            rank_low=1,
            rank_high=70,
            probability_strong=chance,
            status="estimated",
        )
    measure = BY_NAME["location_quotient"]
    picture = map_of(sample_release, view, measure, rows, identity="m", title="t")
    assert picture is not None
    assert (picture.flipping, picture.striped) == (2, 2)
    assert picture.svg.count('class="region strong flip"') == 1
    assert picture.svg.count('class="region flip"') == 1
    for pattern in re.findall(r'fill="url\(#([^)]+)\)"', picture.svg):
        assert f'<pattern id="{pattern}"' in picture.svg
    shown = re.search(
        rf'data-region="{rows[strong].region}"[^>]*data-detail="([^"]+)"', picture.svg
    )
    assert shown is not None
    assert "strong in 62 of 100 possible tables" in shown[1]
    assert "interval" in shown[1]
    assert "(1\u201370)" in shown[1]


def test_a_rounded_estimate_keeps_the_digits_that_its_interval_leaves(
    flipping: RegionalCluster,
) -> None:
    def about(jobs: int, low: int, high: int) -> str:
        row = dataclasses.replace(
            flipping,
            employment=jobs,
            employment_low=low,
            employment_high=high,
            status="estimated",
            reported_share=0.4,
        )
        return doubt.jobs_words(row)

    assert about(644_976, 643_411, 648_076) == "about 645,000"
    assert about(64, 60, 69) == "about 64"
    assert about(276, 245, 297) == "about 280"
