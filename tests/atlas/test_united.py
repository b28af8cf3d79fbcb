"""The union of regions: what the release says of one region, and what sums must hold for many."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from clusteratlas.atlas import Release, open_release
from clusteratlas.atlas.united import union_industries, unite
from clusteratlas.tables import InvalidInput

OF_THE_PLACE = ("region", "region_name", "scheme")
BAY = ["41940", "41860", "42100"]


def figures(record: object) -> dict[str, object]:
    return {name: value for name, value in asdict(record).items() if name not in OF_THE_PLACE}  # type: ignore[call-overload]


def assert_same(found: dict[str, object], published: dict[str, object]) -> None:
    for name, value in published.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
        else:
            assert found[name] == value, name


@pytest.mark.parametrize(
    ("scheme", "region", "year"),
    [
        ("us-cbsa", "41940", 2021),
        ("us-cbsa", "49820", 2018),
        ("us-state", "06", 2021),
        ("nuts-2", "DE11", 2014),
        ("nuts-2", "NL13", 2014),
        ("nuts-2", "EL51", 2014),
    ],
)
def test_a_union_of_one_region_is_that_region_in_every_column(
    sample_release: Release, scheme: str, region: str, year: int
) -> None:
    united = unite(sample_release, scheme, [region], year=year)
    rows = sample_release.regional_clusters(scheme, region=region, year=year)
    published = {row.cluster: row for row in rows}
    assert len(united.clusters) == len(published)
    for row in united.clusters:
        assert_same(figures(row), figures(published[row.cluster]))
    assert any(row.probability_strong is not None for row in united.clusters)
    profile = sample_release.region_profile(scheme, region, year)
    assert_same(figures(united.profile), figures(profile))
    parts = sample_release.subclusters(scheme, region, year=year)
    assert len(parts) == len(united.subclusters)
    own = {(row.cluster, row.subcluster): row for row in united.subclusters}
    for part in parts:
        assert_same(figures(own[part.cluster, part.subcluster]), figures(part))
    cluster = rows[0].cluster
    industries = sample_release.industries(scheme, region, cluster, year)
    assert [figures(row) for row in union_industries(sample_release, united, cluster)] == [
        figures(row) for row in industries
    ]


def test_all_states_together_are_the_nation(sample_release: Release) -> None:
    codes = [each.region for each in sample_release.region_profiles("us-state", 2021)]
    united = unite(sample_release, "us-state", codes, year=2021)
    nation = sample_release.regional_clusters("us-nation", year=2021)
    of_nation = {row.cluster: row for row in nation}
    counts = ("employment", "establishments", "payroll", "status", "share_of_nation")
    for row in united.clusters:
        whole = of_nation[row.cluster]
        assert [getattr(row, name) for name in counts] == [getattr(whole, name) for name in counts]
        assert row.location_quotient == pytest.approx(whole.location_quotient)
        assert row.employment_change == whole.employment_change
        # Deviations are kept in tenths of jobs, each state's rounded on its own.
        assert abs(row.employment_low - whole.employment_low) <= 6
        assert abs(row.employment_high - whole.employment_high) <= 6
    profile = sample_release.region_profile("us-nation", "US", 2021)
    for name in ("employment", "traded_employment", "traded_share", "reported_share"):
        assert getattr(united.profile, name) == pytest.approx(getattr(profile, name))
    assert united.profile.change_competitive == pytest.approx(0, abs=1e-6)


def test_a_union_adds_counts_and_judges_them_anew(sample_release: Release) -> None:
    united = unite(sample_release, "us-cbsa", BAY, name="Bay", year=2021)
    again = unite(sample_release, "us-cbsa", list(reversed(BAY)), name="Bay", year=2021)
    assert united.clusters == again.clusters
    assert united.profile == again.profile
    members = [
        {row.cluster: row for row in sample_release.regional_clusters("us-cbsa", region=each)}
        for each in BAY
    ]
    published = sample_release.regional_clusters("us-cbsa", cluster="23", year=2021)
    for row in united.clusters:
        parts = [each[row.cluster] for each in members]
        for name in ("employment", "establishments"):
            known = [getattr(part, name) for part in parts if getattr(part, name) is not None]
            assert getattr(row, name) == (sum(known) if known else None)
        # Nine in ten of the summed draws, which is never more than all lows and highs together.
        if row.employment is not None:
            assert row.employment_low is not None
            assert row.employment_low <= row.employment <= row.employment_high
            assert row.employment_high <= sum(part.employment_high or 0 for part in parts)
    computers = next(row for row in united.clusters if row.cluster == "23")
    higher = [
        row for row in published if (row.location_quotient or 0) > computers.location_quotient
    ]
    assert computers.rank == len(higher) + 1
    assert computers.ranked == published[0].ranked
    assert computers.strong
    assert united.profile.rank_by_employment is not None
    assert united.region.name == "Bay"
    assert united.region.population == sum(
        sample_release.region("us-cbsa", each).population or 0 for each in BAY
    )


def test_a_code_that_is_new_makes_no_union_grow(sample_release: Release) -> None:
    assert sample_release.years_of("nuts-2", "EL51") == [2014]
    united = unite(sample_release, "nuts-2", ["DE11", "EL51"], year=2014)
    parts = [sample_release.region_profile("nuts-2", each, 2014) for each in ("DE11", "EL51")]
    jobs = sum(each.employment or 0 for each in parts)
    # The larger of group and industries is taken of each part, then of the union.
    assert united.profile.employment == pytest.approx(jobs, abs=2)
    for name in ("employment_change", "employment_growth", "change_national", "change_new"):
        assert getattr(united.profile, name) is None, name
    assert all(row.employment_change is None for row in united.clusters)
    assert {row.year for row in united.history} == {2014}
    assert united.silent == ()
    before = unite(sample_release, "nuts-2", ["DE11", "EL51"], year=2011)
    assert [each.region for each in before.silent] == ["EL51"]
    assert (
        before.profile.employment
        == sample_release.region_profile("nuts-2", "DE11", 2011).employment
    )


def test_the_draws_of_a_union_are_sums_of_draws(sample_release: Release) -> None:
    rows = {
        (row["region"], row["cluster"]): row["deviations"]
        for row in sample_release.selected(
            "select * from cluster_draws where scheme = 'us-cbsa' and year = 2021 "
            "and region in ('41940', '41860')"
        ).to_pylist()
    }
    united = unite(sample_release, "us-cbsa", ["41940", "41860"], year=2021)
    seen = 0
    for row in united.clusters:
        parts = [
            rows[each, row.cluster] for each in ("41940", "41860") if (each, row.cluster) in rows
        ]
        if len(parts) < 2 or row.employment is None:
            continue
        drawn = np.maximum(row.employment + np.sum(parts, axis=0) / 10, 0)
        low, high = np.quantile(drawn, [0.05, 0.95])
        assert row.employment_low == pytest.approx(min(low, row.employment), abs=1)
        assert row.employment_high == pytest.approx(max(high, row.employment), abs=1)
        seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("scheme", "regions", "told"),
    [
        ("us-cbsa", ["41940", "41940"], ["stands twice"]),
        ("us-cbsa", ["41940", "06"], ["two schemes", "us-state"]),
        ("us-cbsa", [], ["no region"]),
        ("us-cbsa", ["4194O", "00000"], ["no region with that code", "00000"]),
        ("us-cbsa", ["41940"] * 10_000, ["10000 regions are more"]),
    ],
)
def test_what_cannot_be_united_is_refused_with_every_fault(
    sample_release: Release, scheme: str, regions: list[str], told: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        unite(sample_release, scheme, regions)
    for words in told:
        assert words in str(caught.value)


def test_of_many_unknown_codes_only_the_first_get_a_hint(sample_release: Release) -> None:
    with pytest.raises(InvalidInput) as caught:
        unite(sample_release, "us-cbsa", [f"nowhere{each}" for each in range(500)])
    assert len(caught.value.faults) == 500
    assert sum(bool(fault.hint) for fault in caught.value.faults) < 10


def test_a_release_without_draws_opens_and_knows_no_interval(
    sample_place: Path, tmp_path: Path
) -> None:
    place = tmp_path / "old"
    shutil.copytree(sample_place, place, symlinks=True)
    for name in ("cluster_draws", "drawn_cuts"):
        (place / "current" / f"{name}.parquet").unlink()
    with open_release(place) as release:
        united = unite(release, "us-cbsa", BAY, year=2021)
    assert not united.drawn
    estimated = [row for row in united.clusters if row.status == "estimated"]
    assert estimated
    assert all(row.employment_low is None for row in estimated)
    assert all(row.location_quotient_low is None for row in united.clusters)
    assert any(row.strong for row in united.clusters)


def test_a_union_with_a_withheld_part_says_at_least(unbound_release: Release) -> None:
    united = unite(unbound_release, "us-county", ["06085", "26163"])
    computers = next(row for row in united.clusters if row.cluster == "23")
    assert computers.status == "withheld"
    assert computers.employment == 15_000
    cars = next(row for row in united.clusters if row.cluster == "4")
    assert (cars.status, cars.employment) == ("withheld", None)
    assert computers.strong is None
    assert computers.location_quotient_low is None
