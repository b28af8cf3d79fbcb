"""Large delimited files, read piece by piece: only what is wanted is ever in memory."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from clusteratlas.sources.cells import TextTable, read_header
from clusteratlas.sources.contents import UNZIPPED
from clusteratlas.sources.encoding import HINT, decode
from clusteratlas.sources.findings import MOST, Findings

BLOCK = 16 << 20
"""Bytes that are split at a time."""

MARK = b"\xef\xbb\xbf"
ENDINGS = (".csv", ".txt", ".tsv")
Select = Callable[[pa.Table], pa.Table]


@dataclass(frozen=True)
class Streamed:
    """What was kept of a file: its cells, the name of what was packed, and its checksum.

    ``rows`` counts all rows of the file, kept or not.
    """

    text: TextTable
    name: str
    checksum: str
    rows: int


def stream_table(
    path: Path, found: Findings, keep: Callable[[str], bool], select: Select
) -> Streamed:
    """Return the wanted columns and rows of a file separated by commas, plain or zipped.

    Parameters
    ----------
    path
        ``.csv``, or a zip that holds one.
    found
        Takes the faults of form.
    keep
        Says by its name in lower case whether a column is wanted.
    select
        Gives of a piece (columns as text named in lower case, and ``row``) the rows to keep.

    Raises
    ------
    InvalidInput
        The file is not there, damaged, or cannot be split into rows and columns at all.
    """
    try:
        checksum = _checksum(path)
        with _opened(path, found) as (name, file):
            text, rows = _split(file, found, keep, select)
    except UNZIPPED as error:
        damaged = isinstance(error, zipfile.BadZipFile) or path.suffix.lower() == ".zip"
        reason = getattr(error, "strerror", None) or str(error)
        if damaged:
            found.refuse(
                "the zip archive is cut short or damaged",
                value=str(error),
                hint="download it again and compare its size with the publisher's",
            )
        found.refuse(f"the file cannot be read: {reason}", hint="check its name and your rights")
    return Streamed(text, name, checksum, rows)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


@contextmanager
def _opened(path: Path, found: Findings) -> Iterator[tuple[str, IO[bytes]]]:
    """Open the file, or the one table in a zip, behind a mark of byte order."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"PK"
        raw.seek(0)
        if not packed:
            yield path.name, _behind_mark(raw)
            return
        with zipfile.ZipFile(raw) as archive:
            members = [
                member for member in archive.infolist() if member.filename.lower().endswith(ENDINGS)
            ]
            if len(members) != 1:
                names = ", ".join(sorted(member.filename for member in members)[:5]) or "none"
                found.refuse(
                    "the zip archive must hold exactly one .txt, .csv or .tsv file",
                    value=names,
                    hint="unpack it and give the one file that is meant",
                )
            with archive.open(members[0]) as file:
                yield Path(members[0].filename).name, _behind_mark(file)


def _behind_mark(file: IO[bytes]) -> IO[bytes]:
    buffered = io.BufferedReader(cast(io.RawIOBase, file))
    if buffered.peek(3)[:3] == MARK:
        buffered.read(3)
    return buffered


class _Watched(io.RawIOBase):
    """A file that remembers how it ends, and gives valid UTF-8: lines that are not are noted."""

    def __init__(self, file: IO[bytes], found: Findings) -> None:
        self._file = file
        self._found = found
        self._ready = b""
        self._half = b""
        self._line = 2
        self.tail = b""

    def readable(self) -> bool:
        """Return true: the file is there to be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        size = size if size >= 0 else BLOCK
        if not self._ready:
            self._ready = self._next(size)
        piece, self._ready = self._ready[:size], self._ready[size:]
        self.tail = (self.tail + piece[-2000:])[-2000:]
        return piece

    def _next(self, size: int) -> bytes:
        fresh = self._file.read(size)
        piece, self._half = self._half + fresh, b""
        try:
            piece.decode()
        except UnicodeDecodeError as error:
            if fresh and error.reason == "unexpected end of data":
                self._half, piece = piece[error.start :], piece[: error.start]
                return piece or self._next(size)
            piece = self._mended(piece)
        self._line += piece.count(b"\n")
        return piece

    def _mended(self, piece: bytes) -> bytes:
        wrong = 0
        for place, line in enumerate(piece.split(b"\n")):
            try:
                line.decode()
            except UnicodeDecodeError:
                wrong += 1
                if wrong <= MOST:
                    told = line.decode("latin-1").strip()
                    self._found.add(
                        "the text is not UTF-8", row=self._line + place, value=told, hint=HINT
                    )
        self._found.count(wrong - MOST)
        return piece.decode(errors="replace").encode()


def _split(
    file: IO[bytes], found: Findings, keep: Callable[[str], bool], select: Select
) -> tuple[TextTable, int]:
    head = file.readline(1 << 20)
    header = _header(head, found)
    watched = _Watched(file, found)
    skipped: list[int] = []
    ragged = 0

    def note(bad: Any) -> str:
        nonlocal ragged
        number = int(bad.number)
        skipped.append(number)
        if bad.text.strip():
            ragged += 1
            if ragged <= MOST:
                found.add(
                    f"the row has {bad.actual_columns} cells and the header {bad.expected_columns}",
                    row=number + 1,
                    value=bad.text,
                    hint="was the file cut short?"
                    if bad.actual_columns < bad.expected_columns
                    else "a separator within a number or a name must stand in quotation marks",
                )
        return "skip"

    chosen: dict[str, str] = {}
    for place, name in enumerate(header):
        if keep(name.lower()):
            chosen.setdefault(name.lower(), f"c{place}")
    places = [f"c{place}" for place in range(len(header))]
    pieces: list[pa.Table] = []
    total = 0
    try:
        reader = pa_csv.open_csv(
            watched,
            read_options=pa_csv.ReadOptions(
                column_names=places, block_size=BLOCK, use_threads=False
            ),
            parse_options=pa_csv.ParseOptions(
                invalid_row_handler=note, ignore_empty_lines=False, newlines_in_values=False
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()),
                include_columns=list(chosen.values()),
                strings_can_be_null=False,
            ),
        )
        for batch in reader:
            piece = pa.Table.from_batches([batch]).rename_columns(list(chosen))
            order = pa.array(np.arange(total, total + piece.num_rows, dtype=np.int64))
            total += piece.num_rows
            kept = select(_filled(piece.append_column("row", order), list(chosen)))
            if kept.num_rows:
                pieces.append(kept)
    except pa.ArrowInvalid as error:
        _refuse_split(error, found, total)
    if not total and not skipped:
        found.refuse("the file holds a header and no rows", hint="was the download finished?")
    _check_end(watched.tail, found, total + len(skipped) + 1)
    found.count(ragged - MOST)
    fields = [pa.field(name, pa.string()) for name in chosen] + [pa.field("row", pa.int64())]
    table = pa.concat_tables(pieces) if pieces else pa.schema(fields).empty_table()
    table = table.set_column(
        table.schema.get_field_index("row"), "row", _lines(table["row"], skipped)
    )
    names = {name.lower(): name for name in header if name.lower() in chosen}
    return TextTable(table, names, header, 1), total


def _filled(piece: pa.Table, names: list[str]) -> pa.Table:
    """Leave out the rows of blank lines."""
    if not names or not pc.any(pc.equal(piece[names[0]], "")).as_py():
        return piece
    blank = pc.equal(piece[names[0]], "")
    for name in names[1:]:
        blank = pc.and_(blank, pc.equal(piece[name], ""))
    return piece.filter(pc.invert(blank))


def _header(head: bytes, found: Findings) -> tuple[str, ...]:
    if not head.strip(b"\x00\r\n\t "):
        found.refuse("the file is empty", hint="was the download finished?")
    header = read_header(decode(head, found), found)
    if header.separator != "," or len(header.names) < 2:
        found.refuse(
            "the first line names no columns, separated by commas",
            row=1,
            value=head.decode(errors="replace").strip(),
            hint="is this the publisher's CSV?",
        )
    return header.names


def _lines(rows: pa.ChunkedArray, skipped: list[int]) -> pa.Array:
    """Turn places among the rows that were kept into lines of the file; the header is line 1.

    ``skipped`` are the numbers of rows that could not be split, the first row being 1.
    """
    places = rows.to_numpy() if rows.num_chunks else np.zeros(0, dtype=np.int64)
    gaps = np.sort(np.asarray(skipped, dtype=np.int64)) - 1
    before = gaps - np.arange(len(gaps))
    return pa.array(places + np.searchsorted(before, places, side="right") + 2)


def _check_end(tail: bytes, found: Findings, row: int) -> None:
    if tail and not tail.endswith((b"\n", b"\r")):
        found.add(
            "the file ends in the middle of a row, without a line end",
            row=row,
            value=tail.rsplit(b"\n", 1)[-1].decode(errors="replace").strip(),
            hint="was the download finished? compare its size with the publisher's; if the row is "
            "whole, add a line end",
        )


def _refuse_split(error: Exception, found: Findings, before: int) -> None:
    told = str(error).splitlines()[0] if str(error) else ""
    found.refuse(
        f"the file cannot be split into rows and columns, somewhere after row {before + 1}",
        value=told,
        hint="a quotation mark is opened and not closed, or the file is damaged",
    )
