"""Presence, diversity and ubiquity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from clusteratlas.measures import location_quotient
from clusteratlas.measures.networks.presence import diversity, presence, ubiquity
from clusteratlas.tables import InvalidInput

# R package EconGeo 1.3, example of its page on location quotients.
JOBS = [
    [100, 0, 0, 0, 0],
    [0, 15, 5, 70, 10],
    [0, 20, 10, 20, 50],
    [0, 25, 30, 5, 40],
    [0, 40, 55, 5, 0],
]
PRESENT = [[1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 1, 0, 1, 1], [0, 1, 1, 0, 1], [0, 1, 1, 0, 0]]


def test_by_hand():
    np.testing.assert_array_equal(presence([[0.5, 1.0], [1.5, 0.999999]]), [[0, 1], [1, 0]])
    np.testing.assert_array_equal(presence([[0.5, 2.0]], threshold=2), [[0, 1]])
    np.testing.assert_array_equal(presence([0.5, 2.0]), [0, 1])


def test_econgeo():
    present = presence(location_quotient(JOBS))
    np.testing.assert_array_equal(present, PRESENT)
    np.testing.assert_array_equal(diversity(present), [1, 1, 3, 3, 2])
    np.testing.assert_array_equal(ubiquity(present), [1, 3, 2, 2, 2])


@pytest.mark.shared
def test_worked_examples(worked_example):
    present = presence(location_quotient(worked_example("econgeo_lq_bin")["input"]["mat"]))
    np.testing.assert_array_equal(present, worked_example("econgeo_lq_bin")["expected"])
    np.testing.assert_array_equal(
        diversity(present), worked_example("econgeo_diversity")["expected"]
    )
    np.testing.assert_array_equal(ubiquity(present), worked_example("econgeo_ubiquity")["expected"])


def test_an_unknown_quotient_is_neither_present_nor_absent():
    found = presence([[np.nan, 1.0], [0.0, 1.0]])
    np.testing.assert_array_equal(found, [[np.nan, 1], [0, 1]])
    np.testing.assert_array_equal(diversity(found), [np.nan, 1])
    np.testing.assert_array_equal(ubiquity(found), [np.nan, 2])
    sparse = scipy.sparse.csr_matrix(found)
    np.testing.assert_array_equal(diversity(sparse), [np.nan, 1])
    np.testing.assert_array_equal(ubiquity(sparse), [np.nan, 2])


def test_a_floor_of_jobs():
    quotient = [[2.0, 2.0, 2.0, 0.5, np.nan]]
    jobs = [[100, 3, np.nan, np.nan, 3]]
    found = presence(quotient, jobs, least_employment=10)
    np.testing.assert_array_equal(found, [[1, 0, np.nan, 0, 0]])


def test_sparse_is_dense():
    quotient = np.array([[0.0, 2.0, 0.5], [1.0, 0.0, 0.0]])
    found = presence(scipy.sparse.csc_matrix(quotient))
    assert scipy.sparse.issparse(found)
    assert found.nnz == 2
    np.testing.assert_array_equal(found.toarray(), presence(quotient))
    unknown = presence(scipy.sparse.csr_matrix([[0.0, np.nan, 1.5]]))
    np.testing.assert_array_equal(unknown.toarray(), [[0, np.nan, 1]])


def test_labels_and_years_are_kept():
    frame = pd.DataFrame([[2.0, 0.5]], index=pd.Index(["North"]), columns=["A", "B"])
    assert presence(frame).loc["North", "A"] == 1
    assert diversity(presence(frame))["North"] == 1
    assert ubiquity(presence(frame))["B"] == 0
    assert list(presence({2018: frame, 2021: frame})) == [2018, 2021]
    assert presence(np.ones((3, 2, 2))).shape == (3, 2, 2)


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="go together"):
        presence([[1.0]], [[5]])
    with pytest.raises(InvalidInput, match="go together"):
        presence([[1.0]], least_employment=5)
    with pytest.raises(InvalidInput, match="negative"):
        presence([[-1.0]])
    with pytest.raises(InvalidInput, match="no positive number"):
        presence([[1.0]], threshold=0)
    with pytest.raises(InvalidInput, match="shape"):
        presence([[1.0]], [[5, 6]], least_employment=5)
    with pytest.raises(InvalidInput, match="sparse"):
        presence(scipy.sparse.eye(2, format="csr"), [[5, 6], [1, 1]], least_employment=5)
    for counts in (diversity, ubiquity):
        with pytest.raises(InvalidInput, match="neither true nor false"):
            counts([[0.5, 1]])
        with pytest.raises(InvalidInput, match="one dimension"):
            counts([1, 0])
        with pytest.raises(InvalidInput, match="in row 2, column 1"):
            counts(scipy.sparse.csr_matrix([[0, 1], [3, 0]]))


def test_inputs_stay_as_they_are():
    quotient = np.array([[np.nan, 2.0]])
    sparse = scipy.sparse.csr_matrix(quotient)
    presence(quotient), presence(sparse), diversity(sparse > 1)
    np.testing.assert_array_equal(quotient, [[np.nan, 2.0]])
    np.testing.assert_array_equal(sparse.toarray(), quotient)
