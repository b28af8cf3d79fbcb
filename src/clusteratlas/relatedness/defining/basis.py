"""What a set of clusters is built from: one component, or several as a composite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.similarities import Floats, Similarities, standardise
from clusteratlas.tables import CannotAnswer, few

Scale = Literal["normal scores", "standardised"]
LEAST_INDUSTRIES = 4
"""Industries that a sentence spells out; the rest is counted."""


@dataclass(frozen=True)
class Basis:
    """Components with their weights, read from text such as ``colocation+0.5*coagglomeration``.

    Example
    -------
    >>> basis = Basis.read("input_output + 0.5*coagglomeration")
    >>> basis.weights, str(basis)
    ((('coagglomeration', 0.5), ('input_output', 1.0)), '0.5*coagglomeration+input_output')
    """

    weights: tuple[tuple[str, float], ...]

    @classmethod
    def read(cls, text: str) -> Basis:
        """Read a basis; CannotAnswer where the text is none."""
        weights: dict[str, float] = {}
        for part in text.split("+"):
            factor, star, name = part.strip().rpartition("*")
            try:
                weight = float(factor) if star else 1.0
            except ValueError:
                weight = -1.0
            name = name.strip()
            if not name or not 0 < weight < 1e6 or name in weights:
                raise CannotAnswer(
                    "this is no basis of a cluster definition",
                    value=text,
                    hint="write components joined by plus, perhaps with a positive weight: "
                    "colocation+0.5*coagglomeration+input_output",
                )
            weights[name] = weight
        return cls(tuple(sorted(weights.items())))

    @property
    def components(self) -> tuple[str, ...]:
        """The components, sorted."""
        return tuple(name for name, _ in self.weights)

    def __str__(self) -> str:
        return "+".join(name if w == 1 else f"{w:g}*{name}" for name, w in self.weights)


def normal_scores(matrix: npt.ArrayLike) -> Floats:
    r"""Return the similarities as quantiles of the normal distribution, by their rank.

    Definition
    ----------
    .. math:: \Phi^{-1}\left(\frac{rank_{ij} - 1/2}{m}\right)

    over the m known pairs of different industries; equal similarities share the mean rank.
    Coagglomeration and input-output shares are very skew: a few pairs of tiny industries would
    decide a composite of standardised figures. Ranks are not moved by them.

    Parameters
    ----------
    matrix
        n x n, symmetric, NaN where a pair is not known; the diagonal is not used.

    Returns
    -------
    numpy.ndarray
        n x n, in standard deviations.

    Missing data
    ------------
    NaN on the diagonal and where a pair is not known.

    Raises
    ------
    CannotAnswer
        When all known pairs are the same.

    Source
    ------
    Blom-type normal scores (Hazen plotting positions).

    Example
    -------
    >>> normal_scores([[0, 5, 1], [5, 0, 100], [1, 100, 0]]).round(4)[0]
    array([    nan,  0.    , -0.9674])
    """
    from scipy.special import ndtri  # noqa: PLC0415 - heavy library
    from scipy.stats import rankdata  # noqa: PLC0415

    given = np.array(matrix, dtype=np.float64)
    upper = np.triu_indices(len(given), 1)
    values = given[upper]
    known = ~np.isnan(values)
    scores = np.full(len(values), np.nan)
    scores[known] = ndtri((rankdata(values[known]) - 0.5) / max(np.count_nonzero(known), 1))
    if not np.nanstd(scores) > 1e-9 if known.any() else True:
        raise CannotAnswer("a component is the same for all pairs that it knows, or knows none")
    found = np.full_like(given, np.nan)
    found[upper] = scores
    found.T[upper] = scores
    return found


def scaled(similarities: Similarities, scale: Scale = "normal scores") -> Similarities:
    """Return the similarities on one scale, ``colocation`` (the mean of the two) added.

    Raises
    ------
    CannotAnswer
        Unknown scale; a component that is the same for all pairs.
    """
    if scale not in ("normal scores", "standardised"):
        raise CannotAnswer(
            "there is no such scale", value=str(scale), hint="normal scores or standardised"
        )
    components = dict(similarities.components)
    if any(name.startswith("colocation_") for name in components):
        components["colocation"] = similarities.component("colocation")
    return Similarities(
        similarities.labels,
        {
            name: standardise(matrix, name) if scale == "standardised" else normal_scores(matrix)
            for name, matrix in components.items()
        },
        similarities.inherited,
        similarities.notes,
    )


def composite_of(on_scale: Similarities, basis: Basis) -> Floats:
    """Return the composite that a basis names, every pair known.

    Definition
    ----------
    Weighted mean of the components that know a pair. A pair that none of them knows takes the
    mean of what is known of its two industries.

    Parameters
    ----------
    on_scale
        From `scaled`.
    basis
        Components and weights.

    Returns
    -------
    numpy.ndarray
        n x n, NaN on the diagonal only.

    Missing data
    ------------
    An industry of which no pair is known is refused by name, and so are industries that fall
    apart into groups without one known pair between them: nothing says how they relate.

    Raises
    ------
    CannotAnswer
        As above; also a component that is not at hand or knows fewer than half of the industries;
        fewer than four industries.
    """
    labels = on_scale.labels
    if len(labels) < LEAST_INDUSTRIES:
        raise CannotAnswer(
            f"{len(labels)} industries are too few to look for clusters", value=str(len(labels))
        )
    matrix = on_scale.composite(basis.components, weights=dict(basis.weights))
    known = ~np.isnan(matrix)
    alone = [label for label, row in zip(labels, known, strict=True) if not row.any()]
    if alone:
        raise CannotAnswer(
            f"no similarity is known of {len(alone)} industries by {basis}",
            value=few(alone),
            hint="leave them out, or add a component that knows them",
        )
    refuse_parts(known, labels, "known pairs", most=1)
    of_one = np.nanmean(matrix, axis=1)
    filled = np.where(known, matrix, (of_one[:, None] + of_one[None, :]) / 2)
    np.fill_diagonal(filled, np.nan)
    return np.asarray(filled)


def without_unknown(similarities: Similarities) -> tuple[Similarities, tuple[str, ...]]:
    """Return the similarities without the industries of which nothing is known, and these."""
    known = np.zeros(len(similarities.labels), dtype=bool)
    for matrix in similarities.components.values():
        apart = np.array(matrix)
        np.fill_diagonal(apart, np.nan)
        known |= ~np.isnan(apart).all(axis=1)
    kept = [label for label, at in zip(similarities.labels, known, strict=True) if at]
    left = tuple(label for label, at in zip(similarities.labels, known, strict=True) if not at)
    return similarities.take(kept), left


def with_classification(similarities: Similarities) -> Similarities:
    """Return the similarities with ``classification``: how long a code two industries share.

    Definition
    ----------
    Number of leading digits that both codes have in common, from the second on (NAICS: 2 the
    sector, 3 the subsector, ...), 0 where they differ before. Delgado, Porter and Stern used the
    definitions of industries when they corrected clusters; here this is a component of its own,
    named, in no basis unless asked for.

    Example
    -------
    >>> some = Similarities(("311111", "311119", "334413"), {})
    >>> with_classification(some).components["classification"][0]
    array([nan,  5.,  0.])
    """
    labels = similarities.labels
    shared = np.zeros((len(labels), len(labels)))
    for digits in range(2, max(map(len, labels), default=0) + 1):
        heads = np.unique([label[:digits] for label in labels], return_inverse=True)[1]
        shared[heads[:, None] == heads[None, :]] = digits
    np.fill_diagonal(shared, np.nan)
    components = dict(similarities.components) | {"classification": shared}
    return Similarities(labels, components, similarities.inherited, similarities.notes)


def refuse_parts(linked: npt.NDArray[np.bool_], labels: Sequence[str], of: str, most: int) -> None:
    """Refuse industries that fall apart into more parts than ``most``; name the small ones."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - heavy library
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    count, part = connected_components(csr_matrix(linked), directed=False)
    if count <= most:
        return
    sizes = np.bincount(part)
    small = np.argsort(-sizes, kind="stable")[1:4]
    told = "; ".join(
        few([label for label, at in zip(labels, part, strict=True) if at == each]) for each in small
    )
    allowed = (
        "nothing says how they relate" if most == 1 else f"more than the {most} clusters asked"
    )
    raise CannotAnswer(
        f"the graph of {of} falls apart into {count} parts: {allowed}",
        value=told,
        hint="leave the small parts out, add a component that links them, or ask for more clusters",
    )
