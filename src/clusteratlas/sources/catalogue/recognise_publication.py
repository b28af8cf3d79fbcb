"""Tell by its name, else by its columns, which publication a file is of."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.sources.archive import WORKBOOK_PART
from clusteratlas.sources.cells import PARQUET, read_header
from clusteratlas.sources.encoding import decode
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.workbook import ENDINGS, LONGEST_PREAMBLE, Workbook, is_workbook
from clusteratlas.tables import InvalidInput

NAMES: tuple[tuple[str, str], ...] = (
    (r"cbp\d\dco", "cbp-county"),
    (r"cbp\d\dmsa", "cbp-metro"),
    (r"cbp\d\dst", "cbp-state"),
    (r"cbp\d\dus", "cbp-us"),
    (r"annual[._]singlefile", "qcew-annual"),
    (r"(qtrly|q\d-q\d)[._]singlefile", "qcew-quarterly"),
    (r"oesm\d\din\d?|^nat\dd.*_m\d{4}|^natsector_m\d{4}", "oews-industry"),
    (r"oesm\d\dma|^(msa|bos)_m\d{4}", "oews-area"),
    (r"oesm\d\dst|^state_m\d{4}", "oews-state"),
    (r"^iouse_before_redefinitions_pro", "bea-use"),
    (r"^iomake_before_redefinitions", "bea-make"),
    (r"^usa_county_gd", "uspto-patents-county"),
    (r"zbp\d\ddetail", "zbp-detail"),
    (r"zbp\d\dtotals?", "zbp-totals"),
)
"""What the publishers name their files, as patterns of the name in lower case."""

HEAD = 1 << 20
LARGEST_BOOK = 1 << 27
UNREADABLE = (
    InvalidInput,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    pa.ArrowException,
)
"""What damaged files raise: the reader tells what is wrong with them."""


def recognise_publication(path: Path) -> str | None:
    """Return the id of the publication that a file is of; ``None`` where it cannot be told.

    Files of employment that only their header tells apart are ``employment``.
    """
    name = path.name.lower()
    for pattern, found in NAMES:
        if re.search(pattern, name):
            return found
    try:
        columns = list(_headers(path))
    except UNREADABLE:
        return None
    for names in columns:
        told = by_columns(names, name)
        if told is not None:
            return told
    return None


def by_columns(names: tuple[str, ...], file: str = "") -> str | None:
    """Return the publication whose files have these columns, in lower case.

    >>> by_columns(("region", "indicator", "year", "value", "unit", "source"))
    'indicators'
    >>> by_columns(("area", "area_title", "occ_code", "tot_emp"))
    'oews-area'
    """
    present = set(names)
    if {"occ_code", "tot_emp"} <= present:
        both = {"area", "naics"} <= present
        regional = bool(re.search("msa|bos|metro|area|state", file)) if both else "area" in present
        return "oews-area" if regional else "oews-industry"
    if len(present & {"indicator", "value", "unit"}) >= 2:
        return "indicators"
    if any(re.fullmatch(r"bea_\d{4}_detail_code", name) for name in names):
        return "bea-crosswalk"
    if present & {"fips code", "stco_code"}:
        return "uspto-patents-county"
    if {"zip", "naics", "est"} <= present:
        return "zbp-detail"
    if {"zip", "stabbr", "cty_name"} <= present:
        return "zbp-totals"
    if names and names[0] in {"commodity_or_industry", "code"} and len(names) > 2:
        return "bea-make" if "make" in file else "bea-use" if "use" in file else None
    return None


def _headers(path: Path) -> Iterator[tuple[str, ...]]:
    """The names that may head a table: of each sheet, or of the text, without reading it whole."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head[:4] == PARQUET:
        yield tuple(name.lower() for name in pq.ParquetFile(path).schema_arrow.names)
    elif head[:2] == b"\x1f\x8b":
        yield from _of_text(zlib.decompressobj(31).decompress(head, HEAD))
    elif head[:2] == b"PK":
        yield from _of_archive(path)
    elif is_workbook(head):
        yield from _of_workbook(path.read_bytes(), path)
    else:
        yield from _of_text(head)


def _of_archive(path: Path) -> Iterator[tuple[str, ...]]:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if any(part.filename == WORKBOOK_PART for part in parts):
            yield from _of_workbook(path.read_bytes(), path)
            return
        for part in parts:
            if part.filename.lower().endswith(ENDINGS) and part.file_size < LARGEST_BOOK:
                yield from _of_workbook(archive.read(part), path)
            elif part.filename.lower().endswith((".csv", ".txt", ".tsv")):
                with archive.open(part) as packed:
                    yield from _of_text(packed.read(HEAD))


def _of_workbook(data: bytes, path: Path) -> Iterator[tuple[str, ...]]:
    book = Workbook(data, Findings(path))
    for sheet in book.sheets:
        for cells in islice(book.rows(sheet), LONGEST_PREAMBLE):
            yield tuple(cell.lower() for cell in cells)


def _of_text(head: bytes) -> Iterator[tuple[str, ...]]:
    line = head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 1)[0]
    if not line.startswith(b"<"):
        quiet = Findings(Path())
        data = decode(line, quiet)
        names = read_header(data, quiet, separator="\t" if b"\t" in data else ",").names
        yield tuple(name.lower() for name in names)
