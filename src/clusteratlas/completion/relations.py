"""Every sum of a table, over industries and over regions: which row, and what makes it up.

`sums_of` joins sums until only unknown leaves are left, which is fast to solve. Here each row keeps
its own sum, so that it can be said which figures contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from clusteratlas.completion.cells import NONE, Cells, Flags, Floats, Places

AGREED = 0.5
"""Establishments by which a row and its cells may differ and be said to hold the same ones."""


@dataclass(frozen=True)
class Relations:
    """Sums in which something is unknown.

    Attributes
    ----------
    row
        Place of the row that each relation is about.
    exact
        True where its cells are all there is of it; else they are no more than it.
    members
        (relations, cells) true where a cell takes part: its cells, without the row.
    """

    row: Places
    exact: Flags
    members: sp.csr_matrix

    def misses(self, jobs: Floats) -> Floats:
        """Return by how many jobs each relation is missed; 0 where a figure is not known."""
        short = jobs[self.row] - self.members @ np.nan_to_num(jobs)
        unknown = np.isnan(jobs[self.row]) | (self.members @ np.isnan(jobs).astype(float) > 0)
        missed = np.where(self.exact, np.abs(short), np.maximum(-short, 0.0))
        return np.where(unknown, 0.0, missed)

    @property
    def figures(self) -> Places:
        """Number of figures in each relation, its row counted."""
        number: Places = np.diff(self.members.indptr) + 1
        return number

    def only(self, kept: Places) -> Relations:
        """Return some of the relations."""
        return Relations(self.row[kept], self.exact[kept], self.members[kept])


def relations_of(cells: Cells) -> Relations:
    """Return the sums of a table in which something is unknown.

    Definition
    ----------
    Over industries, a row is the sum of the rows right beneath it in its region, if an unknown cell
    without rows beneath it is among what makes it up; if all of that is printed, the row is no less
    (offices leave out small cells). Over regions, a row is the sum of the rows of its industry in
    the regions beneath, or of the first ones beneath that industry, if these hold all its
    establishments; else it is no less. Stricter than `sums_of`: one establishment that has no row
    may hold any number of jobs, so where one may be missing nothing is said to contradict.
    """
    within = _grouped(cells.above, len(cells))
    across = _grouped(_regional(cells), len(cells))
    row, members = (np.concatenate(each) for each in zip(within, across, strict=True))
    start = np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else np.zeros(0, dtype=bool)
    start[len(within[0]) : len(within[0]) + 1] = True
    number = np.cumsum(start) - 1
    rows = row[start]
    inside = np.arange(len(rows)) < len(np.unique(within[0]))
    closed = _closed(cells, number, rows, members)
    open_rows = _open(cells)[rows] & (closed if cells.absent.any() else True)
    exact = np.where(inside, open_rows, closed)
    open_ = (np.bincount(number, ~cells.known[members], len(rows)) > 0) | ~cells.known[rows]
    kept = open_[number]
    shape = (int(open_.sum()), len(cells))
    start = np.concatenate([[0], np.cumsum(np.bincount(number[kept], minlength=len(rows))[open_])])
    adder = sp.csr_matrix((np.ones(int(kept.sum())), members[kept], start), shape=shape)
    return Relations(rows[open_], exact[open_], adder)


def _grouped(above: Places, size: int) -> tuple[Places, Places]:
    """Rows and their members, sorted by row; -1 is no row."""
    order = np.argsort(above, kind="stable")
    order = order[np.searchsorted(above[order], 0) :]
    return above[order], order


def _regional(cells: Cells) -> Places:
    """The row of the region above that each cell is a part of, first ones beneath it only."""
    upper = cells.in_region_above
    above = cells.above
    nested = (above >= 0) & (upper[above] == upper) & (upper >= 0)
    return np.where(nested, NONE, upper)


def _open(cells: Cells) -> Flags:
    """Rows that hold an unknown leaf, no printed row between."""
    found = np.zeros(len(cells), dtype=bool)
    at = np.flatnonzero(~cells.known & cells.leaf & (cells.above >= 0))
    while len(at):
        at = np.unique(cells.above[at])
        found[at] = True
        at = at[~cells.known[at] & (cells.above[at] >= 0)]
    return found


def _closed(cells: Cells, number: Places, rows: Places, members: Places) -> Flags:
    """Relations whose given members hold all establishments of their row, as far as known."""
    count = cells.establishments[members]
    given = np.where(cells.absent[members], 0.0, np.nan_to_num(count))
    held = np.bincount(number, given, len(rows))
    unknown = np.bincount(number, np.isnan(count), len(rows)) > 0
    own = cells.establishments[rows]
    closed: Flags = (np.abs(held - own) <= AGREED) | np.isnan(own) | unknown
    return closed
