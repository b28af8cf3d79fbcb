"""A release: the same bytes twice, switched whole, refused whole."""

from __future__ import annotations

import dataclasses
import importlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from clusteratlas.atlas import (
    Dataset,
    Progress,
    Release,
    build,
    current_id,
    open_release,
    store,
)
from clusteratlas.classification import Definition
from clusteratlas.sources import Source, SourceTable
from clusteratlas.tables import (
    CLUSTERS,
    CONTRACTS,
    DEFINITIONS,
    EMPLOYMENT,
    CannotAnswer,
    InvalidInput,
    find_faults,
)

SOURCE = Source(
    source="own",
    publisher="Office of Examples",
    title="Jobs by industry",
    address=None,
    retrieved=None,
    checksum=None,
    licence="free",
    covers="twelve regions",
    employment_word="jobs",
    payroll_unit="EUR 1,000",
)
INDUSTRIES = ("334413", "334511", "722511")


def own_table(jobs: dict[tuple[str, str, int], int | None]) -> SourceTable:
    """A user's table in six-digit NAICS: jobs by region, industry and year; None is withheld."""
    rows = [
        {
            "scheme": "districts",
            "region": region,
            "industry": industry,
            "year": year,
            "source": "own",
            "employment": count,
            "employment_low": count or 0,
            "employment_high": count,
            "establishments": 5,
            "payroll": None,
            "status": "withheld" if count is None else "reported",
        }
        for (region, industry, year), count in jobs.items()
    ]
    return SourceTable(
        pa.Table.from_pylist(rows, schema=EMPLOYMENT.schema), "naics-2017", "districts", (SOURCE,)
    )


def district_jobs(year: int = 2020, first: int = 10) -> dict[tuple[str, str, int], int | None]:
    return {
        (f"D{place:02d}", industry, year): first + place * (column + 1)
        for place in range(12)
        for column, industry in enumerate(INDUSTRIES)
    }


def small(jobs: dict[tuple[str, str, int], int | None] | None = None) -> Dataset:
    return Dataset.of([own_table(jobs or district_jobs())])


def test_building_twice_gives_identical_bytes(tmp_path: Path) -> None:
    first = build([small()], tmp_path / "a")
    second = build([small()], tmp_path / "b")
    assert first.id == second.id
    for path in sorted(first.folder.iterdir()):
        assert path.read_bytes() == (second.folder / path.name).read_bytes(), path.name


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    dataset = small()
    order = pc.sort_indices(dataset.employment, sort_keys=[("industry", "descending")])
    mixed = dataclasses.replace(dataset, employment=dataset.employment.take(order))
    assert build([mixed], tmp_path / "a").id == build([dataset], tmp_path / "b").id


def test_another_figure_gives_another_release_and_the_old_one_stays_readable(
    tmp_path: Path,
) -> None:
    old = build([small()], tmp_path)
    new = build([small(district_jobs(first=11))], tmp_path)
    assert old.id != new.id
    assert current_id(tmp_path) == new.id
    again = open_release(tmp_path, old.id)
    assert again.table("employment").equals(old.table("employment"))


def test_every_table_of_the_sample_keeps_its_contract(sample_release: Release) -> None:
    for name, contract in CONTRACTS.items():
        table = sample_release.table(name)
        assert find_faults(table, contract) == ([], 0), name
        keys = [(key, "ascending") for key in contract.key]
        assert table.sort_by(keys).equals(table), f"{name} is not sorted by its key"
        assert sample_release.manifest.rows[name] == table.num_rows
        empty = {"indicators", "leading_occupations", "skill_gaps"}
        empty |= {"local_places", "local_establishments", "cluster_occupations"}
        assert (table.num_rows > 0) == (name not in empty), name


def test_every_table_of_figures_has_its_provenance(sample_release: Release) -> None:
    for name in CONTRACTS:
        if name in {"provenance", "indicators"}:
            continue
        found = sample_release.provenance(name)
        assert found, name
        assert all(each.publisher and each.licence and each.covers for each in found)
    sources = {each.source for each in sample_release.provenance("regional_clusters")}
    used = set(pc.unique(sample_release.table("employment").column("source")).to_pylist())
    assert used <= sources


def test_all_faults_of_all_datasets_are_refused_and_the_old_release_stays(tmp_path: Path) -> None:
    old = build([small()], tmp_path)
    broken = own_table(district_jobs())
    employment = broken.employment.to_pylist()
    employment[0]["employment"] = -4
    employment[0]["employment_low"] = -4
    employment[1]["status"] = "perhaps"
    faulty = dataclasses.replace(
        broken, employment=pa.Table.from_pylist(employment, schema=EMPLOYMENT.schema)
    )
    with pytest.raises(InvalidInput) as caught:
        build([Dataset.of([faulty])], tmp_path)
    problems = " ".join(fault.problem for fault in caught.value.faults)
    assert "negative" in problems
    assert "known words" in problems
    assert current_id(tmp_path) == old.id
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [old.id]


def test_the_same_cell_from_two_files_is_refused(tmp_path: Path) -> None:
    one = own_table(district_jobs())
    renamed = one.employment.set_column(4, "source", pa.array(["other"] * one.employment.num_rows))
    both = dataclasses.replace(
        one, employment=pa.concat_tables([one.employment, renamed.cast(EMPLOYMENT.schema)])
    )
    with pytest.raises(InvalidInput, match="two sources give the same cell"):
        build([Dataset.of([both])], tmp_path)


def test_files_of_two_vintages_do_not_join() -> None:
    old = dataclasses.replace(own_table(district_jobs()), classification="naics-2012")
    with pytest.raises(InvalidInput, match="cannot join"):
        Dataset.of([own_table(district_jobs(2021)), old])


def test_a_definition_of_mixed_levels_would_count_jobs_twice(tmp_path: Path) -> None:
    rows = [("334413", "chips"), ("3344", "electronics")]
    industries = pa.Table.from_pylist(
        [
            dict(zip(DEFINITIONS.names, ("mine", "naics-2017", *row, None, None, 1.0), strict=True))
            for row in rows
        ],
        schema=DEFINITIONS.schema,
    )
    clusters = pa.Table.from_pylist(
        [{"definition": "mine", "cluster": name, "name": name, "traded": None} for _, name in rows],
        schema=CLUSTERS.schema,
    )
    mixed = Definition(
        name="mine",
        title="Mine",
        citation="none",
        group_word="cluster",
        clusters=clusters,
        industries=industries,
    )
    with pytest.raises(InvalidInput, match="mixes industry levels"):
        build([Dataset.of([own_table(district_jobs())], definitions=[mixed])], tmp_path)


def test_progress_tells_every_stage_and_ends_whole(tmp_path: Path) -> None:
    told: list[Progress] = []
    build([small()], tmp_path, progress=told.append)
    shares = [each.share for each in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert told[0].seconds_left is None
    assert all(each.seconds_left is not None for each in told[1:])
    assert [each.stage for each in told][1:3] == [
        "filling withheld cells",
        "filling withheld cells, Regions of districts 2020",
    ]
    assert len(told) == 11


def test_a_place_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotAnswer, match="clusteratlas demo"):
        open_release(tmp_path)


def test_a_draft_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build([small()], tmp_path)

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    module = importlib.import_module("clusteratlas.atlas.build")
    monkeypatch.setattr(module, "write_parquet", full_disk)
    with pytest.raises(OSError, match="No space left"):
        build([small(district_jobs(first=12))], tmp_path)
    assert current_id(tmp_path) == old.id
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [old.id]


SWITCHER = """
import sys
from pathlib import Path
from clusteratlas.atlas import store
place, ids = Path(sys.argv[1]), sys.argv[2:]
print("ready", flush=True)
while True:
    for release in ids:
        store.switch(place, release)
"""


def kill_in_the_middle_of_switching(place: Path, ids: list[str], kills: int) -> set[str]:
    """Kill a process that switches without pause; return the releases found current after it."""
    seen = set()
    for kill in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", SWITCHER, str(place), *ids],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.002 * (kill % 10))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        release = open_release(place)
        assert release.manifest.id == release.folder.name
        seen.add(release.id)
        release.close()
    return seen


@pytest.fixture
def two_releases(tmp_path: Path) -> tuple[Path, list[str]]:
    ids = [build([small(district_jobs(first=first))], tmp_path).id for first in (10, 11)]
    return tmp_path, ids


def test_a_kill_in_the_middle_of_a_switch_leaves_one_whole_release(
    two_releases: tuple[Path, list[str]],
) -> None:
    place, ids = two_releases
    assert kill_in_the_middle_of_switching(place, ids, kills=5) <= set(ids)


@pytest.mark.proof
def test_a_hundred_kills_leave_one_whole_release(two_releases: tuple[Path, list[str]]) -> None:
    place, ids = two_releases
    assert kill_in_the_middle_of_switching(place, ids, kills=100) == set(ids)


def test_a_switch_to_a_release_that_is_not_there_is_refused(tmp_path: Path) -> None:
    old = build([small()], tmp_path)
    with pytest.raises(CannotAnswer, match="not there"):
        store.switch(tmp_path, "0" * 12)
    assert current_id(tmp_path) == old.id


def test_parquet_files_carry_units(sample_release: Release) -> None:
    schema = pq.read_schema(sample_release.path("regional_clusters"))
    assert schema.field("employment").metadata[b"unit"] == b"jobs"
