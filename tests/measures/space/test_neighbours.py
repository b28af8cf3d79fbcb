"""Spatial weights: who is whose neighbour, checked by hand and against plain loops."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from clusteratlas.measures.arguments import Arguments
from clusteratlas.measures.space.autocorrelation import moran
from clusteratlas.measures.space.neighbours import (
    contiguity,
    distance_band,
    nearest_neighbours,
    read_weights,
    standardised,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

PARIS, LONDON, NEW_YORK = (2.3522, 48.8566), (-0.1276, 51.5072), (-74.006, 40.7128)


def test_nearest_by_hand():
    found = nearest_neighbours([[0, 0], [1, 0], [3, 0], [7, 0]], count=2, standardise="row")
    expected = [[0, 0.5, 0.5, 0], [0.5, 0, 0.5, 0], [0.5, 0.5, 0, 0], [0, 0.5, 0.5, 0]]
    np.testing.assert_array_equal(found.toarray(), expected)


def test_nearest_against_a_loop_with_many_ties():
    rng = np.random.default_rng(1)
    points = rng.integers(0, 4, (60, 2)).astype(float)  # a lattice, and many points on one spot
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    for count in (1, 5, 20, 59):
        expected = np.zeros((60, 60))
        for row, near in enumerate(np.argsort(apart, axis=1, kind="stable")[:, :count]):
            expected[row, near] = 1
        found = nearest_neighbours(points, count=count)
        np.testing.assert_array_equal(found.toarray(), expected)


def test_band_against_a_loop():
    points = np.random.default_rng(2).random((50, 2))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    expected = (apart <= 0.2) & ~np.eye(50, dtype=bool)
    np.testing.assert_array_equal(distance_band(points, radius=0.2).toarray(), expected)


def test_a_point_exactly_on_the_rim_is_a_neighbour():
    assert distance_band([[0, 0], [3, 4]], radius=5).nnz == 2


def test_great_circle_in_kilometres():
    cities = [PARIS, LONDON, NEW_YORK]  # Paris-London 344 km, London-New York 5,570 km
    assert distance_band(cities, radius=340, coordinates="degrees").nnz == 0
    assert distance_band(cities, radius=348, coordinates="degrees").nnz == 2
    assert distance_band(cities, radius=5600, coordinates="degrees").nnz == 4
    near = nearest_neighbours([(179.5, 0), (-179.5, 0), (170, 0)], count=1, coordinates="degrees")
    assert near.toarray()[0].tolist() == [0, 1, 0]  # across the date line


def test_contiguity_in_one_direction_or_both():
    one = contiguity([("a", "b"), ("c", "b")], regions=["a", "b", "c", "d"], standardise="row")
    two = contiguity([("b", "a"), ("a", "b"), ("b", "c")], regions=["a", "b", "c", "d"])
    np.testing.assert_array_equal(one.toarray()[1], [0.5, 0, 0.5, 0])
    np.testing.assert_array_equal(two.toarray() > 0, one.toarray() > 0)
    assert contiguity([], regions=3).shape == (3, 3)


def test_contiguity_names_every_bad_pair():
    with pytest.raises(InvalidInput) as caught:
        contiguity([("a", "a"), ("a", "b"), ("a", "z")], regions=["a", "b"])
    assert [fault.row for fault in caught.value.faults] == [1, 3]


@pytest.mark.parametrize(
    ("points", "options"),
    [
        ([[0, np.nan], [1, 1]], {"radius": 1}),
        ([[0, 0], [1, 1]], {"radius": -1}),
        ([[0, 0, 0], [1, 1, 1]], {"radius": 1}),
        ([[0, 95], [1, 1]], {"radius": 1, "coordinates": "degrees"}),
        ([[0, 0], [1, 1]], {"radius": 1, "coordinates": "miles"}),
    ],
)
def test_bad_points_are_refused(points, options):
    with pytest.raises(InvalidInput):
        distance_band(points, **options)


def test_too_many_neighbours_cannot_be_had():
    with pytest.raises(CannotAnswer, match="at most 1"):
        nearest_neighbours([[0, 0], [1, 1]], count=2)
    with pytest.raises(InvalidInput, match="whole"):
        nearest_neighbours([[0, 0], [1, 1]], count=1.5)


def read(weights, regions, labels=None):
    given = Arguments()
    found = read_weights(given, weights, regions, labels)
    given.check()
    return found


def test_every_kind_of_weights_is_read_alike():
    dense = np.array([[0, 2, 0], [1, 0, 0], [0, 0, 0]], dtype=float)
    kinds = [
        dense,
        dense.tolist(),
        scipy.sparse.coo_matrix(dense),
        SimpleNamespace(sparse=scipy.sparse.csr_matrix(dense), id_order=[0, 1, 2]),
    ]
    for weights in kinds:
        found = read(weights, 3)
        np.testing.assert_array_equal(found.matrix.toarray(), dense)
        assert found.named_islands() == (2,)


def test_a_weights_object_is_put_in_the_order_of_the_regions():
    dense = np.array([[0, 2, 0], [1, 0, 0], [0, 3, 0]], dtype=float)
    graph = SimpleNamespace(
        sparse=scipy.sparse.csr_matrix(dense), unique_ids=pd.Index(["x", "y", "z"])
    )
    found = read(graph, 3, ("z", "y", "x"))
    np.testing.assert_array_equal(found.matrix.toarray(), dense[::-1, ::-1])
    with pytest.raises(InvalidInput, match="not those of the figures"):
        read(graph, 3, ("z", "y", "q"))


def test_a_frame_of_weights_is_put_in_the_order_of_the_regions_both_ways():
    rng = np.random.default_rng(4)
    names = list("abcdef")
    weights = pd.DataFrame(rng.random((6, 6)), index=names, columns=names)
    figures = pd.DataFrame(rng.random((6, 2)), index=names, columns=["i", "j"])
    mixed = weights.loc[list("fbdace"), list("cabfed")]
    expected = moran(figures.to_numpy(), weights.to_numpy()).statistic
    np.testing.assert_allclose(moran(figures, mixed).statistic.to_numpy(), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "weights",
    [np.ones((2, 3)), [[0, -1], [1, 0]], [[0, np.nan], [1, 0]], [[0, np.inf], [1, 0]], [1, 2]],
)
def test_bad_weights_are_refused(weights):
    with pytest.raises(InvalidInput, match="weights"):
        read(weights, 2)


def test_standardising_leaves_the_given_weights_alone():
    given = scipy.sparse.csr_array(np.array([[0, 2.0, 6], [0, 0, 0], [5, 0, 0]]))
    kept = given.copy()
    np.testing.assert_array_equal(
        standardised(given, "row").toarray(), [[0, 0.25, 0.75], [0, 0, 0], [1, 0, 0]]
    )
    np.testing.assert_array_equal(standardised(given, "binary").toarray(), kept.toarray() > 0)
    assert (given != kept).nnz == 0
    with pytest.raises(CannotAnswer, match="did you mean 'row'"):
        standardised(given, "rows")
