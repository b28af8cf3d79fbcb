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
    In this order: *supported* where the cluster is nearly surely strong; *unsupported* where it
    has surely too few jobs; *emerging* where both ends of the quotient show a concentration, or a
    lesser one that grows faster than the cluster elsewhere; *unsupported* where it is nearly
    surely not strong and both ends lie below; else *unknown*: what is withheld leaves it open.

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
    """
    least, emerging, against = rule.least, rule.emerging, rule.unsupported
    if evidence.strong_low >= rule.supported.probability_strong:
        return Verdict.supported, Reason("strong", {"probability": evidence.strong_low})
    if evidence.jobs_high is not None and evidence.jobs_high < least.employment:
        values = {"employment": evidence.jobs_high, "least": least.employment}
        return Verdict.unsupported, Reason("too_small", values)
    if evidence.quotient_low >= emerging.quotient and evidence.jobs_low >= least.employment:
        could = evidence.strong_high > against.probability_strong
        code = "could_be_strong" if could else "concentrated"
        return Verdict.emerging, Reason(
            code, {"probability": evidence.strong_high, "quotient": evidence.quotient_low}
        )
    lead = evidence.growth_lead
    if (
        lead is not None
        and lead >= emerging.growth_lead
        and evidence.quotient_low >= emerging.growing_quotient
        and evidence.jobs_low >= least.growing_employment
    ):
        return Verdict.emerging, Reason(
            "growing", {"lead": lead, "quotient": evidence.quotient_low}
        )
    high = evidence.quotient_high
    unlikely = evidence.strong_high <= against.probability_strong
    if high is not None and high < against.quotient and unlikely:
        return Verdict.unsupported, Reason("below_average", {"quotient": high})
    return Verdict.unknown, Reason(
        "open",
        {
            "quotient_low": evidence.quotient_low,
            "quotient_high": high,
            "probability_low": evidence.strong_low,
            "probability_high": evidence.strong_high,
        },
    )


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
