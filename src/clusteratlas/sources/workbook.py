"""Workbooks (XLSX, XLS, ODS): their sheets as cells of text, with the true row numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import TypeVar

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from clusteratlas.sources.archive import Member
from clusteratlas.sources.cells import TextTable, read_table
from clusteratlas.sources.contents import Contents
from clusteratlas.sources.findings import Findings

ENDINGS = (".xlsx", ".xls", ".xlsm", ".ods")
LONGEST_PREAMBLE = 60
"""Rows before the header in which publishers write titles and notes."""

Row = list[str]
Result = TypeVar("Result")


class Workbook:
    """A workbook opened for reading; damage is told to the findings of its file."""

    def __init__(self, data: bytes, found: Findings) -> None:
        """Open the workbook of these bytes."""
        self._found = found
        self._book: CalamineWorkbook = self._guarded(
            lambda: CalamineWorkbook.from_filelike(io.BytesIO(data))
        )

    @property
    def sheets(self) -> list[str]:
        """The names of all sheets."""
        return list(self._book.sheet_names)

    def rows(self, sheet: str) -> Iterator[Row]:
        """Give the rows of a sheet as text, the first being row 1."""
        rows = self._guarded(lambda: self._book.get_sheet_by_name(sheet).iter_rows())
        while True:
            cells = self._guarded(lambda: next(rows, None))
            if cells is None:
                return
            yield [cell_text(cell) for cell in cells]

    def _guarded(self, step: Callable[[], Result]) -> Result:
        try:
            return step()
        except (CalamineError, OSError, ValueError) as error:
            told = str(error)
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            told = str(error)
        self._found.refuse(
            "the workbook is cut short or damaged",
            value=told.splitlines()[0] if told else "",
            hint="open it in a spreadsheet and save it again, or download it again",
        )


def is_workbook(data: bytes) -> bool:
    """Return whether the bytes begin as a workbook does (an XLSX is a zip archive)."""
    return data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def cell_text(cell: object) -> str:
    """Return a cell as a table of text has it.

    >>> cell_text(12.0), cell_text(0.25), cell_text(" a "), cell_text(True)
    ('12', '0.25', 'a', 'TRUE')
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip() if cell is not None else ""


def sheet_table(
    book: Workbook,
    sheet: str,
    found: Findings,
    keep: Callable[[str], bool],
    is_header: Callable[[list[str]], bool] = any,
) -> TextTable | None:
    """Return a sheet as text cells below its header; ``None`` where no row is a header.

    Parameters
    ----------
    book, sheet
        Where to read.
    found
        Takes the faults of form.
    keep
        Says by its name in lower case whether a column is wanted.
    is_header
        Says by its cells in lower case whether a row is the header; by default the first row
        that holds anything.
    """
    rows = enumerate(book.rows(sheet), 1)
    header: list[str] = []
    header_row = 0
    for number, cells in rows:
        if is_header([cell.lower() for cell in cells]):
            header, header_row = cells, number
            break
        if number >= LONGEST_PREAMBLE:
            break
    if not header:
        return None
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if name and name.lower() in (known.lower() for known in places):
            found.add(
                "the header names a column twice",
                row=header_row,
                column=name,
                value=name,
                hint="keep one of the two columns",
            )
        elif name and keep(name.lower()):
            places[name] = place
    columns: list[list[str]] = [[] for _ in places]
    numbers: list[int] = []
    for number, cells in rows:
        if not any(cells):
            continue
        numbers.append(number)
        for column, place in zip(columns, places.values(), strict=True):
            column.append(cells[place])
    table = {
        name.lower(): pa.array(column, pa.string())
        for name, column in zip(places, columns, strict=True)
    }
    return TextTable(
        pa.table({"row": pa.array(numbers, pa.int64()), **table}),
        {name.lower(): name for name in places},
        tuple(header),
        header_row,
    )


def member_table(
    member: Member, found: Findings, wanted: Collection[str], needed: Collection[str]
) -> TextTable | None:
    """Return the cells of a CSV or Parquet file, or of the first sheet with these columns.

    Parameters
    ----------
    member
        The file.
    found
        Takes the faults of form.
    wanted
        Names of the columns to read, in lower case.
    needed
        Names that tell the header of a sheet: it holds at least half of them.

    Returns
    -------
    ``None`` where no sheet of the workbook has such a header.
    """
    if not is_workbook(member.data):
        return read_table(Contents(member.data, member.name, ""), found, wanted.__contains__)
    book = Workbook(member.data, found)
    for sheet in book.sheets:
        text = sheet_table(
            book,
            sheet,
            found,
            wanted.__contains__,
            lambda cells: 2 * len(set(needed) & set(cells)) >= len(needed),
        )
        if text is not None and text.cells.num_rows:
            return text
    return None
