"""The figures behind a verdict, taken from a row of the release."""

from __future__ import annotations

from typing import Any, Final

from clusteratlas.atlas import RegionalCluster, RegionalSubcluster, SchemeInfo
from clusteratlas.atlas.surviving import BETWEEN_NAMES
from clusteratlas.organisations.claim_records import ClaimFigures
from clusteratlas.organisations.claim_rule import ClaimRule
from clusteratlas.organisations.measured import Wanted
from clusteratlas.organisations.verdicts import SURELY_ALL, interval_of, widened
from clusteratlas.tables import UNPUBLISHED, WITHHELD

AS_PUBLISHED: Final = (
    "year",
    "status",
    "employment",
    "employment_low",
    "employment_high",
    "establishments",
    "reported_share",
    "share_of_region",
    "share_of_nation",
    "location_quotient",
    "probability_strong",
    "strong",
    "change_from_year",
    "rank",
    "ranked",
    "rank_low",
    "rank_high",
)
"""Figures that are taken over; a subcluster has not all of them, and those are not known."""


def figures_of(
    key: Wanted,
    row: RegionalCluster | RegionalSubcluster,
    info: SchemeInfo,
    coverage: float | None,
    rule: ClaimRule,
    *,
    strong_from: float | None,
    reference_growth: float | None,
) -> ClaimFigures:
    """Return the figures of a claim in a region, with the interval that its verdict rests on.

    Parameters
    ----------
    key, row
        What was asked for, and the row that answers.
    info
        The region scheme.
    coverage
        Share of the region that the figures cover, 0-1; ``None`` for all of it.
    strong_from
        The lowest quotient among the strong regions.
    reference_growth
        Growth a year of the cluster as a whole.
    """
    found: dict[str, Any] = {name: getattr(row, name, None) for name in AS_PUBLISHED}
    ends = (
        getattr(row, "location_quotient_low", None),
        getattr(row, "location_quotient_high", None),
    )
    jobs = (row.employment, row.employment_low, row.employment_high)
    printed: tuple[float | None, float | None] = (None, None)
    wide: tuple[float | None, float | None] = (None, None)
    if row.location_quotient is not None:
        printed = low, high = interval_of(row.location_quotient, *ends, jobs, row.status)
        wide = widened(low, high, coverage, rule)
    held = getattr(row, "profiles_held", None) or ""
    return ClaimFigures(
        **found,
        scheme=key.scheme,
        region=key.region,
        definition=key.definition,
        cluster=key.cluster,
        subcluster=key.subcluster,
        source=info.source_line,
        employment_word=info.employment_word,
        coverage=coverage,
        location_quotient_low=printed[0],
        location_quotient_high=printed[1],
        quotient_low=wide[0],
        quotient_high=wide[1],
        strong_from=strong_from,
        profiles_held=tuple(each for each in held.split(BETWEEN_NAMES) if each),
        growth=getattr(row, "employment_growth", None),
        reference_growth=reference_growth,
    )


def jobs_between(figures: ClaimFigures) -> tuple[int, int | None]:
    """Return between which numbers the jobs are; a part not covered has no upper end."""
    whole = figures.coverage is None or figures.coverage >= SURELY_ALL
    low = figures.employment_low if figures.employment_low is not None else figures.employment
    high = figures.employment_high
    if high is None and figures.status not in (WITHHELD, UNPUBLISHED):
        high = figures.employment
    return low or 0, high if whole else None


def growth_lead(figures: ClaimFigures) -> float | None:
    """Return growth a year beyond that of the cluster as a whole; ``None`` where not known."""
    if figures.growth is None or figures.reference_growth is None:
        return None
    return figures.growth - figures.reference_growth
