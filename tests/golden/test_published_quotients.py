"""Quotients and shares that others printed."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.measures import location_quotient, region_share

US_TRADED = 45_242_110
"""Traded jobs of the United States in 2016 that the US portal's shares imply."""

# US Cluster Mapping portal, 2016: jobs, the region's traded jobs, share of them as printed.
RECORDS = {
    "Massachusetts, Biopharmaceuticals": (9_818, 1_168_331, 0.00840344),
    "Michigan, Automotive": (172_490, 1_391_569, 0.12395361),
    "Texas, Oil and Gas": (256_645, 3_678_662, 0.06976586),
    "Oregon, Wood Products": (21_522, 526_142, 0.040905308),
}


@pytest.mark.parametrize("record", RECORDS)
def test_share_of_traded_jobs_as_printed(record):
    jobs, traded, share = RECORDS[record]
    assert region_share([jobs], total=[traded])[0] == pytest.approx(share, abs=5e-9)


def test_two_regions_of_one_cluster_agree_on_the_nation():
    """Massachusetts alone gives the nation's jobs in biopharmaceuticals; Boston must follow.

    Printed: Massachusetts quotient 1.53756; the Boston area 9,342 jobs, share of its traded jobs
    0.009882169, quotient 1.8081199. One job of the nation moves the quotient by 0.000007.
    """
    massachusetts_jobs, massachusetts_traded, share = RECORDS["Massachusetts, Biopharmaceuticals"]
    nation = round(share / 1.53756 * US_TRADED)
    boston_traded = round(9_342 / 0.009882169)
    quotients = location_quotient(
        [massachusetts_jobs, 9_342],
        total=[massachusetts_traded, boston_traded],
        reference=[nation],
        reference_total=US_TRADED,
    )
    np.testing.assert_allclose(quotients, [1.53756, 1.8081199], rtol=1e-5)


@pytest.mark.shared
def test_reat(worked_example):
    """R package REAT, after Farhauer and Kroell: Freiburg, one industry."""
    example = worked_example("reat_locq")
    figures = example["input"]
    quotient = location_quotient(
        [figures["e_ij"]],
        total=[figures["e_j"]],
        reference=[figures["e_i"]],
        reference_total=figures["e"],
    )
    assert quotient[0] == pytest.approx(example["expected"], abs=1e-10)
    assert quotient[0] == pytest.approx(example["printed_in_docs"], abs=5e-8)


@pytest.mark.shared
def test_econgeo(worked_example):
    """R package EconGeo: five regions and five industries, two decimals."""
    example = worked_example("econgeo_lq")
    quotient = location_quotient(example["input"]["mat"])
    np.testing.assert_allclose(quotient, example["expected"], atol=0.005)
    present = worked_example("econgeo_lq_bin")
    np.testing.assert_array_equal(quotient >= 1, np.array(present["expected"]) == 1)
