"""Synthetic control: the Basque weights, exact solutions, placebos, and when it says nothing."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from tests.programmes.designs.asked import answered, asked
from tests.programmes.designs.broken import FAULTS
from tests.programmes.designs.sound import synthetic

from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Design,
    EffectReport,
    Estimator,
    Outcome,
    Predictor,
    Study,
    Verdict,
    check_only,
    evaluate,
)
from clusteratlas.programmes.effects.synthetic_weights import (
    doubly_weighted,
    nearest_mix,
    predictor_weights,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

SHARED = Path(__file__).parents[4] / "shared"
BASQUE = SHARED / "data" / "evaluation" / "basque.csv"
ORACLES = SHARED / "oracles" / "worked-examples.json"
SCHOOLING = ("school.illit", "school.prim", "school.med", "school.high", "school.post.high")
SECTORS = tuple(
    f"sec.{name}"
    for name in (
        "agriculture",
        "energy",
        "industry",
        "construction",
        "services.venta",
        "services.nonventa",
    )
)
PREDICTORS = (
    *(Predictor(name, 1964, 1969) for name in (*SCHOOLING, "invest")),
    Predictor("gdpcap", 1960, 1969),
    *(Predictor(name, 1961, 1969) for name in SECTORS),
    Predictor("popdens", 1969, 1969),
)
REGION = "Basque Country (Pais Vasco)"


def basque(**choices: object) -> EffectReport:
    """The published study: predictors of the sixties, terror from 1970 on."""
    with BASQUE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    panel = {
        name: [row[name].removesuffix(".0") if name == "year" else row[name] for row in rows]
        for name in rows[0]
    }
    study = Study(
        Design.synthetic,
        (Outcome("gdpcap", unit="thousand USD of 1986"),),
        Columns("regionname", "year"),
        Choices(fit_from=1960, **choices),  # type: ignore[arg-type]
        predictors=PREDICTORS,
    )
    return evaluate(study, panel, {"regionname": [REGION], "from": [1970]})


@pytest.mark.shared
@pytest.mark.skipif(not BASQUE.exists(), reason="needs the panel in ../shared")
def test_basque_weights_are_the_published_ones() -> None:
    oracle = next(
        each
        for each in json.loads(ORACLES.read_text(encoding="utf-8"))
        if each["id"] == "synth_basque"
    )
    wanted = oracle["expected"]["weights"]
    found = basque(window=20).of("gdpcap")
    assert not found.refused, found.reasons
    assert found.synthetic is not None
    weights = {each.unit: each.synthetic_control for each in found.synthetic.donors}
    for unit, weight in weights.items():
        assert weight == pytest.approx(wanted.get(unit, 0.0), abs=5e-4), unit
    assert found.synthetic.misfit**2 == pytest.approx(0.0088645, abs=1e-6)
    assert [each.column for each in found.synthetic.predictors] == [
        each.column for each in PREDICTORS
    ]
    assert sum(each.importance or 0 for each in found.synthetic.predictors) == pytest.approx(1)
    assert {each.estimator for each in found.estimates} == {
        Estimator.synthetic_difference,
        Estimator.synthetic_control,
        Estimator.donors_mean,
    }
    control = next(
        each
        for each in found.estimates
        if each.estimator is Estimator.synthetic_control and each.horizon is None
    )
    assert -0.8 < control.value < -0.4, "about a tenth of income, Abadie and Gardeazabal 2003"
    in_time = next(each for each in found.checks if each.code == "placebo_in_time")
    assert in_time.verdict is Verdict.not_possible, "ten years before, twenty after"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(2, 9))
def test_nearest_mix_is_convex_best_and_blind_to_scale(seed: int, rows: int, donors: int) -> None:
    draw = np.random.default_rng(seed)
    differences = draw.normal(size=(rows, donors))
    weights = nearest_mix(differences)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    assert nearest_mix(1e-4 * differences) == pytest.approx(weights, abs=1e-6)
    best = float(((differences @ weights) ** 2).sum())
    other = minimize(
        lambda w: float(((differences @ w) ** 2).sum()),
        np.full(donors, 1 / donors),
        jac=lambda w: 2 * differences.T @ (differences @ w),
        bounds=[(0, 1)] * donors,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 300},
    )
    assert best <= other.fun + 1e-7
    # no donor alone, no move towards a donor, is nearer
    assert (differences.T @ (differences @ weights)).min() >= best - 1e-7


def test_a_region_made_of_two_donors_is_taken_apart_again() -> None:
    draw = np.random.default_rng(3)
    donors = draw.normal(size=(12, 6)).cumsum(axis=0)
    treated = 0.3 * donors[:, 1] + 0.7 * donors[:, 4]
    predictors = np.vstack([donors[:6].mean(axis=0), donors[6:].mean(axis=0)])
    fitted = predictor_weights(
        treated, donors, 0.3 * predictors[:, 1] + 0.7 * predictors[:, 4], predictors
    )
    assert fitted.importance.sum() == pytest.approx(1)
    assert nearest_mix(donors - treated[:, None]).round(6).tolist() == [0, 0.3, 0, 0, 0.7, 0]
    shifted = doubly_weighted(np.append(treated + 5, [7.0]), np.vstack([donors, donors[-1]]), 12)
    level = doubly_weighted(np.append(treated, [2.0]), np.vstack([donors, donors[-1]]), 12)
    assert shifted.value == pytest.approx(level.value), "a constant between regions is no effect"
    with pytest.raises(CannotAnswer, match="same for every unit"):
        predictor_weights(treated, donors, np.ones(1), np.ones((1, 6)))


def test_one_region_is_told_with_everything_behind_it() -> None:
    made = synthetic(5)
    report = answered(made)
    found = report.of("outcome")
    behind = found.synthetic
    assert behind is not None
    assert report.grade == "B"
    assert EffectReport.from_dict(report.to_dict()) == report
    effect = found.effect()
    assert effect is not None
    assert effect.low < made.truth.simple() < effect.high
    assert effect.p == pytest.approx(1 / 25), "the smallest that 24 donors allow"
    assert behind.rank == 1
    assert len(behind.placebos) == 24
    assert sum(each.synthetic_control for each in behind.donors) == pytest.approx(1)
    assert sum(each.synthetic_difference for each in behind.donors) == pytest.approx(1)
    assert behind.in_time is not None
    assert behind.in_time.start == 1995
    assert behind.in_time.low < 0 < behind.in_time.high
    assert found.leave_one_out is not None
    assert found.leave_one_out.low <= effect.value <= found.leave_one_out.high
    assert {each.time for each in found.events} == set(range(-30, 10))
    after = [each.value for each in found.events if each.time >= 0]
    assert np.mean(after) == pytest.approx(effect.value)
    assert all(each.band_low < each.low < each.high < each.band_high for each in found.events)


def test_the_order_of_rows_and_the_unit_of_the_outcome_change_nothing() -> None:
    study, panel, treated = asked(synthetic(6))
    study = replace(study, outcomes=(Outcome("outcome", unit="points"),))
    first = evaluate(study, panel, treated).of("outcome").effect()
    order = np.random.default_rng(0).permutation(panel.num_rows)
    place = panel.column_names.index("outcome")
    thousand = panel.set_column(place, "outcome", [1000 * panel["outcome"].to_numpy()])
    mixed = evaluate(study, panel.take(order), treated).of("outcome").effect()
    scaled = evaluate(study, thousand, treated).of("outcome").effect()
    assert first is not None
    assert mixed is not None
    assert scaled is not None
    assert mixed.value == pytest.approx(first.value, rel=1e-9)
    assert scaled.value == pytest.approx(1000 * first.value, rel=1e-6)
    assert scaled.high == pytest.approx(1000 * first.high, rel=1e-6)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("unlike_any_mix", "fit_before"),
        ("above_all_donors", "hull"),
        ("three_years_before", "years_before"),
        ("two_donors", "donors"),
    ],
)
def test_nothing_is_told_of_a_region_that_no_mix_follows(fault: str, code: str) -> None:
    made = FAULTS[fault].draw(FAULTS[fault].seeds[3])
    found = answered(made).of("outcome")  # type: ignore[arg-type]
    assert found.refused
    assert code in [each.code for each in found.reasons]
    assert not found.estimates
    assert not found.events
    assert found.synthetic is None
    assert all(each.helps for each in found.reasons)


def test_what_is_asked_wrongly_is_named() -> None:
    study, panel, treated = asked(synthetic(1))
    two = {"unit": ["region-01", "region-02"], "from": [2005, 2005]}
    with pytest.raises(InvalidInput, match="one treated unit"):
        evaluate(study, panel, two)
    late = Study(
        study.design,
        study.outcomes,
        study.columns,
        study.choices,
        predictors=(Predictor("schooling", 2000, 2008),),
    )
    with pytest.raises(InvalidInput, match="reaches into the programme"):
        evaluate(late, panel, treated)
    checked = check_only(study, panel, treated).of("outcome")
    assert checked.checks
    assert not checked.estimates
