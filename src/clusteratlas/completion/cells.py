"""A table of figures as arrays: one cell a region and industry, and which cell lies in which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.trees import NO_PARENT, Tree

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
NONE = -1
"""Place of a cell that is not there."""


@dataclass(frozen=True)
class OtherYears:
    """What other years print: jobs and establishments of the nearest year that has the cell.

    ``key`` is region times the number of industries plus industry, sorted.
    """

    width: int
    key: Places
    employment: Floats
    establishments: Floats

    @classmethod
    def nearest(
        cls, width: int, key: Places, away: Places, employment: Floats, establishments: Floats
    ) -> OtherYears:
        """Keep of each key the row that is the fewest years away."""
        order = np.lexsort((away, key))
        first = np.ones(len(order), dtype=bool)
        first[1:] = key[order][1:] != key[order][:-1]
        kept = order[first]
        return cls(width, key[kept], employment[kept], establishments[kept])

    def employment_of(self, region: Places, industry: Places) -> Floats:
        """Return jobs; NaN where no other year prints the cell."""
        return self._of(self.employment, region, industry)

    def establishments_of(self, region: Places, industry: Places) -> Floats:
        """Return establishments; NaN where no other year prints the cell."""
        return self._of(self.establishments, region, industry)

    def with_at_least(self, fewest: int) -> OtherYears:
        """Return what would be left if the office printed no cell below ``fewest``."""
        kept = self.establishments >= fewest
        return OtherYears(
            self.width, self.key[kept], self.employment[kept], self.establishments[kept]
        )

    def _of(self, values: Floats, region: Places, industry: Places) -> Floats:
        if not len(self.key):
            return np.full(len(region), np.nan)
        wanted = region * self.width + industry
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[at] == wanted, values[at], np.nan)


@dataclass(frozen=True)
class Cells:
    """The cells of one year.

    Attributes
    ----------
    regions, industries
        The trees; a cell names its places in them.
    region, industry
        Place of each cell's region and industry.
    establishments
        Count; NaN where it is not known.
    employment
        Jobs; NaN where the office withholds them.
    low, high
        What is known of withheld jobs: 0 and infinity where nothing is.
    absent
        Cells that the office does not print and that must be there for their parents to add up.
    elsewhere, elsewhere_establishments
        Jobs and establishments of the same cell in the nearest other year that prints it; NaN
        where none does.
    other_years
        The same for cells that have no row this year; ``None`` where there is one year only.
    """

    regions: Tree
    industries: Tree
    region: Places
    industry: Places
    establishments: Floats
    employment: Floats
    low: Floats
    high: Floats
    absent: Flags
    elsewhere: Floats
    elsewhere_establishments: Floats
    other_years: OtherYears | None = None

    def __len__(self) -> int:
        return len(self.region)

    @cached_property
    def known(self) -> Flags:
        """Cells whose jobs are printed."""
        known: Flags = ~np.isnan(self.employment)
        return known

    @cached_property
    def _keys(self) -> tuple[Places, Places]:
        key = self.region * len(self.industries.codes) + self.industry
        order = np.argsort(key, kind="stable")
        return key[order], order

    def find(self, region: Places, industry: Places) -> Places:
        """Return the cell of each region and industry, `NONE` where there is no row."""
        keys, order = self._keys
        wanted = region * len(self.industries.codes) + industry
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = (keys[at] == wanted) & (region >= 0) & (industry >= 0)
        return np.where(there, order[at], NONE)

    def nearest(self, region: Places, industry: Places) -> Places:
        """Return the cell of each region and industry, else of the nearest industry above it."""
        found = self.find(region, industry)
        at = industry.copy()
        for _ in range(int(self.industries.depth.max(initial=0))):
            open_ = (found == NONE) & (at >= 0)
            if not open_.any():
                break
            at[open_] = self.industries.parent[at[open_]]
            found[open_] = self.find(region[open_], at[open_])
        return found

    @cached_property
    def above(self) -> Places:
        """The nearest row above each cell in its own region's industries."""
        parent = self.industries.parent[self.industry]
        return np.where(parent == NO_PARENT, NONE, self.nearest(self.region, parent))

    @cached_property
    def leaf(self) -> Flags:
        """Cells without a row beneath them in their region."""
        leaf = np.ones(len(self), dtype=bool)
        leaf[self.above[self.above >= 0]] = False
        return leaf

    @cached_property
    def known_above(self) -> Places:
        """The nearest row above each cell whose jobs are printed."""
        return self.nearest_with(self.known)

    def nearest_with(self, good: Flags) -> Places:
        """Return the nearest row above each cell for which ``good`` is true."""
        found = self.above.copy()
        for _ in range(int(self.industries.depth.max(initial=0))):
            again = found >= 0
            again[again] &= ~good[found[again]]
            if not again.any():
                break
            found[again] = self.above[found[again]]
        return found

    @cached_property
    def in_region_above(self) -> Places:
        """The row of the region above for each cell's industry, or for the nearest above it."""
        parent = self.regions.parent[self.region]
        return np.where(
            parent == NO_PARENT, NONE, self.nearest(np.maximum(parent, 0), self.industry)
        )

    @cached_property
    def depth(self) -> Places:
        """Depth of each cell's region in the tree of regions."""
        depth: Places = self.regions.depth[self.region]
        return depth

    def summed(self, values: Floats, fixed: Flags | None = None) -> Floats:
        """Return for each row the sum of the leaves beneath it; leaves and ``fixed`` rows stay."""
        stays = self.leaf if fixed is None else self.leaf | fixed
        total = np.where(stays, values, 0.0)
        level = self.industries.depth[self.industry]
        for deep in range(int(level.max(initial=0)), 0, -1):
            rows = np.flatnonzero((level == deep) & (self.above >= 0))
            rows = rows[~stays[self.above[rows]]]
            np.add.at(total, self.above[rows], total[rows])
        return total

    def without(self, hidden: Flags) -> Cells:
        """Return the same cells with these ones' jobs withheld."""
        return self._with_structure(
            replace(
                self,
                employment=np.where(hidden, np.nan, self.employment),
                low=np.where(hidden, 0.0, self.low),
                high=np.where(hidden, np.inf, self.high),
            )
        )

    def given(self, employment: Floats) -> Cells:
        """Return the same cells with other jobs."""
        return self._with_structure(replace(self, employment=employment))

    def _with_structure(self, other: Cells) -> Cells:
        """Hand on what does not depend on jobs, so that it is not found again."""
        for name in ("_keys", "above", "leaf", "in_region_above", "depth"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def only(self, kept: Flags) -> Cells:
        """Return some of the cells."""
        return self._of(lambda name: getattr(self, name)[kept])

    def joined(self, other: Cells) -> Cells:
        """Return these cells and then those of another table with the same trees."""
        return self._of(lambda name: np.concatenate([getattr(self, name), getattr(other, name)]))

    def _of(self, column: Callable[[str], Any]) -> Cells:
        """Return cells with the same trees and these columns."""
        return Cells(
            self.regions,
            self.industries,
            column("region"),
            column("industry"),
            column("establishments"),
            column("employment"),
            column("low"),
            column("high"),
            column("absent"),
            column("elsewhere"),
            column("elsewhere_establishments"),
            self.other_years,
        )
