"""Can the store be written to, is there room, can only its owner read it, is there a backup?"""

from __future__ import annotations

import datetime
import json
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clusteratlas.portal import connections
from clusteratlas.portal.operations.backup import LAST
from clusteratlas.portal.operations.doctor.finding import Finding, fail, ok, warn
from clusteratlas.portal.operations.restoring import BEFORE

LITTLE, TOO_LITTLE = 1_000_000_000, 200_000_000
"""Free bytes of the disk: worth a look, and about to fail."""

OLD_HOURS = 26


def store(folder: Path) -> Iterator[Finding]:
    """Look at the store's folder, its disk and who can read what lies in it."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ready")
        yield ok("store", f"{folder} can be written to")
    except OSError as error:
        hint = "give the folder to the user that serves the portal, or CLUSTERATLAS_STORE"
        yield fail("store", f"{folder} cannot be written to: {error.strerror}", hint)
        return
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:,.1f} GB are free on its disk"
    if free < TOO_LITTLE:
        yield fail("disk", said, "make room: old releases, backups kept beside them")
    elif free < LITTLE:
        yield warn("disk", said, "make room before it is needed")
    else:
        yield ok("disk", said)
    yield from _private(folder)
    kept = sorted(each.name for each in folder.parent.glob(f"{folder.name}{BEFORE}*"))
    if kept:
        said = f"what was there before a restore is still kept: {', '.join(kept)}"
        yield warn("leftovers", said, "delete it when all is well: it holds personal data")


def _private(folder: Path) -> Iterator[Finding]:
    wanted = ((connections.KEY, 0o077, fail), (connections.SQLITE, 0o007, warn))
    open_ones = False
    closed = not stat.S_IMODE(folder.stat().st_mode) & 0o007
    for name, others, say in wanted:
        path = folder / name
        if closed and say is warn:
            continue
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & others:
            open_ones = True
            mode = stat.S_IMODE(path.stat().st_mode)
            yield say("privacy", f"others can read {path} ({mode:03o})", f"run `chmod 600 {path}`")
    if not open_ones:
        yield ok("privacy", "key and database can be read by their owner only")


def backups(folder: Path) -> Iterator[Finding]:
    """Say how old the last backup is."""
    hint = "run `clusteratlas backup FILE.tar.gz` each day, and keep the file on another machine"
    try:
        told = json.loads((folder / LAST).read_text(encoding="utf-8"))
        made = datetime.datetime.fromisoformat(told["made_at"])
        where = str(told["file"])
    except FileNotFoundError:
        yield warn("backup", "no backup was made yet", hint)
        return
    except (OSError, ValueError, KeyError, TypeError):
        yield warn("backup", f"{folder / LAST} cannot be read", hint)
        return
    hours = (datetime.datetime.now(datetime.UTC) - made).total_seconds() / 3_600
    said = f"the last backup is {hours:,.0f} hours old: {where}"
    yield warn("backup", said, hint) if hours > OLD_HOURS else ok("backup", said)
