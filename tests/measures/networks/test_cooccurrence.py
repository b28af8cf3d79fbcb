"""Co-occurrence, proximity, relatedness in its normalisations, and relatedness by people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures.networks.cooccurrence import (
    cooccurrence,
    normalised_cooccurrence,
    proximity,
    relatedness,
)
from clusteratlas.measures.networks.skill_relatedness import skill_relatedness
from clusteratlas.tables import CannotAnswer, InvalidInput

# Five regions and six industries; expected figures by EconGeo 1.3 and by the formulas.
PRESENT = [
    [1, 1, 1, 1, 1, 0],
    [1, 1, 1, 0, 0, 1],
    [1, 1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0, 0],
    [1, 1, 0, 0, 0, 0],
]
TOGETHER = [
    [0, 4, 2, 2, 2, 1],
    [4, 0, 2, 1, 2, 1],
    [2, 2, 0, 1, 1, 1],
    [2, 1, 1, 0, 1, 0],
    [2, 2, 1, 1, 0, 0],
    [1, 1, 1, 0, 0, 0],
]
FIRST_PAIR = {"association": 1.5272727273, "cosine": 0.3813850357, "probability": 1.1451659452}

tables = arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 8)))


def naive_proximity(table):
    table = np.asarray(table, dtype=float)
    width = table.shape[1]
    found = np.full((width, width), np.nan)
    for i in range(width):
        for j in range(width):
            if table[:, i].any() and table[:, j].any():
                both = (table[:, i] * table[:, j]).sum()
                found[i, j] = min(both / table[:, i].sum(), both / table[:, j].sum())
    return found


def test_by_hand():
    np.testing.assert_array_equal(cooccurrence(PRESENT, diagonal=0), TOGETHER)
    assert cooccurrence(PRESENT)[0, 0] == 5
    found = proximity(PRESENT)
    assert (found[0, 1], found[2, 5], found[3, 5], found[4, 4]) == (0.8, 0.5, 0.0, 1.0)
    assert (np.diag(proximity(PRESENT, diagonal=0)) == 0).all()


@pytest.mark.parametrize("kind", FIRST_PAIR)
def test_econgeo(kind):
    assert relatedness(PRESENT, kind=kind)[0, 1] == pytest.approx(FIRST_PAIR[kind], abs=5e-11)


@pytest.mark.shared
def test_worked_examples(worked_example):
    example = worked_example("proximity_hidalgo")
    np.testing.assert_allclose(proximity(example["input"]["mat"]), example["expected"], atol=1e-12)
    example = worked_example("econgeo_cooc")
    np.testing.assert_array_equal(
        cooccurrence(example["input"]["mat"], diagonal=0), example["expected"]
    )
    for name, kind in (("prob", "probability"), ("assoc", "association"), ("cos", "cosine")):
        example = worked_example(f"econgeo_rel_{name}")
        found = normalised_cooccurrence(example["input"]["cooc"], kind=kind)
        np.testing.assert_allclose(found, example["expected"], atol=1e-9)


@given(tables)
@settings(max_examples=60, deadline=None)
def test_proximity_against_loops(table):
    np.testing.assert_allclose(proximity(table), naive_proximity(table), rtol=1e-15)


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_regions_and_industries_does_not_matter(table, random):
    rows = random.sample(range(table.shape[0]), table.shape[0])
    columns = random.sample(range(table.shape[1]), table.shape[1])
    found = proximity(table)
    np.testing.assert_array_equal(proximity(table[rows]), found)
    np.testing.assert_array_equal(proximity(table[:, columns]), found[np.ix_(columns, columns)])


def test_against_scikit_learn_and_scipy():
    from scipy.spatial.distance import cdist

    table = np.random.default_rng(3).random((40, 12)) < 0.3
    columns = table.T.astype(float)
    off = ~np.eye(12, dtype=bool)
    cosine = relatedness(table, kind="cosine", totals="presence")
    np.testing.assert_allclose(cosine[off], (1 - cdist(columns, columns, "cosine"))[off])
    jaccard = relatedness(table, kind="jaccard", totals="presence")
    np.testing.assert_allclose(
        jaccard[off], (1 - cdist(table.T, table.T, "jaccard"))[off], rtol=1e-12
    )
    lift = relatedness(table, kind="association", totals="presence")
    share = table.mean(axis=0)
    np.testing.assert_allclose(lift[0, 1], (table[:, 0] & table[:, 1]).mean() / share[0] / share[1])
    conditional = relatedness(table, kind="conditional", totals="presence")
    np.testing.assert_allclose(conditional[0, 1], table[table[:, 0], 1].mean())
    minimum = np.minimum(conditional, conditional.T)
    np.testing.assert_allclose(minimum, proximity(table, diagonal=0))


def test_presence_and_given_counts_agree():
    for kind in ("association", "cosine", "jaccard", "probability", "conditional"):
        np.testing.assert_allclose(
            relatedness(PRESENT, kind=kind, diagonal=1),
            normalised_cooccurrence(TOGETHER, kind=kind, diagonal=1),
        )


def test_association_does_not_change_with_scale():
    counts = np.array(TOGETHER)
    np.testing.assert_allclose(normalised_cooccurrence(counts * 7), normalised_cooccurrence(counts))


def test_sparse_is_dense_and_every_kind_of_noughts_and_ones_is_read():
    table = np.random.default_rng(5).random((300, 20)) < 0.2
    expected = proximity(table)
    for given_ in (table.astype("i1"), table.astype("f4"), table.astype(float), table.tolist()):
        np.testing.assert_array_equal(proximity(given_), expected)
    for kind in (scipy.sparse.csr_matrix, scipy.sparse.csc_array, scipy.sparse.coo_matrix):
        np.testing.assert_array_equal(proximity(kind(table.astype(float))), expected)
    rare = np.zeros((400, 20))
    rare[::60, 3] = rare[::60, 4] = 1
    np.testing.assert_array_equal(cooccurrence(scipy.sparse.csr_matrix(rare)), rare.T @ rare)
    np.testing.assert_array_equal(cooccurrence(rare), rare.T @ rare)


def test_many_blocks_add_up_exactly(monkeypatch):
    monkeypatch.setattr("clusteratlas.measures.networks.presence_matrix.BLOCK", 64)
    table = np.random.default_rng(6).random((101, 9)) < 0.4
    np.testing.assert_array_equal(cooccurrence(table), table.T.astype(float) @ table)
    np.testing.assert_array_equal(
        cooccurrence(scipy.sparse.csr_matrix(table)), table.T.astype(float) @ table
    )


def test_labels_and_years_are_kept():
    frame = pd.DataFrame(PRESENT, columns=list("ABCDEF"))
    found = proximity(frame)
    assert found.loc["A", "B"] == 0.8
    assert list(proximity({2018: frame})) == [2018]
    assert relatedness(np.array([PRESENT, PRESENT])).shape == (2, 6, 6)


def test_an_industry_that_is_nowhere_has_no_proximity():
    found = proximity([[1, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(found, [[1, np.nan, 0.5], [np.nan] * 3, [0.5, np.nan, 1]])
    assert np.isnan(proximity([[1, 0]], diagonal=0)[1, 1])
    assert np.isnan(relatedness([[1, 0, 1]])[0, 1])
    assert cooccurrence(np.zeros((0, 2))).tolist() == [[0, 0], [0, 0]]
    assert proximity(np.zeros((2, 0))).shape == (0, 0)


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="row 1, column presence 2: presence is not known"):
        proximity([[1, np.nan]])
    with pytest.raises(InvalidInput, match=r"row 2, column presence 1.*0\.5"):
        proximity(np.array([[1, 0], [0.5, 1]]))
    with pytest.raises(InvalidInput, match="in region North, industry B"):
        proximity(pd.DataFrame([[1, 2]], index=["North"], columns=["A", "B"]))
    with pytest.raises(InvalidInput, match="not known in row 1, column 2"):
        proximity(scipy.sparse.csr_matrix([[1, np.nan]]))
    with pytest.raises(CannotAnswer, match="did you mean 'cosine'"):
        relatedness(PRESENT, kind="cosin")
    with pytest.raises(CannotAnswer, match="totals"):
        relatedness(PRESENT, totals="all")
    for wrong in ([[1, 2]], [[0, 1], [2, 0]], [[0, np.nan], [np.nan, 0]], [1, 2]):
        with pytest.raises(InvalidInput):
            normalised_cooccurrence(wrong)


def test_inputs_stay_as_they_are():
    table = np.array(PRESENT, dtype=float)
    table.flags.writeable = False
    proximity(table), cooccurrence(table, diagonal=0), relatedness(table)
    counts = np.array(TOGETHER, dtype=float)
    counts.flags.writeable = False
    normalised_cooccurrence(counts, diagonal=1)
    doubled = scipy.sparse.csr_matrix(([1.0, 1.0, 0.0], [0, 1, 0], [0, 3]), shape=(1, 2))
    proximity(doubled)
    assert doubled.nnz == 3


FLOWS = [[0, 30, 5, 1], [20, 0, 4, 2], [6, 3, 0, 15], [1, 1, 25, 0]]


def test_skill_relatedness_by_hand():
    """Of 113 changes 30 go from the first, which 36 leave, to the second, which 34 enter."""
    ratio = 30 * 113 / (36 * 34)
    found = skill_relatedness(FLOWS)
    assert found.ratio[0, 1] == pytest.approx(ratio, rel=1e-12)
    back = 20 * 113 / (26 * 27)
    mean = (ratio + back) / 2
    assert found.normalised[0, 1] == pytest.approx((mean - 1) / (mean + 1), rel=1e-12)
    other = skill_relatedness(FLOWS, symmetric="normalise first").normalised
    one, two = (ratio - 1) / (ratio + 1), (back - 1) / (back + 1)
    assert other[1, 0] == pytest.approx((one + two) / 2, rel=1e-12)
    assert np.isnan(np.diag(other)).all()


def test_skill_relatedness_keeps_its_bounds_and_its_symmetry():
    flows = np.random.default_rng(2).poisson(3.0, (15, 15)) + 1
    for symmetric in ("average first", "normalise first"):
        found = skill_relatedness(flows, symmetric=symmetric, diagonal=0).normalised
        np.testing.assert_allclose(found, found.T, rtol=1e-15)
        assert found.min() >= -1
        assert found.max() < 1
    np.testing.assert_allclose(
        skill_relatedness(flows * 3, diagonal=0).normalised,
        skill_relatedness(flows, diagonal=0).normalised,
        rtol=1e-13,
    )


def test_skill_relatedness_gaps_labels_and_faults():
    found = skill_relatedness([[0, 4], [0, 0]], symmetric="directed")
    assert np.isnan(found.ratio[1]).all()
    assert found.ratio[0, 1] == 1
    frame = pd.DataFrame(FLOWS, index=list("ABCD"), columns=list("ABCD"))
    assert skill_relatedness(frame).normalised.loc["A", "B"] > 0
    with pytest.raises(InvalidInput, match="not known"):
        skill_relatedness([[0, np.nan], [1, 0]])
    with pytest.raises(InvalidInput, match="shape"):
        skill_relatedness([[0, 1]])
    with pytest.raises(CannotAnswer):
        skill_relatedness(FLOWS, symmetric="no")
