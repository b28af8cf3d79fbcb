"""Two cluster definitions of a release side by side: agreement, matches, what moved."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.relatedness.defining.comparison import compare, natural
from clusteratlas.tables import CannotAnswer


@dataclass(frozen=True, slots=True)
class ClusterMatch:
    """A cluster of the first definition and its best match in the second, ``None`` without one.

    ``industries`` counts those that both definitions know; ``overlap`` is the share of the
    industries of either that both hold (Jaccard), ``kept`` the share of the first one's that its
    match holds. ``mutual`` says whether the match's best match is this cluster.
    """

    cluster: str
    name: str
    traded: bool | None
    industries: int
    match: str | None
    match_name: str | None
    match_industries: int
    shared: int
    overlap: float
    kept: float
    mutual: bool


@dataclass(frozen=True, slots=True)
class MovedIndustry:
    """An industry that does not go with the best match of its cluster."""

    industry: str
    title: str
    cluster_a: str
    name_a: str
    cluster_b: str
    name_b: str


@dataclass(frozen=True, slots=True)
class MapChange:
    """In how many regions a cluster and its mutual match are strong: in both, in one of them."""

    kept: int
    lost: int
    gained: int


@dataclass(frozen=True, slots=True)
class DefinitionComparison:
    """How two definitions of one classification differ.

    ``pairs_kept`` is the share of the pairs of industries that the first puts together and the
    second keeps together; ``pairs_kept_back`` the same the other way.
    """

    a: str
    b: str
    classification: str
    industries: int
    only_a: int
    only_b: int
    adjusted_rand: float
    pairs_kept: float
    pairs_kept_back: float
    matches: tuple[ClusterMatch, ...]
    moved: tuple[MovedIndustry, ...]


def compare_definitions(release: OpenedRelease, a: str, b: str) -> DefinitionComparison:
    """Return how two cluster definitions of a release differ.

    Definition
    ----------
    As `clusteratlas.relatedness.defining.comparison.compare`, over the industries that both know;
    an industry in several clusters counts in the one where it weighs most.

    Parameters
    ----------
    release
        Holds both.
    a, b
        Names of definitions of one classification.

    Returns
    -------
    DefinitionComparison
        Matches by cluster code, those without a common industry too; moved industries by cluster
        and code.

    Missing data
    ------------
    Industries of one definition only are counted and take no other part.

    Raises
    ------
    CannotAnswer
        The same definition twice, an unknown one, two that group industries of different
        classifications, or that share less than half of their industries.

    Source
    ------
    L. Hubert, P. Arabie, Comparing partitions (1985).
    """
    one, other = release.definition(a), release.definition(b)
    if a == b:
        raise CannotAnswer("a definition is compared with another one", value=a)
    if one.classification != other.classification:
        raise CannotAnswer(
            "the definitions group industries of different classifications",
            value=f"{one.classification} and {other.classification}",
            hint="compare two definitions of one classification",
        )
    found = compare(
        _members(release, a, one.classification), _members(release, b, one.classification)
    )
    match_of = {each.cluster: each for each in found.matches}
    names_b = {each.cluster: each.name for each in release.clusters(b)}
    names_a = {each.cluster: each.name for each in release.clusters(a)}
    matches = []
    for each in release.clusters(a):
        match = match_of.get(each.cluster)
        if match is None:
            matches.append(
                ClusterMatch(
                    each.cluster, each.name, each.traded, 0, None, None, 0, 0, 0.0, 0.0, False
                )
            )
            continue
        industries = match.shared + match.only_here
        matches.append(
            ClusterMatch(
                each.cluster,
                each.name,
                each.traded,
                industries,
                match.match,
                names_b.get(match.match, match.match),
                match.shared + match.only_there,
                match.shared,
                match.overlap,
                match.shared / industries,
                match.mutual,
            )
        )
    titles = _titles(release, one.classification)
    moved = [
        MovedIndustry(
            each.industry,
            titles.get(each.industry, each.industry),
            each.first,
            names_a.get(each.first, each.first),
            each.second,
            names_b.get(each.second, each.second),
        )
        for each in sorted(found.moved, key=lambda each: (natural(each.first), each.industry))
    ]
    return DefinitionComparison(
        a,
        b,
        one.classification,
        found.industries,
        len(found.only_first),
        len(found.only_second),
        found.adjusted_rand,
        found.pairs_kept,
        found.pairs_kept_back,
        tuple(matches),
        tuple(moved),
    )


def changes_on_the_map(
    release: OpenedRelease, found: DefinitionComparison, scheme: str, year: int
) -> dict[str, MapChange]:
    """Return for each cluster with a mutual match in how many regions the two are strong.

    Parameters
    ----------
    release, found
        The release, and a comparison of two of its definitions.
    scheme, year
        Regions that are mapped by both definitions.

    Returns
    -------
    dict
        Cluster of the first definition to its counts of regions; the flags are those published.
    """
    strong: dict[tuple[str, str], set[str]] = {}
    for definition, cluster, region in release._rows(
        "select definition, cluster, region from regional_clusters "
        "where scheme = ? and year = ? and definition in (?, ?) and strong",
        [scheme, year, found.a, found.b],
    ):
        strong.setdefault((definition, cluster), set()).add(region)
    changes = {}
    for each in found.matches:
        if not each.mutual or each.match is None:
            continue
        before = strong.get((found.a, each.cluster), set())
        after = strong.get((found.b, each.match), set())
        changes[each.cluster] = MapChange(
            len(before & after), len(before - after), len(after - before)
        )
    return changes


def _members(release: OpenedRelease, definition: str, classification: str) -> dict[str, str]:
    """Return the cluster of each industry, the heaviest where it has several."""
    rows = release._rows(
        "select industry, cluster from definitions_held where definition = ? and "
        "classification = ? order by industry, weight, cluster desc",
        [definition, classification],
    )
    return dict(rows)


def _titles(release: OpenedRelease, classification: str) -> dict[str, str]:
    rows = release._rows(
        "select industry, title from industries_held where classification = ?", [classification]
    )
    return dict(rows)
