"""Stars and profiles of a release, against a second computation from its own figures."""

from __future__ import annotations

import pytest

from clusteratlas.atlas import Release
from clusteratlas.measures.strong.survival import every_profile

YEAR = 2021


def held(row) -> set[str]:
    return set(filter(None, (row.profiles_held or "").split(", ")))


@pytest.mark.parametrize("cluster", ["23", "6"])
def test_stars_of_the_american_areas(sample_release: Release, cluster: str) -> None:
    """Quotients within all jobs, tops over the areas with jobs, each clause spelled out."""
    rows = sample_release.regional_clusters("us-cbsa", cluster=cluster, year=YEAR)
    nation = sample_release.regional_cluster("us-nation", "US", cluster, YEAR)
    whole = sample_release.region_profile("us-nation", "US", YEAR)
    with_jobs = [row for row in rows if row.employment]
    tops = {
        name: sorted((getattr(row, name) for row in with_jobs), reverse=True)
        for name in ("employment", "share_of_region")
    }
    places = int(len(with_jobs) * 0.1)
    for row in with_jobs:
        quotient = row.share_of_region / (nation.employment / whole.employment)
        stars = (
            (row.employment >= tops["employment"][places - 1])
            + (row.share_of_region >= tops["share_of_region"][places - 1])
            + (quotient >= 2)
        )
        assert row.stars_eu_2007 == stars
        assert ("eu-stars-2007" in held(row)) == (stars >= 1)
        assert ("quotient-1.2" in held(row)) == (quotient >= 1.2)
        assert ("eu-nodes-2021" in held(row)) == (quotient >= 1.5 and row.share_of_region >= 0.01)
        assert ("us-2014" in held(row)) == bool(row.strong)
    assert {row.stars_eu_2007 for row in with_jobs} == {0, 1, 2, 3}
    for row in rows:
        if row.employment is None:
            assert (row.stars_eu_2007, row.profiles_held) == (None, None)


def test_european_groups_use_the_quotient_at_hand(sample_release: Release) -> None:
    rows = sample_release.regional_clusters("nuts-2", cluster="C29", year=2014)
    told = [row for row in rows if row.profiles_held is not None and row.location_quotient]
    assert len(told) > 100
    for row in told:
        assert ("quotient-1.2" in held(row)) == (row.location_quotient >= 1.2)


def test_where_there_is_nothing_to_compare_there_are_no_profiles(sample_release: Release) -> None:
    local = sample_release.regional_clusters("us-cbsa", region="41940", year=YEAR, traded=False)
    nation = sample_release.regional_clusters("us-nation", region="US", year=YEAR)
    for row in (*local, *nation):
        assert (row.stars_eu_2007, row.profiles_held) == (None, None)


def test_names_are_those_of_the_profiles(sample_release: Release) -> None:
    rows = sample_release.regional_clusters("us-state", year=YEAR, cluster="4")
    names = set().union(*(held(row) for row in rows))
    assert names == set(every_profile())
