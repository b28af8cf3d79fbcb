"""Regions built alike: the same both ways, by slow variables only, gaps named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.relatedness.options.economy import codes, figures

from clusteratlas.relatedness.options.peers import slow_variables, structural_peers
from clusteratlas.tables import CannotAnswer, InvalidInput


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 12))
def test_distance_is_the_same_both_ways_and_no_region_is_its_own_peer(
    seed: int, number: int
) -> None:
    rng = np.random.default_rng(seed)
    gaps = rng.normal(size=number)
    gaps[rng.integers(number)] = np.nan
    found = structural_peers(
        codes("r", number),
        {"population": rng.normal(size=number), "jobs": gaps, "mix": rng.random((number, 4))},
        count=number,
    )
    distance = {(row.region, row.peer): row.distance for row in found.rows}
    for (one, other), value in distance.items():
        assert one != other
        assert value == distance[other, one]
        assert value >= 0


def test_twins_are_nearest_and_at_distance_zero() -> None:
    found = structural_peers(["a", "b", "c"], {"population": [1.0, 1.0, 4.0], "jobs": [2, 2, 9.0]})
    first = {row.region: row for row in found.rows if row.rank == 1}
    assert first["a"].peer == "b"
    assert first["a"].distance == 0
    assert [row.rank for row in found.rows if row.region == "c"] == [1, 2]


def test_units_and_the_order_of_variables_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    people, jobs = rng.normal(size=20), rng.normal(size=20)
    one = structural_peers(codes("r", 20), {"population": people, "jobs": jobs})
    other = structural_peers(codes("r", 20), {"jobs": jobs * 7 + 3, "population": people})
    assert [row.peer for row in one.rows] == [row.peer for row in other.rows]


def test_a_missing_variable_is_named_and_the_others_tell() -> None:
    found = structural_peers(
        ["a", "b", "c"], {"population": [1.0, np.nan, 4.0], "jobs": [2.0, 2.1, 9.0]}
    )
    assert found.by_region()["b"] == ("a", "c")
    assert "population is not known of 1 regions: b." in found.notes


def test_regions_that_share_too_little_are_no_peers() -> None:
    gap = np.nan
    found = structural_peers(
        ["a", "b", "c"],
        {
            "population": [1.0, gap, 4.0],
            "jobs": [2.0, gap, 9.0],
            "traded_share": [0.1, 0.2, 0.3],
        },
    )
    assert "b" not in found.by_region()
    assert found.by_region()["a"] == ("c",)


def test_success_is_no_variable() -> None:
    with pytest.raises(InvalidInput, match=r"column growth: peers are told by slow variables"):
        structural_peers(["a", "b"], {"growth": [0.1, 0.2]})
    with pytest.raises(InvalidInput, match="population has 3 rows for 2 regions"):
        structural_peers(["a", "b"], {"population": [0.1, 0.2, 0.3]})


def test_nothing_that_differs_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="nothing that differs"):
        structural_peers(["a", "b"], {"jobs": [1.0, 1.0]})
    with pytest.raises(CannotAnswer, match="fewer than two regions"):
        structural_peers(["a"], {"jobs": [1.0]})


def test_slow_variables_of_what_is_given() -> None:
    year = figures(np.array([[30.0, 70.0], [50.0, 0.0]]), 2018)
    found = slow_variables(
        year,
        sectors={"i000": "11", "i001": "31"},
        traded={"i000": True, "i001": False},
        population={"r000": 200.0},
        area={"r000": 10.0, "r001": 5.0},
        points={"r000": (0.0, 0.0), "r001": (90.0, 0.0)},
        kinds={"r000": "metro area", "r001": "micro area"},
    )
    np.testing.assert_allclose(found["mix"] ** 2, [[0.3, 0.7], [1, 0]])
    np.testing.assert_allclose(found["traded_share"], [0.3, 1])
    np.testing.assert_allclose(found["jobs_per_inhabitant"], [np.log(0.5), np.nan])
    np.testing.assert_allclose(found["jobs_per_area"], np.log([10.0, 10.0]))
    np.testing.assert_allclose(found["place"], [[1, 0, 0], [0, 1, 0]], atol=1e-12)
    assert found["kind"].tolist() == [[1, 0], [0, 1]]
    structural_peers(year.regions, found)
