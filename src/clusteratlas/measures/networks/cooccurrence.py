"""How often two industries are present in the same regions, and what that says of the pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.networks.presence_matrix import PresenceMatrix, read_presence

SPARSE_BELOW = 0.01
"""Share of cells filled below which the product of sparse rows is the faster one."""


@measure("pairs", sparse=True)
def cooccurrence(presence: npt.ArrayLike, *, diagonal: float | None = None) -> Floats:
    r"""Return in how many regions each pair of industries is present together.

    Definition
    ----------
    .. math:: C_{ij} = \sum_r M_{ri} M_{rj}

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    diagonal
        What to write on the diagonal; 0 for the convention of a network without loops. Default:
        what the formula gives, the industry's ubiquity.

    Returns
    -------
    numpy.ndarray
        Industries x industries, number of regions; exact.

    Missing data
    ------------
    Refused, as one unknown cell makes a whole row and column unknown. An industry that is nowhere
    occurs with no other: 0.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1.

    Source
    ------
    C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann, The product space conditions the
    development of nations (2007), supplement.

    Example
    -------
    >>> cooccurrence([[1, 1, 0], [1, 1, 1]])
    array([[2., 2., 1.],
           [2., 2., 1.],
           [1., 1., 1.]])
    """
    table = _read(presence)
    return _with_diagonal(np.asarray(_counted(table), dtype=np.float64), diagonal)


@measure("pairs", sparse=True)
def proximity(presence: npt.ArrayLike, *, diagonal: float | None = None) -> Floats:
    r"""Return the smaller of the two chances that a region with one industry has the other too.

    Definition
    ----------
    .. math:: \phi_{ij} = \min\{P(i|j), P(j|i)\} = \frac{\sum_r M_{ri} M_{rj}}{\max(u_i, u_j)}

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    diagonal
        What to write on the diagonal; 0 where an industry shall not count as close to itself.
        Default: what the formula gives, 1.

    Returns
    -------
    numpy.ndarray
        Industries x industries, 0-1, symmetric.

    Missing data
    ------------
    Refused, as one unknown cell makes a whole row and column unknown. An industry that is present
    nowhere has no proximity: NaN, on the diagonal too.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1.

    Source
    ------
    C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann, The product space conditions the
    development of nations (2007), equation 1.

    Example
    -------
    The first two industries share one region of two that have the second.

    >>> proximity([[1, 1, 0], [0, 1, 1]])
    array([[1. , 0.5, 0. ],
           [0.5, 1. , 0.5],
           [0. , 0.5, 1. ]])
    """
    table = _read(presence)
    counts = _counted(table)
    present = np.where(table.ubiquity > 0, table.ubiquity, np.nan)
    larger = np.maximum(present, present[:, None])
    found = np.divide(counts, larger, out=larger)
    return _with_diagonal(found, diagonal, keep=np.isnan(present))


Totals = Literal["cooccurrence", "presence"]


@measure("pairs", sparse=True)
def relatedness(
    presence: npt.ArrayLike,
    *,
    kind: str = "association",
    totals: Totals = "cooccurrence",
    diagonal: float = 0.0,
) -> Floats:
    r"""Return how much more, or how much, two industries occur together than each alone suggests.

    Definition
    ----------
    C_ij is the number of regions with both industries, i unequal j; S_i a total of industry i and
    T the total of all:

    - association: :math:`C_{ij} T / (S_i S_j)`, 1 where they meet as often as by chance;
    - cosine: :math:`C_{ij} / \sqrt{S_i S_j}`;
    - jaccard: :math:`C_{ij} / (S_i + S_j - C_{ij})`;
    - probability: :math:`C_{ij} \big/ \frac{T}{2} \left[\frac{S_i}{T} \frac{S_j}{T - S_i} +
      \frac{S_j}{T} \frac{S_i}{T - S_j}\right]`, the association without the draw of a pair with
      itself;
    - conditional: :math:`C_{ij} / S_i`, row i: the share of i's total that is with j.

    With ``totals="cooccurrence"``: S_i = sum_j C_ij and T = sum_i S_i, the totals of the pairs.
    With ``totals="presence"``: S_i = u_i, the regions that have i, and T the number of regions:
    the cosine and Jaccard index of two columns, and the lift.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    kind
        One of the five above.
    totals
        Which totals to compare with.
    diagonal
        What to write on the diagonal, where the formulas say nothing.

    Returns
    -------
    numpy.ndarray
        Industries x industries, ratio; cosine, jaccard and conditional 0-1.

    Missing data
    ------------
    Refused, as one unknown cell makes whole rows unknown. A pair of which one industry has the
    total 0 gives NaN.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1.
    CannotAnswer
        Unknown ``kind`` or ``totals``.

    Source
    ------
    N. J. van Eck, L. Waltman, How to normalize cooccurrence data? (2009), equations 6 to 9; the
    probability index: M. P. A. Steijn (2017), as in the R package EconGeo.

    Example
    -------
    Three pairs of industries that all meet once, in a region each: 1 x 6 / (2 x 2).

    >>> relatedness([[1, 1, 0], [0, 1, 1], [1, 0, 1]])
    array([[0. , 1.5, 1.5],
           [1.5, 0. , 1.5],
           [1.5, 1.5, 0. ]])
    >>> relatedness([[1, 1], [1, 1], [0, 1]], kind="jaccard", totals="presence")[0, 1].round(4)
    np.float64(0.6667)
    """
    choose("kind of relatedness", kind, _KINDS)
    choose("set of totals", totals, ("cooccurrence", "presence"))
    table = _read(presence)
    counts = np.asarray(_counted(table), dtype=np.float64)
    np.fill_diagonal(counts, 0.0)
    if totals == "presence":
        return _normalised(counts, table.ubiquity, float(table.shape[0]), kind, diagonal)
    return _normalised_by_pairs(counts, kind, diagonal)


@measure("pairs")
def normalised_cooccurrence(
    cooccurrence: npt.ArrayLike, *, kind: str = "association", diagonal: float = 0.0
) -> Floats:
    r"""Return the relatedness of industries from a table of how often they occur together.

    Definition
    ----------
    As ``relatedness`` with ``totals="cooccurrence"``, for counts that were made elsewhere: of
    plants, patents, or persons.

    Parameters
    ----------
    cooccurrence
        C_ij: industries x industries, count; symmetric. Its diagonal is not used.
    kind
        "association", "cosine", "jaccard", "probability" or "conditional".
    diagonal
        What to write on the diagonal, where the formulas say nothing.

    Returns
    -------
    numpy.ndarray
        Industries x industries, ratio.

    Missing data
    ------------
    Refused, as one unknown cell makes every total unknown; NaN on the diagonal is taken. A pair
    of which one industry meets no other gives NaN.

    Raises
    ------
    InvalidInput
        Unknown, negative or infinite figures, a table that is not square or not symmetric.
    CannotAnswer
        Unknown ``kind``.

    Source
    ------
    N. J. van Eck, L. Waltman, How to normalize cooccurrence data? (2009), equations 6 to 9.

    Example
    -------
    Totals 3, 3 and 2, in all 8: 2 x 8 / (3 x 3) for the first pair.

    >>> normalised_cooccurrence([[9, 2, 1], [2, 9, 1], [1, 1, 9]]).round(4)
    array([[0.    , 1.7778, 1.3333],
           [1.7778, 0.    , 1.3333],
           [1.3333, 1.3333, 0.    ]])
    """
    choose("kind of relatedness", kind, _KINDS)
    given = Arguments()
    figures = given.figures("cooccurrence", cooccurrence)
    square = figures.ndim == 2 and figures.shape[0] == figures.shape[1]
    given.need(
        square,
        "cooccurrence",
        f"cooccurrence has shape {figures.shape}",
        "give industries x industries",
    )
    if square:
        counts = figures.copy()
        np.fill_diagonal(counts, 0.0)
        given.known("cooccurrence", counts)
        given.need(
            np.array_equal(counts, counts.T, equal_nan=True),
            "cooccurrence",
            "cooccurrence is not symmetric",
            "add it to its transpose, or halve that, as its meaning asks",
        )
    given.check()
    return _normalised_by_pairs(counts, kind, diagonal)


def _read(presence: Any) -> PresenceMatrix:
    given = Arguments()
    table = read_presence(given, "presence", presence)
    given.check()
    return table


def _counted(table: PresenceMatrix) -> npt.NDArray[Any]:
    """Return in how many regions each pair is present: exact, as a sum of exact blocks."""
    width = table.shape[1]
    filled = table.diversity.sum()
    if filled < SPARSE_BELOW * table.shape[0] * width:
        return np.asarray((table.rows.T @ table.rows).toarray())
    blocks = (block for _, block in table.blocks())
    first = next(blocks, None)
    if first is None:
        return np.zeros((width, width))
    counts: npt.NDArray[Any] = first.T @ first
    if table.shape[0] >= 2**24:
        counts = counts.astype(np.float64)
    for block in blocks:
        counts += block.T @ block
    return counts


def _with_diagonal(
    pairs: Floats, diagonal: float | None, keep: npt.NDArray[np.bool_] | None = None
) -> Floats:
    if diagonal is not None:
        written = np.full(len(pairs), float(diagonal))
        if keep is not None:
            written[keep] = np.nan
        np.fill_diagonal(pairs, written)
    return pairs


def _normalised_by_pairs(counts: Floats, kind: str, diagonal: float) -> Floats:
    totals = counts.sum(axis=1)
    return _normalised(counts, totals, float(totals.sum()), kind, diagonal)


def _normalised(counts: Floats, totals: Floats, whole: float, kind: str, diagonal: float) -> Floats:
    used = np.where(totals > 0, totals, np.nan)
    expected = np.broadcast_to(_KINDS[kind](counts, used, whole), counts.shape)
    usable = np.where(expected > 0, expected, np.nan)
    return _with_diagonal(counts / usable, diagonal)


def _association(_: Floats, totals: Floats, whole: float) -> Floats:
    return totals[:, None] * (totals / whole)


def _cosine(_: Floats, totals: Floats, __: float) -> Floats:
    return np.sqrt(totals[:, None] * totals)


def _jaccard(counts: Floats, totals: Floats, _: float) -> Floats:
    return totals[:, None] + totals - counts


def _probability(_: Floats, totals: Floats, whole: float) -> Floats:
    rest = np.where(totals < whole, whole - totals, np.nan)
    one = (totals / rest)[:, None] * totals
    return (one + one.T) / 2.0


def _conditional(counts: Floats, totals: Floats, _: float) -> Floats:
    return np.repeat(totals[:, None], counts.shape[1], axis=1)


_KINDS: dict[str, Callable[[Floats, Floats, float], Floats]] = {
    "association": _association,
    "cosine": _cosine,
    "jaccard": _jaccard,
    "probability": _probability,
    "conditional": _conditional,
}
