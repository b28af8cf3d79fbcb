"""Checks that need no outcome: who is there to compare, for how long, and how alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from clusteratlas.programmes.effects import limits
from clusteratlas.programmes.effects.panel import Flags, Ints, Setting
from clusteratlas.programmes.effects.plan import Plan, is_alike_in_outcome
from clusteratlas.programmes.effects.records import Check, Verdict
from clusteratlas.programmes.effects.study import Design, Study


def design_checks(plan: Plan, setting: Setting, study: Study) -> tuple[Check, ...]:
    """Return the checks of the design as a whole, in the order in which they are read."""
    made = [
        already_treated(setting, study),
        no_controls(plan, setting, study),
        few_treated(plan, setting),
        short_window(plan, setting, study),
        composition(setting),
    ]
    if study.design in (Design.matched, Design.triple) and not is_alike_in_outcome(study):
        made.append(overlap(plan, setting, study))
    return tuple(each for each in made if each is not None)


def own_checks(plan: Plan, setting: Setting, study: Study, outcome: str) -> list[Check]:
    """Return the checks of who is compared, for an outcome with a comparison of its own."""
    made = [no_controls(plan, setting, study), few_treated(plan, setting)]
    if study.design in (Design.matched, Design.triple):
        made.append(overlap(plan, setting, study))
    return [replace(each, outcome=outcome) for each in made]


def worse(value: float, warned: float, failed: float, *, low_is_bad: bool = False) -> Verdict:
    """Return the verdict on a number with two limits.

    Example
    -------
    >>> worse(0.3, 0.1, 0.25), worse(7, 15, 5, low_is_bad=True)
    (<Verdict.failed: 'failed'>, <Verdict.warned: 'warned'>)
    """
    sign = -1.0 if low_is_bad else 1.0
    if sign * value > sign * failed:
        return Verdict.failed
    return Verdict.warned if sign * value > sign * warned else Verdict.passed


def listed(setting: Setting, places: Ints | Flags) -> tuple[str, ...]:
    """Names of the first units."""
    return tuple(map(str, setting.panel.units[places][: limits.LISTED]))


def years(periods: Iterable[int]) -> tuple[int, ...]:
    """The first periods, each once, in order."""
    return tuple(sorted({int(each) for each in periods})[: limits.LISTED])


def already_treated(setting: Setting, study: Study) -> Check | None:
    """Units treated before there is an untouched year to compare with: set aside."""
    first = int(setting.panel.periods[0])
    early = setting.treated & (setting.start - study.choices.anticipation <= first)
    if not early.any():
        return None
    return Check(
        "already_treated",
        Verdict.warned,
        statistic=float(early.sum()),
        parameters={"count": int(early.sum()), "of": int(setting.treated.sum()), "first": first},
        units=listed(setting, early),
        periods=years(setting.start[early]),
    )


def no_controls(plan: Plan, setting: Setting, study: Study) -> Check:
    """Whether anybody is left to compare with."""
    starts = np.unique(setting.start[plan.asked])
    waiting = study.design is Design.staggered and study.choices.controls == "not_yet"
    enough = len(plan.pool) > 0 or (waiting and len(starts) > 1)
    return Check(
        "no_controls",
        Verdict.passed if enough else Verdict.failed,
        statistic=float(len(plan.pool)),
        threshold=1.0,
        parameters={"controls": len(plan.pool), "treated": len(plan.asked)},
        units=() if enough else listed(setting, setting.treated),
        periods=() if enough else years(setting.start[setting.treated]),
    )


def few_treated(plan: Plan, setting: Setting) -> Check:
    """Whether enough independent assignments stand on both sides."""
    treated, controls = plan.treated_assignments, plan.control_assignments
    count = min(treated, controls) if controls else treated
    verdict = worse(count, limits.GOOD_ASSIGNMENTS, limits.LEAST_ASSIGNMENTS, low_is_bad=True)
    return Check(
        "few_treated",
        verdict,
        statistic=float(count),
        threshold=float(limits.LEAST_ASSIGNMENTS),
        parameters={"treated": treated, "controls": controls, "units": len(plan.asked)},
        units=listed(setting, plan.asked) if verdict is not Verdict.passed else (),
    )


def short_window(plan: Plan, setting: Setting, study: Study) -> Check:
    """Whether the panel is long enough before and after the start."""
    panel, choices = setting.panel, study.choices
    start = setting.start[setting.treated]
    before = start - choices.anticipation - panel.periods[0]
    after = panel.periods[-1] - start + 1
    half = float(np.median(before)) if len(before) else 0.0
    seen = float((after >= choices.window).mean()) if len(after) else 0.0
    reached = int(after.max(initial=0))
    verdict = worse(half, limits.GOOD_BEFORE, limits.LEAST_BEFORE, low_is_bad=True)
    if seen < limits.LEAST_SEEN:
        verdict = Verdict.failed
    elif verdict is Verdict.passed and (choices.window < limits.FULL_WINDOW or seen < 1):
        verdict = Verdict.warned
    return Check(
        "short_window",
        verdict,
        statistic=half,
        threshold=float(limits.LEAST_BEFORE),
        parameters={
            "before": int(half),
            "window": choices.window,
            "full": limits.FULL_WINDOW,
            "seen": round(seen, 4),
            "least_seen": limits.LEAST_SEEN,
            "longest": reached,
        },
        units=listed(setting, np.flatnonzero(setting.treated)[after < choices.window]),
        periods=(int(panel.periods[0]), int(panel.periods[-1])),
    )


def composition(setting: Setting) -> Check:
    """Whether those called treated were there before the start."""
    panel = setting.panel
    places = np.arange(len(panel.periods))[None, :]
    begins = (setting.start - panel.periods[0])[:, None]
    seen_before = (panel.present & (places < begins)).any(axis=1)
    new = setting.treated & ~seen_before & (begins[:, 0] > 0)
    share = float(new.sum() / max(setting.treated.sum(), 1))
    return Check(
        "composition",
        worse(share, 0.0, limits.MOST_NEW),
        statistic=share,
        threshold=limits.MOST_NEW,
        parameters={"new": int(new.sum()), "treated": int(setting.treated.sum())},
        units=listed(setting, new),
        periods=years(setting.start[new]),
    )


def overlap(plan: Plan, setting: Setting, study: Study) -> Check:
    """Whether treated units have their like among controls."""
    total = len(plan.treated) + len(plan.unmatched)
    share = len(plan.unmatched) / total if total else 0.0
    if not len(plan.pool) or not total:
        return Check("overlap", Verdict.not_possible)
    apart = max((abs(each.difference_after) for each in plan.balance), default=0.0)
    verdicts = [
        worse(share, limits.SOME_UNMATCHED, limits.MOST_UNMATCHED),
        worse(apart, limits.SOME_IMBALANCE, limits.MOST_IMBALANCE),
    ]
    if study.design is Design.matched and len(plan.controls):
        few = plan.effective_controls < limits.LEAST_EFFECTIVE_CONTROLS
        verdicts.append(Verdict.failed if few else Verdict.passed)
    verdict = next(
        (each for each in (Verdict.failed, Verdict.warned) if each in verdicts), Verdict.passed
    )
    return Check(
        "overlap",
        verdict,
        statistic=share,
        threshold=limits.MOST_UNMATCHED,
        parameters={
            "unmatched": len(plan.unmatched),
            "treated": total,
            "difference": round(apart, 4),
            "most_difference": limits.MOST_IMBALANCE,
            "effective": round(plan.effective_controls, 1),
            "least_effective": limits.LEAST_EFFECTIVE_CONTROLS,
        },
        units=listed(setting, plan.unmatched),
    )
