"""Answers of region, cluster, top, search and status against the release they come from."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict
from typing import Any

import pytest

from clusteratlas.atlas import Release, current_id
from clusteratlas.cli import words
from clusteratlas.tables import ESTIMATED, UNPUBLISHED

PROMISED = [
    "cluster",
    "name",
    "traded",
    "employment",
    "establishments",
    "share_of_region",
    "share_of_nation",
    "location_quotient",
    "rank",
    "strong",
    "status",
]


def strict(text: str) -> Any:
    """Parse JSON and refuse what JSON does not know: NaN and Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_region_json_holds_what_was_promised(ask, sample_release: Release) -> None:
    answer = strict(ask("region", "41940", "--year", 2021, "--json").ended(0).out)
    assert (answer["region"], answer["year"], answer["definition"]) == (
        "41940",
        2021,
        "us-benchmark-2014",
    )
    assert answer["name"].startswith("San Jose")
    assert answer["scheme"] == "us-cbsa"
    assert answer["release"] == sample_release.id
    assert answer["source"] == sample_release.scheme("us-cbsa").source_line
    assert answer["units"]["employment"] == "jobs"
    assert answer["units"]["payroll"] == "USD 1,000"
    expected = sample_release.regional_clusters("us-cbsa", region="41940", year=2021)
    assert len(answer["clusters"]) == len(expected) == 67
    for given, row in zip(answer["clusters"], expected, strict=True):
        assert list(given)[: len(PROMISED)] == PROMISED
        values = asdict(row)
        assert given == {name: values[name] for name in given}
    assert set(answer["clusters"][0]) == set(values) - {
        "scheme",
        "region",
        "region_name",
        "definition",
        "year",
    }


def test_not_known_is_null_and_withheld_is_never_zero(ask, run, unbound_place) -> None:
    answer = strict(ask("region", "41940", "--json").ended(0).out)
    unpublished = [row for row in answer["clusters"] if row["status"] == UNPUBLISHED]
    assert unpublished
    assert all(row["employment"] is None for row in unpublished)
    detroit = run("region", "19820", "--json", "--place", unbound_place).ended(0)
    row = next(row for row in strict(detroit.out)["clusters"] if row["cluster"] == "4")
    assert row["status"] == "withheld"
    for name in ("employment", "employment_high", "share_of_region", "location_quotient", "strong"):
        assert row[name] is None
    assert row["establishments"] == 25
    detroit = run("region", "19820", "--csv", "--place", unbound_place).ended(0)
    line = next(line for line in table(detroit.out) if line["cluster"] == "4")
    assert (line["status"], line["employment"]) == ("withheld", "")


def test_estimates_carry_their_interval_and_their_reported_share(ask) -> None:
    answer = strict(ask("region", "DE11", "--json").ended(0).out)
    assert answer["group_word"] == "industry group"
    estimated = [row for row in answer["clusters"] if row["status"] == ESTIMATED]
    assert estimated
    for row in estimated:
        assert row["employment_low"] <= row["employment"] <= row["employment_high"]
        share = row["reported_share"]
        assert 0 <= share <= 1 if row["employment"] else share is None
    reported = [row for row in answer["clusters"] if row["status"] == "reported"]
    assert reported
    assert all(row["reported_share"] == 1 for row in reported if row["employment"])


def test_totals_are_the_profile(ask, sample_release: Release) -> None:
    answer = strict(ask("region", "19820", "--json").ended(0).out)
    profile = asdict(sample_release.region_profile("us-cbsa", "19820"))
    assert answer["totals"] == {name: profile[name] for name in answer["totals"]}
    assert answer["year"] == profile["year"] == 2021


def test_region_csv_is_tidy_and_unrounded(ask, sample_release: Release) -> None:
    rows = table(ask("region", "41940", "--year", 2018, "--csv").ended(0).out)
    expected = sample_release.regional_clusters("us-cbsa", region="41940", year=2018)
    assert len(rows) == len(expected)
    for row, known in zip(rows, expected, strict=True):
        assert row["cluster"] == known.cluster
        assert row["status"] == known.status
        jobs = "" if known.employment is None else str(known.employment)
        assert row["employment"] == jobs
        quotient = known.location_quotient
        assert (float(row["location_quotient"]) if row["location_quotient"] else None) == quotient
        assert (row["scheme"], row["region"], row["year"]) == ("us-cbsa", "41940", "2018")
        assert row["source"]
        assert row["release"] == sample_release.id


@pytest.mark.parametrize(
    ("choice", "traded"), [("--traded", {True}), ("--local", {False})], ids=["traded", "local"]
)
def test_traded_and_local(ask, choice: str, traded: set[bool]) -> None:
    answer = strict(ask("region", "41940", choice, "--json").ended(0).out)
    assert {row["traded"] for row in answer["clusters"]} == traded


def test_limit_strong_and_order(ask) -> None:
    few = strict(ask("region", "41940", "--strong", "--limit", 3, "--json").ended(0).out)
    assert len(few["clusters"]) == 3
    assert all(row["strong"] for row in few["clusters"])
    large = strict(ask("region", "41940", "--by", "employment", "--json").ended(0).out)
    jobs = [row["employment"] for row in large["clusters"] if row["employment"] is not None]
    assert jobs == sorted(jobs, reverse=True)


def test_readable_region(ask, sample_release: Release) -> None:
    out = ask("region", "41940").ended(0).out
    assert "San Jose-Sunnyvale-Santa Clara, CA" in out
    assert "metro area 41940 (us-cbsa) · 2021 · clusters by us-benchmark-2014" in out
    assert "Traded clusters" in out
    assert "Local clusters" in out
    assert "● strong" in out
    assert "Source: US Census Bureau, County Business Patterns" in out
    assert sample_release.id in out
    assert max(map(len, out.splitlines())) <= 80
    assert all(text == text.rstrip() for text in out.splitlines())


def test_european_regions_have_industry_groups(ask) -> None:
    out = ask("region", "DE11").ended(0).out
    assert "Industry groups" in out
    assert "Persons employed" in out
    assert not re.search(r"\bclusters?\b", out.replace("Cluster strength", ""))


def test_only_printed_clusters_unless_all(ask, sample_release: Release) -> None:
    rows = sample_release.regional_clusters("us-cbsa", region="41940")
    hidden = [row for row in rows if row.status == UNPUBLISHED]
    assert hidden
    short = ask("region", "41940", columns=200).ended(0).out
    whole = ask("region", "41940", "--all", columns=200).ended(0).out
    assert f"Not printed by the office: {len(hidden)} more" in short
    for row in hidden:
        assert row.name not in short
        assert row.name in whole
    assert "– not printed: a true zero or too few establishments" in " ".join(whole.split())


def test_withheld_and_at_least_are_marked(run, unbound_place) -> None:
    out = run("region", "19820", "--place", unbound_place, columns=200).ended(0).out
    assert re.search(r"^4 +Automotive +withheld +– ", out, re.MULTILINE)
    assert "withheld: a figure exists and is not given" in " ".join(out.split())
    out = run("region", "41940", "--place", unbound_place, columns=200).ended(0).out
    assert re.search(r"^23 .* ≥ 12,000 ", out, re.MULTILINE)
    assert "≥ at least this many" in out
    assert "~" not in out


def test_estimates_of_the_sample_are_marked_with_their_intervals(
    ask, sample_release: Release
) -> None:
    rows = sample_release.regional_clusters("us-state", region="06")
    row = next(row for row in rows if row.status == ESTIMATED and words.quotient_between(row))
    assert row.employment is not None
    out = ask("region", "06", "--scheme", "us-state", columns=200).ended(0).out
    line = next(line for line in out.splitlines() if line.startswith(f"{row.cluster} "))
    assert f" ~ {row.employment:,} " in line
    assert words.quotient_between(row) in line
    assert "~ estimated in part, from sums that are printed" in " ".join(out.split())
    assert "≥" not in out
    assert "withheld:" not in out


def test_narrow_terminal_cuts_no_code(ask, sample_release: Release) -> None:
    out = ask("top", "Automotive", "--limit", 5, columns=40).ended(0).out
    rows = sample_release.regional_clusters("us-cbsa", cluster="4", limit=5)
    for row in rows:
        assert re.search(rf"^{row.region} ", out, re.MULTILINE)
        assert f"{row.employment:,}" in out
    assert "…" not in out


def test_region_by_name_and_in_another_scheme(ask) -> None:
    named = strict(ask("region", "Detroit-Warren-Dearborn, MI", "--json").ended(0).out)
    assert named["region"] == "19820"
    state = strict(ask("region", "06", "--scheme", "us-state", "--json").ended(0).out)
    assert state["name"] == "California"


def test_cluster_json_and_csv(ask, sample_release: Release) -> None:
    answer = strict(ask("cluster", "Automotive", "--json", "--limit", 7).ended(0).out)
    rows = sample_release.regional_clusters("us-cbsa", cluster="4", limit=7)
    assert answer["cluster"] == "4"
    assert [row["region"] for row in answer["regions"]] == [row.region for row in rows]
    assert [row["location_quotient"] for row in answer["regions"]] == [
        row.location_quotient for row in rows
    ]
    profile = asdict(sample_release.cluster_profile("us-cbsa", "4"))
    assert answer["totals"] == {name: profile[name] for name in answer["totals"]}
    lines = table(ask("cluster", "4", "--csv", "--limit", 7).ended(0).out)
    assert [row["region"] for row in lines] == [row.region for row in rows]


def test_cluster_readable_in_both_worlds(ask) -> None:
    american = ask("cluster", "Automotive").ended(0).out
    assert "traded cluster 4 of us-benchmark-2014" in american
    assert "Strong in" in american
    european = ask("cluster", "C29", columns=120).ended(0).out
    assert "industry group C29 of nace-divisions" in european


def test_cluster_in_a_region_is_taken_apart(ask, sample_release: Release) -> None:
    answer = strict(ask("cluster", "Automotive", "--region", "19820", "--json").ended(0).out)
    key = ("us-cbsa", "19820", "4", 2021, "us-benchmark-2014")
    assert len(answer["industries"]) == len(sample_release.industries(*key))
    assert len(answer["subclusters"]) == len(sample_release.subclusters(*key))
    figures = answer["figures"]
    assert figures["status"] == ESTIMATED
    assert figures["employment_low"] < figures["employment"] < figures["employment_high"]
    assert 0.8 < figures["reported_share"] < 0.9
    assert {row["status"] for row in answer["industries"]} >= {"reported", ESTIMATED}
    lines = table(ask("cluster", "4", "--region", "19820", "--csv").ended(0).out)
    assert {row["industry"] for row in lines} == {row["industry"] for row in answer["industries"]}
    out = ask("cluster", "4", "--region", "19820").ended(0).out
    assert "Automotive in Detroit" in out
    assert "336112" in out
    text = " ".join(out.split())
    assert f"~ {figures['employment']:,}" in text
    assert f"{figures['employment_low']:,}–{figures['employment_high']:,}" in text
    assert f"Reported {words.percent(figures['reported_share'])} of the jobs" in text


def test_top_of_all_and_of_one_cluster(ask, sample_release: Release) -> None:
    answer = strict(ask("top", "--limit", 10, "--strong", "--json").ended(0).out)
    rows = answer["regional_clusters"]
    assert len(rows) == 10
    assert all(row["strong"] for row in rows)
    quotients = [row["location_quotient"] for row in rows]
    assert quotients == sorted(quotients, reverse=True)
    jobs = table(ask("top", "C29", "--by", "employment", "--limit", 4, "--csv").ended(0).out)
    expected = sample_release.regional_clusters("nuts-2", cluster="C29", order="employment")
    assert [row["region"] for row in jobs] == [row.region for row in expected[:4]]
    out = ask("top", "--scheme", "nuts-2", "--limit", 3).ended(0).out
    assert "Industry groups: the first 3 by location quotient" in out


def test_search(ask) -> None:
    answer = strict(ask("search", "stutgart", "--json").ended(0).out)
    assert any(hit["code"] == "DE11" for hit in answer["hits"])
    assert "DE11" in ask("search", "Stuttgart").ended(0).out
    assert table(ask("search", "automotive", "--csv").ended(0).out)[0]["code"] == "4"
    assert ask("search", "zzqqxx").ended(3).err.startswith("Nothing was found")


def test_status(ask, sample_place) -> None:
    answer = strict(ask("status", "--json").ended(0).out)
    assert answer["release"] == current_id(sample_place)
    assert {each["scheme"] for each in answer["schemes"]} >= {"us-cbsa", "nuts-2"}
    assert answer["rows"]["regional_clusters"] > 0
    out = ask("status").ended(0).out
    assert answer["release"] in out
    assert "us-rest-of-state" in out
    assert "Licence: public domain" in " ".join(out.split())
