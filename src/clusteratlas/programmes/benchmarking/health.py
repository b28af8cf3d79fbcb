"""The measured health of an organisation's own clusters, beside what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.atlas import Release
from clusteratlas.organisations.claim_records import (
    ClaimFigures,
    ClaimReport,
    RegionalCheck,
    Verdict,
)
from clusteratlas.organisations.profile import Claim


@dataclass(frozen=True, slots=True)
class ClusterHealth:
    """A claimed cluster in one region of an organisation; ``None`` where not known, never zero.

    Attributes
    ----------
    verdict
        What the map says of the claim there.
    year, source, status
        Of the figures.
    employment, employment_low, employment_high
        Jobs, with their 90 % interval where a part is estimated.
    location_quotient, location_quotient_low, location_quotient_high
        Concentration of jobs.
    probability_strong
        How likely the cluster is strong there (0-1).
    since, growth, reference_growth
        Compound change of jobs a year since that year, here and in the reference area (shares).
    change, change_low, change_high
        Jobs gained or lost since, with the interval where both years have one.
    """

    definition: str
    cluster: str
    cluster_name: str
    subcluster: str
    scheme: str
    region: str
    region_name: str
    verdict: Verdict
    year: int | None = None
    status: str = ""
    source: str = ""
    employment: int | None = None
    employment_low: int | None = None
    employment_high: int | None = None
    location_quotient: float | None = None
    location_quotient_low: float | None = None
    location_quotient_high: float | None = None
    probability_strong: float | None = None
    since: int | None = None
    growth: float | None = None
    reference_growth: float | None = None
    change: int | None = None
    change_low: int | None = None
    change_high: int | None = None


def health_of(report: ClaimReport, release: Release) -> tuple[ClusterHealth, ...]:
    """Return the measured state of every claimed cluster in every region of an organisation.

    Parameters
    ----------
    report
        The claim check of the organisation (`clusteratlas.organisations.check_claims`).
    release
        The release it was made on.

    Missing data
    ------------
    A claim or a region that the map cannot judge is a row with its verdict and no figures.
    """
    return tuple(
        _row(claim.claim, claim.cluster_name, region, release)
        for claim in report.claims
        for region in claim.regions
    )


def _row(claim: Claim, name: str, check: RegionalCheck, release: Release) -> ClusterHealth:
    here = (
        claim.definition,
        claim.cluster,
        name,
        claim.subcluster,
        check.region.scheme,
        check.region.region,
        check.region_name,
        check.verdict,
    )
    found = check.figures
    if found is None:
        return ClusterHealth(*here)
    return ClusterHealth(
        *here,
        found.year,
        found.status,
        found.source,
        found.employment,
        found.employment_low,
        found.employment_high,
        found.location_quotient,
        found.location_quotient_low,
        found.location_quotient_high,
        found.probability_strong,
        found.change_from_year,
        found.growth,
        found.reference_growth,
        *_change(found, release),
    )


def _change(found: ClaimFigures, release: Release) -> tuple[int | None, int | None, int | None]:
    """Jobs gained since the earlier year, with the least and the most that both years allow."""
    if found.change_from_year is None or found.employment is None or found.subcluster:
        return None, None, None
    earlier = release.regional_clusters(
        found.scheme,
        region=found.region,
        cluster=found.cluster,
        year=found.change_from_year,
        definition=found.definition,
    )
    before = earlier[0] if earlier else None
    if before is None or before.employment is None:
        return None, None, None
    now_low, now_high = _ends(found.employment, found.employment_low, found.employment_high)
    then_low, then_high = _ends(before.employment, before.employment_low, before.employment_high)
    return found.employment - before.employment, now_low - then_high, now_high - then_low


def _ends(figure: int, low: int | None, high: int | None) -> tuple[int, int]:
    return figure if low is None else low, figure if high is None else high
