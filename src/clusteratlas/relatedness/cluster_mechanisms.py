"""The explanation panel of every cluster, and the clusters that have too few pairs for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusteratlas.relatedness.mechanisms import (
    FEWEST_PAIRS,
    PERMUTATIONS,
    MechanismPanel,
    explain_mechanisms,
)
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer


@dataclass(frozen=True, slots=True)
class Refused:
    """A cluster without a panel, and why."""

    cluster: str
    reason: str


def explain_clusters(
    similarities: Similarities,
    clusters: Mapping[str, str],
    *,
    outcome: str = "coagglomeration",
    mechanisms: Sequence[str] | None = None,
    classes: Mapping[str, str] | None = None,
    fewest_pairs: int = FEWEST_PAIRS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> tuple[tuple[MechanismPanel, ...], tuple[Refused, ...]]:
    """Return the panel of every cluster that has enough pairs, and the clusters that have not.

    Definition
    ----------
    `explain_mechanisms` over the pairs of industries within each cluster.

    Parameters
    ----------
    similarities
        Components, industries x industries.
    clusters
        Industry to cluster; industries that the similarities do not have are passed over.
    outcome, mechanisms, classes, fewest_pairs, permutations, seed
        As for `explain_mechanisms`.

    Returns
    -------
    tuple
        Panels and refusals, each in the order of the clusters' codes (numbers as numbers).

    Missing data
    ------------
    As for `explain_mechanisms`.

    Raises
    ------
    CannotAnswer
        The outcome is not at hand.

    Source
    ------
    As for `explain_mechanisms`.

    Example
    -------
    >>> import numpy as np
    >>> codes = tuple("abcdefghijk")
    >>> near = -abs(np.subtract.outer(np.arange(11.0), np.arange(11.0)))
    >>> near[np.diag_indices(11)] = np.nan
    >>> known = Similarities(codes, {"coagglomeration": near, "occupations": near**3})
    >>> panels, refused = explain_clusters(known, dict(zip(codes, "11111111122")))
    >>> [each.cluster for each in panels], [each.cluster for each in refused]
    (['1'], ['2'])
    """
    similarities.component(outcome)
    members: dict[str, list[str]] = {}
    for label in similarities.labels:
        if label in clusters:
            members.setdefault(clusters[label], []).append(label)
    panels: list[MechanismPanel] = []
    refused: list[Refused] = []
    for name in sorted(
        members, key=lambda code: (len(code), code) if code.isdigit() else (99, code)
    ):
        try:
            panels.append(
                explain_mechanisms(
                    similarities,
                    members[name],
                    cluster=name,
                    outcome=outcome,
                    mechanisms=mechanisms,
                    classes=classes,
                    fewest_pairs=fewest_pairs,
                    permutations=permutations,
                    seed=seed,
                )
            )
        except CannotAnswer as error:
            value = f": {error.fault.value}" if error.fault.value else ""
            refused.append(Refused(name, f"{error.fault.problem}{value}"))
    return tuple(panels), tuple(refused)
