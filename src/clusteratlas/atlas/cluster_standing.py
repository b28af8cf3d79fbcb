"""How a cluster stands in each region: wage, size, share then and now, growth against expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clusteratlas import measures
from clusteratlas.atlas.panel import LEAST_REPORTED
from clusteratlas.atlas.records import ClusterProfile, RegionalCluster
from clusteratlas.atlas.release import Release
from clusteratlas.atlas.side_by_side import NEARLY_ALL
from clusteratlas.measures.arguments import Floats
from clusteratlas.measures.quotients.averages import average_size, average_wage, largest_share
from clusteratlas.tables import ESTIMATED, REPORTED

LARGEST = 5
"""Regions whose share tells how concentrated a cluster is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A cluster in a region, or as a whole: ``row`` now and ``before`` in the earlier year.

    Attributes
    ----------
    wage, size
        Payroll per printed job, where most jobs are printed; printed jobs per establishment, where
        nearly all are.
    share_change
        What its share of the larger whole gained since the earlier year, 0-1.
    expected, own
        Jobs that it would have gained growing as the larger whole did, and what it gained beyond.
    """

    row: RegionalCluster | ClusterProfile
    before: RegionalCluster | ClusterProfile | None
    wage: float | None
    size: float | None
    share_change: float | None
    expected: float | None
    own: float | None

    @property
    def change(self) -> int | None:
        """Jobs gained since the earlier year."""
        return self.row.employment_change


@dataclass(frozen=True, slots=True)
class ClusterStandings:
    """A cluster over the regions of a scheme, the nation's figures, and how concentrated it is."""

    profile: ClusterProfile
    before: ClusterProfile | None
    rows: tuple[Standing, ...]
    wage: float | None
    size: float | None
    largest_share: float | None


def cluster_standings(
    release: Release, scheme: str, cluster: str, year: int, definition: str
) -> ClusterStandings:
    """Return how a cluster stands in every region of a scheme.

    Expected jobs are the start times the growth of the cluster in the reference area: the national
    and the mix part of the shift-share together.
    """
    profile = release.cluster_profile(scheme, cluster, year, definition)
    base = profile.change_from_year
    asked = (year,) if base is None else (year, base)
    over = release.cluster_over_years(scheme, cluster, asked, definition)
    rows = over[year]
    if base is None:
        base = next((row.change_from_year for row in rows if row.change_from_year), None)
    before: dict[str, RegionalCluster] = {}
    whole = None
    if base is not None:
        if base not in over:
            over = release.cluster_over_years(scheme, cluster, (base,), definition)
        before = {row.region: row for row in over[base]}
        whole = release.cluster_profile(scheme, cluster, base, definition)
    pairs = [(row, before.get(row.region)) for row in rows]
    start, end = _both(pairs)
    expected, own = _parts(
        start[:, None],
        end[:, None],
        [_number(whole.employment if whole else None)],
        [_number(profile.employment)],
    )
    (wage,), (size,) = _averages([profile])
    return ClusterStandings(
        profile,
        whole,
        _standings(pairs, expected, own, "share_of_nation"),
        wage,
        size,
        _known(largest_share([_number(row.employment) for row in rows],
                             _number(profile.employment), LARGEST)),
    )  # fmt: skip


def all_standings(release: Release, scheme: str, year: int, definition: str) -> list[Standing]:
    """Return how each cluster of a definition stands in the reference area, largest first.

    Expected jobs are the start times the growth of all clusters together.
    """
    profiles = release.cluster_profiles(scheme, year, definition)
    base = next((each.change_from_year for each in profiles if each.change_from_year), None)
    earlier = (
        {each.cluster: each for each in release.cluster_profiles(scheme, base, definition)}
        if base is not None
        else {}
    )
    pairs = [(row, earlier.get(row.cluster)) for row in profiles]
    start, end = _both(pairs)
    both = ~np.isnan(start) & ~np.isnan(end)
    total = [float(start[both].sum())], [float(end[both].sum())]
    expected, own = _parts(start[:, None], end[:, None], *total)
    return list(_standings(pairs, expected, own, "share_of_reference"))


def wage_of(row: RegionalCluster | ClusterProfile) -> float | None:
    """Return the payroll of a cluster per printed job."""
    return _averages([row])[0][0]


def _parts(
    start: Floats, end: Floats, whole_start: list[float], whole_end: list[float]
) -> tuple[list[float | None], list[float | None]]:
    """Return what each gained as the whole did, and what it gained beyond."""
    if np.isnan([*whole_start, *whole_end]).any() or not whole_start[0] > 0:
        nothing: list[float | None] = [None] * len(start)
        return nothing, nothing
    parts = measures.shift_share(
        start,
        end,
        reference_start=np.array(whole_start),
        reference_end=np.array(whole_end),
        new_industries="competitive",
    )
    expected = np.where(np.isnan(start), np.nan, parts.national + parts.mix)[:, 0]
    own = (end - start)[:, 0] - expected
    return [_known(each) for each in expected], [_known(each) for each in own]


Pair = tuple[RegionalCluster | ClusterProfile, RegionalCluster | ClusterProfile | None]


def _both(pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
    """Return the jobs of both years where the change is known; a withheld end has none."""
    known = [row.employment_change is not None for row, _ in pairs]
    start = [
        _number(old.employment if old and sure else None)
        for (_, old), sure in zip(pairs, known, strict=True)
    ]
    end = [
        _number(row.employment if sure else None)
        for (row, _), sure in zip(pairs, known, strict=True)
    ]
    return np.array(start, dtype=float), np.array(end, dtype=float)


def _standings(
    pairs: Sequence[Pair],
    expected: Sequence[float | None],
    own: Sequence[float | None],
    share: str,
) -> tuple[Standing, ...]:
    wages, sizes = _averages([row for row, _ in pairs])
    return tuple(
        Standing(row, old, wage, size, _less(row, old, share), hoped, rest)
        for (row, old), wage, size, hoped, rest in zip(
            pairs, wages, sizes, expected, own, strict=True
        )
    )


def _less(
    row: RegionalCluster | ClusterProfile, old: RegionalCluster | ClusterProfile | None, name: str
) -> float | None:
    now = getattr(row, name)
    then = getattr(old, name) if old is not None else None
    return None if now is None or then is None else now - then


def _averages(
    rows: Sequence[RegionalCluster | ClusterProfile],
) -> tuple[list[float | None], list[float | None]]:
    """Return wage and size of each, both over printed jobs.

    Payroll is of printed jobs only; establishments are counted where jobs are not printed too, so
    that there is a size only where nearly all jobs are printed.
    """
    wages = average_wage([_number(row.payroll) for row in rows], [_printed(row) for row in rows])
    whole = [_number(row.employment if _nearly_all(row) else None) for row in rows]
    sizes = average_size(whole, [_number(row.establishments) for row in rows])
    return [_known(each) for each in wages], [_known(each) for each in sizes]


def _nearly_all(row: RegionalCluster | ClusterProfile) -> bool:
    return row.status == REPORTED or (row.reported_share or 0) >= NEARLY_ALL


def _printed(row: RegionalCluster | ClusterProfile) -> float:
    """Return the jobs that payroll is of, where they are most of all; else NaN."""
    if row.status != ESTIMATED:
        return _number(row.employment)
    share = _number(row.reported_share)
    return _number(row.employment) * share if share >= LEAST_REPORTED else float("nan")


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
