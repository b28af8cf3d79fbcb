"""Logarithm, symmetric and standardised quotient; sparse quotients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.quotients.quotient_variants import (
    log_quotient,
    standardised_quotient,
    symmetric_quotient,
)
from clusteratlas.measures.quotients.specialisation import location_quotient
from clusteratlas.tables import InvalidInput

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
COUNTS = st.integers(0, 5_000) | st.just(0)
JOBS = arrays(np.float64, SHAPES, elements=COUNTS.map(float))
GAPS = arrays(np.float64, SHAPES, elements=(COUNTS | st.just(np.nan)).map(float))
many = settings(max_examples=80, deadline=None)
ALL = [log_quotient, symmetric_quotient, standardised_quotient]


@many
@given(GAPS)
def test_against_the_quotient(jobs):
    quotient = location_quotient(jobs)
    with np.errstate(divide="ignore"):
        logs = np.where(quotient > 0, np.log(quotient), np.nan)
    np.testing.assert_allclose(log_quotient(jobs), logs, atol=1e-14)
    np.testing.assert_allclose(symmetric_quotient(jobs), (quotient - 1) / (quotient + 1))


@many
@given(JOBS, st.integers(0, 1), st.booleans())
def test_against_scipy_column_by_column(jobs, ddof, log):
    found = standardised_quotient(jobs, log=log, ddof=ddof)
    values = log_quotient(jobs) if log else location_quotient(jobs)
    for ours, column in zip(found.T, values.T, strict=True):
        known = column[~np.isnan(column)]
        if len(known) <= ddof or np.ptp(known) <= 1e-12 * np.abs(known).max(initial=0):
            assert np.isnan(ours).all()
        else:
            expected = scipy.stats.zscore(known, ddof=ddof)
            np.testing.assert_allclose(ours[~np.isnan(column)], expected, rtol=1e-7, atol=1e-9)
            assert np.isnan(ours[np.isnan(column)]).all()


@many
@given(JOBS, st.integers(2, 50), st.randoms(use_true_random=False))
def test_scale_and_order(jobs, factor, random):
    order = list(range(len(jobs)))
    random.shuffle(order)
    for one in ALL[:2]:
        np.testing.assert_allclose(one(jobs * factor), one(jobs), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(one(jobs[order]), one(jobs)[order], rtol=1e-9, atol=1e-12)


def test_by_hand():
    jobs = [[40, 0], [40, 80]]
    np.testing.assert_allclose(log_quotient(jobs, base=2)[0], [1, np.nan])
    np.testing.assert_allclose(symmetric_quotient(jobs)[0], [1 / 3, -1])
    # Quotients 2 and 2/3 lie one standard deviation from 4/3.
    np.testing.assert_allclose(standardised_quotient(jobs)[:, 0], [1, -1])
    np.testing.assert_allclose(
        standardised_quotient(jobs, ddof=1)[:, 0], np.array([1, -1]) / 2**0.5
    )
    assert np.isnan(standardised_quotient(jobs, log=True)[:, 1]).all()


def test_own_reference_and_totals_pass_through():
    figures = {"reference": [100], "total": [50, 80], "reference_total": 1000}
    quotient = location_quotient([5, 16], **figures)
    np.testing.assert_allclose(log_quotient([5, 16], **figures), np.log(quotient))
    np.testing.assert_allclose(symmetric_quotient([5, 16], **figures), [0, 1 / 3])
    np.testing.assert_allclose(standardised_quotient([5, 16], **figures), [-1, 1])


def test_labels():
    frame = pd.DataFrame([[3, 1], [1, 3]], index=["north", "south"], columns=["x", "y"])
    for one in ALL:
        assert one(frame).loc["north", "x"] == one(frame.to_numpy())[0, 0]
        np.testing.assert_array_equal(one(scipy.sparse.csr_array(frame.to_numpy())), one(frame))


def test_bad_input():
    for one in ALL:
        with pytest.raises(InvalidInput, match="negative"):
            one([[1, -1]])
        with pytest.raises(InvalidInput, match="total is missing"):
            one([1, 2])
    with pytest.raises(InvalidInput, match="ddof"):
        standardised_quotient([[1, 2]], ddof=-1)
    with pytest.raises(InvalidInput, match="base"):
        log_quotient([[1, 2]], base=1)


@many
@given(GAPS)
def test_a_sparse_table_gives_the_same_quotients_in_the_cells_it_stores(jobs):
    table = scipy.sparse.csr_array(jobs)
    before = table.copy()
    found = location_quotient(table)
    assert scipy.sparse.issparse(found)
    assert found.format == "csr"
    assert found.nnz == table.nnz
    dense = location_quotient(jobs)
    stored = jobs != 0
    np.testing.assert_allclose(found.toarray()[stored], dense[stored], rtol=1e-12)
    found.data[:] = -1
    found.indices[:] = 0
    np.testing.assert_array_equal(table.data, before.data)
    np.testing.assert_array_equal(table.indices, before.indices)
    reference = np.arange(1.0, jobs.shape[1] + 1)
    total = np.arange(1.0, len(jobs) + 1)
    figures = {"total": total, "reference_total": 7.0}
    np.testing.assert_allclose(
        location_quotient(table, reference, **figures).toarray()[stored],
        location_quotient(jobs, reference, **figures)[stored],
        rtol=1e-12,
    )


def test_a_fault_in_a_sparse_table_is_named():
    with pytest.raises(InvalidInput, match="row 2, column employment 3: employment is negative"):
        location_quotient(scipy.sparse.csr_array([[1, 0, 2], [0, 0, -3]]))
    assert location_quotient(scipy.sparse.csr_array((3, 2))).nnz == 0
