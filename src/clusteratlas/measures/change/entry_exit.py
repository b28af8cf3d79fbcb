"""Entry and exit: which industries came to a region, and which left it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import CELLS, Arguments, Flags, Floats
from clusteratlas.measures.labelled import measure


@measure("cells")
def entry(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    absent_below: float = 1.0,
    present_from: float = 1.0,
) -> Floats:
    r"""Return which industries came to each region, among those that it did not have.

    Definition
    ----------
    At risk: :math:`x^0_{ri} < a`. Of these, 1 where :math:`x^1_{ri} \ge p`, else 0. All others
    are NaN: an industry that is there cannot come.

    Parameters
    ----------
    start, end
        x^0 and x^1: regions x industries (or one column): presence (1 and 0), location quotients
        or any figure that presence is read from.
    absent_below
        a: below this the industry counts as absent at the start. With quotients 0.5 keeps a small
        move around 1 from counting as an entry.
    present_from
        p: from this on it counts as present at the end.

    Returns
    -------
    numpy.ndarray
        1 (came), 0 (did not come) or NaN (was there), in the shape of ``start``.

    Missing data
    ------------
    NaN where the start is not known, and where the industry was absent and the end is not known.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, levels that are not positive or with
        ``absent_below`` above ``present_from``.

    Source
    ------
    F. Neffke, M. Henning, R. Boschma, How do regions diversify over time? (2011); the table of
    entries is that of the R package EconGeo.

    Example
    -------
    >>> entry([[1, 0, 0]], [[1, 1, 0]])
    array([[nan,  1.,  0.]])
    >>> entry([0.4, 0.9, 0.4], [1.2, 1.2, 0.9], absent_below=0.5)
    array([ 1., nan,  0.])
    """
    first, last = _read(start, end, absent_below, present_from)
    return _events(first, last, lambda was: was < absent_below, lambda now: now >= present_from)


@measure("cells")
def exit(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    absent_below: float = 1.0,
    present_from: float = 1.0,
) -> Floats:
    r"""Return which industries left each region, among those that it had.

    Definition
    ----------
    At risk: :math:`x^0_{ri} \ge p`. Of these, 1 where :math:`x^1_{ri} < a`, else 0. All others
    are NaN: an industry that is not there cannot leave.

    Parameters
    ----------
    start, end
        x^0 and x^1: regions x industries (or one column): presence (1 and 0), location quotients
        or any figure that presence is read from.
    absent_below
        a: below this the industry counts as absent at the end.
    present_from
        p: from this on it counts as present at the start.

    Returns
    -------
    numpy.ndarray
        1 (left), 0 (stayed) or NaN (was not there), in the shape of ``start``.

    Missing data
    ------------
    NaN where the start is not known, and where the industry was present and the end is not known.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, levels that are not positive or with
        ``absent_below`` above ``present_from``.

    Source
    ------
    F. Neffke, M. Henning, R. Boschma, How do regions diversify over time? (2011); the table of
    exits is that of the R package EconGeo.

    Example
    -------
    >>> exit([[1, 1, 0]], [[1, 0, 0]])
    array([[ 0.,  1., nan]])
    """
    first, last = _read(start, end, absent_below, present_from)
    return _events(first, last, lambda was: was >= present_from, lambda now: now < absent_below)


def _read(
    start: npt.ArrayLike, end: npt.ArrayLike, absent_below: float, present_from: float
) -> tuple[Floats, Floats]:
    given = Arguments()
    first, last = given.figures("start", start), given.figures("end", end)
    given.same_shape("start", first, "end", last)
    low = given.scalar("absent_below", absent_below)
    high = given.scalar("present_from", present_from)
    given.need(
        not low > high,
        "absent_below",
        f"absent_below is {low} and present_from is {high}",
        "an industry cannot be absent and present at once: give the lower level to absent_below",
    )
    given.check()
    return first, last


def _events(
    first: Floats,
    last: Floats,
    at_risk: Callable[[Floats], Flags],
    happened: Callable[[Floats], Flags],
) -> Floats:
    """1 where it happened, 0 where it did not, NaN where it could not or is not known."""
    events = np.empty(first.shape)
    cells, before, after = events.reshape(-1), first.reshape(-1), last.reshape(-1)
    for start in range(0, len(cells), CELLS):
        part = slice(start, start + CELLS)
        asked = at_risk(before[part]) & ~np.isnan(after[part])
        cells[part] = np.where(asked, happened(after[part]), np.nan)
    return events
