"""What every measure refuses, and what it leaves alone."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest

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
from clusteratlas.tables import CannotAnswer, InvalidInput

ONE_TABLE = [location_quotient, region_share, national_share, rank, percentile]


def faults_of(call, *arguments, **options):
    with pytest.raises(InvalidInput) as error:
        call(*arguments, **options)
    return error.value


@pytest.mark.parametrize("measure", [location_quotient, region_share, national_share])
def test_a_negative_figure_is_named_by_row_column_and_value(measure):
    fault = faults_of(measure, [[1, 2, 3], [4, 5, -6]]).faults[0]
    assert (fault.row, fault.column, fault.value) == (2, "employment 3", "-6.0")
    assert "negative" in fault.problem


@pytest.mark.parametrize("measure", ONE_TABLE)
@pytest.mark.parametrize("bad", [np.inf, -np.inf, 1e101])
def test_an_infinite_figure_is_refused(measure, bad):
    fault = faults_of(measure, [[1.0, 2.0], [bad, 4.0]]).faults[0]
    assert (fault.row, fault.column[-2:]) == (2, " 1")


def test_every_fault_of_every_argument_is_told_at_once():
    error = faults_of(
        strength_flags, [[-1.0, np.inf]], [[5, -2]], [[1, 2], [3, 4]], profile="us-2014"
    )
    columns = [fault.column for fault in error.faults]
    quotients = ["location_quotient 2", "location_quotient 1"]
    assert columns == [*quotients, "employment 2", "establishments"]
    assert error.total == 4


def test_many_faults_are_counted_and_not_all_spelled_out():
    error = faults_of(region_share, np.full((500, 3), -1))
    assert error.total == 1500
    assert len(error.faults) == 200
    assert "1,450 more" in str(error)


@pytest.mark.parametrize(
    "values",
    [
        [["1", "2"]],
        [[1, "2"]],
        [[1, object()]],
        [[1, 2], [3]],
        [[[1]]],
        7,
        [[1 + 2j]],
        np.array([["2020-01-01"]], dtype="datetime64[D]"),
        [[10**400]],
        None,
    ],
    ids=lambda values: re.sub(r" at 0x\w+", "", repr(values)),
)
@pytest.mark.parametrize("measure", ONE_TABLE)
def test_what_is_no_rectangle_of_figures_is_refused(measure, values):
    faults_of(measure, values)


def test_an_unreadable_table_brings_no_second_fault_about_lengths():
    error = faults_of(
        location_quotient, [[1, 2], [3]], reference=[4, 2], total=[3, 3], reference_total=6
    )
    assert error.total == 1


def test_none_masked_arrow_and_integers_are_read():
    expected = [[0.25, 0.75], [np.nan, 1.0]]
    masked = np.ma.masked_array([[1, 3], [9, 5]], mask=[[False, False], [True, False]])
    for values in ([[1, 3], [None, 5]], masked, np.array([[1, 3], [np.nan, 5]], dtype="f4")):
        np.testing.assert_array_equal(region_share(values), expected)
    np.testing.assert_array_equal(rank(pa.array([3, None, 4])), [2, np.nan, 1])
    assert region_share(np.array([[1, 3]], dtype=np.uint8)).dtype == np.float64


def test_inputs_stay_as_they_are():
    jobs = np.array([[3.0, np.nan, 0.0], [1.0, 4.0, 2.0]])
    frozen = jobs.copy()
    frozen.flags.writeable = False
    for measure in ONE_TABLE:
        measure(frozen)
    growth(frozen, frozen, years=2)
    strength_flags(frozen, frozen, frozen)
    cluster_strength(frozen, frozen > 1)
    traded_local_split(frozen, [True, False, None])
    np.testing.assert_array_equal(frozen, jobs)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_no_regions_or_no_clusters_give_an_empty_table(shape):
    empty = np.empty(shape)
    for measure in ONE_TABLE:
        assert measure(empty).shape == shape
    assert growth(empty, empty, years=1).shape == shape
    assert {flag.shape for flag in strength_flags(empty, empty, empty)} == {shape}
    assert np.isnan(cluster_strength(empty, empty)).all()
    assert cluster_strength(empty, empty).shape == shape[:1]


def test_nothing_at_all_gives_nothing():
    assert rank([]).shape == percentile([]).shape == (0,)
    assert strength_flags([], [], []).strong.shape == (0,)


@pytest.mark.parametrize(
    ("call", "guess"),
    [
        (lambda: rank([1], ties="mean"), "average, dense, max, min"),
        (lambda: rank([1], ties="averge"), "did you mean 'average'"),
        (lambda: growth([1], [2], years=1, kind="cagr"), "compound, difference, simple"),
        (lambda: strength_flags([1], [1], [1], profile="us-2104"), "did you mean 'us-2014'"),
        (lambda: strength_flags([1], [1], [1], profile="eu"), "there are: us-2014"),
    ],
)
def test_an_unknown_word_is_answered_with_those_there_are(call, guess):
    with pytest.raises(CannotAnswer, match=guess):
        call()


@pytest.mark.parametrize("years", [0, -1, np.nan, np.inf, "2", None, 10**400])
def test_years_must_be_a_positive_number(years):
    assert faults_of(growth, [1], [2], years=years).faults[0].column == "years"


@pytest.mark.parametrize(
    ("call", "column"),
    [
        (lambda: location_quotient([[1, 2]], reference=[1, 2, 3]), "reference"),
        (lambda: location_quotient([[1, 2]], total=[[3]]), "total"),
        (lambda: location_quotient([[1, 2]], total=[3], reference=[3, 4]), "reference_total"),
        (lambda: location_quotient([[1, 2]], reference_total=0), "reference_total"),
        (lambda: location_quotient([1, 2]), "total"),
        (lambda: region_share([1, 2]), "total"),
        (lambda: region_share([1, 2], total=[5]), "total"),
        (lambda: national_share([[1, 2]], reference=[-1, 2]), "reference"),
        (lambda: growth([1, 2], [1], years=1), "end"),
        (lambda: strength_flags([1, 2], [1], [1, 2]), "location_quotient"),
        (lambda: cluster_strength([[1, 2]], [[1]]), "strong"),
        (lambda: cluster_strength([[1, 2]], [[1, 2]]), "strong 2"),
        (lambda: cluster_strength([[1, 2]], [[1, 0]], traded=[True]), "traded"),
        (lambda: traded_local_split([[1, 2]], [True]), "traded"),
        (lambda: traded_local_split([[1, 2]], [True, 3]), "traded"),
        (lambda: traded_local_split([[1, 2]], ["traded", "local"]), "traded"),
    ],
)
def test_what_does_not_fit_is_named(call, column):
    assert faults_of(call).faults[0].column == column
