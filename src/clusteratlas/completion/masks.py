"""Hide printed cells with the office's own pattern: the ground of learning and validation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.cells import Cells, Flags, Floats

CLASSES = 41
"""Numbers of establishments that are told apart: 0, 1, ..., 39, 40 and more."""
FEWEST = 3
"""Offices print nothing below this many establishments, so no truth is known there."""


def hide(cells: Cells, depth: int, seed: int, *, looseness: float = 2.0) -> Flags:
    """Return printed cells to withhold, as the office would.

    Definition
    ----------
    A leaf with n establishments is hidden with the share of leaves of that n that the table
    withholds. Then, from the bottom up: a printed row whose only withheld child could be had by
    subtraction is hidden too, or a second child is (the one with the fewest establishments); a
    printed row with several withheld children, of which some are new, is hidden with the share of
    such rows that the table withholds, times ``looseness``. Last, no row of the larger region may
    have one withheld part only.

    Parameters
    ----------
    cells
        n cells.
    depth
        Of the regions whose cells are hidden.
    seed
        Of the random choice.
    looseness
        How readily larger sums are hidden; at 2 the hidden cells of ten states of the American
        census of 2016 lie as far beneath their nearest printed sum as the withheld ones do.

    Returns
    -------
    (n,) true where hidden; never a cell that is withheld already.
    """
    random = np.random.default_rng(seed)
    known = cells.known
    regional = cells.depth == depth
    size = _size_class(cells.establishments)
    leaves = np.flatnonzero(cells.leaf & regional)
    rate = _rate(size[leaves], ~known[leaves])
    hidden = np.zeros(len(cells), dtype=bool)
    candidates = leaves[known[leaves] & (cells.establishments[leaves] >= FEWEST - 0.5)]
    hidden[candidates] = random.random(len(candidates)) < rate[size[candidates]]
    family = _Families(cells, regional)
    family.close(hidden, known, size, random, looseness)
    return hidden


def drop(cells: Cells, depth: int, *, fewest: int) -> tuple[Flags, Flags]:
    """Return printed cells to leave out, as if the office printed none below ``fewest``.

    Only children of rows whose children are all printed are left out, so that what is left out
    is known to be all that is missing.

    Returns
    -------
    (n,) true where left out, and (n,) true for the rows whose children they are.
    """
    count = np.nan_to_num(cells.establishments)
    above = cells.above
    nested = np.flatnonzero(above >= 0)
    missing = count.copy()
    np.subtract.at(missing, above[nested], count[nested])
    unknown = np.zeros(len(cells), dtype=bool)
    unknown[above[nested[~cells.known[nested]]]] = True
    whole = (
        (cells.depth == depth)
        & ~cells.leaf
        & cells.known
        & ~unknown
        & (np.abs(missing) < 0.5)
        & (count >= fewest)
    )
    child = np.maximum(above, 0)
    dropped = cells.leaf & cells.known & (above >= 0) & whole[child] & (count < fewest)
    return dropped, whole


def _size_class(establishments: Floats) -> NDArray[np.int64]:
    return np.minimum(np.floor(np.nan_to_num(establishments) + 0.5), CLASSES - 1).astype(np.int64)


def _rate(size: NDArray[np.int64], withheld: Flags) -> Floats:
    """Share withheld by class of establishments."""
    number = np.bincount(size, minlength=CLASSES)
    rate: Floats = np.bincount(size, weights=withheld, minlength=CLASSES) / np.maximum(number, 1)
    return rate


class _Families:
    """Rows and their children, in the industries of a region and in the regions of a row."""

    def __init__(self, cells: Cells, regional: Flags) -> None:
        self.cells = cells
        self.regional = regional
        self.children = _grouped(np.where(regional, cells.above, -1), len(cells))
        withheld = regional & ~cells.known & (cells.above >= 0)
        self.withheld_children = np.bincount(cells.above[withheld], minlength=len(cells))
        upper = np.where(regional, cells.in_region_above, -1)
        same = upper >= 0
        same[same] = cells.industry[upper[same]] == cells.industry[same]
        self.parts = _grouped(np.where(same, upper, -1), len(cells))
        self.levels = [
            np.flatnonzero(regional & ~cells.leaf & (cells.industries.depth[cells.industry] == d))
            for d in range(int(cells.industries.depth.max(initial=0)), -1, -1)
        ]

    def close(
        self,
        hidden: Flags,
        known: Flags,
        size: NDArray[np.int64],
        random: np.random.Generator,
        looseness: float,
    ) -> None:
        """Hide more until nothing hidden can be had by subtracting once."""
        rates = [self._rates(rows, known, size) for rows in self.levels]
        tried = np.zeros(len(known), dtype=bool)
        for _ in range(3):
            for rows, rate in zip(self.levels, rates, strict=True):
                self._close_rows(rows, rate, hidden, known, size, tried, random, looseness)
            self._close_parts(hidden, known)
        for rows in self.levels:
            for row in rows[hidden[rows]]:
                children = self.children[row]
                if not np.any(~known[children] | hidden[children]):
                    hidden[children[np.argmin(self.cells.establishments[children])]] = True

    def _rates(self, rows: NDArray[np.int64], known: Flags, size: NDArray[np.int64]) -> Floats:
        several = rows[self.withheld_children[rows] >= 2]
        return _rate(size[several], ~known[several])

    def _close_rows(
        self,
        rows: NDArray[np.int64],
        rate: Floats,
        hidden: Flags,
        known: Flags,
        size: NDArray[np.int64],
        tried: Flags,
        random: np.random.Generator,
        looseness: float,
    ) -> None:
        establishments = self.cells.establishments
        for row in rows[known[rows] & ~hidden[rows]]:
            children = self.children[row]
            new = hidden[children]
            if not new.any():
                continue
            printed = children[known[children] & ~new]
            if len(children) - len(printed) == 1:
                if not len(printed) or random.random() < rate[size[row]]:
                    hidden[row] = True
                else:
                    hidden[printed[np.argmin(establishments[printed])]] = True
            elif not tried[row]:
                tried[row] = True
                hidden[row] = random.random() < looseness * rate[size[row]]

    def _close_parts(self, hidden: Flags, known: Flags) -> None:
        for row, parts in self.parts.items():
            if not known[row]:
                continue
            new = hidden[parts]
            printed = parts[known[parts] & ~new]
            if new.any() and len(parts) - len(printed) == 1 and len(printed):
                hidden[printed[np.argmin(self.cells.establishments[printed])]] = True


def _grouped(parent: NDArray[np.int64], size: int) -> dict[int, NDArray[np.int64]]:
    """Return the members of each parent; -1 is no parent."""
    order = np.argsort(parent, kind="stable")
    order = order[np.searchsorted(parent[order], 0) :]
    parents, starts = np.unique(parent[order], return_index=True)
    ends = np.append(starts[1:], len(order))[: len(parents)]
    return {int(p): order[start:end] for p, start, end in zip(parents, starts, ends, strict=True)}
