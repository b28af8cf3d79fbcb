"""How the parts of a cluster stand: jobs, share, growth, and the regions that lead in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas import measures
from clusteratlas.atlas.records import RegionalSubcluster
from clusteratlas.atlas.release import Release

LEADING = 5
LEAST_JOBS = 500
"""A region leads by quotient only with so many jobs in the part, where any has as many."""


@dataclass(frozen=True, slots=True)
class PlacedSubcluster:
    """A subcluster in a region, with the region's name."""

    row: RegionalSubcluster
    region_name: str


@dataclass(frozen=True, slots=True)
class SubclusterStanding:
    """A subcluster in the reference area and where it is.

    Attributes
    ----------
    share
        Its share of the jobs of the cluster, 0-1.
    change, growth
        Jobs gained since the earlier year, and the compound rate a year.
    largest, strongest
        Regions with most jobs, and with the highest quotient among larger ones.
    regions
        Regions with known jobs.
    """

    whole: RegionalSubcluster
    share: float | None
    change: int | None
    growth: float | None
    largest: tuple[PlacedSubcluster, ...]
    strongest: tuple[PlacedSubcluster, ...]
    regions: int


def subcluster_standings(
    release: Release, scheme: str, cluster: str, year: int, definition: str
) -> list[SubclusterStanding]:
    """Return the subclusters of a cluster, the largest first; none where the nation is not one.

    Shares and growth are taken where nothing of either figure is withheld.
    """
    info = release.scheme(scheme)
    nation = release.regions(info.reference_scheme)
    if len(nation) != 1:
        return []
    place = (info.reference_scheme, nation[0].region, cluster)
    now = release.subclusters(*place, year, definition)
    first = info.years[0]
    before = (
        {each.subcluster: each for each in release.subclusters(*place, first, definition)}
        if first < year
        else {}
    )
    total = float(sum(each.employment or 0 for each in now))
    held = _placed(release, scheme, cluster, year, definition)
    found = []
    for each in now:
        old = before.get(each.subcluster)
        sure = old is not None and "withheld" not in (each.status, old.status)
        then = old.employment if old is not None and sure else None
        mine = held.get(each.subcluster, [])
        notable = [one for one in mine if (one.row.employment or 0) >= LEAST_JOBS] or mine
        strongest = sorted(notable, key=lambda one: -(one.row.location_quotient or 0))
        found.append(
            SubclusterStanding(
                each,
                each.employment / total if each.employment is not None and total > 0 else None,
                None if then is None or each.employment is None else each.employment - then,
                _growth(then, each.employment, year - first),
                tuple(mine[:LEADING]),
                tuple(strongest[:LEADING]),
                len(mine),
            )
        )
    return found


def _growth(before: int | None, now: int | None, years: int) -> float | None:
    if before is None or now is None or not before:
        return None
    rate = float(np.asarray(measures.growth([float(before)], [float(now)], years=years))[0])
    return None if np.isnan(rate) else rate


def _placed(
    release: Release, scheme: str, cluster: str, year: int, definition: str
) -> dict[str, list[PlacedSubcluster]]:
    """The regions of each subcluster with known jobs, the largest first."""
    rows = release.selected(
        "select s.*, r.name as region_name from regional_subclusters s "
        "join regions_held r on r.scheme = s.scheme and r.region = s.region "
        "where s.scheme = ? and s.cluster = ? and s.year = ? and s.definition = ? "
        "and s.employment > 0 order by s.employment desc, s.region",
        [scheme, cluster, year, definition],
    )
    found: dict[str, list[PlacedSubcluster]] = {}
    for row in rows.to_pylist():
        name = row.pop("region_name")
        found.setdefault(row["subcluster"], []).append(
            PlacedSubcluster(RegionalSubcluster(**row), name)
        )
    return found
