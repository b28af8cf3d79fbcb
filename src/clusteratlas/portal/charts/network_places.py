"""Where each cluster lies on the network: found once for a definition of a release, then kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clusteratlas.atlas import RelatedCluster, Release
from clusteratlas.portal.charts.network import spread
from clusteratlas.relatedness.network import network_layout

FEWEST = 3
MOST_KEPT = 16
LABEL = (0.11, 0.08)
"""Room of a usual label, as shares of the picture; long ones make themselves room afterwards."""

_rows: dict[tuple[str, str], tuple[RelatedCluster, ...]] = {}
_found: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}


def relatedness_of(release: Release, definition: str) -> tuple[RelatedCluster, ...]:
    """Return all rows of a definition's relatedness, kept: many pages look at them."""
    key = (release.id, definition)
    rows = _rows.get(key)
    if rows is None:
        if len(_rows) >= MOST_KEPT:
            _rows.clear()
        rows = _rows[key] = tuple(release.relatedness(definition))
    return rows


def places_of(release: Release, definition: str) -> dict[str, tuple[float, float]]:
    """Return the place of every cluster on the picture; empty where fewer than three are known."""
    key = (release.id, definition)
    found = _found.get(key)
    if found is None:
        if len(_found) >= MOST_KEPT:
            _found.clear()
        found = _found[key] = _places(relatedness_of(release, definition))
    return found


def _places(rows: Sequence[RelatedCluster]) -> dict[str, tuple[float, float]]:
    names = {row.a: row.name_a for row in rows}
    codes = sorted(names)
    if len(codes) < FEWEST:
        return {}
    at = {code: number for number, code in enumerate(codes)}
    composite = np.full((len(codes), len(codes)), np.nan)
    for row in rows:
        if row.a != row.b and row.composite is not None:
            composite[at[row.a], at[row.b]] = row.composite
    return spread(network_layout(codes, composite, width=LABEL[0], height=LABEL[1]), names)
