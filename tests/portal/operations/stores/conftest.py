"""Stores of the tests' own: a registry on SQLite or PostgreSQL, with people and files in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.portal.postgres import Server

from clusteratlas.portal import connections
from clusteratlas.portal.operations import migrating


@pytest.fixture(autouse=True)
def _registry(django_db_blocker: Any) -> Iterator[None]:
    """These tests open databases of their own, and never that of the others."""
    with django_db_blocker.unblock():
        yield


@contextmanager
def registry(settings: dict[str, Any], alias: str) -> Iterator[BaseDatabaseWrapper]:
    """A database with the tables of this version."""
    with migrating.opened(settings, alias) as connection:
        migrating.bring(connection)
        yield connection


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Make Django's settings of a new empty database of each kind, by its name."""

    def make(name: str = "first") -> dict[str, Any]:
        if request.param == "sqlite":
            store = tmp_path / name / connections.STORE
            store.mkdir(parents=True, exist_ok=True)
            return connections.sqlite(store / connections.SQLITE)
        server: Server = request.getfixturevalue("postgres")
        return server.database(f"{name}_{tmp_path.name.replace('-', '_')[:40]}")

    make.kind = request.param  # type: ignore[attr-defined]
    return make
