"""A region's clusters beside those of others: shares and quotients, and what they differ by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusteratlas import measures
from clusteratlas.atlas.records import RegionalCluster
from clusteratlas.atlas.release import Release
from clusteratlas.tables import UNPUBLISHED, WITHHELD


@dataclass(frozen=True, slots=True)
class Beside:
    """One cluster here and there.

    Shares are of the jobs in clusters of the same kind (traded or local), or of all jobs where a
    definition does not tell them apart; ``difference`` is here less there.
    """

    cluster: str
    name: str
    traded: bool | None
    here: RegionalCluster
    share_here: float | None
    share_there: float | None
    quotient_here: float | None
    quotient_there: float | None
    difference: float | None
    employment_there: int | None
    known_there: int
    """Regions of the others that have a figure."""


def beside_reference(release: Release, rows: Sequence[RegionalCluster]) -> list[Beside]:
    """Set the clusters of a region beside the reference area, the largest difference first."""
    if not rows:
        return []
    first = rows[0]
    reference = {
        each.cluster: each
        for each in release.cluster_profiles(first.scheme, first.year, first.definition)
    }
    found = []
    for row in rows:
        there = reference.get(row.cluster)
        share = there.share_of_reference if there else None
        found.append(
            _beside(row, share, 1.0 if share else None, there.employment if there else None, 1)
        )
    return _ordered(found)


def beside_regions(
    release: Release, rows: Sequence[RegionalCluster], others: Sequence[str]
) -> list[Beside]:
    """Set the clusters of a region beside other regions taken together.

    Definition
    ----------
    share_there = sum of the jobs in the cluster over sum of the base, over the others that have a
    figure; quotient_there = share_there over the share in the reference area, which is the same
    for both. Of a single other region both are as published.

    Missing data
    ------------
    A region that withholds a cluster takes no part in that cluster; one that the office prints no
    row of counts as having none, unless none of the others has a row.
    """
    if not rows or not others:
        return []
    first = rows[0]
    held = release.clusters_of_regions(first.scheme, others, first.year, first.definition)
    if len(others) == 1:
        theirs = {each.cluster: each for each in held[others[0]]}
        return _ordered(
            [
                _beside(
                    row,
                    share_of_kind(there) if there else None,
                    there.location_quotient if there else None,
                    there.employment if there else None,
                    int(there is not None and there.employment is not None),
                )
                for row in rows
                for there in [theirs.get(row.cluster)]
            ]
        )
    return _ordered([_together(row, held) for row in rows])


def share_of_kind(row: RegionalCluster) -> float | None:
    """Return the share that quotients are made of."""
    return row.share_of_region if row.traded is None else row.share_of_traded_or_local


def _together(row: RegionalCluster, held: dict[str, list[RegionalCluster]]) -> Beside:
    jobs, bases, known = 0, 0.0, 0
    for clusters in held.values():
        there = next((each for each in clusters if each.cluster == row.cluster), None)
        if there is None or there.status == WITHHELD:
            continue
        base = _base(clusters, row.traded)
        if base is None:
            continue
        if there.employment is None and there.status != UNPUBLISHED:
            continue
        known += there.employment is not None
        jobs += there.employment or 0
        bases += base
    if not known or not bases:
        return _beside(row, None, None, None, 0)
    share = float(measures.region_share(np.array([[jobs]]), total=np.array([bases]))[0, 0])
    return _beside(row, share, _quotient(row, share), jobs, known)


def _base(clusters: Sequence[RegionalCluster], traded: bool | None) -> float | None:
    """Return the jobs that shares of a region are taken of."""
    if traded is not None:
        return sum(each.employment or 0 for each in clusters if each.traded is traded) or None
    for each in clusters:
        if each.employment and each.share_of_region:
            return each.employment / each.share_of_region
    return None


def _quotient(row: RegionalCluster, share: float) -> float | None:
    """Return the quotient of another share, by the reference share that the row's own implies."""
    mine = share_of_kind(row)
    if not mine or not row.location_quotient:
        return None
    return share * row.location_quotient / mine


def _beside(
    row: RegionalCluster,
    share_there: float | None,
    quotient_there: float | None,
    jobs: int | None,
    known: int,
) -> Beside:
    share_here = share_of_kind(row)
    difference = None if share_here is None or share_there is None else share_here - share_there
    return Beside(
        row.cluster,
        row.name,
        row.traded,
        row,
        share_here,
        share_there,
        row.location_quotient,
        quotient_there,
        difference,
        jobs,
        known,
    )


def _ordered(found: list[Beside]) -> list[Beside]:
    return sorted(found, key=lambda each: (-abs(each.difference or 0), each.cluster))
