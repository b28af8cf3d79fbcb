"""English words of the evidence library, for terminals and the API; pages use their own."""

from __future__ import annotations

from typing import Final

from clusteratlas.programmes.evidence.comparing import Refusal
from clusteratlas.programmes.evidence.records import FactScale, Finding, PublishedEffect

_REFUSALS: Final = {
    "outcomes_differ": "they are about different outcomes ({values})",
    "scales_differ": "they are in different scales ({values})",
    "units_of_value_differ": "they are in different units ({values})",
    "units_differ": "they were observed on different kinds of units ({values})",
    "no_value": "the direction alone is stated of {count}",
    "range_of_estimates": "of {count} a range of estimates is stated, not one",
    "not_causal": "{count} compare with no credible control",
    "grades_differ": "experiments and quasi-experiments are not pooled together",
    "same_programme": "one programme would count twice: {values}",
    "no_standard_error": "the source states no standard error of {count} of {of}",
    "few_programmes": "independent programmes: {count}; the least for a mean: {fewest}",
    "nothing_published": "the library has no effect of causal grade on {outcome}",
    "other_scales": "published are {values}; the new estimate is in {own}",
}
DIRECTIONS: Final = {
    Finding.positive: "up",
    Finding.negative: "down",
    Finding.none_detected: "none detected",
    Finding.weak: "weak",
    Finding.mixed: "mixed",
    Finding.reported: "reported",
    Finding.not_estimated: "not estimated",
}


def reason(refusal: Refusal) -> str:
    """Return why figures are not pooled or compared, as part of a sentence.

    >>> reason(Refusal("few_programmes", {"count": 2, "fewest": 3}))
    'independent programmes: 2; the least for a mean: 3'
    """
    return _REFUSALS[refusal.code].format(**refusal.parameters)


def figure(effect: PublishedEffect) -> str:
    """Return the figure with its unit, or the direction where there is none."""
    if effect.value is None:
        return DIRECTIONS[effect.finding]
    signed = effect.is_effect and effect.scale not in (
        FactScale.ratio,
        FactScale.above,
        FactScale.money_per_money,
    )
    sign = "+" if signed else ""
    low = f"{effect.value:{sign},.15g}"
    high = "" if effect.value_to is None else f" to {effect.value_to:{sign},.15g}"
    more = "more than " if effect.scale is FactScale.above else ""
    return f"{more}{low}{high} {effect.unit_of_value}"
