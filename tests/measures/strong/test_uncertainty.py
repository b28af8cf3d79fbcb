"""Draws of one cluster: by hand, and what must hold for any of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures import (
    drawn_quotients,
    interval,
    location_quotient,
    probability_strong,
    rank,
    rank_interval,
    strength_flags,
    strong_in_draws,
)
from clusteratlas.tables import InvalidInput

many = settings(max_examples=150, deadline=None)


@st.composite
def clusters(draw):
    """Jobs of a cluster in some regions and draws, all jobs, and establishments."""
    regions, count = draw(st.integers(2, 9)), draw(st.integers(1, 6))
    jobs = draw(arrays(np.float64, (regions, count), elements=st.integers(0, 60).map(float)))
    other = draw(arrays(np.float64, (regions, 1), elements=st.integers(1, 500).map(float)))
    few = st.integers(0, 6) | st.just(np.nan)
    places = draw(arrays(np.float64, (regions,), elements=few.map(float)))
    return jobs, jobs + other, places


def quotients(jobs, total):
    return drawn_quotients(
        jobs, total=total, reference=jobs.sum(axis=0), reference_total=total.sum(axis=0)
    )


def test_the_interval_leaves_five_percent_on_each_side() -> None:
    draws = np.arange(101.0)[None, :]
    low, high = interval(draws)
    assert (low[0], high[0]) == (pytest.approx(5), pytest.approx(95))


def test_unknown_draws_are_left_out() -> None:
    low, high = interval([[np.nan, 2, 4], [np.nan] * 3], level=0.5)
    assert (low[0], high[0]) == (2.5, 3.5)
    assert np.isnan([low[1], high[1]]).all()


def test_a_region_loses_the_flag_by_what_is_drawn_elsewhere() -> None:
    """Eight regions; only the last is drawn anew, and the quartile moves past the seventh."""
    quotient = np.array([[0.5], [0.6], [0.7], [0.8], [0.9], [1.0], [1.6], [0.9]]).repeat(2, axis=1)
    jobs = np.arange(10.0, 90.0, 10)[:, None].repeat(2, axis=1)
    quotient[7] = [0.9, 9.0]
    quotient[5] = [1.0, 1.7]
    strong = strong_in_draws(quotient, jobs, np.arange(1.0, 9.0))
    # Q75 of the first draw is 0.925, of the second 1.625: interpolated a quarter of the way.
    assert strong[6].tolist() == [True, False]
    assert strong[7].tolist() == [False, True]
    assert probability_strong(strong)[6:].tolist() == [0.5, 0.5]


def test_ranks_are_taken_within_each_draw() -> None:
    ends = rank_interval([[3, 1, 3], [2, 2, 2], [1, 3, 1]], level=0.9)
    assert ends.low.tolist() == [1, 2, 1]
    assert ends.high.tolist() == [3, 2, 3]


def test_a_region_without_jobs_in_a_draw_does_not_compete_there() -> None:
    ends = rank_interval([[5, np.nan], [4, 4], [np.nan, np.nan]])
    assert (ends.low[0], ends.high[0]) == (1, 1)
    assert (ends.low[1], ends.high[1]) == (1, 2)
    assert np.isnan([ends.low[2], ends.high[2]]).all()


@many
@given(clusters(), st.integers(2, 5))
def test_without_spread_the_probability_is_the_flag(cluster, count):
    jobs, total, places = cluster
    jobs, total = jobs[:, :1].repeat(count, axis=1), total[:, :1].repeat(count, axis=1)
    drawn = quotients(jobs, total)
    central = location_quotient(
        jobs[:, 0],
        reference=[jobs[:, 0].sum()],
        total=total[:, 0],
        reference_total=float(total[:, 0].sum()),
    )
    np.testing.assert_array_equal(drawn, np.broadcast_to(central[:, None], drawn.shape))
    flags = strength_flags(central, jobs[:, 0], places).strong
    chance = probability_strong(strong_in_draws(drawn, jobs, places))
    np.testing.assert_array_equal(chance, flags.astype(float))
    for ends, figure in (
        (interval(drawn), central),
        (rank_interval(drawn), rank(central)),
        (interval(jobs), jobs[:, 0]),
    ):
        np.testing.assert_array_equal(ends.low, figure)
        np.testing.assert_array_equal(ends.high, figure)


@many
@given(clusters())
def test_each_draw_is_the_whole_rule_of_that_draw(cluster):
    jobs, total, places = cluster
    drawn = quotients(jobs, total)
    strong = strong_in_draws(drawn, jobs, places)
    for draw in range(jobs.shape[1]):
        alone = strength_flags(drawn[:, draw], jobs[:, draw], places).strong
        np.testing.assert_array_equal(strong[:, draw], alone)


@many
@given(clusters(), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_of_draws_is_irrelevant(cluster, random):
    jobs, total, places = cluster
    rows, columns = list(range(jobs.shape[0])), list(range(jobs.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)

    def everything(jobs, total, places):
        drawn = quotients(jobs, total)
        strong = strong_in_draws(drawn, jobs, places)
        return [*interval(drawn), *rank_interval(drawn), probability_strong(strong)]

    mixed = everything(jobs[rows][:, columns], total[rows][:, columns], places[rows])
    for one, other in zip(mixed, everything(jobs, total, places), strict=True):
        np.testing.assert_allclose(one, other[rows], rtol=1e-12)


@many
@given(clusters(), st.integers(2, 40))
def test_the_unit_of_jobs_changes_no_probability(cluster, factor):
    jobs, total, places = cluster
    small, large = quotients(jobs, total), quotients(jobs * factor, total * factor)
    np.testing.assert_allclose(large, small, rtol=1e-12)
    for measure in (interval, rank_interval):
        for one, other in zip(measure(small), measure(small * 2), strict=True):
            scaled = one * 2 if measure is interval else one
            np.testing.assert_array_equal(other, scaled)
    np.testing.assert_array_equal(
        strong_in_draws(small, jobs * factor, places), strong_in_draws(small, jobs, places)
    )


@many
@given(clusters())
def test_intervals_lie_within_the_draws(cluster):
    jobs, total, _ = cluster
    low, high = interval(jobs)
    assert (jobs.min(axis=1) <= low).all()
    assert (low <= high).all()
    assert (high <= jobs.max(axis=1)).all()
    places = rank_interval(quotients(jobs, total))
    known = np.isfinite(places.low)
    assert (places.low[known] <= places.high[known]).all()
    assert (places.low[known] >= 1).all()


def test_where_the_flag_cannot_be_shown_there_is_no_probability() -> None:
    chance = probability_strong([[True, False], [False, False]], known=[True, False])
    assert chance[0] == 0.5
    assert np.isnan(chance[1])


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidInput, match="level is 1"):
        interval([[1, 2]], level=1)
    with pytest.raises(InvalidInput, match="reference has shape"):
        drawn_quotients([[1, 2]], total=[[3, 4]], reference=[1], reference_total=[2, 2])
    with pytest.raises(InvalidInput, match="total has shape"):
        drawn_quotients([[1, 2]], total=[[3]], reference=[1, 1], reference_total=[2, 2])
    with pytest.raises(InvalidInput, match="establishments has shape"):
        strong_in_draws([[1, 2]], [[1, 2]], [1, 2])
    with pytest.raises(InvalidInput, match="neither true nor false"):
        probability_strong([[2, 0]])
