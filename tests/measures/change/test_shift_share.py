"""Shift-share: published numbers, a second reading in plain loops, and what must always hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures.change.dynamic_shift_share import (
    dynamic_shift_share,
    shift_share_factors,
)
from clusteratlas.measures.change.shift_share import ShiftShare, region_shift_share, shift_share
from clusteratlas.tables import CannotAnswer, InvalidInput

NATION = ([400, 150, 150, 400], [440, 210, 135, 480])
REGIONS = {  # Farhauer and Kröll (2013), as restated in the manual of the R package REAT 3.0.3
    "A": ([90, 20, 10, 60], [100, 40, 10, 55]),
    "B": ([60, 30, 30, 40], [85, 55, 40, 35]),
    "C": ([250, 100, 110, 300], [255, 115, 85, 390]),
}
PUBLISHED = {
    ("A", "classic"): (27, 1, -3, 0, 25),
    ("A", "esteban-marquillas"): (27, 1, -0.63636363636, -2.3636363636, 25),
    ("B", "classic"): (24, -1, 32, 0, 55),
    ("B", "esteban-marquillas"): (24, -1, 18.424242424242422, 13.575757575757574, 55),
    ("C", "classic"): (114, 0, -29, 0, 85),
}
KINDS = ("classic", "esteban-marquillas")
COUNTS = st.sampled_from([0.0, 0.0, 1.0, 2.0]) | st.integers(0, 5000).map(float)
GAPS = COUNTS | st.just(np.nan)


@st.composite
def two_years(draw, elements=COUNTS, least=1):
    shape = draw(array_shapes(min_dims=2, max_dims=2, min_side=least, max_side=6))
    return draw(arrays(float, shape, elements=elements)), draw(
        arrays(float, shape, elements=elements)
    )


def against_nation(region, **options):
    start, end = REGIONS[region]
    return shift_share(start, end, reference_start=NATION[0], reference_end=NATION[1], **options)


@pytest.mark.parametrize(("region", "kind"), PUBLISHED)
def test_published_regions(region, kind):
    start, end = REGIONS[region]
    found = region_shift_share(
        start, end, kind=kind, reference_start=NATION[0], reference_end=NATION[1]
    )
    national, mix, competitive, allocation, total = PUBLISHED[region, kind]
    expected = ShiftShare(national, mix, competitive, allocation, 0, total)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    cells = against_nation(region, kind=kind)
    np.testing.assert_allclose([part.sum() for part in cells], expected, rtol=1e-9, atol=1e-9)


def test_published_two_years_of_region_a():
    """REAT's manual goes on to a second year; the sum over both was re-derived from its data."""
    found = dynamic_shift_share(
        [[90, 20, 10, 60], [100, 40, 10, 55], [105, 45, 15, 60]],
        reference=[*NATION, [460, 230, 155, 500]],
    )
    sums = [float(np.sum(part)) for part in found]
    np.testing.assert_allclose(sums, [39.964427, 0.163700, 4.871873, 0, 0, 45], atol=5e-7)


def test_published_factors_of_region_a():
    start, end = REGIONS["A"]
    found = shift_share_factors(start, end, reference_start=NATION[0], reference_end=NATION[1])
    np.testing.assert_allclose(found, [1.0048309179, 0.98557692308, 0.99033816425], rtol=1e-10)


EXAMPLES = Path(__file__).parents[3] / "shared" / "oracles" / "worked-examples.json"


@pytest.mark.shared
@pytest.mark.skipif(not EXAMPLES.exists(), reason="the worked examples are not on this machine")
def test_every_worked_example():
    examples = {each["id"]: each for each in json.loads(EXAMPLES.read_text()) if each["usable"]}

    def sums(name, **options):
        data = examples[name]["input"]
        references = {"reference_start": data["n0"], "reference_end": data["n1"]}
        return region_shift_share(data["r0"], data["r1"], **references, **options)

    for name in ("shiftshare_A", "shiftshare_B"):
        expected = examples[name]["expected"]
        plain, cut = sums(name), sums(name, kind="esteban-marquillas")
        found = [plain.total, plain.national, plain.mix, plain.competitive]
        wanted = [expected[word] for word in ("total", "national", "mix", "competitive")]
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
        wanted = [expected["EM_competitive"], expected["EM_allocation"]]
        np.testing.assert_allclose([cut.competitive, cut.allocation], wanted, rtol=1e-9)
    for name, kind in (
        ("reat_shift_A_Dunn", "classic"),
        ("reat_shift_C", "classic"),
        ("reat_shift_A_Esteban", "esteban-marquillas"),
    ):
        plain, cut = sums(name), sums(name, kind=kind)
        found = [cut.total, cut.national, cut.mix, cut.competitive]
        # The last figure is the net total shift in the classic form, the allocation in the other.
        found.append(cut.allocation if kind != "classic" else cut.mix + cut.competitive)
        wanted = np.ravel(examples[name]["expected"]["components"])
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
    data = examples["reat_shift_A_Gerfin"]
    found = shift_share_factors(
        data["input"]["r0"],
        data["input"]["r1"],
        reference_start=data["input"]["n0"],
        reference_end=data["input"]["n1"],
    )
    np.testing.assert_allclose(found, np.ravel(data["expected"]["components"]), rtol=1e-9)


def test_by_hand_with_the_sums_as_reference():
    # Columns 100 -> 120 and 100 -> 100, the nation 200 -> 220: 10 %, 20 % and 0 %.
    found = shift_share([[40, 60], [60, 40]], [[60, 60], [60, 40]])
    np.testing.assert_allclose(found.national, [[4, 6], [6, 4]])
    np.testing.assert_allclose(found.mix, [[4, -6], [6, -4]])
    np.testing.assert_allclose(found.competitive, [[12, 0], [-12, 0]], atol=1e-12)
    np.testing.assert_array_equal(found.total, [[20, 0], [0, 0]])
    assert not found.new.any()
    assert not found.allocation.any()


def test_a_new_industry_stands_apart_or_in_the_competitive_part():
    start, end = [[0, 50], [50, 50]], [[7, 50], [50, 50]]
    apart, inside = (
        shift_share(start, end, new_industries=place) for place in ("separate", "competitive")
    )
    assert (apart.new[0, 0], apart.competitive[0, 0]) == (7, 0)
    assert (inside.new[0, 0], inside.competitive[0, 0]) == (0, 7)
    assert apart.national[0, 0] == apart.mix[0, 0] == apart.allocation[0, 0] == 0


def test_an_industry_that_is_new_in_the_nation_counts_in_its_growth_and_as_new():
    found = shift_share([[0, 100]], [[10, 100]])
    assert found.new.tolist() == [[10, 0]]
    np.testing.assert_allclose(found.national, [[0, 10]])
    np.testing.assert_allclose(found.mix, [[0, -10]])


def test_a_reference_without_the_industry_leaves_its_rate_undefined():
    found = shift_share([5, 10], [6, 10], reference_start=[0, 100], reference_end=[0, 110])
    assert np.isnan([found.mix[0], found.competitive[0]]).all()
    np.testing.assert_allclose([found.national[0], found.total[0]], [0.5, 1])
    assert not np.isnan(np.array(found)[:, 1]).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_gap_is_marked_and_no_rate_compares_different_regions(kind):
    start, end = [[10, 20], [30, 40], [5, 5]], [[20, 30], [np.nan, 40], [10, 5]]
    found = shift_share(start, end, kind=kind)
    for part in found:
        assert np.isnan(part).tolist() == [[False, False], [True, False], [False, False]]
    # The first industry doubles where both years are known: 15 to 30, not 45 to 30.
    np.testing.assert_allclose((found.national + found.mix)[0, 0], 10)
    whole = region_shift_share(start, end, kind=kind)
    assert whole.total.tolist() == [20, 0, 5]
    np.testing.assert_allclose(sum(whole[:-1]), whole.total, atol=1e-9)


def test_what_cannot_be_compared_at_all_is_unknown():
    found = region_shift_share([[np.nan], [3]], [[1], [4]])
    assert np.isnan(np.array(found)[:, 0]).all()
    assert not np.isnan(np.array(found)[:, 1]).any()


def naive(start, end, kind, weights, place):
    """Spell the formulas out cell by cell."""
    regions, industries = start.shape
    known = ~np.isnan(start + end)
    before = [sum(start[k, i] for k in range(regions) if known[k, i]) for i in range(industries)]
    after = [sum(end[k, i] for k in range(regions) if known[k, i]) for i in range(industries)]
    parts = np.full((6, regions, industries), np.nan)
    for r in range(regions):
        own = sum(start[r, i] for i in range(industries) if known[r, i])
        for i in range(industries):
            if not known[r, i]:
                continue
            e0, e1 = start[r, i], end[r, i]
            if e0 == 0:
                new = e1 if place == "separate" else 0.0
                parts[:, r, i] = (0, 0, e1 - new, 0, new, e1)
                continue
            whole = sum(after) / sum(before) - 1
            b, a = before[i], after[i]
            if weights is not None:
                b = sum(weights[r, k] * start[k, i] for k in range(regions) if known[k, i])
                a = sum(weights[r, k] * end[k, i] for k in range(regions) if known[k, i])
            parts[[0, 4, 5], r, i] = (e0 * whole, 0, e1 - e0)
            if b == 0:
                continue
            rate, mine = a / b - 1, e1 / e0 - 1
            parts[1, r, i] = e0 * (rate - whole)
            at = own * before[i] / sum(before) if kind != "classic" else e0
            parts[2, r, i] = at * (mine - rate)
            parts[3, r, i] = (e0 - at) * (mine - rate)
    if kind == "classic":
        parts[3] = np.where(np.isnan(parts[5]), np.nan, 0.0)
    return parts


@settings(max_examples=150, deadline=None)
@given(
    two_years(GAPS),
    st.sampled_from(KINDS),
    st.booleans(),
    st.sampled_from(("separate", "competitive")),
)
def test_formulas_cell_by_cell(years, kind, spatial, place):
    start, end = years
    weights = None
    if spatial:
        regions = len(start)
        weights = np.abs(np.subtract.outer(np.arange(regions), np.arange(regions))) % 3
    kept = start.copy(), end.copy()
    found = shift_share(start, end, kind=kind, weights=weights, new_industries=place)
    expected = naive(start, end, kind, weights, place)
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-9, atol=1e-6)
    np.testing.assert_array_equal(kept, (start, end))


@settings(max_examples=100, deadline=None)
@given(two_years(), st.sampled_from(KINDS))
def test_the_parts_add_up_to_the_change(years, kind):
    start, end = years
    found = shift_share(start, end, kind=kind)
    np.testing.assert_array_equal(found.total, end - start)
    np.testing.assert_allclose(sum(found[:-1]), found.total, rtol=0, atol=1e-9 * (1 + end.max()))
    # Where nothing is new, the whole gains the national part and the others cancel out.
    if not found.new.any():
        others = found.mix + found.competitive + found.allocation
        np.testing.assert_allclose(others.sum(), 0, atol=1e-9 * (1 + end.sum() + start.sum()))


@settings(max_examples=60, deadline=None)
@given(two_years(GAPS, least=2), st.integers(2, 9), st.randoms(use_true_random=False))
def test_unit_and_order_are_irrelevant(years, factor, random):
    start, end = years
    found = np.array(shift_share(start, end, kind="esteban-marquillas"))
    scaled = np.array(shift_share(start * factor, end * factor, kind="esteban-marquillas"))
    np.testing.assert_allclose(scaled, found * factor, rtol=1e-9, atol=1e-5)
    order = random.sample(range(len(start)), len(start))
    moved = np.array(shift_share(start[order], end[order], kind="esteban-marquillas"))
    np.testing.assert_allclose(moved, found[:, order], rtol=1e-9, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(two_years(st.integers(1, 500).map(float), least=2))
def test_two_regions_merged_have_the_sum_of_every_classic_part(years):
    start, end = years
    merged = [np.vstack([year[0] + year[1], year[2:]]) for year in years]
    apart, together = shift_share(start, end), shift_share(*merged)
    for one, other in zip(apart, together, strict=True):
        np.testing.assert_allclose(one[0] + one[1], other[0], rtol=1e-9, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(two_years(st.integers(1, 500).map(float)))
def test_the_factors_multiply_and_agree_with_the_parts(years):
    start, end = years
    factors, parts = shift_share_factors(start, end), region_shift_share(start, end)
    np.testing.assert_allclose(factors.structural * factors.locational, factors.regional)
    jobs = start.sum(axis=1)
    np.testing.assert_allclose(
        factors.structural, (jobs + parts.national + parts.mix) / (jobs + parts.national)
    )


def test_neighbours_by_hand():
    # The region's only neighbour doubles; the nation of both goes from 20 to 35.
    found = shift_share([[10], [10]], [[15], [20]], weights=[[0, 3], [1, 0]])
    np.testing.assert_allclose(found.national[0, 0], 7.5)
    np.testing.assert_allclose(found.mix[0, 0], 10 - 7.5)
    np.testing.assert_allclose(found.competitive[0, 0], 15 - 20)
    alone = shift_share([[10], [10]], [[15], [20]], weights=[[0, 0], [1, 0]])
    assert np.isnan([alone.mix[0, 0], alone.competitive[0, 0]]).all()


def test_labels_are_kept_and_weights_follow_them():
    regions, industries = ["north", "south", "west"], ["steel", "cars"]
    start = pd.DataFrame([[10, 20], [30, 40], [7, 9]], index=regions, columns=industries)
    end = pd.DataFrame([[12, 24], [33, 36], [9, 5]], index=regions, columns=industries)
    weights = pd.DataFrame([[0, 1, 2], [1, 0, 3], [5, 4, 0]], index=regions, columns=regions)
    turned = weights.iloc[[2, 0, 1], [1, 2, 0]]
    found = shift_share(start, end.iloc[::-1, ::-1], weights=turned)
    plain = shift_share(start.to_numpy(), end.to_numpy(), weights=weights.to_numpy())
    for one, other in zip(found, plain, strict=True):
        assert (list(one.index), list(one.columns)) == (regions, industries)
        np.testing.assert_allclose(one.to_numpy(), other)
    sums = region_shift_share(start, end)
    assert list(sums.mix.index) == regions
    near = dynamic_shift_share({1: start, 2: end.iloc[::-1]}, weights=turned)
    np.testing.assert_allclose(near.mix, plain.mix)
    both = dynamic_shift_share({2020: start, 2021: end.iloc[::-1], 2019: start})
    assert list(both.total.index) == regions
    np.testing.assert_allclose(both.total, end.to_numpy() - start.to_numpy())


def test_polars_over_three_years():
    tables = {
        year: pl.DataFrame({"region": ["n", "s"], "x": [10 + year, 5], "y": [3, 8]})
        for year in (0, 1, 2)
    }
    found = dynamic_shift_share(tables)
    assert found.total["region"].to_list() == ["n", "s"]
    assert found.total["x"].to_list() == [2, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_sparse_gives_the_same(kind):
    random = np.random.default_rng(3)
    start, end = (random.poisson(0.7, (40, 9)).astype(float) for _ in range(2))
    weights = scipy.sparse.random_array((40, 40), density=0.2, rng=random).tolil()
    weights.setdiag(0)
    sparse = scipy.sparse.csr_array
    near = sparse(weights)
    found = shift_share(sparse(start), sparse(end), kind=kind, weights=near)
    plain = shift_share(start, end, kind=kind, weights=near.toarray())
    np.testing.assert_allclose(np.array(found), np.array(plain), rtol=1e-12, atol=1e-12)


def test_many_rows_are_worked_in_pieces():
    random = np.random.default_rng(8)
    start, end = random.poisson(3, (2, 900, 80)).astype(float)
    found = shift_share(start, end, kind="esteban-marquillas")
    expected = naive(start, end, "esteban-marquillas", None, "separate")
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-9, atol=1e-9)
    sums = region_shift_share(start, end, kind="esteban-marquillas")
    np.testing.assert_allclose(np.array(sums), expected.sum(axis=2), rtol=1e-9, atol=1e-7)


def test_the_sum_of_steps_is_the_change_and_not_one_long_step():
    random = np.random.default_rng(4)
    years = random.integers(1, 90, (4, 6, 5)).astype(float)
    found = dynamic_shift_share(years)
    np.testing.assert_allclose(sum(found[:-1]), years[-1] - years[0], atol=1e-9)
    steps = [shift_share(years[t], years[t + 1]) for t in range(3)]
    np.testing.assert_allclose(found.mix, sum(step.mix for step in steps), atol=1e-9)
    assert not np.allclose(found.mix, shift_share(years[0], years[-1]).mix)


def test_an_unknown_year_in_between_marks_the_cell():
    found = dynamic_shift_share([[[1, 2]], [[np.nan, 2]], [[1, 3]]])
    assert all(np.isnan(part[0, 0]) for part in found)
    assert found.total[0, 1] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([[1, 2]], [[1, 2, 3]], {}), "shape"),
        (([[1, -2]], [[1, 2]], {}), "negative"),
        (([[1, np.inf]], [[1, np.inf]], {}), "infinite"),
        (([1, 2], [1, 2], {}), "reference_start"),
        (([1, 2], [1, 2], {"reference_start": [1, 2]}), "without the other"),
        (([[1], [2]], [[1], [2]], {"weights": [[1, 0], [0, 1]]}), "own neighbour"),
        (([[1], [2]], [[1], [2]], {"weights": [[0, -1], [0, 0]]}), "negative"),
        (([[1], [2]], [[1], [2]], {"weights": [[0, 1]]}), "shape"),
        (([[1], [2]], [[1], [2]], {"weights": scipy.sparse.eye_array(2)}), "own neighbour"),
    ],
)
def test_bad_input_is_refused(arguments, said):
    start, end, options = arguments
    with pytest.raises(InvalidInput, match=said):
        shift_share(start, end, **options)


def test_unknown_kinds_and_years():
    with pytest.raises(CannotAnswer, match="classic"):
        shift_share([[1]], [[1]], kind="clasic")
    with pytest.raises(CannotAnswer, match="separate"):
        shift_share([[1]], [[1]], new_industries="apart")
    with pytest.raises(InvalidInput, match="at least two"):
        dynamic_shift_share([[[1]]])
    with pytest.raises(InvalidInput, match="same years"):
        dynamic_shift_share({1: [1], 2: [1]}, reference={1: [1], 3: [1]})
    with pytest.raises(InvalidInput, match="reference_start"):
        shift_share_factors([1], [1])
