"""Places below the county in a release: clusters, regions, and what found no cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import classification
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.provenance import Row, missing_row, step_row
from clusteratlas.classification import Definition
from clusteratlas.engine.aggregation import MILLION
from clusteratlas.sources import (
    LocalTable,
    Source,
    TakenTable,
    read_local_establishments,
    read_local_mapping,
    read_local_places,
)
from clusteratlas.tables import (
    FEWEST_PRINTED,
    LOCAL_ESTABLISHMENTS,
    LOCAL_PLACES,
    MEMBERSHIPS,
    REPORTED,
    UNPUBLISHED,
    Fault,
    InvalidInput,
)

SCHEME = "us-zip"
"""Scheme under which `memberships` keeps which region a place lies in."""

COUNTIES = "us-county"
ALL_INDUSTRIES = "00"
ALL_CLUSTERS = "*"
NOT_GIVEN = "No places below the county were given: add --local (and --local-places) to the build."
OTHER_KIND = "The places that were given are counted in another industry classification."
NO_PLACES = "No names and regions of places were given: add --local-places to the build."
NAMED_LOST = 40
"""Codes without a cluster that are named; the rest is counted."""


@dataclass(frozen=True)
class GivenLocal:
    """Establishments of places by industry, a table a file, and the places, where given."""

    tables: tuple[LocalTable, ...]
    places: TakenTable | None = None


@dataclass(frozen=True)
class LocalParts:
    """Rows of the tables of a release, and what provenance says of them."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    about: tuple[Row, ...] = ()


def read_local(
    files: Sequence[Path],
    places: Path | None = None,
    *,
    year: int | None = None,
    mapping: Path | None = None,
) -> GivenLocal:
    """Read establishments of places below the county, and the regions of the places.

    Parameters
    ----------
    files
        One file a year, as `read_local_establishments` reads them.
    places
        Totals file or crosswalk, as `read_local_places` reads it.
    year
        Year of the figures, where one file does not say it.
    mapping
        Which column of the files holds what.

    Raises
    ------
    InvalidInput
        With every fault of every file; a cell that two files give.
    """
    faults: list[Fault] = []
    total = 0
    told = read_local_mapping(mapping) if mapping is not None else None
    tables: list[LocalTable] = []
    crosswalk = None
    for path in files:
        try:
            tables.append(read_local_establishments(path, year=year, mapping=told))
        except InvalidInput as error:
            faults += error.faults
            total += error.total
    if places is not None:
        try:
            crosswalk = read_local_places(places)
        except InvalidInput as error:
            faults += error.faults
            total += error.total
    years = [each for table in tables for each in set(table.rows.column("year").to_pylist())]
    twice = sorted({each for each in years if years.count(each) > 1})
    if twice:
        faults.append(
            Fault(
                "two files give places of the same year",
                ", ".join(table.file for table in tables),
                value=", ".join(map(str, twice)),
                hint="give one file a year",
            )
        )
        total += 1
    if faults:
        raise InvalidInput(faults, total=total)
    return GivenLocal(tuple(tables), crosswalk)


def local_parts(dataset: Dataset, given: GivenLocal | None) -> LocalParts:
    """Return the places of a dataset by cluster, or nothing where the figures are of another kind.

    Definition
    ----------
    Establishments of a cluster in a place: the sum over its industries that the office prints
    there, each by its weight. Codes of another vintage are taken where the definition knows the
    same code; what finds no cluster is counted and named in provenance.

    Missing data
    ------------
    A sum below three is ``unpublished``. A place that prints no industry of a cluster has no row:
    it may have one or two establishments of each.
    """
    if given is None or not _fits(dataset, given):
        why = NOT_GIVEN if given is None else OTHER_KIND
        return LocalParts(
            {},
            tuple(
                missing_row(name, definition.name, why)
                for definition in dataset.definitions
                for name in (LOCAL_ESTABLISHMENTS.name, LOCAL_PLACES.name)
            ),
        )
    parts: list[pa.Table] = []
    about: list[Row] = []
    for table in given.tables:
        for definition in dataset.definitions:
            rows, lost = _by_cluster(dataset, definition, table)
            parts.append(rows)
            about.append(_about(definition, table, lost))
    places = LOCAL_PLACES.schema.empty_table()
    nested = MEMBERSHIPS.schema.empty_table()
    if given.places is not None:
        places = given.places.rows
        nested = _nested(dataset, places)
        about.append(_of_source("local_places", given.places.sources[0], given.places.sources[0]))
    else:
        about += [
            missing_row(LOCAL_PLACES.name, definition.name, NO_PLACES)
            for definition in dataset.definitions
        ]
    return LocalParts(
        {
            LOCAL_ESTABLISHMENTS.name: pa.concat_tables(parts),
            LOCAL_PLACES.name: places,
            MEMBERSHIPS.name: nested,
        },
        tuple(about),
    )


def _fits(dataset: Dataset, given: GivenLocal) -> bool:
    family = dataset.classification.split("-")[0]
    return all(table.classification.split("-")[0].split()[0] == family for table in given.tables)


def _by_cluster(
    dataset: Dataset, definition: Definition, table: LocalTable
) -> tuple[pa.Table, list[tuple[str, int]]]:
    """Establishments by cluster and place; codes without a cluster with their establishments."""
    rows = table.rows.select(["place", "industry", "year", "source", "establishments"])
    whole = rows.filter(pc.equal(rows.column("industry"), ALL_INDUSTRIES))
    fine = rows.filter(pc.not_equal(rows.column("industry"), ALL_INDUSTRIES))
    members = definition.industries
    mine = members.filter(pc.equal(members.column("classification"), dataset.classification))
    mine = mine.select(["industry", "cluster", "weight"])
    joined = fine.join(mine, "industry", join_type="left outer")
    placed = pc.is_valid(joined.column("cluster"))
    known = joined.filter(placed)
    # Weights in millionths: whole numbers, which add up exactly in any order.
    weights = pc.cast(pc.round(pc.multiply(known["weight"], float(MILLION))), pa.int64())
    amounts = pc.multiply(pc.cast(known.column("establishments"), pa.int64()), weights)
    known = known.append_column("amount", amounts)
    key = ["cluster", "place", "year", "source"]
    summed = known.group_by(key, use_threads=False).aggregate([("amount", "sum")])
    sums = np.array(summed.column("amount_sum").to_pylist(), dtype=float) / MILLION
    every = [ALL_CLUSTERS] * whole.num_rows
    counted = [
        *(None if np.isnan(each) else int(each) for each in np.round(sums)),
        *whole.column("establishments").to_pylist(),
    ]
    printed = [each if each is not None and each >= FEWEST_PRINTED else None for each in counted]
    made = pa.table(
        {
            "definition": [definition.name] * len(counted),
            "cluster": [*summed.column("cluster").to_pylist(), *every],
            "place": [*summed.column("place").to_pylist(), *whole.column("place").to_pylist()],
            "year": [*summed.column("year").to_pylist(), *whole.column("year").to_pylist()],
            "source": [*summed.column("source").to_pylist(), *whole.column("source").to_pylist()],
            "establishments": printed,
            "status": [UNPUBLISHED if each is None else REPORTED for each in printed],
        },
        schema=LOCAL_ESTABLISHMENTS.schema,
    )
    gone = joined.filter(pc.invert(placed))
    codes = gone.group_by("industry", use_threads=False).aggregate([("establishments", "sum")])
    lost = sorted(
        zip(
            codes.column("industry").to_pylist(),
            [each or 0 for each in codes.column("establishments_sum").to_pylist()],
            strict=True,
        ),
        key=lambda each: (-each[1], each[0]),
    )
    return made, lost


def _nested(dataset: Dataset, places: pa.Table) -> pa.Table:
    """Which published region each place lies in, through its county."""
    published = [plan.scheme for plan in dataset.schemes]
    of_county: dict[str, list[tuple[str, str]]] = {}
    for name in published:
        if name == COUNTIES:
            continue
        if name not in classification.schemes():
            continue
        for row in classification.memberships(COUNTIES, name).to_pylist():
            of_county.setdefault(row["region"], []).append((name, row["in_region"]))
    rows = []
    for row in places.select(["place", "region"]).to_pylist():
        county = row["region"]
        held = of_county.get(county, [])
        if county and COUNTIES in published:
            held = [*held, (COUNTIES, county)]
        rows += [
            {"scheme": SCHEME, "region": row["place"], "in_scheme": name, "in_region": region}
            for name, region in held
        ]
    return pa.Table.from_pylist(rows, schema=MEMBERSHIPS.schema)


def _about(definition: Definition, table: LocalTable, lost: list[tuple[str, int]]) -> Row:
    source = table.sources[0]
    years = sorted(set(table.rows.column("year").to_pylist()))
    said = (
        f"Establishments of {', '.join(map(str, years))} in {table.classification}; codes are held "
        f"against those of {definition.name} and taken where they are the same."
    )
    if lost:
        named = ", ".join(f"{code} ({count:,})" for code, count in lost[:NAMED_LOST])
        more = f" and {len(lost) - NAMED_LOST} more" if len(lost) > NAMED_LOST else ""
        total = sum(count for _, count in lost)
        said += f" {len(lost)} codes with {total:,} establishments found no cluster: {named}{more}."
    else:
        said += " Every code found its cluster."
    row = _of_source(LOCAL_ESTABLISHMENTS.name, source, source, said)
    return {**row, "source": f"{source.source} {definition.name}"}


def _of_source(table: str, source: Source, told: Source, said: str = "") -> Row:
    return {
        **step_row(
            table,
            source.source,
            publisher=told.publisher,
            title=told.title,
            licence=told.licence,
            checksum=told.checksum,
            covers=f"{said} {told.covers}".strip(),
        ),
        "address": told.address,
    }
