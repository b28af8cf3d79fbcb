"""How far an effect holds: between estimators, without single units, and under imperfect trends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from clusteratlas.programmes.effects import contrasts
from clusteratlas.programmes.effects.estimators import WHOLE, Answer
from clusteratlas.programmes.effects.inference import found
from clusteratlas.programmes.effects.panel import Setting
from clusteratlas.programmes.effects.plan import Comparison
from clusteratlas.programmes.effects.records import (
    Check,
    Estimator,
    LeaveOneOut,
    Sensitivity,
    Verdict,
)
from clusteratlas.programmes.effects.study import Outcome, Study

MULTIPLES: Final = (0.25, 0.5, 1.0, 2.0)
MOST_LEFT_OUT: Final = 200
"""Treated assignments up to which each is left out in turn."""

TWO_WAYS: Final = (Estimator.two_way, Estimator.triple_two_way)


def agreement(answers: Sequence[Answer], study: Study, outcome: Outcome, starts: int) -> Check:
    """Whether the estimators say the same.

    Fails where the two that allow effects to differ and grow have intervals that do not meet.
    Two-way fixed effects may be off where treatment starts at several times: it is told, no more.
    """
    told = [each for each in answers if WHOLE in each.keys]
    if len(told) < 2:
        return Check("agreement", Verdict.not_possible, outcome.column)
    level = study.choices.level
    spans = {each.estimator: each.found.interval(0, level) for each in told}
    values = {each.estimator: float(each.found.values[0]) for each in told}
    headline = told[0].estimator
    robust = [each.estimator for each in told[1:] if each.estimator not in TWO_WAYS]
    apart = [each for each in robust if not _meet(spans[headline], spans[each])]
    low, high = spans[headline]
    outside = [each for each in spans if not low <= values[each] <= high]
    verdict = Verdict.warned if outside else Verdict.passed
    verdict = Verdict.failed if apart else verdict
    named = apart or outside
    return Check(
        "agreement",
        verdict,
        outcome.column,
        parameters={"differing": tuple(each.value for each in named), "starts": starts},
    )


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def leave_one_out(comparison: Comparison, setting: Setting, headline: Answer) -> LeaveOneOut | None:
    """Return the range of the effect without each treated assignment in turn.

    Definition
    ----------
    Each treated unit's mean change over its years in the window, less that of its
    controls; the mean of these over all treated units but one assignment's, years counting alike.
    ``None`` where there are more than 200 assignments: no single one can matter.
    """
    layout, moments = comparison.layout, comparison.moments
    if comparison.plan.treated_assignments > MOST_LEFT_OUT:
        return None
    sums, years, groups = [], [], []
    spots = contrasts.group_time(layout)
    for cell in layout.treated:
        mine = {since: made for (where, since), made in spots.items() if where == cell}
        if not mine:
            continue
        unit = comparison.cells[cell]
        total = np.zeros(len(unit.members))
        for contrast in mine.values():
            others = contrast.copy()
            others[cell] = 0.0
            total += unit.values @ contrast[cell] + float((others * moments.means).sum())
        sums.append(total)
        years.append(np.full(len(total), float(len(mine))))
        groups.append(comparison.plan.assignment[unit.members])
    total, count, group = map(np.concatenate, (sums, years, groups))
    codes, place = np.unique(group, return_inverse=True)
    if len(codes) < 2:
        return None
    without = (total.sum() - np.bincount(place, total)) / (count.sum() - np.bincount(place, count))
    value = total.sum() / count.sum()
    most = int(np.abs(without - value).argmax())
    holders = np.flatnonzero(comparison.plan.assignment == codes[most])
    name = str(setting.panel.units[np.intersect1d(holders, comparison.plan.treated)[0]])
    if "cluster" in setting.panel.attributes and len(holders) > 1:
        name = str(setting.panel.attributes["cluster"][holders[0]])
    return LeaveOneOut(
        headline.estimator, float(without.min()), float(without.max()), name, float(without[most])
    )


def influence(kept: LeaveOneOut | None, headline: Answer, outcome: Outcome) -> Check | None:
    """Whether one treated assignment alone decides the sign."""
    if kept is None:
        return None
    value = float(headline.found.values[0])
    turned = (kept.low < 0 < kept.high) or kept.low * value < 0
    return Check(
        "influence",
        Verdict.warned if turned else Verdict.passed,
        outcome.column,
        units=(kept.most_influential,),
    )


def sensitivity(comparison: Comparison, study: Study, headline: Answer) -> Sensitivity | None:
    """Return how wrong the comparison may be before the sign of the effect is open.

    Definition
    ----------
    Trends may part in each year after the start by M times the greatest change from
    one year to the next seen before it. Then the effect of year h is off by at most M x worst x h,
    and its mean over the window by the mean of these. The breakdown is the M at which the interval,
    widened by that, reaches zero.

    Source
    ------
    Rambachan and Roth (2023), A More Credible Approach to Parallel Trends, relative magnitudes;
    here the plain bound added to the interval, which is wider than theirs.
    """
    layout = comparison.layout
    made = contrasts.by_time(layout, contrasts.leads(layout))
    if not made or WHOLE not in headline.keys:
        return None
    path = np.append(found(comparison.moments, made).values, 0.0)
    worst = float(np.abs(np.diff(path)).max())
    spots = contrasts.group_time(layout)
    weights = np.array([layout.sizes[cell] for cell, _ in spots])
    reach = float(weights @ np.array([since + 1.0 for _, since in spots]) / weights.sum())
    reach += layout.anticipation
    low, high = headline.found.interval(0, study.choices.level)
    spare = max(low, -high, 0.0)
    breakdown = spare / (worst * reach) if worst > 0 else None
    return Sensitivity(
        headline.estimator,
        study.choices.window,
        worst,
        breakdown,
        tuple(
            (each, low - each * worst * reach, high + each * worst * reach) for each in MULTIPLES
        ),
    )
