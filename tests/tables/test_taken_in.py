"""Contracts of the tables that files are taken in as."""

from __future__ import annotations

import pyarrow as pa
import pytest

from clusteratlas.tables import (
    BEA_CODES,
    CONTRACTS,
    INDICATORS,
    STATUSES,
    TAKEN_IN,
    Contract,
    find_faults,
)


@pytest.mark.parametrize("contract", TAKEN_IN.values(), ids=TAKEN_IN)
def test_they_say_what_each_column_is_and_in_which_unit(contract: Contract) -> None:
    assert set(contract.key) <= set(contract.names)
    assert len(set(contract.names)) == len(contract.names)
    for column in contract.columns:
        assert column.meaning
        if not pa.types.is_string(column.type):
            assert column.unit, column.name
    if "status" in contract.names:
        assert contract.column("status").words == STATUSES


def test_indicators_are_a_table_of_a_release() -> None:
    assert CONTRACTS["indicators"] is INDICATORS
    assert BEA_CODES.name not in CONTRACTS


def test_a_value_and_its_status_agree() -> None:
    row = {
        "scheme": "us-county",
        "region": "06085",
        "indicator": "x",
        "year": 2021,
        "source": "me",
        "title": "X",
        "unit": "percent",
    }
    good = [{**row, "value": 0.0, "status": "reported"}]
    assert find_faults(pa.Table.from_pylist(good, INDICATORS.schema), INDICATORS) == ([], 0)
    for value, status in ((None, "reported"), (1.0, "withheld"), (1.0, "unpublished")):
        bad = pa.Table.from_pylist([{**row, "value": value, "status": status}], INDICATORS.schema)
        faults, total = find_faults(bad, INDICATORS)
        assert (total, faults[0].column) == (1, "value"), (value, status)
