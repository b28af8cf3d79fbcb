"""From a file to rows of text: CSV in its usual forms and workbooks, with limits on everything."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

from clusteratlas.sources.encoding import decode
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.workbook import Workbook
from clusteratlas.tables import Fault, InvalidInput
from clusteratlas.tables.spreadsheet_text import restored

MOST_BYTES: Final = 50_000_000
MOST_ROWS: Final = 20_000
MOST_UNPACKED: Final = 400_000_000
BLANK_ROWS: Final = 10
"""Times the rows that a table may have: a sheet of more, blank ones too, is not even opened."""

MOST_COLUMNS: Final = 8_000
MOST_NOTES: Final = 20
HEADER_WITHIN: Final = 10
"""Rows of a sheet among which its header is looked for."""

NAMING: Final = frozenset(("name", "organisation", "organization", "org_title"))
"""Columns that hold the name of an organisation."""

_KINDS: Final = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"Rar!", "a packed file (RAR)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
)
_FORMULA: Final = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f[\s/>]')
_TABLE_HINT: Final = "give a table: CSV, XLSX or JSON"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a header; ``file`` names the sheet too where there are several.

    Each row has its number in the file, the header's line counting.
    """

    file: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(slots=True)
class Tables:
    """What a file holds, with what a reader should know of it."""

    tables: list[Table]
    notes: list[Fault] = field(default_factory=list)


def refuse(problem: str, file: str, *, value: str = "", hint: str = "") -> NoReturn:
    """Raise a fault of the whole file."""
    raise InvalidInput([Fault(problem, file, value=value, hint=hint)])


def read_bytes(path: Path, file: str) -> bytes:
    """Return the bytes of a file that is no larger than a registry can be.

    Raises
    ------
    InvalidInput
        Not there, not a file, empty, or larger than 50 MB; nothing of a larger one is read.
    """
    try:
        if not path.is_file():
            refuse("there is no such file", file, hint="check its name")
        if path.stat().st_size > MOST_BYTES:
            megabytes = path.stat().st_size // 1_000_000
            hint = "split it; 50 MB hold every cluster organisation of the world"
            refuse("the file is too large", file, value=f"{megabytes} MB", hint=hint)
        with path.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        refuse(f"the file cannot be read: {reason}", file, hint="check its name and your rights")
    if len(data) > MOST_BYTES:
        refuse("the file is too large", file, hint="split it; at most 50 MB are read")
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        refuse("the file is empty", file, hint=_TABLE_HINT)
    return data


def refuse_other_kinds(data: bytes, file: str) -> None:
    """Refuse a picture, a document or a web page where a table should be.

    >>> refuse_other_kinds(b"name,country\\n", "registry.csv")
    """
    for start, kind in _KINDS:
        if data.startswith(start) and not _is_text_after_all(data, start):
            refuse(f"the file is {kind}, not a table", file, hint=_TABLE_HINT)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        refuse("the file is a WebP picture, not a table", file, hint=_TABLE_HINT)
    head = data[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<table")):
        hint = "download the table itself, not the page around it"
        refuse("the file is a web page (HTML), not a table", file, hint=hint)
    if head.startswith((b"<svg", b"<?xml")):
        refuse("the file is XML, not a table", file, hint=_TABLE_HINT)


def _is_text_after_all(data: bytes, start: bytes) -> bool:
    """Short marks such as BM and MZ could begin a word of a header."""
    return len(start) <= 2 and start.isalpha() and b"\x00" not in data[:512]


def read_tables(
    data: bytes, file: str, heads: frozenset[str] = NAMING, *, most: int = MOST_ROWS
) -> Tables:
    """Return the tables of a CSV or of a workbook, each with its header.

    Parameters
    ----------
    data, file
        The bytes, and the name of the file in faults.
    heads
        Columns, one of which a header has; above it a sheet may hold a title.
    most
        Rows that a table may have; no more than that are read.

    Raises
    ------
    InvalidInput
        Of another kind, damaged, in another encoding, or with too many rows.
    """
    refuse_other_kinds(data, file)
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        return _workbook(data, file, heads, most)
    return _csv(data, file, most)


# CSV


def _csv(data: bytes, file: str, most: int) -> Tables:
    found = Findings(Path(file))
    found.file = file
    text = decode(data, found).decode()
    found.stop_if_any()
    delimiter = _delimiter(text)
    table, notes = _csv_table(text, delimiter, file, most)
    return Tables([table], notes)


def _delimiter(text: str) -> str:
    """The sign that splits the header into most columns; a comma where none does."""
    head = text[:100_000]
    counts = {}
    for sign in ",;\t":
        try:
            header = next(csv.reader(io.StringIO(head, newline=""), delimiter=sign), [])
        except csv.Error:
            header = []
        counts[sign] = len(header)
    return max(",;\t", key=lambda sign: (counts[sign], sign == ","))


def _csv_table(text: str, delimiter: str, file: str, most: int) -> tuple[Table, list[Fault]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: tuple[str, ...] = ()
    header_row = 1
    rows: list[tuple[int, tuple[str, ...]]] = []
    notes: list[Fault] = []
    line = 1
    try:
        for cells in reader:
            first, line = line, reader.line_num + 1
            if not any(each.strip() for each in cells):
                continue
            if not header:
                header, header_row = tuple(each.strip() for each in cells), first
                _few_columns(header, file)
                continue
            if len(rows) >= most:
                _too_many_rows(file, most)
            rows.append((first, tuple(_cell(each) for each in cells)))
            _note_formulas(notes, cells, header, file, first)
    except csv.Error as error:
        told = str(error)
        problem = (
            "the table is broken: a cell is longer than any can be"
            if ("field larger" in told)
            else "the table is broken: quotation marks do not match"
        )
        raise InvalidInput(
            [Fault(problem, file, line, hint="open it in a spreadsheet and save it again")]
        ) from None
    return Table(file, "", header, header_row, tuple(rows)), notes


def _cell(text: str) -> str:
    text = text.strip()
    if not text:
        return text
    return restored(text).replace("\r\n", "\n").replace("\r", "\n")


def _few_columns(header: Sequence[str], file: str) -> None:
    if len(header) > MOST_COLUMNS:
        value = f"{len(header):,} columns"
        refuse("the table has more columns than a profile", file, value=value, hint=_TABLE_HINT)


def _too_many_rows(file: str, most: int) -> NoReturn:
    hint = f"split it into files of at most {most:,} rows each"
    refuse(f"the table has more than {most:,} rows", file, hint=hint)


def _note_formulas(
    notes: list[Fault], cells: Sequence[str], header: Sequence[str], file: str, row: int
) -> None:
    """Say of a cell that begins as a formula that it was taken as text."""
    for name, cell in zip(header, cells, strict=False):
        if cell[:1] in "=@" and cell and len(notes) < MOST_NOTES:
            problem = "the cell begins as a formula does; it was taken as text"
            notes.append(Fault(problem, file, row, name, cell[:60]))


# Workbooks


def _workbook(data: bytes, file: str, heads: frozenset[str], most: int) -> Tables:
    notes = _looked_into(data, file, most)
    found = Findings(Path(file))
    found.file = file
    book = Workbook(data, found)
    names = book.sheets
    tables = []
    for name in names:
        title = file if len(names) == 1 else f"{file}, sheet {name}"
        table = _sheet(book.rows(name), title, name, most, heads)
        if table is not None:
            tables.append(table)
    if not tables:
        refuse("the workbook holds no table", file, hint="put column names in its first row")
    return Tables(tables, notes)


def _sheet(
    rows: Iterator[list[str]], title: str, name: str, most: int, heads: frozenset[str]
) -> Table | None:
    """A sheet under its header: the first row that has one of its columns, else the first."""
    held: list[tuple[int, tuple[str, ...]]] = []
    header_at: int | None = None
    for number, cells in enumerate(rows, 1):
        if not any(cells):
            continue
        if len(held) > most + HEADER_WITHIN:
            _too_many_rows(title, most)
        held.append((number, tuple(_cell(each) for each in cells)))
        if header_at is None and len(held) <= HEADER_WITHIN and _names_columns(cells, heads):
            header_at = len(held) - 1
    if not held:
        return None
    at = header_at or 0
    header_row, header = held[at]
    while header and not header[-1]:
        header = header[:-1]
    _few_columns(header, title)
    body = held[at + 1 :]
    if len(body) > most:
        _too_many_rows(title, most)
    return Table(title, name, header, header_row, tuple(body))


def _names_columns(cells: Sequence[str], heads: frozenset[str]) -> bool:
    folded = {each.casefold() for each in cells}
    return bool(folded & heads) and len(folded) > 1


def _looked_into(data: bytes, file: str, most: int) -> list[Fault]:
    """Refuse an archive that is no workbook or far too large unpacked; note its formulas."""
    if data[:2] != b"PK":
        return []
    notes: list[Fault] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(each.file_size for each in members)
            if unpacked > MOST_UNPACKED:
                value = f"{unpacked // 1_000_000} MB unpacked"
                refuse("the workbook is too large", file, value=value, hint="split it")
            names = {each.filename for each in members}
            if not any(each.startswith("xl/") for each in names) and "content.xml" not in names:
                refuse("the file is an archive (zip), not a workbook", file, hint=_TABLE_HINT)
            sheets = [each for each in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", each)]
            for each in sorted(sheets):
                notes.extend(_formulas(archive, each, file, MOST_NOTES - len(notes), most))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        hint = "open it in a spreadsheet and save it again"
        refuse("the workbook is cut short or damaged", file, hint=hint)
    return notes


def _formulas(
    archive: zipfile.ZipFile, member: str, file: str, most: int, most_rows: int
) -> Iterator[Fault]:
    """Note the first cells whose value a formula gives; a sheet of endless rows is refused."""
    kept = b""
    read = rows = 0
    with archive.open(member) as opened:
        while block := opened.read(1 << 20):
            read += len(block)
            text = kept + block
            rows += text.count(b"<row ")
            if read > MOST_UNPACKED or rows > BLANK_ROWS * most_rows:
                _too_many_rows(file, most_rows)
            last = 0
            for found in _FORMULA.finditer(text) if most > 0 else ():
                last = found.end()
                problem = "the cell holds a formula; its value was taken"
                row, column = int(found.group(2)), found.group(1).decode()
                yield Fault(problem, file, row, column)
                most -= 1
                if most <= 0:
                    break
            kept = text[max(last, len(text) - 400) :]
            rows -= kept.count(b"<row ")
