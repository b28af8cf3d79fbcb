"""Ellison-Glaeser, Maurel-Sedillot, Litzenberger-Sternberg."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.spread.concentration import (
    ellison_glaeser,
    litzenberger_sternberg,
    maurel_sedillot,
)
from clusteratlas.measures.spread.plants import HerfindahlBounds, plant_herfindahl, plant_table
from clusteratlas.tables import InvalidInput

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
JOBS = arrays(np.float64, SHAPES, elements=st.integers(0, 5_000).map(float))
many = settings(max_examples=60, deadline=None)

# R package REAT 3.0.3, ellison.a, after Farhauer and Kroell (2014).
PLANTS = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
TOWNS = ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"]
SIZES = {"Wien": 500_000, "Linz": 400_000, "Graz": 100_000}


def test_reat():
    found = ellison_glaeser(PLANTS, SIZES, region=TOWNS)
    assert found.gamma == pytest.approx(0.059906284117, abs=1e-11)
    assert found.raw == pytest.approx(0.16816326531, abs=1e-10)
    assert found.plant_herfindahl == pytest.approx(0.24468877551, abs=1e-10)
    assert found.low == found.gamma == found.high
    by_town = [sum(z for z, t in zip(PLANTS, TOWNS, strict=True) if t == town) for town in SIZES]
    table = ellison_glaeser(
        by_town, list(SIZES.values()), plant_herfindahl=plant_herfindahl(PLANTS)
    )
    assert table.gamma == pytest.approx(found.gamma, abs=1e-14)


def test_maurel_sedillot_against_pysal():
    """PySAL's segregation, which follows equation 7 of Maurel and Sedillot (1999).

    Its documentation prints these results for tables drawn with the old random generator; without
    sizes of plants every job is a plant.
    """
    old = np.random.RandomState(0)
    jobs = old.randint(10, 50, size=(3, 4))
    printed = [0.078583, 0.035977, 0.039374, -0.009049]
    found = maurel_sedillot(jobs, plant_herfindahl=1 / jobs.sum(axis=0))
    np.testing.assert_allclose(found.gamma, printed, atol=5.1e-7)
    herfindahl = np.random.RandomState(0).uniform(0, 1, size=(4,)).round(3)
    printed = [-1.010102, -2.324216, -1.38869, -1.200499]
    found = maurel_sedillot(jobs, plant_herfindahl=herfindahl)
    np.testing.assert_allclose(found.gamma, printed, atol=5.1e-7)


def test_maurel_sedillot_on_the_plants_of_reat():
    """By hand from the same formula; Wien 13,000, Linz 32,000, Graz 25,000 of 70,000 jobs."""
    squares = (13**2 + 32**2 + 25**2) / 70**2
    raw = (squares - 0.42) / 0.58
    found = maurel_sedillot(PLANTS, SIZES, region=TOWNS)
    assert found.raw == pytest.approx(raw, abs=1e-14)
    assert found.gamma == pytest.approx(-0.43576255319763474, abs=1e-14)


@many
@given(JOBS, st.integers(2, 50), st.data())
def test_formulas_written_out(jobs, factor, data):
    assume(jobs.sum() > 0)
    width = jobs.shape[1]
    plants = np.array(data.draw(st.lists(st.integers(1, 60), min_size=width, max_size=width)))
    sizes = jobs.sum(axis=1) / jobs.sum()
    chance = sum(sizes**2)
    eg = ellison_glaeser(jobs, plant_herfindahl=1 / plants)
    ms = maurel_sedillot(jobs, plant_herfindahl=1 / plants)
    for place, column in enumerate(jobs.T):
        if column.sum() == 0 or plants[place] == 1 or (sizes > 0).sum() == 1:
            assert np.isnan(eg.gamma[place])
            assert np.isnan(ms.gamma[place])
            continue
        share, h = column / column.sum(), 1 / plants[place]
        raw = sum((share - sizes) ** 2)
        assert eg.raw[place] == pytest.approx(raw, abs=1e-12)
        expected = (raw - (1 - chance) * h) / ((1 - chance) * (1 - h))
        assert eg.gamma[place] == pytest.approx(expected, rel=1e-9, abs=1e-9)
        expected = ((sum(share**2) - chance) / (1 - chance) - h) / (1 - h)
        assert ms.gamma[place] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    scaled = ellison_glaeser(jobs * factor, plant_herfindahl=1 / plants)
    np.testing.assert_allclose(scaled.gamma, eg.gamma, rtol=1e-9, atol=1e-9)
    order = np.argsort(sizes)
    turned = ellison_glaeser(jobs[order], plant_herfindahl=1 / plants)
    np.testing.assert_allclose(turned.gamma, eg.gamma, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(
        ellison_glaeser(scipy.sparse.csr_array(jobs), plant_herfindahl=1 / plants).gamma, eg.gamma
    )


def test_plants_thrown_like_darts_have_no_gamma():
    """The mean of gamma over industries whose plants choose a region by its size is 0."""
    rng = np.random.default_rng(7)
    sizes = np.array([0.4, 0.3, 0.2, 0.1])
    industry = np.repeat(np.arange(3000), 12)
    region = rng.choice(4, len(industry), p=sizes)
    jobs = np.exp(rng.normal(3, 1, len(industry)))
    reference = dict(enumerate(sizes))
    for one in (ellison_glaeser, maurel_sedillot):
        gamma = one(jobs, reference, region=region, industry=industry).gamma
        assert gamma.mean() == pytest.approx(0, abs=4 * gamma.std() / 3000**0.5)


def test_plants_of_several_industries_equal_their_table():
    region, industry = ["a", "b", "a", "c", "b"], ["x", "x", "y", "y", "x"]
    jobs = [10, 20, 30, 40, 50]
    found = ellison_glaeser(jobs, region=region, industry=industry)
    table = plant_table(jobs, region=region, industry=industry)
    again = ellison_glaeser(table.employment, plant_herfindahl=table.plant_herfindahl)
    np.testing.assert_array_equal(found.gamma, again.gamma)
    # Regions without a plant count by their size alone.
    more = ellison_glaeser([10, 20], {"a": 1, "b": 1, "z": 2}, region=["a", "b"])
    assert more.raw == pytest.approx((1 / 3 - 0.25) ** 2 + (2 / 3 - 0.25) ** 2 + 0.25)


def test_an_interval_of_plant_sizes_gives_an_interval_of_gamma():
    jobs = [[75, 30], [25, 70]]
    bounds = HerfindahlBounds([0.1, 0.2], [0.2, 0.3], [0.3, 0.4])
    found = ellison_glaeser(jobs, [1, 1], plant_herfindahl=bounds)
    for part, herfindahl in (("low", 2), ("gamma", 1), ("high", 0)):
        exact = ellison_glaeser(jobs, [1, 1], plant_herfindahl=bounds[herfindahl])
        np.testing.assert_array_equal(getattr(found, part), exact.gamma)
    assert (found.low < found.gamma).all()
    # All in a small region: gamma is above 1 and rises with the plants' Herfindahl.
    above = ellison_glaeser([0, 5], [9, 1], plant_herfindahl=HerfindahlBounds(0.1, 0.2, 0.3))
    assert 1 < above.low < above.gamma < above.high
    frame = pd.DataFrame(jobs, index=["a", "b"], columns=["x", "y"])
    turned = HerfindahlBounds(*(pd.Series(part[::-1], index=["y", "x"]) for part in bounds))
    labelled = ellison_glaeser(frame, [1, 1], plant_herfindahl=turned)
    assert list(labelled.low.index) == ["x", "y"]
    np.testing.assert_array_equal(labelled.low, found.low)


def test_gaps_and_bad_input():
    jobs = [[3, np.nan], [1, 3]]
    for one in (ellison_glaeser, maurel_sedillot):
        with pytest.raises(InvalidInput, match="complete the table first"):
            one(jobs, plant_herfindahl=[0.1, 0.1])
        found = one(jobs, [1, 1], plant_herfindahl=[0.1, 0.1])
        assert np.isnan(found.gamma).tolist() == [False, True]
        assert np.isnan(one([[3, 1], [1, 3]], plant_herfindahl=[np.nan, 1]).gamma).all()
        with pytest.raises(InvalidInput, match="plant_herfindahl is missing"):
            one([[1, 2]])
        with pytest.raises(InvalidInput, match="above 1"):
            one([[1, 2]], plant_herfindahl=[2, 0.5])
        with pytest.raises(InvalidInput, match="region is missing"):
            one([1, 2], industry=["x", "x"])
        with pytest.raises(InvalidInput, match="which region is which"):
            one([1, 2], [1, 2], region=["a", "b"])
        with pytest.raises(InvalidInput, match=r"lacks the regions \['b'\]"):
            one([1, 2], {"a": 1}, region=["a", "b"])
        with pytest.raises(InvalidInput, match="follows from the plants"):
            one([1, 2], region=["a", "b"], plant_herfindahl=0.5)


def test_litzenberger_sternberg_as_reat_prints_it():
    """REAT 3.0.3, litzenberger, after Farhauer and Kroell (2014): 21.87491; the rest as one."""
    found = litzenberger_sternberg(
        [1743, 5740 - 1743], [35, 53 - 35], area=[50, 576 - 50], population=[488, 4621 - 488]
    )
    assert found[0] == pytest.approx(21.87491, abs=5e-6)


@many
@given(JOBS, st.integers(2, 9))
def test_litzenberger_sternberg_written_out(jobs, factor):
    firms = np.ceil(jobs / 7)
    area, people = np.arange(1.0, len(jobs) + 1), np.arange(len(jobs), 0.0, -1) + 2
    found = litzenberger_sternberg(jobs, firms, area=area, population=people)
    for (r, i), own in np.ndenumerate(jobs):
        e, b = jobs[:, i].sum(), firms[:, i].sum()
        if e == 0:
            assert np.isnan(found[r, i])
        elif own == 0:
            assert found[r, i] == 0
        else:
            dense = (own / area[r]) / (e / area.sum())
            stock = (own / people[r]) / (e / people.sum())
            size = (firms[r, i] / b) / (own / e)
            assert found[r, i] == pytest.approx(dense * stock * size, rel=1e-12)
    again = litzenberger_sternberg(
        jobs * factor, firms * 2, area=area * 10, population=people * factor
    )
    np.testing.assert_allclose(again, found, rtol=1e-12)


def test_litzenberger_sternberg_gaps_and_labels():
    frame = pd.DataFrame([[3, 1], [1, 3]], index=["a", "b"], columns=["x", "y"])
    found = litzenberger_sternberg(frame, frame, area=[1, 1], population=[1, 1])
    assert found.loc["a", "x"] == pytest.approx(0.75 * 0.75 * 4)
    gap = litzenberger_sternberg(
        [[3, np.nan], [1, 3]], [[1, 1], [1, 1]], area=[1, 1], population=[1, 1]
    )
    assert np.isnan(gap).tolist() == [[False, True], [False, True]]
    with pytest.raises(InvalidInput, match="area is not known"):
        litzenberger_sternberg([1, 2], [1, 2], area=[1, np.nan], population=[1, 1])
    with pytest.raises(InvalidInput, match="shape"):
        litzenberger_sternberg([1, 2], [1], area=[1, 1], population=[1, 1])
