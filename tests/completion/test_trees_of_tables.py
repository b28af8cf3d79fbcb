"""Hierarchies as printed: range sectors, statewide rows, single children, absent cells."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.completion import complete_table

from .plants import country, jobs_of, misses, rows


def test_a_single_withheld_child_is_had_by_subtraction() -> None:
    completed = complete_table(
        rows(("06001", "31-33", 10, 500), ("06001", "311", 6, 380), ("06001", "312", 4, None))
    )
    jobs = jobs_of(completed)
    assert jobs["06001", "312"] == pytest.approx(120, abs=0.05)
    low, high = jobs_of(completed, "employment_low"), jobs_of(completed, "employment_high")
    assert low["06001", "312"] == pytest.approx(120, abs=0.1)
    assert high["06001", "312"] == pytest.approx(120, abs=0.1)
    assert jobs_of(completed, "status")["06001", "312"] == "estimated"


def test_a_chain_of_single_children_is_one_unknown() -> None:
    """334 - 3344 - 33441 - 334413 withheld whole: all four are the same figure."""
    chain = ("334", "3344", "33441", "334413")
    completed = complete_table(
        rows(
            ("06001", "31-33", 12, 900),
            ("06001", "332", 8, None),
            *(("06001", code, 4, None) for code in chain),
        )
    )
    jobs = jobs_of(completed)
    figures = [jobs["06001", code] for code in chain]
    assert np.ptp(figures) < 1e-6
    assert figures[0] + jobs["06001", "332"] == pytest.approx(900, abs=0.05)
    for end in ("employment_low", "employment_high"):
        assert np.ptp([jobs_of(completed, end)["06001", code] for code in chain]) < 1.0


@pytest.mark.parametrize(
    ("sector", "children"),
    [
        ("31-33", ("311", "321", "332")),
        ("44-45", ("441", "445", "455")),
        ("48-49", ("484", "492", "493")),
        ("11", ("111", "112", "113")),
    ],
)
def test_range_sectors_hold_all_their_prefixes(sector: str, children: tuple[str, ...]) -> None:
    completed = complete_table(
        rows(
            ("06001", sector, 12, 600),
            ("06001", children[0], 6, 300),
            ("06001", children[1], 4, None),
            ("06001", children[2], 2, None),
        )
    )
    jobs = jobs_of(completed)
    assert jobs["06001", children[1]] + jobs["06001", children[2]] == pytest.approx(300, abs=0.05)


@pytest.mark.parametrize("total", ["00", "10"])
def test_both_codes_of_the_total_are_read(total: str) -> None:
    completed = complete_table(
        rows(
            ("06001", total, 20, 1000),
            ("06001", "11", 8, None),
            ("06001", "31-33", 12, 700),
        )
    )
    assert jobs_of(completed)["06001", "11"] == pytest.approx(300, abs=0.05)


def test_each_row_comes_back_in_the_spelling_it_was_given() -> None:
    """One table, the same state as 06 and as 06000, the nation as US and as US000."""
    given = (
        ("06", "311", 15, 800),
        ("06000", "312", 9, 300),
        ("US", "311", 15, 800),
        ("US000", "312", 9, 300),
        ("06001", "311", 6, 500),
        ("06003", "311", 9, None),
        ("06001", "312", 9, 300),
    )
    jobs = jobs_of(complete_table(rows(*given)))
    assert set(jobs) == {(row[0], row[1]) for row in given}
    assert jobs["06003", "311"] == pytest.approx(300, abs=0.05)
    assert jobs["06", "311"] == jobs["US", "311"] == 800


def test_mixed_spelling_and_found_cells_go_together() -> None:
    table = rows(
        ("06", "3111", 15, 300),
        ("06000", "311111", 9, 190),
        ("06", "311119", 6, 110),
        ("06001", "3111", 6, 100),
        ("06001", "311111", 4, 70),
        ("06003", "3111", 9, 200),
        ("06003", "311111", 5, 120),
        ("06003", "311119", 4, 80),
    )
    jobs = jobs_of(complete_table(table))
    assert jobs["06001", "311119"] == pytest.approx(30, abs=0.05)
    assert ("06", "3111") in jobs
    assert ("06000", "311111") in jobs


@pytest.mark.parametrize("state", ["06", "06000"])
def test_a_state_is_written_in_either_way(state: str) -> None:
    completed = complete_table(
        rows(
            (state, "311", 15, 800),
            ("06001", "311", 6, 500),
            ("06003", "311", 5, None),
            ("06005", "311", 4, None),
        )
    )
    jobs = jobs_of(completed)
    assert jobs[state, "311"] == 800
    assert jobs["06003", "311"] + jobs["06005", "311"] == pytest.approx(300, abs=0.05)


def test_the_statewide_row_belongs_to_the_state() -> None:
    """Area xx999 holds what no county is named for."""
    completed = complete_table(
        rows(
            ("06000", "311", 15, 800),
            ("06001", "311", 6, 500),
            ("06003", "311", 5, 200),
            ("06999", "311", 4, None),
        )
    )
    assert jobs_of(completed)["06999", "311"] == pytest.approx(100, abs=0.05)


@pytest.mark.parametrize("nation", ["US", "US000"])
def test_the_nation_binds_its_states(nation: str) -> None:
    completed = complete_table(
        rows(
            (nation, "311", 30, 2000),
            ("06000", "311", 20, None),
            ("12000", "311", 10, 700),
            ("06001", "311", 12, None),
            ("06003", "311", 8, 400),
            ("12001", "311", 10, 700),
        )
    )
    jobs = jobs_of(completed)
    assert jobs["06000", "311"] == pytest.approx(1300, abs=0.05)
    assert jobs["06001", "311"] == pytest.approx(900, abs=0.1)


def test_a_state_that_is_not_printed_is_no_sum() -> None:
    """As California's and Texas's statewide rows in the file: counties stand by themselves."""
    completed = complete_table(
        rows(
            ("06001", "31-33", 9, 450),
            ("06001", "311", 5, None),
            ("06001", "312", 4, None),
            ("06003", "31-33", 9, 450),
            ("06003", "311", 5, 300),
            ("06003", "312", 4, 150),
        )
    )
    assert misses(completed).max() <= 0.05


def test_a_state_whose_counties_are_not_all_given_does_not_bind_them() -> None:
    """The state has 100 establishments, its counties in the table 11: the rest is not theirs."""
    completed = complete_table(
        rows(
            ("06000", "311", 100, 90_000),
            ("06001", "311", 6, None),
            ("06001", "31-33", 6, 60),
            ("06003", "311", 5, 50),
            ("06003", "31-33", 5, 50),
        )
    )
    assert jobs_of(completed)["06001", "311"] == pytest.approx(60, abs=0.05)


def test_absent_cells_are_found_through_their_parents() -> None:
    made = country(11, below=3)
    completed = complete_table(made.table)
    before = jobs_of(made.table)
    added = {key: jobs for key, jobs in jobs_of(completed).items() if key not in before}
    assert added
    count = jobs_of(completed, "establishments")
    for key in added:
        assert not key[0].endswith("000")
        if len(key[1]) == 6:
            assert count[key] < 2.5, "three establishments would have been printed"
    assert misses(completed).max() <= 0.05


def test_the_rows_between_come_with_found_cells_and_add_up() -> None:
    """31121 is absent between 3112, which is printed, and 311211 and 311212, which are found."""
    completed = complete_table(
        rows(
            ("06000", "3112", 13, 500),
            ("06000", "31121", 13, 500),
            ("06000", "311211", 8, 350),
            ("06000", "311212", 5, 150),
            ("06001", "3112", 3, 100),
            ("06003", "3112", 10, 400),
            ("06003", "31121", 10, 400),
            ("06003", "311211", 6, 280),
            ("06003", "311212", 4, 120),
        )
    )
    jobs, status = jobs_of(completed), jobs_of(completed, "status")
    low, high = jobs_of(completed, "employment_low"), jobs_of(completed, "employment_high")
    five = ("06001", "31121")
    assert status[five] == "estimated"
    assert jobs[five] == pytest.approx(100, abs=0.05)
    assert jobs["06001", "311211"] == pytest.approx(70, abs=0.1)
    assert jobs["06001", "311212"] == pytest.approx(30, abs=0.1)
    assert jobs_of(completed, "establishments")[five] == pytest.approx(3, abs=0.05)
    assert low[five] <= jobs[five] <= high[five]
    assert completed.num_rows == 12


def test_every_found_cell_hangs_on_a_row_of_each_level_that_is_printed() -> None:
    completed = complete_table(country(11, below=3).table)
    given = set(jobs_of(completed))
    for (region, industry), status in jobs_of(completed, "status").items():
        if status == "estimated" and len(industry) == 6:
            assert (region, industry[:5]) in given
            assert (region, industry[:4]) in given


def test_levels_that_are_never_printed_are_not_made_up() -> None:
    completed = complete_table(
        rows(
            ("06001", "3112", 5, 100),
            ("06001", "311211", 3, 60),
            ("06003", "3112", 10, 400),
            ("06003", "311211", 6, 280),
            ("06003", "311212", 4, 120),
        )
    )
    assert jobs_of(completed)["06001", "311212"] == pytest.approx(40, abs=0.05)
    assert {len(key[1]) for key in jobs_of(completed)} == {4, 6}


def test_a_code_that_only_the_state_prints_is_looked_for_in_its_counties() -> None:
    """No county prints 311212; the state does, so it exists and lies where a parent misses it."""
    completed = complete_table(
        rows(
            ("06000", "3112", 14, 500),
            ("06000", "311211", 12, 460),
            ("06000", "311212", 2, 40),
            ("06001", "3112", 6, 140),
            ("06001", "311211", 4, 100),
            ("06003", "3112", 8, 360),
            ("06003", "311211", 8, 360),
        )
    )
    jobs = jobs_of(completed)
    assert jobs["06001", "311212"] == pytest.approx(40, abs=0.05)
    assert ("06003", "311212") not in jobs


def test_a_code_that_no_row_has_is_nowhere() -> None:
    """What a parent misses goes to codes of the table, never to others of the classification."""
    completed = complete_table(
        rows(
            ("06001", "3112", 6, 140),
            ("06001", "311211", 4, 100),
            ("06003", "3112", 8, 360),
            ("06003", "311211", 8, 360),
        )
    )
    assert completed.num_rows == 4


def test_a_missing_job_goes_to_the_only_industry_that_can_hold_it() -> None:
    completed = complete_table(
        rows(
            ("06001", "3111", 6, 100),
            ("06001", "311111", 4, 70),
            ("06003", "3111", 9, 200),
            ("06003", "311111", 5, 120),
            ("06003", "311119", 4, 80),
        )
    )
    jobs = jobs_of(completed)
    assert jobs["06001", "311119"] == pytest.approx(30, abs=0.05)
    assert jobs_of(completed, "establishments")["06001", "311119"] == pytest.approx(2, abs=0.05)
    assert jobs_of(completed, "status")["06001", "311119"] == "estimated"


def test_complete_parents_get_no_absent_children() -> None:
    completed = complete_table(
        rows(
            ("06001", "3111", 4, 70),
            ("06001", "311111", 4, 70),
            ("06003", "3111", 9, 200),
            ("06003", "311111", 5, 120),
            ("06003", "311119", 4, 80),
        )
    )
    assert completed.num_rows == 5


def test_agency_splits_beside_each_other_add_up() -> None:
    """238111 and 238112 are the agency's own halves of 23811; there is no 238110."""
    completed = complete_table(
        rows(
            ("06001", "23811", 10, 200),
            ("06001", "238111", 6, None),
            ("06001", "238112", 4, None),
        )
    )
    jobs = jobs_of(completed)
    assert jobs["06001", "238111"] + jobs["06001", "238112"] == pytest.approx(200, abs=0.05)


def test_unknown_establishments_are_no_zero() -> None:
    completed = complete_table(
        rows(("06001", "31-33", 10, 500), ("06001", "311", None, None), ("06001", "312", 4, 100))
    )
    assert jobs_of(completed)["06001", "311"] == pytest.approx(400, abs=0.05)
