"""The Kd function: the density of the distances between an industry's plants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.space.envelopes import global_envelope, local_envelope, need_level
from clusteratlas.measures.space.pair_distances import PairDistances
from clusteratlas.measures.space.points import (
    Coordinates,
    Points,
    need_points,
    need_rng,
    read_distances,
    read_kind,
    read_point_weights,
    read_points,
)

GRID = 256
"""Distances answered at by default."""


@dataclass(frozen=True)
class KdFunction:
    """Kd by distance, with what chance would give."""

    distances: Floats
    values: Floats
    """Density at each distance, per unit of distance."""
    bandwidth: float
    low: Floats | None
    high: Floats | None
    """Local envelope: at each distance on its own."""
    global_low: Floats | None
    global_high: Floats | None
    """Global envelope: for the curve as a whole."""
    localised: bool | None
    """Whether the curve rises above the global envelope anywhere."""
    dispersed: bool | None
    """Whether it never does, and falls below the global envelope somewhere."""


@measure("plain")
def kd_function(
    points: npt.ArrayLike,
    kinds: npt.ArrayLike | None = None,
    *,
    kind: object = None,
    weights: npt.ArrayLike | None = None,
    distances: npt.ArrayLike | None = None,
    bandwidth: float | None = None,
    reflection: bool = True,
    exact: bool = False,
    coordinates: Coordinates = "plane",
    simulations: int = 0,
    level: float = 0.9,
    rng: np.random.Generator | None = None,
) -> KdFunction:
    r"""Return the density of the distances between the plants of an industry.

    Definition
    ----------
    With h the bandwidth, f the standard normal density and :math:`w_i` the weights (all 1 without):

    .. math::

        K_d(d) = \frac{\sum_{i < j} w_i w_j \left[f\left(\frac{d - d_{ij}}{h}\right) +
        f\left(\frac{d + d_{ij}}{h}\right)\right]}{h \sum_{i < j} w_i w_j}

    The second term reflects at 0 what the kernel would spill below it. The null hypothesis puts
    the industry's plants, weights with them, on places drawn without replacement among all points.

    Parameters
    ----------
    points
        Points x 2: x and y in one unit (projected), or longitude and latitude with
        ``coordinates="degrees"``. Longitudes and latitudes given as a plane stretch distances
        east to west: never leave them as they are.
    kinds
        The industry of each point. Default: all points are the industry.
    kind
        The industry to look at, needed with ``kinds``.
    weights
        One weight >= 0 for each point, such as jobs. Default: 1 each.
    distances
        Distances to answer at, each larger than the one before, in the unit of the points; km
        for degrees. Default: 256 from 0 to the median distance between the industry's plants.
    bandwidth
        h. Default: Silverman's rule 0.9 min(sd, interquartile range / 1.34) m^(-1/5) on the m
        distances, unweighted; each simulation by its own.
    reflection
        Whether to reflect at 0. Without, the density near 0 comes out up to half too low.
    exact
        Sum the kernel over every pair's own distance. Default: pairs are first shared between the
        two nearest marks of a grid of at least 400 to one bandwidth, which changes the density by
        less than 1e-6 of its largest value.
    coordinates
        ``"plane"``, or ``"degrees"`` for great-circle distances.
    simulations
        Number of patterns drawn under the null for the envelopes.
    level
        Share of the simulations that an envelope holds.
    rng
        Source of the draws, needed with ``simulations``.

    Returns
    -------
    KdFunction
        ``values`` (per unit of distance) and, with simulations, ``low``, ``high``,
        ``global_low``, ``global_high`` and the flags ``localised`` and ``dispersed``.

    Missing data
    ------------
    A point without coordinates or weight is refused.

    Raises
    ------
    InvalidInput
        Points, weights or distances that are not known or do not fit; a kind that no point has;
        ``rng`` missing; simulations without other points.
    CannotAnswer
        Fewer than two plants; all distances equal and no bandwidth given; weights that leave no
        pair; too few simulations for a global envelope.

    Source
    ------
    G. Duranton, H. G. Overman, Testing for localization using micro-geographic data (2005),
    equations 1 and 2 and section 3; B. W. Silverman, Density estimation (1986), equation 3.31 and
    section 2.10.

    Example
    -------
    Two plants 3 apart and h = 1: the normal density at 0, and nothing of the reflected 6.

    >>> kd_function([[0, 0], [0, 3]], distances=[3], bandwidth=1).values.round(6)
    array([0.398942])
    """
    given = Arguments()
    where = read_points(given, points, coordinates)
    n = len(where)
    given.need(
        (kinds is None) == (kind is None),
        "kind",
        "kinds and kind go together",
        "give both, or neither where every point is of the industry",
    )
    both = kinds is not None and kind is not None
    rows = read_kind(given, "kind", kinds, kind, n) if both else np.arange(n)  # type: ignore[arg-type]
    weight = read_point_weights(given, weights, n)
    at = None if distances is None else read_distances(given, "distances", distances)
    width = None if bandwidth is None else given.scalar("bandwidth", bandwidth)
    need_rng(given, simulations, "simulations", rng)
    need_level(given, level)
    given.need(
        not simulations or not both or len(rows) < n or not n,
        "simulations",
        "every point is of the kind, so there is nowhere else to put the plants",
        "give the other industries' places too",
    )
    given.need(
        not simulations or both,
        "simulations",
        "without kinds there is nowhere else to put the plants",
        "give kinds and kind, with the other industries' places",
    )
    given.check()
    need_points(len(rows), 2, "the industry" if kind is None else f"kind {kind}")

    carried = None if weights is None else weight[rows]
    pairs = PairDistances(Points(where.places[rows], where.globe), carried, width)
    at = np.linspace(0, pairs.median(), GRID) if at is None else at.copy()
    h = pairs.silverman() if width is None else width
    values = pairs.density(at, h, reflection=reflection, exact=exact)
    if not simulations or rng is None:
        return KdFunction(at, values, h, None, None, None, None, None, None)
    simulated = np.empty((simulations, len(at)))
    for place in range(simulations):
        sites = rng.choice(n, size=len(rows), replace=False)
        drawn = PairDistances(Points(where.places[sites], where.globe), carried, width)
        smoothing = drawn.silverman() if width is None else width
        simulated[place] = drawn.density(at, smoothing, reflection=reflection, exact=exact)
    low, high = local_envelope(simulated, level)
    global_low, global_high = global_envelope(simulated, level)
    localised = bool((values > global_high).any())
    dispersed = not localised and bool((values < global_low).any())
    return KdFunction(at, values, h, low, high, global_low, global_high, localised, dispersed)
