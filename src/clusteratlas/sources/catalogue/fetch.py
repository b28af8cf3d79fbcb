"""Fetch one file from its publisher: resumed where it broke, checked, and put in place whole."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from clusteratlas import __version__
from clusteratlas.sources.catalogue import kept
from clusteratlas.sources.catalogue.kept import PART, RECORD, Record, Validators, beside
from clusteratlas.sources.catalogue.publication import Media
from clusteratlas.sources.catalogue.reach import (
    CONTACT_VARIABLE,
    OutOfReach,
    Reach,
    cache_folder,
)
from clusteratlas.sources.contents import MOST_BYTES

__all__ = ["CannotFetch", "Fetched", "Reach", "cache_folder", "fetch"]

TRIES = 4
"""A first attempt, and up to three that go on where the one before broke."""
MOST_REDIRECTS = 5
PIECE = 1 << 16
"""Bytes that are written at once."""
TIMEOUT = urllib3.Timeout(connect=15.0, read=60.0)
PAUSES = (0.5, 2.0, 5.0)
"""Seconds to wait before each further attempt."""

Tell = Callable[[int, int | None], None]
"""Called with the bytes that have come and, where it is known, how many there will be."""


@dataclass(frozen=True)
class Fetched:
    """A file in place: its path, checksum, size, and whether it was there already."""

    path: Path
    sha256: str
    size: int
    retrieved: str | None
    reused: bool


class CannotFetch(OSError):
    """A file cannot be had from here; one sentence says what to fetch by hand and where to put it.

    >>> from pathlib import Path
    >>> print(CannotFetch("there is no connection", "https://example.org/a.zip", Path("a.zip")))
    a.zip was not fetched, there is no connection: open https://example.org/a.zip in a browser \
and save it as a.zip.
    """

    def __init__(self, reason: str, address: str, target: Path, hint: str = "") -> None:
        self.reason, self.address, self.target, self.hint = reason, address, target, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return (
            f"{self.target.name} was not fetched, {self.reason}{hint}: "
            f"open {self.address} in a browser and save it as {self.target}."
        )


class _Broken(Exception):
    """An attempt broke off; the next one may go on where it ended."""


def fetch(
    address: str,
    target: Path,
    media: Media,
    *,
    reach: Reach | None = None,
    again: bool = False,
    largest: int = MOST_BYTES,
    tell: Tell = lambda come, whole: None,
    pause: Callable[[float], None] = time.sleep,
) -> Fetched:
    """Bring a publisher's file to a path, whole or not at all.

    Definition
        What comes is written to ``target.part``; a later attempt, in this call or another, asks
        for the rest with ``If-Range`` and starts anew where the file has changed. A whole file is
        checked against its announced size and its kind, its SHA-256 is written to
        ``target.fetched.json``, and it is renamed to ``target`` in one step. A file that is there
        with its checksum is not fetched again; one that was put there by hand is checked and
        kept.

    Parameters
    ----------
    address
        An https address on one of the hosts of ``reach``; each redirect is held to the same.
    target
        Where to put the file.
    media
        What it is: ``zip``, ``gzip``, ``csv`` or ``page``.
    reach
        Which hosts may be asked; by default those of the catalogue.
    again
        Fetch even where the file is there.
    largest
        Most bytes to take.
    tell
        Called as bytes come.
    pause
        Waits a number of seconds between attempts.

    Returns
    -------
    Fetched

    Raises
    ------
    CannotFetch
        There is no connection, the publisher refuses, or what came is not the file.
    OSError
        The disk is full or cannot be written; nothing is at ``target`` that was not there before.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    here = None if again else _in_place(address, target, media)
    if here is not None:
        return here
    job = _Job(address, target, media, reach or Reach(), largest, tell)
    try:
        with kept.alone(target), _client(outside=job.reach.stand_in is None) as client:
            for attempt in range(TRIES):
                if attempt:
                    pause(PAUSES[attempt - 1])
                try:
                    job.attempt(client)
                    break
                except _Broken as broken:
                    if attempt + 1 == TRIES:
                        job.refuse(f"the connection broke {TRIES} times ({broken})")
            return job.put_in_place()
    except kept.InUse:
        job.refuse("another fetch of it is under way", "wait for it")


def _client(*, outside: bool) -> urllib3.PoolManager:
    """Return what asks publishers, through the system's proxy where there is one."""
    proxy = urllib.request.getproxies().get("https") if outside else None
    if proxy:
        return urllib3.ProxyManager(proxy, timeout=TIMEOUT, retries=False)
    return urllib3.PoolManager(timeout=TIMEOUT, retries=False)


class _Job:
    """One file on its way."""

    def __init__(
        self, address: str, target: Path, media: Media, reach: Reach, largest: int, tell: Tell
    ) -> None:
        self.address, self.target, self.media = address, target, media
        self.reach, self.largest, self.tell = reach, largest, tell
        self.part = beside(target, PART)
        self.validators: Validators | None = None
        self.in_parts = False

    def refuse(self, reason: str, hint: str = "") -> NoReturn:
        raise CannotFetch(reason, self.address, self.target, hint)

    def attempt(self, client: urllib3.PoolManager) -> None:
        """Ask once, going on where the part ends; return when the file is whole."""
        have = self._have()
        known = kept.read_validators(self.target) if have else None
        resuming = known.if_range if known and known.address == self.address else None
        if not resuming:
            have = 0
        if known and known.size is not None and have > known.size:
            kept.drop_part(self.target)
            have, resuming = 0, None
        if known and resuming and known.size == have:
            self.validators, self.in_parts = known, True
            return
        headers = {"User-Agent": _user_agent(), "Accept-Encoding": "identity"}
        if resuming:
            headers |= {"Range": f"bytes={have}-", "If-Range": resuming}
        try:
            self._take(client, headers, have)
        except (NewConnectionError, ConnectTimeoutError, ProxyError, SSLError) as error:
            self.refuse("there is no connection to the publisher", _told(error))
        except HTTPError as error:
            raise _Broken(_told(error)) from None

    def _take(self, client: urllib3.PoolManager, headers: dict[str, str], have: int) -> None:
        """Follow redirects within reach and take what the last one gives."""
        address = self.address
        for _ in range(MOST_REDIRECTS + 1):
            try:
                asked = self.reach.resolve(address)
            except OutOfReach as error:
                self.refuse(f"the publisher sent us elsewhere: {error}")
            response = client.request(
                "GET", asked, headers=headers, preload_content=False, redirect=False
            )
            with closing(response):
                if response.get_redirect_location():
                    address = self.reach.after(address, response.headers.get("location", ""))
                    continue
                self._answer(response, have)
                return
        self.refuse("the publisher sent us in a circle")

    def _answer(self, response: urllib3.BaseHTTPResponse, have: int) -> None:
        status = response.status
        if status == 416:
            kept.drop_part(self.target)
            raise _Broken("the publisher has no such rest of the file")
        if status >= 500:
            raise _Broken(f"the publisher's server is in trouble, status {status}")
        if status in (401, 403, 429):
            self.refuse(
                f"the publisher turned us away with status {status}",
                f"set {CONTACT_VARIABLE} to an e-mail address, it may ask who is asking",
            )
        if status in (404, 410):
            self.refuse("the publisher has no such file", "is the year out yet?")
        if status not in (200, 206):
            self.refuse(f"the publisher answered with status {status}")
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding != "identity" and self.media != "gzip":
            self.refuse(f"the publisher sent it packed ({encoding}), though asked not to")
        start = have if status == 206 else 0
        length = _number(response.headers.get("content-length"))
        whole = start + length if length is not None else None
        if status == 206:
            told = re.fullmatch(
                r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("content-range", "")
            )
            if told is None or int(told[1]) != have:
                kept.drop_part(self.target)
                raise _Broken("the publisher sent another part than the one asked for")
            whole = int(told[3]) if told[3] != "*" else whole
            old = kept.read_validators(self.target)
            if old and _changed(old, whole, response.headers):
                kept.drop_part(self.target)
                raise _Broken("the file has changed at the publisher's")
        if whole is not None:
            self._make_room(whole, start)
        self.validators = Validators(
            self.address,
            response.headers.get("etag"),
            response.headers.get("last-modified"),
            whole,
        )
        self._write(response, start, whole)

    def _make_room(self, whole: int, start: int) -> None:
        if whole > self.largest:
            self.refuse(f"it is too large: {whole:,} bytes")
        if shutil.disk_usage(self.target.parent).free < whole - start:
            told = f"{os.strerror(errno.ENOSPC)}, the file has {whole:,} bytes"
            raise OSError(errno.ENOSPC, told, str(self.target.parent))

    def _write(self, response: urllib3.BaseHTTPResponse, start: int, whole: int | None) -> None:
        try:
            self._write_on(response, start, whole)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            told = f"{os.strerror(errno.ENOSPC)}; what has come is kept, the next fetch goes on"
            raise OSError(errno.ENOSPC, told, str(self.part)) from None

    def _write_on(self, response: urllib3.BaseHTTPResponse, start: int, whole: int | None) -> None:
        if self.validators is not None:
            kept.write_whole(beside(self.target, f"{PART}.json"), self.validators)
        come = start
        self.in_parts = self.in_parts or start > 0
        with self.part.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            for chunk in response.stream(PIECE, decode_content=False):
                if come == 0 and (wrong := kept.looks_wrong(chunk[:512], self.media)):
                    file.close()
                    kept.drop_part(self.target)
                    self.refuse(wrong)
                come += len(chunk)
                if come > self.largest:
                    file.close()
                    kept.drop_part(self.target)
                    self.refuse(f"it is too large: more than {self.largest:,} bytes")
                file.write(chunk)
                self.tell(come, whole)
        if whole is not None and come != whole:
            raise _Broken(f"{come:,} of {whole:,} bytes came")

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def put_in_place(self) -> Fetched:
        """Check the whole part, record its checksum and rename it."""
        wrong = kept.is_damaged(self.part, self.media, wholly=self.in_parts)
        if wrong:
            kept.drop_part(self.target)
            self.refuse(wrong)
        record = Record(
            self.address,
            kept.checksum(self.part),
            self._have(),
            datetime.now(UTC).date().isoformat(),
            self.validators.etag if self.validators else None,
            self.validators.last_modified if self.validators else None,
        )
        beside(self.target, RECORD).unlink(missing_ok=True)
        self.part.replace(self.target)
        kept.write_whole(beside(self.target, RECORD), record)
        beside(self.target, f"{PART}.json").unlink(missing_ok=True)
        return Fetched(self.target, record.sha256, record.size, record.retrieved, reused=False)


def _in_place(address: str, target: Path, media: Media) -> Fetched | None:
    """The file that is there already, fetched or put there by hand."""
    if not target.is_file():
        return None
    record, found = kept.read_record(target), kept.checksum(target)
    if record is not None and record.sha256 != found:
        raise CannotFetch(
            "a file is there that is not the one fetched before",
            address,
            target,
            "add --again to replace it",
        )
    if record is None:
        wrong = kept.is_damaged(target, media)
        if wrong:
            raise CannotFetch(
                f"a file is there already and {wrong}", address, target, "add --again to replace it"
            )
        record = Record(address, found, target.stat().st_size, None)
        kept.write_whole(beside(target, RECORD), record)
    return Fetched(target, found, record.size, record.retrieved, reused=True)


def _user_agent() -> str:
    contact = os.environ.get(CONTACT_VARIABLE, "").strip()
    safe = re.sub(r"[^\x21-\x7e]", "", contact)
    return f"ClusterAtlas/{__version__}" + (f" ({safe})" if safe else "")


def _changed(old: Validators, whole: int | None, headers: Mapping[str, str]) -> bool:
    """Whether a part is of another file than the one that began to come."""
    if None not in (old.size, whole) and old.size != whole:
        return True
    etag, modified = headers.get("etag"), headers.get("last-modified")
    if old.etag and etag:
        return old.etag != str(etag)
    return bool(old.last_modified and modified and old.last_modified != modified)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _told(error: Exception) -> str:
    told = str(error).splitlines()[0] if str(error) else type(error).__name__
    return told.rstrip(".")
