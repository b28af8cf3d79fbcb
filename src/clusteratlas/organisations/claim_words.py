"""The claim check in English sentences; the portal has its own in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from clusteratlas.organisations.claim_records import ClaimCheck, ClaimFigures, Reason, Value

Values = Mapping[str, Value]


def _quotient(value: Value) -> str:
    return f"{value:.2f}" if isinstance(value, int | float) else "not bounded"


def _percent(value: Value) -> str:
    return f"{value:+.1%}" if isinstance(value, int | float) else "not known"


def _of_100(value: Value) -> str:
    return f"{round(100 * value)}" if isinstance(value, int | float) else "?"


def _count(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _strong(values: Values) -> str:
    chance = values["probability"]
    every = isinstance(chance, float) and chance >= 1
    how = "every possible table" if every else f"{_of_100(chance)} of 100 possible tables"
    return f"Strong by strength profile {values['profile']} in {how} of what is withheld."


def _could_be_strong(values: Values) -> str:
    return (
        f"Jobs are concentrated here (quotient at least {_quotient(values['quotient'])}); "
        f"strong in {_of_100(values['probability'])} of 100 possible tables of what is withheld."
    )


def _open(values: Values) -> str:
    low, high = values.get("quotient_low"), values.get("quotient_high")
    ends = (
        f"from {_quotient(low)} to {_quotient(high)}"
        if high is not None
        else (f"from {_quotient(low)} up")
    )
    return f"What is not known leaves it open: the quotient could be {ends}."


REASONS: Final[Mapping[str, Callable[[Values], str]]] = MappingProxyType(
    {
        "strong": _strong,
        "could_be_strong": _could_be_strong,
        "concentrated": lambda values: (
            f"Jobs are concentrated here (quotient at least {_quotient(values['quotient'])})."
        ),
        "growing": lambda values: (
            f"Nearly concentrated (quotient at least {_quotient(values['quotient'])}) and growing "
            f"faster than elsewhere, by {_percent(values['lead'])} a year."
        ),
        "too_small": lambda values: (
            f"At most {_count(values['employment'])} jobs; "
            f"below {_count(values['least'])} nothing is borne out."
        ),
        "below_average": lambda values: (
            f"Fewer jobs than on average (quotient at most {_quotient(values['quotient'])})."
        ),
        "open": _open,
        "growth_open": lambda values: (
            f"Fewer jobs than on average (quotient at most {_quotient(values['quotient'])}), "
            "and whether it grows faster than elsewhere is not known."
        ),
        "withheld": lambda values: (
            f"The statistical office withholds the figure of {values['year']}."
        ),
        "unpublished": lambda values: (
            f"The statistical office prints nothing of it in {values['year']}: "
            "a true zero, or too few establishments."
        ),
        "no_figures": lambda values: f"There are no figures of the region in {values['year']}.",
        "no_quotient": lambda values: (
            f"No quotient can be taken from the figures of {values['year']}."
        ),
        "not_covered": lambda values: f"The figures do not cover {values['region']}.",
        "partly_covered": lambda values: (
            f"The figures cover {values['coverage']:.0%} of the region, so the interval is wider."
        ),
        "local_cluster": lambda values: (
            "A local cluster serves its own region and is found everywhere; strength is not judged."
        ),
        "nothing_to_rank_among": lambda values: (
            f"There are {values['regions']} regions of this kind to compare with; "
            f"{values['least']} are needed."
        ),
        "strength_not_known": lambda values: "Whether it is strong cannot be told.",
        "growth": lambda values: (
            f"Jobs {_percent(values['growth'])} a year since {values['since']}; "
            f"the cluster as a whole {_percent(values['reference'])}."
        ),
        "growth_not_known": lambda values: "Growth is not known.",
        "no_region": lambda values: "The organisation states no region.",
        "region_not_in_release": lambda values: (
            f"The atlas has no region {values['scheme']}:{values['region']}."
        ),
        "cluster_not_in_release": lambda values: (
            f"The atlas has no cluster {values['definition']}:{values['cluster']}."
        ),
        "industry_not_in_release": lambda values: (
            f"The atlas has no industry {values['industry']}."
        ),
        "definition_not_measured": lambda values: (
            f"{values['scheme']} is not mapped by {values['definition']} but by {values['used']}."
        ),
        "classification_not_measured": lambda values: (
            f"The region's figures are by {values['used']}, not by {values['classification']}."
        ),
    }
)
"""The English sentence of each reason, made from its values."""


def sentence(reason: Reason) -> str:
    """Return a reason as an English sentence.

    >>> sentence(Reason("concentrated", {"quotient": 1.849}))
    'Jobs are concentrated here (quotient at least 1.85).'
    """
    return REASONS[reason.code](reason.values)


def figures_in_words(figures: ClaimFigures) -> str:
    """Return jobs, quotient, rank and year in one line, with intervals where there are any."""
    if figures.employment is None:
        return f"{figures.employment_word} {figures.status}, {figures.year}"
    jobs = f"{figures.employment:,}"
    low, high = figures.employment_low, figures.employment_high
    if low is not None and high is not None and low != high:
        jobs += f" ({low:,} to {high:,})"
    parts = [f"{jobs} {figures.employment_word}"]
    if figures.location_quotient is not None:
        quotient = f"quotient {figures.location_quotient:.2f}"
        low_q, high_q = figures.location_quotient_low, figures.location_quotient_high
        if low_q is not None and high_q is not None and _quotient(low_q) != _quotient(high_q):
            quotient += f" ({low_q:.2f} to {high_q:.2f})"
        parts.append(quotient)
    if figures.rank is not None:
        parts.append(f"rank {figures.rank:,} of {figures.ranked:,}")
    return f"{', '.join(parts)}, {figures.status}, {figures.year}"


def claimed(check: ClaimCheck) -> str:
    """Return what is claimed: the cluster's name, and the subcluster's."""
    name = check.cluster_name
    return f"{name}: {check.claim.subcluster}" if check.claim.subcluster else name
