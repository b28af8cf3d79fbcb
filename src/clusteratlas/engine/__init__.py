"""Run one lazy expression on DuckDB (default) or Spark; read and write Parquet."""

from clusteratlas.engine.aggregation import (
    SURENESS,
    regional_clusters,
    status_rank,
    status_word,
    sum_over_regions,
)
from clusteratlas.engine.completeness import coarse_totals, unprinted_jobs
from clusteratlas.engine.engines import DuckDBEngine, Engine, with_columns_of
from clusteratlas.engine.establishments import count_establishments
from clusteratlas.engine.parquet import read_parquet, write_parquet
from clusteratlas.engine.quotients import shares_and_quotients

__all__ = [
    "SURENESS",
    "DuckDBEngine",
    "Engine",
    "coarse_totals",
    "count_establishments",
    "read_parquet",
    "regional_clusters",
    "shares_and_quotients",
    "status_rank",
    "status_word",
    "sum_over_regions",
    "unprinted_jobs",
    "with_columns_of",
    "write_parquet",
]
