"""Ripley's K and Besag's L: how many points lie around a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.space.envelopes import global_envelope, local_envelope, need_level
from clusteratlas.measures.space.points import (
    Cells,
    Steps,
    need_points,
    need_rng,
    read_distances,
    read_points,
)
from clusteratlas.measures.space.windows import Window, read_window
from clusteratlas.tables import CannotAnswer

Correction = Literal["none", "translate", "isotropic", "border"]

CORRECTIONS = {"none": 0, "translate": 1, "isotropic": 2, "border": 3}

HEAVIEST = 100.0
"""Largest weight of one pair under an edge correction."""


@dataclass(frozen=True)
class RipleyK:
    """K and L by radius, with what chance would give for K."""

    radii: Floats
    k: Floats
    """K at each radius, area; pi r^2 where points fall independently."""
    l: Floats  # noqa: E741 - the field's own name
    """L = sqrt(K / pi) at each radius, distance; r where points fall independently."""
    expected: Floats
    """pi r^2."""
    low: Floats | None
    high: Floats | None
    """Local envelope of K: at each radius on its own."""
    global_low: Floats | None
    global_high: Floats | None
    """Global envelope of K: for the curve as a whole."""


@measure("plain")
def ripley_k(
    points: npt.ArrayLike,
    *,
    radii: npt.ArrayLike,
    window: npt.ArrayLike | None = None,
    correction: Correction = "isotropic",
    divisor: Literal["pairs", "squares"] = "pairs",
    simulations: int = 0,
    level: float = 0.9,
    rng: np.random.Generator | None = None,
) -> RipleyK:
    r"""Return how many further points lie within each radius of a point, against their density.

    Definition
    ----------
    With A the area of the window W and n points:

    .. math:: K(r) = \frac{A}{n (n - 1)} \sum_i \sum_{j \ne i} e_{ij} 1(d_{ij} \le r), \quad
        L(r) = \sqrt{K(r) / \pi}

    Without correction :math:`e_{ij} = 1`, and points near the edge see too few. ``translate``:
    A over the area that W shares with itself moved by the pair's offset; ``isotropic``: one over
    the share of the circle around i through j that lies in W; both weights are at most 100.
    ``border``: over the points at least r from the border, B_r of them,

    .. math:: K(r) = \frac{A}{n |B_r|} \sum_{i \in B_r} \sum_{j \ne i} 1(d_{ij} \le r)

    Parameters
    ----------
    points
        Points x 2: x and y, projected, in one unit. Longitudes and latitudes have no plane window
        and must be projected first.
    radii
        Distances at which to answer, each larger than the one before.
    window
        The study area: least x, least y, largest x, largest y; or the corners of a polygon
        without holes, corners x 2 (corrections ``"border"`` and ``"none"``). Default: the points'
        own rectangle, which is too small for the area in which points could have been found.
    correction
        ``"isotropic"``, ``"translate"``, ``"border"`` or ``"none"``.
    divisor
        ``"pairs"``: n (n - 1) as above; ``"squares"``: n squared, which is too large, there to
        explain figures of other packages. No matter for ``border``.
    simulations
        Number of patterns of n points drawn evenly over a rectangular window, for the envelopes.
    level
        Share of the simulations that an envelope holds.
    rng
        Source of the draws, needed with ``simulations``.

    Returns
    -------
    RipleyK
        ``k`` and ``l`` for each radius, ``expected``, and the envelopes of K with simulations.

    Missing data
    ------------
    A point without coordinates is refused. With ``border``, a radius that no point is away from
    the border gives NaN.

    Raises
    ------
    InvalidInput
        Points or radii that are not known; points outside the window; a window without area.
    CannotAnswer
        Fewer than two points; an isotropic or translation correction, or simulations, on a
        polygon; an isotropic or translation correction at radii beyond the window.

    Source
    ------
    B. D. Ripley, The second-order analysis of stationary point processes (1976), and Modelling
    spatial patterns (1977); J. Besag (1977) for L; J. Ohser (1983) for the translation correction.

    Example
    -------
    Two points 1 apart in a square of area 16: each sees the other, 16 / (2 x 1) x 2 = 16.

    >>> ripley_k([[1, 2], [2, 2]], radii=[0.5, 1], window=[0, 0, 4, 4], correction="none").k
    array([ 0., 16.])
    """
    choose("edge correction", correction, CORRECTIONS)
    choose("divisor", divisor, ("pairs", "squares"))
    given = Arguments()
    where = read_points(given, points, "plane")
    steps = read_distances(given, "radii", radii)
    area = read_window(given, window, where.places[:, :2])
    need_rng(given, simulations, "simulations", rng)
    need_level(given, level)
    given.check()
    need_points(len(where), 2, "the pattern")
    if not area.area() > 0:
        raise CannotAnswer(
            "all points lie on one line, so no window follows from them", hint="give window"
        )
    _need_rectangle(area, correction, simulations, steps)

    few = (len(where) - 1) / len(where) if divisor == "squares" and correction != "border" else 1
    k = few * _k(where.places, steps, area, correction)
    expected = np.pi * steps**2
    low = high = global_low = global_high = None
    if simulations and rng is not None and area.rectangle is not None:
        sides = area.rectangle
        simulated = np.empty((simulations, len(steps)))
        for place in range(simulations):
            drawn = np.zeros((len(where), 3))
            drawn[:, :2] = rng.uniform(sides[:2], sides[2:], (len(where), 2))
            simulated[place] = few * _k(drawn, steps, area, correction)
        low, high = local_envelope(simulated, level)
        global_low, global_high = global_envelope(simulated, level)
    return RipleyK(
        steps.copy(), k, np.sqrt(k / np.pi), expected, low, high, global_low, global_high
    )


def _need_rectangle(area: Window, correction: str, simulations: int, radii: Floats) -> None:
    if area.rectangle is None:
        if correction in ("isotropic", "translate"):
            raise CannotAnswer(
                f"the correction {correction} is there for rectangles only",
                hint="choose the correction border for a polygon",
            )
        if simulations:
            raise CannotAnswer(
                "points are drawn evenly over rectangles only", hint="give a rectangle as window"
            )
        return
    across, up = area.rectangle[2:] - area.rectangle[:2]
    furthest = {"isotropic": np.hypot(across, up), "translate": min(across, up)}.get(correction)
    if furthest is not None and not radii[-1] < furthest:
        raise CannotAnswer(
            f"the correction {correction} has no answer at radii beyond the window",
            value=str(radii[-1]),
            hint=f"stay below {furthest:g}, better below a quarter of the shorter side",
        )


def _k(places: Floats, radii: Floats, area: Window, correction: str) -> Floats:
    from clusteratlas.measures.space.point_pairs import pair_counts  # noqa: PLC0415 - compiled

    n = len(places)
    cells = Cells.of(places, float(radii[-1]))
    steps = Steps.of(radii)
    at_border = correction in ("border", "isotropic")
    inner = area.to_border(places[:, :2]) if at_border else np.zeros(n)
    counts = pair_counts(
        cells.places,
        cells.starts,
        cells.shape,
        cells.origin,
        cells.size,
        steps.squares,
        steps.table,
        np.zeros(4) if area.rectangle is None else area.rectangle,
        inner[cells.order],
        CORRECTIONS[correction],
        HEAVIEST,
    )
    pairs = np.cumsum(counts)
    if correction != "border":
        return np.asarray(pairs * (area.area() / (n * (n - 1))))
    eligible = n - np.searchsorted(np.sort(inner), radii)
    known = np.where(eligible > 0, eligible, np.nan)
    return np.asarray(pairs * (area.area() / n) / known)
