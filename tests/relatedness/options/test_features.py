"""Densities by hand, no look into the future, gaps marked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.relatedness.options.economy import figures, planted

from clusteratlas import measures
from clusteratlas.relatedness.options.densities import density, proximity
from clusteratlas.relatedness.options.features import region_features
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer


def test_plain_density_is_the_product_spaces_without_its_diagonal() -> None:
    years, similarities = planted()
    found = region_features(years[0], similarities)
    present = found.present.astype(float)
    expected = measures.relatedness_density(present, proximity(present), precision="double")
    np.testing.assert_allclose(found.densities["density_plain"], expected, atol=1e-12)


def test_supply_density_by_hand() -> None:
    jobs = np.array([[60.0, 0, 40, 0], [0, 60, 0, 40], [10, 40, 40, 10]])
    links = np.array([[0, 0.1, 0.3, 0], [0.1, 0, 0, 0.4], [0.3, 0, 0, 0.2], [0, 0.4, 0.2, 0]])
    np.fill_diagonal(links, np.nan)
    given_links = Similarities(("i000", "i001", "i002", "i003"), {"input_output": links})
    found = region_features(figures(jobs, 2018), given_links)
    # The first region has i000 and i002: of i001's links 0.1 of 0.5, of i003's 0.2 of 0.6.
    np.testing.assert_allclose(found.densities["supply"][0], [1 - 0.25, 0.2, 0.6, 1 / 3])


def test_the_industry_itself_does_not_count() -> None:
    years, similarities = planted()
    before = region_features(years[0], similarities)
    weights = before.weights
    assert (np.diag(weights) == 0).all()


def test_a_withheld_cell_enters_neither_sum() -> None:
    weights = np.array([[0, 1.0, 3.0], [1, 0, 0], [3, 0, 0]])
    have = np.array([[False, True, False]])
    full, gap = np.array([[True, True, True]]), np.array([[True, True, False]])
    assert density(have, full, weights)[0, 0] == 0.25
    assert density(have, gap, weights)[0, 0] == 1.0


def test_nothing_later_changes_a_feature() -> None:
    years, similarities = planted()
    one = region_features(years[0], similarities)
    again, _ = planted(years=2)
    other = region_features(again[0], similarities)
    assert one.columns.keys() == other.columns.keys()
    for name, values in one.columns.items():
        np.testing.assert_array_equal(values, other.columns[name])


def test_a_given_colocation_is_not_taken() -> None:
    years, similarities = planted()
    width = len(similarities.labels)
    drawn = np.random.default_rng(1).random((width, width))
    told = {"colocation_employment": drawn + drawn.T}
    richer = replace(similarities, components={**similarities.components, **told})
    one, other = region_features(years[0], similarities), region_features(years[0], richer)
    np.testing.assert_array_equal(one.densities["density"], other.densities["density"])


def test_a_component_that_lacks_half_of_the_industries_is_named_and_left_out() -> None:
    years, similarities = planted()
    links = similarities.components["input_output"].copy()
    links[:41] = links[:, :41] = np.nan
    found = region_features(years[0], replace(similarities, components={"input_output": links}))
    assert "supply" not in found.densities
    assert any("input_output is left out: it knows 39 of 80" in note for note in found.notes)
    some = similarities.components["input_output"].copy()
    some[:3] = some[:, :3] = np.nan
    found = region_features(years[0], replace(similarities, components={"input_output": some}))
    assert np.isnan(found.densities["supply"][:, :3]).all()
    assert not np.isnan(found.densities["supply"][:, 3:]).any()
    assert not any(np.isnan(column).any() for column in found.columns.values())
    assert any("does not know 3 of 80" in note for note in found.notes)


def test_complexity_of_a_disconnected_table_is_refused_with_the_reason() -> None:
    jobs = np.kron(np.eye(2), np.array([[5.0, 3], [2, 6]]))
    found = region_features(figures(jobs, 2018))
    assert np.isnan(found.complexity).all()
    assert any(note.startswith("No complexity of 2018:") for note in found.notes)


def test_an_industry_without_jobs_is_named() -> None:
    years, _ = planted()
    jobs = years[0].employment.copy()
    jobs[:, 4] = np.nan
    found = region_features(replace(years[0], employment=jobs, unpublished=np.isnan(jobs)))
    assert any("i004" in note for note in found.notes)
    assert np.isnan(found.densities["density"][:, 4]).all()


def test_identical_rows_leave_nothing_near() -> None:
    with pytest.raises(CannotAnswer, match="fewer than two regions or industries have jobs"):
        region_features(figures(np.array([[5.0, 0], [5, 0]]), 2018))
    same = region_features(figures(np.full((4, 3), 5.0), 2018))
    assert np.isnan(same.complexity).all()


def test_shuffling_keeps_sizes_and_breaks_what_is_near() -> None:
    years, similarities = planted()
    plain, mixed = (region_features(years[0], similarities, shuffle=each) for each in (None, 5))
    for name in ("region_jobs", "industry_ubiquity", "jobs_needed", "quotient"):
        np.testing.assert_array_equal(plain.columns[name], mixed.columns[name])
    assert not np.allclose(plain.densities["supply"], mixed.densities["supply"])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 50))
def test_densities_lie_between_0_and_1_and_jobs_have_no_unit(seed: int, factor: float) -> None:
    rng = np.random.default_rng(seed)
    jobs = rng.gamma(0.4, 100, (8, 6)).round(2) + 0.01
    one = region_features(figures(jobs, 2018))
    scaled = region_features(figures(jobs * factor, 2018))
    for values in one.densities.values():
        known = values[~np.isnan(values)]
        assert ((known >= 0) & (known <= 1)).all()
    near = np.isclose(np.nan_to_num(one.quotient), 1.0, atol=1e-9)
    if not near.any():
        np.testing.assert_array_equal(one.present, scaled.present)
