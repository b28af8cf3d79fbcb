"""The engines: each turns an Arrow table into a lazy frame and a lazy frame into an Arrow table."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import narwhals as nw
import pyarrow as pa

from clusteratlas.tables import Contract


class Engine(Protocol):
    """Where lazy expressions run. Expressions are Narwhals; no other room names an engine."""

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Return the table as a lazy frame of this engine."""
        ...

    def collect(self, frame: nw.LazyFrame[Any], *, sort: Sequence[str] = ()) -> pa.Table:
        """Run the expression and return its rows, sorted by these columns, nulls first."""
        ...

    def hold(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Run the expression once, so that what is built on it does not run it again."""
        ...


class DuckDBEngine:
    """DuckDB inside this process, with no access to the network or to files but its own.

    What does not fit into ``memory`` goes to a folder of its own, gone with the engine.

    Example
    -------
    >>> with DuckDBEngine() as engine:
    ...     jobs = engine.frame(pa.table({"region": ["b", "a"], "jobs": [2, 1]}))
    ...     engine.collect(jobs, sort=["region"]).column("jobs").to_pylist()
    [1, 2]
    """

    def __init__(self, *, threads: int | None = None, memory: str | None = None) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="clusteratlas-engine-")
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("set temp_directory = ?", [self._spill.name])
        self._connection.execute("set allowed_directories = [?]", [self._spill.name])
        if threads is not None:
            self._connection.execute(f"set threads to {int(threads)}")
        if memory is not None:
            self._connection.execute("set memory_limit = ?", [memory])
        for setting in (
            "set enable_progress_bar = false",
            "set autoinstall_known_extensions = false",
            "set autoload_known_extensions = false",
            "set preserve_insertion_order = false",
            "set enable_external_access = false",
            "set lock_configuration = true",
        ):
            self._connection.execute(setting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._spill.cleanup()

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Return the table as a lazy frame."""
        return nw.from_native(self._connection.from_arrow(table)).lazy()

    def collect(self, frame: nw.LazyFrame[Any], *, sort: Sequence[str] = ()) -> pa.Table:
        """Run the expression and return its rows, sorted by these columns, nulls first."""
        ordered = frame.sort(list(sort), nulls_last=False) if sort else frame
        return ordered.collect(backend="pyarrow").to_arrow()

    def hold(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Run the expression once, so that what is built on it does not run it again."""
        return self.frame(self.collect(frame))


def with_columns_of(table: pa.Table, contract: Contract) -> pa.Table:
    """Return the table in the contract's columns and types; absent nullable columns are null."""
    columns = [
        table.column(column.name).cast(column.type)
        if column.name in table.column_names
        else pa.nulls(table.num_rows, column.type)
        for column in contract.columns
    ]
    return pa.Table.from_arrays(columns, schema=contract.schema)
