"""Relatedness density."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures.networks.cooccurrence import proximity
from clusteratlas.measures.networks.relatedness_density import relatedness_density
from clusteratlas.tables import CannotAnswer, InvalidInput

PRESENT = np.array(
    [
        [1, 1, 1, 1, 1, 0],
        [1, 1, 1, 0, 0, 1],
        [1, 1, 0, 0, 1, 0],
        [1, 0, 0, 1, 0, 0],
        [1, 1, 0, 0, 0, 0],
    ]
)
tables = arrays(bool, st.tuples(st.integers(1, 10), st.integers(2, 7)))


def naive(table, pairs, own):
    table, pairs = np.asarray(table, dtype=float), np.nan_to_num(pairs)
    found = np.full(table.shape, np.nan)
    for r in range(table.shape[0]):
        for i in range(table.shape[1]):
            others = [j for j in range(table.shape[1]) if own or j != i]
            total = sum(pairs[i, j] for j in others)
            if total > 0:
                found[r, i] = sum(table[r, j] * pairs[i, j] for j in others) / total
    return found


def test_by_hand():
    """The second region lacks the fourth industry: it has 0.4 + 0.25 + 0.5 + 0 of 1.65."""
    found = relatedness_density(PRESENT, proximity(PRESENT))
    assert found[1, 3] == pytest.approx(1.15 / 1.65, rel=1e-14)
    assert found[0, 5] == 1.0


@pytest.mark.shared
def test_worked_examples(worked_example):
    example = worked_example("density_hidalgo_nodiag")
    table = np.array(example["input"]["mat"])
    found = relatedness_density(table, proximity(table))
    np.testing.assert_allclose(found, example["expected"], atol=1e-12)
    example = worked_example("econgeo_reldens")
    found = relatedness_density(example["input"]["mat"], example["input"]["relatedness"])
    np.testing.assert_allclose(100 * found, example["expected"], atol=0.005)


@pytest.mark.parametrize("diagonal", ["excluded", "included"])
@given(table=tables)
@settings(max_examples=40, deadline=None)
def test_against_loops_and_within_bounds(diagonal, table):
    pairs = proximity(table)
    found = relatedness_density(table, pairs, diagonal=diagonal)
    np.testing.assert_allclose(found, naive(table, pairs, diagonal == "included"), rtol=1e-12)
    assert np.nanmin(found, initial=0.0) >= 0
    assert np.nanmax(found, initial=0.0) <= 1


def test_own_presence_leaks_only_where_it_is_asked_for():
    pairs = proximity(PRESENT)
    without = PRESENT.copy()
    without[0, 2] = 0
    ours = relatedness_density(PRESENT, pairs)[0, 2], relatedness_density(without, pairs)[0, 2]
    assert ours[0] == ours[1]
    peers = [relatedness_density(t, pairs, diagonal="included")[0, 2] for t in (PRESENT, without)]
    assert peers[0] > peers[1]
    zeroed = proximity(PRESENT, diagonal=0)
    np.testing.assert_array_equal(
        relatedness_density(PRESENT, zeroed, diagonal="included"),
        relatedness_density(PRESENT, pairs),
    )


def test_single_precision_is_off_by_less_than_a_millionth():
    rng = np.random.default_rng(8)
    table = rng.random((500, 300)) < 0.1
    pairs = proximity(table)
    double = relatedness_density(table, pairs, precision="double")
    single = relatedness_density(table, pairs, precision="single")
    assert 0 < np.abs(double - single).max() < 1e-6
    assert single.dtype == np.float64
    everywhere = np.ones((1, 300))
    np.testing.assert_allclose(
        relatedness_density(everywhere, pairs, precision="single"), 1.0, atol=1e-6
    )


def test_scaling_the_proximities_and_the_order_of_regions_change_nothing():
    pairs = proximity(PRESENT)
    np.testing.assert_allclose(
        relatedness_density(PRESENT, pairs * 8), relatedness_density(PRESENT, pairs), rtol=1e-14
    )
    np.testing.assert_array_equal(
        relatedness_density(PRESENT[::-1], pairs)[::-1], relatedness_density(PRESENT, pairs)
    )


def test_sparse_is_dense_and_blocks_are_one(monkeypatch):
    table = np.random.default_rng(9).random((60, 12)) < 0.3
    pairs = proximity(table)
    expected = relatedness_density(table, pairs)
    monkeypatch.setattr(sys.modules[relatedness_density.__module__], "SMALL_BLOCK", 100)
    np.testing.assert_allclose(relatedness_density(table, pairs), expected, rtol=1e-14)
    sparse = scipy.sparse.csr_matrix(table)
    np.testing.assert_allclose(relatedness_density(sparse, pairs), expected, rtol=1e-14)


def test_labels_and_years_are_kept():
    frame = pd.DataFrame(PRESENT, index=list("VWXYZ"), columns=list("ABCDEF"))
    pairs = proximity(PRESENT)
    assert relatedness_density(frame, pairs).loc["V", "F"] == 1.0
    labelled = proximity(frame)
    turned = relatedness_density(frame, labelled.iloc[::-1, ::-1])
    pd.testing.assert_frame_equal(turned, relatedness_density(frame, labelled))
    years = relatedness_density({1: frame, 2: frame}, pairs)
    assert years[2].shape == (5, 6)
    both = np.array([PRESENT, PRESENT])
    assert relatedness_density(both, proximity(both)).shape == (2, 5, 6)


def test_an_industry_without_related_ones_has_no_density():
    table = [[1, 1, 0, 0], [1, 1, 0, 1]]
    found = relatedness_density(table, proximity(table))
    assert np.isnan(found[:, 2]).all()
    assert not np.isnan(found[:, [0, 1, 3]]).any()
    alone = relatedness_density(np.eye(2), proximity(np.eye(2)))
    assert np.isnan(alone).all()


def test_what_is_refused():
    pairs = proximity(PRESENT)
    with pytest.raises(InvalidInput, match="presence is not known"):
        relatedness_density([[np.nan, 1]], np.ones((2, 2)))
    with pytest.raises(InvalidInput, match="industries x industries"):
        relatedness_density(PRESENT, pairs[:5])
    gap = pairs.copy()
    gap[0, 1] = np.nan
    with pytest.raises(InvalidInput, match="row 1, column proximity 2"):
        relatedness_density(PRESENT, gap)
    with pytest.raises(InvalidInput, match="negative"):
        relatedness_density(PRESENT, -pairs)
    with pytest.raises(CannotAnswer, match="diagonal"):
        relatedness_density(PRESENT, pairs, diagonal="zero")
    with pytest.raises(CannotAnswer, match="precision"):
        relatedness_density(PRESENT, pairs, precision="half")


def test_inputs_stay_as_they_are():
    pairs = proximity(PRESENT)
    pairs.flags.writeable = False
    table = PRESENT.astype(float)
    table.flags.writeable = False
    relatedness_density(table, pairs)
    assert pairs[0, 0] == 1
