"""Who is present where, read once and cheaply: the 0/1 table that every complexity measure takes.

Dense tables are kept as flags (one byte a cell), sparse ones as their rows; what a measure needs of
the other form is made block by block.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import COMPLETE_FIRST, MOST, Arguments, Flags, Floats
from clusteratlas.measures.frames import LabelledFigures

Singles = npt.NDArray[np.float32]

BLOCK = 2**22
"""Cells that are worked at a time where a block is large, to be read once."""

SMALL_BLOCK = 2**20
"""Cells that are worked at a time where what is made of them shall stay in the cache."""

NOT_PRESENCE = (
    "give 1 (present) and 0 (absent): presence(location_quotient) makes them from quotients"
)


class PresenceMatrix:
    """A checked 0/1 table of regions x industries, dense or sparse."""

    def __init__(self, table: Flags | scipy.sparse.csr_matrix) -> None:
        self._table = table
        self.shape: tuple[int, int] = table.shape

    @cached_property
    def rows(self) -> scipy.sparse.csr_matrix:
        """The table as sparse rows of float64 ones."""
        if not isinstance(self._table, np.ndarray):
            return self._table
        flags = self._table
        width = flags.shape[1]
        starts = np.concatenate([[0], np.cumsum(self.diversity)]).astype(np.int64)
        columns = np.empty(starts[-1], dtype=np.int32)
        step = _rows_at_a_time(width) // 4 + 1
        for first in range(0, len(flags), step):
            part = flags[first : first + step]
            reach = starts[first : first + len(part) + 1]
            before = np.repeat(np.arange(len(part)) * width, np.diff(reach))
            columns[reach[0] : reach[-1]] = np.flatnonzero(part) - before
        kind = np.int32 if len(columns) < 2**31 else np.int64
        return scipy.sparse.csr_matrix(
            (np.ones(len(columns)), columns, starts.astype(kind)), shape=flags.shape
        )

    @cached_property
    def diversity(self) -> Floats:
        """Industries present in each region."""
        if isinstance(self._table, np.ndarray):
            return _summed(self._table, 1)
        return np.asarray(np.diff(self._table.indptr), dtype=np.float64)

    @cached_property
    def ubiquity(self) -> Floats:
        """Regions in which each industry is present."""
        if isinstance(self._table, np.ndarray):
            return _summed(self._table, 0)
        counts = np.bincount(self._table.indices, minlength=self.shape[1])
        return np.asarray(counts, dtype=np.float64)

    def blocks(self, cells: int | None = None) -> Iterator[tuple[slice, Singles]]:
        """Give the table in blocks of whole rows, as float32: sums up to 2**24 are exact."""
        step = _rows_at_a_time(self.shape[1], cells)
        for start in range(0, self.shape[0], step):
            rows = slice(start, min(start + step, self.shape[0]))
            part = self._table[rows]
            yield (
                rows,
                part.astype(np.float32)
                if isinstance(part, np.ndarray)
                else part.astype(np.float32).toarray(),
            )


def _rows_at_a_time(width: int, cells: int | None = None) -> int:
    return max(1, (cells or BLOCK) // max(1, width))


def _summed(flags: Flags, axis: int) -> Floats:
    counts = np.add.reduce(flags.view(np.int8), axis=axis, dtype=np.int32)
    return np.asarray(counts, dtype=np.float64)


def read_presence(given: Arguments, name: str, values: Any) -> PresenceMatrix:
    """Return the checked table, or collect every cell that is unknown or neither 0 nor 1."""
    if scipy.sparse.issparse(values):
        return PresenceMatrix(_sparse(given, name, values))
    table = values.values if isinstance(values, LabelledFigures) else values
    if isinstance(table, np.ndarray) and not isinstance(table, np.ma.MaskedArray):
        flags = _flags(table)
        if flags is not None:
            return PresenceMatrix(flags)
    figures = given.table(name, values)
    given.flags(name, figures)
    return PresenceMatrix(figures == 1)


def _flags(table: npt.NDArray[Any]) -> Flags | None:
    """Return the table as flags where it is one of noughts and ones, else None."""
    if table.ndim != 2 or table.dtype.kind not in "biuf":
        return None
    if table.dtype.kind == "b":
        return table
    flags = np.empty(table.shape, dtype=bool)
    step = _rows_at_a_time(table.shape[1]) // 16 + 1
    for start in range(0, len(table), step):
        part = table[start : start + step]
        np.equal(part, 1, out=flags[start : start + step])
        if not np.array_equal(part != 0, flags[start : start + step]):
            return None
    return flags


def _sparse(given: Arguments, name: str, values: Any) -> scipy.sparse.csr_matrix:
    rows = scipy.sparse.csr_matrix(values, copy=False)
    if not rows.has_canonical_format or rows.dtype.kind not in "biuf" or not np.all(rows.data):
        rows = rows.copy()
        rows.sum_duplicates()
        rows.eliminate_zeros()
    wrong = np.flatnonzero(rows.data != 1)
    for place in wrong[:MOST]:
        region = int(np.searchsorted(rows.indptr, place, side="right"))
        unknown = np.isnan(rows.data[place])
        given.need(
            False,
            name,
            f"{name} is {'not known' if unknown else rows.data[place]} in row {region}, "
            f"column {rows.indices[place] + 1}",
            COMPLETE_FIRST if unknown else NOT_PRESENCE,
        )
    ones = np.ones(rows.nnz)
    return scipy.sparse.csr_matrix((ones, rows.indices, rows.indptr), shape=rows.shape)
