"""Which clusters are related: relatedness between and within clusters, the rule, its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from clusteratlas.relatedness.input_output import Flows, input_output_links
from clusteratlas.relatedness.similarities import Flags, Floats, Similarities, standardise
from clusteratlas.tables import CannotAnswer

LINKED_FROM: Final = 0.90
"""Percentile from which two clusters (or an industry and a cluster) count as linked."""

STRONGLY_LINKED_FROM: Final = 0.95
LINKED_INDUSTRIES: Final = 0.2
"""Share of the industries of both clusters that must be linked: more than this."""

NEAREST: Final = 2
NEAREST_ABOVE: Final = 0.5
NEAREST_COLOCATION: Final = 0.25
"""The fallback takes so many, above these percentiles of composite and of co-location."""

CARRIED: Final = 3
RANKED_FROM: Final = 5
"""With fewer clusters there are fewer than ten pairs: no percentile, and no rule."""

STRONG_LINK, LINK, FALLBACK, NO_LINK = "strong link", "link", "nearest", ""


def related_clusters(
    similarities: Similarities,
    groups: Mapping[str, str],
    *,
    flows: Flows | None = None,
) -> pa.Table:
    r"""Return the relatedness of all pairs of clusters, each component apart, and who is related.

    Definition
    ----------
    Between clusters c and d (BCR) and within c (WCR), for each component,

    .. math:: BCR_{cd} = \frac{1}{n_c n_d} \sum_{i \in c, j \in d} M_{ij}, \qquad
       WCR_c = \frac{1}{n_c (n_c - 1)} \sum_{i \ne j \in c} M_{ij}

    over the known pairs; with ``flows`` the component ``input_output`` is taken from the flows of
    whole clusters instead (`input_output_links`; within: the larger share of its own input or
    output that a cluster supplies itself). The composite is the mean of the standardised
    components of all pairs of different clusters.

    An industry is linked with another cluster when its mean composite with that cluster's
    industries is at or above the 90th percentile of all industries and other clusters. Two clusters
    are related when their percentile is 90 or more and more than 20 % of the industries of each are
    linked with the other ("link"; "strong link" from 95). A cluster without any such link is given
    the two closest ones above the 50th percentile whose co-location lies at or above the 25th
    ("nearest"): near, not related.

    Parameters
    ----------
    similarities
        Of industries.
    groups
        Industry to cluster; industries of ``similarities`` that are in none are left out.
    flows
        Flows between industries.

    Returns
    -------
    pyarrow.Table
        Rows by a and b, both directions, and a = b for the relatedness within: ``a``, ``b``, the
        components, ``composite`` (standard deviations), ``percentile`` (share of the other pairs
        that it beats or equals), ``percentile_of_a`` (the same among the pairs of a),
        ``linked_share_a``, ``linked_share_b``, ``related``, ``rule``, ``carried_by`` (the industry
        pairs with the highest composite, strongest first).

    Missing data
    ------------
    Null where no pair of industries is known; the other components still count. A cluster of one
    industry has no relatedness within. With fewer than five clusters there are no percentiles and
    nothing is related.

    Raises
    ------
    CannotAnswer
        Fewer than three clusters, or no industry of ``groups`` has similarities.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern (2016) for BCR and WCR; US Cluster Mapping Project, data
    interface of 2014-2018, for the rule of related clusters and its fallback.

    Example
    -------
    Of three clusters the first two are together.

    >>> m = np.array([[np.nan, 9, 8, 1], [9, np.nan, 7, 0], [8, 7, np.nan, 1], [1, 0, 1, np.nan]])
    >>> table = related_clusters(Similarities(("i", "j", "k", "l"), {"colocation_employment": m}),
    ...     {"i": "A", "j": "A", "k": "B", "l": "C"})
    >>> [(row["b"], row["colocation_employment"], row["rule"]) for row in table.to_pylist()[:3]]
    [('A', 9.0, ''), ('B', 7.5, ''), ('C', 0.5, '')]
    """
    mine = similarities.take([label for label in similarities.labels if label in groups])
    if not mine.labels:
        raise CannotAnswer("no industry of the definition has similarities")
    clusters = sorted({groups[label] for label in mine.labels}, key=natural)
    if len(clusters) < 3:
        raise CannotAnswer("fewer than three clusters cannot be ranked by relatedness")
    place = {cluster: at for at, cluster in enumerate(clusters)}
    of_industry = np.array([place[groups[label]] for label in mine.labels])
    components = {
        name: between_groups(matrix, of_industry, len(clusters))
        for name, matrix in mine.components.items()
    }
    components = {name: (matrix + matrix.T) / 2 for name, matrix in components.items()}
    if flows is not None:
        links = _flows_between_clusters(flows, groups, clusters)
        components["input_output"] = (links + links.T) / 2
    names = mine.in_composite()
    if flows is not None and "input_output" not in names:
        names = (*names, "input_output")
    composite = _composite({name: components[name] for name in names})
    of_pairs = mine.composite()
    linked = _linked(of_pairs, of_industry, len(clusters))
    off = ~np.eye(len(clusters), dtype=bool)
    few = len(clusters) < RANKED_FROM
    pooled = np.full_like(composite, np.nan) if few else _percentiles_of_pairs(composite)
    of_a = np.vstack([_percentiles(row, keep) for row, keep in zip(composite, off, strict=True)])
    of_a = np.where(few, np.nan, of_a)
    rule = _rule(composite, pooled, linked, _colocation(components))
    carried = _carried(of_pairs, of_industry, len(clusters), mine.labels)
    a, b = (each.ravel() for each in np.indices(composite.shape))
    columns: dict[str, pa.Array] = {
        "a": pa.array([clusters[at] for at in a]),
        "b": pa.array([clusters[at] for at in b]),
    }
    columns |= {name: _column(matrix) for name, matrix in sorted(components.items())}
    columns |= {
        "composite": _column(composite),
        "percentile": _column(pooled),
        "percentile_of_a": _column(of_a),
        "linked_share_a": _column(np.where(off, linked, np.nan)),
        "linked_share_b": _column(np.where(off, linked.T, np.nan)),
        "related": pa.array(np.isin(rule.ravel(), (STRONG_LINK, LINK))),
        "rule": pa.array(rule.ravel().tolist(), pa.string()),
        "carried_by": pa.array(
            [carried[i, j] for i, j in zip(a.tolist(), b.tolist(), strict=True)]
        ),
    }
    return pa.table(columns)


def between_groups(matrix: Floats, of_industry: np.ndarray, count: int) -> Floats:
    """Return the mean of the known pairs between groups; on the diagonal, within them.

    Example
    -------
    >>> m = np.array([[np.nan, 1.0, 2.0], [1.0, np.nan, np.nan], [2.0, np.nan, np.nan]])
    >>> between_groups(m, np.array([0, 0, 1]), 2)
    array([[ 1.,  2.],
           [ 2., nan]])
    """
    member = np.zeros((len(matrix), count))
    member[np.arange(len(matrix)), of_industry] = 1.0
    known = ~np.isnan(matrix)
    np.fill_diagonal(known, False)
    total = member.T @ np.where(known, matrix, 0.0) @ member
    pairs = member.T @ known.astype(np.float64) @ member
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, total / pairs, np.nan)


def natural(code: str) -> tuple[int, int, str]:
    """Return a key that sorts codes of digits as numbers, before all others.

    >>> sorted(["10", "9", "B"], key=natural)
    ['9', '10', 'B']
    """
    return (0, int(code), "") if code.isdecimal() else (1, 0, code)


def _composite(components: Mapping[str, Floats]) -> Floats:
    """The mean of standardised components; within clusters on the same scale."""
    stack = []
    for name, matrix in components.items():
        scaled = standardise(matrix, name)
        upper = matrix[np.triu_indices(len(matrix), 1)]
        known = upper[~np.isnan(upper)]
        within = (np.diagonal(matrix) - known.mean()) / known.std()
        np.fill_diagonal(scaled, within)
        stack.append(scaled)
    all_of = np.array(stack)
    known_by = (~np.isnan(all_of)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(known_by > 0, np.nansum(all_of, axis=0) / known_by, np.nan)
    # Within, what lacks a component would be compared with what has it.
    whole = np.diagonal(known_by) == len(stack)
    np.fill_diagonal(found, np.where(whole, np.diagonal(found), np.nan))
    return found


def _flows_between_clusters(flows: Flows, groups: Mapping[str, str], clusters: list[str]) -> Floats:
    found = input_output_links(flows, groups, wanted=clusters)
    at = [found.labels.index(cluster) for cluster in clusters]
    links = found.components["input_output"][np.ix_(at, at)]
    for place, cluster in enumerate(clusters):
        inside = np.array([groups.get(industry) == cluster for industry in flows.industries])
        own = flows.between[np.ix_(inside, inside)].sum()
        sizes = flows.output[inside].sum(), flows.input[inside].sum()
        shares = [own / size for size in sizes if size > 0]
        links[place, place] = max(shares) if shares else np.nan
    return links


def _linked(composite: Floats, of_industry: np.ndarray, count: int) -> Floats:
    """Return the share of each cluster's industries that are linked with each other cluster."""
    member = np.zeros((len(composite), count))
    member[np.arange(len(composite)), of_industry] = 1.0
    known = ~np.isnan(composite)
    pairs = known.astype(np.float64) @ member
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(pairs > 0, (np.where(known, composite, 0.0) @ member) / pairs, np.nan)
    mean[member > 0] = np.nan
    level = np.quantile(mean[~np.isnan(mean)], LINKED_FROM) if (~np.isnan(mean)).any() else np.nan
    told = member.T @ (~np.isnan(mean)).astype(np.float64)
    linked = member.T @ (mean >= level).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(told > 0, linked / told, np.nan)


def _percentiles(figures: Floats, keep: Flags) -> Floats:
    """Return the share of the other figures that each beats or equals."""
    known = keep & ~np.isnan(figures)
    ordered = np.sort(figures[known])
    found = np.full(figures.shape, np.nan)
    if len(ordered) > 1:
        beaten = np.searchsorted(ordered, figures[known], side="right") - 1
        found[known] = beaten / (len(ordered) - 1)
    return found


def _percentiles_of_pairs(figures: Floats) -> Floats:
    """Return the percentile of every pair among all pairs, each pair counted once."""
    upper = np.triu(np.ones(figures.shape, dtype=bool), 1)
    once = np.where(upper, _percentiles(figures, upper), 0.0)
    return np.where(np.eye(len(figures), dtype=bool), np.nan, once + once.T)


def _colocation(components: Mapping[str, Floats]) -> Floats:
    """Return the percentile of co-location; where none is at hand every pair passes."""
    held = [
        components[name]
        for name in ("colocation_employment", "colocation_establishments")
        if name in components
    ]
    if not held:
        return np.ones(next(iter(components.values())).shape)
    return _percentiles_of_pairs(np.asarray(sum(held) / len(held)))


def _rule(composite: Floats, percentile: Floats, linked: Floats, colocation: Floats) -> np.ndarray:
    near = np.minimum(linked, linked.T) > LINKED_INDUSTRIES
    rule = np.full(composite.shape, NO_LINK, dtype=object)
    rule[near & (percentile >= LINKED_FROM)] = LINK
    rule[near & (percentile >= STRONGLY_LINKED_FROM)] = STRONG_LINK
    np.fill_diagonal(rule, NO_LINK)
    for at, row in enumerate(rule):
        if (row != NO_LINK).any():
            continue
        fits = (percentile[at] > NEAREST_ABOVE) & (colocation[at] >= NEAREST_COLOCATION)
        fits[at] = False
        order = sorted(np.flatnonzero(fits), key=lambda other: (-composite[at, other], other))
        row[order[:NEAREST]] = FALLBACK
    return rule


def _carried(
    composite: Floats, of_industry: np.ndarray, count: int, labels: tuple[str, ...]
) -> dict[tuple[int, int], str]:
    """Return the strongest pairs of industries of every pair of clusters, a's industry first."""
    members = [np.flatnonzero(of_industry == at) for at in range(count)]
    found = {}
    for a in range(count):
        for b in range(a, count):
            block = composite[np.ix_(members[a], members[b])]
            if a == b:
                block = np.where(np.triu(np.ones(block.shape, dtype=bool), 1), block, np.nan)
            flat = np.where(np.isnan(block), -np.inf, block).ravel()
            top = np.argsort(-flat, kind="stable")[:CARRIED]
            pairs = [
                (labels[members[a][at // block.shape[1]]], labels[members[b][at % block.shape[1]]])
                for at in top
                if np.isfinite(flat[at])
            ]
            found[a, b] = " ".join(f"{first}-{second}" for first, second in pairs)
            found[b, a] = (
                found[a, b] if a == b else " ".join(f"{second}-{first}" for first, second in pairs)
            )
    return found


def _column(matrix: Floats) -> pa.Array:
    flat = np.ascontiguousarray(matrix).ravel()
    return pa.array(flat, mask=np.isnan(flat))
