"""The files inside a publisher's zip archive, or the one file that is not packed."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from clusteratlas.sources.contents import MOST_BYTES, read_contents
from clusteratlas.sources.findings import Findings

WORKBOOK_PART = "[Content_Types].xml"
"""A zip archive that holds this is itself a workbook."""


@dataclass(frozen=True)
class Member:
    """One file: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Archive:
    """The wanted files of an archive and the checksum of the archive."""

    members: tuple[Member, ...]
    checksum: str


def read_archive(
    path: Path, found: Findings, endings: Sequence[str], wanted: Callable[[str], bool]
) -> Archive:
    """Return the files of an archive whose name has one of the endings and is wanted.

    A file that is no archive, or a workbook, is given back as the one member, wanted or not.

    Raises
    ------
    InvalidInput
        The file is not there, damaged, too large, or holds nothing that is wanted.
    """
    try:
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        found.refuse(f"the file cannot be read: {reason}", hint="check its name and your rights")
    if raw[:2] != b"PK":
        plain = read_contents(path, found)
        return Archive((Member(plain.name, plain.data),), plain.checksum)
    checksum = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    names: list[str] = []
    members: list[Member] = []
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if any(part.filename == WORKBOOK_PART for part in parts):
                _refuse_large(parts, found)
                return Archive((Member(path.name, raw),), checksum)
            names = [part.filename for part in parts]
            chosen = [
                part
                for part in parts
                if part.filename.lower().endswith(tuple(endings))
                and not PurePosixPath(part.filename).name.startswith(("~", "."))
                and wanted(PurePosixPath(part.filename).name)
            ]
            _refuse_large(chosen, found)
            members = [
                Member(PurePosixPath(part.filename).name, archive.read(part)) for part in chosen
            ]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        IndexError,
    ) as error:
        found.refuse(
            "the zip archive is cut short or damaged",
            value=str(error),
            hint="download it again and compare its size with the publisher's",
        )
    if not members:
        found.refuse(
            "the zip archive holds no file of this kind",
            value=", ".join(sorted(names)[:8]) or "none",
            hint=f"expected are names that end in {', '.join(endings)}",
        )
    return Archive(tuple(members), checksum)


def _refuse_large(parts: Sequence[zipfile.ZipInfo], found: Findings) -> None:
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES:
        found.refuse(
            "the packed files are too large",
            value=f"{size:,} bytes",
            hint="no table of this kind is as large",
        )
