"""Shares and quotients, each figure checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.measures import location_quotient, national_share, region_share

JOBS = [[10, 30, 60], [40, 10, 50]]  # totals 100 and 100; columns 50, 40, 110 of 200


def test_quotient_by_hand():
    expected = [[0.1 / 0.25, 0.3 / 0.2, 0.6 / 0.55], [0.4 / 0.25, 0.1 / 0.2, 0.5 / 0.55]]
    np.testing.assert_allclose(location_quotient(JOBS), expected, rtol=1e-15)


def test_quotient_against_a_nation_that_is_more_than_the_regions():
    quotient = location_quotient(JOBS, reference=[100, 200, 700])
    np.testing.assert_allclose(quotient[0], [0.1 / 0.1, 0.3 / 0.2, 0.6 / 0.7], rtol=1e-15)
    assert quotient[0, 0] == 1.0


def test_quotient_on_coarse_totals():
    coarse = location_quotient(JOBS, total=[125, 200])
    np.testing.assert_allclose(coarse[0, 0], (10 / 125) / (50 / 325), rtol=1e-15)
    full = location_quotient(JOBS, total=[125, 200], reference=[80, 90, 95], reference_total=1000)
    np.testing.assert_allclose(full[1, 2], (50 / 200) / (95 / 1000), rtol=1e-15)
    within = location_quotient(JOBS, reference=[80, 90, 95], reference_total=1000)
    np.testing.assert_allclose(within[1, 2], (50 / 100) / (95 / 1000), rtol=1e-15)


def test_traded_columns_alone_give_the_quotient_within_traded_jobs():
    traded = np.array(JOBS)[:, :2]
    quotient = location_quotient(traded)
    np.testing.assert_allclose(quotient[0, 0], (10 / 40) / (50 / 90), rtol=1e-15)
    assert quotient[0, 0] != location_quotient(JOBS)[0, 0]


def test_an_unknown_cell_stays_unknown_and_leaves_the_sums():
    quotient = location_quotient([[10, np.nan, 60], [40, 10, 50]])
    assert np.isnan(quotient[0, 1])
    np.testing.assert_allclose(quotient[0, 0], (10 / 70) / (50 / 170), rtol=1e-15)
    np.testing.assert_allclose(quotient[1, 1], (10 / 100) / (10 / 170), rtol=1e-15)


def test_a_region_a_cluster_and_a_nation_without_jobs_have_no_quotient():
    quotient = location_quotient([[0, 0], [5, 0]])
    np.testing.assert_array_equal(quotient, [[np.nan, np.nan], [1.0, np.nan]])
    assert np.isnan(location_quotient(np.zeros((2, 2)))).all()
    assert location_quotient([[0, 7], [5, 0]])[0, 0] == 0.0


def test_all_cells_unknown_is_not_known_and_not_zero():
    assert np.isnan(region_share([[np.nan, np.nan]])).all()
    assert np.isnan(national_share([np.nan, np.nan])).all()
    assert np.isnan(location_quotient(np.full((2, 2), np.nan))).all()


def test_equal_shares_give_exactly_one():
    for jobs, region, cluster in ((1, 3, 10), (7, 49, 11), (13, 1183, 17), (3, 10, 1)):
        quotient = location_quotient(
            [jobs], total=[region], reference=[cluster * jobs], reference_total=cluster * region
        )
        assert quotient[0] == 1.0


def test_shares_by_hand():
    np.testing.assert_allclose(region_share(JOBS)[0], [0.1, 0.3, 0.6], rtol=1e-15)
    np.testing.assert_array_equal(region_share(JOBS, total=[200, 400])[1], [0.1, 0.025, 0.125])
    np.testing.assert_array_equal(national_share(JOBS)[:, 0], [0.2, 0.8])
    np.testing.assert_array_equal(national_share([10, 40]), [0.2, 0.8])
    np.testing.assert_array_equal(
        national_share(JOBS, reference=[100, 100, 100])[1], [0.4, 0.1, 0.5]
    )
    assert np.isnan(national_share([0, 0])).all()


def test_a_share_keeps_the_unknown_total_unknown():
    np.testing.assert_array_equal(region_share([5, 5], total=[np.nan, 10]), [np.nan, 0.5])


@pytest.mark.parametrize("measure", [location_quotient, region_share])
def test_one_cluster_needs_the_regions_totals(measure):
    assert measure([5, 20], total=[10, 100]).shape == (2,)
