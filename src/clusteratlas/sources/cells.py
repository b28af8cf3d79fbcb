"""Tables of text: every cell as the file writes it, with the true line number of its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from clusteratlas.sources.contents import Contents
from clusteratlas.sources.encoding import decode
from clusteratlas.sources.findings import MOST, Findings

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
PARQUET = b"PAR1"


@dataclass(frozen=True)
class TextTable:
    """Cells as text in columns named in lower case, and ``row``: the line, the header being line 1.

    ``names`` gives for each column that is kept its name as the file writes it, ``header`` all
    names of the file. ``header_row`` is ``None`` for Parquet, whose rows count from 1.
    """

    cells: pa.Table
    names: dict[str, str]
    header: tuple[str, ...]
    header_row: int | None


@dataclass(frozen=True)
class Header:
    """The header of a delimited file: names, separator, its line and where the body starts."""

    names: tuple[str, ...]
    separator: str
    row: int
    body: int


Keep = Callable[[str], bool]


def read_table(
    contents: Contents, found: Findings, keep: Keep, *, separator: str = ","
) -> TextTable:
    """Return a delimited file or a Parquet file as text cells; faults of form go to ``found``.

    ``keep`` says by its name in lower case whether a column is wanted.

    Raises
    ------
    InvalidInput
        The file cannot be split into rows and columns at all.
    """
    if contents.data[:4] == PARQUET:
        return _from_parquet(contents.data, found, keep)
    data = decode(contents.data, found)
    header = read_header(data, found, separator=separator)
    return _from_text(data, header, found, keep)


def read_header(data: bytes, found: Findings, *, separator: str = ",") -> Header:
    """Return the names in the first line that holds anything."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    end = min(
        (at for at in (data.find(b"\n", start), data.find(b"\r", start)) if at >= 0), default=-1
    )
    line = data[start : end if end >= 0 else len(data)].decode()
    row = data.count(b"\n", 0, start) + 1
    used = _separator(line, separator)
    if used != separator:
        found.add(
            f"columns are separated by {SEPARATORS[used]}, not by {SEPARATORS[separator]}",
            row=row,
            value=line,
            hint=f"save the file with {SEPARATORS[separator]} between columns",
        )
    try:
        cells = next(csv.reader([line], delimiter=used), [])
    except csv.Error as error:
        found.refuse(
            f"the header cannot be read: {error}",
            row=row,
            value=line,
            hint="write the names of the columns in the first line",
        )
    names = tuple(cell.strip() for cell in cells)
    seen: set[str] = set()
    for name in names:
        if name and name.lower() in seen:
            found.add(
                "the header names a column twice",
                row=row,
                column=name,
                value=name,
                hint="keep one of the two columns",
            )
        seen.add(name.lower())
    body = len(data) if end < 0 else end + (2 if data[end : end + 2] == b"\r\n" else 1)
    return Header(names, used, row, body)


def _separator(line: str, expected: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    if bare.count(expected):
        return expected
    return max(SEPARATORS, key=lambda mark: (bare.count(mark), mark == expected))


def _from_text(data: bytes, header: Header, found: Findings, keep: Keep) -> TextTable:
    chosen = _chosen(header.names, keep)
    body = data[header.body :].rstrip(b"\r\n")
    if not body.strip():
        found.refuse("the file holds a header and no rows", hint="was the download finished?")
    rows = _split_fast(body, header, chosen)
    if rows is None:
        rows = _split_slowly(body, header, chosen, found)
    return TextTable(rows, {name.lower(): name for name in chosen}, header.names, header.row)


def _chosen(names: tuple[str, ...], keep: Keep) -> dict[str, int]:
    """Columns to keep and their places; the first of two columns of one name."""
    chosen: dict[str, int] = {}
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name and name.lower() not in seen and keep(name.lower()):
            chosen[name] = place
            seen.add(name.lower())
    return chosen


def _split_fast(body: bytes, header: Header, chosen: dict[str, int]) -> pa.Table | None:
    """Split with Arrow; ``None`` when lines and rows do not match one to one."""
    returns = body.count(b"\r")
    if (returns and body.count(b"\r\n") != returns) or not chosen:
        return None
    places = [f"c{place}" for place in range(len(header.names))]
    wanted = [places[place] for place in chosen.values()]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(body),
            read_options=pa_csv.ReadOptions(column_names=places, block_size=8 << 20),
            parse_options=pa_csv.ParseOptions(
                delimiter=header.separator,
                quote_char=False if header.separator == "\t" else '"',
                newlines_in_values=False,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != body.count(b"\n") + 1:
        return None
    first = header.row + 1
    rows = pa.array(np.arange(first, first + table.num_rows, dtype=np.int64))
    columns = {"row": rows}
    columns |= {name.lower(): table.column(places[place]) for name, place in chosen.items()}
    return pa.table(columns)


def _split_slowly(body: bytes, header: Header, chosen: dict[str, int], found: Findings) -> pa.Table:
    """Split row by row: true line numbers past blank lines, and every row of the wrong width."""
    width, places = len(header.names), list(chosen.values())
    columns: list[list[str]] = [[] for _ in places]
    lines: list[int] = []
    ragged = 0
    reader = csv.reader(
        io.StringIO(body.decode(), newline=""),
        delimiter=header.separator,
        quoting=csv.QUOTE_NONE if header.separator == "\t" else csv.QUOTE_MINIMAL,
        strict=True,
    )
    before = 0
    try:
        for cells in reader:
            line, before = header.row + before + 1, reader.line_num
            if not cells:
                continue
            if len(cells) != width:
                ragged += 1
                if ragged <= MOST:
                    _ragged(found, line, cells, width, header.separator)
                continue
            lines.append(line)
            for column, place in zip(columns, places, strict=True):
                column.append(cells[place])
    except csv.Error as error:
        found.add(
            f"the row cannot be split into cells: {error}",
            row=header.row + before + 1,
            hint="a quotation mark is opened and not closed, or stands inside a cell",
        )
    found.count(ragged - MOST)
    named = {
        name.lower(): pa.array(cells, pa.string())
        for name, cells in zip(chosen, columns, strict=True)
    }
    return pa.table({"row": pa.array(lines, pa.int64()), **named})


def _ragged(found: Findings, line: int, cells: list[str], width: int, separator: str) -> None:
    found.add(
        f"the row has {len(cells)} cells and the header {width}",
        row=line,
        value=separator.join(cells),
        hint="a separator within a number or a name must stand in quotation marks"
        if len(cells) > width
        else "was the file cut short?",
    )


def _from_parquet(data: bytes, found: Findings, keep: Keep) -> TextTable:
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        names = tuple(file.schema_arrow.names)
        chosen = _chosen(names, keep)
        table = file.read(columns=list(chosen))
        table.validate(full=True)
        table = table.select(list(chosen))
        with duckdb.connect() as engine:
            engine.execute("set enable_progress_bar = false")
            engine.register("given", table)
            cells = ", ".join(
                f"""coalesce(cast("{name.replace('"', '""')}" as varchar), '') as c{place}"""
                for name, place in chosen.items()
            )
            text = engine.execute(f"select {cells} from given").to_arrow_table() if cells else table
    except (pa.ArrowException, duckdb.Error, OSError, ValueError, MemoryError, KeyError) as error:
        found.refuse(
            "the Parquet file is cut short or damaged",
            value=str(error).splitlines()[0] if str(error) else "",
            hint="write or download it again",
        )
    if not table.num_rows:
        found.refuse("the file holds no rows", hint="was the table written whole?")
    rows = pa.array(np.arange(1, table.num_rows + 1, dtype=np.int64))
    columns = {"row": rows} | dict(
        zip((name.lower() for name in chosen), text.columns, strict=True)
    )
    return TextTable(pa.table(columns), {name.lower(): name for name in chosen}, names, None)
