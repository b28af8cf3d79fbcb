"""The figures that claims are set against: few questions to a release, however many claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from clusteratlas.atlas import (
    Cluster,
    Region,
    RegionalCluster,
    RegionalSubcluster,
    Release,
    SchemeInfo,
)
from clusteratlas.measures.space.points import great_circle
from clusteratlas.organisations.claim_rule import ClaimRule
from clusteratlas.organisations.held_rows import BETWEEN, held_rows

STRONG_HERE = 5
STRONG_NEAR = 3
FARTHEST = 1_500.0
"""Kilometres beyond which a region is no neighbour."""


class Wanted(NamedTuple):
    """One figure that is asked for; without a subcluster the whole cluster's."""

    scheme: str
    region: str
    definition: str
    cluster: str
    subcluster: str = ""


class WantedIndustry(NamedTuple):
    """An industry in a region."""

    scheme: str
    region: str
    industry: str


@dataclass(frozen=True, slots=True)
class StrongCluster:
    """A regional cluster that is strong, nearly surely."""

    region: str
    cluster: str
    employment: int | None
    location_quotient: float | None
    share_of_nation: float | None
    probability_strong: float | None


@dataclass(frozen=True, slots=True)
class StrongMap:
    """All strong clusters of a scheme, and from which quotient on a cluster counts as strong."""

    by_region: Mapping[str, tuple[StrongCluster, ...]]
    by_cluster: Mapping[str, tuple[StrongCluster, ...]]
    strong_from: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Relation:
    """How related two clusters are, each component apart."""

    percentile: float | None
    composite: float | None
    occupations: float | None
    input_output: float | None
    colocation: float | None


@dataclass(slots=True)
class Lookup:
    """The places and clusters of a release by their codes; nothing is raised for unknown ones."""

    release: Release
    schemes: dict[str, SchemeInfo] = field(init=False)
    _regions: dict[str, dict[str, Region]] = field(init=False, default_factory=dict)
    _clusters: dict[str, dict[str, Cluster]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.schemes = {each.scheme: each for each in self.release.manifest.schemes}

    def region(self, scheme: str, region: str) -> Region | None:
        """Return a region; none where the release does not know it."""
        return self.regions(scheme).get(region)

    def regions(self, scheme: str) -> dict[str, Region]:
        """Return the regions of a scheme by code; none of a scheme that is not there."""
        if scheme not in self._regions:
            known = self.release.regions(scheme) if scheme in self.schemes else []
            self._regions[scheme] = {each.region: each for each in known}
        return self._regions[scheme]

    def cluster(self, definition: str, cluster: str) -> Cluster | None:
        """Return a cluster; none where the release does not know it."""
        return self.clusters(definition).get(cluster)

    def clusters(self, definition: str) -> dict[str, Cluster]:
        """Return the clusters of a definition by code; none of one that is not there."""
        if definition not in self._clusters:
            names = {each.definition for each in self.release.manifest.definitions}
            known = self.release.clusters(definition) if definition in names else []
            self._clusters[definition] = {each.cluster: each for each in known}
        return self._clusters[definition]


def _grouped(wanted: Iterable[Wanted]) -> dict[tuple[str, str], list[Wanted]]:
    groups: dict[tuple[str, str], list[Wanted]] = {}
    for each in sorted(set(wanted)):
        groups.setdefault((each.scheme, each.definition), []).append(each)
    return groups


def regional_figures(lookup: Lookup, wanted: Iterable[Wanted]) -> dict[Wanted, RegionalCluster]:
    """Return the latest figures of many clusters in many regions."""
    found: dict[Wanted, RegionalCluster] = {}
    for (scheme, definition), mine in _grouped(wanted).items():
        held = held_rows(lookup.release, "regional_clusters", scheme, definition)
        regions, clusters = lookup.regions(scheme), lookup.clusters(definition)
        for row in held.rows((each.region, each.cluster) for each in mine):
            cluster = clusters[row["cluster"]]
            more = {
                "name": cluster.name,
                "traded": cluster.traded,
                "region_name": regions[row["region"]].name,
            }
            key = Wanted(scheme, row["region"], definition, row["cluster"])
            found[key] = _record(RegionalCluster, {**row, **more})
    return found


def subcluster_figures(
    lookup: Lookup, wanted: Iterable[Wanted]
) -> dict[Wanted, RegionalSubcluster]:
    """Return the latest figures of many subclusters in many regions."""
    found: dict[Wanted, RegionalSubcluster] = {}
    for (scheme, definition), mine in _grouped(wanted).items():
        held = held_rows(lookup.release, "regional_subclusters", scheme, definition)
        keys = ((each.region, f"{each.cluster}{BETWEEN}{each.subcluster}") for each in mine)
        for row in held.rows(keys):
            place = (scheme, row["region"], definition, row["cluster"], row["subcluster"])
            found[Wanted(*place)] = _record(RegionalSubcluster, row)
    return found


def _record(kind: type[Any], row: Mapping[str, Any]) -> Any:
    """Read a row as a record; a column that an earlier release lacks is not known."""
    return kind(**{name: row.get(name) for name in kind.__dataclass_fields__})


def strong_map(release: Release, scheme: str, definition: str, rule: ClaimRule) -> StrongMap:
    """Return the strong clusters of a scheme's latest year, the most concentrated first; kept."""
    least = rule.supported.probability_strong

    def ask() -> StrongMap:
        rows = release.selected(
            "select region, cluster, employment, location_quotient, share_of_nation, "
            "coalesce(probability_strong, strong::int) as probability_strong "
            "from regional_clusters where scheme = ? and definition = ? and year = ? "
            "and (strong or probability_strong >= ?) "
            "order by location_quotient desc nulls last, region, cluster",
            [scheme, definition, release.year(scheme, None), least],
        )
        by_region: dict[str, list[StrongCluster]] = {}
        by_cluster: dict[str, list[StrongCluster]] = {}
        strong_from: dict[str, float] = {}
        for row in rows.to_pylist():
            quotient = row["location_quotient"]
            if quotient is not None:
                known = strong_from.get(row["cluster"], quotient)
                strong_from[row["cluster"]] = min(known, quotient)
            if (row["probability_strong"] or 0) < least:
                continue
            strong = StrongCluster(**row)
            by_region.setdefault(strong.region, []).append(strong)
            by_cluster.setdefault(strong.cluster, []).append(strong)
        return StrongMap(
            {key: tuple(mine) for key, mine in by_region.items()},
            {key: tuple(mine) for key, mine in by_cluster.items()},
            strong_from,
        )

    return release.keep((f"strong map of {scheme}", definition, rule.name), ask)


def strong_rows(
    release: Release, scheme: str, definition: str, rule: ClaimRule
) -> list[RegionalCluster]:
    """Return all figures of the strong clusters of a scheme's latest year."""
    rows = release.selected(
        "select f.*, c.name, c.traded, r.name as region_name from regional_clusters f "
        "join clusters_held c on c.definition = f.definition and c.cluster = f.cluster "
        "join regions_held r on r.scheme = f.scheme and r.region = f.region "
        "where f.scheme = ? and f.definition = ? and f.year = ? "
        "and coalesce(f.probability_strong, f.strong::int) >= ? "
        "order by f.region, try_cast(f.cluster as int), f.cluster",
        [scheme, definition, release.year(scheme, None), rule.supported.probability_strong],
    )
    return [_record(RegionalCluster, row) for row in rows.to_pylist()]


def relations(release: Release, definition: str) -> Mapping[tuple[str, str], Relation]:
    """Return how related the clusters of a definition are, by both their codes; kept."""

    def ask() -> Mapping[tuple[str, str], Relation]:
        rows = release.selected(
            "select a, b, percentile, composite, occupations, input_output, "
            "colocation_employment as colocation from relatedness where definition = ?",
            [definition],
        )
        return {(row.pop("a"), row.pop("b")): Relation(**row) for row in rows.to_pylist()}

    return release.keep((f"relations of {definition}",), ask)


def reference_growth(release: Release, scheme: str, definition: str) -> Mapping[str, float | None]:
    """Return the growth a year of each cluster as a whole, over the regions of a scheme; kept."""

    def ask() -> Mapping[str, float | None]:
        rows = release.selected(
            "select cluster, employment_growth from cluster_profile "
            "where scheme = ? and definition = ? and year = ?",
            [scheme, definition, release.year(scheme, None)],
        )
        return {row["cluster"]: row["employment_growth"] for row in rows.to_pylist()}

    return release.keep((f"growth of clusters of {scheme}", definition), ask)


def nearest(here: Region, others: Iterable[Region]) -> list[tuple[float, Region]]:
    """Return regions by their distance in kilometres; those without a place are left out."""
    if here.longitude is None or here.latitude is None:
        return []
    placed = [
        each
        for each in others
        if each.longitude is not None and each.latitude is not None and each.region != here.region
    ]
    if not placed:
        return []
    points = np.array([(each.longitude, each.latitude) for each in placed], dtype=float)
    away = great_circle(points, (here.longitude, here.latitude))
    order = np.argsort(away, kind="stable")
    return [(float(away[at]), placed[at]) for at in order]
