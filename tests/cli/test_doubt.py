"""The command line tells how sure its figures are."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.cli import words


@pytest.fixture
def flipping(filled_release: Release) -> RegionalCluster:
    return next(
        row
        for region in filled_release.regions("districts")
        for row in filled_release.regional_clusters("districts", region=region.region)
        if row.could_flip and row.strong and words.rank_between(row)
    )


@pytest.fixture
def asked(run, filled_place: Path):
    return lambda *arguments, **options: (
        run(*arguments, "--place", filled_place, **{"columns": 160, **options}).ended(0).out
    )


def test_a_region_shows_intervals_and_what_could_flip(asked, flipping: RegionalCluster) -> None:
    out = asked("region", flipping.region)
    line = next(each for each in out.splitlines() if each.startswith(f"{flipping.cluster} "))
    assert f"~ {flipping.employment:,}" in line
    assert words.quotient_between(flipping) in line
    assert f"○ strong {round(100 * (flipping.probability_strong or 0))} of 100" in line
    text = " ".join(out.split())
    assert "nine of ten possible tables" in text
    assert "○ could flip: strong in so many of 100 possible tables" in text
    assert "≥" not in out


def test_a_narrow_terminal_still_holds_it(asked, flipping: RegionalCluster) -> None:
    out = asked("region", flipping.region, columns=80)
    assert max(map(len, out.splitlines())) <= 80
    assert words.quotient_between(flipping) in out


def test_a_cluster_in_a_region_tells_rank_and_reported_share(
    asked, flipping: RegionalCluster
) -> None:
    text = " ".join(asked("cluster", flipping.cluster, "--region", flipping.region).split())
    assert f"between {words.rank_between(flipping)}" in text
    assert f"[{words.quotient_between(flipping)}]" in text
    assert f"Reported {words.percent(flipping.reported_share)} of the jobs" in text


def test_top_and_cluster_show_intervals(asked, flipping: RegionalCluster) -> None:
    for arguments in (("cluster", flipping.cluster), ("top", flipping.cluster)):
        out = asked(*arguments)
        assert "90 %" in out
        assert words.quotient_between(flipping) in out


def test_json_and_csv_carry_the_columns(asked, flipping: RegionalCluster) -> None:
    answer = json.loads(asked("region", flipping.region, "--json"))
    row = next(each for each in answer["clusters"] if each["cluster"] == flipping.cluster)
    assert row["rank_high"] == flipping.rank_high
    assert row["probability_strong"] == flipping.probability_strong
    assert answer["totals"]["strong_clusters_low"] <= answer["totals"]["strong_clusters"]
    lines = csv.DictReader(io.StringIO(asked("region", flipping.region, "--csv")))
    line = next(each for each in lines if each["cluster"] == flipping.cluster)
    assert float(line["location_quotient_low"]) == flipping.location_quotient_low
