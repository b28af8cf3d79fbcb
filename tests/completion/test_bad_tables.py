"""Tables that cannot be completed are told whole: which cells, and the sums on both sides."""

from __future__ import annotations

import pyarrow as pa
import pytest

from clusteratlas.completion import complete_table
from clusteratlas.tables import Fault, InvalidInput

from .plants import rows


def faults(table: pa.Table) -> list[Fault]:
    with pytest.raises(InvalidInput) as caught:
        complete_table(table, file="jobs.csv")
    assert caught.value.total >= len(caught.value.faults)
    assert all(fault.file == "jobs.csv" for fault in caught.value.faults)
    return list(caught.value.faults)


def test_children_above_their_parent_are_named_with_both_sums() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, 500),
            ("06001", "311", 6, 380),
            ("06001", "312", 4, 140),
            ("06001", "313", 1, 5),
        )
    )
    text = str(found[0])
    assert len(found) == 1
    for part in ("06001", "31-33", "311 (380)", "312 (140)", "520", "500"):
        assert part in text, part
    assert "313" not in text, "the smallest set that contradicts"


def test_counties_above_their_state_are_named() -> None:
    found = faults(rows(("06000", "311", 8, 100), ("06001", "311", 4, 80), ("06003", "311", 4, 70)))
    text = str(found[0])
    for part in ("06000", "06001", "06003", "150", "100"):
        assert part in text, part


def test_bounds_that_cannot_reach_the_sum_are_named() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, 500),
            ("06001", "311", 6, None, 0, 100),
            ("06001", "312", 4, None, 0, 99),
        )
    )
    text = str(found[0])
    for part in ("cannot reach", "311", "312", "199", "500"):
        assert part in text, part


def test_bounds_that_must_exceed_the_sum_are_named() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, 500),
            ("06001", "311", 6, None, 400, 900),
            ("06001", "312", 4, None, 250, 900),
        )
    )
    text = str(found[0])
    for part in ("311", "312", "650", "500"):
        assert part in text, part


def test_printed_children_above_the_bound_of_a_withheld_parent_are_named() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, None, 0, 19),
            ("06001", "311", 5, 15),
            ("06001", "312", 4, 12),
            ("06001", "313", 1, 1),
        )
    )
    text = str(found[0])
    for part in ("31-33", "311 (15)", "312 (12)", "27", "at most 19"):
        assert part in text, part
    assert "313" not in text, "the smallest set that contradicts"


def test_a_printed_child_and_a_lower_bound_contradict() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, 500),
            ("06001", "311", 6, 300),
            ("06001", "312", 4, None, 250, 900),
        )
    )
    assert "550" in str(found[0])
    assert "500" in str(found[0])


def test_low_above_high_is_named_by_row() -> None:
    found = faults(rows(("06001", "31-33", 10, 500), ("06001", "311", 6, None, 90, 80)))
    assert [(fault.row, fault.column) for fault in found] == [(2, "employment_low")]


def test_all_faults_of_form_come_at_once() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, -5),
            ("6001", "311", 6, 3),
            ("06001", "ABC", -6, 3),
            ("06001", "312", 6, float("nan")),
            ("06001", "313", 6, float("inf")),
            (None, "314", 6, 3),
        )
    )
    named = {(fault.row, fault.column) for fault in found}
    assert {
        (1, "employment"),
        (2, "region"),
        (3, "industry"),
        (3, "establishments"),
        (5, "employment"),
        (6, "region"),
    } <= named
    assert all(fault.hint for fault in found)


@pytest.mark.parametrize("name", ["region", "industry", "year", "establishments", "employment"])
def test_a_missing_column_is_named(name: str) -> None:
    table = rows(("06001", "31-33", 10, 500))
    found = faults(table.drop_columns([name]))
    assert [fault.column for fault in found] == [name]


def test_a_table_without_rows_is_told() -> None:
    assert "no rows" in str(faults(rows(("06001", "31-33", 10, 500)).slice(0, 0))[0])


@pytest.mark.parametrize("again", ["06001", "06000", "06"])
def test_a_cell_given_twice_is_named_with_both_rows(again: str) -> None:
    first = "06000" if again == "06" else again
    found = faults(
        rows((first, "31-33", 10, 500), ("06003", "31-33", 3, 20), (again, "31-33", 11, 510))
    )
    assert found[0].row == 3
    assert "row 1" in str(found[0])


def test_a_county_in_no_state_is_named() -> None:
    found = faults(rows(("99001", "31-33", 10, 500), ("06001", "31-33", 10, 500)))
    assert [(fault.row, fault.column) for fault in found] == [(1, "region")]


def test_an_empty_year_is_named() -> None:
    table = rows(("06001", "31-33", 10, 500))
    found = faults(table.set_column(2, "year", pa.array([None], pa.int16())))
    assert [(fault.row, fault.column) for fault in found] == [(1, "year")]


def test_words_for_numbers_are_told() -> None:
    table = rows(("06001", "31-33", 10, 500))
    found = faults(table.set_column(4, "employment", pa.array(["many"])))
    assert found[0].column == "employment"


def test_rounding_and_noise_are_no_contradiction() -> None:
    """A hundredth here and there, as in averages of twelve months."""
    completed = complete_table(
        rows(
            ("19001", "31-33", 10, 500),
            ("19001", "311", 6, 380.02),
            ("19001", "312", 4, 120.01),
            ("19003", "31-33", 10, 500),
            ("19003", "311", 6, None),
            ("19003", "312", 4, 120),
        )
    )
    assert completed.num_rows == 6
