"""The options of a region: kinds, ranks, supports, peers, gaps that stay gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.relatedness.options.economy import figures, planted

from clusteratlas.relatedness.options.suggest import RegionOptions, region_options
from clusteratlas.tables import OPTIONS, InvalidInput, check


@pytest.fixture(scope="module")
def found() -> RegionOptions:
    years, similarities = planted()
    peers = dict.fromkeys(years[0].regions, years[0].regions[:10])
    return region_options(
        years[1],
        similarities,
        scheme="own",
        start=years[0],
        peers=peers,
        clusters=dict.fromkeys(years[0].industries[:40], "c1"),
    )


def test_the_rows_keep_the_contract(found: RegionOptions) -> None:
    check(found.rows, OPTIONS)
    assert found.rows.schema.equals(OPTIONS.schema)
    rows = found.rows.to_pylist()
    assert {row["kind"] for row in rows} == {"absent", "growing"}
    assert {row["horizon"] for row in rows if row["kind"] == "absent"} == {3}
    for row in rows:
        assert row["rank"] <= 40
        assert row["density_skills"] is None
        assert row["cluster"] == ("c1" if row["industry"] < "i040" else None)
        quotient = row["location_quotient"]
        if row["kind"] == "growing":
            assert 0.5 <= quotient < 1
        else:
            assert (quotient is None and row["status"] == "unpublished") or quotient < 0.5


def test_the_most_probable_stands_first(found: RegionOptions) -> None:
    rows = [
        row for row in found.rows.to_pylist() if row["region"] == "r003" and row["kind"] == "absent"
    ]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    odds = [row["probability"] for row in rows]
    assert odds == sorted(odds, reverse=True)
    assert all(0 < each < 1 for each in odds)


def test_what_it_rests_on_is_present_and_of_the_same_group(found: RegionOptions) -> None:
    years, _ = planted()
    quotient = years[1].quotient()
    rows = [row for row in found.rows.to_pylist() if row["rank"] <= 3 and row["kind"] == "absent"]
    same = 0
    for row in rows:
        supports = row["supporting_industries"].split(",")
        assert len(supports) <= 5
        assert row["industry"] not in supports
        place = years[1].regions.index(row["region"])
        for code in supports:
            assert quotient[place, years[1].industries.index(code)] >= 1
        same += int(supports[0][1:]) % 8 == int(row["industry"][1:]) % 8
    assert same > 0.9 * len(rows)


def test_peers_that_moved_lacked_it_and_have_it(found: RegionOptions) -> None:
    years, _ = planted()
    before, after = years[0].quotient(), years[1].quotient()
    moves = [row for row in found.rows.to_pylist() if row["peers_moved"]]
    assert moves
    for row in moves[:50]:
        column = years[0].industries.index(row["industry"])
        for code in row["peers_moved"].split(","):
            place = years[0].regions.index(code)
            assert not before[place, column] >= 0.5
            assert after[place, column] >= 1


def test_one_year_gives_no_odds_and_says_so() -> None:
    years, similarities = planted()
    found = region_options(years[0], similarities, scheme="own")
    assert set(found.rows.column("probability").to_pylist()) == {None}
    assert set(found.rows.column("horizon").to_pylist()) == {None}
    assert "No probability for absent industries: there is only one year." in found.notes
    first = [row for row in found.rows.to_pylist() if row["region"] == "r000"]
    near = [row["density"] for row in first if row["kind"] == "absent"]
    assert near == sorted(near, reverse=True)


def test_few_regions_and_few_entries_give_no_odds_and_say_so() -> None:
    years, similarities = planted(regions=20)
    found = region_options(years[1], similarities, scheme="own", start=years[0])
    assert set(found.rows.column("probability").to_pylist()) == {None}
    assert any("fewer than 30 regions (20 regions)" in note for note in found.notes)
    years, similarities = planted()
    still = region_options(replace(years[0], year=2021), similarities, scheme="own", start=years[0])
    assert any("fewer than 100 entries (0 entries)" in note for note in still.notes)


def test_years_that_know_different_mechanisms_give_no_odds() -> None:
    years, similarities = planted()
    half = similarities.take(years[0].industries[:40])
    late = years[1].take(years[1].regions, years[1].industries[5:])
    found = region_options(late, half, scheme="own", start=years[0])
    assert set(found.rows.column("probability").to_pylist()) == {None}
    assert any("2018 and 2021 do not know the same mechanisms" in note for note in found.notes)


def test_mixed_vintages_are_refused() -> None:
    years, similarities = planted()
    with pytest.raises(InvalidInput, match="different classifications"):
        region_options(
            years[1],
            similarities,
            scheme="own",
            start=replace(years[0], classification="own-2"),
        )


def test_without_similarities_only_colocation_is_told() -> None:
    years, _ = planted()
    found = region_options(years[1], scheme="own", start=years[0])
    assert set(found.rows.column("density_supply").to_pylist()) == {None}
    assert None not in found.rows.column("density_colocation").to_pylist()
    assert found.notes[0] == "No supply and no skills: no similarities were given."


def test_a_withheld_cell_is_no_option() -> None:
    jobs = np.array([[50.0, 3, 40], [5, 30, 40], [50, 30, 1]])
    year = figures(jobs, 2018)
    known = [(row["region"], row["industry"]) for row in _rows(year)]
    assert ("r000", "i001") in known
    jobs = jobs.copy()
    jobs[0, 1] = np.nan
    hidden = replace(year, employment=jobs)
    assert ("r000", "i001") not in [(row["region"], row["industry"]) for row in _rows(hidden)]


def test_an_industry_without_jobs_is_no_option() -> None:
    year = figures(np.array([[50.0, 0, 40], [5, 0, 40], [50, 0, 1]]), 2018)
    assert "i001" not in {row["industry"] for row in _rows(year)}


def test_twice_the_same_bytes() -> None:
    years, similarities = planted()
    one, other = (
        region_options(years[1], similarities, scheme="own", start=years[0]) for _ in range(2)
    )
    assert one.rows.equals(other.rows)


def test_progress_is_told() -> None:
    years, similarities = planted()
    told: list[float] = []
    region_options(
        years[1],
        similarities,
        scheme="own",
        start=years[0],
        progress=lambda stage, share: told.append(share),
    )
    assert told == sorted(told)
    assert told[-1] == 1.0


def _rows(year):
    return region_options(year, scheme="own").rows.to_pylist()
