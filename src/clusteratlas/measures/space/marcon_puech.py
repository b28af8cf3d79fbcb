"""The M function: are the neighbours of an industry's plants of that industry more than others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats, choose
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.space.envelopes import global_envelope, local_envelope, need_level
from clusteratlas.measures.space.points import (
    Cells,
    Coordinates,
    Integers,
    Points,
    Steps,
    need_points,
    need_rng,
    read_distances,
    read_kind,
    read_point_weights,
    read_points,
)
from clusteratlas.tables import CannotAnswer

Null = Literal["labels", "locations", "independence"]

AT_ONCE = 2**26
"""Weights of simulated patterns held in memory at a time."""


@dataclass(frozen=True)
class MFunction:
    """M by radius, with what chance would give."""

    radii: Floats
    values: Floats
    """M at each radius: above 1 concentration, below 1 dispersion; NaN where no point of the
    kind has a neighbour."""
    low: Floats | None
    high: Floats | None
    """Local envelope: at each radius on its own."""
    global_low: Floats | None
    global_high: Floats | None
    """Global envelope: for the curve as a whole."""


@measure("plain")
def m_function(
    points: npt.ArrayLike,
    kinds: npt.ArrayLike,
    *,
    kind: object,
    radii: npt.ArrayLike,
    neighbour_kind: object = None,
    weights: npt.ArrayLike | None = None,
    coordinates: Coordinates = "plane",
    simulations: int = 0,
    level: float = 0.9,
    null: Null = "labels",
    rng: np.random.Generator | None = None,
) -> MFunction:
    r"""Return how much more of the activity around an industry's plants is of one industry.

    Definition
    ----------
    With :math:`w_j` the weight of point j, S the reference points (of ``kind``), T the neighbours
    of interest (of ``neighbour_kind``) and :math:`S_r` those of S with any neighbour at all
    within r:

    .. math::

        M(r) = \frac{\sum_{i \in S_r} \frac{\sum_{j \in T, j \ne i, d_{ij} \le r} w_j}
        {\sum_{j \ne i, d_{ij} \le r} w_j}}{\sum_{i \in S_r} \frac{W_T - w_i [i \in T]}{W - w_i}}

    A reference point without neighbours within r leaves both sums; a pair exactly r apart counts.

    Parameters
    ----------
    points
        Points x 2: x and y in one unit (projected), or longitude and latitude with
        ``coordinates="degrees"``. Longitudes and latitudes given as a plane stretch distances
        east to west: never leave them as they are.
    kinds
        The industry of each point.
    kind
        The industry of the reference points.
    radii
        Distances at which to answer, each larger than the one before, in the unit of the points;
        km for degrees.
    neighbour_kind
        The industry of the neighbours of interest. Default: ``kind`` (M within the industry).
    weights
        One weight >= 0 for each point, such as jobs. Default: 1 each.
    coordinates
        ``"plane"``, or ``"degrees"`` for great-circle distances.
    simulations
        Number of patterns drawn under the null for the envelopes.
    level
        Share of the simulations that an envelope holds.
    null
        ``"labels"``: kinds are drawn anew among all points, weights stay; ``"locations"``: kinds
        and weights move together over all places; ``"independence"``: the points of ``kind`` stay
        and the kinds of the others are drawn anew among them (for two kinds). The first two are
        one without weights.
    rng
        Source of the draws, needed with ``simulations``.

    Returns
    -------
    MFunction
        ``values`` (ratio >= 0) and, with simulations, ``low``, ``high``, ``global_low`` and
        ``global_high``, one for each radius.

    Missing data
    ------------
    A point without coordinates or weight is refused, as it would change every ratio around it. A
    radius within which no reference point has a neighbour gives NaN.

    Raises
    ------
    InvalidInput
        Points, weights or radii that are not known or do not fit; a kind that no point has;
        ``rng`` missing.
    CannotAnswer
        An industry of one point within itself; too few simulations for a global envelope.

    Source
    ------
    E. Marcon, F. Puech, Measures of the geographic concentration of industries (2010), and A
    typology of distance-based measures of spatial concentration (2017), equation for M.

    Example
    -------
    Three A and one B, B 1 away from the first A; the other two A are far, 1 apart. Within 1, the
    A have shares 0, 1 and 1 of A; anywhere each would expect 2 of 3: (0 + 1 + 1) / (3 x 2/3) = 1.

    >>> places, kinds = [[0, 0], [0, 1], [9, 0], [9, 1]], ["A", "B", "A", "A"]
    >>> m_function(places, kinds, kind="A", radii=[0.5, 1]).values
    array([nan,  1.])
    """
    choose("null for M", null, ("labels", "locations", "independence"))
    given = Arguments()
    where = read_points(given, points, coordinates)
    n = len(where)
    sources = read_kind(given, "kind", kinds, kind, n)
    other = neighbour_kind is not None and neighbour_kind != kind
    targets = read_kind(given, "neighbour_kind", kinds, neighbour_kind, n) if other else sources
    weight = read_point_weights(given, weights, n)
    steps = read_distances(given, "radii", radii)
    need_rng(given, simulations, "simulations", rng)
    need_level(given, level)
    given.check()
    if not other:
        need_points(len(sources), 2, f"kind {kind}")
        if null == "independence":
            raise CannotAnswer(
                "within one industry no other kind can be drawn anew",
                value=null,
                hint="give neighbour_kind, or choose the null labels or locations",
            )
    pattern = _Pattern(where, steps, weight, sources, targets, moving=null == "locations")
    values = pattern.observed()
    if not simulations or rng is None:
        return MFunction(steps.copy(), values, None, None, None, None)
    fixed = sources if null == "independence" else None
    simulated = pattern.simulated(simulations, rng, fixed=fixed)
    low, high = local_envelope(simulated, level)
    return MFunction(steps.copy(), values, low, high, *global_envelope(simulated, level))


class _Pattern:
    """Points sorted once, read for the observed kinds and for drawn ones."""

    def __init__(
        self,
        points: Points,
        radii: Floats,
        weights: Floats,
        sources: Integers,
        targets: Integers,
        *,
        moving: bool,
    ) -> None:
        straight = points.straight(radii)
        self.steps = Steps.of(straight)
        self.cells = Cells.of(points.places, float(straight[-1]))
        self.weights = weights
        self.sources = sources
        self.targets = targets
        self.moving = moving and bool(np.ptp(weights))

    def observed(self) -> Floats:
        """M of the kinds as they are."""
        nobody = np.arange(len(self.weights))
        return np.asarray(self._of([nobody], moving=False)[0])

    def simulated(self, count: int, rng: np.random.Generator, *, fixed: Integers | None) -> Floats:
        """M of drawn kinds, one row for each draw; all draws of a batch share one pass."""
        n = len(self.weights)
        batch = max(1, min(count, AT_ONCE // n))
        free = np.arange(n) if fixed is None else np.setdiff1d(np.arange(n), fixed)
        parts = []
        for begin in range(0, count, batch):
            orders = []
            for _ in range(min(batch, count - begin)):
                order = np.arange(n)
                order[free] = rng.permutation(free)
                orders.append(order)
            parts.append(self._of(orders, moving=self.moving))
        return np.concatenate(parts)

    def _of(self, orders: list[Integers], *, moving: bool) -> Floats:
        from clusteratlas.measures.space.point_pairs import (  # noqa: PLC0415 - compiled
            as_bits,
            neighbour_ratios,
        )

        n, sorted_places = len(self.weights), self.cells.order
        own = np.zeros((n, len(orders)), dtype=np.bool_)
        marked = np.zeros((n, len(orders)), dtype=np.bool_)
        carried = np.empty((n, len(orders) if moving else 1))
        expected = np.empty((len(orders), 3))
        total = self.weights.sum()
        for place, order in enumerate(orders):
            self._flag(own, place, order[self.sources])
            self._flag(marked, place, order[self.targets])
            if moving:
                carried[order, place] = self.weights
            weight = carried[:, place] if moving else self.weights
            inside = float(weight[marked[:, place]].sum())
            expected[place] = inside, float(self.sources is self.targets), total
        if not moving:
            carried[:, 0] = self.weights
        carried = np.ascontiguousarray(carried[sorted_places])
        if moving and len(orders) == 1:  # a second column tells the loop that weights move
            carried = np.repeat(carried, 2, axis=1)
        owners = own.sum(axis=1)[sorted_places]
        found, foreseen = neighbour_ratios(
            self.cells.places,
            self.cells.starts,
            self.cells.shape,
            self.cells.origin,
            self.cells.size,
            self.steps.squares,
            self.steps.table,
            carried,
            as_bits(marked[sorted_places]),
            as_bits(own[sorted_places]),
            owners,
            expected,
        )
        nothing = np.full_like(found, np.nan)
        return np.asarray(np.divide(found, foreseen, out=nothing, where=foreseen > 0))

    @staticmethod
    def _flag(flags: Flags, pattern: int, rows: Integers) -> None:
        flags[rows, pattern] = True
