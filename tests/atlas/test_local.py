"""Places below the county in a release: clusters, regions, losses, and the same bytes twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.sources.local_files import write_crosswalk, write_detail

from clusteratlas.atlas import Dataset, Release, build, open_release, read_local
from clusteratlas.sources import read_county_business_patterns
from clusteratlas.tables import CONTRACTS, CannotAnswer, InvalidInput, check

COUNTIES = """\
fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est
06,085,334413,G,12000,G,500000,G,2100000,120
06,085,541511,G,800,G,9000,G,90000,40
26,163,334413,G,3000,G,90000,G,400000,30
"""


def built(folder: Path, place: Path) -> Release:
    figures = folder / "cbp21co.txt"
    figures.write_text(COUNTIES)
    local = read_local(
        [write_detail(folder / "zbp22detail.txt")], write_crosswalk(folder / "where.csv")
    )
    dataset = Dataset.of([read_county_business_patterns(figures)])
    return build([dataset], place, local=local)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local")


@pytest.fixture(scope="module")
def release(folder: Path) -> Release:
    return built(folder, folder / "atlas")


def test_a_region_has_its_places_and_only_those(release: Release) -> None:
    view = release.local_view("us-benchmark-2014", "23", scheme="us-cbsa", region="41940")
    assert view is not None
    assert [(row.place, row.establishments) for row in view.rows] == [("95054", 45), ("95002", 5)]
    assert (view.year, view.places, view.establishments) == (2022, 3, 50)
    assert view.rows[0].share_of_place == pytest.approx(45 / 900)
    assert (view.rows[1].name, view.rows[1].region) == ("Alviso", "06085")
    whole = release.local_view("us-benchmark-2014", "23", year=2021)
    assert whole is not None
    assert [row.place for row in whole.rows] == ["95054", "48201", "95002"]
    assert release.local_view("us-benchmark-2014", "23", scheme="us-state", region="56") is None
    with pytest.raises(CannotAnswer):
        release.local_view("us-benchmark-2014", "23", scheme="us-state", region="99")


def test_what_found_no_cluster_is_said(release: Release) -> None:
    (row,) = release.provenance("local_establishments")
    assert "1 codes with 7 establishments found no cluster: 999990 (7)." in row.covers
    for name in ("local_establishments", "local_places", "memberships"):
        check(release.table(name), CONTRACTS[name])


def test_the_same_files_give_the_same_bytes(folder: Path, release: Release, tmp_path: Path) -> None:
    again = built(tmp_path, tmp_path / "atlas")
    assert again.id == release.id
    again.close()


def test_a_release_without_the_tables_opens(folder: Path, release: Release, tmp_path: Path) -> None:
    shutil.copytree(folder / "atlas", tmp_path / "old", symlinks=True)
    for name in ("local_establishments", "local_places"):
        (tmp_path / "old" / "releases" / release.id / f"{name}.parquet").unlink()
    with open_release(tmp_path / "old") as old:
        assert old.local_view("us-benchmark-2014", "23") is None
        assert old.table("local_establishments").num_rows == 0


def test_a_year_in_two_files_is_refused_with_all_other_faults(tmp_path: Path) -> None:
    one = write_detail(tmp_path / "zbp22detail.txt")
    other = write_detail(tmp_path / "again-2022.csv")
    with pytest.raises(InvalidInput) as told:
        read_local([one, other], tmp_path / "nowhere.csv")
    assert [fault.problem.split(":")[0] for fault in told.value.faults] == [
        "the file cannot be read",
        "two files give places of the same year",
    ]
