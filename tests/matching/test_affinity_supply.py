"""Which cluster supplies which agrees with the relatedness that comes with the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clusteratlas.matching.affinity_supply import Supply, supply_of_packaged, write_supply
from clusteratlas.relatedness.packaged import packaged_clusters
from clusteratlas.tables import CannotAnswer

BENCHMARK = "us-benchmark-2014"


@pytest.fixture(scope="module")
def supply() -> Supply:
    found = supply_of_packaged(BENCHMARK)
    assert found is not None
    return found


def test_the_larger_direction_of_every_pair_is_its_input_output_link(supply: Supply) -> None:
    strongest = supply.strongest()
    place = {code: at for at, code in enumerate(supply.clusters)}
    assert len(place) == 51
    for row in packaged_clusters(BENCHMARK).to_pylist():
        a, b = place[row["a"]], place[row["b"]]
        if a != b:
            larger = max(strongest[a, b], strongest[b, a])
            assert larger == pytest.approx(row["input_output"], abs=2e-6)


def test_shares_are_parts_of_what_a_cluster_sells_and_buys(supply: Supply) -> None:
    for each, axis in ((supply.sold, 1), (supply.bought, 0)):
        assert np.isnan(np.diagonal(each)).all()
        assert np.nanmin(each) >= 0
        assert (np.nansum(each, axis=axis) <= 1).all()
    assert not np.allclose(supply.sold, supply.sold.T, equal_nan=True)


def test_what_is_not_there_is_refused(supply: Supply) -> None:
    with pytest.raises(CannotAnswer, match="103"):
        supply.shares("1", "103")
    assert supply.shares("1", "1") == (None, None)


def test_it_is_read_as_it_was_written(supply: Supply, tmp_path: Path) -> None:
    path = tmp_path / "supply.csv"
    write_supply(supply, path)
    packaged = Path(__file__).parents[2] / "src/clusteratlas/matching/data/us_benchmark_supply.csv"
    assert path.read_bytes() == packaged.read_bytes()
