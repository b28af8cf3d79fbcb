"""Read the logs of a programme from CSV, a workbook or JSON: all of them, or every fault."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from clusteratlas.organisations.cell_syntax import NO, YES
from clusteratlas.organisations.table_files import Table, read_bytes, read_tables, refuse
from clusteratlas.programmes.account.checking import Life, checked
from clusteratlas.programmes.account.layout import LAYOUTS, Column, Layout
from clusteratlas.programmes.account.records import Cell, Log, LogRow, Logs
from clusteratlas.programmes.register.document import currency_code
from clusteratlas.tables import Fault, InvalidInput

MOST_ROWS: Final = 200_000
"""Rows of one log."""

MOST_FAULTS: Final = 1_000
"""Faults that are spelled out; the rest is counted."""

LONGEST: Final = 500
SHOWN: Final = 80
ENDINGS: Final = (".csv", ".xlsx", ".json")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?")


@dataclass(slots=True)
class Parsed:
    """What files gave, log by log, before the logs are held against each other."""

    logs: dict[str, Log] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LogReading:
    """What files gave.

    Attributes
    ----------
    logs
        All logs; none of them where there is any fault, so that nothing is half read.
    faults, total
        Everything wrong (the first thousand), and how many faults there are.
    notes
        What was taken in another way than it stood, such as a formula's value.
    """

    logs: Logs
    faults: tuple[Fault, ...] = ()
    total: int = 0
    notes: tuple[Fault, ...] = ()


def read_logs(place: Path, life: Life | None = None) -> Logs:
    """Return the logs of a programme.

    Definition
    ----------
    A folder holds one file for each log (``events.csv``); a workbook one sheet for each; JSON one
    list for each. docs/reference/programme-logs.md documents every column.

    Parameters
    ----------
    place
        A folder, or a file of at most 50 MB and 200,000 rows a log.
    life
        When the programme began and ended, if known; what lies outside is a fault.

    Raises
    ------
    InvalidInput
        With every fault of every log: file, row, column, value and hint.

    Example
    -------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "events.csv").write_text("event,date,kind\\nE1,2019-05-02,network\\n")
    >>> read_logs(folder).rows("events")[0].cells["date"]
    datetime.date(2019, 5, 2)
    """
    found = read(place, life)
    if found.faults:
        raise InvalidInput(found.faults, total=found.total)
    return found.logs


def read(place: Path, life: Life | None = None) -> LogReading:
    """Return what a folder or a file gave, its faults as data."""
    parsed = parse(place)
    logs, faults = checked(parsed.logs, life or Life())
    return reading_of(logs, [*parsed.faults, *faults], parsed.notes)


def reading_of(logs: Logs, faults: list[Fault], notes: Iterable[Fault]) -> LogReading:
    """Return logs, or all faults: never both."""
    if faults:
        return LogReading(Logs(), tuple(faults[:MOST_FAULTS]), len(faults), tuple(notes))
    return LogReading(logs, (), 0, tuple(notes))


def parse(place: Path, name: str = "") -> Parsed:
    """Return each log of a folder or a file by itself.

    Parameters
    ----------
    place
        A folder or a file.
    name
        Of the file in faults, such as that of an upload; by default its path.
    """
    parsed = Parsed()
    try:
        files = _files(place)
        for path in files:
            _parse_file(path, name or str(path), parsed)
    except InvalidInput as error:
        parsed.faults.extend(error.faults)
        return parsed
    if not parsed.logs and not parsed.faults:
        hint = f"a log is one of {', '.join(LAYOUTS)}"
        parsed.faults.append(Fault("there is no log in it", name or str(place), hint=hint))
    return parsed


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    found = sorted(each for each in place.iterdir() if each.suffix.lower() in ENDINGS)
    if not found:
        hint = "put a CSV of each log there, such as events.csv"
        refuse("the folder holds no CSV, workbook or JSON", str(place), hint=hint)
    return found


def _parse_file(path: Path, file: str, parsed: Parsed) -> None:
    try:
        data = read_bytes(path, file)
        checksum = hashlib.sha256(data).hexdigest()
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            tables = _json_tables(data, file)
        else:
            found = read_tables(data, file, most=MOST_ROWS)
            parsed.notes.extend(found.notes)
            tables = found.tables
    except InvalidInput as error:
        parsed.faults.extend(error.faults)
        return
    for table in tables:
        layout = _layout_of(table, Path(file).stem, len(tables) == 1, parsed.faults)
        if layout is None:
            continue
        if layout.name in parsed.logs:
            earlier = parsed.logs[layout.name].file
            problem = f"the log of {layout.name} is given twice"
            parsed.faults.append(Fault(problem, table.file, hint=f"it also stands in {earlier}"))
            continue
        rows = _rows(table, layout, parsed.faults)
        parsed.logs[layout.name] = Log(layout.name, table.file, checksum, tuple(rows))


def _json_tables(data: bytes, file: str) -> list[Table]:
    """Lists of objects by the name of their log, as tables of text."""
    try:
        given = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        problem = f"the file is not JSON: {str(error)[:120]}"
        raise InvalidInput([Fault(problem, file, hint="save it as UTF-8")]) from None
    if not isinstance(given, Mapping) or not all(isinstance(each, list) for each in given.values()):
        hint = 'give an object of lists, such as {"events": [{"event": "E1", ...}]}'
        refuse("the file holds no lists of rows by the name of their log", file, hint=hint)
    return [_json_table(name, rows, file) for name, rows in given.items()]


def _json_table(name: str, rows: Sequence[Any], file: str) -> Table:
    wrong = [number for number, row in enumerate(rows, 1) if not isinstance(row, Mapping)]
    if wrong:
        problem = "a row is not an object of columns"
        raise InvalidInput(
            [Fault(problem, f"{file}, {name}", each) for each in wrong[:MOST_FAULTS]]
        )
    header = tuple(dict.fromkeys(str(column) for row in rows for column in row))
    if not rows and name in LAYOUTS:
        header = tuple(each.name for each in LAYOUTS[name].columns)
    return Table(
        f"{file}, {name}",
        name,
        header,
        1,
        tuple(
            (number, tuple(_json_text(row.get(column)) for column in header))
            for number, row in enumerate(rows, 1)
        ),
    )


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _layout_of(table: Table, stem: str, alone: bool, faults: list[Fault]) -> Layout | None:
    """The log that a table is: by its sheet, by its file, or by columns that only one log has."""
    for name in (table.sheet, stem) if alone else (table.sheet,):
        if name.strip().casefold() in LAYOUTS:
            return LAYOUTS[name.strip().casefold()]
    names = {_column_name(each) for each in table.header if each}
    if alone:
        fit = [
            each
            for each in LAYOUTS.values()
            if names <= {column.name for column in each.columns}
            and {column.name for column in each.columns if column.needed} <= names
        ]
        if len(fit) == 1:
            return fit[0]
    told = table.sheet or stem
    near = get_close_matches(told.casefold(), LAYOUTS, 1, 0.6)
    hint = f"did you mean {near[0]}?" if near else f"a log is one of {', '.join(LAYOUTS)}"
    faults.append(Fault("there is no log of that name", table.file, value=told[:SHOWN], hint=hint))
    return None


def _column_name(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def _rows(table: Table, layout: Layout, faults: list[Fault]) -> list[LogRow]:
    columns = _columns(table, layout, faults)
    unread = _unread(table, layout, columns)
    found = []
    for number, cells in table.rows:
        if any(cells[len(columns) :]):
            problem = "the row has more cells than the header has columns"
            hint = "put quotation marks around a cell that holds the separator"
            faults.append(Fault(problem, table.file, number, hint=hint))
        row: dict[str, Cell] = {}
        wrong_cells: set[str] = set()
        for column, text in zip(columns, cells, strict=False):
            if column is None or not text:
                continue
            try:
                row[column.name] = _cell(column, text)
            except _WrongCell as wrong:
                faults.append(
                    Fault(wrong.problem, table.file, number, column.name, text[:SHOWN], wrong.hint)
                )
                wrong_cells.add(column.name)
        for column in layout.columns:
            stated = column.name in row or column.name in wrong_cells
            if column.needed and column in columns and not stated:
                problem = f"a row of {layout.name} needs its {column.name}"
                faults.append(Fault(problem, table.file, number, column.name, hint=column.meaning))
        found.append(LogRow(number, row, unread | wrong_cells))
    return found


def _unread(table: Table, layout: Layout, columns: Sequence[Column | None]) -> frozenset[str]:
    """Columns that may stand in the table under a name that is none of the log's."""
    strange = any(
        given and column is None for given, column in zip(table.header, columns, strict=True)
    )
    return frozenset(each.name for each in layout.columns if strange and each not in columns)


def _columns(table: Table, layout: Layout, faults: list[Fault]) -> list[Column | None]:
    known = [each.name for each in layout.columns]
    found: list[Column | None] = []
    for given in table.header:
        name = _column_name(given)
        column = layout.column(name)
        place = (table.file, table.header_row, given[:SHOWN], given[:SHOWN])
        if name and column is None:
            near = get_close_matches(name, known, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else f"the log has {', '.join(known)}"
            faults.append(Fault("there is no column of that name", *place, hint))
        elif column is not None and column in found:
            hint = "keep one of the two columns"
            faults.append(Fault("the header names a column twice", *place, hint))
            column = None
        found.append(column)
    for column in layout.columns:
        if column.needed and column not in found:
            hint = f"columns found: {', '.join(each[:30] for each in table.header[:20]) or 'none'}"
            problem = f"column {column.name} is missing"
            faults.append(Fault(problem, table.file, table.header_row, column.name, hint=hint))
    return found


class _WrongCell(ValueError):
    """A cell that does not hold what its column says."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.hint = problem, hint


def _cell(column: Column, text: str) -> Cell:
    if len(text) > LONGEST:
        raise _WrongCell(f"the cell is longer than {LONGEST} letters")
    match column.kind:
        case "yes":
            return _yes(text)
        case "date":
            return _date(text)
        case "year":
            return _year(text)
        case "whole" | "number":
            return _number(column, text)
        case "currency":
            return _currency(text)
        case "code":
            return _code(column, text)
    return text


def _yes(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise _WrongCell("the cell is neither yes nor no", "write yes or no, or leave it empty")


def _date(text: str) -> date:
    hint = "write year, month and day, such as 2021-03-04"
    found = _DAY.fullmatch(text)
    if found is None:
        raise _WrongCell("the cell is no date", hint)
    try:
        return date.fromisoformat(found.group(1))
    except ValueError:
        raise _WrongCell("there is no such day", hint) from None


def _year(text: str) -> int:
    if not (len(text) == 4 and text.isascii() and text.isdecimal() and 1900 <= int(text) <= 2100):
        raise _WrongCell("the cell is no year", "write four digits, from 1900 to 2100")
    return int(text)


def _number(column: Column, text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise _WrongCell("the cell is no number", "digits with a decimal point, such as 6.5")
    found = float(text)
    if column.kind == "whole" and not found.is_integer():
        raise _WrongCell("the cell is no whole number")
    if column.at_least is not None and found < column.at_least:
        raise _WrongCell(f"the number is below {column.at_least:g}")
    return int(found) if found.is_integer() and abs(found) < 1e15 else found


def _currency(text: str) -> str:
    try:
        return currency_code(text)
    except ValueError as error:
        raise _WrongCell("the cell is no currency", str(error)) from None


def _code(column: Column, text: str) -> str:
    code = re.sub(r"[\s_]+", "-", text.casefold())
    if column.codes and code not in column.codes:
        near = get_close_matches(code, column.codes, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(column.codes)}"
        raise _WrongCell(f"there is no {column.name} of that name", hint)
    return code
