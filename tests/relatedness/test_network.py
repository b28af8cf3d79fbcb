"""Where clusters stand in the network: near what is related, never on one another, always there."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.relatedness.network import network_layout
from clusteratlas.tables import InvalidInput


def composite(width: int = 30, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Three groups of ten."""
    random = np.random.default_rng(seed)
    matrix = random.normal(0, 0.3, (width, width))
    group = np.arange(width) // 10
    matrix = matrix + matrix.T + 2.5 * (group[:, None] == group[None, :])
    np.fill_diagonal(matrix, np.nan)
    return [f"{at:02d}" for at in range(width)], matrix


def test_groups_stand_together() -> None:
    labels, matrix = composite()
    placed = network_layout(labels, matrix)
    points = np.array([placed[label] for label in labels])
    apart = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    group = np.arange(30) // 10
    same = group[:, None] == group[None, :]
    assert apart[same & ~np.eye(30, dtype=bool)].mean() < 0.6 * apart[~same].mean()


def test_labels_do_not_overlap_and_stay_in_the_square() -> None:
    labels, matrix = composite()
    placed = network_layout(labels, matrix, width=0.1, height=0.04)
    points = np.array([placed[label] for label in labels])
    assert (points >= 0).all()
    assert (points <= 1).all()
    over_x = np.abs(points[:, None, 0] - points[None, :, 0]) < 0.098
    over_y = np.abs(points[:, None, 1] - points[None, :, 1]) < 0.039
    assert (over_x & over_y).sum() == len(labels)


def test_the_layout_does_not_depend_on_the_order() -> None:
    labels, matrix = composite()
    order = np.random.default_rng(1).permutation(len(labels))
    again = network_layout([labels[at] for at in order], matrix[np.ix_(order, order)])
    assert again == network_layout(labels, matrix)


def test_a_graph_in_parts_and_one_with_gaps_are_drawn() -> None:
    labels, matrix = composite()
    matrix[:10, 10:] = matrix[10:, :10] = np.nan
    matrix[29] = matrix[:, 29] = np.nan
    placed = network_layout(labels, matrix)
    assert len(set(placed.values())) == 30
    assert all(np.isfinite(place).all() for place in placed.values())


def test_equal_rows_are_told_apart() -> None:
    labels = list("abcdef")
    placed = network_layout(labels, np.ones((6, 6)))
    assert len(set(placed.values())) == 6


def test_two_and_none() -> None:
    assert network_layout(["b", "a"], np.zeros((2, 2))) == {"a": (0.25, 0.5), "b": (0.75, 0.5)}
    assert network_layout([], np.zeros((0, 0))) == {}
    with pytest.raises(InvalidInput, match="shape"):
        network_layout(["a", "b"], np.zeros((3, 3)))
