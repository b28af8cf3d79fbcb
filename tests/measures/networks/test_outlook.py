"""Complexity outlook and what one more industry would open up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.networks.complexity import complexity
from clusteratlas.measures.networks.cooccurrence import proximity
from clusteratlas.measures.networks.outlook import complexity_outlook, opportunity_gain
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
PHI = proximity(PRESENT)
PCI = complexity(PRESENT).pci


def test_by_hand():
    """The first region lacks only the last industry, of which it has all that is related."""
    found = complexity_outlook(PRESENT, PHI, PCI)
    assert found[0] == pytest.approx(PCI[5])
    gain = opportunity_gain(PRESENT, PHI, PCI)
    assert gain[0, 5] == pytest.approx(-PCI[5])
    assert np.isnan(gain[0, :5]).all()


@given(st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_gain_is_what_entering_adds_to_the_outlook(seed):
    rng = np.random.default_rng(seed)
    table = (rng.random((6, 5)) < 0.5).astype(float)
    pairs = rng.random((5, 5))
    pairs += pairs.T
    worth = rng.normal(size=5)
    gain = opportunity_gain(table, pairs, worth)
    before = complexity_outlook(table, pairs, worth)
    for region, industry in np.argwhere(table == 0):
        entered = table.copy()
        entered[region, industry] = 1
        after = complexity_outlook(entered, pairs, worth)[region]
        assert gain[region, industry] == pytest.approx(after - before[region], abs=1e-12)


@pytest.mark.parametrize("diagonal", ["excluded", "included"])
def test_against_the_formula(diagonal):
    density = relatedness_density(PRESENT, PHI, diagonal=diagonal)
    np.testing.assert_allclose(
        complexity_outlook(PRESENT, PHI, PCI, diagonal=diagonal),
        ((1 - PRESENT) * density * PCI).sum(axis=1),
        rtol=1e-12,
    )
    pairs = PHI if diagonal == "included" else proximity(PRESENT, diagonal=0)
    peers = (1 - PRESENT) * ((1 - PRESENT) @ (pairs * (PCI / pairs.sum(axis=1))[:, None]))
    found = opportunity_gain(PRESENT, PHI, PCI, diagonal=diagonal, less_own=False)
    np.testing.assert_allclose(np.nan_to_num(found), peers, atol=1e-12)
    around = (1 - PRESENT) * (((1 - PRESENT) * PCI) @ (pairs / pairs.sum(axis=1)))
    found = opportunity_gain(
        PRESENT, PHI, PCI, diagonal=diagonal, less_own=False, share_of="entered"
    )
    np.testing.assert_allclose(np.nan_to_num(found), around, atol=1e-12)


def test_scaling_blocks_and_sparse(monkeypatch):
    np.testing.assert_allclose(
        complexity_outlook(PRESENT, PHI, 3 * PCI), 3 * complexity_outlook(PRESENT, PHI, PCI)
    )
    expected = opportunity_gain(PRESENT, PHI, PCI)
    monkeypatch.setattr("clusteratlas.measures.networks.outlook.SMALL_BLOCK", 8)
    sparse = scipy.sparse.csr_matrix(PRESENT)
    np.testing.assert_allclose(opportunity_gain(sparse, PHI, PCI), expected)
    monkeypatch.setattr("clusteratlas.measures.networks.outlook.SINGLE_ABOVE", 1)
    np.testing.assert_allclose(opportunity_gain(PRESENT, PHI, PCI), expected, atol=1e-6)


def test_labels_are_kept_and_the_pci_is_aligned():
    frame = pd.DataFrame(PRESENT, index=list("ABCDE"), columns=list("uvwxyz"))
    pci = complexity(frame).pci[::-1]
    found = complexity_outlook(frame, PHI, pci)
    assert found["A"] == pytest.approx(PCI[5])
    assert opportunity_gain(frame, PHI, pci).loc["A", "z"] == pytest.approx(-PCI[5])
    polars = pl.from_pandas(frame.reset_index(names="region"))
    found = complexity_outlook(polars, proximity(polars), complexity(polars).pci)
    assert found["value"][0] == pytest.approx(PCI[5])


def test_an_industry_that_is_nowhere_adds_nothing():
    table = np.column_stack([PRESENT, np.zeros(5)])
    pci = complexity(table).pci
    assert np.isnan(pci[6])
    found = complexity_outlook(table, proximity(table), pci)
    np.testing.assert_allclose(found, complexity_outlook(PRESENT, PHI, PCI))
    gain = opportunity_gain(table, proximity(table), pci)
    np.testing.assert_allclose(gain[:, :6], opportunity_gain(PRESENT, PHI, PCI))
    np.testing.assert_array_equal(gain[:, 6], np.zeros(5))


def test_what_is_refused():
    for measure in (complexity_outlook, opportunity_gain):
        with pytest.raises(InvalidInput, match="one figure for each industry"):
            measure(PRESENT, PHI, PCI[:3])
        with pytest.raises(InvalidInput, match="infinite"):
            measure(PRESENT, PHI, np.where(PCI > 1, np.inf, PCI))
        with pytest.raises(InvalidInput, match="not known"):
            measure(np.where(PRESENT, PRESENT, np.nan), PHI, PCI)
        with pytest.raises(CannotAnswer, match="diagonal"):
            measure(PRESENT, PHI, PCI, diagonal="no")
