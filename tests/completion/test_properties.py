"""What must hold of every completed table, whatever it is filled with."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from clusteratlas.completion import COMPLETED, complete_table
from clusteratlas.completion.filling import fill
from clusteratlas.completion.given import Given
from clusteratlas.completion.sums import sums_of

from .plants import Country, country, jobs_of, misses, rows

KINDS: tuple[dict[str, object], ...] = (
    {},
    {"nation": True},
    {"states": 1, "counties": 8},
    {"below": 3},
    {"withheld": 0.8},
)
SLACK = 0.05
"""Jobs that a sum may be missed by."""
ANY = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
countries = some.builds(
    lambda seed, kind: country(seed, **kind),  # type: ignore[arg-type]
    some.integers(0, 10_000),
    some.sampled_from(KINDS),
)


@ANY
@given(countries)
def test_every_printed_sum_holds(made: Country) -> None:
    completed = complete_table(made.table)
    assert completed.schema == COMPLETED
    missed = misses(completed)
    assert len(missed) > 300
    assert missed.max() <= SLACK


@ANY
@given(countries)
def test_reported_rows_come_back_as_they_were(made: Country) -> None:
    completed = complete_table(made.table)
    before, after = jobs_of(made.table), jobs_of(completed)
    status = jobs_of(completed, "status")
    low, high = jobs_of(completed, "employment_low"), jobs_of(completed, "employment_high")
    count, given_count = jobs_of(completed, "establishments"), jobs_of(made.table, "establishments")
    for key, jobs in before.items():
        assert key in after
        assert count[key] == given_count[key]
        if jobs is None:
            assert status[key] in ("estimated", "withheld")
            assert (status[key] == "withheld") == (after[key] is None)
        else:
            assert after[key] == low[key] == high[key] == jobs
            assert status[key] == "reported"
    for key in after.keys() - before.keys():
        assert status[key] == "estimated"


@ANY
@given(countries)
def test_intervals_hold_their_estimates(made: Country) -> None:
    completed = complete_table(made.table)
    known = completed.filter(pc.is_valid(completed.column("employment")))
    jobs, low, high = (
        known.column(name).to_numpy()
        for name in ("employment", "employment_low", "employment_high")
    )
    assert np.all(jobs >= 0)
    assert np.all(low >= 0)
    assert np.all(low <= jobs + 1e-6)
    assert np.all(jobs <= high + 1e-6)
    assert np.all(np.isfinite(high))


@ANY
@given(countries, some.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing(made: Country, random: object) -> None:
    order = list(range(made.table.num_rows))
    random.shuffle(order)  # type: ignore[attr-defined]
    once, again = complete_table(made.table), complete_table(made.table.take(order))
    assert again.drop_columns(["employment", "employment_low", "employment_high"]).equals(
        once.drop_columns(["employment", "employment_low", "employment_high"])
    )
    for name in ("employment", "employment_low", "employment_high"):
        ours, theirs = (
            np.nan_to_num(each.column(name).to_numpy(), nan=-1.0) for each in (once, again)
        )
        np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-6)


def test_two_runs_give_the_same_bytes() -> None:
    made = country(5)
    assert complete_table(made.table).equals(complete_table(made.table))


@ANY
@given(some.integers(0, 10_000))
def test_a_fully_reported_table_comes_back_untouched(seed: int) -> None:
    made = country(seed, nation=True)
    full = made.table.set_column(4, "employment", pa.array(made.truth))
    completed = complete_table(full)
    assert completed.select(full.column_names).equals(
        full.sort_by([("region", "ascending"), ("industry", "ascending")])
    )
    assert set(completed.column("status").to_pylist()) == {"reported"}


@pytest.mark.parametrize("factor", [10.0, 100.0])
def test_more_jobs_everywhere_are_more_jobs_everywhere(factor: float) -> None:
    """Ten times the jobs in every row: estimates ten times as large, apart from the half job
    that logarithms need and that weighs less."""
    made = country(7, counties=8)
    more = made.table.set_column(
        4, "employment", pc.multiply(made.table.column("employment"), factor)
    )
    once = complete_table(made.table).column("employment").to_numpy()
    scaled = complete_table(more).column("employment").to_numpy()
    assert np.abs(scaled / factor - once).sum() / once.sum() < 0.01


@ANY
@given(some.integers(0, 10_000), some.floats(0.3, 0.95))
def test_bounds_are_kept(seed: int, near: float) -> None:
    made = country(seed)
    withheld = np.isnan(made.table.column("employment").to_numpy(zero_copy_only=False))
    low = np.where(withheld, np.floor(near * made.truth), np.nan)
    high = np.where(withheld, np.ceil(made.truth / near), np.nan)
    bounded = made.table.append_column("employment_low", pa.array(low, mask=np.isnan(low)))
    bounded = bounded.append_column("employment_high", pa.array(high, mask=np.isnan(high)))
    completed = complete_table(bounded)
    jobs = jobs_of(completed)
    lows, highs = jobs_of(bounded, "employment_low"), jobs_of(bounded, "employment_high")
    ends = jobs_of(completed, "employment_low"), jobs_of(completed, "employment_high")
    leaves = {key for key in jobs if len(key[1]) == 6}
    for key in leaves:
        if lows[key] is not None and jobs[key] is not None:
            assert lows[key] - SLACK <= jobs[key] <= highs[key] + SLACK
            assert lows[key] - SLACK <= ends[0][key]
            assert ends[1][key] <= highs[key] + SLACK
    assert misses(completed).max() <= SLACK


@ANY
@given(countries)
def test_possible_tables_keep_the_sums_of_regions(made: Country) -> None:
    """Each draw is a table by itself: what a printed row leaves, its unknown cells add up to."""
    cells = Given(made.table).cells(2020, [2020])
    filled = fill(cells, draws=7)
    deepest = int(filled.cells.depth.max())
    sums = sums_of(filled.cells, deepest)
    assert np.array_equal(sums.cells, filled.drawn)
    assert filled.draws.shape == (len(sums.cells), 7)
    assert np.all(filled.draws >= 0)
    for draw in filled.draws.T:
        inside = sums.within >= 0
        total = np.bincount(sums.within[inside], draw[inside], minlength=len(sums.within_left))
        left = np.maximum(sums.within_left, 0)
        assert np.all(np.abs(total - left) <= 0.05 + 1e-3 * left)


@ANY
@given(countries)
def test_possible_tables_lie_where_the_intervals_say(made: Country) -> None:
    """What the sums fix is drawn as fixed; the rest of the tables hold the same interval."""
    cells = Given(made.table).cells(2020, [2020])
    filled = fill(cells, draws=40)
    low, high = filled.low[filled.drawn], filled.high[filled.drawn]
    least, most = np.quantile(filled.draws, [0.05, 0.95], axis=1)
    near = 0.5 + 1e-3 * high  # a low end that rounds to nothing is nothing
    assert np.all(least >= low - near)
    assert np.all(most <= high + near)
    fixed = high - low < SLACK
    assert np.all(np.ptp(filled.draws[fixed], axis=1) <= near[fixed])


def test_years_are_completed_side_by_side() -> None:
    """Another year's figures are hints, never cells of this one."""
    first, second = country(3, year=2019), country(3, year=2020)
    both = complete_table(pa.concat_tables([first.table, second.table]))
    assert set(both.column("year").to_pylist()) == {2019, 2020}
    for year in (2019, 2020):
        part = both.filter(pc.equal(both.column("year"), year))
        assert misses(part).max() <= SLACK
        assert part.num_rows == first.table.num_rows


def test_nothing_withheld_becomes_zero_by_default() -> None:
    """A withheld cell that nothing binds stays withheld; one that is bound is no zero."""
    completed = complete_table(
        rows(("06001", "311", 4, None), ("06003", "31-33", 9, 90), ("06003", "311", 9, None))
    )
    jobs, status = jobs_of(completed), jobs_of(completed, "status")
    assert jobs["06003", "311"] == pytest.approx(90)
    assert status["06001", "311"] in ("withheld", "estimated")
    assert jobs["06001", "311"] is None or jobs["06001", "311"] > 0


def test_withheld_rows_above_others_keep_their_bounds() -> None:
    """The leaves alone would give the sector a hundredth of what its flag says."""
    completed = complete_table(
        rows(
            ("06001", "00", 100, 3000),
            ("06001", "31-33", 4, None, 250, 499),
            ("06001", "311", 2, None),
            ("06001", "312", 2, None),
            ("06001", "54", 96, None),
        )
    )
    jobs = jobs_of(completed)
    low, high = jobs_of(completed, "employment_low"), jobs_of(completed, "employment_high")
    sector, other = ("06001", "31-33"), ("06001", "54")
    assert 250 - SLACK <= jobs[sector] <= 499 + SLACK
    assert 250 - SLACK <= low[sector] <= jobs[sector] <= high[sector] <= 499 + SLACK
    assert jobs[sector] + jobs[other] == pytest.approx(3000, abs=SLACK)


def test_a_large_rest_does_not_fall_to_one_cell() -> None:
    """Alike cells that must hold far more than expected hold alike shares of it."""
    names = ("311", "312", "313", "314", "315", "316")
    cells = [("06001", name, 5.5 if name == "314" else 5, None) for name in names]
    jobs = jobs_of(complete_table(rows(("06001", "31-33", 30.5, 4000), *cells)))
    shares = [jobs["06001", name] or 0 for name in names]
    assert sum(shares) == pytest.approx(4000, abs=SLACK)
    assert max(shares) < 1.2 * min(shares)
    assert max(shares) == shares[3]
