"""What must hold for any figures."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from clusteratlas.measures import (
    cluster_strength,
    growth,
    location_quotient,
    national_share,
    percentile,
    rank,
    region_share,
    strength_flags,
    traded_local_split,
)

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=8)
COUNTS = st.integers(0, 10_000) | st.sampled_from([0, 1, 2])
FULL = arrays(np.float64, SHAPES, elements=COUNTS.map(float))
GAPS = arrays(np.float64, SHAPES, elements=(COUNTS | st.just(np.nan)).map(float))
many = settings(max_examples=200, deadline=None)


def close(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=0)


@st.composite
def clusters(draw):
    """Quotients, jobs and establishments of one shape, with ties and gaps."""
    jobs = draw(GAPS)
    few = st.integers(0, 6) | st.just(np.nan)
    places = draw(arrays(np.float64, jobs.shape, elements=few.map(float)))
    quarters = st.integers(0, 12).map(lambda count: count / 4) | st.just(np.nan)
    return draw(arrays(np.float64, jobs.shape, elements=quarters)), jobs, places


@many
@given(GAPS, st.integers(1, 1000))
def test_scaling_all_jobs_changes_no_quotient(jobs, factor):
    close(location_quotient(jobs * factor), location_quotient(jobs))
    close(region_share(jobs * factor), region_share(jobs))
    close(national_share(jobs * factor), national_share(jobs))


@many
@given(FULL)
def test_the_mean_quotient_weighted_by_region_is_one(jobs):
    assume(jobs.sum() > 0)
    weights = jobs.sum(axis=1) / jobs.sum()
    present = jobs.sum(axis=0) > 0
    mean = np.nansum(location_quotient(jobs) * weights[:, None], axis=0)
    close(mean[present], 1.0)


@many
@given(FULL.filter(lambda jobs: len(jobs) > 1))
def test_two_regions_merged_equal_their_sum(jobs):
    merged = np.vstack([jobs[0] + jobs[1], jobs[2:]])
    parts, whole = national_share(jobs), national_share(merged)
    close(parts[0] + parts[1], whole[0])
    before, after = location_quotient(jobs), location_quotient(merged)
    close(after[1:], before[2:])
    sizes = jobs[:2].sum(axis=1)
    if sizes.all():
        close(after[0], (before[0] * sizes[0] + before[1] * sizes[1]) / sizes.sum())


@many
@given(clusters(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(tables, random):
    quotient, jobs, places = tables
    order = list(range(len(jobs)))
    random.shuffle(order)
    same = np.testing.assert_array_equal
    for measure in (location_quotient, region_share, national_share, rank, percentile):
        same(measure(jobs[order]), measure(jobs)[order])
    flags = strength_flags(quotient, jobs, places)
    for moved, flag in zip(
        strength_flags(quotient[order], jobs[order], places[order]), flags, strict=True
    ):
        same(moved, flag[order])
    same(
        cluster_strength(jobs[order], flags.strong[order]),
        cluster_strength(jobs, flags.strong)[order],
    )


@many
@given(clusters(), st.integers(0, 8))
def test_an_empty_region_changes_no_other(tables, place):
    jobs = tables[1]
    place = min(place, len(jobs))
    more = [np.insert(table, place, 0.0, axis=0) for table in tables]
    for flag, grown in zip(strength_flags(*tables), strength_flags(*more), strict=True):
        assert not grown[place].any()
        np.testing.assert_array_equal(np.delete(grown, place, axis=0), flag)
    for measure in (location_quotient, region_share):
        grown = measure(more[1])
        np.testing.assert_array_equal(np.delete(grown, place, axis=0), measure(jobs))


@many
@given(clusters())
def test_flags_contain_one_another(tables):
    quotient, jobs, _ = tables
    flags = strength_flags(*tables)
    assert not (flags.strong10 & ~flags.strong).any()
    assert not (flags.significant & ~flags.qualifying).any()
    for flag in flags:
        assert (jobs[flag] > 0).all()
    assert (quotient[flags.strong] >= 1).all()


@many
@given(clusters(), st.integers(1, 50))
def test_flags_do_not_depend_on_the_unit_of_jobs(tables, factor):
    quotient, jobs, places = tables
    for flag, scaled in zip(
        strength_flags(*tables), strength_flags(quotient, jobs * factor, places), strict=True
    ):
        np.testing.assert_array_equal(flag, scaled)


@many
@given(GAPS)
def test_ranks_by_counting(values):
    known = ~np.isnan(values)
    higher = np.array([[(values[:, c] > v).sum() for c, v in enumerate(row)] for row in values])
    equal = np.array([[(values[:, c] == v).sum() for c, v in enumerate(row)] for row in values])
    np.testing.assert_array_equal(rank(values), np.where(known, higher + 1, np.nan))
    last = np.where(known, higher + equal, np.nan)
    np.testing.assert_array_equal(rank(values, ties="max"), last)
    np.testing.assert_array_equal(rank(values, ties="average"), (rank(values) + last) / 2)
    assert (rank(values, ties="dense")[known] <= rank(values)[known]).all()
    top = percentile(values)
    assert ((top[~np.isnan(top)] >= 0) & (top[~np.isnan(top)] <= 1)).all()


@many
@given(FULL, st.integers(1, 30))
def test_growth_leads_from_the_first_year_to_the_last(jobs, years):
    end = jobs[::-1]
    some = jobs > 0
    compound = growth(jobs, end, years=years)
    close((jobs * (1 + compound) ** years)[some & (end > 0)], end[some & (end > 0)])
    simple = growth(jobs, end, years=years, kind="simple")
    np.testing.assert_allclose((jobs * (1 + simple * years))[some], end[some], atol=1e-6)
    np.testing.assert_array_equal(jobs + growth(jobs, end, years=years, kind="difference"), end)
    assert np.isnan(compound[~some]).all()


@many
@given(GAPS, st.randoms(use_true_random=False))
def test_the_parts_stay_within_the_whole(jobs, random):
    traded = [random.choice([True, False, None]) for _ in range(jobs.shape[1])]
    split = traded_local_split(jobs, traded)
    assert (
        np.nan_to_num(split.traded) + np.nan_to_num(split.local) <= np.nansum(jobs, axis=1)
    ).all()
    strength = cluster_strength(jobs, jobs > 100, traded=traded)
    known = strength[~np.isnan(strength)]
    assert ((known >= 0) & (known <= 1)).all()
    np.testing.assert_array_equal(np.isnan(strength), ~(split.traded > 0))
