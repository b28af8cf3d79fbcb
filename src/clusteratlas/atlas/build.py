"""Build a release: validate everything, compute, write beside the old one, switch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

from clusteratlas import classification
from clusteratlas.atlas import store
from clusteratlas.atlas.advice import ADVICE, advise
from clusteratlas.atlas.cluster_occupations import NAME as CLUSTER_OCCUPATIONS_NAME
from clusteratlas.atlas.cluster_occupations import cluster_occupations
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.describe import describe
from clusteratlas.atlas.explained import explain
from clusteratlas.atlas.given_local import GivenLocal, local_parts
from clusteratlas.atlas.given_occupations import GivenOccupations
from clusteratlas.atlas.given_relatedness import GivenRelatedness
from clusteratlas.atlas.indicators import indicator_faults
from clusteratlas.atlas.profiles import build_cluster_profile, build_region_profile
from clusteratlas.atlas.progress import Listener, Stages
from clusteratlas.atlas.provenance import Row, missing_key, provenance_of
from clusteratlas.atlas.regional import measure
from clusteratlas.atlas.related import relate
from clusteratlas.atlas.release import Release, open_release
from clusteratlas.atlas.skills import SKILLS, skills_of
from clusteratlas.atlas.summed import Base, all_schemes, fill_withheld
from clusteratlas.engine import (
    DuckDBEngine,
    Engine,
    with_columns_of,
    write_parquet,
)
from clusteratlas.tables import (
    CONTRACTS,
    EMPLOYMENT,
    Fault,
    InvalidInput,
    find_faults,
)

ENGINE_MEMORY = "400MB"
"""What the engine may hold at once; beyond it, it works from disk."""

FILLING = "filling withheld cells"
RELATING = "relating industries"
STAGES = {
    "checking the figures": 2.0,
    FILLING: 20.0,
    "adding up regions": 3.0,
    "measuring clusters": 4.0,
    "profiling regions and clusters": 2.0,
    RELATING: 12.0,
    "writing the release": 3.0,
    "making the release current": 0.01,
}


def build(
    datasets: Sequence[Dataset],
    place: Path,
    *,
    relatedness: Sequence[GivenRelatedness] = (),
    occupations: GivenOccupations | None = None,
    local: GivenLocal | None = None,
    progress: Listener | None = None,
) -> Release:
    """Build a release of these datasets and make it current.

    Parameters
    ----------
    datasets
        At least one; no region scheme may occur in two of them.
    place
        Folder that holds all releases.
    relatedness
        Relatedness of clusters that takes the place of what the build would compute.
    occupations
        Occupations by area, and by industry, for what regions lead in and what options need.
    local
        Establishments of places below the county, for the datasets in the same classification.
    progress
        Called at each stage with its name, the share done and the seconds left.

    Returns
    -------
    The release, open for reading.

    Raises
    ------
    InvalidInput
        If any dataset is faulty, with every fault; the current release stays as it was.

    Notes
    -----
    The same input gives the same bytes and the same id.
    """
    stages = Stages({name: size * len(datasets) for name, size in STAGES.items()}, progress)
    stages.start("checking the figures")
    _refuse_faults(datasets)
    tables: dict[str, list[pa.Table]] = {name: [] for name in CONTRACTS}
    with DuckDBEngine(memory=ENGINE_MEMORY) as engine:
        for name, part in _all_parts(engine, datasets, relatedness, occupations, stages):
            tables[name].append(part)
    for dataset in datasets:
        found = local_parts(dataset, local)
        for name, part in found.tables.items():
            tables[name].append(part)
        told = pa.Table.from_pylist(list(found.about), CONTRACTS["provenance"].schema)
        tables["provenance"].append(told)
    stages.start("writing the release")
    with store.new_release(place) as draft:
        rows = {}
        profiles = pa.concat_tables(tables["region_profile"])
        for name in CONTRACTS:
            table = _joined(name, tables.pop(name))
            write_parquet(table, draft / f"{name}.parquet", sort=CONTRACTS[name].key)
            rows[name] = table.num_rows
            del table
        files = {f"{name}.parquet": store.checksum(draft / f"{name}.parquet") for name in CONTRACTS}
        description = describe(datasets, rows, profiles)
        release = store.content_id(files, description)
        manifest = {"id": release, "files": files, **description}
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
        (draft / store.MANIFEST).write_text(text + "\n", encoding="utf-8")
        stages.start("making the release current")
        store.publish(place, draft, release)
    stages.finish()
    return open_release(place)


def _all_parts(
    engine: Engine,
    datasets: Sequence[Dataset],
    relatedness: Sequence[GivenRelatedness],
    occupations: GivenOccupations | None,
    stages: Stages,
) -> list[tuple[str, pa.Table]]:
    """Compute every table of every dataset."""
    parts: list[tuple[str, pa.Table]] = []
    stages.start(FILLING)
    bases = []
    for place, dataset in enumerate(datasets):

        def tell(year: int, done: float, place: int = place, dataset: Dataset = dataset) -> None:
            share = (place + done) / len(datasets)
            stages.note(f"{FILLING}, {dataset.country_group} {year}", share)

        bases.append(fill_withheld(dataset, tell))
    stages.start("adding up regions")
    summed = [
        all_schemes(engine, dataset, base) for dataset, base in zip(datasets, bases, strict=True)
    ]
    stages.start("measuring clusters")
    measured = [
        (dataset, employment, measure(engine, dataset, definition, employment, base.draws))
        for dataset, employment, base in zip(datasets, summed, bases, strict=True)
        for definition in dataset.definitions
    ]
    stages.start("profiling regions and clusters")
    for dataset, employment, measured_clusters in measured:
        parts += [
            ("regional_clusters", measured_clusters.clusters),
            ("regional_subclusters", measured_clusters.subclusters),
            (
                "region_profile",
                build_region_profile(engine, dataset, employment, measured_clusters),
            ),
            ("cluster_profile", build_cluster_profile(dataset, measured_clusters)),
            ("cluster_draws", measured_clusters.draws),
            ("drawn_cuts", measured_clusters.cuts),
        ]
    stages.start(RELATING)
    figures = list(zip(datasets, bases, summed, strict=True))
    # Small matrices: more threads would only wait for each other.
    with threadpool_limits(1):
        related, about = _related_parts(figures, relatedness, occupations, stages)
    parts += related
    for dataset, employment, said in zip(datasets, summed, about, strict=True):
        parts.append(("employment", employment))
        parts += _reference_tables(dataset, said)
    return parts


def _related_parts(
    figures: Sequence[tuple[Dataset, Base, pa.Table]],
    given: Sequence[GivenRelatedness],
    occupations: GivenOccupations | None,
    stages: Stages,
) -> tuple[list[tuple[str, pa.Table]], list[list[Row]]]:
    """Relate industries and clusters; the tables, and what provenance says of each dataset's."""
    parts: list[tuple[str, pa.Table]] = []
    about: list[list[Row]] = []
    told: set[str] = set()
    explained: set[str] = set()
    for place, (dataset, base, employment) in enumerate(figures):

        def tell(what: str, done: float, place: int = place, dataset: Dataset = dataset) -> None:
            share = (place + done) / len(figures)
            stages.note(f"{RELATING}, {what} in {dataset.country_group}", share)

        said: list[Row] = []
        for definition, found in relate(dataset, base.employment, given, without=told).items():
            parts.append(("relatedness", found.rows))
            said += found.about
            if found.rows.num_rows:
                told.add(definition)
        for definition, found in explain(dataset, without=explained).items():
            parts.append(("mechanisms", found.rows))
            said += found.about
            if found.rows.num_rows:
                explained.add(definition)
        advice = advise(dataset, employment, tell)
        parts += [(name, advice.tables[name]) for name in ADVICE]
        skills = skills_of(dataset, advice.tables["options"], occupations)
        parts += [(name, skills.tables[name]) for name in SKILLS]
        staffed = cluster_occupations(dataset, employment, occupations)
        parts.append((CLUSTER_OCCUPATIONS_NAME, staffed.rows))
        about.append([*said, *advice.about, *skills.about, *staffed.about])
    # What one dataset lacks another one may have.
    void = {("relatedness", missing_key(each)) for each in told}
    void |= {("mechanisms", missing_key(each)) for each in explained}
    return parts, [
        [row for row in said if (row["table"], row["source"]) not in void] for said in about
    ]


def _reference_tables(dataset: Dataset, about: Sequence[Row]) -> list[tuple[str, pa.Table]]:
    parts = [
        ("regions", dataset.regions),
        ("memberships", dataset.nested),
        ("industries", classification.industries(dataset.classification)),
        ("provenance", provenance_of(dataset, about)),
        ("indicators", dataset.indicators),
    ]
    for definition in dataset.definitions:
        rows = definition.industries
        mine = rows.filter(pc.equal(rows.column("classification"), dataset.classification))
        parts += [("clusters", definition.clusters), ("definitions", mine)]
    return parts


def _joined(name: str, parts: list[pa.Table]) -> pa.Table:
    """One table of all datasets, shared reference rows once."""
    contract = CONTRACTS[name]
    table = pa.concat_tables(
        [contract.schema.empty_table(), *(with_columns_of(part, contract) for part in parts)]
    )
    if len(parts) > 1 and name in {"industries", "clusters", "definitions", "provenance"}:
        table = pa.Table.from_pylist(
            list(
                {tuple(row[key] for key in contract.key): row for row in table.to_pylist()}.values()
            ),
            schema=contract.schema,
        )
    return table


def _refuse_faults(datasets: Sequence[Dataset]) -> None:
    """Hold every dataset against the contracts and against itself; raise all faults."""
    faults: list[Fault] = []
    total = 0
    seen: dict[str, str] = {}
    if not datasets:
        faults.append(Fault("there is nothing to build", hint="give at least one file"))
    for dataset in datasets:
        for plan in dataset.schemes:
            if plan.scheme in seen:
                faults.append(
                    Fault(
                        f"region scheme {plan.scheme} occurs in two datasets",
                        hint="give files of one kind together, as one dataset",
                    )
                )
            seen[plan.scheme] = dataset.country_group
        for table, contract in (
            (dataset.employment, EMPLOYMENT),
            (dataset.regions, CONTRACTS["regions"]),
        ):
            found, count = find_faults(table, contract)
            faults += found
            total += count - len(found)
        faults += _cross_faults(dataset)
        found, count = indicator_faults(dataset)
        faults += found
        total += count - len(found)
    if faults:
        raise InvalidInput(faults, total=total + len(faults))


def _cross_faults(dataset: Dataset) -> list[Fault]:
    """Faults between tables: unknown regions, cells given by two sources."""
    employment = dataset.employment
    faults = []
    key = ["scheme", "region", "industry", "year"]
    cells = employment.group_by(key).aggregate([("source", "count")])
    twice = cells.filter(pc.greater(cells.column("source_count"), 1))
    for row in twice.slice(0, 20).to_pylist():
        faults.append(
            Fault(
                "two sources give the same cell",
                column=", ".join(key),
                value=", ".join(str(row[name]) for name in key),
                hint="give each region, industry and year once",
            )
        )
    own = employment.filter(pc.equal(employment.column("scheme"), dataset.base_scheme))
    used = pc.unique(own.column("region"))
    known = (
        dataset.memberships.filter(
            pc.equal(dataset.memberships.column("scheme"), dataset.base_scheme)
        ).column("region")
        if dataset.memberships.num_rows
        else dataset.regions.filter(
            pc.equal(dataset.regions.column("scheme"), dataset.base_scheme)
        ).column("region")
    )
    for code in used.filter(pc.invert(pc.is_in(used, known.combine_chunks()))).to_pylist():
        faults.append(
            Fault(
                f"region is not known in scheme {dataset.base_scheme}",
                column="region",
                value=code,
                hint="correct the code or give the region in a table of regions",
            )
        )
    return faults
