"""What a region could become: complexity within reach, and what one more industry would open up."""

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
from clusteratlas.measures.networks.relatedness_density import (
    SINGLE_ABOVE,
    Diagonal,
    read_proximity,
)

ShareOf = Literal["approached", "entered"]


@measure("regions", sparse=True)
def complexity_outlook(
    presence: npt.ArrayLike,
    proximity: npt.ArrayLike,
    industry_complexity: npt.ArrayLike,
    *,
    diagonal: Diagonal = "excluded",
) -> Floats:
    r"""Return the complexity of the industries a region lacks, each by how near it is.

    Definition
    ----------
    .. math:: COI_r = \sum_i (1 - M_{ri}) d_{ri} PCI_i

    d_ri is the relatedness density. The figure depends on where the PCI has its zero, so compare
    regions only under one PCI.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    proximity
        phi_ij: industries x industries, 0 or more.
    industry_complexity
        PCI_i, one for each industry; of ``complexity(presence).pci``.
    diagonal
        "excluded" (default) or "included": whether an industry's proximity to itself is part of
        the sum that the density is a share of.

    Returns
    -------
    numpy.ndarray
        One figure for each region, in units of the PCI.

    Missing data
    ------------
    Unknown presence and single unknown proximities are refused. An industry without PCI (NaN, one
    that takes no part) or without related industries adds nothing.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1; infinite figures; shapes that do not fit.
    CannotAnswer
        Unknown ``diagonal``.

    Source
    ------
    R. Hausmann, C. A. Hidalgo et al., The Atlas of Economic Complexity (2014), technical box 5.4
    (there: opportunity value).

    Example
    -------
    The region lacks two industries: the second lies with a density of 0.5, the third of 0.

    >>> phi = [[1, 0.5, 0.0], [0.5, 1, 0.5], [0.0, 0.5, 1]]
    >>> complexity_outlook([[1, 0, 0]], phi, [-1.0, 0.4, 2.0])
    array([0.2])
    """
    table, weights, pci = _read(presence, proximity, industry_complexity, diagonal)
    found = np.empty(table.shape[0])
    for rows, block in table.blocks(SMALL_BLOCK):
        part = block.astype(weights.dtype, copy=False)
        density = part @ weights
        found[rows] = (density * (1 - part)) @ pci
    return found


@measure("cells", sparse=True)
def opportunity_gain(
    presence: npt.ArrayLike,
    proximity: npt.ArrayLike,
    industry_complexity: npt.ArrayLike,
    *,
    diagonal: Diagonal = "excluded",
    less_own: bool = True,
    share_of: ShareOf = "approached",
) -> Floats:
    r"""Return by how much each industry a region lacks would raise its complexity outlook.

    Definition
    ----------
    .. math:: COG_{ri} = \sum_{j} \frac{\phi_{ij}}{\sum_{k} \phi_{jk}} (1 - M_{rj}) PCI_j
       - d_{ri} PCI_i

    The first term is what the others come nearer, the second what leaves the outlook as it is no
    longer to be won. With the diagonal excluded this is the exact difference that ``presence`` of
    i makes to ``complexity_outlook``.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    proximity
        phi_ij: industries x industries, 0 or more, symmetric.
    industry_complexity
        PCI_i, one for each industry.
    diagonal
        "excluded" (default) or "included".
    less_own
        Whether the second term is taken off, as in the source; several packages leave it out.
    share_of
        Whose relatedness phi_ij is taken as a share of: "approached" (default), that of j, as in
        the density of j; "entered", that of i, as some packages do: then the first term is the
        mean PCI of what is missing around i.

    Returns
    -------
    numpy.ndarray
        Regions x industries, in units of the PCI; NaN where the region has the industry already.

    Missing data
    ------------
    Unknown presence and single unknown proximities are refused. An industry without PCI (NaN) adds
    nothing to others' gains, and its own gain is what it opens up.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1; infinite figures; shapes that do not fit.
    CannotAnswer
        Unknown ``diagonal`` or ``share_of``.

    Source
    ------
    R. Hausmann, C. A. Hidalgo et al., The Atlas of Economic Complexity (2014), technical box 5.4.

    Example
    -------
    With the second industry the third (PCI 2) comes near: its density rises from 0 to 1. What is
    lost is the second one's own 0.5 x 0.4.

    >>> phi = [[1, 0.5, 0.0], [0.5, 1, 0.5], [0.0, 0.5, 1]]
    >>> opportunity_gain([[1, 0, 0]], phi, [-1.0, 0.4, 2.0])
    array([[nan, 1.8, 0.2]])
    """
    choose("total to take a share of", share_of, ("approached", "entered"))
    table, weights, pci = _read(presence, proximity, industry_complexity, diagonal)
    opened = (weights * pci).T if share_of == "approached" else weights * pci[:, None]
    found = np.empty(table.shape)
    for rows, block in table.blocks(SMALL_BLOCK):
        part = block.astype(weights.dtype, copy=False)
        gain = (1 - part) @ opened
        if less_own:
            gain -= (part @ weights) * pci
        gain[part == 1] = np.nan
        found[rows] = gain
    return found


def _read(
    presence: npt.ArrayLike,
    proximity: npt.ArrayLike,
    industry_complexity: npt.ArrayLike,
    diagonal: Diagonal,
) -> tuple[PresenceMatrix, npt.NDArray[Any], npt.NDArray[Any]]:
    """Return presence, phi_ij / sum_k phi_jk in row i and column j, and the PCI without gaps."""
    choose("way to treat the diagonal", diagonal, ("excluded", "included"))
    given = Arguments()
    table = read_presence(given, "presence", presence)
    pairs = read_proximity(given, proximity, table, diagonal)
    pci = given.figures("industry_complexity", industry_complexity, signed=True)
    if pci.ndim == 2 and pci.shape[1] == 1:  # a frame of industries with their PCI
        pci = pci[:, 0]
    given.need(
        pci.shape == (table.shape[1],),
        "industry_complexity",
        f"industry_complexity has shape {pci.shape}",
        f"give one figure for each industry: shape ({table.shape[1]},)",
    )
    given.check()
    large = table.shape[0] * table.shape[1] ** 2 > SINGLE_ABOVE
    kind: npt.DTypeLike = np.float32 if large else np.float64
    totals = pairs.sum(axis=1)
    shares = pairs / np.where(totals > 0, totals, np.inf)[:, None]
    return table, shares.T.astype(kind), np.nan_to_num(pci).astype(kind)
