"""Composites of components, and components put together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.relatedness.similarities import Similarities, standardise
from clusteratlas.tables import CannotAnswer, InvalidInput


def symmetric(width: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed).normal(size=(width, width))
    matrix = random + random.T
    np.fill_diagonal(matrix, np.nan)
    return matrix


def similarities(width: int = 6, **components: np.ndarray) -> Similarities:
    labels = tuple(f"{at:02d}" for at in range(width))
    found = components or {
        "colocation_employment": symmetric(width, 1),
        "input_output": symmetric(width, 2),
        "occupations": symmetric(width, 3),
    }
    return Similarities(labels, found)


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 12), st.integers(0, 1000), st.floats(0.1, 50), st.floats(-9, 9))
def test_a_composite_does_not_know_the_units_of_its_components(
    width: int, seed: int, scale: float, shift: float
) -> None:
    one, other = symmetric(width, seed), symmetric(width, seed + 1)
    plain = similarities(width, input_output=one, occupations=other).composite()
    scaled = similarities(width, input_output=one * scale + shift, occupations=other).composite()
    np.testing.assert_allclose(plain, scaled, atol=1e-8)


def test_a_composite_is_the_mean_of_z_scores_by_hand() -> None:
    found = similarities()
    above = np.triu_indices(6, 1)
    expected = np.mean(
        [
            (matrix[above] - matrix[above].mean()) / matrix[above].std()
            for matrix in found.components.values()
        ],
        axis=0,
    )
    np.testing.assert_allclose(found.composite()[above], expected)


def test_a_pair_that_one_component_lacks_is_judged_by_the_others() -> None:
    short = symmetric(6, 2)
    short[0, 1] = short[1, 0] = np.nan
    found = similarities(6, input_output=short, occupations=symmetric(6, 3))
    assert found.composite()[0, 1] == pytest.approx(standardise(symmetric(6, 3))[0, 1])
    assert np.isnan(np.diagonal(found.composite())).all()


def test_a_component_that_lacks_half_of_the_industries_is_refused() -> None:
    holed = symmetric(6, 2)
    holed[:4] = np.nan
    holed[:, :4] = np.nan
    found = similarities(6, input_output=holed, occupations=symmetric(6, 3))
    with pytest.raises(CannotAnswer, match=r"input_output knows 2 of 6 industries.*00, 01, 02, 03"):
        found.composite()
    assert not np.isnan(found.composite(["occupations"])[0, 1])


def test_a_component_without_differences_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="occupations is the same for all pairs"):
        similarities(3, occupations=np.ones((3, 3))).composite()


def test_taking_and_joining_keep_pairs_together() -> None:
    found = similarities()
    part = found.take(["04", "01"])
    assert part.labels == ("01", "04")
    assert part.components["occupations"][0, 1] == found.components["occupations"][1, 4]
    wide = found.with_others(Similarities(("01", "04", "99"), {"skill_flows": symmetric(3, 9)}))
    assert wide.components["skill_flows"][1, 4] == symmetric(3, 9)[0, 1]
    assert np.isnan(wide.components["skill_flows"][0]).all()
    with pytest.raises(CannotAnswer, match="99"):
        found.take(["99"])


def test_labels_out_of_order_and_wrong_shapes_are_told_together() -> None:
    with pytest.raises(InvalidInput) as told:
        Similarities(("b", "a"), {"occupations": np.zeros((3, 3))})
    assert len(told.value.faults) == 2


def test_co_location_is_the_mean_of_jobs_and_places() -> None:
    one, other = symmetric(4, 1), symmetric(4, 2)
    both = similarities(4, colocation_employment=one, colocation_establishments=other)
    np.testing.assert_allclose(both.component("colocation"), (one + other) / 2)
    with pytest.raises(CannotAnswer, match="skill_flows"):
        both.component("skill_flows")
