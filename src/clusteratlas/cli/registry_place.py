"""The registry of a place, for commands that look after it; Django is loaded only for them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any


def operations(place: Path, part: str) -> Any:
    """Return a module of the portal's operations, with Django set up on the place.

    Only commands that look after the registry pay for loading the portal.
    """
    set_up(place)
    return importlib.import_module(f"clusteratlas.portal.operations.{part}")


def set_up(place: Path) -> None:
    """Load Django on a place."""
    importlib.import_module("clusteratlas.portal.store").set_up(place)


def connection() -> Any:
    """Return the connection to the registry's database; Django must be set up."""
    return importlib.import_module("django.db").connection


def settings() -> Any:
    """Return the settings of the portal; Django must be set up."""
    return importlib.import_module("django.conf").settings


def migrate_tables() -> None:
    """Bring the tables of the registry to this version; Django must be set up."""
    importlib.import_module("clusteratlas.portal.store").migrate()
