"""One call from a panel and a treated list to checks, estimates and a grade, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from clusteratlas import __version__
from clusteratlas.programmes.effects import contrasts, limits, robustness
from clusteratlas.programmes.effects.assembling import assemble
from clusteratlas.programmes.effects.cost import cost_per_unit
from clusteratlas.programmes.effects.design_checks import design_checks, overlap
from clusteratlas.programmes.effects.estimators import WHOLE, Answer, answers
from clusteratlas.programmes.effects.inference import band_factor, found
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
    Comparison,
    Plan,
    assignment_of,
    fill,
    is_alike_in_outcome,
    plan_of,
)
from clusteratlas.programmes.effects.reading import read_panel, read_treated
from clusteratlas.programmes.effects.records import (
    Check,
    DataFacts,
    Difference,
    EffectReport,
    Estimate,
    EventPoint,
    Group,
    GroupTime,
    OutcomeFindings,
    Reason,
    Verdict,
)
from clusteratlas.programmes.effects.study import Design, Outcome, Study
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

    Examples
    --------
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
        findings.append(_finding(own, checks, setting, study, outcome, mine, told=told))
    return EffectReport(
        study,
        _facts(setting, listing, plan, study, kept),
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
    setting: Setting,
    study: Study,
    outcome: Outcome,
    kept: Flags,
    *,
    told: bool,
) -> OutcomeFindings:
    outcomes = setting.panel.outcomes[outcome.column]
    mine: list[Check | None] = [attrition(setting, study, outcome, outcomes)]
    if is_alike_in_outcome(study):
        mine.append(replace(overlap(plan, setting, study), outcome=outcome.column))
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
    own = tuple(each for each in mine if each is not None)
    failed = _failed([*checks, *own])
    near = _Near()
    if made and not failed and study.design is Design.spillover:
        near = _spillover(setting, study, outcome, outcomes, kept, told=told)
        own += near.checks
    if failed or comparison is None or not made or not told:
        reasons = tuple(Reason(each.code, each.parameters, _helps(each, study)) for each in failed)
        shown = study.choices.describe and told and bool(failed)
        difference = _difference(plan, setting, study, outcome, outcomes) if shown else None
        grade = EvidenceGrade.C if difference is not None else None
        return OutcomeFindings(outcome, True, reasons, own, difference=difference, grade=grade)
    return OutcomeFindings(
        outcome,
        refused=False,
        checks=own,
        estimates=(*_estimates(made, comparison, study, outcome, Group.direct), *near.estimates),
        events=(*_events(comparison, study, outcome, made[0]), *near.events),
        group_times=_group_times(comparison, setting, outcome),
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


def _estimates(
    made: Sequence[Answer], comparison: Comparison, study: Study, outcome: Outcome, group: Group
) -> list[Estimate]:
    rows = []
    for number, answer in enumerate(made):
        for place, key in enumerate(answer.keys):
            treated, controls = _counts(comparison, key)
            low, high = answer.found.interval(place, study.choices.level)
            rows.append(
                Estimate(
                    answer.estimator,
                    outcome.column,
                    outcome.stage,
                    group,
                    None if key == WHOLE else key + 1,
                    float(answer.found.values[place]),
                    low,
                    high,
                    float(answer.found.errors[place]),
                    answer.found.p(place),
                    study.choices.level,
                    treated,
                    controls,
                    outcome.unit,
                    outcome.scale,
                    headline=number == 0,
                )
            )
    return rows


def _counts(comparison: Comparison, key: int) -> tuple[int, int]:
    """Treated units seen in a year since the start, and controls."""
    layout = comparison.layout
    cells = {cell for cell, since in layout.spots() if key in (WHOLE, since)}
    return int(sum(len(comparison.cells[cell].members) for cell in cells)), len(
        comparison.plan.controls
    )


def _events(
    comparison: Comparison, study: Study, outcome: Outcome, headline: Answer
) -> tuple[EventPoint, ...]:
    layout = comparison.layout
    made = contrasts.by_time(layout, contrasts.leads(layout) | contrasts.group_time(layout))
    told = found(comparison.moments, made)
    choices = study.choices
    factor = band_factor(told, choices.level, choices.draws, choices.seed)
    points = []
    for place, time in enumerate(made):
        low, high = told.interval(place, choices.level)
        value, error = float(told.values[place]), float(told.errors[place])
        cells = [
            cell
            for cell in layout.treated
            if 0 <= layout.starts[cell] + time < layout.periods and layout.base(cell) >= 0
        ]
        points.append(
            EventPoint(
                headline.estimator,
                outcome.column,
                comparison.plan.group,
                time,
                value,
                low,
                high,
                value - factor * error,
                value + factor * error,
                error,
                int(sum(len(comparison.cells[cell].members) for cell in cells)),
                len(comparison.plan.controls),
                outcome.scale,
            )
        )
    return tuple(points)


def _group_times(
    comparison: Comparison, setting: Setting, outcome: Outcome
) -> tuple[GroupTime, ...]:
    """Effects by start and period; before the start each year is set against the one before it."""
    layout = comparison.layout
    first = int(setting.panel.periods[0])
    rows = []
    for cell in layout.treated:
        base = layout.base(cell)
        for period in range(1, layout.periods):
            against = base if period > base else period - 1
            made = contrasts.change(layout, cell, period, against) if base >= 0 else None
            if made is None:
                continue
            told = found(comparison.moments, [made])
            others = [each for each in layout.controls(cell, max(period, against)) if each != cell]
            rows.append(
                GroupTime(
                    outcome.column,
                    first + int(layout.starts[cell]),
                    first + period,
                    float(told.values[0]),
                    float(told.errors[0]),
                    len(comparison.cells[cell].members),
                    int(sum(len(comparison.cells[each].members) for each in others)),
                )
            )
    return tuple(rows)


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
        tuple(_estimates(made, comparison, study, outcome, Group.spillover)),
        _events(comparison, study, outcome, made[0]),
    )


def _difference(
    plan: Plan, setting: Setting, study: Study, outcome: Outcome, outcomes: Floats
) -> Difference | None:
    """The change of treated and others around the start of most, told as a description."""
    starts, counts = np.unique(setting.start[setting.treated], return_counts=True)
    panel = setting.panel
    first = panel.place(int(starts[counts.argmax()])) - 1 - study.choices.anticipation
    last = min(first + study.choices.window + study.choices.anticipation, len(panel.periods) - 1)
    if first < 0 or last <= first:
        return None
    changed = outcomes[:, last] - outcomes[:, first]
    others = setting.untreated | setting.lost
    mine, theirs = (changed[those & np.isfinite(changed)] for those in (setting.treated, others))
    if not len(mine) or not len(theirs):
        return None
    return Difference(
        outcome.column,
        float(mine.mean()),
        float(theirs.mean()),
        float(mine.mean() - theirs.mean()),
        len(mine),
        len(theirs),
        int(panel.periods[first]),
        int(panel.periods[last]),
        outcome.unit,
        outcome.scale,
    )


def _facts(
    setting: Setting, listing: TreatedList, plan: Plan, study: Study, kept: Flags
) -> DataFacts:
    panel = setting.panel
    starts, counts = np.unique(setting.start[setting.treated], return_counts=True)
    assignment = assignment_of(panel, study)
    return DataFacts(
        panel.rows,
        len(panel.units),
        int(panel.periods[0]),
        int(panel.periods[-1]),
        len(panel.periods),
        int(setting.treated.sum()),
        len(plan.controls),
        int(setting.exposed.sum()),
        int(setting.lost.sum()),
        int((~kept).sum()),
        {str(start): int(count) for start, count in zip(starts, counts, strict=True)},
        len(np.unique(assignment)),
        plan.treated_assignments,
        study.source,
        dict(panel.checksums) | dict(listing.checksums),
        __version__,
    )
