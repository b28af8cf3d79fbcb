"""What a release changed: two small ones side by side, and how complete the figures are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.atlas.made_up import gappy

from clusteratlas.atlas import Release, build, changes_between, current_id, releases
from clusteratlas.tables import CannotAnswer


@pytest.fixture(scope="session")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A place with two releases of fourteen districts; the later one holds a year more."""
    place = tmp_path_factory.mktemp("two")
    build([gappy(2019)], place).close()
    first = current_id(place)
    build([gappy(2019, 2020)], place).close()
    return place, first, current_id(place)


def test_a_place_lists_its_releases_and_says_which_is_current(
    two_releases: tuple[Path, str, str],
) -> None:
    place, first, second = two_releases
    listed = releases(place)
    assert {each.id for each in listed} == {first, second}
    assert [each.id for each in listed if each.current] == [second]
    assert listed[0].manifest.schemes


def test_added_years_changed_figures_and_flags_are_told(
    two_releases: tuple[Path, str, str],
) -> None:
    place, first, second = two_releases
    found = changes_between(place, first, second)
    base = next(each for each in found.schemes if each.compared)
    assert base.years_added == (2020,)
    assert base.years_dropped == base.regions_added == base.regions_dropped == ()
    assert base.same <= base.compared
    back = changes_between(place, second, first)
    assert next(each for each in back.schemes if each.compared).years_dropped == (2020,)
    with pytest.raises(CannotAnswer, match="name two"):
        changes_between(place, first, first)
    with pytest.raises(CannotAnswer, match="not there"):
        changes_between(place, first, "000000000000")


def test_a_release_that_another_version_wrote_is_not_listed(
    two_releases: tuple[Path, str, str], tmp_path: Path
) -> None:
    place, first, second = two_releases
    shutil.copytree(place, tmp_path / "place", symlinks=True)
    other = tmp_path / "place" / "releases" / "aaaaaaaaaaaa"
    other.mkdir()
    (other / "manifest.json").write_text('{"format": 99}')
    assert {each.id for each in releases(tmp_path / "place")} == {first, second}


def test_completeness_counts_every_regional_cluster_once(sample_release: Release) -> None:
    latest = sample_release.completeness("us-cbsa")[0]
    rows = sample_release.regional_clusters("us-cbsa", year=latest.year)
    counted = (latest.reported, latest.estimated, latest.withheld, latest.unpublished)
    assert sum(counted) == len(rows)
    assert latest.could_flip == sum(row.could_flip for row in rows)
    assert latest.strong == sum(bool(row.strong) for row in rows)
    profiles = sample_release.region_profiles("us-cbsa", latest.year)
    jobs = sum(each.employment or 0 for each in profiles)
    known = sum((each.employment or 0) * (each.reported_share or 0) for each in profiles)
    assert latest.employment == jobs
    assert latest.reported_share == pytest.approx(known / jobs)
    countries = sample_release.completeness("nuts-2", by_country=True)
    assert {each.country for each in countries} >= {"DE", "FR"}
