"""From rows of the employment table to cells, and from regions to what they leave unprinted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clusteratlas.completion.absent import LEAST_MISSING
from clusteratlas.completion.cells import NONE, Cells, Flags, Floats, OtherYears, Places
from clusteratlas.completion.trees import Tree, tree_of
from clusteratlas.tables import REPORTED, UNPUBLISHED, WITHHELD

REST = "~rest"
"""Ends the code of the made-up region that holds what a region's smaller ones do not print."""


def existing_parent(code: str, parents: Mapping[str, str | None]) -> str | None:
    """Return the code above, if it is one of the codes."""
    above = parents[code]
    return above if above is None or above in parents else None


def regions_of(
    used: set[tuple[str, str]],
    scheme: str,
    region_parent: Mapping[tuple[str, str], tuple[str, str] | None],
) -> tuple[Tree, list[tuple[str, str]], Places]:
    """The tree of regions, their names, and the place of each base region's rest."""
    parents: dict[str, str | None] = {}
    waiting = list(used)
    while waiting:
        name = waiting.pop()
        code = "\x1f".join(name)
        if code in parents:
            continue
        above = region_parent.get(name)
        parents[code] = None if above is None else "\x1f".join(above)
        if above is not None:
            waiting.append(above)
        if name[0] == scheme:
            parents[code + REST] = parents[code]
    tree = tree_of(parents)
    codes = tree.codes.tolist()
    place = {code: at for at, code in enumerate(codes)}
    rest_of = np.array([place.get(code + REST, NONE) for code in codes], dtype=np.int64)
    names = [tuple(code.split("\x1f")) for code in codes]
    return tree, [(name[0], name[1]) for name in names], rest_of


def reverse(rest_of: Places) -> Places:
    """The region whose rest each region is, -1 for a region of its own."""
    out = np.full(len(rest_of), NONE)
    there = np.flatnonzero(rest_of >= 0)
    out[rest_of[there]] = there
    return out


def _codes(
    table: pa.Table, place: Mapping[tuple[str, str], int], industries: Tree
) -> tuple[Places, Places]:
    scheme, region, industry = (
        table.column(name).combine_chunks().dictionary_encode()
        for name in ("scheme", "region", "industry")
    )
    schemes, regions = scheme.dictionary.to_pylist(), region.dictionary.to_pylist()
    pairs = scheme.indices.to_numpy().astype(np.int64) * max(len(regions), 1)
    pairs += region.indices.to_numpy()
    unique, back = np.unique(pairs, return_inverse=True)
    at = np.array(
        [place[schemes[k // len(regions)], regions[k % len(regions)]] for k in unique.tolist()],
        dtype=np.int64,
    )
    codes = np.array(industry.dictionary.to_pylist(), dtype=str)
    found = np.minimum(np.searchsorted(industries.codes, codes), len(industries.codes) - 1)
    found = np.where(industries.codes[found] == codes, found, NONE)
    return at[back], found[industry.indices.to_numpy()]


def column(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers; NaN where it is null."""
    column = pc.fill_null(pc.cast(table.column(name), pa.float64()), np.nan)
    return np.array(column.to_numpy())


def cells_of(
    given: pa.Table,
    place: Mapping[tuple[str, str], int],
    regions: Tree,
    industries: Tree,
    others: OtherYears | None,
) -> Cells:
    """Return the rows of a year as cells; withheld and unpublished ones without their jobs."""
    region, industry = _codes(given, place, industries)
    employment = column(given, "employment")
    status = given.column("status")
    hidden = pc.is_in(status, pa.array([WITHHELD, UNPUBLISHED])).to_numpy()
    low = np.where(hidden, np.nan_to_num(column(given, "employment_low")), 0.0)
    high = np.where(hidden, column(given, "employment_high"), np.inf)
    none = np.full(len(region), np.nan)
    return Cells(
        regions,
        industries,
        region,
        industry,
        column(given, "establishments"),
        np.where(hidden, np.nan, employment),
        low,
        np.where(np.isnan(high), np.inf, high),
        np.zeros(len(region), dtype=bool),
        others.employment_of(region, industry) if others else none,
        others.establishments_of(region, industry) if others else none,
        others,
    )


def other_years(
    other: pa.Table, year: int, place: Mapping[tuple[str, str], int], industries: Tree
) -> OtherYears | None:
    """What the nearest other year prints of each cell."""
    other = other.filter(pc.equal(other.column("status"), REPORTED))
    if not other.num_rows:
        return None
    region, industry = _codes(other, place, industries)
    years = other.column("year").to_numpy().astype(np.int64)
    key = region * len(industries.codes) + industry
    return OtherYears.nearest(
        len(industries.codes),
        key,
        np.abs(years - year) * 2 + (years < year),
        column(other, "employment"),
        column(other, "establishments"),
    )


def with_rests(
    cells: Cells, base: Flags, printed_in: NDArray[np.int64], rest_of: Places, width: int
) -> tuple[Cells, Places, Places]:
    """Move what a region's smaller ones do not print to its rest.

    A row of a region that is printed for more smaller regions than its children are stays no row of
    the region: what it counts beyond them becomes the same row of the rest.
    """
    count = np.nan_to_num(cells.establishments)
    above = cells.above
    nested = np.flatnonzero(above >= 0)
    missing, jobs = count.copy(), np.nan_to_num(cells.employment)
    np.subtract.at(missing, above[nested], count[nested])
    np.subtract.at(jobs, above[nested], np.nan_to_num(cells.employment[nested]))
    printed_child = np.zeros(len(cells), dtype=bool)
    printed_child[above[nested]] = True
    # A withheld child takes part in what is left: its row and its parent's stay as they are.
    withheld_child = np.zeros(len(cells), dtype=bool)
    withheld_child[above[nested[~cells.known[nested]]]] = True
    moved = base & printed_child & (printed_in > 1) & (missing >= LEAST_MISSING) & cells.known
    moved &= ~withheld_child
    row = np.arange(len(cells))
    region, establishments, employment = cells.region.copy(), count, cells.employment.copy()
    region[moved] = rest_of[region[moved]]
    establishments = np.where(moved, missing, cells.establishments)
    employment = np.where(moved, np.maximum(jobs, 0), employment)
    row = np.where(moved, NONE, row)
    full = nested[(printed_in[nested] >= printed_in[above[nested]]) & moved[above[nested]]]
    closed = rest_of[cells.region[full]] * width + cells.industry[full]
    return (
        replace(cells, region=region, establishments=establishments, employment=employment),
        row,
        np.unique(closed),
    )
