"""All rows of a table of a release, a few at a time, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clusteratlas.tables import CONTRACTS, CannotAnswer, Contract

if TYPE_CHECKING:
    from clusteratlas.atlas.opened import OpenedRelease

ROWS = 10_000


def contract_of(release: OpenedRelease, table: str) -> Contract:
    """Return the contract of a table of a release.

    Raises
    ------
    CannotAnswer
        There is no table of that name.
    """
    release.path(table)
    return CONTRACTS[table]


def stream(
    release: OpenedRelease, table: str, where: Mapping[str, str | int] | None = None
) -> Iterator[pa.RecordBatch]:
    """Return the rows of a table in its own order, some thousand at a time.

    Parameters
    ----------
    release
        Open for reading.
    table
        One of the tables of the release.
    where
        Values that columns must have, such as ``{"scheme": "us-cbsa", "year": 2021}``.

    Raises
    ------
    CannotAnswer
        The table, or one of the columns, is not there.
    """
    contract = contract_of(release, table)
    for name in where or {}:
        if name not in contract.names:
            raise CannotAnswer(
                f"{table} has no column of that name",
                value=name,
                hint=f"it has {', '.join(contract.names)}",
            )
    path = release.path(table)
    return _batches(pq.ParquetFile(path), where or {}) if path.is_file() else iter(())


def _batches(file: pq.ParquetFile, where: Mapping[str, str | int]) -> Iterator[pa.RecordBatch]:
    with file:
        for batch in file.iter_batches(batch_size=ROWS, use_threads=False):
            kept = batch
            for name, value in where.items():
                kept = kept.filter(pc.equal(kept.column(name), value))
            if kept.num_rows:
                yield kept
