"""Back up what people wrote into one file, while the portal runs."""

from __future__ import annotations

import datetime
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from clusteratlas import __version__
from clusteratlas.atlas import current_id, releases
from clusteratlas.portal import connections as where
from clusteratlas.portal.operations import archive, migrating, rows
from clusteratlas.tables import CannotAnswer, InternalFault

LAST = "last-backup.json"
PAGES = 2_000
"""Pages of SQLite copied at a time; writers get their turn in between."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made.

    Attributes
    ----------
    file
        Where it lies.
    manifest
        What it holds.
    size
        Bytes of the file.
    """

    file: Path
    manifest: archive.Manifest
    size: int


def back_up(
    file: Path,
    connection: BaseDatabaseWrapper,
    *,
    store: Path,
    place: Path,
    with_releases: bool = False,
    replace: bool = False,
) -> Made:
    """Write a backup of the database, the uploaded files and the key; whole or not at all.

    Parameters
    ----------
    file
        The file to write; only its owner may read it, for it holds the key.
    connection
        The database. It may be written to meanwhile: the backup is of one moment.
    store, place
        The folder of files and key, and that of the releases.
    with_releases
        Also every release, so that the backup is the whole site.
    replace
        Write over a file that is there.

    Raises
    ------
    CannotAnswer
        If the file is there already, or the tables are not those of this version.
    """
    if file.exists() and not replace:
        raise CannotAnswer(
            "the file is there already", value=str(file), hint="name another one, or --replace"
        )
    behind = migrating.steps(connection)
    if behind:
        raise CannotAnswer(
            f"the database is {len(behind)} changes of its tables behind this version",
            hint="run `clusteratlas migrate` first",
        )
    with archive.writing(file) as out:
        with _snapshot(connection, file.parent) as (kind, path, counted):
            out.add(path, archive.SQLITE if kind == "sqlite" else archive.ROWS)
        _add_store(out, store)
        if with_releases:
            _add_releases(out, place)
        manifest = archive.Manifest(
            made_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            code_version=__version__,
            database=kind,
            migrations=tuple(migrating.applied(connection)),
            rows=counted,
            release=_release(place),
            parts=out.parts,
        )
        out.close(manifest)
    made = Made(file, manifest, file.stat().st_size)
    _remember(store, made)
    return made


@contextmanager
def _snapshot(
    connection: BaseDatabaseWrapper, beside: Path
) -> Iterator[tuple[str, Path, dict[str, int]]]:
    """Give a copy of the database of one moment: its kind, its file, its rows by table."""
    tables = migrating.models_at(connection, migrating.applied(connection))
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=beside) as folder:
        if connection.vendor == "sqlite":
            path = Path(folder) / archive.SQLITE
            _copy_sqlite(Path(connection.settings_dict["NAME"]), path)
            with migrating.opened(where.sqlite(path)) as copy:
                counted = rows.counted(copy, tables)
            yield "sqlite", path, counted
            return
        path = Path(folder) / archive.ROWS
        with transaction.atomic(using=connection.alias), path.open("wb") as out:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
            rows.write(connection, tables, out)
            counted = rows.counted(connection, tables)
        yield "postgresql", path, counted


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database in use, as of one moment; sessions stay out."""
    if not source.is_file():
        raise CannotAnswer("there is no database yet", value=str(source))
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=PAGES, sleep=0.01)
        new.execute("pragma journal_mode = delete")
        for name in rows.LEFT_OUT:
            new.execute(f"delete from django_{name.split('.')[-1]}")
        new.commit()
        new.execute("vacuum")  # what was deleted must not be readable in the file
        found = new.execute("pragma integrity_check").fetchone()[0]
    if found != "ok":
        raise InternalFault(f"the database is damaged: {found}")


def _add_store(out: archive.Writer, store: Path) -> None:
    if (store / where.KEY).is_file():
        out.add(store / where.KEY, archive.KEY)
    files = store / archive.FILES
    for path in sorted(files.rglob("*")) if files.is_dir() else ():
        name = f"{archive.FILES}/{path.relative_to(files).as_posix()}"
        if path.is_file() and archive.NAMES.fullmatch(name):
            try:
                out.add(path, name)
            except FileNotFoundError:  # somebody withdrew it since the folder was listed
                continue


def _add_releases(out: archive.Writer, place: Path) -> None:
    for each in releases(place):
        folder = place / archive.RELEASES / each.id
        for path in sorted(folder.iterdir()):
            out.add(path, f"{archive.RELEASES}/{each.id}/{path.name}")


def _release(place: Path) -> str | None:
    try:
        return current_id(place)
    except CannotAnswer:
        return None


def _remember(store: Path, made: Made) -> None:
    """Note when the last backup was made; `doctor` asks for it. A read-only store is no fault."""
    said = {"made_at": made.manifest.made_at, "file": str(made.file.resolve()), "bytes": made.size}
    try:
        draft = store / f".{LAST}"
        draft.write_text(json.dumps(said), encoding="utf-8")
        os.replace(draft, store / LAST)
    except OSError:
        return
