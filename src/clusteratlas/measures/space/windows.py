"""Windows in which points can lie: a rectangle or a polygon without holes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats


@dataclass(frozen=True)
class Window:
    """The area in which points could have been found."""

    corners: Floats
    """The corners of the polygon, one after another."""
    rectangle: Floats | None
    """Least x, least y, largest x, largest y, where it is a rectangle."""

    def area(self) -> float:
        """Area in the square of the points' unit."""
        x, y = self.corners.T
        return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)

    def holds(self, places: Floats) -> Flags:
        """Whether each place lies inside or on the border."""
        if self.rectangle is not None:
            low, high = self.rectangle[:2], self.rectangle[2:]
            return np.asarray(((places >= low) & (places <= high)).all(axis=1))
        inside = np.zeros(len(places), dtype=np.bool_)
        for begin, end in zip(self.corners, np.roll(self.corners, -1, axis=0), strict=True):
            crosses = (begin[1] > places[:, 1]) != (end[1] > places[:, 1])
            if crosses.any():
                share = (places[crosses, 1] - begin[1]) / (end[1] - begin[1])
                inside[crosses] ^= places[crosses, 0] < begin[0] + share * (end[0] - begin[0])
        near = self.to_border(places) <= 1e-12 * np.ptp(self.corners, axis=0).max()
        return np.asarray(inside | near)

    def to_border(self, places: Floats) -> Floats:
        """Distance of each place inside to the nearest point of the border."""
        if self.rectangle is not None:
            low, high = places - self.rectangle[:2], self.rectangle[2:] - places
            return np.asarray(np.minimum(low, high).min(axis=1))
        nearest = np.full(len(places), np.inf)
        for begin, end in zip(self.corners, np.roll(self.corners, -1, axis=0), strict=True):
            side = end - begin
            length = float(side @ side)
            share = ((places - begin) @ side / length if length else np.zeros(len(places))).clip(
                0, 1
            )
            apart = places - begin - share[:, None] * side
            nearest = np.minimum(nearest, np.sqrt((apart**2).sum(axis=1)))
        return nearest


def read_window(given: Arguments, window: npt.ArrayLike | None, places: Floats) -> Window:
    """Return the window, or collect what is wrong with it; default: the points' own rectangle."""
    if window is None:
        if not len(places):
            return _rectangle(np.array([0.0, 0.0, 1.0, 1.0]))
        return _rectangle(np.concatenate((places.min(axis=0), places.max(axis=0))))
    read = given.figures("window", window, signed=True)
    fits = read.shape == (4,) or (read.ndim == 2 and len(read) >= 3 and read.shape[1] == 2)
    fits = fits and not np.isnan(read).any()
    given.need(
        fits,
        "window",
        f"window has shape {read.shape}, or holds unknown figures",
        "give least x, least y, largest x, largest y; or the corners of a polygon, corners x 2",
    )
    if not fits:
        return _rectangle(np.array([0.0, 0.0, 1.0, 1.0]))
    found = _rectangle(read) if read.ndim == 1 else Window(read, None)
    outside = np.flatnonzero(~found.holds(places))
    given.need(
        found.area() > 0 and (read.ndim == 2 or bool((read[2:] > read[:2]).all())),
        "window",
        "window has no area",
        "give the least x and y before the largest",
    )
    given.need(
        not outside.size,
        "points",
        f"{outside.size} points lie outside the window: rows "
        + ", ".join(map(str, outside[:10] + 1)),
        "give the whole study area as the window, or leave these points out",
    )
    return found


def _rectangle(sides: Floats) -> Window:
    left, bottom, right, top = sides
    corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    return Window(corners, np.array(sides, dtype=np.float64))
