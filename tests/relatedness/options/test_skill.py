"""Odds: what is learned, how it is judged, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from tests.relatedness.options.economy import planted

from clusteratlas.relatedness.options.entries import entries
from clusteratlas.relatedness.options.figures import Floats
from clusteratlas.relatedness.options.logistic import fit_logistic
from clusteratlas.relatedness.options.predictors import (
    IN_USE,
    PREDICTORS,
    fit,
    straight_line,
)
from clusteratlas.relatedness.options.skill import (
    Window,
    area_under_curve,
    average_precision,
    learn_in_use,
    precision_at,
    skill_of,
    tenths,
)
from clusteratlas.relatedness.options.validation import WITHOUT_TREES, validate_options
from clusteratlas.tables import OPTIONS_SKILL, CannotAnswer, InvalidInput

NAMED = {each.name: each for each in PREDICTORS}


@pytest.fixture(scope="module")
def windows() -> tuple[Window, Window]:
    years, similarities = planted()
    return (
        Window.of(years[0], years[1], similarities, years[2]),
        Window.of(years[1], years[2], similarities),
    )


def test_a_planted_economy_is_told_by_density_and_not_by_effects(
    windows: tuple[Window, Window],
) -> None:
    rows = {
        row.predictor: row
        for row in skill_of(*windows, predictors=WITHOUT_TREES)
        if row.sample == "all"
    }
    assert rows["density alone (composite)"].auc > 0.75
    assert rows["sizes, quotient and relatedness"].auc > 0.75
    assert rows["region and industry effects alone"].auc < 0.65
    assert rows["all, relatedness shuffled"].auc < 0.7
    gain = rows["sizes, quotient and relatedness"].auc - rows["all but relatedness"].auc
    assert gain > 0.1
    assert rows["sizes, quotient and relatedness"].brier < rows["all but relatedness"].brier


def test_a_permuted_outcome_is_told_by_nothing(windows: tuple[Window, Window]) -> None:
    rng = np.random.default_rng(3)
    mixed = []
    for window in windows:
        found = window.entries
        entered = np.zeros_like(found.entered)
        entered[found.at_risk] = rng.permutation(found.entered[found.at_risk])
        mixed.append(replace(window, entries=replace(found, entered=entered, durable=None)))
    for row in skill_of(mixed[0], mixed[1], predictors=WITHOUT_TREES):
        if row.sample == "all":
            assert 0.42 < row.auc < 0.58, row.predictor


def test_probabilities_are_calibrated_out_of_time(windows: tuple[Window, Window]) -> None:
    fitted = learn_in_use(windows[0])
    parts = tenths(fitted, windows[1])
    assert sum(part.cells for part in parts) == windows[1].entries.at_risk.sum()
    assert [part.foretold for part in parts] == sorted(part.foretold for part in parts)
    for part in parts[-3:]:
        assert part.came == pytest.approx(part.foretold, abs=0.08)
    row = next(iter(skill_of(*windows, predictors=[IN_USE])))
    assert 0.6 < row.calibration_slope < 1.5


def test_boosted_trees_are_the_same_twice(windows: tuple[Window, Window]) -> None:
    trees = [NAMED["boosted trees on all"]]
    one, other = (skill_of(*windows, predictors=trees) for _ in range(2))
    assert one[0] == other[0]
    assert one[0].auc > 0.7


def test_the_first_predictor_is_the_same_twice(windows: tuple[Window, Window]) -> None:
    one, other = learn_in_use(windows[0]), learn_in_use(windows[0])
    np.testing.assert_array_equal(one.model.weights, other.model.weights)


def test_windows_that_overlap_are_refused() -> None:
    years, similarities = planted(years=4)
    learned = Window.of(years[0], years[2], similarities)
    tested = Window.of(years[1], years[3], similarities)
    with pytest.raises(CannotAnswer, match="overlap"):
        skill_of(learned, tested)


def test_fewer_than_thirty_regions_and_too_few_entries_are_refused() -> None:
    years, similarities = planted(regions=20, years=2)
    few = Window.of(years[0], years[1], similarities)
    with pytest.raises(CannotAnswer, match=r"fewer than 30 regions.*20 regions"):
        learn_in_use(few)
    years, similarities = planted(years=2)
    still = replace(years[0], year=2021)
    with pytest.raises(CannotAnswer, match=r"fewer than 100 entries.*0 entries"):
        learn_in_use(Window.of(years[0], still, similarities))


def test_a_validation_says_what_it_could_not_judge() -> None:
    years, similarities = planted(years=4)
    table = {each.year: each for each in years}
    windows = ((2018, 2021), (2021, 2024))
    whole = validate_options(table, similarities, out_of_time=windows, predictors=(IN_USE,))
    assert {row.split for row in whole.skill} == {"in sample", "out of time"}
    assert {row.sample for row in whole.skill} == {"all", "observed start", "durable"}
    for row in whole.rows("own"):
        assert set(row) == set(OPTIONS_SKILL.names)
    two = validate_options(dict(list(table.items())[:2]), similarities, predictors=(IN_USE,))
    assert {row.split for row in two.skill} == {"in sample"}
    assert any("fewer than three years" in note for note in two.notes)
    assert any("No durable entries" in note for note in two.notes)
    one = validate_options({2018: years[0]}, similarities)
    assert one.skill == ()
    assert "fewer than two years" in one.notes[0]
    few, similarities = planted(regions=20)
    small = validate_options({each.year: each for each in few}, similarities)
    assert small.skill == ()
    assert any("fewer than 30 regions" in note for note in small.notes)
    with pytest.raises(InvalidInput, match="different classifications"):
        validate_options(
            {2018: years[0], 2021: replace(years[1], classification="own-2")}, similarities
        )
    with pytest.raises(CannotAnswer, match="not there"):
        validate_options(table, similarities, in_sample=(2017, 2021))


def test_effects_of_regions_that_were_not_learned_are_none() -> None:
    years, similarities = planted()
    window = Window.of(years[0], years[1], similarities)
    found = window.entries
    fitted = fit(
        NAMED["region and industry effects alone"],
        window.features,
        found.at_risk,
        found.entered,
        calibrate=False,
    )
    strangers = replace(window.features, regions=tuple(f"s{place:03d}" for place in range(60)))
    rows, columns = np.nonzero(found.at_risk)
    score = fitted.score(strangers, rows, columns)
    by_industry = {column: score[columns == column] for column in set(columns.tolist())}
    assert all(len(set(values.round(12).tolist())) == 1 for values in by_industry.values())


def test_the_regression_is_scikit_learns() -> None:
    rng = np.random.default_rng(4)
    features = rng.normal(size=(800, 4))
    truth = rng.random(800) < expit(features @ [1, -1, 0.5, 0] - 1)
    mine = fit_logistic(features, truth, ridge=2.0)
    scaled = (features - mine.centre) / mine.scale
    theirs = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(scaled, truth)
    np.testing.assert_allclose(mine.weights[1:], theirs.coef_[0], atol=1e-5)
    near = fit_logistic(features, truth, ridge=2.0, near=mine)
    np.testing.assert_allclose(near.weights, mine.weights, atol=1e-5)
    doubled = fit_logistic(features, truth, ridge=4.0, counts=np.full(800, 2.0))
    np.testing.assert_allclose(doubled.weights, mine.weights, atol=1e-5)
    with pytest.raises(CannotAnswer, match="the same in all rows"):
        fit_logistic(features, np.zeros(800))


def test_odds_that_are_too_bold_have_a_slope_below_1() -> None:
    rng = np.random.default_rng(5)
    odds = rng.normal(size=20_000)
    truth = rng.random(20_000) < expit(odds)
    assert straight_line(odds, truth)[1] == pytest.approx(1, abs=0.05)
    assert straight_line(2 * odds, truth)[1] == pytest.approx(0.5, abs=0.03)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_auc_and_precision_are_scikit_learns(cells: list[tuple[int, bool]]) -> None:
    score = np.array([each[0] for each in cells], dtype=float)
    truth = np.array([each[1] for each in cells])
    if truth.all() or not truth.any():
        assert np.isnan(area_under_curve(score, truth))
        return
    assert area_under_curve(score, truth) == pytest.approx(roc_auc_score(truth, score))
    assert average_precision(score, truth) == pytest.approx(average_precision_score(truth, score))


def test_precision_in_the_first_leaves_out_regions_with_fewer() -> None:
    score: Floats = np.array([0.9, 0.8, 0.1, 0.7])
    truth = np.array([True, False, True, True])
    assert precision_at(2, score, truth, np.array([0, 0, 0, 1])) == 0.5
    assert np.isnan(precision_at(5, score, truth, np.array([0, 0, 0, 1])))


def test_entries_left_out_as_too_many_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    years, similarities = planted()
    window = Window.of(years[0], years[1], similarities)
    found = entries(years[0], years[1])
    whole = learn_in_use(window)
    monkeypatch.setattr(
        "clusteratlas.relatedness.options.predictors.MOST_CELLS", {"logistic": 1500}
    )
    part = learn_in_use(window)
    rows, columns = np.nonzero(found.at_risk)
    one, other = (each.probability(window.features, rows, columns) for each in (whole, part))
    assert np.corrcoef(one, other)[0, 1] > 0.95
    assert other.mean() == pytest.approx(one.mean(), rel=0.1)
