"""Clustering functions: from a matrix of similarities to groups of industries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.defining.communities import communities, spectral
from clusteratlas.relatedness.similarities import Floats
from clusteratlas.tables import CannotAnswer

Groups = npt.NDArray[np.intp]

METHODS: Final = {
    "ward": "Ward's linkage on the rows of the matrix as feature vectors",
    "ward-eigenvectors": "Ward's linkage on the leading eigenvectors of the matrix",
    "average": "average linkage, 1 - M as distance",
    "k-means": "k-means on the leading eigenvectors, best of several starts",
    "k-medoids": "k-medoids on the leading eigenvectors, best of several starts",
    "communities": "communities (Louvain) of the graph of nearest neighbours",
    "spectral": "cut of the graph of nearest neighbours by its eigenvectors",
}
DIMENSIONS: Final = 60
"""Leading eigenvectors that are kept: as many as the largest usual number of clusters."""
STARTS: Final = 4
ROUNDS: Final = 50
EXCHANGES: Final = 12


def groupings(
    matrix: npt.ArrayLike,
    counts: Sequence[int],
    method: str = "ward-eigenvectors",
    *,
    seed: int = 0,
    starts: int = STARTS,
    dimensions: int = DIMENSIONS,
    labels: Sequence[str] = (),
) -> dict[int, Groups]:
    r"""Return industries grouped into each number of clusters.

    Definition
    ----------
    The diagonal, which has no meaning of its own, takes the largest similarity of its row. Then

    - ``ward``: the rows are feature vectors, two industries being near when they relate to all
      others alike; clusters merge where the sum of squares grows least;
    - ``ward-eigenvectors``: the same on :math:`V \Lambda^{1/2}`, the leading ``dimensions``
      eigenvectors with positive eigenvalue; what sampling noise puts into thousands of single
      pairs is left out, and groups are stabler (docs/explanation/cluster-definitions.md);
    - ``average``: largest similarity minus M is the distance;
    - ``k-means``, ``k-medoids``: centres at means of :math:`V \Lambda^{1/2}`, or at an
      industry; the best of several starts (k-means++ seeding;
      medoids are then exchanged one by one, 12 times at most);
    - ``communities``, ``spectral``: see `communities` and `spectral`.

    Parameters
    ----------
    matrix
        n x n, symmetric, all off-diagonal pairs known.
    counts
        Numbers of clusters, each from 2 to n - 1.
    method
        One of ``METHODS``.
    seed
        Of the starts; the same seed gives the same groups.
    starts
        How often centroid methods begin anew.
    dimensions
        Eigenvectors kept.
    labels
        Codes, to name industries where the graph falls apart.

    Returns
    -------
    dict
        Asked number to n integers from 0, the largest group first (ties: the one with the first
        industry). ``communities`` comes as near to the number as resolutions allow.

    Missing data
    ------------
    Unknown pairs are refused: `composite_of` says what it does with them.

    Raises
    ------
    CannotAnswer
        Unknown method, numbers that do not fit, unknown pairs, a graph in more parts than
        clusters are asked.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern (2016): Ward and centroid methods; V. D. Blondel and others
    (2008) for communities; A. Y. Ng, M. I. Jordan, Y. Weiss (2001) for the spectral cut.

    Example
    -------
    >>> near, far = 1.0, 0.0
    >>> two_and_two = [[0, near, far, far], [near, 0, far, far],
    ...                [far, far, 0, near], [far, far, near, 0]]
    >>> groupings(two_and_two, [2], "ward")[2]
    array([0, 0, 1, 1])
    """
    given = np.array(matrix, dtype=np.float64)
    names = list(labels) or [f"industry {at + 1}" for at in range(len(given))]
    _check(given, counts, method)
    np.fill_diagonal(given, -np.inf)
    np.fill_diagonal(given, given.max(axis=1))
    given = (given + given.T) / 2
    asked = sorted(set(counts))
    if method == "communities":
        found = communities(given, asked, names, seed)
    elif method == "spectral":
        found = spectral(given, asked, names, _kmeans, seed, starts)
    elif method == "k-means":
        found = {k: _kmeans(leading(given, dimensions), k, seed, starts) for k in asked}
    elif method == "k-medoids":
        found = _medoids(leading(given, dimensions), asked, seed, starts)
    else:
        found = _hierarchical(given, asked, method, dimensions)
    return {k: in_order(groups) for k, groups in found.items()}


def in_order(groups: npt.ArrayLike) -> Groups:
    """Return groups numbered from 0 by size, ties by their first member.

    >>> in_order(["b", "a", "a", "c"])
    array([1, 0, 0, 2])
    """
    _, first, inverse, size = np.unique(
        np.asarray(groups), return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -size))
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return np.asarray(place[inverse.reshape(-1)])


def leading(matrix: Floats, dimensions: int) -> Floats:
    """Return the leading eigenvectors with positive eigenvalue, scaled by its square root."""
    from scipy.linalg import eigh  # noqa: PLC0415 - heavy library

    width = len(matrix)
    values, vectors = eigh(matrix, subset_by_index=[max(0, width - dimensions), width - 1])
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = values > 1e-9 * max(values[0], 1e-300)
    vectors, values = vectors[:, kept], values[kept]
    strongest = np.abs(vectors).argmax(axis=0)
    vectors = vectors * np.sign(vectors[strongest, np.arange(vectors.shape[1])])
    return np.asarray(vectors * np.sqrt(values))


def _check(matrix: Floats, counts: Sequence[int], method: str) -> None:
    if method not in METHODS:
        raise CannotAnswer(
            "there is no such clustering function", value=method, hint=", ".join(METHODS)
        )
    if not counts or min(counts) < 2 or max(counts) >= len(matrix):
        raise CannotAnswer(
            f"{len(matrix)} industries cannot be put into that many clusters",
            value=", ".join(map(str, counts)),
            hint=f"ask for 2 to {len(matrix) - 1}",
        )
    apart = ~np.eye(len(matrix), dtype=bool)
    if not np.isfinite(matrix[apart]).all():
        raise CannotAnswer("a similarity is not known", hint="composite_of leaves none unknown")


def _hierarchical(
    matrix: Floats, counts: Sequence[int], method: str, dimensions: int
) -> dict[int, Groups]:
    from scipy.cluster.hierarchy import linkage  # noqa: PLC0415 - heavy library
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    if method == "average":
        distance = matrix.max() - matrix
        np.fill_diagonal(distance, 0.0)
        tree = linkage(squareform(distance, checks=False), "average")
    else:
        tree = linkage(matrix if method == "ward" else leading(matrix, dimensions), "ward")
    return cut(tree, counts)


def cut(tree: Floats, counts: Sequence[int]) -> dict[int, Groups]:
    """Return a tree of merges cut into exactly these numbers of clusters."""
    from scipy.cluster.hierarchy import cut_tree  # noqa: PLC0415 - heavy library

    columns = cut_tree(tree, n_clusters=list(counts))
    return {k: np.asarray(columns[:, at], dtype=np.intp) for at, k in enumerate(counts)}


def _kmeans(points: Floats, count: int, seed: int, starts: int) -> Groups:
    from sklearn.cluster import KMeans  # noqa: PLC0415 - heavy library
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    with threadpool_limits(1):  # sums in one order: the same on every machine
        found = KMeans(count, n_init=starts, random_state=seed, algorithm="lloyd").fit(points)
    return np.asarray(found.labels_, dtype=np.intp)


def _medoids(points: Floats, counts: Sequence[int], seed: int, starts: int) -> dict[int, Groups]:
    from scipy.spatial.distance import pdist, squareform  # noqa: PLC0415 - heavy library

    distance = squareform(pdist(points))
    found: dict[int, Groups] = {}
    for count in counts:
        best = np.inf
        for start in range(starts):
            draw = np.random.default_rng([seed, count, start])
            medoids = _seeds(distance, count, draw)
            groups, cost = _settle(distance, medoids)
            if cost < best - 1e-9:
                best, found[count] = cost, groups
        found[count] = _exchanged(distance, found[count])
    return found


def _exchanged(distance: Floats, groups: Groups) -> Groups:
    """Exchange one medoid for another industry while that brings all nearer to their medoids."""
    count = int(groups.max()) + 1
    total = distance @ np.eye(count)[groups]
    medoids = np.array(
        [
            members[total[members, group].argmin()]
            for group in range(count)
            for members in [np.flatnonzero(groups == group)]
        ]
    )
    rows = np.arange(len(distance))
    for _ in range(EXCHANGES):
        order = np.argsort(distance[:, medoids], axis=1, kind="stable")
        first = distance[rows, medoids[order[:, 0]]]
        second = distance[rows, medoids[order[:, 1]]]
        nearer = np.minimum(distance - first, 0.0)
        instead = np.minimum(distance, second) - first - nearer
        change = nearer.sum(axis=1)[:, None] + instead @ np.eye(count)[order[:, 0]]
        change[medoids] = np.inf
        at, leaves = np.unravel_index(int(change.argmin()), change.shape)
        if change[at, leaves] >= -1e-9:
            break
        medoids[leaves] = at
    groups = np.asarray(distance[:, medoids].argmin(axis=1))
    groups[medoids] = np.arange(count)
    return groups


def _seeds(distance: Floats, count: int, draw: np.random.Generator) -> Groups:
    """Choose centres far from each other, as k-means++ does."""
    chosen = [int(draw.integers(len(distance)))]
    nearest = distance[chosen[0]].copy()
    while len(chosen) < count:
        weight = nearest**2
        weight[chosen] = 0.0
        if not weight.sum() > 0:  # identical rows: any that is left
            weight = np.ones(len(distance))
            weight[chosen] = 0.0
        chosen.append(int(draw.choice(len(distance), p=weight / weight.sum())))
        np.minimum(nearest, distance[chosen[-1]], out=nearest)
    return np.array(chosen, dtype=np.intp)


def _settle(distance: Floats, medoids: Groups) -> tuple[Groups, float]:
    """Move each medoid to the member nearest to its others until nothing moves."""
    count = len(medoids)
    groups = np.zeros(len(distance), dtype=np.intp)
    for _ in range(ROUNDS):
        groups = np.asarray(distance[:, medoids].argmin(axis=1))
        groups[medoids] = np.arange(count)
        total = distance @ np.eye(count)[groups]
        moved = np.array(
            [
                members[total[members, group].argmin()]
                for group in range(count)
                for members in [np.flatnonzero(groups == group)]
            ]
        )
        if np.array_equal(moved, medoids):
            break
        medoids = moved
    return groups, float(distance[np.arange(len(distance)), medoids[groups]].sum())
