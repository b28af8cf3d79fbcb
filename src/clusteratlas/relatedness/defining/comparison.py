"""Two cluster definitions side by side: how alike, what moved, what changes on the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas import measures
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput, few

LEAST_COMMON: Final = 0.5
"""Definitions that share fewer of their industries are refused: their vintages differ."""


class Match(NamedTuple):
    """The cluster of the other definition that shares most industries."""

    cluster: str
    match: str
    shared: int
    """Industries in both."""
    only_here: int
    """Industries of the cluster that its match lacks."""
    only_there: int
    """Industries of the match that the cluster lacks."""
    overlap: float
    """Shared over all industries of either (Jaccard), 0-1."""
    mutual: bool
    """Whether the match's best match is this cluster."""


class Moved(NamedTuple):
    """An industry that is not in the best match of its cluster."""

    industry: str
    first: str
    second: str
    """Its cluster in the second definition."""
    expected: str
    """The best match of its first cluster."""


@dataclass(frozen=True)
class Comparison:
    """How two definitions differ."""

    industries: int
    """Industries that both hold."""
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    adjusted_rand: float
    """1 the same, 0 as alike as chance."""
    pairs_kept: float
    """Share of the first one's pairs within clusters that the second keeps together, 0-1."""
    pairs_kept_back: float
    """The same, from the second to the first."""
    matches: tuple[Match, ...]
    moved: tuple[Moved, ...]


class MapChange(NamedTuple):
    """A strong regional cluster that one definition sees and the other does not, or both."""

    region: str
    first: str
    """Cluster of the first definition; empty where none matches."""
    second: str
    change: Literal["gained", "kept", "lost"]


def adjusted_rand(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    r"""Return the adjusted Rand index of two groupings of the same industries.

    Definition
    ----------
    .. math:: \frac{\sum_{cd}\binom{n_{cd}}{2} - E}{\frac12(A + B) - E}, \quad
       A = \sum_c \binom{n_{c.}}{2},\ B = \sum_d \binom{n_{.d}}{2},\ E = AB / \binom{n}{2}

    Parameters
    ----------
    first, second
        The cluster of each industry.

    Returns
    -------
    float
        1 for equal groupings, 0 expected for random ones.

    Missing data
    ------------
    None is allowed: leave industries out that one lacks.

    Raises
    ------
    InvalidInput
        When the lengths differ.

    Source
    ------
    L. Hubert, P. Arabie, Comparing partitions (1985).

    Example
    -------
    >>> adjusted_rand([0, 0, 1, 1], ["x", "x", "y", "y"])
    1.0
    >>> round(adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]), 4)
    -0.5
    """
    one = np.unique(np.asarray(first), return_inverse=True)[1].reshape(-1)
    other = np.unique(np.asarray(second), return_inverse=True)[1].reshape(-1)
    if one.shape != other.shape:
        raise InvalidInput([Fault(f"groupings of {len(one)} and {len(other)} industries")])
    same, pairs_one, pairs_other, pairs = _pairs(one, other)
    expected = pairs_one * pairs_other / pairs if pairs else 0.0
    most = (pairs_one + pairs_other) / 2
    return 1.0 if most == expected else float((same - expected) / (most - expected))


def _pairs(one: npt.NDArray[np.intp], other: npt.NDArray[np.intp]) -> tuple[float, ...]:
    """Pairs together in both, in the one, in the other, and all."""
    both = np.bincount(one * (int(other.max(initial=0)) + 1) + other)
    return tuple(
        float((sizes * (sizes - 1.0) / 2).sum())
        for sizes in (both, np.bincount(one), np.bincount(other), np.array([len(one)]))
    )


def compare(first: Mapping[str, str], second: Mapping[str, str]) -> Comparison:
    """Return how two definitions differ, over the industries that both hold.

    Definition
    ----------
    The best match of a cluster shares most industries with it (ties: the larger overlap, then the
    first code). An industry moved when it is not in the best match of its cluster.

    Parameters
    ----------
    first, second
        Industry to cluster.

    Missing data
    ------------
    Industries of only one definition are named and take no other part.

    Raises
    ------
    CannotAnswer
        When less than half of either one's industries are common: two vintages of the
        classification are mixed, or two levels.

    Example
    -------
    >>> found = compare({"a": "1", "b": "1", "c": "2"}, {"a": "x", "b": "x", "c": "x"})
    >>> found.pairs_kept, round(found.pairs_kept_back, 4), found.matches[0].mutual
    (1.0, 0.3333, True)
    """
    common = sorted(set(first) & set(second))
    only_first = tuple(sorted(set(first) - set(second)))
    only_second = tuple(sorted(set(second) - set(first)))
    if len(common) < max(1.0, LEAST_COMMON * max(min(len(first), len(second)), 1)):
        raise CannotAnswer(
            f"the definitions share {len(common)} of {len(first)} and {len(second)} industries",
            value=few([*only_first[:5], *only_second[:5]]),
            hint="bring both to one vintage and level of the classification",
        )
    one = np.unique([first[code] for code in common], return_inverse=True)[1].reshape(-1)
    other = np.unique([second[code] for code in common], return_inverse=True)[1].reshape(-1)
    same, pairs_one, pairs_other, _ = _pairs(one, other)
    matches = best_matches(first, second)
    expected = {match.cluster: match.match for match in matches}
    moved = tuple(
        Moved(code, first[code], second[code], expected[first[code]])
        for code in common
        if second[code] != expected[first[code]]
    )
    return Comparison(
        industries=len(common),
        only_first=only_first,
        only_second=only_second,
        adjusted_rand=adjusted_rand(one, other),
        pairs_kept=same / pairs_one if pairs_one else 1.0,
        pairs_kept_back=same / pairs_other if pairs_other else 1.0,
        matches=matches,
        moved=moved,
    )


def best_matches(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Match, ...]:
    """Return the best match of each cluster of the first definition that has one."""
    common = set(first) & set(second)
    mine, theirs = _members(first, common), _members(second, common)
    forth = {cluster: _best(members, theirs) for cluster, members in mine.items()}
    back = {cluster: _best(members, mine) for cluster, members in theirs.items()}
    found = []
    for cluster in sorted(mine, key=natural):
        match = forth[cluster]
        here, there = mine[cluster], theirs[match]
        shared = len(here & there)
        found.append(
            Match(
                cluster,
                match,
                shared,
                len(here) - shared,
                len(there) - shared,
                shared / len(here | there),
                back[match] == cluster,
            )
        )
    return tuple(found)


def natural(code: str) -> tuple[int, int, str]:
    """Order codes of clusters: numbers by value, then texts.

    >>> sorted(["10", "A", "9"], key=natural)
    ['9', '10', 'A']
    """
    return (0, int(code), code) if code.isdecimal() else (1, 0, code)


def _members(definition: Mapping[str, str], common: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code in common:
        found[definition[code]].add(code)
    return dict(found)


def _best(members: set[str], others: Mapping[str, set[str]]) -> str:
    return min(
        others,
        key=lambda other: (
            -len(members & others[other]),
            len(members | others[other]),
            natural(other),
        ),
    )


def map_changes(
    first: Mapping[str, str],
    second: Mapping[str, str],
    employment: npt.ArrayLike,
    establishments: npt.ArrayLike,
    *,
    regions: Sequence[str],
    industries: Sequence[str],
    profile: str = "us-2014",
) -> tuple[MapChange, ...]:
    """Return which strong regional clusters are gained, kept and lost from one to the other.

    Definition
    ----------
    Each definition adds up jobs and establishments by cluster, over the industries that both
    hold; quotients are taken within these jobs; the strength profile says which regional clusters
    are strong. A cluster is followed into its best match where each is the other's best match;
    strong regional clusters of all others are lost (first) or gained (second).

    Parameters
    ----------
    first, second
        Industry to cluster.
    employment, establishments
        Regions x industries: jobs, count; unknown cells NaN.
    regions, industries
        Codes of rows and columns.
    profile
        Strength profile.

    Returns
    -------
    tuple of MapChange
        Sorted by region and cluster.

    Missing data
    ------------
    A cluster's sum runs over its known cells. Industries without a column are left out.

    Raises
    ------
    InvalidInput, CannotAnswer
        As `compare` and `clusteratlas.measures.strength_flags`.
    """
    matches = {each.cluster: each.match for each in compare(first, second).matches if each.mutual}
    strong = [
        _strong(
            {code: each[code] for code in set(first) & set(second)},
            np.asarray(employment, dtype=np.float64),
            np.asarray(establishments, dtype=np.float64),
            list(industries),
            profile,
        )
        for each in (first, second)
    ]
    back = {there: here for here, there in matches.items()}
    found: list[MapChange] = []
    for at, region in enumerate(regions):
        here, there = ({c for c, flags in each.items() if flags[at]} for each in strong)
        for cluster in here:
            match = matches.get(cluster, "")
            kept = match in there
            found.append(MapChange(region, cluster, match, "kept" if kept else "lost"))
        found += [
            MapChange(region, back.get(cluster, ""), cluster, "gained")
            for cluster in there
            if back.get(cluster, "") not in here
        ]
    return tuple(
        sorted(found, key=lambda each: (each.region, natural(each.first), natural(each.second)))
    )


def _strong(
    definition: Mapping[str, str],
    employment: npt.NDArray[np.float64],
    establishments: npt.NDArray[np.float64],
    industries: Sequence[str],
    profile: str,
) -> dict[str, npt.NDArray[np.bool_]]:
    columns: dict[str, list[int]] = defaultdict(list)
    for at, code in enumerate(industries):
        if code in definition:
            columns[definition[code]].append(at)
    clusters = sorted(columns, key=natural)
    jobs, units = (
        np.column_stack([_sum(figures[:, columns[cluster]]) for cluster in clusters])
        for figures in (employment, establishments)
    )
    flags = measures.strength_flags(measures.location_quotient(jobs), jobs, units, profile=profile)
    return {cluster: flags.strong[:, at] for at, cluster in enumerate(clusters)}


def _sum(figures: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    known = ~np.isnan(figures)
    total = np.where(known, figures, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total, np.nan)
