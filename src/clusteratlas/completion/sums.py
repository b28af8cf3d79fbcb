"""The sums that bind unknown cells: each one lies in one sum of its region and one of its industry.

Within a region, the unknown leaves that share their nearest printed ancestor add up to what that
ancestor leaves over its printed parts. Across the regions of a larger one, the same holds for the
nearest printed row of the larger region. So every unknown cell is an edge between two sums, and the
whole system is a bipartite graph: far easier to solve than a general one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.completion.cells import NONE, Cells, Flags, Floats, Places

OPEN_ESTABLISHMENTS = 1.0
"""A sum across regions binds only if its regions hold all its establishments, up to this many."""
OPEN_SHARE = 0.02


@dataclass(frozen=True)
class Sums:
    """Unknown cells and the sums that bind them.

    Attributes
    ----------
    cells
        Places of the unknown leaf cells; every other array has their length or is one a sum.
    within, across
        For each unknown cell its sum within its region's industries and across regions, -1 for
        none.
    within_row, across_row
        The printed row that each sum belongs to.
    within_left, across_left
        Jobs that the printed row leaves for its unknown cells.
    """

    cells: Places
    within: Places
    across: Places
    within_row: Places
    across_row: Places
    within_left: Floats
    across_left: Floats


def sums_of(cells: Cells, depth: int) -> Sums:
    """Return the sums that bind the unknown leaves of regions of this depth."""
    known, above = cells.known, cells.known_above
    left = np.where(known, cells.employment, 0.0)
    nested = np.flatnonzero(known & (above >= 0))
    np.subtract.at(left, above[nested], cells.employment[nested])

    here = cells.leaf & (cells.depth == depth)
    unknown = np.flatnonzero(here & ~known)
    across_all, across_left = _across(cells, here)
    across = across_all[unknown]
    within_row, within = _numbered(above[unknown])
    across_row, across = _numbered(across)
    return Sums(
        unknown,
        within,
        across,
        within_row,
        across_row,
        left[within_row],
        across_left[across_row],
    )


def _across(cells: Cells, here: Flags) -> tuple[Places, Floats]:
    """The closed printed row of the region above for each leaf, and what it leaves.

    A row whose regions do not hold all its establishments passes its leaves on to the next above.
    """
    good = cells.known.copy()
    for _ in range(int(cells.industries.depth.max(initial=0)) + 1):
        rows = _rows_across(cells, here, good)
        closed = _closed(cells, here, rows)
        met = np.unique(rows[rows >= 0])
        if closed[met].all():
            break
        good[met[~closed[met]]] = False
    rows = np.where((rows >= 0) & closed[np.maximum(rows, 0)], rows, NONE)
    used = np.zeros(len(cells), dtype=bool)
    used[rows[rows >= 0]] = True
    upper = np.flatnonzero(used)
    left = np.where(used, np.nan_to_num(cells.employment), 0.0)
    above = cells.nearest_with(used)[upper]
    np.subtract.at(left, above[above >= 0], cells.employment[upper[above >= 0]])
    printed = np.flatnonzero(here & cells.known & (rows >= 0))
    np.subtract.at(left, rows[printed], cells.employment[printed])
    return rows, left


def _numbered(rows: Places) -> tuple[Places, Places]:
    """Number the rows that occur; -1 stays."""
    used = np.unique(rows[rows >= 0])
    return used, np.where(rows >= 0, np.searchsorted(used, rows), NONE)


def _rows_across(cells: Cells, here: Flags, usable: Flags) -> Places:
    """The printed row of the region above that each leaf counts in.

    A row of the region above that lies beneath an industry which some region here prints only as
    a whole cannot be told apart here: it counts as a part of that industry.
    """
    row = cells.in_region_above.copy()
    row[~here] = NONE
    parent = np.maximum(cells.regions.parent[cells.region], 0)
    whole = np.unique((parent * len(cells.industries.codes) + cells.industry)[here & (row >= 0)])
    blocked = np.zeros(len(cells), dtype=bool)
    upper = np.unique(cells.region[row[row >= 0]])
    rows = np.flatnonzero(np.isin(cells.region, upper))
    at = cells.industries.parent[cells.industry[rows]]
    while np.any(at >= 0):
        key = cells.region[rows] * len(cells.industries.codes) + at
        blocked[rows] |= (at >= 0) & np.isin(key, whole)
        at = np.where(at >= 0, cells.industries.parent[np.maximum(at, 0)], NONE)
    good = usable & ~blocked
    found = np.maximum(row, 0)
    up = np.where(good[found], found, cells.nearest_with(good)[found])
    return np.where(row >= 0, up, NONE)


def _closed(cells: Cells, here: Flags, across: Places) -> Flags:
    """Whether the regions here hold all establishments of each row across them."""
    count = cells.establishments
    left = np.nan_to_num(count)
    used = np.zeros(len(cells), dtype=bool)
    rows = np.unique(across[across >= 0])
    used[rows] = True
    above = cells.nearest_with(used)
    nested = rows[above[rows] >= 0]
    np.subtract.at(left, above[nested], np.nan_to_num(count)[nested])
    leaves = np.flatnonzero(here & (across >= 0))
    np.subtract.at(left, across[leaves], np.nan_to_num(count)[leaves])
    some_unknown = np.zeros(len(cells), dtype=bool)
    some_unknown[across[leaves[np.isnan(count[leaves])]]] = True
    allowed = OPEN_ESTABLISHMENTS + OPEN_SHARE * np.nan_to_num(count)
    closed: Flags = (np.abs(left) <= allowed) | np.isnan(count) | some_unknown
    return closed
