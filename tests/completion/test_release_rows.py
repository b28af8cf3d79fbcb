"""The employment table of a release, completed: whole jobs, reported rows untouched, draws."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as some

from clusteratlas.completion import Completed, complete_employment
from clusteratlas.completion.trees import industry_parent
from clusteratlas.tables import EMPLOYMENT, check

from .plants import Country, country
from .test_properties import ANY, KINDS

countries = some.builds(
    lambda seed, kind: country(seed, **kind),  # type: ignore[arg-type]
    some.integers(0, 10_000),
    some.sampled_from([kind for kind in KINDS if "nation" not in kind]),
)


def employment(made: Country) -> pa.Table:
    """The same figures by the contract of a release."""
    regions, industries = made.codes
    jobs = made.table.column("employment").to_numpy(zero_copy_only=False)
    withheld = np.isnan(jobs)
    state = np.char.endswith(regions, "000")
    size = len(jobs)

    def integers(values: np.ndarray) -> pa.Array:
        return pa.array(np.nan_to_num(values).astype(np.int64), mask=np.isnan(values))

    columns = {
        "scheme": np.where(state, "us-state", "us-county").tolist(),
        "region": [code[:2] if code.endswith("000") else code for code in regions.tolist()],
        "industry": industries.tolist(),
        "year": pa.array(np.full(size, 2020, dtype=np.int16)),
        "source": ["made-up-2020"] * size,
        "employment": integers(jobs),
        "establishments": integers(made.table.column("establishments").to_numpy()),
        "status": np.where(withheld, "withheld", "reported").tolist(),
        "printed_in": pa.array(np.where(withheld, 0, 1)),
        "employment_reported": integers(np.where(withheld, np.nan, jobs)),
    }
    arrays = [
        pa.array(columns[field.name], field.type)
        if isinstance(columns.get(field.name), list)
        else columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(size, field.type)
        for field in EMPLOYMENT.schema
    ]
    return pa.table(arrays, schema=EMPLOYMENT.schema)


def completed(table: pa.Table, draws: int = 20) -> Completed:
    codes = set(table.column("industry").to_pylist())
    counties = set(
        table.filter(pc.equal(table.column("scheme"), "us-county")).column("region").to_pylist()
    )
    done = complete_employment(
        table,
        scheme="us-county",
        year=2020,
        industry_parent={code: industry_parent(code) for code in codes},
        region_parent={("us-county", code): ("us-state", code[:2]) for code in counties},
        draws=draws,
    )
    assert done is not None
    return done


def by_cell(table: pa.Table) -> dict[tuple[str, str, str], dict[str, object]]:
    return {(row["scheme"], row["region"], row["industry"]): row for row in table.to_pylist()}


@ANY
@given(countries)
def test_rows_by_the_contract_reported_ones_untouched(made: Country) -> None:
    table = employment(made)
    done = completed(table).employment
    check(done, EMPLOYMENT)
    before, after = by_cell(table), by_cell(done)
    assert before.keys() <= after.keys()
    for key, row in after.items():
        old = before.get(key)
        if old is not None and old["status"] == "reported":
            assert row == old
        elif row["status"] == "estimated":
            assert row["employment_reported"] == 0
            assert 0 <= row["employment_low"] <= row["employment"] <= row["employment_high"]  # type: ignore[operator]
        else:
            assert row["status"] == "withheld"


@ANY
@given(countries)
def test_whole_jobs_still_add_up_within_a_region(made: Country) -> None:
    """Under each printed row the finest rows make it up, to the job."""
    rows = by_cell(completed(employment(made)).employment)
    beneath: dict[tuple[str, str, str], int] = {}
    places: dict[tuple[str, str, str], int] = {}
    for (scheme, region, industry), row in rows.items():
        if scheme == "us-county" and len(industry) == 6:
            above = industry_parent(industry)
            while above is not None:
                key = (scheme, region, above)
                beneath[key] = beneath.get(key, 0) + int(row["employment"] or 0)  # type: ignore[call-overload]
                places[key] = places.get(key, 0) + int(row["establishments"] or 0)  # type: ignore[call-overload]
                above = industry_parent(above)
    whole = [
        abs(beneath[key] - int(rows[key]["employment"]))  # type: ignore[call-overload]
        for key in beneath
        if key in rows
        and rows[key]["status"] == "reported"
        and places[key] == rows[key]["establishments"]
    ]
    assert len(whole) > 50
    assert max(whole) == 0


def test_draws_are_tables_of_the_finest_estimated_cells() -> None:
    done = completed(employment(country(6, counties=8)), draws=30)
    assert done.draws.shape == (done.cells.num_rows, 30)
    assert done.draws.dtype == np.float32
    assert np.all(done.draws >= 0)
    rows = by_cell(done.employment)
    inside = 0
    for cell, draws in zip(done.cells.to_pylist(), done.draws, strict=True):
        row = rows[cell["scheme"], cell["region"], cell["industry"]]
        assert row["status"] == "estimated"
        low, high = row["employment_low"], row["employment_high"]
        inside += int(np.sum((draws >= low - 1) & (draws <= high + 1)))  # type: ignore[operator]
    assert inside / done.draws.size > 0.85


def test_nothing_to_fill_is_no_answer() -> None:
    made = country(3)
    full = Country(made.table.set_column(4, "employment", pa.array(made.truth)), made.truth)
    table = employment(full)
    codes = set(table.column("industry").to_pylist())
    assert (
        complete_employment(
            table,
            scheme="us-county",
            year=2020,
            industry_parent={code: industry_parent(code) for code in codes},
            region_parent={},
        )
        is None
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_two_runs_give_the_same_release(seed: int) -> None:
    table = employment(country(seed))
    once, again = completed(table), completed(table)
    assert once.employment.equals(again.employment)
    assert np.array_equal(once.draws, again.draws)
