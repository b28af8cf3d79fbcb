"""The shift-share instrument: equivalence with two-stage least squares, properties, refusals."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.programmes.designs.asked import exposure
from tests.programmes.designs.shares import shift_share

from clusteratlas.programmes.effects.exposure_files import read_exposure
from clusteratlas.programmes.effects.records import Verdict
from clusteratlas.programmes.effects.shift_share_instrument import (
    Exposure,
    leave_one_out_shocks,
    shift_share_instrument,
)
from clusteratlas.tables import CannotAnswer, InvalidInput


def test_the_estimate_is_that_of_two_stage_least_squares() -> None:
    given_ = exposure(shift_share(2))
    weights = given_.jobs_before.sum(axis=1)
    found = shift_share_instrument(replace(given_, weights=weights, outcome_before=None))
    total = weights + given_.jobs_outside
    shares = given_.jobs_before / total[:, None]
    instrument = (shares * leave_one_out_shocks(given_.jobs_before, given_.jobs_after)).sum(axis=1)
    root = np.sqrt(weights)[:, None]
    controls = np.column_stack([np.ones(len(total)), shares.sum(axis=1)])
    first = np.column_stack([instrument, controls])
    fitted = first @ np.linalg.lstsq(root * first, root[:, 0] * given_.endogenous, rcond=None)[0]
    second = np.column_stack([fitted, controls])
    beta = np.linalg.lstsq(root * second, root[:, 0] * given_.outcome, rcond=None)[0][0]
    assert found.value == pytest.approx(beta, rel=1e-9)
    assert not found.shares_complete


def test_the_same_answer_comes_from_the_regression_on_shocks() -> None:
    """With everybody's shock, the regional and the industrial regression are one (BHJ 2022)."""
    given_ = exposure(shift_share(3))
    shares = given_.jobs_before / (given_.jobs_before.sum(1) + given_.jobs_outside)[:, None]
    shocks = given_.jobs_after.sum(0) / given_.jobs_before.sum(0) - 1
    lines = np.column_stack([np.ones(len(shares)), shares.sum(axis=1)])

    def rest(values: np.ndarray) -> np.ndarray:
        return values - lines @ np.linalg.lstsq(lines, values, rcond=None)[0]

    moved, outcome = rest(given_.endogenous), rest(given_.outcome)
    by_region = (shares @ shocks) @ outcome / ((shares @ shocks) @ moved)
    weight = shares.sum(axis=0)
    mean_outcome, mean_moved = shares.T @ outcome / weight, shares.T @ moved / weight
    by_shock = (weight * shocks) @ mean_outcome / ((weight * shocks) @ mean_moved)
    assert by_region == pytest.approx(by_shock, rel=1e-9)
    found = shift_share_instrument(given_)
    assert found.value == pytest.approx(by_shock, rel=0.05), "leaving one region out of 300"


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 40), st.floats(0.01, 100), st.floats(0.01, 100))
def test_units_and_order_do_not_matter(seed: int, jobs: float, outcome: float) -> None:
    one = exposure(shift_share(seed))
    found = shift_share_instrument(one)
    order = np.random.default_rng(seed).permutation(len(one.outcome))
    other = shift_share_instrument(
        replace(
            one,
            jobs_before=jobs * one.jobs_before[order],
            jobs_after=jobs * one.jobs_after[order],
            jobs_outside=jobs * one.jobs_outside[order],
            endogenous=one.endogenous[order],
            outcome=outcome * one.outcome[order] + 3.0,
            outcome_before=None,
        )
    )
    assert other.effective_shocks == pytest.approx(found.effective_shocks)
    assert other.first_stage == pytest.approx(found.first_stage, rel=1e-6)
    if found.value is not None and other.value is not None:
        assert other.value == pytest.approx(outcome * found.value, rel=1e-6)
        assert other.standard_error == pytest.approx(outcome * found.standard_error, rel=1e-6)


def test_errors_know_the_shocks_and_the_heaviest_industries_are_told() -> None:
    found = [shift_share_instrument(exposure(shift_share(seed))) for seed in range(20)]
    told = [each for each in found if not each.refused]
    assert len(told) >= 18
    ratio = np.mean([each.standard_error / each.usual_error for each in told])
    assert ratio > 1.15, "industries' unseen shocks move regions together"
    assert np.mean([each.least_squares for each in told]) < 0.7, "the truth is 0.8"
    weights = [each.rotemberg for each in told[0].industries]
    assert weights == sorted(weights, key=lambda each: -abs(each))
    assert 0 < sum(weights) <= 1.05
    unknown = shift_share_instrument(replace(exposure(shift_share(1)), outcome_before=None))
    assert unknown.checks[-1].verdict is Verdict.not_possible


def test_what_is_wrong_is_named() -> None:
    one = exposure(shift_share(0))
    holed = one.outcome.copy()
    holed[4] = np.nan
    with pytest.raises(InvalidInput) as caught:
        shift_share_instrument(replace(one, outcome=holed, jobs_after=-one.jobs_after), level=2.0)
    assert {fault.column for fault in caught.value.faults} >= {"outcome", "jobs_after"}
    assert "region number 5" in str(caught.value)
    with pytest.raises(InvalidInput, match="shape"):
        shift_share_instrument(replace(one, endogenous=one.endogenous[:5]))
    alone = one.jobs_before.copy()
    alone[1:, 7] = 0
    with pytest.raises(CannotAnswer, match="number 8"):
        shift_share_instrument(replace(one, jobs_before=alone))


def few_regions(seed: int) -> Exposure:
    """The first hundred of the simulated regions, which is enough for files."""
    one = exposure(shift_share(seed))
    cut = {
        name: getattr(one, name)[:100]
        for name in ("jobs_before", "jobs_after", "jobs_outside", "endogenous", "outcome")
    }
    return replace(one, **cut, outcome_before=one.outcome_before[:100])  # type: ignore[index]


def written(place: Path, seed: int) -> tuple[Path, Path]:
    """Simulated shares as the two files of the command."""
    one = few_regions(seed)
    jobs, regions = place / "jobs.csv", place / "regions.csv"
    with jobs.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["region", "industry", "jobs_before", "jobs_after"])
        for region, row in enumerate(one.jobs_before):
            for place_, name in enumerate(one.industries):
                writer.writerow(
                    [f"r{region:03}", name, row[place_], one.jobs_after[region, place_]]
                )
    with regions.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["region", "growth", "pay", "before", "jobs_outside"])
        for region in range(len(one.outcome)):
            writer.writerow(
                [f"r{region:03}", one.endogenous[region], one.outcome[region],
                 one.outcome_before[region], one.jobs_outside[region]]  # type: ignore[index]
            )  # fmt: skip
    return jobs, regions


def test_files_give_the_same_answer_and_all_faults_at_once(tmp_path: Path) -> None:
    jobs, regions = written(tmp_path, 4)
    read = read_exposure(jobs, regions, outcome="pay", endogenous="growth", before="before")
    found = shift_share_instrument(read)
    assert found.value == pytest.approx(shift_share_instrument(few_regions(4)).value, rel=1e-9)
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "region,industry,jobs_before,jobs_after\nr000,a,1,x\nr000,a,1,2\nr999,a,1,\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidInput) as caught:
        read_exposure(bad, regions, outcome="pay", endogenous="growth")
    told = str(caught.value)
    for piece in ("row 2", "row 3", "row 4", "no such region", "already in row 2", "r001"):
        assert piece in told
    with pytest.raises(InvalidInput, match="wages"):
        read_exposure(jobs, regions, outcome="wages", endogenous="growth")
