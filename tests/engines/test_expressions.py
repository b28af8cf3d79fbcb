"""Sums, shares and quotients: the same answers on each engine, by hand and by `measures`."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusteratlas.engine import (
    DuckDBEngine,
    Engine,
    coarse_totals,
    regional_clusters,
    shares_and_quotients,
    sum_over_regions,
    unprinted_jobs,
)
from clusteratlas.measures import location_quotient, region_share
from clusteratlas.tables import DEFINITIONS, EMPLOYMENT, MEMBERSHIPS

NAMES = EMPLOYMENT.names


def employment(*rows: tuple[object, ...]) -> pa.Table:
    """Rows of (scheme, region, industry, year, employment, establishments, payroll, status)."""
    full = []
    for scheme, region, industry, year, jobs, establishments, payroll, status in rows:
        low = jobs if jobs is not None else (0 if status == "withheld" else None)
        high = None if status == "withheld" else jobs
        values = (scheme, region, industry, year, "s", jobs, low, high)
        printed_in = int(jobs is not None and status != "withheld")
        cells = (*values, establishments, payroll, status, printed_in, jobs)
        full.append(dict(zip(NAMES, cells, strict=True)))
    return pa.Table.from_pylist(full, schema=EMPLOYMENT.schema)


def printed_in(table: pa.Table, *counts: int) -> pa.Table:
    """The same rows, printed in so many of the smallest regions."""
    place = table.schema.get_field_index("printed_in")
    return table.set_column(place, "printed_in", pa.array(counts, pa.int64())).cast(table.schema)


COUNTIES = employment(
    ("us-county", "01", "a", 2020, 10, 2, 5, "reported"),
    ("us-county", "02", "a", 2020, None, 3, 7, "withheld"),
    ("us-county", "02", "b", 2020, 4, 1, 1, "reported"),
    ("us-county", "01", "A", 2020, 12, 2, 5, "reported"),
    ("us-county", "02", "A", 2020, 9, 2, 5, "reported"),
)
NATION = printed_in(
    employment(
        ("n", "N", "a", 2020, 10, 5, 12, "withheld"),
        ("n", "N", "b", 2020, 4, 1, 1, "reported"),
        ("n", "N", "A", 2020, 21, 4, 10, "reported"),
    ),
    *(1, 1, 2),
)
MEMBERS = pa.Table.from_pylist(
    [
        {"scheme": "us-county", "region": code, "in_scheme": "n", "in_region": "N"}
        for code in ("01", "02")
    ],
    schema=MEMBERSHIPS.schema,
)
DEFINITION = pa.Table.from_pylist(
    [
        dict(zip(DEFINITIONS.names, ("d", "x", *row), strict=True))
        for row in (
            ("a", "1", "s1", True, 0.5),
            ("a", "2", None, True, 0.5),
            ("b", "2", None, True, 1.0),
        )
    ],
    schema=DEFINITIONS.schema,
)


def test_a_sum_with_a_withheld_member_is_withheld_and_holds_what_is_known(engine: Engine) -> None:
    frame = sum_over_regions(engine.frame(COUNTIES), engine.frame(MEMBERS))
    found = engine.collect(frame, sort=["industry"]).select(list(NAMES)).cast(EMPLOYMENT.schema)
    assert found.sort_by("industry").to_pylist() == NATION.sort_by("industry").to_pylist()


def test_a_cluster_of_nothing_but_withheld_cells_has_no_jobs_and_is_not_zero(
    engine: Engine,
) -> None:
    frame = regional_clusters(engine.frame(COUNTIES), engine.frame(DEFINITION))
    rows = engine.collect(frame, sort=["region", "cluster"]).to_pylist()
    by_place = {(row["region"], row["cluster"]): row for row in rows}
    assert by_place["02", "1"]["employment"] is None
    assert by_place["02", "1"]["status"] == "withheld"
    assert by_place["02", "1"]["establishments"] == 2  # half of three, rounded up
    assert by_place["02", "2"]["employment"] == 4
    assert by_place["02", "2"]["employment_low"] == 4
    assert by_place["02", "2"]["employment_high"] is None
    assert by_place["02", "2"]["status"] == "withheld"
    assert by_place["01", "1"]["employment"] == 5


def test_industries_without_a_subcluster_make_up_the_one_of_no_name(engine: Engine) -> None:
    frame = regional_clusters(engine.frame(COUNTIES), engine.frame(DEFINITION), by_subcluster=True)
    rows = engine.collect(frame, sort=["region"]).to_pylist()
    found = {(row["region"], row["cluster"], row["subcluster"]): row["employment"] for row in rows}
    assert found == {
        ("01", "1", "s1"): 5,
        ("01", "2", ""): 5,
        ("02", "1", "s1"): None,
        ("02", "2", ""): 4,
    }


def test_the_shortfall_is_shared_out_over_unprinted_industries_only(engine: Engine) -> None:
    everything = engine.frame(pa.concat_tables([COUNTIES, NATION]))
    fine = engine.frame(pa.table({"industry": ["a", "b"], "ancestor": ["A", "A"]}))
    coarse = engine.frame(pa.table({"industry": ["A"]}))
    totals = engine.collect(coarse_totals(everything, fine, coarse), sort=["scheme", "region"])
    assert [(row["region"], row["fine"], row["total"]) for row in totals.to_pylist()] == [
        ("N", 14, 21),
        ("01", 10, 12),
        ("02", 4, 9),
    ]
    members = pa.table(
        {
            "industry": ["a", "a", "b"],
            "ancestor": ["A"] * 3,
            "cluster": ["1", "2", "2"],
            "weight": [0.5, 0.5, 1.0],
        }
    )
    national = pa.table(
        {"industry": ["a", "b"], "year": pa.array([2020, 2020], pa.int16()), "national": [10, 4]}
    )
    units = pa.table(
        {
            "scheme": ["us-county", "us-county", "n"],
            "region": ["01", "02", "N"],
            "all_units": [1, 1, 3],
        }
    )
    tables = (totals, members, national, units)
    frame = unprinted_jobs(everything, *(engine.frame(each) for each in tables))
    rows = engine.collect(frame, sort=["scheme", "region", "cluster"]).to_pylist()
    missing = {(row["region"], row["cluster"]): row["missing"] for row in rows}
    # 01 prints a and not b: its two missing jobs go to b's cluster.
    # 02 prints b and withholds a: its five missing jobs are split by a's weights.
    assert missing["01", "1"] == 0.0
    assert missing["01", "2"] == 2.0
    assert missing["02", "1"] == 2.5
    assert missing["02", "2"] == 2.5
    # A third county of the nation prints nothing: there is no bound.
    assert {row["region"]: row["bounded"] for row in rows} == {"01": True, "02": True, "N": False}
    # The nation is their sum: a and b are each printed in one of two counties.
    assert missing["N", "1"] == 2.5
    assert missing["N", "2"] == 4.5


def _matrix(rows: list[dict[str, Any]], name: str, shape: tuple[int, int]) -> np.ndarray:
    result = np.full(shape, np.nan)
    for row in rows:
        if row["scheme"] == "r" and row[name] is not None:
            result[int(row["region"]), int(row["cluster"])] = row[name]
    return result


def _quotients(engine: Engine, jobs: np.ndarray, traded: bool | None) -> list[dict[str, Any]]:
    regions, clusters = jobs.shape
    names = ("scheme", "region", "definition", "cluster", "year", "traded", "employment")
    rows = [
        dict(zip(names, ("r", str(r), "d", str(c), 2020, traded, int(jobs[r, c])), strict=True))
        for r in range(regions)
        for c in range(clusters)
    ]
    rows += [
        dict(zip(names, ("n", "N", "d", str(c), 2020, traded, int(jobs[:, c].sum())), strict=True))
        for c in range(clusters)
    ]
    fields = [("scheme", pa.string()), ("region", pa.string()), ("definition", pa.string())]
    fields += [("cluster", pa.string()), ("year", pa.int16()), ("traded", pa.bool_())]
    table = pa.Table.from_pylist(rows, schema=pa.schema([*fields, ("employment", pa.int64())]))
    frame = engine.frame(table)
    totals = frame.group_by("scheme", "region", "year").agg(
        nw.col("employment").sum().cast(nw.Int64).alias("total")
    )
    answer = shares_and_quotients(frame, totals, reference_scheme="n")
    return engine.collect(answer, sort=["scheme", "region", "cluster"]).to_pylist()


@pytest.mark.parametrize("traded", [True, None])
def test_the_tidy_twin_equals_measures(engine: Engine, traded: bool | None) -> None:
    jobs = np.random.default_rng(7).integers(0, 400, size=(9, 6))
    rows = _quotients(engine, jobs, traded)
    np.testing.assert_allclose(
        _matrix(rows, "location_quotient", jobs.shape), location_quotient(jobs), rtol=1e-12
    )
    np.testing.assert_allclose(
        _matrix(rows, "share_of_region", jobs.shape), region_share(jobs), rtol=1e-12
    )


COUNTS = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 10_000), min_size=width, max_size=width),
        min_size=2,
        max_size=6,
    )
)
"""Counts of two to six regions in two to five industries."""


def hold_twin_to_measures(counts: list[list[int]]) -> None:
    jobs = np.array(counts)
    with DuckDBEngine(threads=1) as engine:
        rows = _quotients(engine, jobs, True)
    found = _matrix(rows, "location_quotient", jobs.shape)
    expected = location_quotient(jobs)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    shares = np.nan_to_num(_matrix(rows, "share_of_nation", jobs.shape))
    present = jobs.sum(axis=0) > 0
    np.testing.assert_allclose(shares.sum(axis=0)[present], 1.0, rtol=1e-12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COUNTS)
def test_the_tidy_twin_equals_measures_for_any_counts(counts: list[list[int]]) -> None:
    hold_twin_to_measures(counts)


@pytest.mark.proof
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COUNTS)
def test_the_tidy_twin_equals_measures_for_very_many_counts(counts: list[list[int]]) -> None:
    hold_twin_to_measures(counts)


def test_merging_two_regions_equals_their_sum(engine: Engine) -> None:
    apart = employment(
        ("us-county", "01", "a", 2020, 10, 2, 5, "reported"),
        ("us-county", "02", "a", 2020, 7, 3, 6, "reported"),
    )
    frame = sum_over_regions(engine.frame(apart), engine.frame(MEMBERS))
    row = engine.collect(frame, sort=["region"]).to_pylist()[0]
    assert (row["employment"], row["establishments"], row["payroll"]) == (17, 5, 11)
    assert (row["employment_high"], row["status"]) == (17, "reported")
