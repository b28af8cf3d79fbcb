"""The cells of a registry's list: CSV or XLSX, of bounded size, without formulas."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from clusteratlas.sources.cells import SEPARATORS, TextTable, read_table
from clusteratlas.sources.contents import Contents
from clusteratlas.sources.findings import MOST, Findings
from clusteratlas.sources.workbook import Workbook, is_workbook, sheet_table

MOST_ROWS: Final = 200_000
MOST_BYTES: Final = 64 * 1024**2
BLOCK: Final = 1 << 20
SMALLER: Final = "a list of organisations is shorter; split it, or is this another file?"

PICTURES: Final = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"BM": "BMP",
    b"%PDF": "PDF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
SHEETS: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_text_table(path: Path, found: Findings) -> TextTable:
    """Return the cells of a list as text, with their rows.

    Raises
    ------
    InvalidInput
        The file is not there, no table, too large, damaged, or holds formulas.
    """
    data = _bytes(path, found)
    for mark, kind in PICTURES.items():
        if data.startswith(mark) and (kind not in ("BMP", "WebP") or b"\x00" in data[:64]):
            found.refuse(
                f"the file is a picture or a document ({kind}), not a table",
                hint="give the list as CSV or XLSX",
            )
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        found.refuse("the file is JSON, not a list", hint="give the list as CSV or XLSX")
    if is_workbook(data):
        return _sheet(data, found)
    separator = _separator(data)
    table = read_table(Contents(data, path.name, ""), found, lambda name: True, separator=separator)
    found.stop_if_any()
    return table


def _bytes(path: Path, found: Findings) -> bytes:
    """Read in blocks, and stop where no list is as long."""
    blocks, size, lines = [], 0, 0
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                size += len(block)
                lines += block.count(b"\n")
                if lines > MOST_ROWS + 1 or size > MOST_BYTES:
                    found.refuse(
                        f"the file is too large: at most {MOST_ROWS:,} rows and "
                        f"{MOST_BYTES // 1024**2} MB",
                        hint=SMALLER,
                    )
                blocks.append(block)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        found.refuse(f"the file cannot be read: {reason}", hint="check its name and your rights")
    data = b"".join(blocks)
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        found.refuse("the file is empty", hint="was it written whole?")
    return data


def _separator(data: bytes) -> str:
    """The mark that stands most often in the first line that holds anything."""
    line = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")[:4096].split(b"\n", 1)[0]
    bare = re.sub(r'"[^"]*"', "", line.decode(errors="replace"))
    return max(SEPARATORS, key=lambda mark: (bare.count(mark), mark == ","))


def _sheet(data: bytes, found: Findings) -> TextTable:
    if data[:2] == b"PK":
        _check_archive(data, found)
    book = Workbook(data, found)
    for sheet in book.sheets:
        table = sheet_table(book, sheet, found, lambda name: True)
        if table is None or not table.cells.num_rows:
            continue
        if table.cells.num_rows > MOST_ROWS:
            found.refuse(f"the sheet is too large: at most {MOST_ROWS:,} rows", hint=SMALLER)
        if data[:2] == b"PK":
            _note_formulas(data, sheet, found)
        found.stop_if_any()
        return table
    found.refuse("the workbook holds no rows below a header", hint="was it saved whole?")


def _check_archive(data: bytes, found: Findings) -> None:
    """Refuse what is no workbook, or grows beyond measure when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, IndexError) as error:
        found.refuse("the workbook is cut short or damaged", value=str(error), hint="save it again")
    names = {part.filename for part in parts}
    if not names & {"[Content_Types].xml", "content.xml"}:
        found.refuse("the file is a zip archive, not a workbook", hint="unpack it, give the table")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        found.refuse("the workbook is too large when unpacked", hint=SMALLER)


def _note_formulas(data: bytes, sheet: str, found: Findings) -> None:
    """Note every formula of an XLSX sheet: what it shows is another program's last answer."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = _part_of(archive, sheet, found)
        if part is None:
            return
        root = _xml(archive, part, found)
    count = 0
    for cell in root.iter(f"{SHEETS}c"):
        formula = cell.find(f"{SHEETS}f")
        if formula is None:
            continue
        count += 1
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r") or "")
        if count <= MOST:
            found.add(
                "the cell holds a formula",
                row=int(place[2]) if place else None,
                column=place[1] if place else "",
                value=f"={formula.text or ''}",
                hint="put the words in its place (copy, then paste values)",
            )
    found.count(count - MOST)


def _part_of(archive: zipfile.ZipFile, sheet: str, found: Findings) -> str | None:
    """Return the part of an XLSX archive that holds a sheet; ``None`` in other workbooks."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = _xml(archive, "xl/workbook.xml", found)
    relations = _xml(archive, "xl/_rels/workbook.xml.rels", found)
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for each in book.iter(f"{SHEETS}sheet"):
        if each.get("name") == sheet:
            target = targets.get(each.get(RELATION), "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in names else None
    return None


def _xml(archive: zipfile.ZipFile, part: str, found: Findings) -> ElementTree.Element:
    """Parse a part of bounded size; no workbook declares a document type, so no entities either."""
    text = archive.read(part)
    try:
        if b"<!DOCTYPE" in text or not text.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
            raise ElementTree.ParseError("a document type or an encoding of its own")
        return ElementTree.fromstring(text)  # noqa: S314 - no document type, so no entities
    except ElementTree.ParseError as error:
        found.refuse("the workbook is damaged", value=f"{part}: {error}", hint="save it again")
