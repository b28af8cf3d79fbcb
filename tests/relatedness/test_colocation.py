"""Co-location against numpy's own correlation, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas import measures
from clusteratlas.relatedness.colocation import colocation_of, correlation_over_regions
from clusteratlas.tables import CannotAnswer, InvalidInput

INDUSTRIES = ["3361", "1133", "3254", "5112"]


def economy(years: int = 2, regions: int = 40, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.poisson(random.lognormal(2, 1, (years, regions, 1)) * np.ones(4)).astype(float)


def test_correlation_is_that_of_square_roots_over_regions_and_years() -> None:
    jobs = economy()
    expected = np.corrcoef(np.sqrt(jobs.reshape(-1, 4)).T)
    np.fill_diagonal(expected, np.nan)
    np.testing.assert_allclose(correlation_over_regions(jobs), expected)
    raw = np.corrcoef(jobs.reshape(-1, 4).T)
    np.fill_diagonal(raw, np.nan)
    np.testing.assert_allclose(correlation_over_regions(jobs, scale="levels"), raw)


def test_components_are_sorted_by_code_and_do_not_know_the_order_of_rows() -> None:
    jobs = economy()
    found = colocation_of(jobs, jobs, industries=INDUSTRIES)
    assert found.labels == ("1133", "3254", "3361", "5112")
    again = colocation_of(
        jobs[:, ::-1][:, :, [2, 0, 3, 1]],
        jobs[:, ::-1][:, :, [2, 0, 3, 1]],
        industries=[INDUSTRIES[at] for at in (2, 0, 3, 1)],
    )
    for name, matrix in found.components.items():
        np.testing.assert_allclose(again.components[name], matrix, atol=1e-12)
        np.testing.assert_array_equal(matrix, matrix.T)
    coagglomeration = measures.coagglomeration(jobs.mean(axis=0), size="mean share")
    assert found.components["coagglomeration"][0, 2] == pytest.approx(coagglomeration[1, 0])


def test_scaling_all_jobs_changes_nothing() -> None:
    jobs = economy()
    one, other = (
        colocation_of(each, industries=INDUSTRIES).components for each in (jobs, 7 * jobs)
    )
    for name, matrix in one.items():
        np.testing.assert_allclose(other[name], matrix, atol=1e-10)


def test_an_industry_that_is_nowhere_is_unknown_and_named() -> None:
    jobs = economy()
    jobs[:, :, 1] = 0
    found = colocation_of(jobs, industries=INDUSTRIES)
    assert np.isnan(found.components["colocation_employment"][0]).all()
    assert np.isnan(found.components["coagglomeration"][0]).all()
    assert "without employment anywhere, so without co-location: 1133" in found.notes


def test_identical_industries_are_named() -> None:
    jobs = economy()
    jobs[:, :, 2] = jobs[:, :, 0]
    found = colocation_of(jobs, industries=INDUSTRIES)
    assert found.components["colocation_employment"][1, 2] == pytest.approx(1.0)
    assert "with the same figures in every region, not told apart: 3254=3361" in found.notes


def test_an_industry_that_is_the_same_everywhere_is_unknown_and_named() -> None:
    jobs = economy()
    jobs[:, :, 0] = 12
    found = colocation_of(jobs, industries=INDUSTRIES)
    assert np.isnan(found.components["colocation_employment"][2]).all()
    assert "the same in every region, so without co-location: 3361" in found.notes


def test_fewer_than_thirty_regions_are_refused() -> None:
    with pytest.raises(CannotAnswer, match="29 regions are too few"):
        colocation_of(economy(regions=29), industries=INDUSTRIES)


def test_all_faults_of_a_table_are_told_at_once() -> None:
    jobs = economy()
    jobs[0, 3, 1] = np.nan
    jobs[1, 5, 2] = -4
    with pytest.raises(InvalidInput) as told:
        colocation_of(jobs, industries=INDUSTRIES)
    said = str(told.value)
    assert "row 4, column 1133: employment is not known" in said
    assert "clusteratlas complete" in said
    assert "row 6, column 3254: employment is negative" in said


def test_codes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"4 columns for 3 codes"):
        colocation_of(economy(), industries=INDUSTRIES[:3])
    with pytest.raises(InvalidInput, match="stands twice"):
        colocation_of(economy(), industries=["1133", "1133", "3254", "5112"])
    with pytest.raises(InvalidInput, match="establishments have shape"):
        colocation_of(economy(), economy(regions=41), industries=INDUSTRIES)
    with pytest.raises(CannotAnswer, match="one industry"):
        colocation_of(economy()[:, :, :1], industries=INDUSTRIES[:1])
    with pytest.raises(CannotAnswer, match="unknown scale"):
        colocation_of(economy(), industries=INDUSTRIES, scale="cubes")
