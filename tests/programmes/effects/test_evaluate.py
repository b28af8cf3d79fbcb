"""Effects by hand, against published figures, on designs with a known truth, and refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.programmes.designs.broken import FAULTS
from tests.programmes.designs.records import Simulated
from tests.programmes.designs.sound import SOUND

from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Costs,
    Design,
    EffectReport,
    Estimator,
    Group,
    Outcome,
    Scale,
    Study,
    Verdict,
    check_only,
    evaluate,
    evaluating,
    synthetic,
    words,
)
from clusteratlas.programmes.effects.assembling import assemble
from clusteratlas.programmes.effects.libraries import doubly_robust
from clusteratlas.programmes.effects.plan import fill, plan_of
from clusteratlas.programmes.effects.reading import read_panel, read_treated
from clusteratlas.programmes.effects.words import CHECKS, HELPS, check_sentence, reading
from clusteratlas.programmes.grades import EvidenceGrade

SHARED = Path(__file__).parents[4] / "shared"
FIRST_TREATED = {"matched_with_exits": "matched"}


def study_of(made: Simulated, design: Design, **choices: object) -> Study:
    names = made.panel.column_names
    return Study(
        design,
        (Outcome("outcome", scale=Scale.logged),),
        Columns(
            "unit",
            "year",
            made.covariates,
            industry="industry" if "industry" in names else "",
            region="region" if "region" in names else "",
            cluster=made.cluster or "",
        ),
        Choices(keep_balanced=True, **choices),
    )


def listing(made: Simulated) -> pd.DataFrame:
    parts = [made.treated.to_pandas().assign(role="treated")]
    if made.exposed is not None:
        parts.append(made.exposed.to_pandas().assign(role="spillover"))
    if "applied" in made.panel.column_names:
        firms = made.panel.to_pandas().groupby("unit").first().reset_index()
        lost = firms[firms.applied & ~firms.unit.isin(parts[0].unit)]
        parts.append(pd.DataFrame({"unit": lost.unit, "start": lost["round"], "role": "lost"}))
    return pd.concat(parts, ignore_index=True)


def answer(made: Simulated, **choices: object) -> EffectReport:
    design = Design(FIRST_TREATED.get(made.design, made.design))
    if design is Design.spillover and made.exposed is None:
        design = Design.staggered
    return evaluate(study_of(made, design, **choices), made.panel, listing(made))


def truth(made: Simulated, window: int = 4) -> float:
    seen = {(c, y): e for (c, y), e in made.truth.effects.items() if y - c < window}
    weights = [made.truth.sizes[cohort] for cohort, _ in seen]
    return float(np.average(list(seen.values()), weights=weights))


def test_two_groups_and_two_years_by_hand_and_what_a_unit_cost():
    """Treated go from 10 to 15, others from 20 to 22: 3 are the programme's, 5 x 3 in all."""
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 0.01, (16, 3))
    noise -= noise.mean(axis=0)
    noise[:5] -= noise[:5].mean(axis=0)
    noise[5:] -= noise[5:].mean(axis=0)
    jobs = np.where(np.arange(16)[:, None] < 5, [10.0, 10.0, 15.0], [20.0, 20.0, 22.0]) + noise
    panel = {
        "unit": np.repeat(np.arange(16), 3),
        "period": np.tile([2014, 2015, 2016], 16),
        "jobs": jobs.ravel(),
    }
    treated = {"unit": np.arange(5), "from": np.full(5, 2016), "cost": np.full(5, 6.0)}
    study = Study(
        Design.staggered,
        (Outcome("jobs", unit="jobs"),),
        choices=Choices(window=1),
        costs=Costs("EUR", 2020),
    )
    report = evaluate(study, panel, treated)
    findings = report.of("jobs")
    assert [each.value for each in findings.estimates] == pytest.approx([3.0] * 6)
    assert findings.cost is not None
    assert findings.cost.value == pytest.approx(30 / 15)
    assert findings.cost.bounded
    assert findings.effect(1).treated == 5
    assert report.grade is EvidenceGrade.B
    lottery = Study(
        Design.staggered,
        study.outcomes,
        choices=Choices(window=1, randomised="drawn before a notary"),
    )
    assert evaluate(lottery, panel, {k: treated[k] for k in ("unit", "from")}).grade == "A"
    assert (
        evaluate(lottery, pd.DataFrame(panel), pd.DataFrame(treated)[["unit", "from"]]).refused
        is False
    )


@pytest.mark.shared
def test_the_standard_staggered_panel_is_reproduced_to_four_decimals():
    """All twelve group-time effects, their aggregates, two-way fixed effects, and the libraries."""
    source = SHARED / "data" / "evaluation" / "mpdta.csv"
    if not source.exists():
        pytest.skip("the standard staggered panel (../shared/data/evaluation) is not here")
    oracles = {
        each["id"]: each["expected"]
        for each in json.loads((SHARED / "oracles" / "worked-examples.json").read_text())
    }
    wide = pd.read_csv(source)
    first = wide.groupby("countyreal")["first.treat"].first()
    first = first[first > 0]
    study = Study(
        Design.staggered,
        (Outcome("lemp", scale=Scale.logged),),
        Columns("countyreal", "year"),
        Choices(window=4, controls="never"),
    )
    treated = {"unit": first.index.to_numpy(), "from": first.to_numpy()}
    report = check_only(study, wide, treated)
    assert report.reasons[0].code == "short_window"
    assert "seen" in report.reasons[0].parameters
    short = Study(study.design, study.outcomes, study.columns, Choices(window=1, controls="never"))
    told = evaluate(short, source, treated)
    expected = (
        oracles["callaway_santanna_mpdta"]["expected"]
        if "expected" in oracles["callaway_santanna_mpdta"]
        else oracles["callaway_santanna_mpdta"]
    )
    found = {f"{g.first_treated},{g.period}": g.value for g in told.of("lemp").group_times}
    assert found == pytest.approx(expected["att_gt"], abs=5e-5)
    assert len(found) == 12
    assert told.of("lemp").effect(1).value == pytest.approx(expected["dynamic"]["0"], abs=5e-5)

    panel, listed = read_panel(wide, study), read_treated(treated, study)
    setting = assemble(panel, listed, study)
    plan = plan_of(setting, study, np.ones(len(panel.units), dtype=bool))
    comparison = fill(plan, setting, study, panel.outcomes["lemp"])
    assert comparison is not None
    from clusteratlas.programmes.effects import contrasts
    from clusteratlas.programmes.effects.inference import found as estimate

    layout = comparison.layout
    spots = contrasts.group_time(layout)
    by_year = estimate(comparison.moments, contrasts.by_time(layout, spots))
    assert by_year.values == pytest.approx(list(expected["dynamic"].values()), abs=5e-5)
    simple = estimate(comparison.moments, [contrasts.average(layout, spots)])
    assert simple.values[0] == pytest.approx(expected["simple"], abs=1e-6)
    assert simple.errors[0] == pytest.approx(0.0120, abs=3e-4)
    both = estimate(comparison.moments, contrasts.two_way(layout, dynamic=False))
    assert both.values[0] == pytest.approx(oracles["twfe_mpdta"], abs=1e-7)
    assert both.errors[0] == pytest.approx(0.0132652, rel=0.01)

    flat = np.zeros((len(panel.units), 1)) + np.arange(len(panel.units))[:, None] % 2
    robust = doubly_robust(
        panel.outcomes["lemp"], flat, setting.start, panel.periods, controls="never", anticipation=0
    )
    assert robust.influence.shape == (500, len(robust.values))


@pytest.mark.parametrize("name", [each for each in SOUND if each != "synthetic"])
def test_sound_designs_are_answered_side_by_side_and_survive_json(name: str):
    made = SOUND[name](900)
    report = answer(made)
    findings = report.of("outcome")
    assert not report.refused
    assert len({each.estimator for each in findings.estimates}) == 3
    assert {each.horizon for each in findings.estimates} == {None, 1, 2, 3, 4}
    assert all(each.low < each.value < each.high for each in findings.estimates)
    assert abs(findings.effect().value / truth(made) - 1) < 0.4
    assert all(each.band_low <= each.low for each in findings.events)
    assert {each.time for each in findings.events} >= {-3, -2, 0, 1, 2, 3}
    assert findings.grade is EvidenceGrade.B
    near = findings.effect(group=Group.spillover)
    assert (near is not None) == (name == "spillover")
    assert findings.sensitivity.bounds[0][1] < findings.effect().low
    assert findings.leave_one_out.low <= findings.effect().value <= findings.leave_one_out.high
    written = json.dumps(report.to_dict(), allow_nan=False)
    assert EffectReport.from_dict(json.loads(written)) == report
    assert all(check_sentence(each) for each in report.all_checks)
    assert "interval" in reading(findings)[0]


def test_matching_on_the_past_leaves_the_second_half_to_the_check():
    made = SOUND["matched"](3)
    report = answer(made, alike_in="trend")
    checks = {each.code: each for each in report.of("outcome").checks}
    assert checks["pre_trends"].periods == (-3, -2)
    assert checks["overlap"].outcome == "outcome"
    assert [each.covariate for each in report.balance][-2:] == ["level before", "trend before"]
    assert all(abs(each.difference_after) < 0.15 for each in report.balance)
    falling = FAULTS["diverging"].draw(1003)
    assert answer(falling, alike_in="level").refused


PANEL_FAULTS = [name for name, each in FAULTS.items() if each.design not in ("shift_share",)]


@pytest.mark.parametrize("name", PANEL_FAULTS)
def test_broken_designs_are_refused_and_no_number_of_an_effect_leaks(name: str):
    fault = FAULTS[name]
    made = fault.draw(fault.seeds[0])
    report = answer(made)
    findings = report.of("outcome")
    assert report.refused
    assert findings.reasons
    if fault.design != "synthetic":
        assert {each.code for each in report.reasons} & fault.right
        assert {each.code for each in report.all_checks} <= set(CHECKS)
    written = report.to_dict()["outcomes"][0]
    kept = {key for key, value in written.items() if value not in (None, [], {})}
    assert kept <= {"outcome", "refused", "reasons", "checks"}
    sentences = reading(findings)
    assert sentences[0].startswith("No effect on outcome is told")
    assert all(help_ in HELPS for each in findings.reasons for help_ in each.helps)


def test_a_description_is_of_grade_c_and_no_effect():
    fault = FAULTS["diverging"]
    made = fault.draw(fault.seeds[0])
    findings = answer(made, describe=True).of("outcome")
    assert findings.refused
    assert findings.grade is EvidenceGrade.C
    assert not findings.estimates
    assert findings.difference is not None
    assert not findings.grade.is_causal
    assert "no effect" in reading(findings)[-1]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_two_way_fixed_effects_and_the_triple_difference_are_those_of_the_library():
    """Where pyfixest can answer too, it says the same."""
    import pyfixest

    made = SOUND["triple"](1)
    report = answer(made)
    told = {e.estimator: e for e in report.of("outcome").estimates if e.horizon is None}
    panel = made.panel.to_pandas()
    first = made.treated["start"][0].as_py()
    treated = panel.unit.isin(made.treated["unit"].to_pylist())
    panel["under"] = (treated & (panel.year >= first)).astype(float)
    panel = panel[~(treated & (panel.year >= first + 4))]
    panel["a"], panel["b"] = (
        panel.region + panel.year.astype(str),
        panel.industry + panel.year.astype(str),
    )
    fitted = pyfixest.feols("outcome ~ under | unit + a + b", data=panel, vcov={"CRV1": "region"})
    effect = told[Estimator.triple_two_way]
    assert effect.value == pytest.approx(float(fitted.coef().iloc[0]), abs=1e-9)
    assert effect.standard_error == pytest.approx(float(fitted.se().iloc[0]), abs=1e-9)

    made = SOUND["contest"](2)
    losers = listing(made)
    losers = losers[losers.role == "lost"].unit
    panel = made.panel.to_pandas()
    starts = dict(
        zip(made.treated["unit"].to_pylist(), made.treated["start"].to_pylist(), strict=True)
    )
    panel = panel[panel.unit.isin(starts) | panel.unit.isin(losers)]
    began = panel.unit.map(starts)
    panel["under"] = (panel.year >= began).astype(float)
    panel = panel[~(panel.year >= began + 4)]
    panel["stack"] = panel["round"].astype(str) + panel.year.astype(str)
    fitted = pyfixest.feols("outcome ~ under | unit + stack", data=panel, vcov={"CRV1": "unit"})
    told = {e.estimator: e for e in answer(made).of("outcome").estimates if e.horizon is None}
    assert told[Estimator.two_way].value == pytest.approx(float(fitted.coef().iloc[0]), abs=1e-9)
    assert told[Estimator.two_way].standard_error == pytest.approx(
        float(fitted.se().iloc[0]), rel=0.03
    )
    assert all(each.verdict is not Verdict.failed for each in answer(made).all_checks)


def test_every_code_has_its_words():
    assert set(words.ESTIMATORS) == set(Estimator)
    assert set(words.DESIGNS) == set(Design)
    asked = {code for helps in (evaluating.HELPS, synthetic.HELPS) for code in helps}
    assert asked <= set(CHECKS)
    for table in (evaluating.HELPS, synthetic.HELPS):
        assert {code for codes in table.values() for code in codes} <= set(HELPS)
