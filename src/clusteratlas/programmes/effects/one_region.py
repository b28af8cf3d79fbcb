"""From a setting with one treated unit to the panel of a synthetic control."""

from __future__ import annotations

import numpy as np

from clusteratlas.programmes.effects.panel import Flags, Floats, Setting
from clusteratlas.programmes.effects.records import OutcomeFindings
from clusteratlas.programmes.effects.study import Outcome, Study
from clusteratlas.programmes.effects.synthetic import RegionPanel, synthetic_findings
from clusteratlas.programmes.effects.synthetic_records import Predictor
from clusteratlas.tables import Fault, InvalidInput


def one_region(setting: Setting, study: Study, outcome: Outcome, kept: Flags) -> OutcomeFindings:
    """Return the findings on the one treated unit, against a mix of untreated ones.

    The mix is made by the predictors of the study; without any, by the outcome's own path.

    Raises
    ------
    InvalidInput
        If not exactly one unit is treated, its outcome has gaps, or a predictor has no figure.
    """
    return synthetic_findings(_panel(setting, study, outcome, kept), outcome, study.choices)


def _panel(setting: Setting, study: Study, outcome: Outcome, kept: Flags) -> RegionPanel:
    panel = setting.panel
    treated = np.flatnonzero(setting.treated)
    if len(treated) != 1:
        raise InvalidInput(
            [
                Fault(
                    "a synthetic control is of one treated unit",
                    value=f"{len(treated)} are treated",
                    hint="add the treated regions up to one, or choose another design",
                )
            ]
        )
    one = int(treated[0])
    if not kept[one]:
        raise InvalidInput(
            [
                Fault(
                    f"the treated unit {panel.units[one]} has periods without {outcome.column}",
                    column=outcome.column,
                    hint="complete its row, or begin the panel later",
                )
            ]
        )
    donors = np.flatnonzero(setting.untreated & kept)
    before = panel.place(int(setting.start[one])) - study.choices.anticipation
    first = study.choices.fit_from
    skipped = max(0, panel.place(first)) if first is not None else 0
    values = panel.outcomes[outcome.column][:, skipped:]
    predictors = study.predictors
    units = np.append(one, donors)
    table = _predictors(setting, predictors, units, before)
    return RegionPanel(
        str(panel.units[one]),
        tuple(map(str, panel.units[donors])),
        tuple(int(each) for each in panel.periods[skipped:]),
        values[one],
        values[donors].T.copy(),
        max(0, before - skipped),
        tuple(each.column for each in predictors),
        table[:, 0],
        table[:, 1:],
    )


def _predictors(
    setting: Setting, predictors: tuple[Predictor, ...], units: np.ndarray, before: int
) -> Floats:
    """Means of the predictors, K x (1 + J)."""
    panel = setting.panel
    rows = []
    faults = []
    for each in predictors:
        if each.column not in panel.covariates:
            faults.append(Fault("a predictor does not hold numbers", column=each.column))
            continue
        values = panel.covariates[each.column][units]
        first = panel.place(each.first) if each.first is not None else 0
        last = panel.place(each.last) + 1 if each.last is not None else before
        if last > before:
            faults.append(
                Fault(
                    f"the predictor {each.column} reaches into the programme",
                    column=each.column,
                    value=str(each.last),
                    hint=f"end it in {panel.periods[before] - 1} or before",
                )
            )
        part = values[:, max(first, 0) : max(last, 0)]
        given = np.isfinite(part)
        for unit in units[~given.any(axis=1)]:
            faults.append(
                Fault(
                    f"unit {panel.units[unit]} has no {each.column} in the periods asked for",
                    column=each.column,
                    hint="leave the unit or the predictor out, or ask for other periods",
                )
            )
        rows.append(np.where(given, part, 0.0).sum(axis=1) / np.maximum(given.sum(axis=1), 1))
    if faults:
        raise InvalidInput(faults)
    return np.array(rows).reshape(len(predictors), len(units))
