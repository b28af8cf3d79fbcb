"""The reasons of the claim check in the language spoken now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clusteratlas.organisations.claim_records import Reason, Value, Verdict
from clusteratlas.portal import doubt, figures

VERDICTS: dict[Verdict, str] = {
    Verdict.supported: gettext_noop("supported"),
    Verdict.emerging: gettext_noop("emerging"),
    Verdict.unsupported: gettext_noop("unsupported"),
    Verdict.unknown: gettext_noop("unknown"),
}

REASONS: dict[str, str] = {
    "strong": gettext_noop("Strong here %(probability)s."),
    "too_small": gettext_noop(
        "At most %(employment)s jobs here; fewer than %(least)s bear out no claim."
    ),
    "could_be_strong": gettext_noop(
        "More concentrated than elsewhere, and strong %(probability)s: not sure enough."
    ),
    "concentrated": gettext_noop(
        "More concentrated here than elsewhere: at least %(quotient)s times its usual share."
    ),
    "growing": gettext_noop(
        "Not concentrated yet, but growing faster than elsewhere: by %(lead)s more a year."
    ),
    "below_average": gettext_noop(
        "Less concentrated here than elsewhere: at most %(quotient)s times its usual share."
    ),
    "growth_open": gettext_noop(
        "Less concentrated here than elsewhere: at most %(quotient)s times its usual share. "
        "Whether it grows faster than elsewhere is not known."
    ),
    "open": gettext_noop(
        "What is not printed leaves it open: between %(quotient_low)s and %(quotient_high)s times "
        "its usual share."
    ),
    "open_above": gettext_noop(
        "What is not printed leaves it open: at least %(quotient_low)s times its usual share, and "
        "nothing bounds it above."
    ),
    "no_region": gettext_noop("The profile names no region, so there is nothing to compare with."),
    "region_not_in_release": gettext_noop(
        "The atlas does not know the region %(scheme)s:%(region)s."
    ),
    "cluster_not_in_release": gettext_noop(
        "The atlas does not know the cluster %(definition)s:%(cluster)s."
    ),
    "definition_not_measured": gettext_noop(
        "In this kind of region the atlas measures %(used)s, not %(definition)s."
    ),
    "classification_not_measured": gettext_noop(
        "In this kind of region the atlas measures %(used)s, not %(classification)s."
    ),
    "industry_not_in_release": gettext_noop("The atlas does not know the industry %(industry)s."),
    "not_covered": gettext_noop("The figures do not cover %(region)s."),
    "no_figures": gettext_noop("There are no figures of this region for %(year)s."),
    "unpublished": gettext_noop(
        "No figure is printed here for %(year)s: a true zero or too few establishments."
    ),
    "withheld": gettext_noop("The figures of %(year)s are withheld."),
    "no_quotient": gettext_noop("For %(year)s no quotient can be given."),
    "local_cluster": gettext_noop(
        "A local cluster exists everywhere; being strong in it is not defined."
    ),
    "nothing_to_rank_among": gettext_noop(
        "There are only %(regions)s regions of this kind; a verdict needs at least %(least)s."
    ),
    "partly_covered": gettext_noop("The figures cover %(coverage)s of the region."),
    "strength_not_known": gettext_noop("Whether it is strong is not known."),
    "growth": gettext_noop(
        "Jobs have changed by %(growth)s a year since %(since)s, elsewhere by %(reference)s."
    ),
    "growth_not_known": gettext_noop("Whether it grew faster than elsewhere is not known."),
}
"""Sentences of every code that a check can answer with, in English."""

_WRITTEN: Mapping[str, Any] = {
    "probability": doubt.chance,
    "quotient": figures.quotient,
    "quotient_low": figures.quotient,
    "quotient_high": figures.quotient,
    "employment": figures.whole,
    "least": figures.whole,
    "regions": figures.whole,
    "coverage": figures.percent,
    "lead": figures.growth,
    "growth": figures.growth,
    "reference": figures.growth,
}


def verdict_words(verdict: Verdict | str) -> str:
    """Return a verdict in the language spoken now."""
    return _(VERDICTS[Verdict(verdict)])


def said(reason: Reason) -> str:
    """Return a reason as a sentence in the language spoken now."""
    code = reason.code
    if code == "open" and reason.values.get("quotient_high") is None:
        code = "open_above"
    return _(REASONS[code]) % {name: _value(name, each) for name, each in reason.values.items()}


def _value(name: str, value: Value) -> str:
    write = _WRITTEN.get(name)
    return str(write(value)) if write and isinstance(value, int | float) else str(value)
