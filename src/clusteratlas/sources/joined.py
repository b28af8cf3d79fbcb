"""Figures of several files together: what stands in two of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from clusteratlas.sources.source import SourceTable
from clusteratlas.tables import EMPLOYMENT, Fault

MOST = 200


def shared_figures(files: Sequence[tuple[Path, SourceTable]]) -> tuple[list[Fault], int]:
    """Return a fault for each figure that stands in two files, both named, and how many there are.

    Definition
        A figure is told by the key of the employment table: region scheme, region, industry, year
        and source.

    Example
    -------
    >>> shared_figures([])
    ([], 0)
    """
    faults: list[Fault] = []
    total = 0
    key = ", ".join(EMPLOYMENT.key)
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        engine.execute("set threads to 2")
        for place, (path, table) in enumerate(files):
            spoken = {source.source for source in table.sources}
            engine.register("later", table.employment)
            for earlier, before in files[:place]:
                if not spoken & {source.source for source in before.sources}:
                    continue
                engine.register("earlier", before.employment)
                rows = engine.execute(
                    f"select {key}, count(*) over () from later join earlier using ({key}) "
                    f"order by {key} limit {MOST}"
                ).fetchall()
                total += rows[0][-1] if rows else 0
                faults += [
                    Fault(
                        f"the same figure stands in {earlier} too",
                        str(path),
                        column=key,
                        value=", ".join(str(value) for value in row[:-1]),
                        hint="keep it in one of the two files",
                    )
                    for row in rows
                ]
    return faults, total
