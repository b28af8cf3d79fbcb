"""How much of what is related to an industry a region already has."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.networks.presence_matrix import (
    SMALL_BLOCK,
    PresenceMatrix,
    read_presence,
)

Diagonal = Literal["excluded", "included"]
Precision = Literal["double", "single"]

SINGLE_ABOVE = 10**8
"""Products (regions x industries x industries) above which single precision is the default."""


@measure("cells", sparse=True)
def relatedness_density(
    presence: npt.ArrayLike,
    proximity: npt.ArrayLike,
    *,
    diagonal: Diagonal = "excluded",
    precision: Precision | None = None,
) -> Floats:
    r"""Return the share of each industry's relatedness that lies with industries the region has.

    Definition
    ----------
    .. math:: d_{ri} = \frac{\sum_{j \ne i} M_{rj} \phi_{ij}}{\sum_{j \ne i} \phi_{ij}}

    With the diagonal included the sums run over j = i too: then a region is the closer to an
    industry for having it, and a forecast of presence by density has its answer in the question.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    proximity
        phi_ij: industries x industries, 0 or more; ``proximity(presence)`` or any other
        relatedness.
    diagonal
        "excluded" (default) or "included": whether an industry's proximity to itself counts.
    precision
        Of the matrix product: "double", or "single", twice as fast and off by at most 1e-6.
        Default: single above 100 million products, where it is felt.

    Returns
    -------
    numpy.ndarray
        Regions x industries, 0-1.

    Missing data
    ------------
    Unknown presence is refused, as one cell would spoil the region's row. An industry without
    related industries gives NaN; so does one that is present nowhere, whose row of ``proximity``
    is NaN as a whole: it takes no part in the others' sums. Any other NaN is refused.

    Raises
    ------
    InvalidInput
        Cells of ``presence`` that are not known or neither 0 nor 1; negative, infinite or single
        unknown figures of ``proximity``; shapes that do not fit.
    CannotAnswer
        Unknown ``diagonal`` or ``precision``.

    Source
    ------
    C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann, The product space conditions the
    development of nations (2007), equation 2; without the diagonal: R. Boschma, P.-A. Balland,
    D. F. Kogler, Relatedness and technological change in cities (2015).

    Example
    -------
    The region has the first industry. The second one's proximities to others are 0.5 and 0.5, of
    which the region has the first; the industry itself does not count.

    >>> phi = [[1, 0.5, 0.0], [0.5, 1, 0.5], [0.0, 0.5, 1]]
    >>> relatedness_density([[1, 0, 0]], phi)
    array([[0. , 0.5, 0. ]])
    >>> relatedness_density([[1, 0, 0]], phi, diagonal="included").round(4)
    array([[0.6667, 0.25  , 0.    ]])
    """
    choose("way to treat the diagonal", diagonal, ("excluded", "included"))
    given = Arguments()
    table = read_presence(given, "presence", presence)
    pairs = read_proximity(given, proximity, table, diagonal)
    given.check()
    if precision is None:
        large = table.shape[0] * table.shape[1] ** 2 > SINGLE_ABOVE
        precision = "single" if large else "double"
    choose("precision", precision, ("single", "double"))
    return density_of(table, pairs, precision)


def read_proximity(
    given: Arguments, proximity: npt.ArrayLike, table: PresenceMatrix, diagonal: Diagonal
) -> Floats:
    """Return the proximities without those of empty industries, or collect what is wrong."""
    figures = given.figures("proximity", proximity)
    width = table.shape[1]
    if figures.shape != (width, width):
        given.need(
            figures.size == 0,
            "proximity",
            f"proximity has shape {figures.shape} and presence has {width} industries",
            f"give industries x industries: shape ({width}, {width})",
        )
        return np.zeros((width, width))
    pairs = figures.copy()
    gaps = bool(np.isnan(pairs.sum()))
    if gaps:
        unknown = np.isnan(pairs)
        nowhere = unknown.all(axis=1)
        rest = width - np.count_nonzero(nowhere)
        # With a diagonal written over, a row of no relatedness holds that one figure.
        apart = unknown.copy()
        np.fill_diagonal(apart, True)
        nowhere |= apart.all(axis=1) & (rest > 1)
        pairs[nowhere] = 0.0
        pairs[:, nowhere] = 0.0
    if diagonal == "excluded":
        np.fill_diagonal(pairs, 0.0)
    if gaps:
        given.known("proximity", pairs)
    return pairs


def density_of(table: PresenceMatrix, pairs: Floats, precision: Precision) -> Floats:
    """Return the densities, worked in blocks of rows."""
    totals = pairs.sum(axis=1)
    usable = np.where(totals > 0, totals, np.nan)
    kind: npt.DTypeLike = np.float32 if precision == "single" else np.float64
    weights: npt.NDArray[Any] = (pairs / usable[:, None]).T.astype(kind)
    found = np.empty(table.shape)
    room: npt.NDArray[Any] = np.empty((0, table.shape[1]), dtype=kind)
    for rows, block in table.blocks(SMALL_BLOCK):
        if len(room) < len(block):
            room = np.empty(block.shape, dtype=kind)
        product = np.matmul(block.astype(kind, copy=False), weights, out=room[: len(block)])
        found[rows] = np.clip(product, 0.0, 1.0, out=product)
    return found
