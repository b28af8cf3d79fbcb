"""From a register of establishments to the rows that a release is built of."""

from __future__ import annotations

from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

KEY = ["region", "industry", "year"]


def count_establishments(register: Frame, *, least: int = 0) -> Frame:
    """Add establishments up to regions and industries, as one row a region, industry and year.

    Definition
    ----------
    employment = sum of the jobs of the establishments, establishments = their number. Where one of
    them does not say its jobs, the sum is not known: employment is null and status `withheld`, with
    employment_low the jobs that are known. With ``least``, figures of fewer establishments are
    withheld as an office would (the number of establishments stays).

    Parameters
    ----------
    register
        One row an establishment and year: region, industry, year, jobs (null: not known).
    least
        Fewest establishments of a cell whose jobs are given (count).

    Returns
    -------
    region, industry, year, employment, employment_low (jobs), establishments (count), status.

    Missing data
    ------------
    Rows without region, industry or year cannot be placed: they make a row of their own with that
    gap, which the build then refuses by name. Nothing is dropped.

    Source
    ------
    Elementary; the threshold as in County Business Patterns since 2017 (three).

    Example
    -------
    >>> import pyarrow as pa
    >>> from clusteratlas.engine import DuckDBEngine
    >>> register = pa.table(
    ...     {
    ...         "region": ["N", "N", "S"],
    ...         "industry": ["3344", "3344", "3344"],
    ...         "year": [2024, 2024, 2024],
    ...         "jobs": [40, 2, None],
    ...     }
    ... )
    >>> with DuckDBEngine() as engine:
    ...     rows = count_establishments(engine.frame(register))
    ...     engine.collect(rows, sort=["region"]).select(["employment", "status"]).to_pylist()
    [{'employment': 42, 'status': 'reported'}, {'employment': None, 'status': 'withheld'}]
    """
    counted = register.group_by(*KEY).agg(
        nw.col("jobs").sum().cast(nw.Int64).alias("known"),
        nw.col("jobs").is_null().cast(nw.Int64).sum().alias("silent"),
        nw.len().cast(nw.Int64).alias("establishments"),
    )
    given = (nw.col("silent") == 0) & (nw.col("establishments") >= least)
    shown = counted.with_columns(
        nw.when(given).then(nw.col("known")).alias("employment"),
        nw.when(given)
        .then(nw.col("known"))
        .otherwise(nw.when(nw.col("establishments") >= least).then(nw.col("known")).otherwise(0))
        .cast(nw.Int64)
        .alias("employment_low"),
        nw.when(given).then(nw.lit("reported")).otherwise(nw.lit("withheld")).alias("status"),
    )
    return shown.select(*KEY, "employment", "employment_low", "establishments", "status")
