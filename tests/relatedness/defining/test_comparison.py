"""Two definitions side by side; traded or local."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from clusteratlas.relatedness.defining.comparison import adjusted_rand, compare, map_changes
from clusteratlas.relatedness.defining.traded import (
    Thresholds,
    group_local,
    traded_or_local,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

GROUPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40)


@given(GROUPS)
def test_the_adjusted_rand_index_is_that_of_a_peer(pairs):
    one, other = zip(*pairs, strict=True)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(one, one) == 1.0


def test_what_moved_and_what_matches():
    first = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "x": "2"}
    second = {"a": "P", "b": "P", "c": "Q", "d": "Q", "e": "Q", "y": "P"}
    found = compare(first, second)
    assert (found.only_first, found.only_second, found.industries) == (("x",), ("y",), 5)
    assert [(each.cluster, each.match, each.shared, each.mutual) for each in found.matches] == [
        ("1", "P", 2, True),
        ("2", "Q", 2, True),
    ]
    assert [(each.industry, each.second, each.expected) for each in found.moved] == [
        ("c", "Q", "P")
    ]
    assert found.pairs_kept == pytest.approx(2 / 4)
    assert found.pairs_kept_back == pytest.approx(2 / 4)


def test_two_vintages_mixed_are_refused():
    first = {f"{at}": "1" for at in range(10)}
    second = {f"{at}": "1" for at in range(8, 18)}
    with pytest.raises(CannotAnswer, match="share 2 of 10 and 10 industries"):
        compare(first, second)


def test_strong_clusters_gained_kept_and_lost():
    draw = np.random.default_rng(0)
    jobs = draw.gamma(0.5, 200, (40, 4))
    units = np.ceil(jobs / 10)
    codes = ["a", "b", "c", "d"]
    regions = [f"r{at:02}" for at in range(40)]
    first = {"a": "1", "b": "1", "c": "2", "d": "2"}
    same = map_changes(first, first, jobs, units, regions=regions, industries=codes)
    assert {each.change for each in same} == {"kept"}
    renamed = {"a": "x", "b": "x", "c": "y", "d": "y"}
    kept = map_changes(first, renamed, jobs, units, regions=regions, industries=codes)
    assert [(each.region, each.first) for each in kept] == [
        (each.region, each.first) for each in same
    ]
    other = {"a": "x", "b": "x", "c": "x", "d": "y"}
    moved = map_changes(first, other, jobs, units, regions=regions, industries=codes)
    assert {"gained", "lost"} <= {each.change for each in moved}
    back = map_changes(other, first, jobs, units, regions=regions, industries=codes)
    assert len(moved) == len(back)
    assert sum(each.change == "lost" for each in moved) == sum(
        each.change == "gained" for each in back
    )


def table() -> np.ndarray:
    """Forty regions: an even industry, one in five regions only, one without jobs."""
    jobs = np.zeros((40, 3))
    jobs[:, 0] = 1000
    jobs[:5, 1] = 400
    return jobs


def test_even_is_local_concentrated_is_traded_and_empty_is_not_known():
    even, bunched, empty = traded_or_local(table(), ["a", "b", "c"])
    assert even.traded is False
    assert bunched.traded is True
    assert bunched.absent_share == pytest.approx(35 / 40)
    assert bunched.concentrated_share == 1.0
    assert empty.traded is None
    assert np.isnan(empty.gini)
    assert group_local(["a"]) == {"a": "local-a"}


def test_thresholds_are_arguments():
    strict = Thresholds(None, None, None, absent_share=0.99, votes=1)
    assert not traded_or_local(table(), ["a", "b", "c"], strict)[1].traded


def test_bad_tables_are_refused():
    with pytest.raises(CannotAnswer, match="20 regions are too few"):
        traded_or_local(table()[:20], ["a", "b", "c"])
    with pytest.raises(InvalidInput, match="shape"):
        traded_or_local(table(), ["a", "b"])
    withheld = table()
    withheld[3, 1] = np.nan
    withheld[4, 1] = -1
    with pytest.raises(InvalidInput) as error:
        traded_or_local(withheld, ["a", "b", "c"])
    assert [(each.row, each.column) for each in error.value.faults] == [(4, "b"), (5, "b")]
    with pytest.raises(InvalidInput, match="groupings of 2 and 3"):
        adjusted_rand([1, 2], [1, 2, 3])
