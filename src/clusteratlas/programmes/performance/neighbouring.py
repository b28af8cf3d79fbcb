"""Which regions are next to which, and by which rule: borders, points, or a list that was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa

from clusteratlas import classification
from clusteratlas.measures import nearest_neighbours
from clusteratlas.tables import CannotAnswer

NEAREST: Final = 5
"""Regions that count as next to one where borders are not known."""


class NeighbourRule(StrEnum):
    """How neighbouring regions were found, or why there are none."""

    borders = "borders"
    """They share a stretch of land border."""
    nearest = "nearest"
    """The `NEAREST` whose points are nearest by great circle; a pair counts in both directions."""
    given = "given"
    """Whoever asked named the pairs."""
    unknown = "unknown"
    """Nothing tells where the regions of a table lie."""
    few_points = "few_points"
    """No more than `NEAREST` regions have a point."""
    apart = "apart"
    """No two regions among the figures are neighbours."""


@dataclass(frozen=True, slots=True)
class Neighbouring:
    """Pairs of neighbouring regions and how they were found.

    Attributes
    ----------
    rule
        How, or why there are none.
    pairs
        Each once, the smaller code first; empty where there are none.
    """

    rule: NeighbourRule
    pairs: tuple[tuple[str, str], ...] = ()

    def among(self, regions: Iterable[str]) -> Neighbouring:
        """Return the pairs that have both regions among those given."""
        known = set(regions)
        kept = tuple(pair for pair in self.pairs if known.issuperset(pair))
        return Neighbouring(self.rule if kept or not self.pairs else NeighbourRule.apart, kept)


UNKNOWN: Final = Neighbouring(NeighbourRule.unknown)


def listed(pairs: Iterable[tuple[str, str]], rule: NeighbourRule) -> Neighbouring:
    """Return neighbours of a list of pairs, each once and none with itself.

    >>> listed([("b", "a"), ("a", "b"), ("a", "a")], NeighbourRule.given).pairs
    (('a', 'b'),)
    """
    once = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    return Neighbouring(rule, tuple(sorted(once)))


def neighbours_of_regions(scheme: str, regions: pa.Table) -> Neighbouring:
    """Return which regions of a scheme are next to which.

    Definition
    ----------
    Where shared borders are at hand (American counties, metropolitan areas and states) they decide.
    Elsewhere the neighbours of a region are the five others whose points are nearest to its own by
    great circle; a pair counts in both directions, so that a region may have more than five.

    Parameters
    ----------
    scheme
        Name of the scheme.
    regions
        Columns region, longitude and latitude in degrees.

    Returns
    -------
    Neighbouring

    Missing data
    ------------
    A region without a point has no neighbours; with no more than five points nobody has.

    Source
    ------
    Borders: see `classification.neighbours`.

    Example
    -------
    >>> line = pa.table({"region": list("abcdefg"), "longitude": [0.0, 1, 2, 3, 4, 5, None],
    ...     "latitude": [0.0] * 6 + [None]})
    >>> found = neighbours_of_regions("own", line)
    >>> found.rule.value, len(found.pairs), found.among("ab").pairs
    ('nearest', 15, (('a', 'b'),))
    """
    try:
        known = classification.neighbours(scheme)
    except CannotAnswer:  # no borders are at hand: points decide
        return _nearest(regions)
    both = zip(known["region"].to_pylist(), known["neighbour"].to_pylist(), strict=True)
    return listed(both, NeighbourRule.borders)


def _nearest(regions: pa.Table) -> Neighbouring:
    points = [
        (row["region"], row["longitude"], row["latitude"])
        for row in regions.select(["region", "longitude", "latitude"]).to_pylist()
        if row["longitude"] is not None and row["latitude"] is not None
    ]
    if len(points) <= NEAREST:
        return Neighbouring(NeighbourRule.few_points)
    where = np.array([each[1:] for each in points], dtype=np.float64)
    row, column = nearest_neighbours(where, count=NEAREST, coordinates="degrees").nonzero()
    pairs = zip(row.tolist(), column.tolist(), strict=True)
    return listed(
        ((points[one][0], points[other][0]) for one, other in pairs), NeighbourRule.nearest
    )
