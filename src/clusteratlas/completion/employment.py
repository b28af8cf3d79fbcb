"""Complete the employment table of a release: whole jobs, rests of regions, possible tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clusteratlas.completion.cells import NONE, Cells, Flags, Floats, Places
from clusteratlas.completion.filling import Filled, fill
from clusteratlas.completion.release_cells import (
    cells_of,
    column,
    existing_parent,
    other_years,
    regions_of,
    reverse,
    with_rests,
)
from clusteratlas.completion.trees import tree_of
from clusteratlas.tables import EMPLOYMENT, ESTIMATED, WITHHELD

DRAWS = 50
AT_LEAST = 0.5
"""Jobs that an absent cell must have, or may have, to become a row."""


@dataclass(frozen=True)
class Completed:
    """One year of an employment table with its withheld cells filled.

    Attributes
    ----------
    employment
        Rows by the contract `EMPLOYMENT`: every given row, reported ones untouched, and those found
        absent. Estimated rows have 90 % intervals.
    cells
        scheme, region, industry, year: the estimated cells of the finest industries in the base
        scheme, in the order of ``draws``.
    draws
        (cells, draws) jobs. Column d is one possible truth of all cells together.
    """

    employment: pa.Table
    cells: pa.Table
    draws: NDArray[np.float32]


def complete_employment(
    employment: pa.Table,
    *,
    scheme: str,
    year: int,
    industry_parent: Mapping[str, str | None],
    region_parent: Mapping[tuple[str, str], tuple[str, str] | None],
    draws: int = DRAWS,
) -> Completed | None:
    """Return one year of an employment table with its withheld cells filled.

    Definition
    ----------
    As `clusteratlas.completion.complete_table`, in whole jobs: estimates are rounded so that those
    beneath one printed row still add up to it. A region made of several smaller ones may print an
    industry for some of them only; what its parents count beyond that is estimated as the rest of
    the region and added to what is printed.

    Parameters
    ----------
    employment
        Rows of the `employment` table of all years; those of ``year`` are completed.
    scheme
        The base scheme: the smallest regions.
    year
        Year to complete.
    industry_parent, region_parent
        The code above each industry, and the (scheme, region) above each (scheme, region).
    draws
        Number of possible tables.

    Returns
    -------
    Completed, or None where nothing is withheld or missing.

    Missing data
    ------------
    Withheld cells that no printed figure binds and no establishments are known of stay withheld.
    """
    table = _Table.of(employment, scheme, year, industry_parent, region_parent)
    if table is None:
        return None
    filled = fill(table.cells, draws=draws, closed=table.closed)
    if not len(filled.drawn) and not filled.estimated.any():
        return None
    return table.completed(filled)


@dataclass(frozen=True)
class _Table:
    """The rows of a year as cells; parts of them moved to the rest of their region."""

    given: pa.Table
    cells: Cells
    row: Places
    closed: Places
    rest_of: Places
    names: list[tuple[str, str]]
    scheme: str
    year: int

    @classmethod
    def of(
        cls,
        employment: pa.Table,
        scheme: str,
        year: int,
        industry_parent: Mapping[str, str | None],
        region_parent: Mapping[tuple[str, str], tuple[str, str] | None],
    ) -> _Table | None:
        given = employment.filter(pc.equal(employment.column("year"), year))
        if not given.num_rows or len(pc.unique(given.column("source"))) != 1:
            return None
        used = {
            (row["scheme"], row["region"])
            for row in employment.select(["scheme", "region"])
            .group_by(["scheme", "region"])
            .aggregate([])
            .to_pylist()
        }
        regions, names, rest_of = regions_of(used, scheme, region_parent)
        industries = tree_of(
            {code: existing_parent(code, industry_parent) for code in industry_parent}
        )
        place = {name: at for at, name in enumerate(names)}
        other = employment.filter(pc.not_equal(employment.column("year"), year))
        width = len(industries.codes)
        others = other_years(other, year, place, industries)
        cells = cells_of(given, place, regions, industries, others)
        base = np.array([name[0] == scheme for name in names])[cells.region]
        printed_in = pc.fill_null(given.column("printed_in"), 1).to_numpy()
        cells, row, closed = with_rests(cells, base, printed_in, rest_of, width)
        return cls(given, cells, row, closed, rest_of, names, scheme, year)

    def completed(self, filled: Filled) -> Completed:
        """Return the rows of the year with the filled cells in them."""
        cells = filled.cells
        jobs = _whole(filled)
        rest = reverse(self.rest_of)
        home = np.where(rest[cells.region] == NONE, cells.region, rest[cells.region])
        width = len(cells.industries.codes)
        key = home * width + cells.industry
        row = np.full(len(cells), NONE)
        row[: len(self.row)] = self.row
        finest = np.zeros(len(cells), dtype=bool)
        finest[filled.drawn] = True
        # Absent cells of a rest whose industry is printed for other smaller regions join that row.
        order = np.argsort(key[: len(self.row)], kind="stable")
        order = order[self.row[order] >= 0]
        absent = np.flatnonzero(cells.absent)
        at = np.minimum(np.searchsorted(key[order], key[absent]), max(len(order) - 1, 0))
        joins = np.zeros(len(absent), dtype=bool)
        if len(order):
            joins = key[order][at] == key[absent]
        joined, joined_row = absent[joins], self.row[order[at[joins]]]
        printed = np.zeros(len(cells))
        printed[joined] = pc.fill_null(self.given.column("employment"), 0).to_numpy()[joined_row]
        kept = np.zeros(len(cells), dtype=bool)
        kept[absent[~joins]] = (jobs[absent[~joins]] >= AT_LEAST) & (
            cells.region[absent[~joins]] >= 0
        )
        table = self._filled_rows(filled, jobs, joined, joined_row)
        added = self._added_rows(filled, jobs, home, np.flatnonzero(kept))
        names = np.array(self.names, dtype=object)
        drawn = filled.drawn
        named = names[home[drawn]] if len(drawn) else np.zeros((0, 2), dtype=object)
        given = pa.table(
            {
                "scheme": pa.array(named[:, 0].tolist(), pa.string()),
                "region": pa.array(named[:, 1].tolist(), pa.string()),
                "industry": pa.array(
                    cells.industries.codes[cells.industry[drawn]].tolist(), pa.string()
                ),
                "year": pa.array(np.full(len(drawn), self.year, dtype=np.int16)),
            }
        )
        return Completed(
            pa.concat_tables([table, added]).sort_by(
                [(name, "ascending") for name in EMPLOYMENT.key]
            ),
            given,
            filled.draws + printed[drawn].astype(np.float32)[:, None],
        )

    def _filled_rows(
        self, filled: Filled, jobs: Floats, joined: Places, joined_row: Places
    ) -> pa.Table:
        """The given rows, withheld ones filled, partly printed ones completed."""
        size = self.given.num_rows
        employment = column(self.given, "employment")
        low, high = column(self.given, "employment_low"), column(self.given, "employment_high")
        reported = np.where(self._is(WITHHELD), np.nan, employment)
        estimated = np.zeros(size, dtype=bool)
        own = np.flatnonzero(self.row >= 0)
        own = own[filled.estimated[own]]
        at = self.row[own]
        # A withheld sum may hold a part that is printed.
        reported[at] = np.nan_to_num(employment[at])
        employment[at] = np.maximum(jobs[own], reported[at])
        low[at], high[at] = np.maximum(filled.low[own], reported[at]), filled.high[own]
        estimated[at] = True
        more = (filled.high[joined] >= AT_LEAST) | (jobs[joined] >= AT_LEAST)
        joined, joined_row = joined[more], joined_row[more]
        base = np.nan_to_num(employment[joined_row])
        reported[joined_row] = np.where(estimated[joined_row], reported[joined_row], base)
        employment[joined_row] = base + jobs[joined]
        low[joined_row], high[joined_row] = base + filled.low[joined], base + filled.high[joined]
        estimated[joined_row] = True
        low, high = _around(low, employment, high)
        status = self.given.column("status").to_pylist()
        status = [ESTIMATED if new else old for new, old in zip(estimated, status, strict=True)]
        table = self.given
        for name, values in (
            ("employment", employment),
            ("employment_low", np.where(estimated, low, column(table, "employment_low"))),
            ("employment_high", np.where(estimated, high, column(table, "employment_high"))),
            (
                "employment_reported",
                np.where(estimated, reported, column(table, "employment_reported")),
            ),
        ):
            table = _set(table, name, _integers(values))
        return _set(table, "status", pa.array(status, pa.string()))

    def _establishments(self, filled: Filled) -> Floats:
        """Expected establishments of absent cells in whole ones; none told where it rounds to 0."""
        cells = filled.cells
        absent = np.flatnonzero(cells.absent)
        out = np.full(len(cells), np.nan)
        out[absent] = _rounded(cells.establishments[absent], cells.above[absent])
        return np.where(out > 0, out, np.nan)

    def _is(self, status: str) -> Flags:
        flags: Flags = pc.equal(self.given.column("status"), status).to_numpy()
        return flags

    def _added_rows(self, filled: Filled, jobs: Floats, home: Places, kept: Places) -> pa.Table:
        """Rows for the cells that were found absent."""
        names = np.array(self.names, dtype=object)[home[kept]].reshape(-1, 2)
        low, high = _around(filled.low[kept], jobs[kept], filled.high[kept])
        size = len(kept)
        source = self.given.column("source")[0].as_py()
        columns = {
            "scheme": pa.array(names[:, 0].tolist(), pa.string()),
            "region": pa.array(names[:, 1].tolist(), pa.string()),
            "industry": pa.array(
                filled.cells.industries.codes[filled.cells.industry[kept]].tolist(), pa.string()
            ),
            "year": pa.array(np.full(size, self.year, dtype=np.int16)),
            "source": pa.array([source] * size, pa.string()),
            "employment": _integers(jobs[kept]),
            "employment_low": _integers(low),
            "employment_high": _integers(high),
            "establishments": _integers(self._establishments(filled)[kept]),
            "payroll": pa.nulls(size, pa.int64()),
            "status": pa.array([ESTIMATED] * size, pa.string()),
            "printed_in": pa.array(np.zeros(size, dtype=np.int64)),
            "employment_reported": pa.array(np.zeros(size, dtype=np.int64)),
        }
        return pa.table(columns, schema=self.given.schema)


def _whole(filled: Filled) -> Floats:
    """Round estimates so that those beneath one printed row still add up to it."""
    cells, jobs = filled.cells, filled.jobs.copy()
    leaves = np.flatnonzero(filled.estimated & cells.leaf)
    jobs[leaves] = _rounded(jobs[leaves], cells.known_above[leaves])
    total = cells.summed(jobs)
    sums = filled.estimated & ~cells.leaf & ~np.isnan(total)
    jobs[sums] = total[sums]
    return np.where(filled.estimated, np.rint(jobs), jobs)


def _rounded(values: Floats, group: Places) -> Floats:
    """Round to whole numbers that keep the sum of each group; -1 is no group."""
    if not len(values):
        return values
    floor = np.floor(values + 1e-9)
    part = values - floor
    order = np.lexsort((-part, group))
    sorted_group = group[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = sorted_group[1:] != sorted_group[:-1]
    start = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    number = np.cumsum(first) - 1
    left = np.rint(np.bincount(number, part[order]))
    rounded = floor.copy()
    rounded[order] += (np.arange(len(order)) - start < left[number]) & (sorted_group >= 0)
    return np.where(group < 0, np.rint(values), rounded)


def _around(low: Floats, middle: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Whole ends of intervals that hold their middle."""
    return np.minimum(np.floor(low), middle), np.maximum(np.ceil(high), middle)


def _integers(values: Floats) -> pa.Array:
    missing = np.isnan(values) | np.isinf(values)
    return pa.array(np.where(missing, 0, np.rint(values)).astype(np.int64), mask=missing)


def _set(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), column)
