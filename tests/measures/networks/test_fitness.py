"""Fitness and complexity of industries by the non-linear sweeps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures.networks.fitness import fitness
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


def naive(table, steps, alternating=False):
    f, q = [1.0] * len(table), [1.0] * len(table[0])
    for _ in range(steps):
        new = [sum(m * x for m, x in zip(row, q, strict=True)) for row in table]
        mean = sum(new) / len(new)
        new = [x / mean for x in new]
        base = new if alternating else f
        q = [
            1 / sum(table[r][i] / base[r] for r in range(len(table))) for i in range(len(table[0]))
        ]
        mean = sum(q) / len(q)
        q = [x / mean for x in q]
        f = new
    return f, q


def test_by_hand():
    """Diversities 5, 4, 3, 2, 2 over their mean 3.2; ubiquities 5, 4, 2, 2, 2, 1."""
    found = fitness(PRESENT, steps=1)
    np.testing.assert_allclose(found.fitness, np.array([5, 4, 3, 2, 2]) / 3.2)
    rare = 1 / np.array([5, 4, 2, 2, 2, 1])
    np.testing.assert_allclose(found.complexity, rare / rare.mean())
    assert (found.steps, found.converged) == (1, False)


@pytest.mark.parametrize("steps", [1, 3, 20])
@pytest.mark.parametrize("update", ["simultaneous", "alternating"])
def test_against_loops(steps, update):
    found = fitness(PRESENT, steps=steps, update=update)
    expected = naive(PRESENT.tolist(), steps, update == "alternating")
    np.testing.assert_allclose(found.fitness, expected[0], rtol=1e-12)
    np.testing.assert_allclose(found.complexity, expected[1], rtol=1e-12)


def test_the_sweeps_end_where_one_more_changes_nothing():
    table = np.random.default_rng(1).random((40, 30)) < 0.4
    found = fitness(table, tolerance=1e-12)
    assert found.converged
    assert found.steps % 10 == 0
    np.testing.assert_allclose(
        table @ found.complexity / (table @ found.complexity).mean(), found.fitness, atol=1e-9
    )
    other = fitness(table, tolerance=1e-12, update="alternating")
    np.testing.assert_allclose(other.fitness, found.fitness, atol=1e-9)
    assert other.steps <= found.steps


def test_what_falls_for_ever_keeps_its_order():
    nested = np.tril(np.ones((30, 30)))[::-1]
    found = fitness(nested, most_steps=3000)
    assert np.isfinite(found.fitness).all()
    assert (np.diff(found.fitness) <= 0).all()
    short = fitness(nested, most_steps=5)
    assert (short.steps, short.converged) == (5, False)
    lone = np.eye(4)
    lone[0] = 1
    assert np.isfinite(fitness(lone, steps=4000).complexity).all()


@given(arrays(bool, st.tuples(st.integers(1, 10), st.integers(1, 8))))
@settings(max_examples=50, deadline=None)
def test_means_bounds_and_empty_lines(table):
    found = fitness(table, steps=7)
    rows, columns = table.any(axis=1), table.any(axis=0)
    assert (np.isnan(found.fitness) == ~rows).all()
    assert (np.isnan(found.complexity) == ~columns).all()
    if rows.any():
        assert np.nanmean(found.fitness) == pytest.approx(1)
        assert np.nanmean(found.complexity) == pytest.approx(1)
        assert np.nanmin(found.fitness) > 0


def test_the_order_of_lines_does_not_matter_and_sparse_is_dense():
    rng = np.random.default_rng(2)
    table = rng.random((50, 20)) < 0.3
    rows = rng.permutation(50)
    found = fitness(table, steps=20)
    np.testing.assert_allclose(fitness(table[rows], steps=20).fitness, found.fitness[rows])
    np.testing.assert_allclose(
        fitness(scipy.sparse.csc_matrix(table), steps=20).complexity, found.complexity
    )


def test_labels_and_years_are_kept():
    frame = pd.DataFrame(PRESENT, index=list("ABCDE"), columns=list("uvwxyz"))
    found = fitness(frame, steps=1)
    assert found.fitness["A"] == pytest.approx(5 / 3.2)
    assert found.complexity["z"] > found.complexity["u"]
    assert found.steps == 1
    assert fitness({1: frame, 2: frame}, steps=2)[2].steps == 2


def test_nothing_anywhere():
    found = fitness(np.zeros((2, 3)))
    assert np.isnan(found.fitness).all()
    assert found.steps == 0


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="not known"):
        fitness([[1, np.nan]])
    with pytest.raises(InvalidInput, match="neither"):
        fitness([[1, 0.5]])
    for options in ({"steps": 0}, {"steps": 2.5}, {"most_steps": 0}, {"tolerance": 0}):
        with pytest.raises(InvalidInput):
            fitness(PRESENT, **options)
    with pytest.raises(CannotAnswer, match="alternating"):
        fitness(PRESENT, update="gauss")
