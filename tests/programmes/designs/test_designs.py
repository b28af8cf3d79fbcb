"""The simulators do what they say: the truth is recoverable where sound, and faults mislead."""

from __future__ import annotations

import numpy as np
import pytest
from tests.programmes.designs.broken import FAULTS
from tests.programmes.designs.records import Simulated, SimulatedShares
from tests.programmes.designs.shares import shift_share
from tests.programmes.designs.sound import SOUND, contest, matched, spillover, staggered


def wide(made: Simulated) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Units, years and outcomes with NaN where there is no row."""
    units = sorted(set(made.panel["unit"].to_pylist()))
    years = np.array(sorted(set(made.panel["year"].to_pylist())))
    place = {unit: number for number, unit in enumerate(units)}
    values = np.full((len(units), len(years)), np.nan)
    rows = [place[unit] for unit in made.panel["unit"].to_pylist()]
    values[rows, made.panel["year"].to_numpy() - years[0]] = made.panel["outcome"].to_numpy()
    return units, years, values


def plain(made: Simulated, among: set[str] | None = None) -> float:
    """Mean over cohorts and years of treated less never treated, against the year before."""
    units, years, values = wide(made)
    start = dict(
        zip(made.treated["unit"].to_pylist(), made.treated["start"].to_pylist(), strict=True)
    )
    exposed = set(made.exposed["unit"].to_pylist()) if made.exposed is not None else set()
    control = np.array(
        [u not in start and u not in exposed and (among is None or u in among) for u in units]
    )
    found, weights = [], []
    for cohort in sorted(set(start.values())):
        those = np.array([start.get(unit) == cohort for unit in units])
        base = values[:, years == cohort - 1]
        change = values[:, years >= cohort] - base
        found.append(np.nanmean(change[those] - np.nanmean(change[control], axis=0), axis=0))
        weights.append(those.sum())
    return float(
        np.average(
            np.concatenate(found),
            weights=np.concatenate([[w] * len(f) for f, w in zip(found, weights, strict=True)]),
        )
    )


@pytest.mark.parametrize("name", ["staggered", "spillover"])
def test_plain_comparison_finds_the_truth_where_trends_run_parallel(name: str) -> None:
    made = [SOUND[name](seed) for seed in range(8)]
    off = np.mean([plain(each) for each in made]) / made[0].truth.simple() - 1
    assert abs(off) < 0.12


def test_selection_misleads_a_plain_comparison_even_in_sound_designs() -> None:
    made = [matched(seed) for seed in range(6)]
    assert np.mean([plain(each) for each in made]) > 1.2 * made[0].truth.simple()
    rounds = [contest(seed) for seed in range(6)]
    everyone = np.mean([plain(each) for each in rounds])
    applicants = np.mean([plain(each, _applied(each)) for each in rounds])
    truth = rounds[0].truth.simple()
    assert abs(applicants / truth - 1) < 0.15
    assert everyone > 1.15 * truth


def _applied(made: Simulated) -> set[str]:
    rows = zip(made.panel["unit"].to_pylist(), made.panel["applied"].to_pylist(), strict=True)
    return {unit for unit, applied in rows if applied}


def test_truths_are_means_over_what_is_seen() -> None:
    truth = staggered(0).truth
    assert truth.at(0) == pytest.approx((0.04 + 0.03 + 0.02) / 3)
    assert truth.at(6) == pytest.approx(0.04 * 7**0.8)
    assert truth.simple() == pytest.approx(
        np.average(
            [
                slope * np.mean(np.arange(1, span + 1) ** 0.8)
                for slope, span in ((0.04, 8), (0.03, 6), (0.02, 4))
            ],
            weights=[8, 6, 4],
        )
    )
    assert staggered(0, scale=0.0).truth.simple() == 0
    assert spillover(0).truth.on_exposed() == pytest.approx(spillover(0).truth.simple() / 2)


def test_the_same_seed_is_the_same_panel() -> None:
    for make in SOUND.values():
        assert np.array_equal(wide(make(3))[2], wide(make(3))[2], equal_nan=True)
        assert not np.array_equal(wide(make(3))[2], wide(make(4))[2], equal_nan=True)
    assert np.array_equal(shift_share(3).outcome, shift_share(3).outcome)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_a_fault(name: str) -> None:
    fault = FAULTS[name]
    made = fault.draw(fault.seeds[0])
    assert made.fault == name
    assert made.right == fault.right
    if isinstance(made, SimulatedShares):
        return
    assert made.design in SOUND
    assert set(made.panel.column_names) >= {"unit", "year", "outcome"}
    if fault.misleads and fault.design != "triple":
        sound = plain(SOUND[fault.design](fault.seeds[0]))
        truth = made.truth.simple()
        assert abs(plain(made) - truth) > 0.3 * truth, sound
