"""Breaks of classes: by hand, against every possible way, and by what must always hold."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusteratlas.measures.spread.class_breaks import natural_breaks, quantile_breaks
from clusteratlas.tables import CannotAnswer

numbers = st.lists(
    st.one_of(st.integers(-20, 20), st.floats(-1e6, 1e6, allow_subnormal=False)),
    min_size=1,
    max_size=9,
)
classes = st.integers(1, 5)


def within(values: np.ndarray, breaks: np.ndarray) -> float:
    """The squared distances of all values from the mean of their class."""
    place = np.searchsorted(breaks, values, side="right")
    return sum(
        float(((values[place == each] - values[place == each].mean()) ** 2).sum())
        for each in np.unique(place)
    )


def test_natural_breaks_by_hand() -> None:
    # 4, 5 | 9, 10 has 0.5 + 0.5; 4, 5, 9 | 10 would have 14 and 4 | 5, 9, 10 again 14
    assert natural_breaks([4, 10, 9, 5], 2).tolist() == [9]
    # two far values take a class each before the crowd is parted
    assert natural_breaks([1, 1, 2, 2, 50, 90, np.nan], 3).tolist() == [50, 90]
    # five equal values weigh more than one: 0, 0, 0, 0, 0, 3 | 6 has 7.5; 0 ... 0 | 3, 6 has 4.5
    assert natural_breaks([0, 0, 0, 0, 0, 3, 6], 2).tolist() == [3]


@given(numbers, classes)
def test_no_other_way_to_cut_has_classes_more_alike(values: list[float], number: int) -> None:
    read = np.array(values, dtype=float)
    different = np.unique(read)
    found = within(read, natural_breaks(read, number))
    best = min(
        within(read, np.array(cut))
        for cut in combinations(different[1:], min(number, len(different)) - 1)
    )
    spread = max(float(((read - read.mean()) ** 2).sum()), 1e-12)
    assert found <= best + 1e-9 * spread


@given(numbers, classes, st.randoms(use_true_random=False))
def test_breaks_are_ascending_values_and_blind_to_order(
    values: list[float], number: int, chance: object
) -> None:
    for cut in (natural_breaks, quantile_breaks):
        breaks = cut(values, number)
        assert len(breaks) <= number - 1
        assert (np.diff(breaks) > 0).all()
        assert set(breaks) <= set(np.unique(np.array(values, dtype=float))[1:])
        mixed = list(values)
        chance.shuffle(mixed)  # type: ignore[attr-defined]
        assert cut(mixed, number).tolist() == breaks.tolist()
    assert len(natural_breaks(values, number)) == min(number, len(set(values))) - 1


def test_size_and_place_of_the_scale_move_the_breaks_with_them() -> None:
    values = np.random.default_rng(6).lognormal(3, 2, 400)
    for cut in (natural_breaks, quantile_breaks):
        np.testing.assert_allclose(cut(values * 1000 + 7, 6), cut(values, 6) * 1000 + 7)


def test_quantiles_hold_equal_numbers() -> None:
    values = np.random.default_rng(7).permutation(np.arange(3100.0))
    place = np.searchsorted(quantile_breaks(values, 7), values, side="right")
    assert set(np.bincount(place)) == {442, 443}


@pytest.mark.parametrize("number", [0, -3, 10_000])
def test_a_number_of_classes_that_makes_no_sense_is_refused(number: int) -> None:
    for cut in (natural_breaks, quantile_breaks):
        with pytest.raises(CannotAnswer, match="classes"):
            cut([1, 2, 3], number)


def test_nothing_known_has_no_breaks() -> None:
    for values in ([], [np.nan], [5.0, 5.0]):
        assert natural_breaks(values, 4).tolist() == []
        assert quantile_breaks(values, 4).tolist() == []
