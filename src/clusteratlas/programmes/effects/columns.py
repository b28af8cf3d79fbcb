"""Columns of a file or table as arrays; what does not fit is noted, with row and value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from clusteratlas.programmes.effects.panel import Floats, Ints, Texts
from clusteratlas.tables import Fault, InvalidInput, few

PARQUET: Final = b"PAR1"
MOST_FAULTS: Final = 200
MOST_OF_A_HEADER: Final = 100_000
READABLE: Final = "give UTF-8 CSV with a header, or Parquet"
NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


class Faults:
    """What is wrong so far; the first are kept in full, the others counted."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.total = 0

    def add(self, fault: Fault) -> None:
        """Note a fault."""
        self.total += 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(fault)

    def raise_any(self) -> None:
        """Raise all of them, if there are any."""
        if self.total:
            raise InvalidInput(self.kept, total=self.total)


def table_of(source: Any) -> tuple[pa.Table, str, dict[str, str]]:
    """The table, the name it goes by, and the checksum of a file."""
    if not isinstance(source, str | Path):
        try:
            return pa.table(source), "", {}
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise InvalidInput(
                [
                    Fault(
                        "this is no table",
                        value=type(source).__name__,
                        hint="give a file or a table",
                    )
                ]
            ) from error
    path = Path(source)
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return _read_file(path), str(path), {path.name: checksum}


def _read_file(path: Path) -> pa.Table:
    if not path.stat().st_size:
        raise InvalidInput([Fault("the file is empty", str(path), hint=READABLE)])
    try:
        if _is_parquet(path):
            return pq.read_table(path)
        parsing = pacsv.ParseOptions(delimiter=_separator(path))
        with pacsv.open_csv(path, parse_options=parsing) as opened:
            header = opened.schema.names
        return pacsv.read_csv(
            path,
            parse_options=parsing,
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as error:
        raise InvalidInput(
            [
                Fault(
                    "this is no CSV or Parquet table",
                    str(path),
                    value=str(error).splitlines()[0][:120],
                    hint=READABLE,
                )
            ]
        ) from error


def _separator(path: Path) -> str:
    """What stands between the cells of the header: a comma, or a semicolon where there is none."""
    with path.open("rb") as file:
        header = file.readline(MOST_OF_A_HEADER)
    return ";" if b";" in header and b"," not in header else ","


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def first_row(source: Any) -> int:
    """Line 1 of a CSV is its header; rows elsewhere are counted from 1."""
    return 2 if isinstance(source, str | Path) and not _is_parquet(Path(source)) else 1


def need_columns(table: pa.Table, names: Iterable[str], file: str, faults: Faults) -> None:
    """Note columns that are not there, or there twice."""
    for name in names:
        found = table.column_names.count(name)
        if found != 1:
            problem = "the column is missing" if not found else "the column is there twice"
            hint = f"there are {few(table.column_names)}"
            faults.add(Fault(problem, file, None, name, hint=hint))


def texts_of(table: pa.Table, name: str) -> list[str]:
    """Return the column as text, empty where there is none."""
    cells = pc.fill_null(pc.cast(table.column(name), pa.string()), "")
    texts: list[str] = pc.utf8_trim_whitespace(cells).to_pylist()
    return texts


def codes_of(
    table: pa.Table, name: str, file: str, first: int, faults: Faults
) -> tuple[Ints, Texts]:
    """Each row's unit as a place in the sorted names."""
    cells = pc.fill_null(pc.cast(table.column(name), pa.string()), "")
    encoded = pc.utf8_trim_whitespace(cells).combine_chunks().dictionary_encode()
    words = np.array(encoded.dictionary.to_pylist(), dtype=np.str_)
    order = np.argsort(words, kind="stable")
    rank = np.empty(len(words), dtype=np.int64)
    rank[order] = np.arange(len(words))
    codes = rank[encoded.indices.to_numpy().astype(np.int64)] if len(words) else rank
    units = words[order]
    if not len(units):
        faults.add(Fault("the table has no rows", file, hint="give one row a unit and period"))
    elif units[0] == "":
        for row in np.flatnonzero(codes == 0):
            faults.add(Fault("the unit has no name", file, int(row) + first, name, hint="name it"))
    return codes, units


def numbers_of(table: pa.Table, name: str, file: str, first: int, faults: Faults) -> Floats:
    """The column as numbers, NaN where empty; what is no number is a fault."""
    column = table.column(name)
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        text = pc.utf8_trim_whitespace(column.cast(pa.string()))
        empty = pc.fill_null(pc.equal(text, ""), True)
        fits = pc.or_(empty, pc.fill_null(pc.match_substring_regex(text, NUMBER), False))
        for row in np.flatnonzero(~fits.to_numpy(zero_copy_only=False)):
            faults.add(
                Fault(
                    f"{name} is not a number",
                    file,
                    int(row) + first,
                    name,
                    str(column[int(row)].as_py()),
                    "write it like 1234.5, or leave it empty",
                )
            )
        column = pc.if_else(pc.or_(empty, pc.invert(fits)), None, text)
    try:
        values = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowException:
        faults.add(
            Fault(f"{name} does not hold numbers", file, None, name, str(kind), "give numbers")
        )
        return np.full(table.num_rows, np.nan)
    values = np.array(values, dtype=np.float64)
    for row in np.flatnonzero(np.isinf(values)):
        value, hint = str(values[row]), "leave it empty if it is not known"
        faults.add(Fault(f"{name} is not finite", file, int(row) + first, name, value, hint))
    return values


def whole_numbers(table: pa.Table, name: str, file: str, first: int, faults: Faults) -> Ints:
    """Return the column as whole numbers; what is none is a fault."""
    values = numbers_of(table, name, file, first, faults)
    bad = np.flatnonzero(np.isnan(values) | (values != np.round(values)))
    for row in bad:
        problem = (
            "the period is missing" if np.isnan(values[row]) else "a period is no whole number"
        )
        faults.add(Fault(problem, file, int(row) + first, name, hint="write periods like 2016"))
    return np.nan_to_num(values).astype(np.int64)
