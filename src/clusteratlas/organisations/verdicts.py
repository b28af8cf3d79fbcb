"""The verdict on one claim in one region: a pure function of figures and rule."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.organisations.claim_records import Reason, Verdict
from clusteratlas.organisations.claim_rule import ClaimRule
from clusteratlas.tables import REPORTED, WITHHELD

SURELY_ALL = 0.999_999
"""A region whose figures miss less than a millionth is covered whole."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What decides: jobs, quotient and probability of being strong, each between two ends.

    ``None`` at the high end means that nothing bounds it; ``growth_lead`` is growth a year beyond
    that of the reference area, ``None`` where either is not known.
    """

    jobs_low: int
    jobs_high: int | None
    quotient_low: float
    quotient_high: float | None
    strong_low: float
    strong_high: float
    growth_lead: float | None = None


def interval_of(
    value: float | None,
    low: float | None,
    high: float | None,
    jobs: tuple[int | None, int | None, int | None],
    status: str,
) -> tuple[float, float | None]:
    """Return the two ends of a quotient; what has no printed interval takes that of its jobs.

    Parameters
    ----------
    value, low, high
        The quotient and its interval, as published.
    jobs
        Employment, low and high.
    status
        That of the jobs.

    Missing data
    ------------
    No upper end (``None``) where jobs are withheld in part and nothing bounds them.

    Example
    -------
    >>> interval_of(2.0, None, None, (100, 50, 150), "estimated")
    (1.0, 3.0)
    >>> interval_of(2.0, None, None, (100, None, None), "withheld")
    (2.0, None)
    """
    if value is None:
        return 0.0, None
    if low is not None and high is not None:
        return low, high
    if status == REPORTED:
        return value, value
    known, least, most = jobs
    if not known:
        return 0.0, None
    lowest = known if status == WITHHELD else 0
    return (
        value * (lowest if least is None else least) / known,
        None if most is None else value * most / known,
    )


def widened(
    low: float, high: float | None, coverage: float | None, rule: ClaimRule
) -> tuple[float, float | None]:
    """Return a quotient's ends where the figures miss a part of the region.

    Definition
    ----------
    With a share c of the region covered, the part that is missed holds nothing at the low end and
    the quotient ``missing_part`` of the rule at the high end: c low, c high + (1 - c) missing.

    >>> from clusteratlas.organisations.claim_rule import claim_rule
    >>> widened(2.0, 2.0, 0.9, claim_rule("claim-check-1"))
    (1.8, 2.3)
    """
    if coverage is None or coverage >= SURELY_ALL:
        return low, high
    missing = (1 - coverage) * rule.missing_part.quotient
    return coverage * low, None if high is None else coverage * high + missing


def verdict_of(evidence: Evidence, rule: ClaimRule) -> tuple[Verdict, Reason]:
    """Return the verdict and what decided it.

    Definition
    ----------
    In this order: *unsupported* where there are surely too few jobs; *supported* where the cluster
    is nearly surely strong; *emerging* where both ends of the quotient show a concentration, or a
    lesser one that grows faster than the cluster elsewhere; *unsupported* where it is nearly
    surely not strong, both ends lie below and nothing unknown could make it emerging; else
    *unknown*. So knowing more never turns supported into unsupported or the other way round.

    Example
    -------
    >>> from clusteratlas.organisations.claim_rule import claim_rule
    >>> rule = claim_rule("claim-check-1")
    >>> verdict_of(Evidence(900, 900, 2.4, 2.6, 1.0, 1.0), rule)[0].value
    'supported'
    >>> verdict_of(Evidence(900, 900, 1.2, 1.3, 0.0, 0.0), rule)[0].value
    'emerging'
    >>> verdict_of(Evidence(900, 900, 0.8, 1.3, 0.0, 0.0), rule)[0].value
    'unknown'
    >>> verdict_of(Evidence(900, 900, 0.3, 0.4, 0.0, 0.0), rule)[0].value
    'unsupported'
    """
    least, against = rule.least, rule.unsupported
    if evidence.jobs_high is not None and evidence.jobs_high < least.employment:
        few = {"employment": evidence.jobs_high, "least": least.employment}
        return Verdict.unsupported, Reason("too_small", few)
    enough = evidence.jobs_low >= least.employment
    if evidence.strong_low >= rule.supported.probability_strong and enough:
        return Verdict.supported, Reason(
            "strong", {"probability": evidence.strong_low, "profile": rule.strength_profile}
        )
    if reason := _emerging(evidence, rule):
        return Verdict.emerging, reason
    high = evidence.quotient_high
    unlikely = evidence.strong_high <= against.probability_strong
    if high is not None and high < against.quotient and unlikely:
        growing = _could_be_growing(evidence, rule)
        if growing is False:
            return Verdict.unsupported, Reason("below_average", {"quotient": high})
        if growing is None:
            return Verdict.unknown, Reason("growth_open", {"quotient": high})
    return Verdict.unknown, Reason(
        "open",
        {
            "quotient_low": evidence.quotient_low,
            "quotient_high": high,
            "probability_low": evidence.strong_low,
            "probability_high": evidence.strong_high,
        },
    )


def _emerging(evidence: Evidence, rule: ClaimRule) -> Reason | None:
    """Why a claim is emerging: concentrated at both ends, or nearly so and growing faster."""
    cuts, least, lead = rule.emerging, rule.least, evidence.growth_lead
    low = evidence.quotient_low
    if low >= cuts.quotient and evidence.jobs_low >= least.employment:
        chance = evidence.strong_high
        could = rule.unsupported.probability_strong < chance < SURELY_ALL
        code = "could_be_strong" if could else "concentrated"
        return Reason(code, {"probability": evidence.strong_high, "quotient": low})
    if (
        lead is not None
        and lead >= cuts.growth_lead
        and low >= cuts.growing_quotient
        and evidence.jobs_low >= least.growing_employment
    ):
        return Reason("growing", {"lead": lead, "quotient": low})
    return None


def _could_be_growing(evidence: Evidence, rule: ClaimRule) -> bool | None:
    """Whether what is not known could make it a growing one; ``None``: growth alone is missing."""
    lead, high, jobs = evidence.growth_lead, evidence.quotient_high, evidence.jobs_high
    if high is not None and high < rule.emerging.growing_quotient:
        return False
    if jobs is not None and jobs < rule.least.growing_employment:
        return False
    if lead is None:
        return None
    return lead >= rule.emerging.growth_lead


def industry_verdict(
    jobs_low: int,
    jobs_high: int | None,
    quotient_low: float,
    quotient_high: float | None,
    rule: ClaimRule,
) -> tuple[Verdict, Reason]:
    """Return the verdict on an own industry, by its quotient within all jobs.

    >>> from clusteratlas.organisations.claim_rule import claim_rule
    >>> industry_verdict(90, 90, 1.5, 1.5, claim_rule("claim-check-1"))[0].value
    'supported'
    """
    cuts = rule.industry
    if jobs_high is not None and jobs_high < cuts.employment:
        values = {"employment": jobs_high, "least": cuts.employment}
        return Verdict.unsupported, Reason("too_small", values)
    if jobs_low >= cuts.employment and quotient_low >= cuts.emerging:
        concentrated = quotient_low >= cuts.supported
        verdict = Verdict.supported if concentrated else Verdict.emerging
        return verdict, Reason("concentrated", {"quotient": quotient_low})
    if quotient_high is not None and quotient_high < cuts.emerging:
        return Verdict.unsupported, Reason("below_average", {"quotient": quotient_high})
    values_open = {"quotient_low": quotient_low, "quotient_high": quotient_high}
    return Verdict.unknown, Reason("open", values_open)
