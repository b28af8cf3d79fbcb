"""The occupations of a cluster: what its industries employ, each by its jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusteratlas.relatedness.options.skill_gaps import OccupationNeeds
from clusteratlas.tables import CannotAnswer

Shares = dict[str, float]


@dataclass(frozen=True)
class Staffing:
    """Share of the jobs of each occupation, and the share of all jobs that staffing is known of."""

    shares: Mapping[str, float]
    covered: float


def staffing_by_jobs(
    needs: OccupationNeeds, jobs: Mapping[str, float], held: dict[str, Shares | None]
) -> Staffing:
    """Return the occupations of several industries together.

    Definition
    ----------
    Mean over industries of the share of each occupation, weighted by the industries' jobs; an
    industry without staffing of its own takes that of the combined code that covers it.

    Parameters
    ----------
    needs
        Occupations by industry of the nation.
    jobs
        Industry to its jobs.
    held
        Shares by industry that were asked before; filled here.

    Missing data
    ------------
    Industries without any staffing are left out, and ``covered`` says how much is left.

    Example
    -------
    >>> needs = OccupationNeeds({"336111": [("x", 3), ("y", 1)], "541511": [("x", 1)]}, {}, {})
    >>> staffing_by_jobs(needs, {"336111": 100, "541511": 100}, {}).shares
    {'x': 0.875, 'y': 0.125}
    """
    found: dict[str, float] = {}
    known = 0.0
    for industry in sorted(jobs):
        if industry not in held:
            try:
                held[industry] = needs.shares([industry])[0]
            except CannotAnswer:
                held[industry] = None
        shares = held[industry]
        if not shares or jobs[industry] <= 0:
            continue
        known += jobs[industry]
        for occupation, share in shares.items():
            found[occupation] = found.get(occupation, 0.0) + share * jobs[industry]
    total = sum(each for each in jobs.values() if each > 0)
    if not known:
        return Staffing({}, 0.0)
    return Staffing({code: found[code] / known for code in sorted(found)}, known / total)
