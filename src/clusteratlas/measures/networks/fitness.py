"""Fitness of regions and complexity of industries: an industry is as simple as its weakest home."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Flags, Floats, choose
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.networks.presence_matrix import PresenceMatrix, read_presence

CHECK_EVERY = 10
"""Sweeps between two looks at whether anything still moves."""

Update = Literal["simultaneous", "alternating"]


class Fitness(NamedTuple):
    """Fitness and complexity, and how they were arrived at."""

    fitness: Floats
    complexity: Floats
    steps: int
    converged: bool
    """Whether the stopping rule was met; False after a fixed number of steps that did not."""


@measure(
    {"fitness": "regions", "complexity": "industries", "steps": "plain", "converged": "plain"},
    sparse=True,
)
def fitness(
    presence: npt.ArrayLike,
    *,
    steps: int | None = None,
    tolerance: float = 1e-6,
    most_steps: int = 5000,
    update: Update = "simultaneous",
) -> Fitness:
    r"""Return the fitness of regions and the complexity of industries.

    Definition
    ----------
    .. math:: \tilde F_r^{(n)} = \sum_i M_{ri} Q_i^{(n-1)}, \qquad
       \tilde Q_i^{(n)} = \frac{1}{\sum_r M_{ri} / F_r^{(n-1)}}, \qquad
       F = \tilde F / \overline{\tilde F}, \quad Q = \tilde Q / \overline{\tilde Q}

    from F = Q = 1. Stopping rule: every ten steps the figures are compared with those of ten steps
    before; the search ends when the regions stand in the same order and no fitness has moved by
    more than the tolerance (fitness has the mean 1). Some regions' fitness may fall towards 0 for
    ever, the slower the smaller it is; their figure is a matter of the step, their order is not.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    steps
        A fixed number of steps. Default: until the stopping rule is met.
    tolerance
        Largest movement of a fitness in ten steps at which the search ends.
    most_steps
        Steps after which the search ends unmet.
    update
        "simultaneous": Q from the F of the step before, as in the source. "alternating": Q from
        the new F, which gets to the same end in about half the steps.

    Returns
    -------
    Fitness
        ``fitness`` and ``complexity`` (both 0 or more, mean 1 over those that take part),
        ``steps`` taken, and whether the figures had ``converged``.

    Missing data
    ------------
    Unknown cells are refused. A region without an industry and an industry without a region take
    no part and get NaN.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1; numbers of steps or tolerance not positive.
    CannotAnswer
        Unknown ``update``.

    Source
    ------
    A. Tacchella, M. Cristelli, G. Caldarelli, A. Gabrielli, L. Pietronero, A new metrics for
    countries' fitness and products' complexity (2012), equation 1; on convergence: E. Pugliese,
    A. Zaccaria, L. Pietronero (2016).

    Example
    -------
    One step from ones: two industries and one, over their mean 1.5; homes 2 and 1, so 1/2 and 1
    over their mean 0.75.

    >>> found = fitness([[1, 1], [1, 0]], steps=1)
    >>> found.fitness.round(4), found.complexity.round(4)
    (array([1.3333, 0.6667]), array([0.6667, 1.3333]))
    """
    choose("way to update", update, ("simultaneous", "alternating"))
    given = Arguments()
    for name, number in (("steps", 1 if steps is None else steps), ("most_steps", most_steps)):
        given.need(
            isinstance(number, (int, np.integer)) and number > 0,
            name,
            f"{name} is {number}",
            "give a whole number above 0",
        )
    moved = given.scalar("tolerance", tolerance)
    table = read_presence(given, "presence", presence)
    given.check()
    regions, industries = table.diversity > 0, table.ubiquity > 0
    full_regions = np.full(table.shape[0], np.nan)
    full_industries = np.full(table.shape[1], np.nan)
    if not regions.any():
        return Fitness(full_regions, full_industries, 0, True)
    found = _swept(
        _taking_part(table, regions, industries),
        most_steps if steps is None else int(steps),
        moved,
        fixed=steps is not None,
        alternating=update == "alternating",
    )
    full_regions[regions], full_industries[industries] = found[:2]
    return Fitness(full_regions, full_industries, *found[2:])


def _taking_part(table: PresenceMatrix, regions: Flags, industries: Flags) -> Any:
    if regions.all() and industries.all():
        return table.rows
    return table.rows[regions][:, industries]


def _swept(
    rows: Any, most: int, tolerance: float, *, fixed: bool, alternating: bool
) -> tuple[Floats, Floats, int, bool]:
    """Sweep until the rule is met or the steps are spent."""
    turned = rows.T
    fit, complexity = np.ones(rows.shape[0]), np.ones(rows.shape[1])
    before = fit
    met = False
    for step in range(1, most + 1):
        summed = rows @ complexity
        summed /= summed.mean()
        weakness = turned @ _inverse(summed if alternating else fit)
        fit = summed
        complexity = _inverse(weakness)
        complexity /= complexity.mean()
        if step % CHECK_EVERY == 0 and (not fixed or step > most - CHECK_EVERY):
            met = _at_rest(before, fit, tolerance)
            if met and not fixed:
                return fit, complexity, step, True
        if step % CHECK_EVERY == 0:
            before = fit
    return fit, complexity, most, met


def _inverse(values: Floats) -> Floats:
    """Return 1 / values; what has fallen below the range of a float counts as its smallest."""
    return 1.0 / np.maximum(values, 1e-150)


def _at_rest(before: Floats, now: Floats, tolerance: float) -> bool:
    if np.abs(now - before).max() > tolerance:
        return False
    order = np.argsort(now, kind="stable")
    sorted_before = before[order]
    room = 1e-12 * np.maximum(sorted_before[1:], now[order][1:])
    return bool(np.all(np.diff(sorted_before) >= -room))
