"""Estimators as weights on the mean outcomes of cells by period.

A contrast is an array of cells x periods; an estimate is the sum of contrast x mean. What an
estimator compares with what can be read off its contrast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from clusteratlas.programmes.effects.cells import Cell
from clusteratlas.programmes.effects.panel import NEVER, Floats, Ints

Spot = tuple[int, int]
"""A treated cell, and years since its start (0 in the first year of treatment)."""


@dataclass(frozen=True)
class Layout:
    """Which cells there are, when they start, and which part of time is looked at.

    Attributes
    ----------
    stacks, starts, sizes
        By cell; ``starts`` are places of periods, -1 for never.
    periods
        Number of periods.
    window, anticipation
        In periods.
    not_yet
        Whether cells serve as controls until they start.
    halved
        Whether the first half of the periods before a start was matched on, and says nothing.
    """

    stacks: Ints
    starts: Ints
    sizes: Floats
    periods: int
    window: int
    anticipation: int
    not_yet: bool
    halved: bool = False

    @property
    def treated(self) -> list[int]:
        """Cells that are treated at some time."""
        return [int(cell) for cell in np.flatnonzero(self.starts >= 0)]

    def base(self, cell: int) -> int:
        """Place of the last period in which nobody of the cell could act on treatment."""
        return int(self.starts[cell]) - 1 - self.anticipation

    def spots(self) -> list[Spot]:
        """Treated cells by years since their start, within the window and the panel."""
        return [
            (cell, since)
            for cell in self.treated
            for since in range(self.window)
            if self.base(cell) >= 0 and self.starts[cell] + since < self.periods
        ]

    def controls(self, cell: int, upto: int) -> list[int]:
        """Cells of the same stack that are untreated up to a period."""
        return [
            int(each)
            for each in np.flatnonzero(self.stacks == self.stacks[cell])
            if self.starts[each] < 0
            or (self.not_yet and self.starts[each] - self.anticipation > upto)
        ]


def layout_of(
    cells: Sequence[Cell],
    periods: Ints,
    *,
    window: int,
    anticipation: int,
    controls: Literal["not_yet", "never"],
    halved: bool = False,
) -> Layout:
    """Return the layout of cells over the panel's periods."""
    starts = [int(each.start - periods[0]) if each.start != NEVER else -1 for each in cells]
    return Layout(
        np.array([each.stack for each in cells]),
        np.array(starts),
        np.array([each.size for each in cells]),
        len(periods),
        window,
        anticipation,
        controls == "not_yet",
        halved,
    )


def first_half(base: int) -> int:
    """Return how many periods the first half of those up to a last untouched one holds.

    >>> first_half(5)
    3
    """
    return (base + 1) // 2


def change(layout: Layout, cell: int, period: int, base: int) -> Floats | None:
    """Return the contrast of one group-time effect; ``None`` if nobody is left to compare with.

    Definition
    ----------
    ATT(g, t) = E[Y_t - Y_b | g] - E[Y_t - Y_b | untreated at max(t, b)].

    Source
    ------
    Callaway and Sant'Anna (2021), Difference-in-Differences with Multiple Time Periods, eq. 2.

    Example
    -------
    >>> import numpy as np
    >>> two = Layout(np.array([0, 0]), np.array([1, -1]), np.array([3.0, 5.0]), 2, 1, 0, True)
    >>> change(two, 0, 1, 0)
    array([[-1.,  1.],
           [ 1., -1.]])
    """
    others = [each for each in layout.controls(cell, max(period, base)) if each != cell]
    if not others:
        return None
    contrast = np.zeros((len(layout.starts), layout.periods))
    share = layout.sizes[others] / layout.sizes[others].sum()
    contrast[cell, period] += 1.0
    contrast[cell, base] -= 1.0
    contrast[others, period] -= share
    contrast[others, base] += share
    return contrast


def group_time(layout: Layout) -> dict[Spot, Floats]:
    """Return the contrasts of all group-time effects of the window."""
    found = {}
    for cell, since in layout.spots():
        made = change(layout, cell, int(layout.starts[cell]) + since, layout.base(cell))
        if made is not None:
            found[cell, since] = made
    return found


def leads(layout: Layout) -> dict[Spot, Floats]:
    """Return the contrasts of all years before the last untouched one, against that one."""
    found = {}
    for cell in layout.treated:
        base = layout.base(cell)
        for period in range(first_half(base) if layout.halved else 0, base):
            made = change(layout, cell, period, base)
            if made is not None:
                found[cell, period - int(layout.starts[cell])] = made
    return found


def by_time(layout: Layout, spots: dict[Spot, Floats]) -> dict[int, Floats]:
    """Return one contrast a year since the start: cells weigh by their size."""
    times = sorted({since for _, since in spots})
    return {
        time: average(layout, {each: made for each, made in spots.items() if each[1] == time})
        for time in times
    }


def average(layout: Layout, spots: dict[Spot, Floats]) -> Floats:
    """Return the mean of contrasts, every treated unit and year counting once."""
    weights = np.array([layout.sizes[cell] for cell, _ in spots])
    mean: Floats = np.tensordot(weights / weights.sum(), np.array(list(spots.values())), axes=1)
    return mean


def two_way(layout: Layout, *, dynamic: bool) -> dict[int, Floats]:
    """Return the contrasts of two-way fixed effects: of all years together (key -1), or by year.

    Definition
    ----------
    Weighted least squares of cell means on cell, period within stack, and
    treatment; treated cells count up to the end of the window. Where treatment starts at several
    times and effects grow, cells that have started serve as controls of later ones, so the answer
    can be off.

    Source
    ------
    Goodman-Bacon (2021), Difference-in-differences with variation in treatment timing.
    """
    seen = [
        (cell, period)
        for cell in range(len(layout.starts))
        for period in range(layout.periods)
        if not _set_aside(layout, cell, period)
    ]
    spots = set(layout.spots())
    columns = sorted({since for _, since in spots}) if dynamic else [-1]
    under = np.zeros((len(seen), len(columns)))
    for row, (cell, period) in enumerate(seen):
        since = period - int(layout.starts[cell])
        if layout.starts[cell] >= 0 and (cell, since) in spots:
            under[row, columns.index(since) if dynamic else 0] = 1.0
    effects = _effects(layout, seen)
    root = np.sqrt([layout.sizes[cell] for cell, _ in seen])[:, None]
    left = root * under - root * effects @ np.linalg.lstsq(root * effects, root * under)[0]
    if np.linalg.matrix_rank(left, tol=1e-8 * np.sqrt(layout.sizes.sum())) < len(columns):
        return {}
    weights = np.linalg.solve(left.T @ left, (left * root).T)
    return {column: _laid_out(layout, seen, weights[place]) for place, column in enumerate(columns)}


def imputation(layout: Layout) -> dict[Spot, Floats]:
    """Return the contrasts of the imputation estimator by treated cell and year.

    Definition
    ----------
    Cell and period effects are fitted on untreated cells and years alone; an effect
    is the mean outcome less what they foretell.

    Source
    ------
    Borusyak, Jaravel and Spiess (2024), Revisiting Event-Study Designs, theorem 1.
    """
    cells = range(len(layout.starts))
    free = [
        (cell, period)
        for cell in cells
        for period in range(layout.periods)
        if layout.starts[cell] < 0 or period < layout.starts[cell] - layout.anticipation
    ]
    known = _effects(layout, free)
    sizes = np.array([layout.sizes[cell] for cell, _ in free])
    inverse = np.linalg.pinv(known.T @ (sizes[:, None] * known), hermitian=True, rcond=1e-10)
    found = {}
    for cell, since in layout.spots():
        place = (cell, int(layout.starts[cell]) + since)
        wanted = _effects(layout, [place])[0]
        if not np.allclose(
            known.T @ (sizes[:, None] * known) @ (inverse @ wanted), wanted, atol=1e-6
        ):
            continue
        contrast = _laid_out(layout, free, -(known @ (inverse @ wanted)) * sizes)
        contrast[place] += 1.0
        found[cell, since] = contrast
    return found


def _set_aside(layout: Layout, cell: int, period: int) -> bool:
    """Whether a treated cell's year is neither before its start nor within the window."""
    start = int(layout.starts[cell])
    if start < 0:
        return False
    return start - layout.anticipation <= period < start or period >= start + layout.window


def _effects(layout: Layout, places: list[tuple[int, int]]) -> Floats:
    """Indicators of the cell, and of the period within the stack."""
    stacks, stack = np.unique(layout.stacks, return_inverse=True)
    made = np.zeros((len(places), len(layout.starts) + len(stacks) * layout.periods))
    for row, (cell, period) in enumerate(places):
        made[row, cell] = 1.0
        made[row, len(layout.starts) + int(stack[cell]) * layout.periods + period] = 1.0
    return made


def _laid_out(layout: Layout, places: list[tuple[int, int]], weights: Floats) -> Floats:
    contrast = np.zeros((len(layout.starts), layout.periods))
    for (cell, period), weight in zip(places, weights, strict=True):
        contrast[cell, period] += weight
    return contrast
