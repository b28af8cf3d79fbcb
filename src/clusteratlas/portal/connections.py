"""Where the portal keeps what people write: the database, mail, and the key that signs."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from clusteratlas.tables import Fault, InvalidInput

KEY = "secret-key"
STORE = "registry"
"""Name of the store within a place, where the settings name no other folder."""

SQLITE = "registry.sqlite3"
POSTGRES = ("postgres", "postgresql")
WAIT_SECONDS = 10
"""A writer waits so long for another one of SQLite before it says that the database is busy."""

CONNECT_SECONDS = 4
"""A page waits so long for a database server that does not answer."""


def database(address: str, store: Path) -> dict[str, Any]:
    """Return Django's settings of the database.

    Parameters
    ----------
    address
        ``postgresql://user:password@host:port/name``, or empty for SQLite in the store.
    store
        Folder of the SQLite file.

    Raises
    ------
    InvalidInput
        If the address is that of another kind of database.

    Example
    -------
    >>> database("postgresql://atlas:secret@127.0.0.1:5432/atlas", Path("."))["HOST"]
    '127.0.0.1'
    """
    if not address:
        return sqlite(store / SQLITE)
    parts = urlsplit(address)
    if parts.scheme not in POSTGRES or not parts.path.strip("/"):
        raise InvalidInput(
            [
                Fault(
                    "the address of the database cannot be read",
                    column="CLUSTERATLAS_DATABASE",
                    hint="postgresql://user:password@host:5432/name, or nothing for SQLite",
                )
            ]
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS},
    }


def sqlite(file: Path) -> dict[str, Any]:
    """Return Django's settings of a database in a file: no acknowledged change is lost."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "timeout": WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "pragma journal_mode = wal; pragma synchronous = full;",
        },
    }


def mail(address: str, store: Path) -> dict[str, Any]:
    """Return Django's settings of mail: a server, or files in the store.

    >>> mail("smtp://atlas:secret@mail.example.org:587", Path("."))["EMAIL_HOST"]
    'mail.example.org'
    """
    if not address:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(store / "mail"),
        }
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise InvalidInput(
            [
                Fault(
                    "the address of the mail server cannot be read",
                    column="CLUSTERATLAS_MAIL",
                    hint="smtp://user:password@host:587, or smtps:// for TLS from the start",
                )
            ]
        )
    whole = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if whole else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": whole,
        "EMAIL_USE_TLS": not whole and bool(parts.username),
        "EMAIL_TIMEOUT": WAIT_SECONDS,
    }


def secret_key(store: Path) -> str:
    """Return the key of this site, as `make_key` wrote it; one for this process where none is."""
    try:
        return (store / KEY).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


def make_key(store: Path) -> None:
    """Write the key of this site once, readable by its owner only."""
    store.parent.mkdir(parents=True, exist_ok=True)
    store.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(store / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
