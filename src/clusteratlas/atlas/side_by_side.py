"""Regions or clusters side by side: how alike they are, what a job pays, who stands where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from clusteratlas import measures
from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.tables import REPORTED, UNPUBLISHED, WITHHELD

NEARLY_ALL = 0.995
"""From this reported share on a payroll covers the jobs that it is divided by."""

Overlap = float | None


class Paid(Protocol):
    """Anything with jobs and a payroll."""

    @property
    def employment(self) -> int | None: ...  # noqa: D102

    @property
    def payroll(self) -> int | None: ...  # noqa: D102

    @property
    def status(self) -> str: ...  # noqa: D102

    @property
    def reported_share(self) -> float | None: ...  # noqa: D102


def payroll_per_job(figure: Paid) -> float | None:
    """Return the payroll of a job, in the unit of the payroll.

    Definition
    ----------
    payroll / employment, where both are of the same industries.

    Missing data
    ------------
    None where a part of the jobs is withheld or estimated: a payroll is summed over printed cells
    only, and its quotient would be too small.
    """
    jobs, payroll = figure.employment, figure.payroll
    known = figure.status == REPORTED or (figure.reported_share or 0) >= NEARLY_ALL
    if not (known and jobs and payroll):
        return None
    return payroll / jobs


def places(values: Sequence[float | None]) -> list[int | None]:
    """Return the place of each value, the highest first; equal values share the better place.

    Missing data
    ------------
    None takes no place. Fewer than ten values are not ranked at all.

    Example
    -------
    >>> places([5.0, None, 7.0, 5.0] + [1.0] * 7)[:4]
    [2, None, 1, 2]
    >>> places([5.0, 7.0])
    [None, None]
    """
    known = sum(value is not None for value in values)
    if known < FEWEST_REGIONS:
        return [None] * len(values)
    given = np.array([np.nan if value is None else value for value in values])
    return [None if np.isnan(each) else int(each) for each in measures.rank(given)]


def overlaps_of_regions(
    release: OpenedRelease, regions: Sequence[tuple[str, str]], year: int, definition: str
) -> list[list[Overlap]]:
    """Return how alike the mixes of clusters of regions are, each with each.

    Definition
    ----------
    1 - `krugman_index` (halved) of one region's jobs by cluster against another's: the share of
    jobs that the two have in the same clusters. 1 is the same mix, 0 not one cluster in common.

    Parameters
    ----------
    regions
        (scheme, code) of each.

    Returns
    -------
    list
        regions x regions, 0-1; 1 with itself.

    Missing data
    ------------
    A cluster that is withheld in one of the two is left out of both. None where a region has no
    figures that year.
    """
    mixes = [
        _mix(
            release,
            "select cluster, employment, status from regional_clusters "
            "where scheme = ? and region = ? and year = ? and definition = ?",
            [scheme, region, year, definition],
        )
        for scheme, region in regions
    ]
    return _each_with_each(mixes)


def overlaps_of_clusters(
    release: OpenedRelease, clusters: Sequence[str], scheme: str, year: int, definition: str
) -> list[list[Overlap]]:
    """Return how far clusters have their jobs in the same regions, each with each.

    Definition
    ----------
    As `overlaps_of_regions`, with regions and clusters exchanged.
    """
    mixes = [
        _mix(
            release,
            "select region, employment, status from regional_clusters "
            "where scheme = ? and cluster = ? and year = ? and definition = ?",
            [scheme, cluster, year, definition],
        )
        for cluster in clusters
    ]
    return _each_with_each(mixes)


def _mix(release: OpenedRelease, question: str, values: Sequence[object]) -> dict[str, float]:
    found = {}
    for name, jobs, status in release._rows(question, values):
        if status == WITHHELD:
            found[name] = np.nan
        else:
            found[name] = float(jobs or 0) if status != UNPUBLISHED else 0.0
    return found


def _each_with_each(mixes: Sequence[dict[str, float]]) -> list[list[Overlap]]:
    names = sorted({name for mix in mixes for name in mix})
    jobs = np.array([[mix.get(name, 0.0) for name in names] for mix in mixes])
    count = len(mixes)
    found: list[list[Overlap]] = [[None] * count for _ in range(count)]
    for one in range(count):
        for other in range(one, count):
            known = ~(np.isnan(jobs[one]) | np.isnan(jobs[other]))
            first, second = jobs[one][known], jobs[other][known]
            if first.sum() > 0 and second.sum() > 0:
                apart = float(measures.krugman_index(first, second, halved=True))
                found[one][other] = found[other][one] = 1 - apart
    return found
