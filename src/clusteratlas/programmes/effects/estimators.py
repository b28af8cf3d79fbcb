"""The estimators of each design, side by side, on one comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.programmes.effects import contrasts
from clusteratlas.programmes.effects.inference import Found, found
from clusteratlas.programmes.effects.libraries import doubly_robust, triple_regression
from clusteratlas.programmes.effects.panel import NEVER, Flags, Floats, Ints, Setting
from clusteratlas.programmes.effects.plan import Comparison
from clusteratlas.programmes.effects.records import Estimator
from clusteratlas.programmes.effects.study import Design, Study

WHOLE: Final = -1
"""Key of the mean over the window; other keys are years since the start, from 0."""

HEADLINE: Final[Mapping[Design, Estimator]] = {
    Design.staggered: Estimator.group_time,
    Design.matched: Estimator.matched,
    Design.triple: Estimator.triple_group_time,
    Design.contest: Estimator.group_time,
    Design.spillover: Estimator.group_time,
}
"""The estimator that each design stands on."""


@dataclass(frozen=True)
class Answer:
    """What one estimator found: the whole window first, then year by year.

    ``keys`` are ``WHOLE`` and years since the start, in the order of ``found``.
    """

    estimator: Estimator
    keys: tuple[int, ...]
    found: Found


def answers(
    comparison: Comparison, setting: Setting, study: Study, outcomes: Floats
) -> tuple[Answer, ...]:
    """Return what the three estimators of the design found, the headline first."""
    if study.design is Design.matched:
        return (
            _linear(comparison, Estimator.matched),
            _doubly_robust(comparison, setting, study, outcomes),
            _two_way(comparison, Estimator.two_way),
        )
    if study.design is Design.triple:
        return (
            _linear(comparison, Estimator.triple_group_time),
            _imputed(comparison, Estimator.triple_imputation),
            _triple_two_way(comparison, setting, study, outcomes),
        )
    return (
        _linear(comparison, Estimator.group_time),
        _imputed(comparison, Estimator.imputation),
        _two_way(comparison, Estimator.two_way),
    )


def _answer(estimator: Estimator, comparison: Comparison, made: dict[int, Floats]) -> Answer:
    return Answer(estimator, tuple(made), found(comparison.moments, made))


def _linear(comparison: Comparison, estimator: Estimator) -> Answer:
    return _spotted(comparison, estimator, contrasts.group_time(comparison.layout))


def _imputed(comparison: Comparison, estimator: Estimator) -> Answer:
    return _spotted(comparison, estimator, contrasts.imputation(comparison.layout))


def _spotted(
    comparison: Comparison, estimator: Estimator, spots: dict[contrasts.Spot, Floats]
) -> Answer:
    layout = comparison.layout
    if not spots:
        return _answer(estimator, comparison, {})
    whole = {WHOLE: contrasts.average(layout, spots)}
    return _answer(estimator, comparison, whole | contrasts.by_time(layout, spots))


def _two_way(comparison: Comparison, estimator: Estimator) -> Answer:
    made = contrasts.two_way(comparison.layout, dynamic=False)
    if made:
        made |= contrasts.two_way(comparison.layout, dynamic=True)
    return _answer(estimator, comparison, made)


def _triple_two_way(
    comparison: Comparison, setting: Setting, study: Study, outcomes: Floats
) -> Answer:
    panel, plan = setting.panel, comparison.plan
    units = np.sort(np.concatenate([plan.treated, plan.controls]))
    start = np.where(np.isin(units, plan.treated), setting.start[units], NEVER)
    since = np.where((start != NEVER)[:, None], panel.periods[None, :] - start[:, None], -(10**6))
    window, ahead = study.choices.window, study.choices.anticipation
    used: Flags = (since < -ahead) | ((since >= 0) & (since < window))
    times = [time for time in range(window) if (since == time).any()]
    code = {
        name: np.unique(panel.attributes[name][units], return_inverse=True)[1]
        for name in ("region", "industry")
    }
    values, blocks = [], []
    for under in ([(since >= 0).astype(float)], [(since == time).astype(float) for time in times]):
        fitted = triple_regression(
            outcomes[units], under, code["region"], code["industry"], plan.assignment[units], used
        )
        values.append(fitted.values)
        blocks.append(fitted.covariance)
    covariance = np.zeros((len(times) + 1, len(times) + 1))
    covariance[:1, :1], covariance[1:, 1:] = blocks
    freedom = comparison.moments.freedom(
        contrasts.average(comparison.layout, contrasts.group_time(comparison.layout))
    )
    told = Found(np.concatenate(values), covariance, np.full(len(times) + 1, freedom))
    return Answer(Estimator.triple_two_way, (WHOLE, *times), told)


def _doubly_robust(
    comparison: Comparison, setting: Setting, study: Study, outcomes: Floats
) -> Answer:
    """Doubly robust group-time effects on the matched treated and all controls in reach."""
    plan, panel = comparison.plan, setting.panel
    controls = np.flatnonzero(
        (setting.untreated | setting.lost) & np.isfinite(outcomes).all(axis=1)
    )
    units = np.sort(np.concatenate([plan.treated, controls]))
    start = np.where(np.isin(units, plan.treated), setting.start[units], NEVER)
    made = doubly_robust(
        outcomes[units],
        plan.features[units],
        start,
        panel.periods,
        controls="never",
        anticipation=study.choices.anticipation,
    )
    size = {int(group): int((start == group).sum()) for group in np.unique(start)}
    rows: dict[int, Floats] = {}
    since = made.periods - made.groups
    for key in (WHOLE, *range(study.choices.window)):
        inside = (since == key) if key != WHOLE else (since >= 0) & (since < study.choices.window)
        if inside.any():
            weights = np.where(inside, [size[int(group)] for group in made.groups], 0.0)
            rows[key] = weights / weights.sum()
    mixed = np.array(list(rows.values()))
    told = scored(
        mixed @ made.values,
        made.influence @ mixed.T / len(units),
        start,
        plan.assignment[units],
    )
    return Answer(Estimator.group_time, tuple(rows), told)


def scored(values: Floats, scores: Floats, kind: Ints, assignment: Ints) -> Found:
    """Return estimates whose errors are sums of scores over independent assignments.

    Definition
    ----------
    sum over kinds of assignment of G / (G - 1) sum_c s_c s_c', where s_c adds the
    scores of all units of an assignment; degrees of freedom as Welch and Satterthwaite.

    Parameters
    ----------
    values
        Length K.
    scores
        n x K.
    kind
        Start of each unit; an assignment is of the greatest start it holds.
    assignment
        Codes; length n.
    """
    groups, place = np.unique(assignment, return_inverse=True)
    added = np.zeros((len(groups), scores.shape[1]))
    np.add.at(added, place, scores)
    latest = np.full(len(groups), np.iinfo(np.int64).min)
    np.maximum.at(latest, place, kind)
    covariance = np.zeros((scores.shape[1], scores.shape[1]))
    squares = np.zeros(scores.shape[1])
    for each in np.unique(latest):
        those = added[latest == each]
        part = those.T @ those * (len(those) / max(len(those) - 1, 1))
        covariance += part
        squares += np.diag(part) ** 2 / max(len(those) - 1, 1)
    total = np.diag(covariance) ** 2
    freedom = np.where(squares > 0, total / np.where(squares > 0, squares, 1.0), len(groups) - 1.0)
    return Found(values, covariance, freedom)
