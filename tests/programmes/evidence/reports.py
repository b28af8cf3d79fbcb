"""Reports of effects that tests of the library and of returns start from."""

from __future__ import annotations

from clusteratlas.programmes.effects.records import (
    DataFacts,
    EffectReport,
    Estimate,
    Estimator,
    Group,
    OutcomeFindings,
    Reason,
)
from clusteratlas.programmes.effects.study import Design, Outcome, Scale, Stage, Study
from clusteratlas.programmes.grades import EvidenceGrade


def report(
    value: float = 0.06,
    error: float = 0.02,
    *,
    scale: Scale = Scale.log,
    refused: bool = False,
    money: bool = True,
) -> EffectReport:
    """A report of one outcome, told or refused."""
    outcome = Outcome("rd", Stage.intermediate, "EUR" if money else "jobs", scale, money)
    told = Estimate(
        *(Estimator.group_time, "rd", Stage.intermediate, Group.direct, None, value),
        *(value - 1.96 * error, value + 1.96 * error, error, 0.01, 0.95, 40, 200, "EUR", scale),
        headline=True,
    )
    findings = OutcomeFindings(
        outcome,
        refused,
        reasons=(Reason("pre_trends"),) if refused else (),
        estimates=() if refused else (told,),
        grade=None if refused else EvidenceGrade.B,
    )
    study = Study(Design.matched, outcomes=(outcome,))
    data = DataFacts(2400, 240, 2010, 2019, 10, 40, 200)
    return EffectReport(study, data, outcomes=(findings,))
