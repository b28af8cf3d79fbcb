"""What lies on the disk of a download: the part that came so far, and the whole with its record."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from clusteratlas.sources.catalogue.publication import Media

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

PART, RECORD = ".part", ".fetched.json"


@dataclass(frozen=True)
class Validators:
    """What tells whether a file at an address is still the same one."""

    address: str
    etag: str | None
    last_modified: str | None
    size: int | None

    @property
    def if_range(self) -> str | None:
        """What to send so that the rest comes only of the same file; weak tags do not count."""
        if self.etag and not self.etag.startswith("W/"):
            return self.etag
        return self.last_modified


@dataclass(frozen=True)
class Record:
    """What is known about a file that was fetched whole."""

    address: str
    sha256: str
    size: int
    retrieved: str | None
    etag: str | None = None
    last_modified: str | None = None


def beside(target: Path, ending: str) -> Path:
    """Return the path of a companion of the file."""
    return target.with_name(f"{target.name}{ending}")


def read_record(target: Path) -> Record | None:
    """Return the record of a fetched file; ``None`` where there is none that can be read."""
    try:
        return Record(**json.loads(beside(target, RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def read_validators(target: Path) -> Validators | None:
    """Return what is known of the part that came so far."""
    try:
        text = beside(target, f"{PART}.json").read_text(encoding="utf-8")
        return Validators(**json.loads(text))
    except (OSError, ValueError, TypeError):
        return None


def write_whole(path: Path, values: object) -> None:
    """Write a record so that a reader sees the old one or the new one, never a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(values), file, sort_keys=True, indent=1)  # type: ignore[call-overload]
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def drop_part(target: Path) -> None:
    """Forget the part that came so far."""
    beside(target, PART).unlink(missing_ok=True)
    beside(target, f"{PART}.json").unlink(missing_ok=True)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def looks_wrong(start: bytes, media: Media) -> str:
    """Say what is wrong with how a file begins; empty where nothing is.

    >>> looks_wrong(b"PK\\x03\\x04", "zip"), looks_wrong(b"<!DOCTYPE html>", "zip")
    ('', 'the publisher answered with a web page in place of the file')
    """
    page = start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<"
    if media == "page":
        return "" if page else "the publisher answered with something else than its page"
    if page:
        return "the publisher answered with a web page in place of the file"
    if media == "zip" and start[:2] != b"PK":
        return "what the publisher answered is no zip archive"
    if media == "gzip" and start[:2] != b"\x1f\x8b":
        return "what the publisher answered is no gzip file"
    return ""


class InUse(Exception):
    """Another process is at the same file."""


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Keep two downloads of one file apart, where the system can lock files.

    Raises
    ------
    InUse
        Another process fetches the same file.
    """
    place = beside(target, f"{PART}.lock")
    with place.open("wb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InUse from None
        try:
            yield
        finally:
            place.unlink(missing_ok=True)


def is_damaged(path: Path, media: Media, *, wholly: bool = False) -> str:
    """Say what is wrong with a whole file; empty where nothing is.

    ``wholly`` also unpacks every file of a zip archive, as after a download in parts.
    """
    with path.open("rb") as file:
        wrong = looks_wrong(file.read(512), media)
    if wrong:
        return wrong
    try:
        if media == "zip":
            with zipfile.ZipFile(path) as archive:
                if not archive.namelist():
                    return "the zip archive is empty"
                if wholly and (bad := archive.testzip()):
                    return f"the file is damaged (in {bad})"
        elif media == "gzip":
            with gzip.open(path) as packed:
                while packed.read(1 << 20):
                    pass
        elif media == "page" and b"<table" not in path.read_bytes().lower():
            return "the publisher's page holds no table"
        elif path.stat().st_size == 0:
            return "the file is empty"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        return f"the file is damaged ({error})"
    return ""
