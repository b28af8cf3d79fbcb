"""Every industry held against its cluster: does it fit, or does it belong elsewhere?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np

from clusteratlas.relatedness.defining.basis import Basis, composite_of, scaled
from clusteratlas.relatedness.defining.comparison import natural
from clusteratlas.relatedness.defining.validation import Tests, between, tests_at_hand
from clusteratlas.relatedness.similarities import Similarities

Verdict = Literal["fits", "marginal outlier", "systematic outlier", "alone", "not assessed"]


class Assessment(NamedTuple):
    """How an industry stands in its cluster; figures in standard deviations of the composite."""

    industry: str
    cluster: str
    verdict: Verdict
    within: float
    """Mean similarity with the other industries of its cluster."""
    between_mean: float
    """Mean of its similarities with other clusters."""
    between_p95: float
    """95th percentile of them."""
    best_cluster: str
    """The cluster with which its mean similarity is highest, its own among them."""
    best: float
    """That similarity."""
    suggested: str
    """Where it should move; empty where it fits."""
    tests_failed: tuple[str, ...]
    """Test matrices on which it is not above the 95th percentile."""


def assess(similarities: Similarities, definition: Mapping[str, str]) -> tuple[Assessment, ...]:
    r"""Return how every industry of a definition stands in its cluster.

    Definition
    ----------
    On the composite of all tests at hand (`tests_at_hand`, as normal scores, equal weights), with
    WCR and BCR as in `Tests.score`:

    - fits: :math:`WCR_{ic} > P95_d(BCR_{id})`;
    - marginal outlier: above the mean of the BCRs, not above their 95th percentile;
    - systematic outlier: not above the mean either.

    An outlier's best cluster is another one by necessity; that is the suggested move.

    Parameters
    ----------
    similarities
        Components.
    definition
        Industry to cluster.

    Returns
    -------
    tuple of Assessment
        Sorted by industry.

    Missing data
    ------------
    "alone": the only industry of its cluster has no WCR; its best other cluster is suggested.
    "not assessed": the similarities do not hold the industry; all figures NaN.

    Raises
    ------
    CannotAnswer
        As `composite_of`.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern (2016), step 5.

    Example
    -------
    >>> near = np.kron(np.eye(2), np.ones((3, 3))) + np.eye(6)
    >>> some = Similarities(tuple("abcdef"), {"input_output": near})
    >>> wrong = dict(zip("abcdef", "112222"))
    >>> [(each.industry, each.suggested) for each in assess(some, wrong) if each.suggested]
    [('c', '1')]
    """
    labels = tuple(code for code in similarities.labels if code in definition)
    held = similarities.take(labels)
    names = tests_at_hand(held)
    own = np.array([definition[code] for code in labels])
    clusters, home = np.unique(own, return_inverse=True)
    on_scale = scaled(held)
    matrix = composite_of(on_scale, Basis(tuple((name, 1.0) for name in names)))
    means = Tests(Similarities(labels, {"all": matrix}), ("all",)).industry_means("all", own)
    tests = Tests(held)
    rows = np.arange(len(labels))
    within = means[rows, home]
    mean, p95 = between(means, home)
    failed: dict[str, list[str]] = {code: [] for code in labels}
    for name in names:
        by_cluster = tests.industry_means(name, own)
        limit = between(by_cluster, home)[1]
        for place in np.flatnonzero(by_cluster[rows, home] <= limit).tolist():
            failed[labels[place]].append(name)
    found = []
    for at, code in enumerate(labels):
        best = int(np.nanargmax(means[at]))
        verdict: Verdict = "systematic outlier"
        if np.isnan(within[at]):
            verdict = "alone"
        elif within[at] > p95[at]:
            verdict = "fits"
        elif within[at] > mean[at]:
            verdict = "marginal outlier"
        found.append(
            Assessment(
                industry=code,
                cluster=str(own[at]),
                verdict=verdict,
                within=float(within[at]),
                between_mean=float(mean[at]),
                between_p95=float(p95[at]),
                best_cluster=str(clusters[best]),
                best=float(means[at, best]),
                suggested="" if verdict == "fits" else str(clusters[best]),
                tests_failed=tuple(failed[code]),
            )
        )
    nothing = float("nan")
    found += [
        Assessment(
            code, definition[code], "not assessed", nothing, nothing, nothing, "", nothing, "", ()
        )
        for code in sorted(set(definition) - set(labels))
    ]
    return tuple(sorted(found, key=lambda each: each.industry))


def clusters_of(definition: Mapping[str, str]) -> tuple[str, ...]:
    """Return the clusters of a definition in natural order.

    >>> clusters_of({"a": "10", "b": "2"})
    ('2', '10')
    """
    return tuple(sorted(set(definition.values()), key=natural))
