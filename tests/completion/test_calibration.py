"""Hidden cells: is the truth where the intervals and the probabilities say it is?"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.completion.baselines import BASELINES, LEAST_SQUARES, baselines
from clusteratlas.completion.calibration import CLASSES, Width, _factors
from clusteratlas.completion.findings import Finding, findings
from clusteratlas.completion.given import Given
from clusteratlas.completion.judged import OURS
from clusteratlas.completion.masks import hide
from clusteratlas.completion.sums import sums_of
from clusteratlas.completion.validation import Validation, validate
from clusteratlas.measures import location_quotient, strength_flags
from clusteratlas.tables import CannotAnswer, InvalidInput

from .plants import country, rows

TWO_STATES = """
select area_fips as region, industry, 2016::smallint as year, estabs as establishments,
       case when nq_supp > 0 then null else emp end as employment
from read_parquet(?)
where own = '5' and agglvl in (71, 74, 75, 76, 77, 78, 51, 54, 55, 56, 57, 58)
  and left(area_fips, 2) in ('25', '53')
"""
THREE_STATES = """
select fips as region, naics as industry, year, est::double as establishments,
       case when emp = 0 and est >= 3 then null else emp::double end as employment
from (select * from read_parquet(?) union all by name select * from read_parquet(?))
where year in (2018, 2019) and left(fips, 2) in ('19', '50', '55')
"""


def strong(jobs: np.ndarray, establishments: np.ndarray) -> np.ndarray:
    return strength_flags(location_quotient(jobs), jobs, establishments).strong


def named(validation: Validation) -> dict[str, Finding]:
    return {each.name: each for each in findings(validation)}


def only(finding: Finding, row: int, column: str) -> float:
    value = finding.rows[row][finding.columns.index(column)]
    assert isinstance(value, int | float)
    return float(value)


def test_simulated_plants_are_inside_their_intervals() -> None:
    """A country large enough to learn from; log-normal plants are what the draws believe in."""
    made = country(1, states=3, counties=40)
    found = named(validate(made.table, masks=2, strong=strong))
    finest = found["intervals-by-level"].rows[-1]
    assert finest[0] == "6"
    assert 0.85 <= only(found["intervals-by-level"], -1, "inside %") <= 0.97
    ours = only(found["error-by-level"], -1, f"{OURS} %")
    for other in BASELINES:
        assert ours < only(found["error-by-level"], -1, f"{other} %") * 1.05
    for row, _ in enumerate(found["masks"].rows):
        assert only(found["masks"], row, "worst, jobs") <= 0.05


@pytest.fixture(scope="module")
def census(figures: Path) -> dict[str, Finding]:
    table = duckdb.execute(
        TWO_STATES, [str(figures / "qcew2016_dev_states.parquet")]
    ).to_arrow_table()
    return named(validate(table, masks=1, seed=11, strong=strong))


@pytest.mark.shared
def test_intervals_hold_on_the_census_of_two_states(census: dict[str, Finding]) -> None:
    by_state = census["intervals-by-state"]
    assert [row[0] for row in by_state.rows] == ["25", "53"]
    for row in range(2):
        assert 0.85 <= only(by_state, row, "inside %") <= 0.95
        assert only(by_state, row, "width") <= 1.4
    assert all(only(census["masks"], row, "worst, jobs") <= 0.05 for row in range(1))


@pytest.mark.shared
def test_intervals_hold_at_every_level(census: dict[str, Finding]) -> None:
    """Sums of many cells are judged apart: coarse levels hold as much as fine ones."""
    levels = census["intervals-by-level"]
    assert len(levels.rows) >= 4
    for row in range(len(levels.rows)):
        cells = only(levels, row, "cells")
        assert only(levels, row, "inside %") + 2 * np.sqrt(0.09 / cells) >= 0.86, levels.rows[row]
        assert only(levels, row, "inside %") <= 0.95 + 2 * np.sqrt(0.09 / cells), levels.rows[row]


def test_sums_of_cells_that_err_together_are_widened() -> None:
    """Cells of a region are all too low or all too high: their sum lies outside its draws."""
    random = np.random.default_rng(1)
    number = np.full(600, 6)
    shared = random.normal(0, 60, 600)
    none = np.zeros(600)
    factors = _factors((none - 40, none, none + 40), shared, number)
    assert len(factors) == len(CLASSES)
    assert factors[0] == factors[1] == 1.0, "no sums of so few cells to judge by"
    assert factors[2] == pytest.approx(60 * 1.72 / 40, rel=0.12)
    assert factors[3] == factors[4] == factors[2]
    wide = Width(2.0, factors)
    assert wide.of_sums(np.array([1, 2, 6, 500])).tolist() == [1.0, 1.0, factors[2], factors[4]]


@pytest.mark.shared
def test_the_estimate_beats_every_simple_method(census: dict[str, Finding]) -> None:
    for name in ("error-by-level", "wrong-decisions"):
        ours = only(census[name], -1, f"{OURS} %")
        for other in BASELINES:
            assert ours < only(census[name], -1, f"{other} %"), (name, other)
    flags = {row[0]: row for row in census["strong-flags"].rows}
    flipped = census["strong-flags"].columns.index("flipped %")
    assert flags[OURS][flipped] < flags[LEAST_SQUARES][flipped]  # type: ignore[operator]


@pytest.mark.shared
def test_probabilities_are_frequencies(census: dict[str, Finding]) -> None:
    """Of the cells said to be above 1 with probability p, a share p is: within sampling error."""
    bins = census["probabilities"]
    assert len(bins.rows) == 10
    apart = 0.0
    for row in range(10):
        cells, said, was = (only(bins, row, name) for name in ("cells", "said %", "was %"))
        error = 3 * np.sqrt(max(said * (1 - said), 0.01) / cells)
        assert abs(said - was) <= 0.06 + error, bins.rows[row]
        apart += cells * abs(said - was)
    assert apart / sum(only(bins, row, "cells") for row in range(10)) < 0.04


@pytest.mark.shared
def test_left_out_cells_are_found_again(figures: Path) -> None:
    files = [str(figures / f"cbp_county_naics{n}_2017_2021.parquet") for n in (4, 6)]
    table = duckdb.execute(THREE_STATES, files).to_arrow_table()
    larger = {code: code[:2] for code in set(table.column("region").to_pylist())}
    found = named(validate(table, larger=larger))
    errors = found["left-out-error"]
    for row in range(2):
        assert only(errors, row, f"{OURS} %") < only(errors, row, f"{LEAST_SQUARES} %") * 1.02
    assert only(found["left-out-intervals"], 0, "inside %") >= 0.85
    sums = {row[:3:2]: row for row in found["left-out-sums"].rows}
    error = found["left-out-sums"].columns.index("error %")
    bias = found["left-out-sums"].columns.index("bias %")
    for year in ("2018", "2019"):
        assert sums[year, OURS][error] < sums[year, "nothing filled"][error]  # type: ignore[operator]
        assert abs(sums[year, OURS][bias]) < 0.01  # type: ignore[arg-type]


def test_masks_hide_printed_cells_only_and_never_one_alone() -> None:
    cells = Given(country(2, states=3, counties=12).table).cells(2020, [2020])
    hidden = hide(cells, 2, 3)
    assert hidden.any()
    assert not np.any(hidden & ~cells.known)
    assert not np.any(hidden & (cells.depth != 2))
    assert np.array_equal(hidden, hide(cells, 2, 3))
    withheld = ~cells.known | hidden
    here = np.flatnonzero((cells.above >= 0) & (cells.depth == 2))
    number = np.bincount(cells.above[here], withheld[here], len(cells))
    new = np.bincount(cells.above[here], hidden[here], len(cells))
    siblings = np.bincount(cells.above[here], minlength=len(cells))
    bared = ~withheld & (new > 0) & (number == 1) & (siblings > 1)
    assert not bared.any(), "a hidden cell could be had by subtraction"


def test_baselines_keep_what_they_promise() -> None:
    cells = Given(country(4, states=2, counties=10).table).cells(2020, [2020])
    sums = sums_of(cells, 2)
    found = baselines(cells, sums)
    assert tuple(found) == BASELINES
    split = found["equal split"]
    inside = sums.within >= 0
    total = np.bincount(sums.within[inside], split[inside], len(sums.within_left))
    np.testing.assert_allclose(total, sums.within_left, atol=1e-6)
    fitted = found["proportional fitting"]
    total = np.bincount(sums.within[inside], fitted[inside], len(sums.within_left))
    np.testing.assert_allclose(total, np.maximum(sums.within_left, 0), atol=1e-3)
    assert all(np.all(jobs >= 0) for jobs in found.values())


def test_without_a_pattern_there_is_nothing_to_validate() -> None:
    full = country(3)
    table = full.table.set_column(4, "employment", pa.array(full.truth))
    with pytest.raises(CannotAnswer, match="pattern"):
        validate(table)


def test_a_bad_table_is_refused_as_when_completing() -> None:
    with pytest.raises(InvalidInput):
        validate(rows(("06001", "31-33", 10, -1)))
    with pytest.raises(CannotAnswer, match="contradict"):
        validate(rows(("06001", "31-33", 10, 5), ("06001", "311", 10, 50)))


@pytest.mark.proof
@pytest.mark.shared
def test_ten_states_reach_what_is_promised(figures: Path) -> None:
    """The whole file: errors against least squares, intervals in every state, every sum."""
    every = TWO_STATES.split("  and left(area_fips", maxsplit=1)[0]
    table = duckdb.execute(every, [str(figures / "qcew2016_dev_states.parquet")]).to_arrow_table()
    found = named(validate(table, masks=3, seed=101, strong=strong))
    ratios = [only(found["masks"], row, "ratio") for row in range(3)]
    assert np.mean(ratios) <= 0.86
    assert max(only(found["masks"], row, "worst, jobs") for row in range(3)) <= 0.05
    assert only(found["wrong-decisions"], -1, f"{OURS} %") <= 0.14
    assert len(found["intervals-by-state"].rows) == 10
    for row in range(10):
        assert 0.87 <= only(found["intervals-by-state"], row, "inside %") <= 0.94
        assert only(found["intervals-by-state"], row, "width") <= 1.3
