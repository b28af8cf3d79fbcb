"""Put a backup in the place of what is there: verified before anything is touched."""

from __future__ import annotations

import datetime
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from clusteratlas.atlas.store import switch
from clusteratlas.portal import connections as where
from clusteratlas.portal.operations import archive, migrating, rows
from clusteratlas.portal.operations.backup import back_up
from clusteratlas.portal.operations.serving import alone
from clusteratlas.tables import CannotAnswer, Fault, InternalFault, InvalidInput

BEFORE = ".before-"
"""Between the name of the store and a time: what was there before a restore."""

PARTS = (archive.SQLITE, archive.FILES, archive.KEY)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup goes.

    Attributes
    ----------
    place
        Folder of the releases.
    store
        Folder of files and key, and of the database where it is SQLite.
    database
        Django's settings of the database.
    """

    place: Path
    store: Path
    database: dict[str, Any]

    @property
    def is_sqlite(self) -> bool:
        """Whether the database lies in the store."""
        return str(self.database["ENGINE"]).endswith("sqlite3")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes
    ----------
    manifest
        What the backup held.
    brought
        Changes of the tables between the backup's version and this one.
    kept
        Where what was there before is kept; nothing where nothing was there.
    """

    manifest: archive.Manifest
    brought: int
    kept: Path | None


def verify(file: Path, beside: Path) -> archive.Manifest:
    """Unpack a backup aside, verify all of it, and throw what was unpacked away."""
    with _unpacked(file, beside) as (_folder, manifest):
        return manifest


def restore(file: Path, target: Target, *, replace: bool = False) -> Restored:
    """Put a backup in its place. Until the last step everything old stays as it is.

    Parameters
    ----------
    file
        A backup, of SQLite or PostgreSQL; it goes into either.
    target
        Where to.
    replace
        Where something is there already: keep it aside and put the backup in its place.

    Raises
    ------
    InvalidInput
        If the backup is damaged, hostile or of a newer version.
    CannotAnswer
        If something is there already and ``replace`` is not set, or the portal runs.
    """
    store = target.store
    store.parent.mkdir(parents=True, exist_ok=True)
    with alone(store), _unpacked(file, store.parent) as (folder, manifest):
        there = _is_there(target)
        if there and not replace:
            raise CannotAnswer(
                "there is a registry already",
                value=str(store),
                hint="--replace keeps it aside and puts the backup in its place",
            )
        aside = _aside(store) if there else None
        if target.is_sqlite:
            brought = _prepare_sqlite(folder, manifest)
            _swap(folder, store, aside)
        else:
            brought = _into_server(folder, manifest, target, aside)
        _put_releases(folder, manifest, target.place)
    return Restored(manifest, brought, aside)


@contextmanager
def _unpacked(file: Path, beside: Path) -> Iterator[tuple[Path, archive.Manifest]]:
    """Give a folder beside the store with the verified parts; it is gone after the block."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=beside))
    try:
        manifest = archive.unpack(file, folder)
        _known(manifest, file)
        if manifest.database == "sqlite":
            _whole(folder / archive.SQLITE, file)
        yield folder, manifest
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _known(manifest: archive.Manifest, file: Path) -> None:
    newer = migrating.unknown(manifest.migrations)
    if newer:
        raise InvalidInput(
            [
                Fault(
                    "the backup is of a version that this one does not know",
                    file=file.name,
                    value=f"{app} {name}",
                    hint=f"install Cluster Atlas {manifest.code_version} or newer",
                )
                for app, name in newer
            ]
        )


def _whole(database: Path, file: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as opened:
            found = opened.execute("pragma integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise InvalidInput(
            [Fault("the database of the backup is damaged", file=file.name, value=found[:200])]
        )


def _is_there(target: Target) -> bool:
    store = target.store
    if any((store / name).exists() for name in (archive.SQLITE, archive.FILES)):
        return True
    if target.is_sqlite:
        return False
    with migrating.opened(target.database) as connection, connection.cursor() as cursor:
        return bool(connection.introspection.table_names(cursor))


def _aside(store: Path) -> Path:
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    return store.with_name(f"{store.name}{BEFORE}{stamp}-{secrets.token_hex(2)}")


def _prepare_sqlite(folder: Path, manifest: archive.Manifest) -> int:
    """Make the database of the new store ready, in the folder aside."""
    with migrating.opened(where.sqlite(folder / archive.SQLITE)) as connection:
        if manifest.database != "sqlite":
            _make_tables(connection, manifest)  # SQLite makes tables outside of a transaction only
            with transaction.atomic(using=connection.alias):
                _fill(connection, manifest, folder)
            (folder / archive.ROWS).unlink()
        _compare(connection, manifest)
        return len(migrating.bring(connection))


def _into_server(
    folder: Path, manifest: archive.Manifest, target: Target, aside: Path | None
) -> int:
    """Put the rows into a server's database: one transaction, the files with it."""
    with migrating.opened(target.database) as connection:
        if aside is not None:
            _keep_server(connection, target, aside)
        with transaction.atomic(using=connection.alias):
            rows.clear(connection)
            _make_tables(connection, manifest)
            _fill(connection, manifest, folder)
            _compare(connection, manifest)
            connection.check_constraints()
            for name in (archive.ROWS, archive.SQLITE):
                (folder / name).unlink(missing_ok=True)
            _swap(folder, target.store, None)
        return len(migrating.bring(connection))


def _keep_server(connection: BaseDatabaseWrapper, target: Target, aside: Path) -> None:
    """Back up what the server holds before it is dropped; refuse where that cannot be."""
    aside.mkdir(mode=0o700)
    with connection.cursor() as cursor:
        held = connection.introspection.table_names(cursor)
    if held:
        back_up(aside / "before.tar.gz", connection, store=target.store, place=target.place)
    else:
        for each in (archive.FILES, where.KEY):
            path = target.store / each
            if path.exists():
                shutil.copytree(path, aside / each) if path.is_dir() else shutil.copy2(path, aside)


def _make_tables(connection: BaseDatabaseWrapper, manifest: archive.Manifest) -> None:
    """Make the tables as they were at the backup's version."""
    migrating.bring(connection, migrating.tips(connection, manifest.migrations))


def _fill(connection: BaseDatabaseWrapper, manifest: archive.Manifest, folder: Path) -> None:
    """Write the rows of the backup into the tables."""
    tables = migrating.models_at(connection, manifest.migrations)
    rows.empty(connection, tables)
    if manifest.database == "sqlite":
        path = folder / ".rows"
        old = where.sqlite(folder / archive.SQLITE)
        with migrating.opened(old, "source") as source, path.open("wb") as out:
            rows.write(source, tables, out)
    else:
        path = folder / archive.ROWS
    with path.open("rb") as lines:
        rows.read(connection, tables, lines)
    (folder / ".rows").unlink(missing_ok=True)


def _compare(connection: BaseDatabaseWrapper, manifest: archive.Manifest) -> None:
    found = rows.counted(connection, migrating.models_at(connection, manifest.migrations))
    wrong = [
        f"{name} {found.get(name, 0):,} for {count:,}"
        for name, count in manifest.rows.items()
        if found.get(name, 0) != count
    ]
    if wrong:
        raise InternalFault(f"rows are missing after the restore: {', '.join(wrong)}")


def _swap(folder: Path, store: Path, aside: Path | None) -> None:
    """Put the new parts into the store; the old ones go aside, or are exchanged one by one."""
    parts = [name for name in PARTS if (folder / name).exists()]
    if aside is not None:
        os.rename(store, aside)
    try:
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in parts:
            new, old = folder / name, store / name
            if old.is_dir():
                os.rename(old, folder / f".old-{name}")
            os.replace(new, old)
    except BaseException:
        if aside is not None:
            shutil.rmtree(store, ignore_errors=True)
            os.rename(aside, store)
        raise


def _put_releases(folder: Path, manifest: archive.Manifest, place: Path) -> None:
    unpacked = folder / archive.RELEASES
    if not unpacked.is_dir():
        return
    (place / archive.RELEASES).mkdir(parents=True, exist_ok=True)
    for each in sorted(unpacked.iterdir()):
        goal = place / archive.RELEASES / each.name
        if not goal.exists():
            shutil.move(each, goal)
            goal.chmod(0o755)
    if manifest.release and not (place / "current").is_symlink():
        switch(place, manifest.release)


def in_folder(place: Path) -> Target:
    """Return a target in a folder of its own, on SQLite, whatever the settings say."""
    store = place.resolve() / where.STORE
    return Target(place, store, where.sqlite(store / archive.SQLITE))
