"""One call from a panel and a treated list to checks, estimates and a grade, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from clusteratlas.programmes.effects import contrasts, limits, robustness
from clusteratlas.programmes.effects.assembling import assemble
from clusteratlas.programmes.effects.cost import cost_per_unit
from clusteratlas.programmes.effects.design_checks import design_checks, own_checks
from clusteratlas.programmes.effects.estimators import Answer, answers
from clusteratlas.programmes.effects.inference import found
from clusteratlas.programmes.effects.one_region import one_region
from clusteratlas.programmes.effects.outcome_checks import (
    attrition,
    before_the_start,
    contaminated_controls,
    control_break,
    placebo_date,
    placebo_treated,
)
from clusteratlas.programmes.effects.panel import Flags, Floats, Panel, Setting, TreatedList
from clusteratlas.programmes.effects.plan import (
    Plan,
    fill,
    is_alike_in_outcome,
    plan_of,
)
from clusteratlas.programmes.effects.reading import read_panel, read_treated
from clusteratlas.programmes.effects.records import (
    Check,
    EffectReport,
    Estimate,
    EventPoint,
    Group,
    OutcomeFindings,
    Reason,
    Verdict,
)
from clusteratlas.programmes.effects.study import Design, Outcome, Study
from clusteratlas.programmes.effects.telling import (
    difference_of,
    estimates_of,
    events_of,
    facts_of,
    group_times_of,
)
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import Fault, InvalidInput

HELPS: Final[dict[str, tuple[str, ...]]] = {
    "no_controls": ("list_untreated", "later_starters"),
    "few_treated": ("synthetic_control", "describe"),
    "short_window": ("longer_panel", "shorter_window"),
    "composition": ("earlier_rows", "drop_newcomers"),
    "overlap": ("other_controls", "narrower_question"),
    "attrition": ("trace_leavers", "outcome_for_leavers"),
    "pre_trends": ("match", "match_on_past", "other_controls", "describe"),
    "anticipation": ("earlier_base", "describe"),
    "mean_reversion": ("earlier_base", "others_like_it", "describe"),
    "contaminated_controls": ("mark_spillover", "far_controls"),
    "control_break": ("industry_covariate", "other_controls"),
    "placebo_treated": ("name_cluster",),
    "agreement": ("other_controls", "describe"),
}
"""What could help where a check fails: codes, said by ``words``."""


def evaluate(study: Study, panel: Any, treated: Any) -> EffectReport:
    """Return what a programme changed, by outcome: checks first, then estimates, or a refusal.

    Parameters
    ----------
    study
        What is asked.
    panel
        File, table or :class:`Panel`: one row a unit and period; see :func:`read_panel`.
    treated
        File, table or :class:`TreatedList`; see :func:`read_treated`.

    Returns
    -------
    EffectReport
        With no number of an effect, anywhere, for an outcome one of whose checks fails.

    Missing data
    ------------
    A unit without a figure in some period is a fault, unless ``keep_balanced`` is chosen: then it
    is set aside for that outcome, and a check asks whether those set aside differ.

    Raises
    ------
    InvalidInput
        With every fault of the two tables, by unit and period.
    CannotAnswer
        If the library that a design needs is not installed.

    Source
    ------
    Roth, Sant'Anna, Bilinski and Poe (2023), What's trending in difference-in-differences?

    Example
    -------
    >>> import numpy as np
    >>> from clusteratlas.programmes.effects import Choices, Columns, Design, Outcome, Study
    >>> rng, firms, years = np.random.default_rng(1), np.arange(60), np.arange(2010, 2020)
    >>> jobs = 50 + rng.normal(0, 1, (60, 10)) + 5 * np.outer(firms < 20, years >= 2015)
    >>> panel = {"unit": np.repeat(firms, 10), "period": np.tile(years, 60), "jobs": jobs.ravel()}
    >>> support = {"unit": np.arange(20), "from": np.full(20, 2015)}
    >>> report = evaluate(Study(Design.staggered, (Outcome("jobs", unit="jobs"),)), panel, support)
    >>> report.grade, report.of("jobs").effect().low < 5 < report.of("jobs").effect().high
    (<EvidenceGrade.B: 'B'>, True)
    """
    return _examined(study, panel, treated, told=True)


def check_only(study: Study, panel: Any, treated: Any) -> EffectReport:
    """Return the checks of :func:`evaluate` without any estimate, whatever they say."""
    return _examined(study, panel, treated, told=False)


def _examined(study: Study, panel: Any, treated: Any, *, told: bool) -> EffectReport:
    given, listing = _read(study, panel, treated)
    setting = assemble(given, listing, study)
    kept = _kept(setting, study, None)
    plan = plan_of(setting, study, kept)
    single = study.design is Design.synthetic
    checks = () if single else design_checks(plan, setting, study)
    plans = {kept.tobytes(): plan}
    balance = [] if is_alike_in_outcome(study) else list(plan.balance)
    findings = []
    for outcome in study.outcomes:
        values = given.outcomes[outcome.column]
        mine = _kept(setting, study, values)
        key = mine.tobytes()
        if single:
            found_one = one_region(setting, study, outcome, mine)
            findings.append(found_one if told else _silent(found_one))
            continue
        if is_alike_in_outcome(study):
            own = plan_of(setting, study, mine, outcomes=values)
            balance += [replace(each, outcome=outcome.column) for each in own.balance]
        else:
            own = plans[key] if key in plans else plan_of(setting, study, mine)
            plans[key] = own
        its = () if own is plan else own_checks(own, setting, study, outcome.column)
        findings.append(
            _finding(own, (*checks, *its), its, setting, study, outcome, mine, told=told)
        )
    return EffectReport(
        study,
        facts_of(setting, listing, plan, study, kept),
        checks,
        tuple(balance),
        tuple(findings),
    )


def _read(study: Study, panel: Any, treated: Any) -> tuple[Panel, TreatedList]:
    """Both tables, or every fault of both."""
    faults: list[Fault] = []
    total = 0
    made: list[Any] = []
    for source, kind, read in ((panel, Panel, read_panel), (treated, TreatedList, read_treated)):
        try:
            made.append(source if isinstance(source, kind) else read(source, study))
        except InvalidInput as error:
            faults += error.faults
            total += error.total
    if faults:
        raise InvalidInput(faults, total=total)
    return made[0], made[1]


def _silent(findings: OutcomeFindings) -> OutcomeFindings:
    """The findings without anything but their checks."""
    return OutcomeFindings(findings.outcome, True, findings.reasons, findings.checks)


def _kept(setting: Setting, study: Study, outcomes: Floats | None) -> Flags:
    """Units with every row and figure."""
    panel = setting.panel
    full: Flags = np.asarray(panel.present.all(axis=1))
    asked = setting.before_starts(study.choices.anticipation)
    for values in panel.covariates.values() if study.design is not Design.synthetic else ():
        full = full & np.isfinite(values[:, asked]).all(axis=1)
    return full if outcomes is None else np.asarray(full & np.isfinite(outcomes).all(axis=1))


def _finding(
    plan: Plan,
    checks: Sequence[Check],
    its: Sequence[Check],
    setting: Setting,
    study: Study,
    outcome: Outcome,
    kept: Flags,
    *,
    told: bool,
) -> OutcomeFindings:
    """What is found for one outcome; ``checks`` are all before it, ``its`` those of its own."""
    outcomes = setting.panel.outcomes[outcome.column]
    mine: list[Check | None] = [*its, attrition(setting, study, outcome, outcomes)]
    comparison = fill(plan, setting, study, outcomes)
    spots = contrasts.group_time(comparison.layout) if comparison is not None else {}
    made: tuple[Answer, ...] = ()
    kept_out = None
    if comparison is not None and spots:
        found_first = found(comparison.moments, [contrasts.average(comparison.layout, spots)])
        effect, error = float(found_first.values[0]), float(found_first.errors[0])
        mine += before_the_start(comparison, study, outcome, effect)
        mine += [
            placebo_date(comparison, study, outcome),
            contaminated_controls(comparison, setting, study, outcome, outcomes, effect),
            control_break(comparison, setting, study, outcome, error),
            placebo_treated(comparison, setting, study, outcome),
        ]
        if not _failed([*checks, *mine]):
            made = answers(comparison, setting, study, outcomes)
            starts = len(np.unique(setting.start[plan.treated]))
            kept_out = robustness.leave_one_out(comparison, setting, made[0])
            mine += [
                robustness.agreement(made, study, outcome, starts),
                robustness.influence(kept_out, made[0], outcome),
            ]
    if not spots and not _failed([*checks, *mine]):
        left = {"controls": len(plan.controls), "treated": len(plan.treated)}
        mine.append(Check("no_controls", Verdict.failed, outcome.column, parameters={**left}))
    own = tuple(each for each in mine if each is not None)
    failed = _failed([*checks, *(each for each in own if each not in its)])
    near = _Near()
    if made and not failed and study.design is Design.spillover:
        near = _spillover(setting, study, outcome, outcomes, kept, told=told)
        own += near.checks
    if failed or comparison is None or not made or not told:
        reasons = tuple(Reason(each.code, each.parameters, _helps(each, study)) for each in failed)
        shown = study.choices.describe and told and bool(failed)
        difference = difference_of(plan, setting, study, outcome, outcomes) if shown else None
        grade = EvidenceGrade.C if difference is not None else None
        return OutcomeFindings(outcome, True, reasons, own, difference=difference, grade=grade)
    return OutcomeFindings(
        outcome,
        refused=False,
        checks=own,
        estimates=(*estimates_of(made, comparison, study, outcome, Group.direct), *near.estimates),
        events=(*events_of(comparison, study, outcome, made[0]), *near.events),
        group_times=group_times_of(comparison, setting, outcome),
        sensitivity=robustness.sensitivity(comparison, study, made[0]),
        leave_one_out=kept_out,
        cost=cost_per_unit(setting, study, outcome, outcomes, made[0]),
        grade=EvidenceGrade.A if study.choices.randomised else EvidenceGrade.B,
    )


def _failed(checks: Sequence[Check | None]) -> list[Check]:
    return [each for each in checks if each is not None and each.verdict is Verdict.failed]


def _helps(check: Check, study: Study) -> tuple[str, ...]:
    """What could help, without what is chosen already."""
    matched = study.design is Design.matched
    useless = {
        "match": matched,
        "match_on_past": not matched or bool(study.choices.alike_in),
        "describe": study.choices.describe,
        "name_cluster": bool(study.columns.cluster),
    }
    return tuple(each for each in HELPS.get(check.code, ()) if not useless.get(each, False))


@dataclass(frozen=True)
class _Near:
    """What was found for exposed units."""

    checks: tuple[Check, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    events: tuple[EventPoint, ...] = ()


def _spillover(
    setting: Setting, study: Study, outcome: Outcome, outcomes: Floats, kept: Flags, *, told: bool
) -> _Near:
    """Effects on exposed units, if their own years before the start let them be told.

    A check that fails here keeps spillovers untold; the direct effect does not rest on them.
    """
    plan = plan_of(setting, study, kept, Group.spillover)
    comparison = fill(plan, setting, study, outcomes)
    spots = contrasts.group_time(comparison.layout) if comparison is not None else {}
    few = plan.treated_assignments < limits.LEAST_ASSIGNMENTS
    if comparison is None or not spots or few:
        return _Near((Check("spillover_trends", Verdict.not_possible, outcome.column),))
    size = float(found(comparison.moments, [contrasts.average(comparison.layout, spots)]).values[0])
    looked = before_the_start(comparison, study, outcome, size)
    bad = _failed(looked)
    worst = min(looked, key=lambda each: each.statistic if each.statistic is not None else 1.0)
    check = replace(worst, code="spillover_trends", verdict=(bad or [worst])[0].verdict)
    if bad or not told:
        return _Near((check,))
    made = answers(comparison, setting, study, outcomes)
    return _Near(
        (check,),
        tuple(estimates_of(made, comparison, study, outcome, Group.spillover)),
        events_of(comparison, study, outcome, made[0]),
    )
