"""Who is compared with whom: the design as lists of units with weights, before any outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from clusteratlas.programmes.effects.cells import Cell, Moments, moments_of, plain_cell
from clusteratlas.programmes.effects.contrasts import Layout, first_half, layout_of
from clusteratlas.programmes.effects.matching import Matches, balance, logit_of_propensity, match
from clusteratlas.programmes.effects.panel import NEVER, Flags, Floats, Ints, Panel, Setting
from clusteratlas.programmes.effects.records import Balance, Group
from clusteratlas.programmes.effects.study import Design, Study
from clusteratlas.programmes.effects.third_difference import foretell


@dataclass(frozen=True)
class Side:
    """Units of one cell to be, with their weights; see ``cells.Cell``."""

    stack: int
    start: int
    members: Ints
    weights: Floats
    size: float


@dataclass(frozen=True)
class Plan:
    """A design laid out over the units of a setting.

    Attributes
    ----------
    group
        Whose effect it is about.
    sides
        Of all cells.
    treated, controls
        Units in use.
    assignment
        Code of the independent assignment of each unit of the panel; length n.
    features
        What is known of units before treatment, n x k; k = 0 without covariates.
    asked, pool
        Units that are treated, and those they could be compared with, before any matching.
    unmatched
        Treated units without a like.
    balance
        Of covariates before and after matching.
    effective_controls
        Controls of alike weight that would be as precise.
    """

    group: Group
    sides: tuple[Side, ...]
    treated: Ints
    controls: Ints
    assignment: Ints
    features: Floats
    asked: Ints
    pool: Ints
    unmatched: Ints
    balance: tuple[Balance, ...]
    effective_controls: float

    @property
    def treated_assignments(self) -> int:
        """Independent assignments that hold treated units."""
        return len(np.unique(self.assignment[self.asked]))

    @property
    def control_assignments(self) -> int:
        """Independent assignments that hold units they could be compared with."""
        return len(np.unique(self.assignment[self.pool]))


@dataclass(frozen=True)
class Comparison:
    """A plan filled with one outcome."""

    plan: Plan
    moments: Moments
    layout: Layout

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that are compared."""
        return self.moments.cells


def plan_of(
    setting: Setting,
    study: Study,
    kept: Flags,
    group: Group = Group.direct,
    outcomes: Floats | None = None,
) -> Plan:
    """Return who is compared with whom.

    Parameters
    ----------
    setting
        Panel and roles.
    study
        Its design and choices.
    kept
        Units that may be used; length n.
    group
        ``direct`` for treated units, ``spillover`` for exposed ones.
    outcomes
        What units are to be alike in besides covariates, where the study asks for that.

    Returns
    -------
    Plan
        With no controls where nobody is left to compare with.
    """
    panel = setting.panel
    begins = setting.start - panel.periods[0]
    wanted = setting.treated if group is Group.direct else setting.exposed
    treated = wanted & kept & (begins > study.choices.anticipation)
    controls = (setting.untreated | setting.lost) & kept
    if study.design is Design.contest:
        controls = setting.lost & kept
    assignment = assignment_of(panel, study)
    if study.design is Design.matched:
        made = _matched(setting, study, treated, controls, assignment, group, outcomes)
    elif study.design is Design.triple:
        made = _triple(setting, treated, controls, assignment, group)
    else:
        made = _unmatched(setting, study, treated, controls, assignment, group)
    return replace(made, asked=np.flatnonzero(wanted & kept))


def _unmatched(
    setting: Setting,
    study: Study,
    treated: Flags,
    controls: Flags,
    assignment: Ints,
    group: Group,
) -> Plan:
    sides = _by_start(setting, study, treated, controls)
    everyone = np.flatnonzero(controls)
    return Plan(
        group,
        sides,
        np.flatnonzero(treated),
        everyone,
        assignment,
        features_before(setting, study, None),
        everyone,
        everyone,
        np.zeros(0, dtype=np.int64),
        (),
        float(len(everyone)),
    )


def assignment_of(panel: Panel, study: Study) -> Ints:
    """Return the code of the independent assignment of each unit.

    The column ``cluster`` where there is one; the region in designs that treat regions; else the
    unit itself.
    """
    of_regions = study.design in (Design.triple, Design.spillover)
    for name in ("cluster", "region") if of_regions else ("cluster",):
        if name in panel.attributes:
            return np.unique(panel.attributes[name], return_inverse=True)[1].astype(np.int64)
    return np.arange(len(panel.units))


def features_before(setting: Setting, study: Study, start: int | None) -> Floats:
    """Return covariates in the last untouched period, n x k.

    That before ``start``; of each unit's own start where ``None``, and before the first start for
    units that have none.
    """
    panel = setting.panel
    if not panel.covariates:
        return np.zeros((len(panel.units), 0))
    began = setting.start[setting.treated]
    first = int(began.min()) if len(began) else int(panel.periods[-1])
    starts = np.where(setting.start == NEVER, first, setting.start) if start is None else start
    places = np.clip(
        starts - 1 - study.choices.anticipation - panel.periods[0], 0, len(panel.periods) - 1
    )
    rows = np.arange(len(panel.units))
    return np.column_stack([values[rows, places] for values in panel.covariates.values()])


def fill(plan: Plan, setting: Setting, study: Study, outcomes: Floats) -> Comparison | None:
    """Return the plan with an outcome; ``None`` where nobody is left to compare.

    Covariates enter as a regression of controls' outcomes, period by period: what it foretells is
    taken from treated and controls alike, so that differences left after matching do no harm.
    """
    if not len(plan.treated) or not plan.sides:
        return None
    if study.design is Design.triple:
        cells = _third(plan, setting, outcomes)
    else:
        cells = [_filled(plan, side, outcomes) for side in plan.sides]
    layout = layout_of(
        cells,
        setting.panel.periods,
        window=study.choices.window,
        anticipation=study.choices.anticipation,
        controls="never" if study.design is not Design.staggered else study.choices.controls,
        halved=is_alike_in_outcome(study),
    )
    if not any(layout.controls(cell, int(layout.starts[cell])) for cell in layout.treated):
        return None
    return Comparison(plan, moments_of(cells, plan.assignment), layout)


def _by_start(setting: Setting, study: Study, treated: Flags, controls: Flags) -> tuple[Side, ...]:
    """Cells by start; in a contest with rounds, each with its own losers."""
    sides = []
    rounds = study.design is Design.contest and bool((setting.start[controls] != NEVER).any())
    for stack, start in enumerate(np.unique(setting.start[treated])):
        mine = np.flatnonzero(treated & (setting.start == start))
        sides.append(_alike(stack if rounds else 0, int(start), mine))
        own = controls & (setting.start == start)
        if rounds:
            losers = own if own.any() else controls
            sides.append(_alike(stack, NEVER, np.flatnonzero(losers)))
    if not rounds and controls.any():
        sides.append(_alike(0, NEVER, np.flatnonzero(controls)))
    return tuple(sides)


def _alike(stack: int, start: int, members: Ints) -> Side:
    count = len(members)
    return Side(stack, start, members, np.full(count, 1.0 / max(count, 1)), float(count))


def _matched(
    setting: Setting,
    study: Study,
    treated: Flags,
    controls: Flags,
    assignment: Ints,
    group: Group,
    outcomes: Floats | None,
) -> Plan:
    sides: list[Side] = []
    unmatched: list[Ints] = []
    used: list[Ints] = []
    matched: list[Ints] = []
    rows: list[tuple[int, tuple[Balance, ...]]] = []
    total = np.zeros(len(treated))
    names = list(setting.panel.covariates)
    if outcomes is not None:
        names += _OF_OUTCOME[study.choices.alike_in]
    for stack, start in enumerate(np.unique(setting.start[treated])):
        mine = treated & (setting.start == start)
        pool = np.flatnonzero(mine | controls)
        if not controls.any():
            matched.append(np.flatnonzero(mine))
            continue
        features = features_before(setting, study, int(start))[pool]
        if outcomes is not None:
            half = first_half(setting.panel.place(int(start)) - 1 - study.choices.anticipation)
            past = _past(outcomes[pool, :half], study.choices.alike_in)
            features = np.column_stack([features, past])
        inside = mine[pool]
        made = match(logit_of_propensity(features, inside), inside, study.choices.caliper)
        rows.append((int(inside.sum()), balance(names, features, inside, made)))
        unmatched.append(pool[made.unmatched])
        if not len(made.kept):
            continue
        matched.append(pool[made.kept])
        used.append(pool[made.controls])
        total[used[-1]] += made.weights * len(made.kept)
        sides.append(_alike(stack, int(start), pool[made.kept]))
        sides.append(_weighted(stack, pool, made))
    spread = total[total > 0]
    none = np.zeros(0, dtype=np.int64)
    return Plan(
        group,
        tuple(sides),
        np.concatenate(matched) if matched else none,
        np.unique(np.concatenate(used)) if used else none,
        assignment,
        features_before(setting, study, None),
        none,
        np.flatnonzero(controls),
        np.concatenate(unmatched) if unmatched else none,
        _pooled(rows),
        float(spread.sum() ** 2 / (spread**2).sum()) if len(spread) else 0.0,
    )


_OF_OUTCOME: Final[dict[str, list[str]]] = {
    "": [],
    "level": ["level before"],
    "trend": ["level before", "trend before"],
}


def is_alike_in_outcome(study: Study) -> bool:
    """Whether units are matched on the outcome's own past."""
    return study.design is Design.matched and bool(study.choices.alike_in)


def _past(outcomes: Floats, alike_in: str) -> Floats:
    """Mean, and where asked for slope, of outcomes over their periods; n x 0 to 2."""
    span = outcomes.shape[1]
    if not alike_in or not span:
        return np.zeros((len(outcomes), 0 if not alike_in else 1 + (alike_in == "trend")))
    level: Floats = np.asarray(outcomes.mean(axis=1), dtype=np.float64)
    if alike_in == "level":
        return level[:, None]
    time = np.arange(span) - (span - 1) / 2
    slope = outcomes @ time / max(float((time**2).sum()), 1.0)
    both: Floats = np.column_stack([level, slope])
    return both


def _weighted(stack: int, pool: Ints, made: Matches) -> Side:
    return Side(stack, NEVER, pool[made.controls], made.weights, float(len(made.kept)))


def _pooled(rows: list[tuple[int, tuple[Balance, ...]]]) -> tuple[Balance, ...]:
    """Balance over all starts, each weighing by its treated units."""
    if not rows:
        return ()
    weights = np.array([count for count, _ in rows], dtype=float)
    weights /= weights.sum()
    pooled = []
    for each in zip(*(table for _, table in rows), strict=True):
        numbers = np.array(
            [
                [
                    row.treated,
                    row.controls_before,
                    row.controls_after,
                    row.difference_before,
                    row.difference_after,
                ]
                for row in each
            ]
        )
        mean = [float(value) for value in weights @ numbers]
        pooled.append(Balance(each[0].covariate, mean[0], mean[1], mean[2], mean[3], mean[4]))
    return tuple(pooled)


def _triple(
    setting: Setting, treated: Flags, controls: Flags, assignment: Ints, group: Group
) -> Plan:
    panel = setting.panel
    region = np.unique(panel.attributes["region"], return_inverse=True)[1]
    industry = np.unique(panel.attributes["industry"], return_inverse=True)[1]
    sides: list[Side] = []
    kept: list[Ints] = []
    without: list[Ints] = []
    used = np.flatnonzero(controls)
    effective = 0.0
    for stack, start in enumerate(np.unique(setting.start[treated])):
        mine = np.flatnonzero(treated & (setting.start == start))
        if not len(used):
            kept.append(mine)
            continue
        made = foretell(np.zeros((len(treated), 1)), mine, used, region, industry)
        without.append(made.without)
        if not len(made.treated):
            continue
        kept.append(made.treated)
        sides.append(_alike(stack, int(start), made.treated))
        sides.append(Side(stack, NEVER, used, made.weights, float(len(made.treated))))
        effective += float(1.0 / (made.weights**2).sum())
    none = np.zeros(0, dtype=np.int64)
    return Plan(
        group,
        tuple(sides),
        np.concatenate(kept) if kept else none,
        used,
        assignment,
        np.zeros((len(treated), 0)),
        none,
        used,
        np.concatenate(without) if without else none,
        (),
        effective,
    )


def _third(plan: Plan, setting: Setting, outcomes: Floats) -> list[Cell]:
    """Cells of a triple difference: what region and industry foretell is taken off."""
    panel = setting.panel
    region = np.unique(panel.attributes["region"], return_inverse=True)[1]
    industry = np.unique(panel.attributes["industry"], return_inverse=True)[1]
    cells = []
    for treated, others in zip(plan.sides[::2], plan.sides[1::2], strict=True):
        made = foretell(outcomes, treated.members, others.members, region, industry)
        cells.append(plain_cell(treated.stack, treated.start, made.treated, made.left_over))
        cells.append(
            Cell(
                others.stack,
                NEVER,
                made.controls,
                made.weights,
                others.size,
                made.errors,
                made.errors,
            )
        )
    return cells


def _filled(plan: Plan, side: Side, outcomes: Floats) -> Cell:
    values = outcomes[side.members]
    if plan.features.shape[1]:
        others = [each for each in plan.sides if each.stack == side.stack and each.start == NEVER]
        if others:
            values = values - _foretold(plan.features, side, others[0], outcomes)
    return Cell(
        side.stack,
        side.start,
        side.members,
        side.weights,
        side.size,
        values,
        values - side.weights @ values,
    )


def _foretold(features: Floats, side: Side, others: Side, outcomes: Floats) -> Floats:
    """What covariates foretell of outcomes, by a regression among controls, period by period."""
    inside = features[others.members]
    middle = others.weights @ inside
    root = np.sqrt(np.clip(others.weights, 0.0, None))[:, None]
    left = outcomes[others.members] - others.weights @ outcomes[others.members]
    slopes = np.linalg.lstsq(root * (inside - middle), root * left)[0]
    told: Floats = (features[side.members] - middle) @ slopes
    return told
