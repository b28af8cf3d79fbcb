"""One stable set of clusters out of many: industries that most groupings put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.defining.basis import Basis, Scale, composite_of, scaled
from clusteratlas.relatedness.defining.clustering import cut, groupings, in_order
from clusteratlas.relatedness.defining.validation import Tests
from clusteratlas.relatedness.similarities import Floats, Similarities
from clusteratlas.tables import CannotAnswer

Groups = npt.NDArray[np.intp]
Progress = Callable[[str, float], None]

PANEL_BASES: Final = (
    "colocation+input_output+occupations",
    "0.5*coagglomeration+colocation+input_output+occupations",
)
"""What the panel is built from where all of it is at hand. Coagglomeration has half a weight: it
is the noisiest component (docs/explanation/cluster-definitions.md)."""
PANEL_DIMENSIONS: Final = (40, 60, 80)
PANEL_COUNTS: Final = (30, 36, 42, 48, 54, 60)
PANEL_SPREAD: Final = (0.7, 0.85, 1.0, 1.2, 1.4)
"""Of the numbers asked for, where these are below the usual ones."""
COUNTS: Final = tuple(range(30, 61))


@dataclass(frozen=True)
class Consensus:
    """A consensus set of clusters."""

    labels: tuple[str, ...]
    groups: Groups
    """The cluster of each industry, 0 the largest."""
    together: Floats
    """Share of the panel that puts two industries into one cluster, 0-1."""
    panel: int
    """Groupings in the panel."""

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return int(self.groups.max()) + 1

    @property
    def certainty(self) -> Floats:
        """Mean share of the panel that puts an industry with the others of its cluster; NaN for
        the only one of its cluster."""
        same = self.groups[:, None] == self.groups[None, :]
        np.fill_diagonal(same, False)
        count = same.sum(axis=1)
        total = np.where(same, self.together, 0.0).sum(axis=1)
        return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))


def together(panel: Sequence[npt.ArrayLike]) -> Floats:
    """Return the share of groupings that put two industries into one cluster.

    >>> together([[0, 0, 1], [0, 1, 1]])
    array([[1. , 0.5, 0. ],
           [0.5, 1. , 0.5],
           [0. , 0.5, 1. ]])
    """
    if not panel:
        raise CannotAnswer("a consensus needs at least one grouping")
    each = [np.asarray(groups) for groups in panel]
    total = np.zeros((len(each[0]),) * 2)
    for groups in each:
        total += groups[:, None] == groups[None, :]
    return total / len(each)


def agree(shares: Floats, counts: Sequence[int]) -> dict[int, Groups]:
    """Return the groups that a matrix of shares agrees on, by average linkage.

    >>> agree(together([[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 1, 1]]), [2])[2]
    array([0, 0, 1, 1])
    """
    from scipy.cluster.hierarchy import linkage  # noqa: PLC0415 - heavy library
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    if min(counts) < 2 or max(counts) >= len(shares):
        raise CannotAnswer(
            f"{len(shares)} industries cannot be put into that many clusters",
            value=f"{min(counts)} to {max(counts)}",
            hint=f"ask for 2 to {len(shares) - 1}",
        )
    apart = 1.0 - (shares + shares.T) / 2
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(apart, checks=False), "average")
    return {k: in_order(groups) for k, groups in cut(tree, sorted(set(counts))).items()}


def panel_bases(similarities: Similarities) -> tuple[str, ...]:
    """Return ``PANEL_BASES`` as far as their components are at hand; all there are where none is.

    >>> panel_bases(Similarities((), {"input_output": np.empty((0, 0)), "x": np.empty((0, 0))}))
    ('input_output',)
    """
    known = set(similarities.components)
    if any(name.startswith("colocation_") for name in known):
        known.add("colocation")
    bases = []
    for text in PANEL_BASES:
        weights = tuple(each for each in Basis.read(text).weights if each[0] in known)
        if weights:
            bases.append(str(Basis(weights)))
    return tuple(dict.fromkeys(bases)) or ("+".join(sorted(known)),)


def consensus(
    similarities: Similarities,
    count: int | Sequence[int] = COUNTS,
    *,
    bases: Sequence[str] | None = None,
    samples: Sequence[Similarities] = (),
    classification: float = 0.0,
    scale: Scale = "normal scores",
    progress: Progress | None = None,
) -> Consensus:
    r"""Return the set of clusters that a panel of groupings agrees on.

    Definition
    ----------
    The panel: each basis x Ward's linkage on 40, 60 and 80 leading eigenvectors x 30, 36, ... 60
    clusters, on the similarities and on every further sample of them. Where numbers below 30 are
    asked for, 0.7 to 1.4 of these; where industries are few, a quarter to a half of the
    eigenvectors. :math:`P_{ij}` is the share of the panel that puts i and j together; average
    linkage on :math:`1 - P` gives the set. With several numbers of clusters to choose from, the
    one with the highest VS, of equal ones the one that the panel is surest of.

    Parameters
    ----------
    similarities
        Components over all industries.
    count
        Number of clusters, or those to choose from.
    bases
        By default `panel_bases`.
    samples
        Similarities of the same industries from other samples of regions or years.
    classification
        Weight of the component ``classification`` (`with_classification`) added to each basis;
        0 (default): none.
    scale
        As in `search`.
    progress
        Called with the stage and the share done.

    Returns
    -------
    Consensus
        The set, and how far the panel agrees.

    Missing data
    ------------
    As in `composite_of`.

    Raises
    ------
    CannotAnswer
        As `composite_of` and `groupings`; samples of other industries.

    Source
    ------
    A. Strehl, J. Ghosh, Cluster ensembles (2002); A. L. N. Fred, A. K. Jain, Combining multiple
    clusterings using evidence accumulation (2005).

    Example
    -------
    >>> near = np.kron(np.eye(3), np.ones((3, 3))) + np.arange(9)[:, None] * np.arange(9) / 1e3
    >>> some = Similarities(tuple("abcdefghi"), {"input_output": near})
    >>> consensus(some, 3).groups
    array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    """
    asked = [count] if isinstance(count, int) else list(count)
    width = len(similarities.labels)
    asked = [k for k in asked if k < width] or asked
    texts = tuple(bases) if bases is not None else panel_bases(similarities)
    everywhere = [similarities, *samples]
    panel: list[Groups] = []
    for at, each in enumerate(everywhere):
        if progress is not None:
            progress("panel of groupings", at / len(everywhere))
        if each.labels != similarities.labels:
            raise CannotAnswer("a sample holds other industries", hint="take() the same ones")
        panel += _panel(each, texts, asked, classification, scale)
    shares = together(panel)
    sets = agree(shares, asked)
    if len(sets) > 1:
        tests = Tests(similarities)
        found = [Consensus(similarities.labels, sets[k], shares, len(panel)) for k in sorted(sets)]
        return max(
            found,
            key=lambda each: (tests.score(each.groups).score, float(np.nanmean(each.certainty))),
        )
    return Consensus(similarities.labels, next(iter(sets.values())), shares, len(panel))


def _panel(
    similarities: Similarities,
    texts: Sequence[str],
    asked: Sequence[int],
    classification: float,
    scale: Scale,
) -> list[Groups]:
    from clusteratlas.relatedness.defining.basis import with_classification  # noqa: PLC0415

    given = with_classification(similarities) if classification > 0 else similarities
    on_scale = scaled(given, scale)
    counts, dimensions = _panel_shape(len(given.labels), asked)
    found: list[Groups] = []
    for text in texts:
        weights = dict(Basis.read(text).weights)
        if classification > 0:
            weights["classification"] = classification
        matrix = composite_of(on_scale, Basis(tuple(sorted(weights.items()))))
        for each in dimensions:
            sets = groupings(matrix, counts, "ward-eigenvectors", dimensions=each)
            found += [sets[k] for k in sorted(sets)]
    return found


def _panel_shape(width: int, asked: Sequence[int]) -> tuple[list[int], list[int]]:
    """Numbers of clusters and of eigenvectors in the panel: fewer where industries are few."""
    counts = set(PANEL_COUNTS) | {min(asked), max(asked)}
    if max(asked) < PANEL_COUNTS[0]:
        ends = (min(asked), max(asked))
        counts = {round(end * factor) for end in ends for factor in PANEL_SPREAD}
    dimensions = PANEL_DIMENSIONS
    if width < 2 * PANEL_DIMENSIONS[-1]:
        dimensions = (width // 4, 3 * width // 8, width // 2)
    return (
        sorted({min(max(count, 2), width - 1) for count in counts}),
        sorted({max(each, 2) for each in dimensions}),
    )
