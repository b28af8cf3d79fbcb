"""Groups in the graph of nearest neighbours: Louvain communities, and the spectral cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.defining.basis import refuse_parts
from clusteratlas.relatedness.similarities import Floats

Groups = npt.NDArray[np.intp]

NEIGHBOURS: Final = 12
RESOLUTIONS: Final = np.geomspace(0.25, 64.0, 33)
PASSES: Final = 20


def neighbour_graph(matrix: Floats, neighbours: int = NEIGHBOURS) -> Floats:
    """Return the links to each industry's nearest ones: 1 where mutual, 0.5 where one-sided.

    Equal similarities: the industry that comes first is the nearer. Similarities that are the
    lowest of the whole matrix make no link.

    Example
    -------
    >>> neighbour_graph(np.array([[9, 2, 1], [2, 9, 1.5], [1, 1.5, 9]]), 1)
    array([[0. , 1. , 0. ],
           [1. , 0. , 0.5],
           [0. , 0.5, 0. ]])
    """
    apart = np.array(matrix)
    np.fill_diagonal(apart, -np.inf)
    nearest = np.argsort(-apart, axis=1, kind="stable")[:, : min(neighbours, len(apart) - 1)]
    rows = np.arange(len(apart))[:, None]
    links = np.zeros_like(apart)
    links[rows, nearest] = 1.0
    lowest = apart[np.isfinite(apart)].min()
    links[apart <= lowest] = 0.0
    return np.asarray((links + links.T) / 2)


def communities(
    matrix: Floats, counts: Sequence[int], labels: Sequence[str], seed: int = 0
) -> dict[int, Groups]:
    r"""Return communities that are as many as asked, or as nearly as resolutions allow.

    Definition
    ----------
    Louvain: industries move to the neighbouring community that raises

    .. math:: Q = \sum_c \left[\frac{l_c}{m} - \gamma \left(\frac{d_c}{2m}\right)^2\right]

    most, communities merge into nodes, and so on. :math:`\gamma` runs over 33 steps from 0.25 to
    64; for each asked number the step whose number of communities is nearest (the smaller one of
    two).

    Parameters
    ----------
    matrix
        n x n, all known.
    counts
        Numbers of clusters.
    labels
        Codes, to name parts.
    seed
        Of the order in which industries are visited.

    Raises
    ------
    CannotAnswer
        When the graph falls apart into more parts than clusters are asked.

    Source
    ------
    V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre, Fast unfolding of communities in
    large networks (2008); J. Reichardt, S. Bornholdt (2006) for the resolution.
    """
    graph = neighbour_graph(matrix)
    refuse_parts(graph > 0, labels, "nearest neighbours", most=min(counts))
    found = [louvain(graph, float(resolution), seed) for resolution in RESOLUTIONS]
    sizes = np.array([groups.max() + 1 for groups in found])
    return {k: found[int(np.lexsort((sizes, np.abs(sizes - k)))[0])] for k in counts}


def louvain(graph: Floats, resolution: float, seed: int) -> Groups:
    """Return the communities of a weighted graph at one resolution."""
    draw = np.random.default_rng(seed)
    groups = np.arange(len(graph), dtype=np.intp)
    nodes = np.array(graph)
    for _ in range(PASSES):
        start, target, weight = _links(nodes)
        moved = _move(
            start, target, weight, nodes.sum(axis=1), draw.permutation(len(nodes)), resolution
        )
        names, moved = np.unique(moved, return_inverse=True)
        groups = np.asarray(moved.reshape(-1)[groups], dtype=np.intp)
        if len(names) == len(nodes):
            break
        member = np.eye(len(names))[moved.reshape(-1)]
        nodes = member.T @ nodes @ member
    return groups


def _links(nodes: Floats) -> tuple[Any, Any, Any]:
    """The links of each node to others, one node after another."""
    apart = nodes.copy()
    np.fill_diagonal(apart, 0.0)
    rows, target = np.nonzero(apart)
    start = np.searchsorted(rows, np.arange(len(nodes) + 1))
    return start, target, apart[rows, target]


def _move(
    start: Any, target: Any, weight: Any, degree: Any, order: Any, resolution: float
) -> Groups:
    from clusteratlas.relatedness.defining.louvain_passes import move  # noqa: PLC0415 - compiled

    return np.asarray(move(start, target, weight, degree, order, resolution), dtype=np.intp)


def spectral(
    matrix: Floats,
    counts: Sequence[int],
    labels: Sequence[str],
    kmeans: Callable[[Floats, int, int, int], Groups],
    seed: int,
    starts: int,
) -> dict[int, Groups]:
    r"""Return the graph of nearest neighbours cut into each number of groups.

    Definition
    ----------
    k-means on the rows, scaled to length 1, of the k leading eigenvectors of
    :math:`D^{-1/2} A D^{-1/2}`.

    Raises
    ------
    CannotAnswer
        When the graph falls apart into more parts than clusters are asked.

    Source
    ------
    A. Y. Ng, M. I. Jordan, Y. Weiss, On spectral clustering (2001).
    """
    from scipy.linalg import eigh  # noqa: PLC0415 - heavy library

    graph = neighbour_graph(matrix)
    refuse_parts(graph > 0, labels, "nearest neighbours", most=min(counts))
    degree = np.maximum(graph.sum(axis=1), 1e-12)
    normed = graph / np.sqrt(degree[:, None] * degree[None, :])
    width = len(normed)
    _, vectors = eigh(normed, subset_by_index=[width - max(counts), width - 1])
    found = {}
    for count in counts:
        rows = vectors[:, -count:]
        rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        found[count] = kmeans(rows, count, seed, starts)
    return found
