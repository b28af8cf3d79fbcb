"""Who is whose neighbour: spatial weights as a sparse matrix, regions x regions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import LARGEST, Arguments, Floats, choose
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.space.points import Coordinates, Points, read_points
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Standardise = Literal["row", "none", "binary"]

STANDARDS = ("row", "none", "binary")


def nearest_neighbours(
    points: npt.ArrayLike,
    *,
    count: int,
    coordinates: Coordinates = "plane",
    standardise: Standardise = "none",
) -> scipy.sparse.csr_array:
    r"""Return weights in which the neighbours of a point are those nearest to it.

    Definition
    ----------
    :math:`w_{ij} = 1` where j is among the ``count`` points nearest to i other than i itself; of
    points equally far the ones earlier in the table. One point can be near another and not the
    other way round.

    Parameters
    ----------
    points
        Points x 2: x and y in one unit, or longitude and latitude with ``coordinates="degrees"``.
    count
        Neighbours of each point.
    coordinates
        ``"plane"``, or ``"degrees"`` for great-circle distances.
    standardise
        ``"none"``: weights of 1; ``"row"``: the weights of a row sum to 1.

    Returns
    -------
    scipy.sparse.csr_array
        Points x points.

    Missing data
    ------------
    A point without coordinates is refused.

    Raises
    ------
    InvalidInput
        Coordinates that are not known; a count below 1.
    CannotAnswer
        No more points than ``count``.

    Source
    ------
    Elementary.

    Example
    -------
    >>> nearest_neighbours([[0, 0], [1, 0], [3, 0]], count=1).toarray()
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 1., 0.]])
    """
    where = _places(points, coordinates, "count", count, whole=True)
    n = len(where)
    if n <= count:
        raise CannotAnswer(
            "there are too few points for so many neighbours",
            value=str(count),
            hint=f"ask for at most {n - 1}",
        )
    tree = _tree(where)
    # A few more than asked for, so that ties at the rim are settled by order, not by the tree.
    among = min(n, count + 9)
    while True:
        apart, other = tree.query(where.places, k=among)
        rim = np.partition(np.where(other == np.arange(n)[:, None], np.inf, apart), count - 1)
        if among == n or bool((apart[:, -1] > rim[:, count - 1]).all()):
            break
        among = min(n, 2 * among)
    apart = np.where(other == np.arange(n)[:, None], np.inf, apart)
    kept = np.lexsort((other, apart), axis=1)[:, :count]
    columns = np.take_along_axis(other, kept, axis=1).ravel()
    rows = np.repeat(np.arange(n), count)
    return _weights(rows, columns, np.ones(len(rows)), n, standardise)


def distance_band(
    points: npt.ArrayLike,
    *,
    radius: float,
    coordinates: Coordinates = "plane",
    standardise: Standardise = "none",
) -> scipy.sparse.csr_array:
    r"""Return weights in which the neighbours of a point are those within a distance.

    Definition
    ----------
    :math:`w_{ij} = 1` where :math:`i \ne j` and :math:`d_{ij} \le r`.

    Parameters
    ----------
    points
        Points x 2: x and y in one unit, or longitude and latitude with ``coordinates="degrees"``.
    radius
        r, in the unit of the points; km for degrees.
    coordinates
        ``"plane"``, or ``"degrees"`` for great-circle distances.
    standardise
        ``"none"``: weights of 1; ``"row"``: the weights of a row sum to 1.

    Returns
    -------
    scipy.sparse.csr_array
        Points x points; the row of an island, a point with no other within r, is empty.

    Missing data
    ------------
    A point without coordinates is refused.

    Raises
    ------
    InvalidInput
        Coordinates that are not known; a radius that is no positive number.

    Source
    ------
    Elementary.

    Example
    -------
    >>> distance_band([[0, 0], [1, 0], [3, 0]], radius=1).toarray()
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    where = _places(points, coordinates, "radius", radius, whole=False)
    pairs = _tree(where).query_pairs(float(where.straight(radius)), output_type="ndarray")
    rows, columns = np.concatenate((pairs, pairs[:, ::-1])).T
    return _weights(rows, columns, np.ones(len(rows)), len(where), standardise)


def contiguity(
    pairs: Iterable[tuple[Hashable, Hashable]],
    *,
    regions: Sequence[Hashable] | int,
    standardise: Standardise = "none",
) -> scipy.sparse.csr_array:
    r"""Return weights in which the neighbours of a region are those it is listed with.

    Definition
    ----------
    :math:`w_{ij} = w_{ji} = 1` where the pair (i, j) or (j, i) is listed.

    Parameters
    ----------
    pairs
        Pairs of neighbours, each in one direction or both.
    regions
        The regions in the order of the rows of the table to measure; or their number, where the
        pairs name them 0, 1, 2 ...
    standardise
        ``"none"``: weights of 1; ``"row"``: the weights of a row sum to 1.

    Returns
    -------
    scipy.sparse.csr_array
        Regions x regions; the row of an island, a region in no pair, is empty.

    Missing data
    ------------
    A region in no pair is an island, and every measure lists it.

    Raises
    ------
    InvalidInput
        A pair that names an unknown region, or a region with itself.

    Source
    ------
    Elementary.

    Example
    -------
    >>> contiguity([("Bern", "Uri")], regions=["Bern", "Jura", "Uri"]).toarray()
    array([[0., 0., 1.],
           [0., 0., 0.],
           [1., 0., 0.]])
    """
    names = list(range(regions)) if isinstance(regions, int) else list(regions)
    place = {name: row for row, name in enumerate(names)}
    listed = [tuple(pair) for pair in pairs]
    faults = [
        Fault(
            "this is no pair of two regions of the table",
            row=row,
            column="pairs",
            value=str(pair),
            hint="name two different regions, each as in the list of regions",
        )
        for row, pair in enumerate(listed, start=1)
        if len(pair) != 2 or pair[0] == pair[1] or pair[0] not in place or pair[1] not in place
    ]
    if faults:
        raise InvalidInput(faults)
    both = {(place[a], place[b]) for a, b in listed} | {(place[b], place[a]) for a, b in listed}
    rows, columns = np.array(sorted(both), dtype=np.int64).reshape(-1, 2).T
    return _weights(rows, columns, np.ones(len(rows)), len(names), standardise)


@dataclass(frozen=True)
class SpatialWeights:
    """Checked weights, and the regions without neighbours."""

    matrix: scipy.sparse.csr_array
    islands: npt.NDArray[np.int64]
    labels: tuple[Hashable, ...] | None
    """Names of the regions, where the figures carry them."""

    def need_links(self) -> None:
        """Refuse weights under which no region has a neighbour."""
        if len(self.islands) == self.matrix.shape[0]:
            raise CannotAnswer(
                "no region has a neighbour",
                hint="give weights above 0 off the diagonal, such as nearest_neighbours",
            )

    def named_islands(self) -> tuple[Hashable, ...]:
        """Return the islands by name, or by place counted from 0."""
        if self.labels is None:
            return tuple(int(row) for row in self.islands)
        return tuple(self.labels[row] for row in self.islands)


def read_weights(
    given: Arguments, weights: Any, regions: int, labels: tuple[Hashable, ...] | None
) -> SpatialWeights:
    """Return the weights as given, in the order of the regions, or collect what is wrong."""
    nothing = scipy.sparse.csr_array((regions, regions))
    matrix = _as_sparse(given, weights, labels)
    if matrix is None:
        return SpatialWeights(nothing, np.arange(regions), labels)
    given.need(
        matrix.shape == (regions, regions),
        "weights",
        f"weights has shape {matrix.shape}",
        f"give one row and one column for each region: shape ({regions}, {regions})",
    )
    usable = bool(np.isfinite(matrix.data).all() and (np.abs(matrix.data) <= LARGEST).all())
    given.need(usable, "weights", "weights holds unknown or infinite figures", "0: no neighbour")
    given.need(
        not usable or bool((matrix.data >= 0).all()),
        "weights",
        "weights holds negative figures",
        "give weights >= 0; 0 where two regions are no neighbours",
    )
    if matrix.shape != (regions, regions) or not usable:
        return SpatialWeights(nothing, np.arange(regions), labels)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    off = np.diff(matrix.indptr) - (matrix.diagonal() != 0)
    return SpatialWeights(matrix, np.flatnonzero(off == 0), labels)


def standardised(matrix: scipy.sparse.csr_array, standardise: str) -> scipy.sparse.csr_array:
    """Return weights whose rows sum to 1, weights of 1, or a copy as it is."""
    choose("way to standardise weights", standardise, STANDARDS)
    done = scipy.sparse.csr_array(matrix, copy=True)
    if standardise == "binary":
        done.data = np.ones_like(done.data)
    elif standardise == "row":
        sums = np.asarray(done.sum(axis=1)).ravel()
        lengths = np.diff(done.indptr)
        # A row of equal weights gets exactly equal shares, so that sums over them tie exactly.
        done.data = done.data / np.repeat(np.where(sums > 0, sums, 1.0), lengths)
    return done


def _as_sparse(
    given: Arguments, weights: Any, labels: tuple[Hashable, ...] | None
) -> scipy.sparse.csr_array | None:
    if isinstance(weights, LabelledFigures):
        columns = _order(given, weights.industries, weights.regions)
        return None if columns is None else scipy.sparse.csr_array(weights.values[:, columns])
    if scipy.sparse.issparse(weights):
        return scipy.sparse.csr_array(weights, dtype=np.float64, copy=True)
    if hasattr(weights, "sparse"):
        matrix = scipy.sparse.csr_array(weights.sparse, dtype=np.float64, copy=True)
        for attribute in ("id_order", "unique_ids"):
            names = tuple(getattr(weights, attribute, ()))
            if names and names != tuple(range(len(names))) and labels is not None:
                order = _order(given, names, labels)
                return None if order is None else matrix[order][:, order]
        return matrix
    read = given.figures("weights", weights)
    given.need(
        read.ndim == 2 or not read.size,
        "weights",
        "weights has one dimension",
        "give regions x regions",
    )
    return scipy.sparse.csr_array(read) if read.ndim == 2 else None


def _order(
    given: Arguments, names: tuple[Hashable, ...], labels: tuple[Hashable, ...]
) -> list[int] | None:
    place = {name: row for row, name in enumerate(names)}
    missing = [name for name in labels if name not in place]
    given.need(
        not missing and len(names) == len(labels),
        "weights",
        f"the regions of weights are not those of the figures: {len(missing)} are missing, "
        f"{', '.join(map(str, missing[:5]))}",
        "give weights for the same regions, in rows and in columns",
    )
    return None if missing or len(names) != len(labels) else [place[name] for name in labels]


def _places(
    points: npt.ArrayLike, coordinates: str, name: str, asked: float, *, whole: bool
) -> Points:
    given = Arguments()
    where = read_points(given, points, coordinates)
    given.scalar(name, asked)
    given.need(
        not whole or isinstance(asked, (int, np.integer)),
        name,
        f"{name} is no whole number",
        "give 1, 2, 3 ...",
    )
    given.check()
    return where


def _tree(where: Points) -> Any:
    from scipy.spatial import cKDTree  # noqa: PLC0415 - slow to import

    return cKDTree(where.places)


def _weights(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    values: Floats,
    n: int,
    standardise: str,
) -> scipy.sparse.csr_array:
    matrix = scipy.sparse.coo_array((values, (rows, columns)), shape=(n, n)).tocsr()
    return standardised(matrix, standardise)
