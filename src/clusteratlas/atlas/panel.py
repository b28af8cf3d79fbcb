"""Tidy rows seen as matrices: rows regions, columns clusters, one for each scheme and year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures

Floats = npt.NDArray[np.float64]
DECIMALS = 6
"""Of figures that come out of matrix products."""


def floats(table: pa.Table, name: str) -> Floats:
    """Return a column as float64, nulls as NaN."""
    column = table.column(name).combine_chunks().cast(pa.float64())
    return np.array(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def column_of(values: Floats) -> pa.Array:
    """Return float64 values as a column, NaN as null."""
    return pa.array(values, mask=np.isnan(values))


def rounded(table: pa.Table) -> pa.Table:
    """Return the table with real figures rounded.

    No last digit then depends on the machine that adds them up.
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            values = pc.add(pc.round(table.column(place), DECIMALS), 0.0)
            table = table.set_column(place, field, values)
    return table


def codes(table: pa.Table, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return one whole number for each combination of these columns, in their sorted order."""
    result = np.zeros(table.num_rows, dtype=np.int64)
    for name in names:
        column = table.column(name).combine_chunks()
        ranks = pc.rank(column, tiebreaker="dense").to_numpy(zero_copy_only=False)
        result = result * (int(ranks.max(initial=0)) + 1) + ranks.astype(np.int64)
    return np.unique(result, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True)
class Panel:
    """One scheme, definition and year of a tidy table as matrices."""

    table: pa.Table
    rows: npt.NDArray[np.int64]
    regions: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def split(cls, table: pa.Table, *, column: str | None) -> Iterator[Panel]:
        """Yield the panel of each scheme, definition and year; ``None``: a single column."""
        panel_codes = codes(table, ["scheme", "definition", "year"])
        for code in range(int(panel_codes.max(initial=-1)) + 1):
            rows = np.flatnonzero(panel_codes == code)
            part = table.take(pa.array(rows))
            regions = codes(part, ["region"])
            columns = codes(part, [column]) if column else np.zeros(len(rows), dtype=np.int64)
            shape = (int(regions.max()) + 1, int(columns.max()) + 1)
            yield cls(part, rows, regions, columns, shape)

    def values(self, name: str) -> Floats:
        """Return a column as a matrix; cells without a row are NaN."""
        matrix = np.full(self.shape, np.nan)
        matrix[self.regions, self.columns] = floats(self.table, name)
        return matrix

    def put(self, target: npt.NDArray[np.generic], matrix: npt.NDArray[np.generic]) -> None:
        """Write a matrix back to the rows of the whole table that it came from."""
        target[self.rows] = matrix[self.regions, self.columns]


LEAST_REPORTED = 0.5
MOST_DRIFT = 0.1


def with_change(
    table: pa.Table,
    key: Sequence[str],
    *,
    as_complete: bool = False,
    first_year: int | None = None,
) -> pa.Table:
    """Add the change of employment since the first year of each scheme, or since ``first_year``.

    Definition
    ----------
    employment_change = e_t - e_0 (jobs); employment_growth = (e_t / e_0)^(1/(t - 0)) - 1.

    Missing data
    ------------
    Null in the first year, where either year has no figure, and where either is `withheld`: the
    known part of two years need not be the same part. With ``as_complete``, null also where the
    reported share of either year is below ``LEAST_REPORTED`` or, unless both years are filled, the
    two differ by more than ``MOST_DRIFT``: what grew may then be only what is printed.
    """
    years = table.column("year").to_numpy()
    schemes = codes(table, ["scheme"])
    first = np.full(int(schemes.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, schemes, years.astype(np.int64))
    base_year = first[schemes] if first_year is None else np.full(len(years), first_year)
    employment = floats(table, "employment")
    employment[pc.equal(table.column("status"), "withheld").to_numpy()] = np.nan
    group = codes(table, key)
    in_base = years == base_year
    start = _at_start(employment, group, in_base)
    if as_complete:
        share = floats(table, "reported_share")
        before = _at_start(share, group, in_base)
        low = np.fmin(share, before) < LEAST_REPORTED
        filled = floats(table, "filled")
        both = (filled == 1) & (_at_start(filled, group, in_base) == 1)
        start[low | (~both & (np.abs(share - before) > MOST_DRIFT))] = np.nan
    change = employment - start
    growth = np.full(len(employment), np.nan)
    for span in np.unique(years - base_year):
        if span > 0:
            rows = (years - base_year) == span
            growth[rows] = measures.growth(start[rows], employment[rows], years=int(span))
    missing = np.isnan(change)
    whole = np.where(missing, 0, change).astype(np.int64)
    table = table.append_column(
        "change_from_year", pa.array(base_year.astype(np.int16), mask=in_base)
    )
    table = table.append_column("employment_change", pa.array(whole, mask=missing))
    return table.append_column("employment_growth", column_of(growth))


def _at_start(
    values: Floats, group: npt.NDArray[np.int64], in_base: npt.NDArray[np.bool_]
) -> Floats:
    """Return the value of each row's group in the first year; NaN in that year itself."""
    first = np.full(int(group.max(initial=-1)) + 1, np.nan)
    first[group[in_base]] = values[in_base]
    return np.where(in_base, np.nan, first[group])
