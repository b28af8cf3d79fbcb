"""Bring panel and treated list together, and tell everything that does not fit at once."""

from __future__ import annotations

import numpy as np

from clusteratlas.programmes.effects.columns import Faults
from clusteratlas.programmes.effects.panel import Panel, Setting, TreatedList
from clusteratlas.programmes.effects.study import Design, Role, Study
from clusteratlas.tables import Fault


def assemble(panel: Panel, treated: TreatedList, study: Study) -> Setting:
    """Return the panel with what happened to each unit, or every fault of the two together.

    Raises
    ------
    InvalidInput
        With every fault, by unit and period: listed units that the panel does not have, starts
        after its last period, periods without a row or a figure (unless the balanced part is
        asked for), nobody treated, no losers in a contest, a design without the columns it needs.
    """
    faults = Faults()
    count = len(panel.units)
    start = np.zeros(count, dtype=np.int64)
    flags = {role: np.zeros(count, dtype=bool) for role in Role}
    cost = np.full(count, np.nan)
    places = {str(name): place for place, name in enumerate(panel.units)}
    last = int(panel.periods[-1])
    for name, begun, role, paid in zip(
        treated.units, treated.starts, treated.roles, treated.costs, strict=True
    ):
        place = places.get(str(name))
        if place is None:
            faults.add(
                Fault(
                    f"unit {name} of the treated list is not in the panel",
                    column=study.columns.unit,
                    value=str(int(begun)) if begun else "",
                    hint="write the unit as in the panel, or leave it out of the list",
                )
            )
            continue
        if begun > last:
            faults.add(
                Fault(
                    f"unit {name} starts after the panel's last period {last}",
                    column="from",
                    value=str(int(begun)),
                    hint="take a longer panel, or leave the unit out: it is then a control",
                )
            )
        start[place], flags[role][place], cost[place] = begun, True, paid
    setting = Setting(
        panel, start, flags[Role.treated], flags[Role.spillover], flags[Role.lost], cost
    )
    _check_roles(setting, study, faults)
    _check_columns(panel, study, faults)
    if not study.choices.keep_balanced:
        _check_gaps(setting, study, faults)
    faults.raise_any()
    return setting


def _check_roles(setting: Setting, study: Study, faults: Faults) -> None:
    if not setting.treated.any():
        faults.add(
            Fault(
                "no unit of the panel is treated", hint="list units with role treated and a start"
            )
        )
    if study.design is Design.contest and not setting.lost.any():
        faults.add(
            Fault(
                "a contest needs those who lost",
                column="role",
                hint="list applicants that were not funded with role lost",
            )
        )
    if study.design is Design.spillover and not setting.exposed.any():
        faults.add(
            Fault(
                "a design with spillovers needs exposed units",
                column="role",
                hint="list untreated neighbours with role spillover and the period of exposure",
            )
        )


def _check_columns(panel: Panel, study: Study, faults: Faults) -> None:
    if study.design is Design.triple:
        for needed in ("region", "industry"):
            if needed not in panel.attributes:
                faults.add(
                    Fault(
                        f"a triple difference needs the {needed} of each unit",
                        hint=f"say which column of the panel holds the {needed}",
                    )
                )
    if study.design is Design.matched and not (panel.covariates or study.choices.alike_in):
        faults.add(
            Fault(
                "matching needs something to match on",
                hint="name columns of how units were before, or match on the outcome's own past",
            )
        )
    if not study.choices.window >= 1:
        faults.add(
            Fault(
                "the window is shorter than a year", value=str(study.choices.window), hint="say 4"
            )
        )
    if not 0.5 <= study.choices.level < 1.0:
        faults.add(
            Fault(
                "an interval covers 0.5 to 0.999", value=str(study.choices.level), hint="say 0.95"
            )
        )


def _check_gaps(setting: Setting, study: Study, faults: Faults) -> None:
    """Name every unit and period without a row or a figure."""
    panel = setting.panel
    hint = "complete the panel, or choose to keep only units with every period"
    for unit, place in zip(*np.nonzero(~panel.present), strict=True):
        faults.add(
            Fault(
                f"unit {panel.units[unit]} has no row for {panel.periods[place]}",
                column=study.columns.period,
                hint=hint,
            )
        )
    columns = {each.column: panel.outcomes[each.column] for each in study.outcomes}
    covariates = {} if study.design is Design.synthetic else dict(panel.covariates)
    asked = setting.before_starts(study.choices.anticipation)
    for name, values in (columns | covariates).items():
        lacks = panel.present & np.isnan(values)
        if name not in columns:
            lacks = lacks & asked
        for unit, place in zip(*np.nonzero(lacks), strict=True):
            period = int(panel.periods[place])
            begun = setting.treated[unit] and period >= setting.start[unit]
            faults.add(
                Fault(
                    f"unit {panel.units[unit]} has no {name} in {period}"
                    + (", after its treatment began" if begun and name in columns else ""),
                    column=name,
                    hint=hint,
                )
            )
