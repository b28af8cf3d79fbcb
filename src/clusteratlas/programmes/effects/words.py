"""An evaluation in English sentences; the portal has its own in every language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from clusteratlas.programmes.effects.records import (
    Check,
    CostPerUnit,
    Difference,
    EffectReport,
    Estimate,
    Estimator,
    Group,
    LeaveOneOut,
    OutcomeFindings,
    Sensitivity,
    Verdict,
)
from clusteratlas.programmes.effects.study import Design, Outcome, Scale, Stage

DESIGNS: Final[Mapping[Design, str]] = MappingProxyType(
    {
        Design.staggered: "staggered adoption",
        Design.matched: "matched difference in differences",
        Design.triple: "triple difference",
        Design.contest: "contest: winners against losers",
        Design.spillover: "direct and spillover groups",
        Design.synthetic: "synthetic control of one region",
    }
)
STAGES: Final[Mapping[Stage, str]] = MappingProxyType({each: each.value for each in Stage})
VERDICTS: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.passed: "holds",
        Verdict.warned: "take note",
        Verdict.failed: "FAILS",
        Verdict.not_possible: "cannot be told",
    }
)
ESTIMATORS: Final[Mapping[Estimator, str]] = MappingProxyType(
    {
        Estimator.two_way: "two-way fixed effects",
        Estimator.group_time: "group-time (Callaway, Sant'Anna)",
        Estimator.imputation: "imputation (Borusyak et al.)",
        Estimator.matched: "matched difference in differences",
        Estimator.triple_two_way: "triple fixed effects",
        Estimator.triple_group_time: "triple difference by start",
        Estimator.triple_imputation: "triple difference, imputed",
        Estimator.synthetic_difference: "synthetic difference in differences",
        Estimator.synthetic_control: "synthetic control",
        Estimator.donors_mean: "mean of donors",
    }
)
CHECKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "already_treated": "treated before the panel",
        "no_controls": "somebody to compare with",
        "few_treated": "enough independent cases",
        "short_window": "long enough before and after",
        "composition": "the same units before and after",
        "overlap": "treated have their like",
        "attrition": "who leaves",
        "pre_trends": "parallel before the start",
        "anticipation": "nothing moved early",
        "mean_reversion": "not chosen in an odd year",
        "placebo_date": "no effect before the start",
        "contaminated_controls": "controls feel nothing",
        "control_break": "controls do not break away",
        "placebo_treated": "no effect of fake support",
        "agreement": "estimators agree",
        "influence": "no single case decides",
        "spillover_trends": "neighbours parallel before",
        "donors": "enough donors",
        "years_before": "enough years before",
        "years_after": "enough years after",
        "fit_before": "the mix follows the region",
        "hull": "the region lies among donors",
        "placebo_in_time": "no effect before the start",
    }
)
"""What the checks are called."""

HELPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "list_untreated": "add units that were never supported to the panel",
        "later_starters": "add units that were supported later",
        "synthetic_control": "with one region or a few, ask for the design synthetic",
        "describe": "ask for a description (--describe): a difference of grade C, no effect",
        "longer_panel": "take a panel that begins earlier or ends later",
        "shorter_window": "say a shorter window (--window) if early years are what is asked",
        "earlier_rows": "add the rows of treated units from before the start",
        "drop_newcomers": "leave units founded after the start out of the treated list",
        "other_controls": "choose controls that are more alike",
        "narrower_question": "ask only for treated units that have their like",
        "trace_leavers": "find out what became of units that left",
        "outcome_for_leavers": "give units that closed the outcome they have: none is zero jobs",
        "match": "compare with units that were alike before (--design matched)",
        "earlier_base": "say how many years early the support was known (--anticipation)",
        "match_on_past": "match on the outcome's own past too (--alike-in trend)",
        "others_like_it": "compare with others who had such a year, and see if they recovered",
        "mark_spillover": "list neighbours with role spillover (--design spillover)",
        "far_controls": "leave controls near treated units out of the panel",
        "industry_covariate": "name the industry among the covariates",
        "name_cluster": "say at which level support was assigned (--cluster)",
        "more_donors": "add regions that were never supported",
        "wait": "wait until more years are known",
        "other_donors": "choose regions that are more alike",
        "more_predictors": "leave predictors out, or name more of them",
        "growth_instead_of_level": "ask for growth or logarithms instead of levels",
        "earlier_start": "set the start to when the support was first known",
    }
)
"""What could help where no effect is told."""


def number(value: float) -> str:
    """Return a figure with three or four telling digits.

    Example
    -------
    >>> number(1234567.8), number(12.345), number(-0.01234)
    ('1,234,568', '12.35', '-0.0123')
    """
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.2f}"
    return f"{value:.3g}"


def share(value: object) -> str:
    """Return a share in per cent."""
    return f"{float(str(value)):.1%}"


def probability(value: object) -> str:
    """Return a p value.

    Example
    -------
    >>> probability(0.00001), probability(0.0312)
    ('p < 0.001', 'p = 0.031')
    """
    p = float(str(value))
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def value_of(told: Estimate) -> tuple[str, str]:
    """Return an estimate and its interval, with unit: per cent where logarithms are compared."""
    percent = told.percent
    if percent is not None:
        value, low, high = percent
        return f"{value:+.1f} %", f"{low:+.1f} to {high:+.1f} %"
    unit = f" {told.unit}" if told.unit else ""
    return f"{_signed(told.value)}{unit}", f"{_signed(told.low)} to {_signed(told.high)}{unit}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value)


def check_sentence(check: Check) -> str:
    """Return what a check found, as a sentence.

    Example
    -------
    >>> found = {"treated": 3, "controls": 90, "units": 3}
    >>> check_sentence(Check("few_treated", Verdict.failed, "", 3.0, 5.0, found))
    'Support was given in 3 independent cases (3 units), with 90 to compare; at least 5 are needed.'
    """
    if check.verdict is Verdict.not_possible:
        return _NOT_POSSIBLE.get(check.code, "The panel does not hold what this needs.")
    p = check.parameters
    made = _SENTENCES.get(check.code)
    if made is None:
        limit = f"; the limit is {number(check.threshold)}" if check.threshold is not None else ""
        found = number(check.statistic) if check.statistic is not None else "nothing to note"
        return f"Found {found}{limit}."
    words: dict[str, object] = {name: _said(value) for name, value in p.items()}
    words["p"] = probability(check.statistic) if check.statistic is not None else ""
    words["statistic"] = share(check.statistic) if check.code in _SHARES else check.statistic
    words["threshold"] = (
        share(check.threshold)
        if check.code in _SHARES
        else number(check.threshold)
        if check.threshold is not None
        else ""
    )
    for name in _SHARED.get(check.code, ()):
        words[name] = share(p[name])
    text = made[check.verdict] if isinstance(made, Mapping) else made
    sentence = text.format_map(words)
    if check.code == "pre_trends" and p.get("blind") == "yes" and check.verdict is Verdict.passed:
        sentence += " But a drift that makes up half of the effect could have gone unseen."
    return sentence


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(_estimator(each) for each in value)
    return value


def _estimator(code: str) -> str:
    return ESTIMATORS[Estimator(code)] if code in set(Estimator) else code


def reading(findings: OutcomeFindings) -> tuple[str, ...]:
    """Return what the findings say, in plain sentences; of a refused effect only why."""
    name = findings.outcome.name or findings.outcome.column
    if findings.refused:
        lines = [f"No effect on {name} is told: {_why(findings)}."]
        helps = dict.fromkeys(code for each in findings.reasons for code in each.helps)
        lines += [f"What would help: {HELPS[code]}." for code in helps if code in HELPS]
        if findings.difference is not None:
            lines.append(difference_sentence(findings.difference, name))
        return tuple(lines)
    effect = findings.effect()
    if effect is None:
        return (f"The checks of {name} hold; no effect was asked for.",)
    lines = [effect_sentence(effect, name)]
    near = findings.effect(group=Group.spillover)
    if near is not None:
        lines.append(effect_sentence(near, name))
    if findings.sensitivity is not None:
        lines.append(sensitivity_sentence(findings.sensitivity))
    if findings.leave_one_out is not None:
        lines.append(left_out_sentence(findings.leave_one_out, effect))
    if findings.cost is not None:
        lines.append(cost_sentence(findings.cost))
    return tuple(lines)


def _why(findings: OutcomeFindings) -> str:
    failed = [each.code for each in findings.reasons]
    named = [CHECKS.get(code, code) for code in dict.fromkeys(failed)]
    if not named:
        return "only the checks were asked for"
    return f"what is needed does not hold ({'; '.join(named)})"


def effect_sentence(effect: Estimate, name: str) -> str:
    """Return an effect as a sentence that says how sure it is."""
    value, between = value_of(effect)
    who = "Support" if effect.group is Group.direct else "Being near to supported units"
    when = (
        "on average over the window"
        if effect.horizon is None
        else f"in year {effect.horizon} under treatment"
    )
    if not effect.is_significant:
        return (
            f"{who} changed {name} by {value} {when}, but the interval ({between}) holds zero: "
            "whether it changed anything cannot be told."
        )
    return f"{who} changed {name} by {value} {when} ({between}, {effect.level:.0%} interval)."


def difference_sentence(difference: Difference, name: str) -> str:
    """Return a description, saying that it is no effect."""
    if difference.scale is Scale.level:
        unit = f" {difference.unit}" if difference.unit else ""
        mine, theirs = (
            f"{_signed(each)}{unit}"
            for each in (difference.treated_change, difference.others_change)
        )
    else:
        mine, theirs = (
            f"{each:+.3f} in logarithms"
            for each in (difference.treated_change, difference.others_change)
        )
    return (
        f"Grade C, a description and no effect: from {difference.first} to {difference.last} "
        f"{name} changed by {mine} in {difference.treated} treated units and by {theirs} in "
        f"{difference.others} others."
    )


def sensitivity_sentence(told: Sensitivity) -> str:
    """Return how wrong the comparison may be before the sign is open."""
    if told.breakdown is None:
        return "Nothing moved before the start, so nothing says how wrong trends might go."
    if told.breakdown == 0:
        return "The interval holds zero even if trends run parallel."
    return (
        f"The sign holds as long as trends part in each year by less than {told.breakdown:.2f} "
        "times the greatest change from one year to the next seen before the start."
    )


def left_out_sentence(told: LeaveOneOut, effect: Estimate) -> str:
    """Return the range of the effect without each treated case in turn."""
    if effect.scale is Scale.level:
        low, high = _signed(told.low), _signed(told.high)
    else:
        low, high = (f"{100 * each:+.1f} log points" for each in (told.low, told.high))
    return f"Without any one treated case the effect lies between {low} and {high}."


def cost_sentence(cost: CostPerUnit) -> str:
    """Return what an additional unit cost, and that there is no upper bound where there is none."""
    unit = f"additional unit ({cost.unit})" if cost.unit else "additional unit"
    money = cost.currency + (f" (prices of {cost.price_base})" if cost.price_base else "")
    if cost.value is None:
        return f"No {unit} is found in year {cost.horizon}, so none has a cost."
    ends = (
        f"{number(cost.low or 0)} to {number(cost.high or 0)}"
        if cost.bounded
        else f"at least {number(cost.low or 0)}, without upper bound: the effect may be zero"
    )
    return (
        f"{number(cost.value)} {money} per {unit} in year {cost.horizon} ({ends}): "
        f"{number(cost.cost)} for {number(cost.additional)} in {cost.treated} treated units."
    )


def outcome_title(outcome: Outcome) -> str:
    """Return an outcome's name with its stage and unit."""
    unit = f", {outcome.unit}" if outcome.unit else ""
    return f"{outcome.name or outcome.column} ({STAGES[outcome.stage]}{unit})"


def data_sentence(report: EffectReport) -> str:
    """Return what the answer was computed from."""
    data = report.data
    parts = [
        f"{data.rows:,} rows",
        f"{data.units:,} units",
        f"{data.first_period} to {data.last_period}",
        f"{data.treated:,} treated",
        f"{data.controls:,} controls",
    ]
    if data.spillover:
        parts.append(f"{data.spillover:,} exposed")
    if data.lost:
        parts.append(f"{data.lost:,} turned down")
    if data.set_aside:
        parts.append(f"{data.set_aside:,} set aside for gaps")
    return " · ".join(parts)


_SHARES: Final = {"composition", "overlap", "placebo_treated"}
_SHARED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"attrition": ("treated", "controls"), "short_window": ("seen",)}
)
_NOT_POSSIBLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pre_trends": "There are no two years before the start to compare.",
        "anticipation": "There are too few years before the start to see whether the last is odd.",
        "contaminated_controls": "Too few regions lie near, or too few far from, treated units.",
        "placebo_treated": "There are too few controls to draw fake treatments from.",
        "placebo_date": "There are too few years before the start for an earlier date.",
        "overlap": "Nobody is left to match.",
        "agreement": "Fewer than two estimators apply.",
        "attrition": "No unit has a figure before its start.",
        "spillover_trends": "Too few exposed units have years before the start.",
        "placebo_in_time": "There are too few years before the start for an earlier date.",
    }
)
_SENTENCES: Final[Mapping[str, str | Mapping[Verdict, str]]] = MappingProxyType(
    {
        "already_treated": "{count} of {of} treated units began by {first} or before an untouched "
        "year: they are set aside.",
        "no_controls": "{controls} units are there to compare {treated} treated units with.",
        "few_treated": "Support was given in {treated} independent cases ({units} units), with "
        "{controls} to compare; at least {threshold} are needed.",
        "short_window": "Half of the treated have {before} years before the start or more; {seen} "
        "are seen for the whole window of {window} years ({full} by default).",
        "composition": "{new} of {treated} treated units have no year before the start "
        "({statistic}; at most {threshold}).",
        "overlap": "{unmatched} of {treated} treated units have no like (at most {threshold}); the "
        "largest difference left is {difference} standard deviations (at most {most_difference}); "
        "controls count as {effective}.",
        "attrition": "{treated} of treated units and {controls} of others leave after the start "
        "({p}).",
        "pre_trends": {
            Verdict.passed: "Treated and controls went together in {years} years before ({p}).",
            Verdict.warned: "Treated and controls did not quite go together in {years} years "
            "before ({p}); it is slight, or could be chance.",
            Verdict.failed: "Treated and controls parted before the start already: in {years} "
            "years their differences are not those of chance ({p}).",
        },
        "anticipation": {
            Verdict.passed: "The last year before the start is in line with those before ({p}).",
            Verdict.warned: "The last year before the start is somewhat off the line ({p}).",
            Verdict.failed: "The last year before the start is off the line the way the effect "
            "goes: it was foreseen, or the year was odd ({p}).",
        },
        "mean_reversion": {
            Verdict.passed: "The last year before the start is in line with those before ({p}).",
            Verdict.warned: "The last year before the start is somewhat off the line ({p}).",
            Verdict.failed: "The last year before the start is off the line against the effect: "
            "units may have been chosen in an odd year and come back by themselves ({p}).",
        },
        "placebo_date": {
            Verdict.passed: "A start set {years} years early shows no effect ({p}).",
            Verdict.warned: "A start set {years} years early shows an effect ({p}).",
        },
        "contaminated_controls": {
            Verdict.passed: "{near} controls near treated units went on like {far} far away ({p}).",
            Verdict.warned: "{near} controls near treated units changed a little at the start, "
            "against {far} far away ({p}).",
            Verdict.failed: "{near} controls near treated units changed at the start, against "
            "{far} far away ({p}): they feel the programme.",
        },
        "control_break": {
            Verdict.passed: "No industry that holds mostly controls broke away at the start ({p}).",
            Verdict.failed: "Industries that hold mostly controls broke away at the start ({p}).",
        },
        "placebo_treated": "Of {draws} fake treatments of {fake} controls, {statistic} come out "
        "significant at 5 % (at most {threshold}).",
        "agreement": {
            Verdict.passed: "All estimators lie within the first one's interval.",
            Verdict.warned: "Outside the first one's interval: {differing}.",
            Verdict.failed: "Intervals do not meet: {differing}.",
        },
        "influence": {
            Verdict.passed: "Without any one treated case the effect keeps its sign.",
            Verdict.warned: "Without one treated case the effect changes its sign.",
        },
        "spillover_trends": {
            Verdict.passed: "Exposed units and controls went together before the start ({p}).",
            Verdict.warned: "Exposed units and controls went almost together before ({p}).",
            Verdict.failed: "Exposed units and controls drifted apart before the start ({p}): "
            "spillovers are not told.",
        },
        "donors": "{statistic:.0f} donors; at least {threshold}.",
        "years_before": "{statistic:.0f} years before the start; at least {threshold}.",
        "years_after": "{statistic:.0f} years after the start; at least {threshold}.",
        "fit_before": "Before the start the mix misses the region by {statistic:.2f} of a usual "
        "year's change; at most {threshold}.",
        "hull": "The region lies outside all donors in {statistic:.0%} of years before the start.",
        "placebo_in_time": "A start set earlier shows an effect of {statistic:.3g}.",
    }
)
