"""Draws of single cells added up to whatever is made of them: larger regions, clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from clusteratlas import measures
from clusteratlas.atlas.filling import Filled
from clusteratlas.atlas.panel import floats
from clusteratlas.tables import ESTIMATED

Whole = npt.NDArray[np.int64]
Sparse = Any  # scipy ships no types
BLOCK = 50_000
"""Rows whose draws are held at once."""

SEPARATOR = "\x1f"
SLACK = 1e-3
"""Jobs by which a draw may miss a whole number for want of digits."""


@dataclass(frozen=True)
class Draws:
    """The estimated cells of one dataset and year, and how each draw deviates from the estimate.

    ``region`` and ``industry`` are places in ``regions`` and ``industries``, one for each cell;
    ``regions`` are keys as `place_keys` makes them. ``deviation`` is cells x draws, jobs. ``upper``
    holds the estimated rows of coarser industries: region, industry.
    """

    regions: pa.Array
    industries: pa.Array
    region: Whole
    industry: Whole
    deviation: npt.NDArray[np.float32]
    upper: pa.Table

    @classmethod
    def of(cls, filled: Filled) -> Draws | None:
        """Read the draws of a filled year; ``None`` where no cell was estimated."""
        if not filled.cells.num_rows or not filled.draws.shape[1]:
            return None
        given = filled.employment
        rows = given.filter(pc.equal(given.column("status"), ESTIMATED))
        rows = pa.table(
            {
                "region": place_keys(rows),
                "industry": rows.column("industry"),
                "employment": rows.column("employment"),
            }
        )
        keys = place_keys(filled.cells)
        regions = pc.unique(keys).sort()
        industries = pc.unique(filled.cells.column("industry")).sort()
        region = _places(keys, regions)
        industry = _places(filled.cells.column("industry"), industries)
        estimates = np.full(len(regions) * len(industries), np.nan)
        of_row, of_industry = (
            _places(rows.column("region"), regions),
            _places(rows.column("industry"), industries),
        )
        here = (of_row >= 0) & (of_industry >= 0)
        jobs = rows.column("employment").to_numpy().astype(np.float64)
        estimates[of_row[here] * len(industries) + of_industry[here]] = jobs[here]
        estimate = estimates[region * len(industries) + industry]
        estimate = np.where(np.isnan(estimate), filled.draws.mean(axis=1), estimate)
        deviation = filled.draws - estimate[:, None].astype(np.float32)
        fine = pa.array(np.unique(region * len(industries) + industry))
        code = pa.array(of_row * len(industries) + of_industry)
        upper = rows.filter(pc.invert(pc.and_(pa.array(here), pc.is_in(code, fine))))
        return cls(regions, industries, region, industry, deviation, upper.drop("employment"))

    @property
    def count(self) -> int:
        """The number of draws."""
        return int(self.deviation.shape[1])

    def added_up(self, rows: Sparse) -> npt.NDArray[np.float32]:
        """Return how each draw of these sums deviates: rows x draws, for rows x cells weights."""
        return np.asarray(rows @ self.deviation, dtype=np.float32)

    def incidence(
        self,
        target: tuple[pa.Array, pa.Array],
        places: tuple[pa.Array, pa.Array],
        groups: tuple[pa.Array, pa.Array, npt.NDArray[np.float64] | None],
        *,
        only_upper: bool = False,
    ) -> Sparse:
        """Return which cell counts in which row of a target, by how much.

        Parameters
        ----------
        target
            Place key and group of each row; no two rows alike.
        places
            Key of a region with cells, key of a place that it lies in.
        groups
            Industry, group that it belongs to and its weight (1 where none is given).
        only_upper
            Count a cell in the groups above its industry only where the group's own figure in the
            cell's region was estimated; a printed one does not move with its parts.

        Returns
        -------
        scipy.sparse.csr_array
            Target rows x cells.
        """
        place_names, group_names = (pc.unique(each).sort() for each in target)
        rows = np.full(len(place_names) * len(group_names), -1, dtype=np.int64)
        rows[
            _places(target[0], place_names) * len(group_names) + _places(target[1], group_names)
        ] = np.arange(len(target[0]))
        into_place = _pairs(places[0], self.regions, places[1], place_names)
        into_group = _pairs(groups[0], self.industries, groups[1], group_names, groups[2])
        cell, group, weight = _spread(self.industry, into_group)
        if only_upper:
            cell, group, weight = self._moving(cell, group, weight, group_names)
        entry, place, share = _spread(self.region[cell], into_place)
        row = rows[place * len(group_names) + group[entry]]
        there = row >= 0
        shape = (len(target[0]), len(self.region))
        found = sparse.coo_array(
            ((weight[entry] * share)[there], (row[there], cell[entry][there])), shape=shape
        ).tocsr()
        found.sum_duplicates()
        return found.astype(np.float32)

    def _moving(
        self, cell: Whole, group: Whole, weight: npt.NDArray[np.float64], names: pa.Array
    ) -> tuple[Whole, Whole, npt.NDArray[np.float64]]:
        """Leave out groups above an industry whose own figure is printed in the cell's region."""
        estimated = np.zeros((len(self.regions), len(names)), dtype=bool)
        region = _places(self.upper.column("region"), self.regions)
        industry = _places(self.upper.column("industry"), names)
        here = (region >= 0) & (industry >= 0)
        estimated[region[here], industry[here]] = True
        own = _places(self.industries, names)
        kept = (own[self.industry[cell]] == group) | estimated[self.region[cell], group]
        return cell[kept], group[kept], weight[kept]


def place_keys(table: pa.Table, scheme: str = "scheme", region: str = "region") -> pa.ChunkedArray:
    """Return scheme and region as one text."""
    return pc.binary_join_element_wise(table.column(scheme), table.column(region), SEPARATOR)


def sums_in_draws(
    draws: Draws, incidence: Sparse, employment: npt.NDArray[np.float64]
) -> Iterator[tuple[Whole, npt.NDArray[np.float64]]]:
    """Yield rows that hold an estimated cell with their jobs in each draw, some at a time."""
    moving = np.flatnonzero(np.diff(incidence.indptr))
    for start in range(0, len(moving), BLOCK):
        rows = moving[start : start + BLOCK]
        yield rows, employment[rows, None] + draws.added_up(incidence[rows])


def with_intervals(table: pa.Table, draws: Draws, incidence: Sparse) -> pa.Table:
    """Put the interval of the draws into employment_low and employment_high.

    Rows without an estimated cell keep theirs, and so do withheld ones: what is missing there was
    not drawn. The figure itself always lies between the two, also where it was rounded.
    """
    employment = floats(table, "employment")
    low, high = floats(table, "employment_low"), floats(table, "employment_high")
    estimated = pc.equal(table.column("status"), ESTIMATED).to_numpy()
    for rows, jobs in sums_in_draws(draws, incidence, employment):
        ends = whole_ends(measures.interval(jobs), employment[rows])
        kept = estimated[rows]
        low[rows[kept]], high[rows[kept]] = ends.low[kept], ends.high[kept]
    for name, values in (("employment_low", low), ("employment_high", high)):
        place, missing = table.schema.get_field_index(name), np.isnan(values)
        whole = np.where(missing, 0, values).astype(np.int64)
        table = table.set_column(place, name, pa.array(whole, mask=missing))
    return table


def whole_ends(ends: measures.Interval, figure: npt.NDArray[np.float64]) -> measures.Interval:
    """Return an interval in whole numbers, never below zero, that holds the figure."""
    low = np.maximum(np.floor(ends.low + SLACK), 0)
    return measures.Interval(np.fmin(low, figure), np.fmax(np.ceil(ends.high - SLACK), figure))


def held(ends: measures.Interval, figure: npt.NDArray[np.float64]) -> measures.Interval:
    """Return an interval widened where it does not hold the figure."""
    return measures.Interval(np.fmin(ends.low, figure), np.fmax(ends.high, figure))


def _places(values: pa.ChunkedArray | pa.Array, names: pa.Array) -> Whole:
    """Return the place of each value among the names, -1 where it is none of them."""
    found = pc.fill_null(pc.index_in(values, value_set=names), -1)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _pairs(
    left: pa.Array,
    left_names: pa.Array,
    right: pa.Array,
    right_names: pa.Array,
    weight: npt.NDArray[np.float64] | None = None,
) -> Sparse:
    """Return pairs as a matrix left x right; those with an unknown side are left out."""
    one, other = _places(left, left_names), _places(right, right_names)
    here = (one >= 0) & (other >= 0)
    data = np.ones(len(one)) if weight is None else weight
    shape = (len(left_names), len(right_names))
    return sparse.coo_array((data[here], (one[here], other[here])), shape=shape).tocsr()


def _spread(codes: Whole, pairs: Sparse) -> tuple[Whole, Whole, npt.NDArray[np.float64]]:
    """Return, for each code and each partner of it: place of the code, partner, weight."""
    start, count = pairs.indptr[codes], np.diff(pairs.indptr)[codes]
    which = np.repeat(np.arange(len(codes)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    entry = np.repeat(start, count) + step
    return which, pairs.indices[entry].astype(np.int64), pairs.data[entry]
