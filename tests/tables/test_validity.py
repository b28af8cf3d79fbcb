"""A table is held against its contract: every fault at once, each with its place."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from clusteratlas.tables import (
    CONTRACTS,
    EMPLOYMENT,
    STATUSES,
    CannotAnswer,
    Fault,
    InvalidInput,
    check,
    find_faults,
)

GOOD: dict[str, Any] = {
    "scheme": "us-county",
    "region": "06085",
    "industry": "334413",
    "year": 2021,
    "source": "cbp-2021",
    "employment": 10,
    "employment_low": 10,
    "employment_high": 10,
    "establishments": 3,
    "payroll": 900,
    "status": "reported",
}


def table(*changes: dict[str, Any]) -> pa.Table:
    rows = [{**GOOD, "industry": f"{334411 + n}", **change} for n, change in enumerate(changes)]
    return pa.Table.from_pylist(rows, schema=EMPLOYMENT.schema)


def test_a_good_table_comes_back_in_the_order_of_the_contract() -> None:
    shuffled = table({}, {}).select(sorted(EMPLOYMENT.names))
    assert check(shuffled, EMPLOYMENT).schema == EMPLOYMENT.schema


@pytest.mark.parametrize(
    ("change", "column", "problem"),
    [
        ({"employment": -1, "employment_low": -1}, "employment", "employment is negative"),
        ({"employment": None}, "employment", "a reported figure has no employment"),
        ({"status": "guessed"}, "status", "status is none of the known words"),
        (
            {"status": "withheld", "employment_high": None, "employment_low": 3},
            "employment",
            "a withheld figure may only hold the part that is known",
        ),
        ({"status": "unpublished"}, "employment", "an unpublished figure has employment"),
        ({"employment_high": 4}, "employment_high", "employment_high is below employment_low"),
        (
            {"status": "estimated", "employment": 50},
            "employment",
            "employment lies outside its own bounds",
        ),
        ({"region": " "}, "region", "region is empty"),
        ({"region": None}, "region", "region is empty"),
        ({"year": 20}, "year", "year is below 1900"),
    ],
)
def test_each_fault_names_row_column_and_problem(
    change: dict[str, Any], column: str, problem: str
) -> None:
    faults, total = find_faults(table({}, change), EMPLOYMENT, file="jobs.csv", first_row=2)
    mine = [fault for fault in faults if fault.problem.startswith(problem)]
    assert [(fault.file, fault.row, fault.column) for fault in mine] == [("jobs.csv", 3, column)]
    assert total == len(faults)


def test_withheld_may_hold_nothing_or_the_known_part() -> None:
    known = {"status": "withheld", "employment_high": None}
    nothing = {**known, "employment": None, "employment_low": 0}
    assert find_faults(table(known, nothing), EMPLOYMENT) == ([], 0)


def test_a_duplicate_key_names_both_rows() -> None:
    twice = pa.concat_tables([table({}), table({})])
    (fault,) = find_faults(twice, EMPLOYMENT, file="jobs.csv", first_row=2)[0]
    assert fault.row == 3
    assert "stands already in row 2" in fault.problem
    assert "2021" in fault.value


def test_missing_columns_and_bad_types_are_told_together() -> None:
    bad = table({}).drop(["status", "payroll"])
    bad = bad.set_column(5, "employment", pa.array(["many"]))
    with pytest.raises(InvalidInput) as caught:
        check(bad, EMPLOYMENT, file="jobs.csv")
    told = {fault.column for fault in caught.value.faults}
    assert told == {"status", "payroll", "employment"}
    assert str(caught.value).startswith("3 faults in the input; nothing was written.")


def test_many_faults_are_counted_and_the_first_are_spelled_out() -> None:
    many = table(*({"employment": -1, "employment_low": -1} for _ in range(300)))
    with pytest.raises(InvalidInput) as caught:
        check(many, EMPLOYMENT)
    assert caught.value.total == 600  # employment and its lower bound, row by row
    assert "... and 550 more faults" in str(caught.value)


def test_the_four_words_and_units_stand_in_every_contract() -> None:
    assert STATUSES == ("reported", "estimated", "withheld", "unpublished")
    for contract in CONTRACTS.values():
        assert set(contract.key) <= set(contract.names)
        for column in contract.columns:
            assert column.meaning
            if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
                assert column.unit, f"{contract.name}.{column.name} has no unit"
            assert column.name not in contract.key or not column.nullable


def test_a_fault_reads_as_one_sentence_with_its_hint() -> None:
    fault = Fault("employment is negative", "jobs.csv", 7, "employment", "-3", "use 0 or more")
    assert str(fault) == (
        "jobs.csv, row 7, column employment: employment is negative (found '-3'). "
        "Hint: use 0 or more."
    )
    assert "Hint: ask again" in str(CannotAnswer("no figure", hint="ask again"))
