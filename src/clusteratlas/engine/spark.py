"""Spark, for establishment-level input beyond one machine; needs the extra `spark` and Java 17."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.tables import CannotAnswer


class SparkEngine:
    """A Spark session on this machine, or any session handed in.

    Tables go to Spark and back as Parquet files in a folder that both sides can reach.
    """

    def __init__(self, session: Any = None, *, exchange: Path | None = None) -> None:
        self._owns_session = session is None
        self._session = session if session is not None else _local_session()
        self._folder = tempfile.TemporaryDirectory(prefix="clusteratlas-spark-", dir=exchange)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._owns_session:
            self._session.stop()
        self._folder.cleanup()

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Return the table as a lazy frame."""
        path = self._next_path()
        pq.write_table(table, path)
        frame: nw.LazyFrame[Any] = nw.from_native(self._session.read.parquet(str(path)))
        return frame

    def collect(self, frame: nw.LazyFrame[Any], *, sort: Sequence[str] = ()) -> pa.Table:
        """Run the expression and return its rows, sorted by these columns, nulls first."""
        path = self._next_path()
        native = frame.to_native()
        native.write.parquet(str(path))
        table = pq.read_table(path)
        order = [(name, "ascending", "at_start") for name in sort]
        return table.sort_by(order) if order else table

    def hold(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Run the expression once, so that what is built on it does not run it again."""
        return self.frame(self.collect(frame))

    def _next_path(self) -> Path:
        self._count += 1
        return Path(self._folder.name) / f"{self._count:04d}.parquet"


def _local_session() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (an optional extra)
    except ImportError:
        raise CannotAnswer(
            "Spark is not installed", hint="pip install 'clusteratlas[spark]' and Java 17"
        ) from None
    return (
        SparkSession.builder.master("local[2]")
        .appName("clusteratlas")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
