"""Open a file as bytes: plain, gzip or zip, whole and no larger than a table can be."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from pathlib import Path

from clusteratlas.sources.findings import Findings

MOST_BYTES = 4 * 1024**3
"""No table that we read is larger when unpacked; what is larger is refused, not unpacked."""

UNZIPPED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Contents:
    """The unpacked bytes of a file, the name of what was packed, and the checksum of the file."""

    data: bytes
    name: str
    checksum: str


def read_contents(path: Path, found: Findings) -> Contents:
    """Return the bytes of a file, unpacked where it is a zip of one text file or a gzip.

    Raises
    ------
    InvalidInput
        The file is not there, empty, cut short, damaged, or holds more than one table.
    """
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        found.refuse(f"the file cannot be read: {reason}", hint="check its name and your rights")
    checksum = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    data, name = raw, path.name
    if raw[:2] == b"PK":
        data, name = _unzip(raw, path, found)
    elif raw[:2] == b"\x1f\x8b":
        data, name = _gunzip(raw, found), path.name.removesuffix(".gz")
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        found.refuse("the file is empty", hint="was the download finished?")
    return Contents(data, name, checksum)


def _unzip(raw: bytes, path: Path, found: Findings) -> tuple[bytes, str]:
    """The one table in a zip archive and its name."""
    data, name = b"", path.name
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [
                member
                for member in archive.infolist()
                if not member.is_dir()
                and member.filename.lower().endswith((".txt", ".csv", ".tsv"))
            ]
            if len(members) != 1:
                names = ", ".join(sorted(member.filename for member in members)[:5]) or "none"
                found.add(
                    "the zip archive must hold exactly one .txt, .csv or .tsv file",
                    value=names,
                    hint="unpack it and give the one file that is meant",
                )
            elif members[0].file_size > MOST_BYTES:
                found.add(
                    "the packed file is too large",
                    value=f"{members[0].file_size:,} bytes",
                    hint="no table of this kind is as large",
                )
            else:
                data, name = archive.read(members[0]), Path(members[0].filename).name
    except UNZIPPED as error:
        found.add(
            "the zip archive is cut short or damaged",
            value=str(error),
            hint="download it again and compare its size with the publisher's",
        )
    except (ValueError, UnicodeDecodeError, IndexError) as error:
        found.add("the zip archive is damaged", value=str(error), hint="download it again")
    found.stop_if_any()
    return data, name


def _gunzip(raw: bytes, found: Findings) -> bytes:
    data = b""
    try:
        with GzipFile(fileobj=io.BytesIO(raw)) as packed:
            data = packed.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            found.add("the packed file is too large", hint="no table of this kind is as large")
    except (BadGzipFile, EOFError, zlib.error, OSError, ValueError) as error:
        found.add(
            "the gzip file is cut short or damaged",
            value=str(error),
            hint="download it again and compare its size with the publisher's",
        )
    found.stop_if_any()
    return data


def check_end(contents: Contents, found: Findings) -> None:
    """Note a text whose last row has no line end: a publisher's file that was cut in the middle.

    A number that is cut is a number too, so the last row cannot be trusted.
    """
    end = contents.data[-4:].replace(b"\x00", b"")
    if end.endswith((b"\n", b"\r")):
        return
    last = contents.data[-2000:].rsplit(b"\n", 1)[-1]
    found.add(
        "the file ends in the middle of a row, without a line end",
        row=contents.data.count(b"\n") + 1,
        value=last.decode(errors="replace").strip(),
        hint="was the download finished? compare its size with the publisher's; if the row is "
        "whole, add a line end",
    )
