"""Pairs and groups of industries over the same regions."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.spread.coagglomeration import (
    coagglomeration,
    colocation,
    excess_colocation,
    group_coagglomeration,
)
from clusteratlas.measures.spread.concentration import ellison_glaeser
from clusteratlas.measures.spread.plants import plant_table
from clusteratlas.tables import CannotAnswer, InvalidInput

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
JOBS = arrays(np.float64, SHAPES, elements=st.integers(0, 5_000).map(float))
COUNTS = arrays(np.float64, SHAPES, elements=st.integers(0, 6).map(float))
many = settings(max_examples=60, deadline=None)

# Jobs of plants of four industries in three regions, after Farhauer and Kroell (2014); the data set
# FK2014_EGC of the R package REAT. Order: clothing trade, forestry, textiles dyeing and trade.
PLANTS = {
    "clothing": ([1020, 1250, 1255, 1750, 1720, 1580], [315, 330], [370, 200, 210]),
    "forestry": ([1020, 1100, 1055, 1100, 1070, 1080], [1030, 1015, 1150, 1100], [210, 170, 100]),
    "dyeing": ([1020, 1250, 1255, 1750, 1720, 1580], [315, 330], [210]),
    "trade": ([1320, 1250, 1255, 1300, 1320, 1320], [615, 630], [530]),
}
FOUR = np.array([[sum(sizes) for sizes in places] for places in PLANTS.values()], dtype=float).T


def direct_group(table, sizes, herfindahl):
    """The formula of 1997 with every term, plants included."""
    sizes = sizes / sizes.sum()
    weight = table.sum(axis=0) / table.sum()
    gamma = ellison_glaeser(table, sizes, plant_herfindahl=herfindahl).gamma
    share = table.sum(axis=1) / table.sum()
    raw = sum((share - sizes) ** 2) / (1 - sum(sizes**2))
    own = sum(weight**2 * herfindahl) + sum(weight**2 * gamma * (1 - herfindahl))
    return (raw - own) / (1 - sum(weight**2))


def test_pairs_of_the_textbook():
    """Worked from the formula of Ellison, Glaeser and Kerr (2010); REAT's ellison.c2 differs."""
    expected = {
        (0, 1): -0.10749032664234232,
        (0, 2): 0.05538220256625872,
        (0, 3): 0.01929167813943961,
        (1, 2): -0.13384592920043337,
        (1, 3): -0.0429207963686279,
        (2, 3): 0.022831846119008417,
    }
    found = coagglomeration(FOUR)
    for pair, value in expected.items():
        assert found[pair] == pytest.approx(value, abs=1e-14)


def test_group_of_the_textbook():
    """Ellison and Glaeser (1997); REAT's ellison.c prints 12.07 for it, which no share can be."""
    assert group_coagglomeration(FOUR) == pytest.approx(-0.03582731321591792, abs=1e-14)
    herfindahl = np.array(
        [
            sum(z * z for place in places for z in place) / sum(map(sum, places)) ** 2
            for places in PLANTS.values()
        ]
    )
    regional = np.array([360_000.0, 108_000, 132_000])
    for sizes in (FOUR.sum(axis=1), regional):
        expected = direct_group(FOUR, sizes, herfindahl)
        assert group_coagglomeration(FOUR, sizes) == pytest.approx(expected, abs=1e-14)
    assert group_coagglomeration(FOUR, regional) == pytest.approx(0.0890, abs=5e-5)


@many
@given(JOBS, st.integers(2, 50), st.randoms(use_true_random=False))
def test_formula_written_out(jobs, factor, random):
    assume(jobs.sum() > 0)
    found = coagglomeration(jobs)
    sizes = jobs.sum(axis=1) / jobs.sum()
    spread = 1 - sum(sizes**2)
    for i, j in itertools.product(range(jobs.shape[1]), repeat=2):
        one, other = jobs[:, i], jobs[:, j]
        if one.sum() == 0 or other.sum() == 0 or spread == 0:
            assert np.isnan(found[i, j])
            continue
        expected = sum((one / one.sum() - sizes) * (other / other.sum() - sizes)) / spread
        assert found[i, j] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    order = list(range(len(jobs)))
    random.shuffle(order)
    np.testing.assert_allclose(coagglomeration(jobs[order]), found, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(coagglomeration(jobs * factor), found, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(coagglomeration(scipy.sparse.csr_array(jobs)), found)
    assert not (found > (2 - spread) / max(spread, 1e-300) + 1e-9).any()


@many
@given(JOBS)
def test_a_group_is_the_weighted_mean_of_its_pairs(jobs):
    weight = jobs.sum(axis=0)
    assume(np.count_nonzero(weight) > 1 and np.count_nonzero(jobs.sum(axis=1)) > 1)
    pairs = coagglomeration(jobs)
    total = parts = 0.0
    for i, j in itertools.permutations(np.flatnonzero(weight), 2):
        total += weight[i] * weight[j] * pairs[i, j]
        parts += weight[i] * weight[j]
    assert group_coagglomeration(jobs) == pytest.approx(total / parts, rel=1e-8, abs=1e-10)


def test_groups():
    found = group_coagglomeration(FOUR, groups=["t", "f", "t", "t"])
    assert found.groups == ("f", "t")
    assert np.isnan(found.gamma[0])
    sizes = FOUR.sum(axis=1)
    alone = group_coagglomeration(FOUR[:, [0, 2, 3]], sizes)
    assert found.gamma[1] == pytest.approx(alone, abs=1e-14)


def test_mean_share_and_diagonal():
    shares = FOUR / FOUR.sum(axis=0)
    found = coagglomeration(FOUR, size="mean share", diagonal=0)
    expected = coagglomeration(FOUR, shares.mean(axis=1))
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(found[off], expected[off], atol=1e-14)
    assert (np.diag(found) == 0).all()
    concentration = ellison_glaeser(FOUR, plant_herfindahl=np.zeros(4)).gamma
    np.testing.assert_allclose(np.diag(coagglomeration(FOUR)), concentration, atol=1e-14)


def test_regions_of_one_mix_merge_without_a_trace():
    halves = np.vstack([FOUR[0] / 2, FOUR[0] / 2, FOUR[1:]])
    sizes = FOUR.sum(axis=1)
    covariance = coagglomeration(halves) * (1 - sum((halves.sum(axis=1) / halves.sum()) ** 2))
    whole = coagglomeration(FOUR) * (1 - sum((sizes / sizes.sum()) ** 2))
    # One region in two halves has half the sum of squares that it had as one.
    share = FOUR / FOUR.sum(axis=0) - (sizes / sizes.sum())[:, None]
    np.testing.assert_allclose(covariance, whole - np.outer(share[0], share[0]) / 2, atol=1e-14)


def test_howard_newman_tarp():
    """The paper's example, as in REAT's howard.cl: firms 1 to 6."""
    plants = plant_table([1] * 6, region=list("XXXYYX"), industry=list("ABABAB")).plants
    assert colocation(plants)[0, 1] == pytest.approx(0.55555555556, abs=1e-10)
    assert colocation(plants)[0, 1] == pytest.approx(5 / 9, abs=1e-14)


@many
@given(COUNTS)
def test_colocation_counts_pairs(counts):
    places = [np.repeat(np.arange(len(column)), column.astype(int)) for column in counts.T]
    found = colocation(counts)
    for i, j in itertools.product(range(len(places)), repeat=2):
        same = places[i][:, None] == places[j]
        if i == j:
            same = same[~np.eye(len(same), dtype=bool)]
        if same.size:
            assert found[i, j] == pytest.approx(same.mean(), abs=1e-12)
        else:
            assert np.isnan(found[i, j])


@pytest.mark.parametrize("among", ["all", "pair"])
def test_the_exact_mean_is_what_dealing_out_gives(among):
    rng = np.random.default_rng(11)
    counts = np.array([[3, 1, 4], [1, 5, 0], [2, 2, 6]])
    place = np.concatenate([np.repeat(np.arange(3), column) for column in counts.T])
    industry = np.repeat(np.arange(3), counts.sum(axis=0))
    chosen = np.isin(industry, [0, 1]) if among == "pair" else np.full(len(industry), True)
    drawn = []
    for _ in range(3000):
        table = np.zeros((3, 3))
        np.add.at(table, (place[chosen], rng.permutation(industry[chosen])), 1)
        drawn.append(table[:, 0] @ table[:, 1] / (counts[:, 0].sum() * counts[:, 1].sum()))
    mean, error = np.mean(drawn), np.std(drawn) / 3000**0.5
    found = colocation(counts)[0, 1] - excess_colocation(counts, among=among)[0, 1]
    assert found == pytest.approx(mean, abs=4 * error)


def test_labels_and_years():
    frame = pd.DataFrame(FOUR, index=list("abc"), columns=list(PLANTS))
    for one in (coagglomeration, colocation, excess_colocation):
        found = one(frame)
        assert list(found.index) == list(found.columns) == list(PLANTS)
        np.testing.assert_array_equal(one(scipy.sparse.csr_array(FOUR)), found)
    assert coagglomeration(np.stack([FOUR, FOUR])).shape == (2, 4, 4)
    assert group_coagglomeration(frame) == group_coagglomeration(FOUR)


def test_gaps_and_bad_input():
    jobs = np.array([[3, np.nan, 1], [1, 3, 2.0]])
    for one in (coagglomeration, group_coagglomeration, excess_colocation):
        with pytest.raises(InvalidInput, match=r"row 1, column .* 2: .* is not known"):
            one(jobs)
    for found in (
        coagglomeration(jobs, [1, 1]),
        colocation(jobs),
        excess_colocation(jobs, among="pair"),
    ):
        assert np.isnan(found[1]).all()
        assert np.isnan(found[:, 1]).all()
        assert not np.isnan(found[np.ix_([0, 2], [0, 2])]).any()
    assert np.isnan(group_coagglomeration(jobs, [1, 1]))
    assert np.isnan(group_coagglomeration(jobs, [1, 1], groups=[1, 1, 2]).gamma).all()
    assert np.isfinite(group_coagglomeration(jobs, [1, 1], groups=[1, 2, 1]).gamma[0])
    assert np.isnan(coagglomeration([[1, 2]])).all()
    with pytest.raises(InvalidInput, match="negative"):
        coagglomeration([[1, -2]])
    with pytest.raises(InvalidInput, match="no table"):
        coagglomeration([1, 2], [1, 1])
    with pytest.raises(InvalidInput, match="one dimension"):
        colocation([1, 2])
    with pytest.raises(InvalidInput, match="2 labels for 3 industries"):
        group_coagglomeration([[1, 2, 3]], groups=[1, 2])
    with pytest.raises(CannotAnswer, match="size of a region"):
        coagglomeration(FOUR, size="people")
    with pytest.raises(CannotAnswer, match="set of plants"):
        excess_colocation(FOUR, among="none")
