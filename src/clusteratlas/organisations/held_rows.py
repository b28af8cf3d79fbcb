"""The latest figures of a region scheme, held in memory so that one profile asks no question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from clusteratlas.atlas import Release

BETWEEN: Final = "\x1f"
"""Stands between a cluster and its subcluster."""


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Rows of a table, those of a region together; ``keys`` are their clusters or subclusters."""

    table: pa.Table
    starts: Mapping[str, tuple[int, int]]
    keys: Sequence[str]

    def place(self, region: str, key: str) -> int | None:
        """Return the number of a row; none where there is none."""
        start, end = self.starts.get(region, (0, 0))
        try:
            return self.keys.index(key, start, end)
        except ValueError:
            return None

    def rows(self, wanted: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        """Return the rows of these regions and keys that there are."""
        places = [self.place(*each) for each in wanted]
        found = self.table.take(pa.array([each for each in places if each is not None], pa.int64()))
        return list(found.to_pylist())


def held_rows(release: Release, table: str, scheme: str, definition: str) -> HeldRows:
    """Return the latest rows of ``regional_clusters`` or ``regional_subclusters``; kept.

    Some 14 MB for the clusters of all American metro areas, 20 MB for their subclusters.
    """
    inner = "subcluster" if table == "regional_subclusters" else ""
    key = f"cluster || '{BETWEEN}' || {inner}" if inner else "cluster"

    def ask() -> HeldRows:
        rows = release.selected(
            f"select *, {key} as held_key from {table} "
            "where scheme = ? and definition = ? and year = ? order by region, held_key",
            [scheme, definition, release.year(scheme, None)],
        ).combine_chunks()
        starts: dict[str, tuple[int, int]] = {}
        regions = rows.column("region").to_pylist()
        start = 0
        for at, region in enumerate(regions):
            if at + 1 == len(regions) or regions[at + 1] != region:
                starts[region] = (start, at + 1)
                start = at + 1
        keys = rows.column("held_key").to_pylist()
        return HeldRows(rows.drop_columns(["held_key"]), starts, keys)

    return release.keep((f"latest {table} of {scheme}", definition), ask)
