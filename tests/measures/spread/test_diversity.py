"""Herfindahl, equivalent number, entropy, related and unrelated variety."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.spread.diversity import (
    equivalent_number,
    herfindahl_index,
    related_variety,
    shannon_entropy,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

# R package EconGeo 1.3, the example matrix of its help pages; values as its functions give them.
ECONGEO = np.array(
    [
        [100, 0, 0, 0, 0],
        [0, 15, 5, 70, 10],
        [0, 20, 10, 20, 50],
        [0, 25, 30, 5, 40],
        [0, 40, 55, 5, 0],
    ]
)
SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
JOBS = arrays(np.float64, SHAPES, elements=st.integers(0, 5_000).map(float))
many = settings(max_examples=80, deadline=None)
ALL = [herfindahl_index, equivalent_number, shannon_entropy]


def test_econgeo():
    np.testing.assert_allclose(
        herfindahl_index(ECONGEO), [1, 0.525, 0.34, 0.315, 0.465], rtol=1e-14
    )
    # EconGeo adds 1e-9 inside the logarithm and rounds to three decimals.
    np.testing.assert_allclose(
        shannon_entropy(ECONGEO), [0, 1.319, 1.761, 1.766, 1.219], atol=5.1e-4
    )
    assert shannon_entropy(ECONGEO)[0] == 0


def test_reat():
    """R package REAT 3.0.3, herf: sales of four firms; GDP of the German states 2015."""
    firms = [20, 50, 20, 10]
    assert herfindahl_index(firms) == pytest.approx(0.34, abs=1e-12)
    assert herfindahl_index(firms, normalised=True) == pytest.approx(0.12, abs=1e-12)
    assert equivalent_number(firms) == pytest.approx(2.9411764706, abs=1e-9)
    gdp = [460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59]
    gdp += [131.95, 35.03, 112.66, 56.22, 85.61, 56.81]
    assert herfindahl_index(gdp) == pytest.approx(0.12517629907, abs=1e-10)


def test_related_variety_worked_example():
    """Worked from the formula of Frenken, Van Oort and Verburg (2007), in bits."""
    found = related_variety([30, 10, 10, 20, 20, 10], groups=["10", "10", "10", "20", "20", "30"])
    assert found.unrelated == pytest.approx(1.3609640474436813, abs=1e-14)
    assert found.related == pytest.approx(1.0854752972273345, abs=1e-14)
    assert found.total == pytest.approx(2.4464393446710155, abs=1e-14)


@many
@given(JOBS, st.data())
def test_formulas_written_out(jobs, data):
    groups = data.draw(
        st.lists(st.sampled_from("abc"), min_size=jobs.shape[1], max_size=jobs.shape[1])
    )
    found = related_variety(jobs, groups=groups)
    entropy, herfindahl = shannon_entropy(jobs), herfindahl_index(jobs)
    np.testing.assert_allclose(found.total, entropy)
    for region, row in enumerate(jobs):
        if row.sum() == 0:
            assert np.isnan([entropy[region], herfindahl[region], found.related[region]]).all()
            continue
        assert entropy[region] == pytest.approx(scipy.stats.entropy(row, base=2), abs=1e-12)
        assert herfindahl[region] == pytest.approx(sum((row / row.sum()) ** 2), rel=1e-12)
        related = 0.0
        for group in set(groups):
            inside = row[[code == group for code in groups]]
            if inside.sum() > 0:
                related += inside.sum() / row.sum() * scipy.stats.entropy(inside, base=2)
        assert found.related[region] == pytest.approx(related, abs=1e-11)
    unrelated = found.total - found.related
    np.testing.assert_allclose(found.unrelated, unrelated, atol=1e-11)


@many
@given(JOBS, st.integers(2, 100), st.randoms(use_true_random=False))
def test_scale_order_and_bounds(jobs, factor, random):
    order = list(range(jobs.shape[1]))
    random.shuffle(order)
    for one in ALL:
        np.testing.assert_allclose(one(jobs * factor), one(jobs), atol=1e-12)
        np.testing.assert_allclose(one(jobs[:, order]), one(jobs), atol=1e-12)
        np.testing.assert_allclose(one(jobs.T, of="industries"), one(jobs), atol=1e-12)
    known = jobs.sum(axis=1) > 0
    normalised = herfindahl_index(jobs, normalised=True)[known]
    assert ((normalised >= -1e-12) & (normalised <= 1 + 1e-12)).all()
    entropy = shannon_entropy(jobs, base=jobs.shape[1])[known]
    assert ((entropy >= 0) & (entropy <= 1 + 1e-12)).all()
    # Merging two industries never makes a region more varied.
    merged = np.column_stack([jobs[:, 0] + jobs[:, 1], jobs[:, 2:]])
    assert (shannon_entropy(merged)[known] <= shannon_entropy(jobs)[known] + 1e-12).all()


def test_equal_shares():
    assert shannon_entropy([5, 5, 5, 5]) == 2
    assert shannon_entropy([5, 5, 5, 5], base=4) == 1
    assert herfindahl_index([5, 5, 5, 5], normalised=True) == 0
    assert equivalent_number([5, 5, 5, 5]) == 4
    assert np.isnan(herfindahl_index([5], normalised=True))


def test_labels_and_sparse():
    frame = pd.DataFrame([[3, 1], [1, 3]], index=["north", "south"], columns=["x", "y"])
    for one in ALL:
        assert list(one(frame).index) == ["north", "south"]
        assert list(one(frame, of="industries").index) == ["x", "y"]
        np.testing.assert_array_equal(one(scipy.sparse.csr_array(ECONGEO)), one(ECONGEO))
    groups = pd.Series(["b", "a"], index=["y", "x"])
    found = related_variety(frame, groups=groups)
    assert list(found.unrelated.index) == ["north", "south"]
    assert (found.related == 0).all()


def test_gaps_and_bad_input():
    jobs = [[3, np.nan], [1, 3]]
    for one in ALL:
        assert np.isnan(one(jobs)).tolist() == [True, False]
        assert np.isnan(one([[0, 0], [1, 3]])).tolist() == [True, False]
        with pytest.raises(InvalidInput, match="negative"):
            one([[1, -1]])
        with pytest.raises(CannotAnswer, match="way to cut"):
            one(jobs, of="region")
    found = related_variety(jobs, groups=[1, 1])
    assert np.isnan(found.total).tolist() == [True, False]
    with pytest.raises(InvalidInput, match="2 codes for 3 industries"):
        related_variety([[1, 2, 3]], groups=["a", "b"])
    with pytest.raises(InvalidInput, match="industry 2 has no group"):
        related_variety([[1, 2]], groups=["a", None])
    with pytest.raises(InvalidInput, match="base"):
        shannon_entropy([[1, 2]], base=1)
