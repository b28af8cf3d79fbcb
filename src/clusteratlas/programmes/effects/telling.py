"""Estimates, event studies, descriptions and facts of the data as records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clusteratlas import __version__
from clusteratlas.programmes.effects import contrasts
from clusteratlas.programmes.effects.estimators import WHOLE, Answer
from clusteratlas.programmes.effects.inference import band_factor, found
from clusteratlas.programmes.effects.panel import Flags, Floats, Setting, TreatedList
from clusteratlas.programmes.effects.plan import Comparison, Plan, assignment_of
from clusteratlas.programmes.effects.records import (
    DataFacts,
    Difference,
    Estimate,
    EventPoint,
    Group,
    GroupTime,
)
from clusteratlas.programmes.effects.study import Outcome, Study


def estimates_of(
    made: Sequence[Answer], comparison: Comparison, study: Study, outcome: Outcome, group: Group
) -> list[Estimate]:
    """Return the estimates of all estimators, the first being the headline."""
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


def events_of(
    comparison: Comparison, study: Study, outcome: Outcome, headline: Answer
) -> tuple[EventPoint, ...]:
    """Return the event study of the headline, with bands over all of its points."""
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


def group_times_of(
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


def difference_of(
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


def facts_of(
    setting: Setting, listing: TreatedList, plan: Plan, study: Study, kept: Flags
) -> DataFacts:
    """Return what the answer was computed from."""
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
