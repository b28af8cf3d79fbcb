"""How much of what is near to an industry a region has: the weights, and their share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.options.figures import Flags, Floats
from clusteratlas.relatedness.similarities import Similarities

COLOCATION, SUPPLY, SKILLS, KNOWLEDGE = "colocation", "supply", "skills", "knowledge"
GIVEN = {
    SUPPLY: ("input_output",),
    SKILLS: ("occupations", "skill_flows"),
    KNOWLEDGE: ("knowledge",),
}
"""Which components of `Similarities` each mechanism rests on; co-location is never taken from
there, as it is worked from the start year's own table."""

LEAST_KNOWN = 0.5
"""A component that knows fewer of the industries is left out, and named."""


def proximity(present: npt.ArrayLike) -> Floats:
    r"""Return how often two industries are present together, seen from the more frequent one.

    Definition
    ----------
    .. math:: \phi_{ij} = \frac{\sum_r M_{ri} M_{rj}}{\max(\sum_r M_{ri}, \sum_r M_{rj})}

    0 where one of them is present nowhere, and on the diagonal.

    Example
    -------
    >>> proximity([[1, 1], [1, 0]])
    array([[0. , 0.5],
           [0.5, 0. ]])
    """
    table = np.asarray(present, dtype=np.float64)
    together = table.T @ table
    ubiquity = np.diag(together)
    larger = np.maximum(np.maximum.outer(ubiquity, ubiquity), 1.0)
    found: Floats = together / larger
    np.fill_diagonal(found, 0.0)
    return found


def density(present: Flags, known: Flags, weights: Floats) -> Floats:
    """Return the weight that lies with what each region has, of all that is known of it.

    NaN where no weight is known. The diagonal of ``weights`` must be 0.

    >>> half = np.array([[0, 1.0, 3.0], [1.0, 0, 0], [3.0, 0, 0]])
    >>> have, seen = np.array([[False, True, False]]), np.array([[True, True, True]])
    >>> density(have, seen, half)
    array([[0.25, 0.  , 0.  ]])
    >>> density(have, np.array([[True, True, False]]), half)
    array([[1., 0., 0.]])
    """
    held = (present & known).astype(np.float64) @ weights
    if known.all():
        of = np.broadcast_to(weights.sum(axis=0), held.shape)
    else:
        of = known.astype(np.float64) @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(of > 0, np.clip(held / of, 0.0, 1.0), np.nan)


def given_weights(
    similarities: Similarities | None, industries: Sequence[str], notes: list[str]
) -> dict[str, Floats]:
    """Return the weights of each mechanism that the similarities know enough of."""
    if similarities is None:
        notes.append("No supply and no skills: no similarities were given.")
        return {}
    place = {code: at for at, code in enumerate(similarities.labels)}
    at = np.array([place.get(code, -1) for code in industries], dtype=np.intp)
    inside = at >= 0
    found: dict[str, Floats] = {}
    for mechanism, names in GIVEN.items():
        parts: list[Floats] = []
        for name in names:
            if name not in similarities.components:
                continue
            matrix = np.full((len(at), len(at)), np.nan)
            matrix[np.ix_(inside, inside)] = similarities.components[name][
                np.ix_(at[inside], at[inside])
            ]
            np.fill_diagonal(matrix, np.nan)
            lacking = [
                code for code, row in zip(industries, matrix, strict=True) if np.isnan(row).all()
            ]
            if len(lacking) > (1 - LEAST_KNOWN) * len(industries):
                notes.append(
                    f"{name} is left out: it knows {len(industries) - len(lacking)} of "
                    f"{len(industries)} industries (not {', '.join(lacking[:3])} ...)."
                )
                continue
            if lacking:
                notes.append(
                    f"{name} does not know {len(lacking)} of {len(industries)} industries: "
                    f"{', '.join(lacking[:5])}{' ...' if len(lacking) > 5 else ''}."
                )
            parts.append(matrix)
        if len(parts) == 1:
            found[mechanism] = np.maximum(np.nan_to_num(parts[0]), 0.0)
        elif parts:
            found[mechanism] = _mean_of_standardised(parts)
        elif mechanism != KNOWLEDGE:
            notes.append(f"No {mechanism}: none of {', '.join(names)} is at hand.")
    return found


def composite_of(weights: Mapping[str, Floats]) -> Floats:
    """Return the positive part of the mean of standardised weights; a single one as it is."""
    if len(weights) == 1:
        return next(iter(weights.values()))
    parts: list[Floats] = []
    for matrix in weights.values():
        known = matrix.copy()
        known[matrix.sum(axis=1) <= 0] = np.nan
        known[:, matrix.sum(axis=0) <= 0] = np.nan
        np.fill_diagonal(known, np.nan)
        parts.append(known)
    return _mean_of_standardised(parts)


def _mean_of_standardised(parts: Sequence[Floats]) -> Floats:
    """Return the positive part of the mean over the parts that know a pair; 0 where none does."""
    total, held = np.zeros_like(parts[0]), np.zeros_like(parts[0])
    for matrix in parts:
        known = ~np.isnan(matrix)
        spread = matrix[known].std() if known.any() else 0.0
        if not spread > 0:
            continue
        total[known] += (matrix[known] - matrix[known].mean()) / spread
        held[known] += 1
    found: Floats = np.maximum(total / np.maximum(held, 1), 0.0)
    np.fill_diagonal(found, 0.0)
    return found
