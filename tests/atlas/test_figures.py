"""The figures of a release, checked against a second, independent computation."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from tests.atlas.test_build import INDUSTRIES, district_jobs, small

from clusteratlas import measures
from clusteratlas.atlas import Release, build
from clusteratlas.classification import definition

YEAR = 2021
SAN_JOSE = "41940"


@pytest.fixture(scope="module")
def by_hand(sample_release: Release) -> dict[str, dict[str, int]]:
    """Jobs by area and cluster in 2021, added up in plain Python from the published industries."""
    of_industry = {
        row["industry"]: row["cluster"]
        for row in definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    }
    jobs: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = sample_release.table("employment").select(
        ["scheme", "region", "industry", "year", "employment"]
    )
    for row in rows.to_pylist():
        cluster = of_industry.get(row["industry"])
        if cluster and row["year"] == YEAR and row["employment"]:
            if row["scheme"] == "us-cbsa":
                jobs[row["region"]][cluster] += row["employment"]
            elif row["scheme"] == "us-nation":
                jobs["US"][cluster] += row["employment"]
    return jobs


def test_clusters_are_the_sums_of_their_industries(
    sample_release: Release, by_hand: dict[str, dict[str, int]]
) -> None:
    for region in (SAN_JOSE, "14460", "47900", "19820"):
        found = {
            each.cluster: each.employment
            for each in sample_release.regional_clusters("us-cbsa", region=region, year=YEAR)
            if each.employment is not None
        }
        assert found == dict(by_hand[region])


def test_quotients_are_taken_within_traded_jobs(
    sample_release: Release, by_hand: dict[str, dict[str, int]]
) -> None:
    traded = {c.cluster for c in sample_release.clusters("us-benchmark-2014") if c.traded}
    own = sum(jobs for cluster, jobs in by_hand[SAN_JOSE].items() if cluster in traded)
    nation = sum(jobs for cluster, jobs in by_hand["US"].items() if cluster in traded)
    for cluster in ("23", "30", "6"):
        expected = (by_hand[SAN_JOSE][cluster] / own) / (by_hand["US"][cluster] / nation)
        found = sample_release.regional_cluster("us-cbsa", SAN_JOSE, cluster, YEAR)
        assert found.location_quotient == pytest.approx(expected, rel=1e-12)
        assert found.share_of_traded_or_local == pytest.approx(by_hand[SAN_JOSE][cluster] / own)
        assert found.share_of_nation == pytest.approx(
            by_hand[SAN_JOSE][cluster] / by_hand["US"][cluster]
        )


def test_flags_and_ranks_are_those_of_the_rule_over_the_areas_of_one_scheme(
    sample_release: Release,
) -> None:
    rows = sample_release.regional_clusters("us-cbsa", cluster="23", year=YEAR, order="region_name")
    quotient = np.array(
        [np.nan if r.location_quotient is None else r.location_quotient for r in rows]
    )
    jobs = np.array([np.nan if r.employment is None else r.employment for r in rows], float)
    establishments = np.array(
        [np.nan if r.establishments is None else r.establishments for r in rows], float
    )
    present = jobs > 0
    floor = (jobs > np.quantile(jobs[present], 0.25)) & (
        establishments > np.nanquantile(establishments[present], 0.25)
    )
    strong = floor & (quotient >= np.quantile(quotient[present], 0.75)) & (quotient >= 1)
    expected = [
        None if unknown else bool(flag)
        for flag, unknown in zip(strong[present], np.isnan(establishments[present]), strict=True)
    ]
    assert expected == [r.strong for r in rows if r.employment]
    assert all(r.strong is None for r in rows if not r.employment)
    best = max((r for r in rows if r.employment), key=lambda r: r.location_quotient or 0)
    assert best.rank == 1
    assert {r.ranked for r in rows if r.rank} == {int(present.sum())}


def test_local_clusters_and_small_schemes_carry_no_flags(sample_release: Release) -> None:
    local = sample_release.regional_clusters("us-cbsa", region=SAN_JOSE, year=YEAR, traded=False)
    assert local
    assert all(each.strong is None for each in local)
    assert any(each.location_quotient for each in local)
    nation = sample_release.regional_clusters("us-nation", region="US", year=YEAR)
    assert all(each.rank is None and each.strong is None for each in nation)


def test_states_and_areas_add_up_to_the_nation(sample_release: Release) -> None:
    for cluster in ("23", "4", "103"):
        nation = sample_release.regional_cluster("us-nation", "US", cluster, YEAR)
        states = sample_release.regional_clusters("us-state", cluster=cluster, year=YEAR)
        areas = sample_release.regional_clusters("us-cbsa", cluster=cluster, year=YEAR)
        rest = sample_release.regional_clusters("us-rest-of-state", cluster=cluster, year=YEAR)
        assert sum(each.employment or 0 for each in states) == nation.employment
        assert sum(each.employment or 0 for each in (*areas, *rest)) == nation.employment


def test_published_totals_of_the_county_figures_are_reproduced(sample_release: Release) -> None:
    """Sums of the county figures at four digits, 2018 and 2021 (US Census Bureau)."""
    for year, four_digits, six_digits in (
        (2018, 117_682_636, 111_452_171),
        (2021, 114_469_470, 108_419_164),
    ):
        profile = sample_release.region_profile("us-nation", "US", year)
        assert profile.employment is not None
        assert four_digits <= profile.employment < four_digits * 1.002
        assert profile.reported_share == pytest.approx(six_digits / profile.employment)


def test_a_cluster_printed_whole_is_fully_reported_and_bounds_hold(
    sample_release: Release,
) -> None:
    rows = sample_release.regional_clusters("us-cbsa", year=YEAR)
    shares = [each.reported_share for each in rows if each.reported_share is not None]
    assert 0 <= min(shares) < 0.5
    assert max(shares) == 1
    for each in rows:
        if each.employment_high is not None and each.employment is not None:
            assert each.employment_low is not None
            assert each.employment_low <= each.employment <= each.employment_high
        if each.status == "unpublished":
            assert each.employment is None
            assert each.location_quotient is None


@pytest.mark.parametrize(
    ("scheme", "region"), [("us-nation", "US"), ("us-state", "06"), ("us-cbsa", "13980")]
)
def test_completed_clusters_make_up_the_coarse_total(
    sample_release: Release, scheme: str, region: str
) -> None:
    """What the six-digit rows miss is found through the four-digit ones."""
    profile = sample_release.region_profile(scheme, region, YEAR)
    rows = sample_release.regional_clusters(scheme, region=region, year=YEAR)
    assert profile.employment is not None
    assert sum(each.employment or 0 for each in rows) == pytest.approx(profile.employment, rel=5e-3)
    printed = sum((each.employment or 0) * (each.reported_share or 0) for each in rows)
    assert printed < 0.99 * profile.employment


def test_an_area_tells_how_much_of_it_is_printed_and_how_sure_the_rest_is(
    sample_release: Release,
) -> None:
    """Jobs that some counties hide are estimated in the sum, though another county prints them."""
    cars = sample_release.regional_cluster("us-nation", "US", "4", YEAR)
    assert cars.status == "estimated"
    assert cars.reported_share is not None
    assert 0.4 < cars.reported_share < 0.9
    assert cars.employment_low is not None
    assert cars.employment_high is not None
    assert cars.employment is not None
    assert cars.employment_low < cars.employment < cars.employment_high


def test_the_district_of_columbia_is_marked_and_not_invented(sample_release: Release) -> None:
    washington = sample_release.region("us-cbsa", "47900")
    assert washington.coverage is not None
    assert 0.85 < washington.coverage < 0.95
    assert sample_release.region("us-state", "11").coverage == 0
    assert sample_release.years_of("us-state", "11") == []


def test_europe_uses_its_own_words_and_reference(sample_release: Release) -> None:
    scheme = sample_release.scheme("nuts-2")
    assert scheme.employment_word == "persons employed"
    assert sample_release.definition(scheme.definition).group_words == "industry groups"
    assert not sample_release.definition(scheme.definition).traded_split
    rows = sample_release.regional_clusters("nuts-2", region="DE11", year=2014)
    quotient = next(each for each in rows if each.cluster == "C29")
    total = sample_release.region_profile("nuts-2", "DE11", 2014).employment
    cars = {
        c.region: c.employment
        for c in sample_release.regional_clusters("nuts-0", cluster="C29", year=2014)
    }
    totals = {p.region: p.employment for p in sample_release.region_profiles("nuts-0", 2014)}
    printing = [country for country, jobs in cars.items() if jobs is not None]
    share = sum(cars[c] or 0 for c in printing) / sum(totals[c] or 0 for c in printing)
    assert quotient.employment is not None
    assert total is not None
    assert quotient.location_quotient == pytest.approx(quotient.employment / total / share)


def test_withheld_is_never_zero(sample_release: Release) -> None:
    for name in ("employment", "regional_clusters", "regional_subclusters"):
        table = sample_release.table(name).select(["employment", "employment_low", "status"])
        for row in table.filter(
            table.column("status").to_numpy(zero_copy_only=False) == "withheld"
        ).to_pylist():
            assert row["employment"] is None or row["employment"] == row["employment_low"] > 0


def test_scaling_all_jobs_changes_no_quotient(tmp_path: Path) -> None:
    jobs = district_jobs()
    tenfold = {key: 10 * count for key, count in jobs.items() if count is not None}
    first = build([small(jobs)], tmp_path / "a").regional_clusters("districts")
    second = build([small(tenfold)], tmp_path / "b").regional_clusters("districts")
    assert [r.location_quotient for r in first if r.employment] == pytest.approx(
        [r.location_quotient for r in second if r.employment], rel=1e-12
    )
    assert [r.rank for r in first] == [r.rank for r in second]


def test_a_withheld_cell_in_an_own_table_stays_withheld(tmp_path: Path) -> None:
    jobs = district_jobs()
    jobs["D03", INDUSTRIES[0], 2020] = None
    release = build([small(jobs)], tmp_path)
    rows = {r.cluster: r for r in release.regional_clusters("districts", region="D03")}
    withheld = [each for each in rows.values() if each.status == "withheld"]
    assert len(withheld) == 1
    assert withheld[0].reported_share is None  # no coarse totals: not known
    assert release.region_profile("districts", "D03").reported_share is None


def test_change_is_measured_by_the_growth_of_measures(tmp_path: Path) -> None:
    jobs = {**district_jobs(2018, first=10), **district_jobs(2021, first=20)}
    release = build([small(jobs)], tmp_path)
    row = next(
        r for r in release.regional_clusters("districts", region="D01", year=2021) if r.employment
    )
    before = release.regional_cluster("districts", "D01", row.cluster, 2018)
    assert row.change_from_year == 2018
    assert row.employment_change == (row.employment or 0) - (before.employment or 0) == 10
    expected = measures.growth(
        [float(before.employment or 0)], [float(row.employment or 0)], years=3
    )
    assert row.employment_growth == pytest.approx(float(expected[0]))
    assert before.change_from_year is None
    assert before.employment_change is None
