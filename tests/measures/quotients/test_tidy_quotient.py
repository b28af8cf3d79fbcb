"""The quotient of tidy rows: the same as of the matrix, whatever the codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures import location_quotient, tidy_location_quotient
from clusteratlas.tables import InvalidInput


def rows_of(tables: np.ndarray) -> tuple[np.ndarray, ...]:
    year, region, industry = (index.ravel() for index in np.indices(tables.shape))
    return tables.ravel(), region, industry, year


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.integers(0, 10_000))
def test_equals_the_matrix(years, regions, industries, seed):
    rng = np.random.default_rng(seed)
    tables = rng.poisson(3.0, (years, regions, industries)).astype(float)
    tables[rng.random(tables.shape) < 0.1] = np.nan
    found = tidy_location_quotient(*rows_of(tables)).reshape(tables.shape)
    np.testing.assert_allclose(found, location_quotient(tables), rtol=1e-12)


def test_text_codes_and_rows_that_are_not_there():
    jobs = [45, 55, 85]
    found = tidy_location_quotient(jobs, ["B", "B", "A"], ["x", "y", "y"])
    np.testing.assert_allclose(found, [45 / 100 / (45 / 185), 0.55 / (140 / 185), 185 / 140])


def test_integers_are_not_copied_and_not_changed():
    jobs = np.array([45, 55, 15, 85], dtype=np.int32)
    codes = np.array([0, 0, 1, 1], dtype=np.int16), np.array([0, 1, 0, 1], dtype=np.uint8)
    kept = jobs.copy(), codes[0].copy(), codes[1].copy()
    found = tidy_location_quotient(jobs, *codes)
    np.testing.assert_allclose(found, [1.5, 0.55 / 0.7, 0.5, 0.85 / 0.7])
    for now, before in zip((jobs, *codes), kept, strict=True):
        np.testing.assert_array_equal(now, before)


@pytest.mark.parametrize("bad", [-1.0, np.inf])
def test_a_bad_figure_is_named_by_row(bad):
    with pytest.raises(InvalidInput, match="row 2"):
        tidy_location_quotient([1.0, bad, 3.0], [0, 1, 1], [0, 0, 1])


def test_columns_that_do_not_fit_are_told_at_once():
    with pytest.raises(InvalidInput) as error:
        tidy_location_quotient([1.0, 2.0], [0], [0, None])
    assert [fault.column for fault in error.value.faults] == ["region", "industry"]
