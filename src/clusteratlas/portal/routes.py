"""How addresses are registered that answer in several forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

ENDINGS = ("csv", "xlsx", "metadata.json")
"""The forms of a table: for machines, for sheets, and what its columns mean."""


def table(route: str, view: Callable[..., Any]) -> list[URLPattern]:
    """Register a table once; it answers at ``route.csv``, ``.xlsx`` and ``.metadata.json``.

    The view ends with `clusteratlas.portal.export.table_answer`, which looks at the ending.
    """
    return [path(f"{route}.{ending}", view) for ending in ENDINGS]
