"""Releases on disk: written beside the old one, then current in one atomic switch."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clusteratlas.tables import CannotAnswer

RELEASES = "releases"
CURRENT = "current"
MANIFEST = "manifest.json"
ID_LENGTH = 12


def current_id(place: Path) -> str:
    """Return the id of the current release, or refuse when there is none."""
    try:
        return Path(os.readlink(place / CURRENT)).name
    except OSError:
        raise CannotAnswer(
            "no atlas has been built here",
            value=str(place),
            hint="run `clusteratlas demo` for the sample or `clusteratlas build` for your figures",
        ) from None


def release_folder(place: Path, release: str | None = None) -> Path:
    """Return the folder of a release, by default of the current one."""
    folder = place / RELEASES / (release or current_id(place))
    if not (folder / MANIFEST).is_file():
        raise CannotAnswer(
            "the release is not there or not whole", value=str(folder), hint="build it again"
        )
    return folder


@contextmanager
def new_release(place: Path) -> Iterator[Path]:
    """Give a folder to write a release into; it is thrown away unless `publish` took it."""
    releases = place / RELEASES
    releases.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=releases))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def publish(place: Path, draft: Path, release: str) -> Path:
    """Move a whole draft to its final name and make it current in one switch.

    Content decides the id, so a draft whose id is there already is the same release.
    """
    folder = place / RELEASES / release
    for path in draft.iterdir():
        _flush(path)
    _flush(draft)
    draft.chmod(0o755)
    if not _same_files(draft, folder):
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(draft, folder)
        _flush(folder.parent)
    switch(place, release)
    return folder


def _same_files(draft: Path, folder: Path) -> bool:
    """Whether a folder holds every file of the draft, undamaged."""
    return all(
        (folder / path.name).is_file() and checksum(folder / path.name) == checksum(path)
        for path in draft.iterdir()
    )


def switch(place: Path, release: str) -> None:
    """Make a release current. A reader sees the old one or the new one, never a mixture."""
    release_folder(place, release)
    with tempfile.TemporaryDirectory(prefix=".switch-", dir=place) as aside:
        link = Path(aside) / CURRENT
        link.symlink_to(Path(RELEASES) / release, target_is_directory=True)
        os.replace(link, place / CURRENT)
    _flush(place)


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_id(files: dict[str, str], description: dict[str, object]) -> str:
    """Return the id of a release: a hash of its files' checksums and its description."""
    content = json.dumps({"files": files, "description": description}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:ID_LENGTH]


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
