"""The cells of a user's own file, CSV, workbook or Parquet, under the names that we use."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb

from clusteratlas.sources.archive import WORKBOOK_PART
from clusteratlas.sources.cells import PARQUET, TextTable, read_table
from clusteratlas.sources.checks import quoted
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.findings import Findings, column_hint
from clusteratlas.sources.own.mapping import ColumnsPart, FilePart, Mapping
from clusteratlas.sources.workbook import Workbook, sheet_table

COUNTS = ("employment", "employment_low", "employment_high", "establishments", "payroll")
PLAIN = r"[+-]?\d+(\.\d+)?"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read_cells(
    path: Path, found: Findings, keep: Callable[[str], bool], form: FilePart | None = None
) -> tuple[TextTable, str]:
    """Return the cells of a file and its checksum.

    Raises
    ------
    InvalidInput
        The file cannot be split into rows and columns at all.
    """
    form = form or FilePart()
    raw = _raw(path, found)
    if is_workbook(raw):
        checksum = f"sha256:{hashlib.sha256(raw).hexdigest()}"
        return _from_workbook(raw, found, keep, form), checksum
    contents = read_contents(path, found)
    if form.sheet is not None:
        found.add("the file has no sheets", value=form.sheet, hint="take file.sheet out")
    if contents.data[:4] != PARQUET and form.header_row is not None:
        lines = contents.data.split(b"\n", form.header_row - 1)
        blank = b"\n" * (len(lines) - 1)
        contents = replace(contents, data=blank + lines[-1])
    if contents.data[:4] == PARQUET:
        _refuse_marks(form, found, "a Parquet file")
    return read_table(contents, found, keep, separator=form.separator), contents.checksum


def is_workbook(raw: bytes) -> bool:
    """Return whether the bytes are a workbook, and no zip of a text."""
    if raw[:4] == OLD_WORKBOOK:
        return True
    if raw[:2] != b"PK":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
            return WORKBOOK_PART in names or "content.xml" in names
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, IndexError):
        return False


def _raw(path: Path, found: Findings) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        found.refuse(f"the file cannot be read: {reason}", hint="check its name and your rights")


def _from_workbook(
    raw: bytes, found: Findings, keep: Callable[[str], bool], form: FilePart
) -> TextTable:
    _refuse_marks(form, found, "a workbook")
    book = Workbook(raw, found)
    sheet = form.sheet or (book.sheets[0] if book.sheets else "")
    if sheet not in book.sheets:
        found.refuse(
            "the workbook has no such sheet",
            value=sheet,
            hint=f"sheets: {', '.join(book.sheets) or 'none'}",
        )
    seen = 0

    def is_header(cells: list[str]) -> bool:
        nonlocal seen
        seen += 1
        return seen == form.header_row if form.header_row else any(cells)

    table = sheet_table(book, sheet, found, keep, is_header)
    if table is None or not table.cells.num_rows:
        found.refuse(
            f"the sheet {sheet} holds no rows below a header",
            hint="name the sheet and the row of the header in the mapping",
        )
    return table


def _refuse_marks(form: FilePart, found: Findings, what: str) -> None:
    if form.decimal != "." or form.thousands:
        found.add(
            f"decimal and thousands are marks of a text, and this is {what}",
            hint="its numbers are numbers already: take the two out of the mapping",
        )


def rename_cells(text: TextTable, mapping: Mapping, found: Findings) -> TextTable:
    """Return the cells under our names, figures as plain whole numbers where they can be read.

    A word that means withheld or unpublished empties its cell; of employment it also sets the
    status. A figure that cannot be read is left as it stands, to be told by the checks.
    """
    columns = _columns(text, mapping.columns, found)
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        engine.execute("set threads to 2")
        engine.register("text", text.cells)
        withheld, unpublished = mapping.values.withheld, mapping.values.unpublished
        cells = ["row"]
        for name, column in columns.items():
            cell = f'trim("{quoted(column)}")'
            if name in COUNTS:
                cell = _figure(cell, mapping, name)
            cells.append(f"{cell} as {name}")
        if mapping.columns.year is None and mapping.year is not None:
            cells.append(f"'{mapping.year}' as year")
        told = _status(columns, withheld, unpublished)
        if told:
            cells = [cell for cell in cells if not cell.endswith(" as status")]
            cells.append(f"{told} as status")
        rows = engine.execute(f"select {', '.join(cells)} from text").to_arrow_table()
    names = {name: text.names[column] for name, column in columns.items()}
    names |= {name: name for name in rows.column_names if name not in names and name != "row"}
    return TextTable(rows, names, text.header, text.header_row)


def _columns(text: TextTable, wanted: ColumnsPart, found: Findings) -> dict[str, str]:
    """Our name to the column of the file, in lower case; what is not there is noted."""
    columns = {}
    present = [name.lower() for name in text.header]
    for name, column in wanted.model_dump(exclude_none=True).items():
        if column.strip().lower() in text.names:
            columns[name] = column.strip().lower()
        else:
            found.add(
                f"the mapping names a column for {name} that the file does not have",
                row=text.header_row,
                column=column,
                hint=column_hint(column, present, list(text.header)),
            )
    found.stop_if_any()
    return columns


def _figure(cell: str, mapping: Mapping, name: str) -> str:
    form, unit = mapping.file, mapping.units.get(name, 1.0)  # type: ignore[call-overload]
    plain = cell
    if form.thousands:
        mark, point = (_pattern(each) for each in (form.thousands, form.decimal))
        grouped = f"[+-]?\\d{{1,3}}({mark}\\d{{3}})*({point}\\d+)?"
        plain = (
            f"case when regexp_full_match({cell}, '{grouped}') "
            f"then replace({cell}, {_text(form.thousands)}, '') else {cell} end"
        )
    if form.decimal == ",":
        whole = f"regexp_full_match({plain}, '[+-]?\\d+(,\\d+)?')"
        plain = f"case when {whole} then replace({plain}, ',', '.') else {plain} end"
    if unit != 1.0:
        plain = (
            f"case when regexp_full_match({plain}, '{PLAIN}') then "
            f"cast(cast(round(cast({plain} as double) * {unit!r}) as bigint) as varchar) "
            f"else {plain} end"
        )
    words = _listed([*mapping.values.withheld, *mapping.values.unpublished])
    return f"case when {cell} in ({words}) then '' else {plain} end" if words else plain


def _status(columns: dict[str, str], withheld: list[str], unpublished: list[str]) -> str:
    cell = f'trim("{quoted(columns["employment"])}")'
    cases = [
        f"when {cell} in ({_listed(words)}) then '{status}'"
        for words, status in ((withheld, "withheld"), (unpublished, "unpublished"))
        if words
    ]
    other = f'trim("{quoted(columns["status"])}")' if "status" in columns else "''"
    return f"case {' '.join(cases)} else {other} end" if cases else ""


def _listed(words: list[str]) -> str:
    return ", ".join(_text(word.strip()) for word in words)


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _pattern(mark: str) -> str:
    return "''" if mark == "'" else f"[{mark}]"
