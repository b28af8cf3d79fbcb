"""The file of a backup: a compressed tar with a manifest that names every part and its checksum.

Nothing of an archive is believed: only names that a backup can hold are read, only plain files,
each once, and none before its checksum has been compared.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clusteratlas.tables import Fault, InvalidInput

MANIFEST = "manifest.json"
SQLITE = "registry.sqlite3"
ROWS = "tables.jsonl"
KEY = "secret-key"
FILES = "files"
RELEASES = "releases"
MOST_MANIFEST = 50_000_000
LEFT_FREE = 64 * 1024 * 1024
"""Bytes of the disk that unpacking leaves alone."""

_PIECE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}"
NAMES = re.compile(
    rf"{re.escape(SQLITE)}|{re.escape(ROWS)}|{KEY}|{FILES}/{_PIECE}(?:/{_PIECE})?"
    rf"|{RELEASES}/[0-9a-f]{{12}}/{_PIECE}"
)
"""Every name that a part of a backup can have."""

CHUNK = 1 << 20


class Part(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What a backup holds and where it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    made_at: str
    code_version: str
    database: Literal["sqlite", "postgresql"]
    migrations: tuple[tuple[str, str], ...]
    rows: dict[str, int]
    release: str | None
    parts: dict[str, Part]


class Writer:
    """Adds parts to an archive and notes their checksums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, Part] = {}

    def add(self, path: Path, name: str) -> None:
        """Add a file under a name; what others write to its end meanwhile is left out."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self.put(name, file, size)

    def put(self, name: str, file: IO[bytes], size: int) -> None:
        """Add so many bytes of a stream under a name."""
        read = _Hashing(file)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, read)
        self.parts[name] = Part(bytes=size, sha256=read.digest.hexdigest())

    def close(self, manifest: Manifest) -> None:
        """Write the manifest, last of all."""
        text = json.dumps(manifest.model_dump(mode="json"), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self._tar.addfile(info, io.BytesIO(text))


class _Hashing(io.RawIOBase):
    """A stream that notes the checksum of what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._file.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing(file: Path) -> Iterator[Writer]:
    """Write an archive that takes its name only when it is whole; only its owner may read it."""
    handle, draft = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
                yield Writer(tar)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
    finally:
        Path(draft).unlink(missing_ok=True)


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack an archive into an empty folder and verify every part; return its manifest.

    Raises
    ------
    InvalidInput
        With all faults: a part that no backup holds, is missing, damaged or there twice; no
        manifest; more than fits on the disk.
    """
    sums: dict[str, Part] = {}
    faults: list[Fault] = []
    text: bytes | None = None
    try:
        with tarfile.open(file, "r:gz") as tar:
            for member in tar:
                if member.name == MANIFEST and member.isreg() and text is None:
                    text = _manifest_text(tar, member)
                elif problem := _refused(member, sums, folder):
                    faults.append(Fault(problem, file=file.name, value=member.name[:200]))
                    if len(faults) >= InvalidInput.shown:
                        break
                else:
                    sums[member.name] = _take_out(tar, member, folder)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # the system refused, not the file
        faults.append(Fault("the file is no whole backup", file=file.name, value=str(error)[:200]))
    if text is None and not faults:
        faults.append(Fault("the file has no manifest: it is no backup", file=file.name))
    manifest = _manifest(text, file, faults)
    if manifest is not None:
        faults += _compared(manifest, sums, file)
    if faults or manifest is None:
        raise InvalidInput(faults)
    return manifest


def _refused(member: tarfile.TarInfo, known: dict[str, Part], folder: Path) -> str:
    if not member.isreg():
        return "only plain files belong into a backup"
    if not NAMES.fullmatch(member.name) or ".." in PurePosixPath(member.name).parts:
        return "no part of a backup has such a name"
    if member.name in known:
        return "the part is there twice"
    if member.size > shutil.disk_usage(folder).free - LEFT_FREE:
        return "the part does not fit on the disk"
    return ""


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> Part:
    source = tar.extractfile(member)
    assert source is not None  # noqa: S101 - a plain file, see `_refused`
    path = folder / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return Part(bytes=size, sha256=digest.hexdigest())


def _manifest_text(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = tar.extractfile(member)
    if source is None or member.size > MOST_MANIFEST:
        raise ValueError("the manifest is too long")
    return source.read()


def _manifest(text: bytes | None, file: Path, faults: list[Fault]) -> Manifest | None:
    if text is None:
        return None
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        for each in error.errors()[:10]:
            where = ".".join(map(str, each["loc"]))
            faults.append(Fault(each["msg"], file=file.name, column=f"{MANIFEST} {where}".strip()))
        return None


def _compared(manifest: Manifest, found: dict[str, Part], file: Path) -> list[Fault]:
    faults = []
    for name in sorted(manifest.parts.keys() | found.keys()):
        if name not in found:
            faults.append(Fault("the part is missing", file=file.name, value=name))
        elif name not in manifest.parts:
            faults.append(Fault("the manifest does not name the part", file=file.name, value=name))
        elif manifest.parts[name] != found[name]:
            faults.append(
                Fault(
                    "the part is damaged: its checksum is another one",
                    file=file.name,
                    value=name,
                    hint="take another backup",
                )
            )
    wanted = SQLITE if manifest.database == "sqlite" else ROWS
    if wanted not in found:
        faults.append(Fault("the backup holds no database", file=file.name, value=wanted))
    return faults
