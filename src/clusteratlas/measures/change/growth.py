"""Change between two years."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import CELLS, Arguments, Floats, choose
from clusteratlas.measures.labelled import measure

KINDS = ("compound", "simple", "difference")
"""Compound rate a year, simple rate a year, or the plain difference over the whole time."""


@measure("cells")
def growth(
    start: npt.ArrayLike, end: npt.ArrayLike, *, years: float, kind: str = "compound"
) -> Floats:
    r"""Return how figures changed from one year to another.

    Definition
    ----------
    ``"compound"``: :math:`(b / a)^{1 / t} - 1`, the steady yearly rate that leads from a to b.
    ``"simple"``: :math:`(b / a - 1) / t`, the whole change spread evenly over the years.
    ``"difference"``: :math:`b - a`, over the whole time and in the unit of the figures.

    Parameters
    ----------
    start, end
        a and b: regions x clusters (or one column), jobs or any unit, not negative.
    years
        t: years between the two, positive.
    kind
        One of ``KINDS``.

    Returns
    -------
    numpy.ndarray
        Rates a year (0.03 = 3 %), at least -1, or differences, in the shape of ``start``.

    Missing data
    ------------
    NaN in either year gives NaN. A rate from zero is NaN (a cluster that is new has a difference
    and no rate); a fall to zero is a compound rate of -1.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, years not positive.
    CannotAnswer
        Unknown ``kind``.

    Source
    ------
    Elementary. The US portal uses the compound rate, and calls the difference "simple".

    Example
    -------
    >>> growth([100, 0, 50], [121, 10, 0], years=2).round(4)
    array([ 0.1,  nan, -1. ])
    >>> growth([100, 0, 50], [121, 10, 0], years=2, kind="simple")
    array([ 0.105,    nan, -0.5  ])
    >>> growth([100, 0, 50], [121, 10, 0], years=2, kind="difference")
    array([ 21.,  10., -50.])
    """
    choose("kind of growth", kind, KINDS)
    given = Arguments()
    first = given.figures("start", start)
    last = given.figures("end", end)
    given.same_shape("start", first, "end", last)
    length = given.scalar("years", years)
    given.check()
    if kind == "difference":
        return np.asarray(last - first)
    rates = np.full(first.shape, np.nan)
    cells, before, after = rates.reshape(-1), first.reshape(-1), last.reshape(-1)
    for start_at in range(0, len(cells), CELLS):
        part = slice(start_at, start_at + CELLS)
        # Most cells are empty, and roots are dear: only where there is a start is there a rate.
        place = np.flatnonzero(before[part] > 0)
        ratio = after[part][place] / before[part][place]
        if kind == "compound":
            rooted = ratio > 0
            ratio[rooted] **= 1 / length
            cells[part][place] = ratio - 1
        else:
            cells[part][place] = (ratio - 1) / length
    return rates
