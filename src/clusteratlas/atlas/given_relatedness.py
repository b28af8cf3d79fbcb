"""Relatedness of clusters that a user brings to a build, in place of what the build computes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.dataset import Dataset
from clusteratlas.engine import with_columns_of
from clusteratlas.relatedness.packaged import read_clusters
from clusteratlas.tables import RELATEDNESS, Fault, InvalidInput, find_faults

NEEDED = ("a", "b", "composite")
MOST = 50


@dataclass(frozen=True)
class GivenRelatedness:
    """The relatedness of a definition's clusters as a file gives it.

    Attributes
    ----------
    definition
        Name of the definition.
    rows
        Rows by the contract of `relatedness`, both directions.
    source
        Name under which provenance keeps it.
    checksum
        Of the file.
    """

    definition: str
    rows: pa.Table
    source: str
    checksum: str | None = None


def read_relatedness(
    paths: Sequence[Path], datasets: Sequence[Dataset]
) -> tuple[GivenRelatedness, ...]:
    """Read files that `clusteratlas relatedness --level cluster` wrote, one a definition.

    Raises
    ------
    InvalidInput
        With every fault of every file, and where two files are of one definition.
    """
    found: list[GivenRelatedness] = []
    faults: list[Fault] = []
    total = 0
    for path in paths:
        try:
            table = read_clusters(path)
            with path.open("rb") as file:
                checksum = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
            given = given_relatedness(table, datasets, file=path.name, checksum=checksum)
        except InvalidInput as error:
            faults += error.faults
            total += error.total
            continue
        if any(each.definition == given.definition for each in found):
            faults.append(
                Fault(
                    "two files give the relatedness of one definition",
                    path.name,
                    value=given.definition,
                    hint="give one file a definition",
                )
            )
            total += 1
        found.append(given)
    if faults:
        raise InvalidInput(faults, total=total)
    return tuple(found)


def given_relatedness(
    table: pa.Table,
    datasets: Sequence[Dataset],
    *,
    file: str,
    checksum: str | None = None,
    first_row: int = 2,
) -> GivenRelatedness:
    """Return a file's relatedness as rows of a definition of these datasets.

    Definition
    ----------
    Needed are ``a``, ``b`` and ``composite``; any other column of the table `relatedness` is taken
    where it is there. A column ``definition`` says which definition the codes are of; without one
    it is the first whose clusters hold all of them.

    Raises
    ------
    InvalidInput
        With every fault: columns or definition not there, unknown clusters, a pair twice or in one
        direction alone, figures out of their range.
    """
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing or not table.num_rows:
        found = ", ".join(table.column_names) or "none"
        hint = "give what `clusteratlas relatedness --level cluster` writes"
        raise InvalidInput(
            [
                Fault(f"column {name} is missing", file, hint=f"{hint}; found: {found}")
                for name in missing
            ]
            or [Fault("the file has no rows", file, hint=hint)]
        )
    for name in ("a", "b"):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).cast(pa.string()))
    definition = _definition_of(table, datasets, file)
    rows = relatedness_rows(definition, table, file)
    faults, total = find_faults(rows, RELATEDNESS, file=file, first_row=first_row)
    for others in (_unknown(table, datasets, definition, file, first_row), _one_way(table, file)):
        faults += others[:MOST]
        total += len(others)
    if faults:
        raise InvalidInput(faults, total=total)
    return GivenRelatedness(definition, rows, file, checksum)


def relatedness_rows(definition: str, table: pa.Table, source: str) -> pa.Table:
    """Return pairs of clusters as rows of `relatedness`; columns that are not there are null."""
    count = table.num_rows
    columns = {"definition": pa.array([definition] * count), "source": pa.array([source] * count)}
    for name in RELATEDNESS.names:
        if name in table.column_names and name not in columns:
            columns[name] = table.column(name)
    for name in ("rule", "carried_by"):
        columns[name] = pc.fill_null(columns.get(name, pa.nulls(count, pa.string())), "")
    return with_columns_of(pa.table(columns), RELATEDNESS)


def _definition_of(table: pa.Table, datasets: Sequence[Dataset], file: str) -> str:
    known = {
        each.name: _clusters(each.clusters) for dataset in datasets for each in dataset.definitions
    }
    if "definition" in table.column_names:
        names = pc.unique(table.column("definition")).to_pylist()
        faults = [
            Fault(
                "this release has no such cluster definition",
                file,
                column="definition",
                value=str(name),
                hint=f"it has {', '.join(known)}",
            )
            for name in names
            if name not in known
        ]
        if len(names) > 1:
            faults.append(
                Fault(
                    "the file holds several definitions",
                    file,
                    column="definition",
                    value=", ".join(map(str, names)),
                    hint="give one file a definition",
                )
            )
        if faults:
            raise InvalidInput(faults)
        return str(names[0])
    used = _used(table)
    fits = [name for name, codes in known.items() if used <= codes]
    if not fits:
        shares = {name: len(used & codes) for name, codes in known.items()}
        best = max(shares, key=lambda name: shares[name])
        lacking = sorted(used - known[best])
        raise InvalidInput(
            [
                Fault(
                    f"no definition of this release has all of the file's clusters; {best} lacks "
                    f"{len(lacking)} of {len(used)}",
                    file,
                    column="a, b",
                    value=", ".join(lacking[:5]),
                    hint="build with --definition, or add a column definition",
                )
            ]
        )
    return fits[0]


def _unknown(
    table: pa.Table, datasets: Sequence[Dataset], definition: str, file: str, first_row: int
) -> list[Fault]:
    known = {
        code
        for dataset in datasets
        for each in dataset.definitions
        if each.name == definition
        for code in _clusters(each.clusters)
    }
    return [
        Fault(f"{definition} has no such cluster", file, row + first_row, name, code)
        for name in ("a", "b")
        for row, code in enumerate(table.column(name).to_pylist())
        if code not in known and code is not None
    ]


def _clusters(table: pa.Table) -> set[str]:
    return set(table.column("cluster").to_pylist())


def _used(table: pa.Table) -> set[str]:
    return {code for name in ("a", "b") for code in table.column(name).to_pylist()}


def _one_way(table: pa.Table, file: str) -> list[Fault]:
    """Pairs of two clusters that stand in one direction alone."""
    pairs = set(zip(table.column("a").to_pylist(), table.column("b").to_pylist(), strict=True))
    return [
        Fault(
            "the pair stands in one direction alone",
            file,
            column="a, b",
            value=f"{a}-{b}",
            hint="give both, as `clusteratlas relatedness --level cluster` does",
        )
        for a, b in sorted(pairs, key=str)
        if (b, a) not in pairs
    ]
