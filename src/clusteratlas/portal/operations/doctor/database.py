"""Does the database answer, is it whole, safe against a crash, and of this version?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import DatabaseError, connection

from clusteratlas.portal.operations import migrating
from clusteratlas.portal.operations.doctor.finding import Finding, fail, ok, warn

MOST_SECONDS_APART = 5.0
OLDEST_POSTGRES = 130_000


def database() -> Iterator[Finding]:
    """Look at the database of the settings."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError as error:
        hint = "is the server running, and CLUSTERATLAS_DATABASE right? Pages of the map go on"
        yield fail("database", f"it does not answer: {str(error).strip()}", hint)
        return
    yield from _sqlite() if connection.vendor == "sqlite" else _postgres()
    behind = migrating.steps(connection)
    if behind:
        said = f"{len(behind)} changes of the tables are to be made"
        yield warn("tables", said, "`clusteratlas migrate` makes them; so does `serve`")
    else:
        yield ok("tables", "the tables are of this version")
    newer = migrating.unknown(migrating.applied(connection))
    if newer:
        said = f"the tables are of a newer version: {', '.join(map('.'.join, newer))}"
        yield fail("tables", said, "install the newer version again, or restore a backup")


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        version = _one(cursor, "select sqlite_version()")
        yield ok("database", f"SQLite {version} answers")
        found = _one(cursor, "pragma quick_check")
        broken = cursor.execute("pragma foreign_key_check").fetchall()
        if found != "ok" or broken:
            said = f"the database is damaged: {found if found != 'ok' else f'{len(broken)} rows'}"
            yield fail("integrity", said, "stop the portal and restore the last backup")
        else:
            yield ok("integrity", "every page and every link between rows is whole")
        journal = _one(cursor, "pragma journal_mode")
        if journal not in ("wal", "memory"):
            hint = "the disk of the store must allow shared memory: no network file system"
            yield warn("journal", f"the journal is {journal}, not wal", hint)
        else:
            yield ok("journal", f"the journal is {journal}: reading goes on while somebody writes")


def _postgres() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        version = _one(cursor, "show server_version")
        yield ok("database", f"PostgreSQL {version} answers")
        if int(_one(cursor, "show server_version_num")) < OLDEST_POSTGRES:
            yield warn("database", "PostgreSQL is older than 13", "move to a supported version")
        off = [
            name
            for name in ("fsync", "full_page_writes", "synchronous_commit")
            if _one(cursor, f"show {name}") == "off"
        ]
        if off:
            said = f"a crash of the server can lose what was acknowledged: {', '.join(off)} off"
            yield warn("integrity", said, "turn them on in postgresql.conf")
        else:
            yield ok("integrity", "what is acknowledged survives a crash of the server")
        cursor.execute("select now()")
        apart = abs((cursor.fetchone()[0] - datetime.datetime.now(datetime.UTC)).total_seconds())
        if apart > MOST_SECONDS_APART:
            said = f"the clocks of the database and of this machine are {apart:.0f} s apart"
            yield warn("clock", said, "let both follow a time server")


def _one(cursor: object, question: str) -> str:
    cursor.execute(question)  # type: ignore[attr-defined]
    return str(cursor.fetchone()[0])  # type: ignore[attr-defined]
