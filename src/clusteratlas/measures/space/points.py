"""Points in the plane or on the globe: read, checked, and sorted into cells for fast pair loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats
from clusteratlas.tables import CannotAnswer

Integers = npt.NDArray[np.int64]

Coordinates = Literal["plane", "degrees"]

EARTH_RADIUS = 6371.0088
"""Mean radius of the Earth, km: the sphere on which great-circle distances are taken."""

CELLS_ACROSS = 4.0
"""Cells to one radius: smaller cells hug the circle better, larger ones need fewer steps."""


@dataclass(frozen=True)
class Points:
    """Points as rows of three coordinates; a plane has the third at 0, a globe is in km."""

    places: Floats
    globe: bool

    def __len__(self) -> int:
        return len(self.places)

    def straight(self, distances: npt.ArrayLike) -> Floats:
        """Return the straight-line length of distances along the surface."""
        along = np.asarray(distances, dtype=np.float64)
        if not self.globe:
            return along
        half = np.minimum(along / (2 * EARTH_RADIUS), np.pi / 2)
        return np.asarray(2 * EARTH_RADIUS * np.sin(half))

    def along(self, chords: npt.ArrayLike) -> Floats:
        """Return the length along the surface of straight-line distances."""
        straight = np.asarray(chords, dtype=np.float64)
        if not self.globe:
            return straight
        half = np.minimum(straight / (2 * EARTH_RADIUS), 1)
        return np.asarray(2 * EARTH_RADIUS * np.arcsin(half))

    def farthest(self) -> float:
        """Return a distance that no two points exceed."""
        spread = np.ptp(self.places, axis=0) if len(self) else np.zeros(3)
        return float(self.along(np.sqrt((spread**2).sum()))) * (1 + 1e-12)


def read_points(given: Arguments, points: npt.ArrayLike, coordinates: str) -> Points:
    """Return the points, or collect what is wrong with them."""
    given.need(
        coordinates in ("plane", "degrees"),
        "coordinates",
        f"coordinates is {coordinates!r}",
        "say plane (projected, one unit both ways) or degrees (longitude, latitude)",
    )
    read = given.figures("points", points, signed=True)
    if read.ndim != 2 or read.shape[1] != 2:
        hint = "give one row for each point: x, y (or longitude, latitude)"
        given.need(read.size == 0, "points", f"points has shape {read.shape}", hint)
        return Points(np.zeros((0, 3)), False)
    gaps = np.flatnonzero(np.isnan(read).any(axis=1))
    given.need(
        not gaps.size,
        "points",
        f"{gaps.size} points have no place: rows {', '.join(map(str, gaps[:10] + 1))}",
        "leave points without coordinates out, and say how many they are",
    )
    if coordinates == "plane":
        places = np.zeros((len(read), 3))
        places[:, :2] = read
        return Points(places, False)
    outside = np.flatnonzero((np.abs(read[:, 0]) > 360) | (np.abs(read[:, 1]) > 90))
    given.need(
        not outside.size,
        "points",
        f"{outside.size} points lie off the globe: rows {', '.join(map(str, outside[:10] + 1))}",
        "degrees are longitude first, then latitude; say plane for projected coordinates",
    )
    longitude, latitude = np.radians(read).T
    sphere = np.stack(
        (
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ),
        axis=1,
    )
    return Points(EARTH_RADIUS * sphere, True)


def great_circle(points: npt.ArrayLike, centre: tuple[float, float]) -> Floats:
    r"""Return the great-circle distance of each point from a centre, in km.

    Definition
    ----------
    .. math:: d = 2 R \arcsin\sqrt{\sin^2\tfrac{\Delta\phi}{2} +
              \cos\phi_1 \cos\phi_2 \sin^2\tfrac{\Delta\lambda}{2}}

    Parameters
    ----------
    points
        Points x 2: longitude and latitude, degrees.
    centre
        Longitude and latitude, degrees.

    Source
    ------
    R. W. Sinnott, Virtues of the haversine (1984).

    Example
    -------
    A quarter of the way round the Earth, along the equator and to a pole.

    >>> great_circle([[90.0, 0.0], [0.0, 90.0]], (0.0, 0.0)).round()
    array([10008., 10008.])
    """
    there, here = np.radians(np.asarray(points, dtype=np.float64)), np.radians(centre)
    turned, risen = ((there - here) / 2).T
    half = np.sin(risen) ** 2 + np.cos(here[1]) * np.cos(there[:, 1]) * np.sin(turned) ** 2
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def read_kind(given: Arguments, name: str, kinds: npt.ArrayLike, kind: object, n: int) -> Integers:
    """Return the rows of one kind of points, or collect what is wrong."""
    read = np.asarray(kinds)
    if read.shape != (n,):
        hint = f"give one kind for each point: shape ({n},)"
        given.need(n == 0, "kinds", f"kinds has shape {read.shape}", hint)
        return np.zeros(0, dtype=np.int64)
    rows = np.flatnonzero(read == kind)
    if not rows.size:
        there = sorted({str(one) for one in read.tolist()})
        given.need(
            False,
            name,
            f"no point is of the kind {kind!r}",
            f"there are {', '.join(there[:10])}" + (" and more" if len(there) > 10 else ""),
        )
    return rows


def read_point_weights(given: Arguments, weights: npt.ArrayLike | None, n: int) -> Floats:
    """Return one known weight for each point; 1 each where none are given."""
    if weights is None:
        return np.ones(n)
    read = given.vector("weights", weights, n, "point")
    given.known("weights", read)
    return np.ascontiguousarray(read)


def read_distances(given: Arguments, name: str, distances: npt.ArrayLike) -> Floats:
    """Return distances that rise, or collect what is wrong."""
    read = np.atleast_1d(given.figures(name, distances)).ravel()
    given.need(
        bool(read.size) and not np.isnan(read).any() and bool((np.diff(read) > 0).all()),
        name,
        f"{name} do not rise from one to the next, or are not known",
        "give known distances >= 0, each larger than the one before",
    )
    return read


def need_rng(given: Arguments, draws: int, name: str, rng: np.random.Generator | None) -> None:
    """Collect a fault where draws are asked for and there is nothing to draw from."""
    given.need(
        isinstance(draws, (int, np.integer)) and draws >= 0,
        name,
        f"{name} is {draws!r}",
        "give a whole number of draws; 0 draws none",
    )
    given.need(
        draws == 0 or isinstance(rng, np.random.Generator),
        "rng",
        "rng is missing",
        "give numpy.random.default_rng(seed), so that the draws can be repeated",
    )


def need_points(count: int, least: int, what: str) -> None:
    """Refuse a question that so few points cannot answer."""
    if count < least:
        raise CannotAnswer(
            f"{what} has too few points",
            value=str(count),
            hint=f"at least {least} are needed for a pair",
        )


@dataclass(frozen=True)
class Cells:
    """Points sorted into cubes, those of one row of cubes side by side."""

    order: Integers
    """Places of the sorted points in the caller's order."""
    places: Floats
    """3 x points: sorted coordinates."""
    starts: Integers
    """First point of each cell, and the end."""
    shape: Integers
    """Cells along x, y and z."""
    origin: Floats
    size: float

    @classmethod
    def of(cls, places: Floats, reach: float) -> Cells:
        """Sort points so that all within `reach` of one are found in few runs."""
        origin = places.min(axis=0)
        spread = np.ptp(places, axis=0)
        wide = spread[spread > 0]
        size = reach / CELLS_ACROSS
        if wide.size:
            size = max(size, float(np.exp(np.log(wide / len(places) ** (1 / wide.size)).mean())))
            size = max(size, float(wide.max()) / 2**20)
        size = size if size > 0 else 1.0
        shape = np.asarray(np.floor(spread / size), dtype=np.int64) + 1
        while int(np.prod(shape.astype(np.float64))) > 4 * len(places) + 2**16:
            size *= 1.25
            shape = np.asarray(np.floor(spread / size), dtype=np.int64) + 1
        cell = np.minimum(((places - origin) / size).astype(np.int64), shape - 1)
        key = (cell[:, 2] * shape[1] + cell[:, 1]) * shape[0] + cell[:, 0]
        order = np.argsort(key, kind="stable")
        starts = np.zeros(int(np.prod(shape)) + 1, dtype=np.int64)
        np.cumsum(np.bincount(key, minlength=len(starts) - 1), out=starts[1:])
        sorted_places = np.ascontiguousarray(places[order].T)
        return cls(order, sorted_places, starts, shape, origin, float(size))


@dataclass(frozen=True)
class Steps:
    """Rising radii, ready to be looked up by a squared distance."""

    squares: Floats
    table: Integers
    """First radius that can hold a squared distance, by its share of the largest square."""

    @classmethod
    def of(cls, straight: Floats) -> Steps:
        """Prepare straight-line radii."""
        squares = straight * straight
        edges = np.arange(4096) * (squares[-1] / 4096)
        return cls(squares, np.searchsorted(squares, edges * (1 - 1e-9)).astype(np.int64))
