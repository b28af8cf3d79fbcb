"""From bytes to UTF-8: a byte order mark is dropped, any other encoding is named and refused."""

from __future__ import annotations

import csv
from typing import NoReturn

from clusteratlas.sources.findings import MOST, Findings

HINT = "save the file as UTF-8"
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def decode(data: bytes, found: Findings) -> bytes:
    """Return the text as valid UTF-8 without a byte order mark.

    Lines that are not UTF-8 are noted, and read with a mark in place of each wrong byte so that
    the rest of the file can be looked at too.

    Raises
    ------
    InvalidInput
        The file is in another encoding altogether, or not text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            found.refuse(f"the file is written in {name}, not in UTF-8", row=1, hint=HINT)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        _refuse_nul(data, found)
    try:
        data.decode()
    except UnicodeDecodeError:
        _note_lines(data, found)
        return data.decode(errors="replace").encode()
    return data


def _refuse_nul(data: bytes, found: Findings) -> NoReturn:
    start = data[:4096]
    if start.count(0) * 4 >= len(start):
        found.refuse("the file is written in UTF-16, not in UTF-8", row=1, hint=HINT)
    row = data.count(b"\n", 0, data.index(b"\x00")) + 1
    found.refuse("the file holds a zero byte", row=row, hint="is this a text file?")


def _note_lines(data: bytes, found: Findings) -> None:
    lines = data.split(b"\n")
    header = lines[0]
    wrong = 0
    for row, line in enumerate(lines, 1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            wrong += 1
            if wrong <= MOST:
                column, value = _cell(header, line, error.start)
                found.add(
                    "the text is not UTF-8",
                    row=row,
                    column=column,
                    value=value,
                    hint="it looks like Latin-1 or Windows-1252; save the file as UTF-8",
                )
            if row == 1:
                found.stop_if_any()
    found.count(wrong - MOST)


def _cell(header: bytes, line: bytes, place: int) -> tuple[str, str]:
    """Column and value of the cell that holds the byte, as far as they can be told."""
    try:
        names = next(csv.reader([header.decode()]), [])
        before = next(csv.reader([line[: place + 1].decode("latin-1")]), [""])
        cells = next(csv.reader([line.decode("latin-1")]), [""])
    except (csv.Error, UnicodeDecodeError):
        return "", line.decode("latin-1").strip()
    at = len(before) - 1
    return (names[at].strip() if at < len(names) else ""), cells[min(at, len(cells) - 1)].strip()
