"""Industries related by the people who change between them."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose, divide
from clusteratlas.measures.labelled import measure

Symmetric = Literal["average first", "normalise first", "directed"]


class SkillRelatedness(NamedTuple):
    """Flows against what chance would give, and the same from -1 to 1."""

    ratio: Floats
    normalised: Floats


@measure({"ratio": "pairs", "normalised": "pairs"})
def skill_relatedness(
    flows: npt.ArrayLike, *, symmetric: Symmetric = "average first", diagonal: float = np.nan
) -> SkillRelatedness:
    r"""Return how many more people change between two industries than their sizes suggest.

    Definition
    ----------
    .. math:: R_{ij} = \frac{F_{ij} F_{..}}{F_{i.} F_{.j}}, \qquad
       SR_{ij} = \frac{R_{ij} - 1}{R_{ij} + 1}

    0 is a flow as by chance, 1 the limit of one that chance cannot explain. The two directions
    are made one in either order, and the orders differ:

    - "average first": R is averaged over both directions, then normalised;
    - "normalise first": SR of both directions is averaged;
    - "directed": left as they are, row from, column to.

    Parameters
    ----------
    flows
        F_ij: industries x industries, persons who left i for j. The diagonal counts in the totals:
        set it to 0 where changes within an industry shall not count.
    symmetric
        How the two directions become one.
    diagonal
        What to write on the diagonal, where staying is no sign of relatedness.

    Returns
    -------
    SkillRelatedness
        ``ratio`` R as observed, directed, 0 or more; ``normalised`` SR, -1 to 1.

    Missing data
    ------------
    Refused, as one unknown flow makes every total unknown. An industry that nobody leaves, or
    nobody enters, gives NaN in that direction and in what is averaged from it. A flow of 0 gives
    -1 however small the flow to be expected: small industries are told apart badly.

    Raises
    ------
    InvalidInput
        Unknown, negative or infinite flows; a table that is not square.
    CannotAnswer
        Unknown ``symmetric``.

    Source
    ------
    F. Neffke, M. Henning, Skill relatedness and firm diversification (2013); F. M. H. Neffke,
    A. Otto, A. Weyh, Inter-industry labor flows (2017).

    Example
    -------
    30 in all; 10 of the 20 who leave the first enter the second, where 15 of 30 arrive: as by
    chance.

    >>> found = skill_relatedness([[0, 10, 10], [0, 0, 0], [5, 5, 0]], symmetric="directed")
    >>> found.ratio[0].round(4), found.normalised[0].round(4)
    (array([0. , 1. , 1.5]), array([nan, 0. , 0.2]))
    """
    choose("way to make it symmetric", symmetric, ("average first", "normalise first", "directed"))
    given = Arguments()
    figures = given.table("flows", flows)
    given.need(
        figures.shape[0] == figures.shape[1],
        "flows",
        f"flows has shape {figures.shape}",
        "give industries x industries, from in rows and to in columns",
    )
    given.check()
    left, entered = figures.sum(axis=1), figures.sum(axis=0)
    # One factor at a time: the product of two totals may be larger than a float.
    ratio = divide(divide(figures, left[:, None]) * figures.sum(), entered)
    if symmetric == "average first":
        normalised = _normalised((ratio + ratio.T) / 2)
    else:
        normalised = _normalised(ratio)
        if symmetric == "normalise first":
            normalised = (normalised + normalised.T) / 2
    np.fill_diagonal(normalised, diagonal)
    return SkillRelatedness(ratio, normalised)


def _normalised(ratio: Floats) -> Floats:
    return np.asarray((ratio - 1.0) / (ratio + 1.0))
