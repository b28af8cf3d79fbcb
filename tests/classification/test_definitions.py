"""The definitions that come with the package."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from clusteratlas.classification import Definition, definition, definitions, industries
from clusteratlas.classification.definitions import clusters_table, industries_table
from clusteratlas.tables import CLUSTERS, DEFINITIONS, CannotAnswer, check

VINTAGES = {"naics-2007": 1088, "naics-2012": 978, "naics-2017": 970}


@pytest.fixture(params=[*VINTAGES, "nace-2"])
def any_definition(request):
    (name,) = definitions(request.param)
    return definition(name, request.param)


def test_tables_keep_their_contracts(any_definition):
    assert check(any_definition.clusters, CLUSTERS).equals(any_definition.clusters)
    assert check(any_definition.industries, DEFINITIONS).equals(any_definition.industries)


def test_industries_are_known_and_clusters_are_listed(any_definition):
    table = any_definition.industries
    (classification,) = set(table["classification"].to_pylist())
    assert set(table["industry"].to_pylist()) <= set(
        industries(classification)["industry"].to_pylist()
    )
    assert set(table["cluster"].to_pylist()) == set(any_definition.clusters["cluster"].to_pylist())


@pytest.mark.parametrize(("classification", "count"), VINTAGES.items())
def test_benchmark_has_one_cluster_a_code(classification, count):
    table = definition("us-benchmark-2014", classification).industries
    assert table.num_rows == count
    assert len(table["industry"].unique()) == count
    assert set(table["weight"].to_pylist()) == {1.0}


@pytest.mark.parametrize("classification", VINTAGES)
def test_benchmark_has_51_traded_and_16_local_clusters(classification):
    benchmark = definition("us-benchmark-2014", classification)
    traded = dict(
        zip(
            benchmark.clusters["cluster"].to_pylist(),
            benchmark.clusters["traded"].to_pylist(),
            strict=True,
        )
    )
    assert Counter(traded.values()) == {True: 51, False: 16}
    rows = benchmark.industries.to_pylist()
    assert all(row["traded"] == traded[row["cluster"]] for row in rows)
    names = benchmark.clusters.to_pylist()
    assert all(row["name"].startswith("Local ") != row["traded"] for row in names)


@pytest.mark.parametrize(
    ("classification", "unknown"), [("naics-2007", 227), ("naics-2012", 28), ("naics-2017", 0)]
)
def test_subclusters_where_they_are_known(classification, unknown):
    table = definition("us-benchmark-2014", classification).industries
    assert table["subcluster"].null_count == unknown


def test_a_code_keeps_its_cluster_over_the_vintages():
    seen: dict[str, set[str]] = {}
    for classification in VINTAGES:
        for row in definition("us-benchmark-2014", classification).industries.to_pylist():
            seen.setdefault(row["industry"], set()).add(row["cluster"])
    assert all(len(clusters) == 1 for clusters in seen.values())


def test_a_known_row():
    rows = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    aircraft = next(row for row in rows if row["industry"] == "336411")
    assert aircraft == {
        "definition": "us-benchmark-2014",
        "classification": "naics-2017",
        "industry": "336411",
        "cluster": "1",
        "subcluster": "Aircraft",
        "traded": True,
        "weight": 1.0,
    }


def test_industry_groups_are_the_divisions_that_eurostat_covers():
    divisions = definition("nace-divisions", "nace-2")
    codes = divisions.industries["cluster"].to_pylist()
    assert codes == divisions.industries["industry"].to_pylist()
    assert len(codes) == 68
    assert "S95" in codes
    assert {code[0] for code in codes} == set("BCDEFGHIJLMNS")
    assert divisions.group_word == "industry group"
    assert divisions.group_words == "industry groups"
    assert set(divisions.clusters["traded"].to_pylist()) == {None}
    assert "self-employed" in divisions.note


def test_the_benchmark_is_cited():
    citation = definition("us-benchmark-2014", "naics-2017").citation
    assert "Delgado" in citation
    assert "Journal of Economic Geography 16(1), 1-38" in citation


@pytest.mark.parametrize(
    ("name", "classification"),
    [
        ("eu-stars", "nace-2"),
        ("us-benchmark-2014", "nace-2"),
        ("nace-divisions", "naics-2017"),
        ("us-benchmark-2014", "naics-2022"),
    ],
)
def test_what_is_not_at_hand_is_refused(name, classification):
    with pytest.raises(CannotAnswer, match=r"at hand|it is in"):
        definition(name, classification)


@pytest.mark.shared
def test_assignment_agrees_with_the_published_one(shared):
    with (shared / "reference/benchmark_clusters_naics_1997_2012.csv").open(
        encoding="utf-8", errors="replace"
    ) as lines:
        published = {(row["vintage"], row["naics"]): row for row in csv.DictReader(lines)}
    for vintage in ("2007", "2012"):
        for row in definition("us-benchmark-2014", f"naics-{vintage}").industries.to_pylist():
            same = published[vintage, row["industry"]]
            assert same["cluster_code"] == row["cluster"]
            assert (same["traded"] == "TRUE") == row["traded"]


def test_an_industry_of_several_clusters_counts_in_the_largest() -> None:
    rows = [
        ("334413", "chips", None, True, 0.4),
        ("334413", "cars", None, True, 0.6),
        ("336411", "planes", None, None, 1.0),
        ("445110", "shops", None, False, 1.0),
        ("111110", "none", None, True, 0.0),
    ]
    names = [(cluster, cluster, traded) for _, cluster, _, traded, _ in rows]
    mine = Definition(
        "mine",
        "Mine",
        "",
        "cluster",
        clusters_table("mine", names),
        industries_table("mine", "naics-2017", rows),
    )
    assert mine.traded_clusters("naics-2017") == {"334413": "cars", "336411": "planes"}
    assert mine.shared_industries("naics-2017") == ["334413"]
    assert mine.traded_clusters("naics-2012") == {}
