"""From draws to p values, and from many p values to those that stand when there are many."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Floats

Alternative = Literal["two-sided", "greater", "lesser", "directed"]

ALTERNATIVES = ("two-sided", "greater", "lesser", "directed")

Family = Literal["industry", "all"]

FAMILIES = ("industry", "all")


def pseudo_p(
    at_least: npt.ArrayLike, at_most: npt.ArrayLike, draws: int, alternative: str
) -> Floats:
    """Return (draws as extreme + 1) / (draws + 1).

    `at_least` and `at_most` count the draws with a statistic at least, and at most, as high as
    the observed one; a tie counts in both. ``two-sided`` doubles the smaller tail, at most to 1;
    ``directed`` takes the smaller tail and leaves ties out of the lower one.

    Example
    -------
    >>> pseudo_p([4], [97], 99, "two-sided"), pseudo_p([4], [97], 99, "greater")
    (array([0.1]), array([0.05]))
    """
    above, below = np.asarray(at_least, dtype=np.float64), np.asarray(at_most, dtype=np.float64)
    if alternative == "greater":
        return np.asarray((above + 1) / (draws + 1))
    if alternative == "lesser":
        return np.asarray((below + 1) / (draws + 1))
    if alternative == "directed":
        return np.asarray((np.minimum(above, draws - above) + 1) / (draws + 1))
    return np.asarray(np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (draws + 1)))


def false_discovery_adjusted(p: Floats, family: str) -> Floats:
    """Return p values adjusted by Benjamini and Hochberg, within each column or over all.

    The smallest rate of false discoveries at which each would be called significant. NaN stays
    NaN and counts for nothing.

    Example
    -------
    Four tests: 0.01 x 4 / 1, 0.04 x 4 / 3 (0.03 x 4 / 2 is more, so it takes the next), 0.9.

    >>> false_discovery_adjusted(np.array([0.01, 0.03, 0.04, 0.9]), "all").round(4)
    array([0.04  , 0.0533, 0.0533, 0.9   ])
    """
    if family == "all":
        return _adjusted(p.reshape(-1, 1)).reshape(p.shape)
    table = p.reshape(len(p), -1)
    adjusted = np.empty_like(table)
    for begin in range(0, table.shape[1], 64):
        adjusted[:, begin : begin + 64] = _adjusted(table[:, begin : begin + 64])
    return adjusted.reshape(p.shape)


def _adjusted(p: Floats) -> Floats:
    order = np.argsort(p, axis=0)
    ordered = np.take_along_axis(p, order, axis=0)
    tests = np.count_nonzero(~np.isnan(p), axis=0)
    scaled = ordered * (tests / np.arange(1, len(p) + 1)[:, None])
    scaled = np.fmin.accumulate(scaled[::-1], axis=0)[::-1]
    scaled[np.isnan(ordered)] = np.nan
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(scaled, 1.0), axis=0)
    return adjusted
