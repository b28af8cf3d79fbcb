"""The readiness screen in English sentences; the portal has its own in every language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clusteratlas.organisations.claim_words import REASONS, sentence
from clusteratlas.programmes.readiness.answers import (
    CriterionAnswer,
    Figure,
    Met,
    Readiness,
    Screened,
)
from clusteratlas.programmes.readiness.criteria import (
    EVIDENCE,
    OF_PROFILE,
    Criteria,
    Criterion,
)

VERDICTS: Final[Mapping[Readiness, str]] = MappingProxyType(
    {
        Readiness.ready: "ready",
        Readiness.nearly_ready: "nearly ready",
        Readiness.not_ready: "not ready",
        Readiness.cannot_be_told: "cannot be told",
    }
)
MET: Final[Mapping[Met, str]] = MappingProxyType(
    {Met.met: "met", Met.not_met: "not met", Met.cannot_be_told: "cannot be told"}
)
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "strong-cluster": "a strong cluster",
        "base-jobs": "jobs in the cluster",
        "concentration": "concentration of jobs",
        "strategy": "a strategic plan",
        "action-plan": "a plan of actions",
        "members": "members",
        "member-kinds": "kinds of members",
        "staff": "staff",
        "governance": "governance or commitments",
    }
)
"""What the packaged criteria are called."""

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "base.probability_strong": "share of possible tables",
        "base.employment": "jobs",
        "base.location_quotient": "location quotient",
        "base.share_of_nation": "share of the reference area",
        "base.reported_share": "share of jobs reported",
        "base.supported_claims": "claims borne out",
        EVIDENCE: "pieces of evidence",
        "profile.staff": "full-time posts",
        "profile.members.total": "members",
        "profile.members.kinds": "kinds of members",
        "profile.members.firms": "firms",
        "profile.members.firm_share": "share of members",
    }
)


def name_of(criterion: Criterion) -> str:
    """Return what a criterion is called: its own text, else the packaged words.

    >>> from clusteratlas.programmes.readiness.criteria import default_criteria
    >>> name_of(default_criteria().of("staff"))
    'staff'
    """
    return criterion.text or NAMES.get(criterion.name, criterion.name.replace("-", " "))


def unit_of(criterion: Criterion) -> str:
    """Return the unit of a criterion's figures and threshold."""
    if criterion.measure in UNITS:
        return UNITS[criterion.measure]
    return criterion.measure.removeprefix(OF_PROFILE).replace("_", " ").replace(".", ": ")


def kind_of(criteria: Criteria, name: str) -> str:
    """Return the words of a kind of evidence."""
    return next((each.text for each in criteria.kind if each.name == name), name)


def number(value: float | None, *, unit: str = "") -> str:
    """Return a figure as a reader expects it.

    >>> number(15913.0), number(0.912, unit="share of possible tables"), number(2.4031)
    ('15,913', '0.91', '2.40')
    """
    if value is None:
        return "not bounded"
    if value == int(value) and not unit.startswith("share"):
        return f"{int(value):,}"
    return f"{value:,.2f}"


def between(figure: Figure, unit: str = "") -> str:
    """Return the two ends of a figure; empty where it has one value."""
    if figure.high is not None and figure.low == figure.high:
        return ""
    low = number(figure.low, unit=unit)
    return f"{low} to {number(figure.high, unit=unit)}" if figure.high is not None else f"{low} up"


def reason_of(answer: CriterionAnswer) -> str:
    """Return why a criterion is met, not met, or cannot be told, as an English sentence."""
    figure, cause = answer.figure, answer.figure.cause
    if cause.code in REASONS:
        return sentence(cause)
    values = cause.values
    asked = ", ".join(answer.criterion.kinds)
    years = values.get("years")
    told = {
        "no_claim": "The organisation claims no field.",
        "claims": f"{values.get('supported')} of {values.get('claims')} claims are borne out.",
        "measured": "As the map has it.",
        "added": f"Added over {values.get('regions')} regions of the map.",
        "stated": "As the organisation states it.",
        "not_stated": "The organisation does not state it.",
        "stated_undated": "The organisation does not say of which day its figure is.",
        "stated_long_ago": f"The figure is of {values.get('year')}, too old to count.",
        "nothing_shown": f"Nothing of the kind is shown ({asked}).",
        "none_of_it": f"The applicant says that it has none ({asked}).",
        "undated": f"Pieces without a day: {values.get('pieces')}; their age cannot be told.",
        "too_old": "What is shown does not count: older than "
        + (f"{years:g} years" if isinstance(years, int | float) else "allowed")
        + ", or of a day to come.",
        "shown": f"Pieces that count: {number(figure.low)}.",
    }
    return told[cause.code]


def verdict_of(screened: Screened) -> str:
    """Return the verdict with what it could be, or with what is lacking."""
    words = VERDICTS[screened.verdict]
    if screened.verdict is Readiness.cannot_be_told:
        return f"{words}: {VERDICTS[screened.least]} to {VERDICTS[screened.most]}"
    if screened.verdict is Readiness.nearly_ready and screened.lacks:
        return f"{words}: lacks {', '.join(name_of(each.criterion) for each in screened.lacks)}"
    return words


PASSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_eligible": "not ready enough, or that cannot be told",
        "asks_nothing": "states no money asked for",
        "asks_other_money": "asks for money of another currency or price base",
        "not_chosen": "others together have a higher score",
    }
)
"""Why an applicant is not in a choice."""

GAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_organisation": "strong, and organised by nobody",
        "only_around": "strong, and organised only from a region around or inside",
        "no_base": "an organisation without a base",
        "base_open": "an organisation whose base cannot be told",
    }
)
"""What is missing where one could fund."""
