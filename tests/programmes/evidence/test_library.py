"""The library of published effects: what it holds, who may stand beside whom, what is refused."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.programmes.evidence.reports import report

from clusteratlas.programmes.effects.study import Scale, Stage
from clusteratlas.programmes.evidence import (
    FactScale,
    Finding,
    StudyDesign,
    UnitKind,
    by_stage,
    comparable_groups,
    effects_of_text,
    estimate_of_report,
    pool,
    published_library,
    refusals_to_pool,
    stands_among,
)
from clusteratlas.programmes.evidence.intervals import interval_of
from clusteratlas.programmes.evidence.words import figure
from clusteratlas.tables import CannotAnswer, InvalidInput

SHARED = (
    Path(__file__).parents[4]
    / "shared"
    / "data"
    / "programmes"
    / "programme_evaluation_effects.csv"
)
BCG = np.array(
    [
        *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619)),
        *((33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619)),
        *((505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600)),
        *((186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
    ],
    dtype=float,
)
"""Trials of the BCG vaccine: ill and well, vaccinated and not (Colditz et al. 1994)."""


@pytest.mark.shared
def test_every_published_statement_is_in_the_library_with_its_figures() -> None:
    if not SHARED.exists():
        pytest.skip("the published effects (../shared/data/programmes) are not on this machine")
    with SHARED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    held: dict[int, list[float]] = {}
    for each in published_library().effects:
        values = held.setdefault(each.statement or 0, [])
        values += [value for value in (each.value, each.value_to) if value is not None]
    assert len(rows) == 46
    assert sorted(held) == list(range(1, 47))
    for number, row in enumerate(rows, 1):
        if not re.match(r"[+\-x1-9]", row["effect"]) or row["effect"].startswith("9 of"):
            continue  # a direction in words, or 0 for nothing detected, is no number
        for text in re.findall(r"-?\d+(?:\.\d+)?(?![\d)])", row["effect"].replace("to +", " ")):
            told = abs(float(text))
            large = {abs(value) / size for value in held[number] for size in (1, 1e6, 1e9)}
            assert any(abs(told - value) < 1e-9 for value in large), (number, text)


def test_facts_are_graded_by_the_rule_and_never_mixed() -> None:
    effects = published_library().effects
    assert len({each.identity for each in effects}) == len(effects)
    assert all(each.standard_error is None for each in effects)
    assert all(interval_of(each) is None for each in effects)
    of = published_library().of
    assert [of(each).grade.value for each in ("bavaria-rd", "poles-rd-yearly", "i6-jobs")] == [
        "B",
        "C",
        "D",
    ]
    assert of("south-carolina-jobs").grade.value == "E"
    assert of("denmark-productivity").grade.value == "C", "its design is not stated"
    assert not of("i6-jobs").is_effect
    assert figure(of("bavaria-innovating")) == "+4.6 to +5.7 percentage points"
    assert figure(of("poles-patents-2009")) == "none detected"
    groups = comparable_groups(effects)
    assert {each.identity for each in groups} >= {
        "rd-spend-percent-firm",
        "rd-spend-money-each-firm",
    }
    for group in groups:
        together = (*group.members, *group.beside)
        assert len({each.group_key for each in together}) == 1
        assert all(each.grade.is_causal for each in group.members)
        assert group.pooled is None
        assert "no_standard_error" in {each.code for each in group.refusals}
    counts = {each.stage: each for each in by_stage(effects)}
    business = counts[Stage.business]
    assert (business.positive, business.none_detected, business.negative) == (4, 5, 1)
    assert Stage.behaviour not in counts, "nothing of causal grade is published there"


def test_every_reason_against_a_mean_is_told() -> None:
    of = published_library().of
    codes = [
        each.code
        for each in refusals_to_pool(
            [
                of("poles-rd-2009"),
                of("poles-rd-percent-2009"),
                of("i6-jobs"),
                of("bavaria-innovating"),
            ]
        )
    ]
    assert codes == [
        *("outcomes_differ", "scales_differ", "units_of_value_differ", "units_differ"),
        *("range_of_estimates", "not_causal", "same_programme", "no_standard_error"),
    ]
    three = _own(3)
    assert refusals_to_pool(three) == ()
    lots = [replace(three[0], design=StudyDesign.randomised), *three[1:]]
    assert [each.code for each in refusals_to_pool(lots)] == ["grades_differ"]
    alone = [replace(each, family="one") for each in three]
    assert [each.code for each in refusals_to_pool(alone)] == ["same_programme", "few_programmes"]


def _own(count: int):
    head = (
        "identity,programme,country,design,unit,outcome,stage,finding,scale,value,"
        "unit_of_value,standard_error,source\n"
    )
    rows = [
        f"own-{place},Programme {place},FR,difference_in_differences,firm,jobs,business,positive,"
        f"percent,{2 + place},percent,{0.5 + 0.1 * place},Study {place}\n"
        for place in range(count)
    ]
    return effects_of_text(head + "".join(rows))


def test_own_rows_are_pooled_and_stand_beside_ours() -> None:
    library = published_library().with_own(_own(3))
    group = next(each for each in comparable_groups(library.effects) if each.outcome == "jobs")
    assert group.refusals == ()
    mean = group.pooled
    assert mean is not None
    assert mean.low < mean.mean < mean.high
    assert mean.prediction_low is not None
    assert mean.prediction_low < mean.low
    with pytest.raises(InvalidInput, match="has an effect of this name"):
        library.with_own(_own(1))


@pytest.mark.parametrize(
    ("method", "variance", "mean", "error"),
    [("reml", 0.3132, -0.7145, 0.1808), ("paule-mandel", 0.3181, -0.7150, 0.1809)],
)
def test_pooling_reproduces_the_trials_of_the_vaccine(method, variance, mean, error) -> None:
    ill, well, ill_without, well_without = BCG.T
    treated, control = ill + well, ill_without + well_without
    estimates = np.log(ill / treated / (ill_without / control))
    errors = np.sqrt(1 / ill - 1 / treated + 1 / ill_without - 1 / control)
    found = pool(estimates, errors, method=method, never_narrower=False)
    assert found.between**2 == pytest.approx(variance, abs=5e-5)
    assert (found.mean, found.standard_error) == (
        pytest.approx(mean, abs=5e-5),
        pytest.approx(error, abs=6e-5),
    )
    assert found.heterogeneity == pytest.approx(152.233, abs=5e-4)
    if method == "reml":
        assert found.inconsistency == pytest.approx(0.9222, abs=5e-5)
        assert (found.low, found.high) == (
            pytest.approx(-1.1084, abs=1e-4),
            pytest.approx(-0.3206, abs=1e-4),
        )
    else:
        meta = pytest.importorskip("statsmodels.stats.meta_analysis")
        other = meta.combine_effects(estimates, errors**2, method_re="iterated", use_t=True)
        assert found.between**2 == pytest.approx(other.tau2, rel=1e-4)
        assert found.mean == pytest.approx(other.mean_effect_re, rel=1e-5)
        assert found.standard_error == pytest.approx(other.sd_eff_w_re_hksj, rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 3)), min_size=3, max_size=8),
    st.floats(0.1, 10),
    st.floats(-10, 10),
)
def test_a_mean_keeps_its_meaning(pairs, scale: float, shift: float) -> None:
    y, s = np.array([each[0] for each in pairs]), np.array([each[1] for each in pairs])
    for method in ("reml", "paule-mandel"):
        found = pool(y, s, method=method)
        turned = pool(y[::-1], s[::-1], method=method)
        moved = pool(scale * y + shift, scale * s, method=method)
        assert min(y) - 1e-9 <= found.mean <= max(y) + 1e-9
        assert turned.mean == pytest.approx(found.mean, abs=1e-6)
        assert moved.mean == pytest.approx(scale * found.mean + shift, abs=1e-5 * (1 + scale))
        plain = pool(y, s, method=method, never_narrower=False)
        assert found.high - found.low >= plain.high - plain.low - 1e-9
        assert sum(found.weights) == pytest.approx(1)


def test_what_has_no_mean_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="one estimate"):
        pool([1.0], [1.0])
    with pytest.raises(InvalidInput) as caught:
        pool([1.0, np.nan, 2.0], [1.0, 1.0, 0.0])
    assert [each.row for each in caught.value.faults] == [2, 3]


def test_a_file_of_ones_own_is_refused_with_every_fault() -> None:
    text = (
        "identity,programme,country,design,unit,outcome,stage,finding,scale,value,unit_of_value,"
        "standard_error,source,value_to,observed\n"
        "a-1,P,FR,guess,firm,jobs,business,positive,percent,4,percent,0,S,,\n"
        "a-1,P,France,survey,firm,Jobs,business,positive,percent,-4,,x,S,,2.5\n"
        "own,,FR,survey,firm,jobs,business,positive,sign,4,percent,,S,1,\n"
        "b,P,FR,survey,firm,jobs,business,positive,percent,,percent\n"
    )
    with pytest.raises(InvalidInput) as caught:
        effects_of_text(text, file="own.csv")
    found = {(each.row, each.column) for each in caught.value.faults}
    assert found >= {
        *((2, "design"), (2, "standard_error"), (3, "identity"), (3, "country"), (3, "outcome")),
        *((3, "unit_of_value"), (3, "standard_error"), (3, "observed"), (3, "finding")),
        *((4, "identity"), (4, "programme"), (4, "value"), (4, "value_to")),
        *((5, ""), (5, "source"), (5, "value")),
    }
    assert all(each.hint and each.file == "own.csv" for each in caught.value.faults)
    with pytest.raises(InvalidInput, match="source is missing"):
        effects_of_text("identity,nonsense\na,b\n")
    with pytest.raises(InvalidInput, match="the file is empty"):
        effects_of_text("\n\n")


def test_a_new_estimate_sits_among_published_ones_or_is_refused() -> None:
    new = estimate_of_report(report(), outcome="rd_spend")
    assert (new.scale, round(new.value, 3)) == (FactScale.percent, 6.184)
    found = stands_among(new, published_library())
    assert found.place == 2
    assert [each.same_sign for each in found.compared] == [True, False]
    assert found.median_ratio == pytest.approx(6.18365 / 7.3, rel=1e-4)
    assert found.compared[0].within is True
    assert (found.same_direction, found.directions) == (3, 4)
    assert found.refusals == ()
    in_money = estimate_of_report(report(90_000, 20_000, scale=Scale.level), outcome="rd_spend")
    assert in_money.unit_of_value == "EUR per firm"
    assert [
        round(each.ratio or 0, 3) for each in stands_among(in_money, published_library()).compared
    ] == [
        0.18,
        0.776,
    ]
    counted = estimate_of_report(
        report(2, 1, scale=Scale.level, money=False), outcome="employment", unit=UnitKind.firm
    )
    other = stands_among(counted, published_library())
    assert (other.place, [each.code for each in other.refusals]) == (None, ["other_scales"])
    unknown = stands_among(replace(new, outcome="joy"), published_library())
    assert [each.code for each in unknown.refusals] == ["nothing_published"]
    unsure = replace(new, low=-1.0)
    assert unsure.direction is Finding.none_detected
    with pytest.raises(CannotAnswer, match="pre_trends"):
        estimate_of_report(report(refused=True))
