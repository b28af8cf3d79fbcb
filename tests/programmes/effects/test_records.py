"""Records of an evaluation survive JSON, and what is no record is told with every fault."""

import json

import pytest

from clusteratlas.programmes.effects import (
    Check,
    Choices,
    Columns,
    CostPerUnit,
    Costs,
    DataFacts,
    Design,
    EffectReport,
    Estimate,
    Estimator,
    EventPoint,
    Group,
    Outcome,
    OutcomeFindings,
    Reason,
    Scale,
    Sensitivity,
    Stage,
    Study,
    Verdict,
)
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import InvalidInput

JOBS = Outcome("jobs", Stage.business, "jobs")
SALES = Outcome("sales", unit="EUR", scale=Scale.log, money=True, price_base=2020, name="Sales")
STUDY = Study(
    Design.spillover,
    (JOBS, SALES),
    Columns(covariates=("age", "size"), region="region"),
    Choices(window=3, randomised="lottery of 2019, by its notary"),
    Costs("EUR", 2020, 1e6),
)
EFFECT = Estimate(
    Estimator.group_time, "sales", Stage.business, Group.direct, None,
    0.1, 0.05, 0.15, 0.025, 0.001, 0.95, 40, 160, "EUR", Scale.log, headline=True,
)  # fmt: skip


def report() -> EffectReport:
    checked = Check(
        "pre_trend", Verdict.failed, "jobs", 0.001, 0.01, {"n": 3, "w": ("a", "b")}, ("f1",)
    )
    why = Reason("pre_trend", {"p": 0.001}, ("match",))
    refused = OutcomeFindings(JOBS, True, (why,), (checked,))
    point = EventPoint(
        Estimator.group_time, "sales", Group.direct, -1,
        0.0, -0.1, 0.1, -0.2, 0.2, 0.05, 40, 160, Scale.log,
    )  # fmt: skip
    cost = CostPerUnit(
        "sales", 3, 1e6, "EUR", 2020, 5.0, -1.0, 9.0, 2e5, 1.1e5, None, False, "EUR", 0.95, 40
    )
    told = OutcomeFindings(
        SALES,
        refused=False,
        estimates=(EFFECT,),
        events=(point,),
        cost=cost,
        grade=EvidenceGrade.A,
        sensitivity=Sensitivity(Estimator.group_time, 3, 0.01, 1.5, ((0.5, 0.01, 0.2),)),
    )
    data = DataFacts(2000, 200, 2010, 2019, 10, 40, 160, starts={"2015": 40}, source="made up")
    return EffectReport(STUDY, data, outcomes=(refused, told))


def test_a_report_survives_json_and_answers_for_itself():
    written = json.dumps(report().to_dict(), allow_nan=False)
    again = EffectReport.from_dict(json.loads(written))
    assert json.dumps(again.to_dict()) == written
    assert not again.refused
    assert again.reasons == (Reason("pre_trend", {"p": 0.001}, ("match",)),)
    assert again.grade is EvidenceGrade.A
    assert again.of("jobs").effect() is None
    effect = again.of("sales").effect()
    assert effect is not None
    assert effect.percent == pytest.approx((10.517, 5.127, 16.183), abs=1e-3)
    assert again.all_checks[0].parameters == {"n": 3, "w": ("a", "b")}


def test_what_is_no_report_is_told_with_every_fault():
    broken = report().to_dict()
    broken["study"]["design"] = "guess"
    broken["data"]["rows"] = "many"
    with pytest.raises(InvalidInput) as caught:
        EffectReport.from_dict(broken)
    assert {fault.column for fault in caught.value.faults} == {"study.design", "data.rows"}
