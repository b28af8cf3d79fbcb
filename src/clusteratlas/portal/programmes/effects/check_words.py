"""Checks of a design, why an effect is refused, and what would help, in the language spoken now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clusteratlas.portal import figures
from clusteratlas.portal.language import number
from clusteratlas.portal.programmes.effects import amounts, words
from clusteratlas.programmes.effects import Check, Estimator, Reason, Verdict

NAMES: dict[str, str] = {
    "already_treated": gettext_noop("Supported before the panel begins"),
    "no_controls": gettext_noop("Somebody to compare with"),
    "few_treated": gettext_noop("Enough independent cases"),
    "short_window": gettext_noop("Long enough before and after"),
    "composition": gettext_noop("The same units before and after"),
    "overlap": gettext_noop("The supported have their like"),
    "attrition": gettext_noop("Who leaves"),
    "pre_trends": gettext_noop("Parallel before the start"),
    "anticipation": gettext_noop("Nothing moved early"),
    "mean_reversion": gettext_noop("Not chosen in an odd year"),
    "placebo_date": gettext_noop("No effect of an earlier start"),
    "contaminated_controls": gettext_noop("Controls feel nothing of it"),
    "control_break": gettext_noop("Controls do not break away"),
    "placebo_treated": gettext_noop("No effect of fake support"),
    "agreement": gettext_noop("The estimators agree"),
    "influence": gettext_noop("No single case decides"),
    "spillover_trends": gettext_noop("Neighbours parallel before the start"),
    "donors": gettext_noop("Enough donors"),
    "years_before": gettext_noop("Enough years before"),
    "years_after": gettext_noop("Enough years after"),
    "fit_before": gettext_noop("The mix follows the region before the start"),
    "hull": gettext_noop("The region lies among its donors"),
    "placebo_in_time": gettext_noop("No effect of an earlier start"),
}

SENTENCES: dict[str, str | Mapping[Verdict, str]] = {
    "already_treated": gettext_noop(
        "%(count)s of %(of)s supported units began before there is an untouched year: they are set "
        "aside."
    ),
    "no_controls": gettext_noop("%(treated)s supported units, %(controls)s to compare them with."),
    "few_treated": gettext_noop(
        "Support was given in %(treated)s independent cases (%(units)s units), with %(controls)s "
        "to compare; at least %(threshold)s are needed."
    ),
    "short_window": gettext_noop(
        "Half of the supported have %(before)s years before the start or more; %(seen)s are seen "
        "for the whole window of %(window)s years (%(full)s is usual)."
    ),
    "composition": gettext_noop(
        "%(new)s of %(treated)s supported units have no year before the start; at most "
        "%(threshold)s may."
    ),
    "overlap": gettext_noop(
        "%(unmatched)s of %(treated)s supported units have no like (at most %(threshold)s may); "
        "the largest difference left is %(difference)s standard deviations (at most "
        "%(most_difference)s); the controls count as %(effective)s."
    ),
    "attrition": gettext_noop(
        "%(treated)s of the supported and %(controls)s of the others leave after the start (%(p)s)."
    ),
    "pre_trends": gettext_noop(
        "Over %(years)s years before the start, differences this large come by chance with %(p)s."
    ),
    "anticipation": {
        Verdict.passed: gettext_noop(
            "The last year before the start is in line with those before (%(p)s)."
        ),
        Verdict.warned: gettext_noop(
            "The last year before the start is somewhat off the line (%(p)s)."
        ),
        Verdict.failed: gettext_noop(
            "The last year before the start is off the line the way the effect goes: support was "
            "foreseen, or the year was odd (%(p)s)."
        ),
    },
    "mean_reversion": {
        Verdict.passed: gettext_noop(
            "The last year before the start is in line with those before (%(p)s)."
        ),
        Verdict.warned: gettext_noop(
            "The last year before the start is somewhat off the line (%(p)s)."
        ),
        Verdict.failed: gettext_noop(
            "The last year before the start is off the line against the effect: units may have "
            "been chosen in an odd year and come back by themselves (%(p)s)."
        ),
    },
    "placebo_date": gettext_noop(
        "With the start set %(years)s years early, a difference this large comes by chance with "
        "%(p)s."
    ),
    "contaminated_controls": gettext_noop(
        "%(near)s controls near supported units changed at the start, against %(far)s far away, as "
        "chance would have it with %(p)s."
    ),
    "control_break": gettext_noop(
        "That the controls' industries differ and that they part at the start is chance with %(p)s "
        "at most."
    ),
    "placebo_treated": gettext_noop(
        "Of %(draws)s draws that call %(fake)s controls supported, %(statistic)s find an effect at "
        "5 %% (at most %(threshold)s may)."
    ),
    "agreement": {
        Verdict.passed: gettext_noop("All estimators lie within the first one's interval."),
        Verdict.warned: gettext_noop("Outside the first one's interval: %(differing)s."),
        Verdict.failed: gettext_noop("Intervals that do not meet: %(differing)s."),
    },
    "influence": {
        Verdict.passed: gettext_noop("Without any one supported case the effect keeps its sign."),
        Verdict.warned: gettext_noop("Without one supported case the effect changes its sign."),
        Verdict.failed: gettext_noop("Without one supported case the effect changes its sign."),
    },
    "spillover_trends": {
        Verdict.passed: gettext_noop(
            "Neighbours and controls went together before the start (%(p)s)."
        ),
        Verdict.warned: gettext_noop(
            "Neighbours and controls went almost together before the start (%(p)s)."
        ),
        Verdict.failed: gettext_noop(
            "Neighbours and controls drifted apart before the start (%(p)s): no effect on "
            "neighbours is told."
        ),
    },
    "donors": gettext_noop(
        "%(statistic)s donors; at least %(threshold)s are needed. The smallest chance that can be "
        "told is %(smallest_p)s."
    ),
    "years_before": gettext_noop(
        "%(statistic)s years before the start; at least %(threshold)s are needed."
    ),
    "years_after": gettext_noop(
        "%(statistic)s years after the start; at least %(threshold)s are needed."
    ),
    "fit_before": gettext_noop(
        "Before the start the mix misses the region by %(statistic)s of a usual year's change; at "
        "most %(threshold)s may."
    ),
    "hull": gettext_noop(
        "The region lies outside all donors in %(statistic)s of the years before the start; "
        "at most %(threshold)s may."
    ),
    "placebo_in_time": gettext_noop("With an earlier start the mean gap would be %(statistic)s."),
}

NOT_POSSIBLE: dict[str, str] = {
    "pre_trends": gettext_noop("There are no two years before the start to compare."),
    "anticipation": gettext_noop(
        "There are too few years before the start to see whether the last one is odd."
    ),
    "contaminated_controls": gettext_noop(
        "Too few regions lie near supported units, or too few far from them."
    ),
    "placebo_treated": gettext_noop("There are too few controls to draw fake support from."),
    "placebo_date": gettext_noop("There are too few years before the start for an earlier date."),
    "overlap": gettext_noop("Nobody is left to match."),
    "agreement": gettext_noop("Fewer than two estimators apply."),
    "attrition": gettext_noop("No unit has a figure before its start."),
    "spillover_trends": gettext_noop("Too few neighbours have years before the start."),
    "placebo_in_time": gettext_noop(
        "There are too few years before the start for an earlier date."
    ),
}

HELPS: dict[str, str] = {
    "list_untreated": gettext_noop("Add units that were never supported to the panel."),
    "later_starters": gettext_noop("Add units that were supported later."),
    "synthetic_control": gettext_noop("With one region or a few, compare with a mix of regions."),
    "describe": gettext_noop("Ask for a description of grade C; it is no effect."),
    "longer_panel": gettext_noop("Take a panel that begins earlier or ends later."),
    "shorter_window": gettext_noop("Choose fewer years if the early ones are what is asked."),
    "earlier_rows": gettext_noop("Add the rows of supported units from before the start."),
    "drop_newcomers": gettext_noop("Leave units founded after the start out of the list."),
    "other_controls": gettext_noop("Choose controls that are more alike."),
    "narrower_question": gettext_noop("Ask only for supported units that have their like."),
    "trace_leavers": gettext_noop("Find out what became of the units that left."),
    "outcome_for_leavers": gettext_noop(
        "Give units that closed the outcome they have: no firm is zero jobs."
    ),
    "match": gettext_noop("Compare with units that looked the same before."),
    "earlier_base": gettext_noop("Say how many years before the start the support was known."),
    "match_on_past": gettext_noop("Match on the outcome's own past too."),
    "others_like_it": gettext_noop(
        "Compare with others who had such a year, and see whether they came back."
    ),
    "mark_spillover": gettext_noop("List neighbours with the role spillover."),
    "far_controls": gettext_noop("Leave controls near supported units out of the panel."),
    "industry_covariate": gettext_noop("Name the industry among what was known before."),
    "name_cluster": gettext_noop("Say at which level support was granted."),
    "more_donors": gettext_noop("Add regions that were never supported."),
    "wait": gettext_noop("Wait until more years are known."),
    "other_donors": gettext_noop("Choose regions that are more alike."),
    "more_predictors": gettext_noop("Leave predictors out, or name more of them."),
    "growth_instead_of_level": gettext_noop("Ask for growth or logarithms instead of levels."),
    "earlier_start": gettext_noop("Set the start to when the support was first known."),
}

_SHARES = {
    "composition": ("statistic", "threshold"),
    "overlap": ("statistic", "threshold"),
    "placebo_treated": ("statistic", "threshold"),
    "attrition": ("treated", "controls"),
    "short_window": ("seen",),
    "donors": ("smallest_p",),
    "hull": ("statistic", "threshold"),
}
"""Of a check, the parameters that are shares."""


def check(found: Check) -> tuple[str, str]:
    """Return what a check is called and what it found."""
    name = _(NAMES[found.code])
    if found.verdict is Verdict.not_possible:
        said = NOT_POSSIBLE.get(found.code)
        return name, _(said) if said else _("The panel does not hold what this needs.")
    sentence = SENTENCES[found.code]
    if isinstance(sentence, Mapping):
        sentence = sentence[found.verdict]
    told = _(sentence) % _parameters(found)
    if found.code == "pre_trends" and found.parameters.get("blind") == "yes":
        unseen = _("A drift that makes up half of the effect could have gone unseen.")
        told = f"{told} {unseen}"
    return name, told


def _parameters(found: Check) -> dict[str, str]:
    shares = _SHARES.get(found.code, ())
    given: dict[str, Any] = {
        **found.parameters,
        "statistic": found.statistic,
        "threshold": found.threshold,
    }
    told = {name: _said(value, share=name in shares) for name, value in given.items()}
    if found.statistic is not None:
        told["p"] = probability(found.statistic)
    return told


def _said(value: Any, *, share: bool) -> str:
    if isinstance(value, tuple | list):
        return figures.listed([_estimator(str(each)) for each in value])
    if isinstance(value, int | float):
        return figures.percent(value) if share else amounts.plain(float(value))
    return "" if value is None else str(value)


def _estimator(code: str) -> str:
    known = {each.value: said for each, said in words.ESTIMATORS.items()}
    return str(known.get(Estimator(code), code)) if code in known else code


def probability(p: float) -> str:
    """Write a p value.

    >>> probability(0.00001), probability(0.0312)
    ('p < 0.001', 'p = 0.031')
    """
    return f"p < {number('0.001')}" if p < 0.001 else f"p = {number(f'{p:.3f}')}"


def reason(found: Reason) -> tuple[str, list[str]]:
    """Return the condition that fails, and what would help."""
    said = _("“%(check)s” fails.") % {"check": _(NAMES[found.code])}
    return said, [_(HELPS[each]) for each in found.helps]
