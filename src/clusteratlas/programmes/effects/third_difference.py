"""What the treated industries of treated regions would have done: the third difference.

Within regions that support an industry, other industries tell what the region did; in other regions
the same industry tells what the industry did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.programmes.effects.panel import Flags, Floats, Ints


@dataclass(frozen=True)
class Foretold:
    """Outcomes of treated units less what their region and industry foretell.

    Attributes
    ----------
    treated, controls
        Places of the units; of treated only those whose region and industry have controls.
    left_over
        Treated outcomes less what is foretold, m x T.
    weights
        What each control counts for in the comparison; they sum to 1, some lie below zero.
    errors
        Controls' outcomes less what their region and industry foretell.
    without
        Treated units whose region or industry has no untreated unit.
    """

    treated: Ints
    controls: Ints
    left_over: Floats
    weights: Floats
    errors: Floats
    without: Ints


def foretell(
    outcomes: Floats, treated: Ints, controls: Ints, region: Ints, industry: Ints
) -> Foretold:
    """Return treated outcomes less those that region and industry foretell.

    Definition
    ----------
    In each period y_i = a_region + b_industry + e_i is fitted to controls by least
    squares; what is left of treated units is y_i - a - b. Its mean is a weighted difference between
    treated and controls with weights that add up to the treated's regions and industries.

    Parameters
    ----------
    outcomes
        n x T.
    treated, controls
        Places of units.
    region, industry
        Codes; length n.

    Source
    ------
    Gruber (1994), The incidence of mandated maternity benefits; fitted on the untreated alone as
    in Borusyak, Jaravel and Spiess (2024).

    Example
    -------
    Two regions, two industries, one treated: 9 - (5 + 6 - 4) = 2.

    >>> import numpy as np
    >>> values = np.array([[9.0], [5.0], [6.0], [4.0]])
    >>> region, industry = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> made = foretell(values, np.array([0]), np.array([1, 2, 3]), region, industry)
    >>> round(float(made.left_over[0, 0]), 9), made.weights.round(9).tolist()
    (2.0, [1.0, 1.0, -1.0])
    """
    _, code = np.unique(region, return_inverse=True)
    _, kind = np.unique(industry, return_inverse=True)
    counts = np.zeros((code.max() + 1, kind.max() + 1))
    np.add.at(counts, (code[controls], kind[controls]), 1.0)
    linked = _linked(counts)
    fine = linked[0][code[treated]] & linked[1][kind[treated]]
    fine &= linked[2][code[treated]] == linked[3][kind[treated]]
    kept, without = treated[fine], treated[~fine]
    sums = _sums(outcomes[controls], code[controls], kind[controls], counts.shape)
    places, lines = _solve(counts, *sums)
    errors = outcomes[controls] - places[code[controls]] - lines[kind[controls]]
    left_over = outcomes[kept] - places[code[kept]] - lines[kind[kept]]
    share = _sums(
        np.full((len(kept), 1), 1.0 / max(len(kept), 1)), code[kept], kind[kept], counts.shape
    )
    by_place, by_line = _solve(counts, *share)
    weights = (by_place[code[controls]] + by_line[kind[controls]])[:, 0]
    return Foretold(kept, controls, left_over, weights, errors, without)


def _sums(values: Floats, code: Ints, kind: Ints, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    places = np.zeros((shape[0], values.shape[1]))
    lines = np.zeros((shape[1], values.shape[1]))
    np.add.at(places, code, values)
    np.add.at(lines, kind, values)
    return places, lines


def _solve(counts: Floats, places: Floats, lines: Floats) -> tuple[Floats, Floats]:
    """Solve the normal equations of two sets of effects; regions are eliminated first."""
    by_place, by_line = counts.sum(axis=1), counts.sum(axis=0)
    inverse = np.where(by_place > 0, 1.0 / np.maximum(by_place, 1.0), 0.0)
    schur = np.diag(by_line) - counts.T @ (inverse[:, None] * counts)
    right = lines - counts.T @ (inverse[:, None] * places)
    line_effects = np.linalg.pinv(schur, hermitian=True, rcond=1e-10) @ right
    return inverse[:, None] * (places - counts @ line_effects), line_effects


def _linked(counts: Floats) -> tuple[Flags, Flags, Ints, Ints]:
    """Regions and industries that have controls, and which hang together through them."""
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    rows, columns = np.nonzero(counts)
    size = counts.shape[0] + counts.shape[1]
    graph = coo_array((np.ones(len(rows)), (rows, columns + counts.shape[0])), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    return (
        counts.sum(axis=1) > 0,
        counts.sum(axis=0) > 0,
        part[: counts.shape[0]],
        part[counts.shape[0] :],
    )
