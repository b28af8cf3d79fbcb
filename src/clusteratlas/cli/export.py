"""The command that writes tables of a release to files, each with its provenance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import typer

from clusteratlas.atlas import Release, open_release
from clusteratlas.cli.console import line
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import DEFAULT_PLACE, Place
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import replaced
from clusteratlas.cli.words import number
from clusteratlas.tables import CONTRACTS, CannotAnswer

SIDECAR = ".source.json"


class Format(StrEnum):
    """What a table can be written as."""

    csv = "csv"
    parquet = "parquet"
    json = "json"


@command
def export(
    table: Annotated[
        str, typer.Argument(metavar="TABLE|all", help=f"One of {', '.join(CONTRACTS)}; or all.")
    ],
    *,
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="FILE|FOLDER",
            help="FILE.csv, FILE.parquet or FILE.json; a folder for all tables.",
        ),
    ],
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Format of all tables; csv if not given."),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="NAME", help="Only rows of this region scheme."),
    ] = None,
    definition: Annotated[
        str | None,
        typer.Option("--definition", metavar="NAME", help="Only rows of this cluster definition."),
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="Only rows of this year.")
    ] = None,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Write a table to a file, with its provenance.

    FILE.csv and FILE.parquet get FILE.csv.source.json with release, sources and units; a JSON
    file holds them itself. A file that is there already is replaced in one step.
    """
    everything = table == "all"
    targets = _targets(list(CONTRACTS) if everything else [table], to, form, everything=everything)
    release = open_release(place)
    if not everything:
        release.path(table)
    wanted: dict[str, str | int] = {}
    if scheme is not None:
        wanted["scheme"] = release.scheme(scheme).scheme
    if definition is not None:
        wanted["definition"] = release.definition(definition).definition
    if year is not None:
        wanted["year"] = year
    with Reporter() as reporter:
        for count, (name, path) in enumerate(targets.items()):
            reporter.tell(f"writing {path.name}", count / len(targets))
            rows = _rows(release, name, wanted, strict=not everything)
            _write(release, name, rows, path, wanted)
            line(f"{path}: {number(rows.num_rows)} rows of {name}", whole=True)


def _targets(
    names: list[str], to: Path, form: Format | None, *, everything: bool
) -> dict[str, Path]:
    if everything:
        suffix = (form or Format.csv).value
        return {name: to / f"{name}.{suffix}" for name in names}
    suffix = to.suffix.lower().lstrip(".")
    if suffix not in set(Format) or (form is not None and form.value != suffix):
        raise typer.BadParameter(
            f"--to must end in .{form.value if form else 'csv, .parquet or .json'}: {to}"
        )
    return {names[0]: to}


def _rows(release: Release, name: str, wanted: dict[str, str | int], *, strict: bool) -> pa.Table:
    rows = release.table(name)
    for column, value in wanted.items():
        if column in rows.column_names:
            kind = rows.schema.field(column).type
            rows = rows.filter(pc.equal(rows.column(column), pa.scalar(value, kind)))
        elif strict:
            raise CannotAnswer(
                f"table {name} has no column {column} to choose by",
                hint=f"leave --{column} out; its columns are {', '.join(rows.column_names)}",
            )
    if strict and wanted and not rows.num_rows:
        raise CannotAnswer(
            f"table {name} has no rows like that",
            value=", ".join(f"{column} {value}" for column, value in wanted.items()),
            hint="`clusteratlas status` lists the schemes with their years and definitions",
        )
    return rows


def _write(
    release: Release, name: str, rows: pa.Table, path: Path, wanted: dict[str, str | int]
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    about = _about(release, name, rows, wanted)
    writers: dict[str, Callable[[pa.Table, IO[bytes]], None]] = {
        ".csv": _write_csv,
        ".parquet": lambda table, file: pq.write_table(table, file, compression="zstd"),
        ".json": lambda table, file: _write_json(table, file, about),
    }
    suffix = path.suffix.lower()
    with replaced(path) as file:
        writers[suffix](rows, file)
    if suffix != ".json":
        with replaced(path.with_name(path.name + SIDECAR)) as file:
            file.write((to_json(about) + "\n").encode())


def _about(
    release: Release, name: str, rows: pa.Table, wanted: dict[str, str | int]
) -> dict[str, Any]:
    """Return what a reader of the file must know: release, sources, units of the columns."""
    contract = CONTRACTS[name]
    return {
        "table": name,
        "meaning": contract.meaning,
        "release": release.id,
        "only": wanted,
        "rows": rows.num_rows,
        "columns": [
            {"name": each.name, "unit": each.unit, "meaning": each.meaning}
            for each in contract.columns
        ],
        "payroll_units": {each.scheme: each.payroll_unit for each in release.manifest.schemes},
        "employment_words": {
            each.scheme: each.employment_word for each in release.manifest.schemes
        },
        "sources": [asdict(each) for each in release.provenance(name)],
    }


def _write_csv(rows: pa.Table, file: IO[bytes]) -> None:
    """Write CSV; text that a spreadsheet would run as a formula gets a leading quote."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            # A list stands in one cell, its values with spaces between.
            lists = rows.column(place).cast(pa.list_(pa.string()))
            rows = rows.set_column(place, field.name, pc.binary_join(lists, " "))
        elif pa.types.is_string(field.type):
            column = rows.column(place)
            runs = pc.and_(
                pc.match_substring_regex(column, r"^[=+\-@\t\r]"),
                pc.invert(pc.match_substring_regex(column, r"^[+-]?\d+(\.\d+)?$")),
            )
            if pc.any(runs).as_py():
                quoted = pc.binary_join_element_wise("'", column, "")
                rows = rows.set_column(place, field, pc.if_else(runs, quoted, column))
    pacsv.write_csv(rows, file, pacsv.WriteOptions(quoting_style="needed"))


def _write_json(rows: pa.Table, file: IO[bytes], about: dict[str, Any]) -> None:
    """Write one object: what is known of the table, then its rows, one a line."""
    head = to_json(about).removesuffix("\n}")
    file.write(f'{head},\n  "data": ['.encode())
    between = "\n"
    for batch in rows.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            text = json.dumps(row, ensure_ascii=False, allow_nan=False)
            file.write(f"{between}    {text}".encode())
            between = ",\n"
    file.write(b"\n  ]\n}\n")
