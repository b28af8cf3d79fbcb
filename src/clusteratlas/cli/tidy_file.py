"""Read a tidy table of figures, CSV or Parquet: to complete, to validate, to measure."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from clusteratlas.tables import Fault, InvalidInput

CODES = ("region", "industry")
NUMBERS = ("establishments", "employment", "employment_low", "employment_high")
COLUMNS = (*CODES, "year", *NUMBERS)
PARQUET = b"PAR1"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
MOST_FAULTS = 200
CUT = "is the file cut off? export or download it again"


def read_tidy(
    path: Path,
    *,
    columns: Collection[str] | None = COLUMNS,
    numbers: Collection[str] = ("year", *NUMBERS),
) -> pa.Table:
    """Return these columns (None: all), those of ``numbers`` as numbers.

    Raises
    ------
    InvalidInput
        With every fault: no file, no table, cells that are no numbers.
    """
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    if not path.stat().st_size:
        hint = "give UTF-8 CSV with a header, or Parquet"
        raise InvalidInput([Fault("the file is empty", str(path), hint=hint)])
    binary = _is_parquet(path)
    table = _read_parquet(path, columns) if binary else _read_csv(path, columns)
    first = first_row(path)
    faults: list[Fault] = []
    total = 0
    for name in table.column_names:
        if name not in numbers:
            continue
        column, bad = _as_numbers(table.column(name), name)
        total += len(bad)
        for row in bad[:MOST_FAULTS].tolist():
            value = str(table.column(name)[row].as_py())
            expected = "a year" if name == "year" else "a number"
            hint = "leave withheld figures empty" if name != "year" else "write it like 2016"
            faults.append(
                Fault(f"{name} is not {expected}", str(path), row + first, name, value, hint)
            )
        if not len(bad):
            table = table.set_column(table.column_names.index(name), name, column)
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=total)
    return table


def first_row(path: Path) -> int:
    """Return the number of the first row: Parquet has no header, that of a CSV is line 1."""
    return 1 if _is_parquet(path) else 2


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def _read_parquet(path: Path, columns: Collection[str] | None) -> pa.Table:
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            known = names if columns is None else [name for name in columns if name in names]
            return file.read(known)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InvalidInput(
            [Fault("the Parquet file cannot be read", str(path), value=_first(error), hint=CUT)]
        ) from error


def _read_csv(path: Path, columns: Collection[str] | None) -> pa.Table:
    short: list[pacsv.InvalidRow] = []

    def note(row: pacsv.InvalidRow) -> str:
        short.append(row)
        return "skip"

    reading = pacsv.ReadOptions(use_threads=False)
    try:
        passing = pacsv.ParseOptions(invalid_row_handler=lambda row: "skip")
        with pacsv.open_csv(path, read_options=reading, parse_options=passing) as file:
            header = file.schema.names
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error
    known = header if columns is None else [name for name in columns if name in header]
    try:
        table = pacsv.read_csv(
            path,
            read_options=reading,
            parse_options=pacsv.ParseOptions(invalid_row_handler=note),
            convert_options=pacsv.ConvertOptions(
                include_columns=known,
                column_types=dict.fromkeys(known, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error
    if short:
        raise InvalidInput(
            [
                Fault(
                    f"the row has {row.actual_columns} cells, the header {row.expected_columns}",
                    str(path),
                    row.number,
                    value=row.text,
                    hint=CUT,
                )
                for row in short[:MOST_FAULTS]
            ],
            total=len(short),
        )
    return table


def _unreadable(path: Path, error: Exception) -> InvalidInput:
    return InvalidInput(
        [
            Fault(
                "this is no CSV or Parquet table",
                str(path),
                value=_first(error),
                hint="give UTF-8 CSV with a header, or Parquet",
            )
        ]
    )


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _as_numbers(column: pa.ChunkedArray, name: str) -> tuple[pa.ChunkedArray, NDArray[np.int64]]:
    """Return the column as numbers, and the rows whose cell is none."""
    wanted = pa.int16() if name == "year" else pa.float64()
    none = np.zeros(0, dtype=np.int64)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.utf8_trim_whitespace(column)
        empty = pc.or_kleene(pc.is_null(text), pc.equal(text, ""))
        fits = pc.or_(pc.fill_null(empty, True), pc.match_substring_regex(text, NUMBER))
        bad = np.flatnonzero(~pc.fill_null(fits, True).to_numpy(zero_copy_only=False)).astype(
            np.int64
        )
        if len(bad):
            return column, bad
        column = pc.cast(pc.if_else(empty, None, text), pa.float64())
    try:
        return pc.cast(column, wanted), none
    except pa.ArrowException:
        unfit = [row for row, cell in enumerate(column) if not _fits(cell, wanted)]
        return column, np.array(unfit, dtype=np.int64)


def _fits(cell: pa.Scalar, wanted: pa.DataType) -> bool:
    try:
        cell.cast(wanted)
    except (pa.ArrowException, OverflowError):
        return False
    return True
