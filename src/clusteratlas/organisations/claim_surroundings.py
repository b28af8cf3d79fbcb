"""What stands around a claim: strong clusters of the same region, regions strong in the same."""

from __future__ import annotations

from clusteratlas.organisations.claim_records import NearbyCluster, NearbyRegion
from clusteratlas.organisations.claim_rule import ClaimRule
from clusteratlas.organisations.measured import (
    FARTHEST,
    STRONG_HERE,
    STRONG_NEAR,
    Lookup,
    Relation,
    StrongCluster,
    StrongMap,
    Wanted,
    nearest,
    relations,
    strong_map,
)

_NOTHING = Relation(None, None, None, None, None)


class Surroundings:
    """Strong clusters near a claim, on the map of relatedness and on the ground."""

    def __init__(self, lookup: Lookup, rule: ClaimRule) -> None:
        self._lookup, self._rule = lookup, rule
        self._here: dict[tuple[str, str, str, str], tuple[NearbyCluster, ...]] = {}
        self._near: dict[tuple[str, str, str, str], tuple[NearbyRegion, ...]] = {}

    def strong_here(self, key: Wanted) -> tuple[NearbyCluster, ...]:
        """Return the strong clusters of the region, the most related to the claimed one first.

        Skills, supply and co-location stay apart. Where the release knows no relatedness of the
        definition, the most concentrated come first.
        """
        place = key[:4]
        if place not in self._here:
            self._here[place] = self._find_here(key)
        return self._here[place]

    def strong_near(self, key: Wanted) -> tuple[NearbyRegion, ...]:
        """Return the nearest regions of the scheme where the claimed cluster is strong."""
        place = key[:4]
        if place not in self._near:
            self._near[place] = self._find_near(key)
        return self._near[place]

    def _map(self, key: Wanted) -> StrongMap:
        return strong_map(self._lookup.release, key.scheme, key.definition, self._rule)

    def _find_here(self, key: Wanted) -> tuple[NearbyCluster, ...]:
        known = relations(self._lookup.release, key.definition)

        def relation(other: StrongCluster) -> Relation:
            return known.get((key.cluster, other.cluster), _NOTHING)

        def order(other: StrongCluster) -> tuple[float, float]:
            return (-_or_least(relation(other).composite), -_or_least(other.location_quotient))

        others = [
            each
            for each in self._map(key).by_region.get(key.region, ())
            if each.cluster != key.cluster
        ]
        names = self._lookup.clusters(key.definition)
        return tuple(
            NearbyCluster(
                each.cluster,
                names[each.cluster].name,
                each.employment,
                each.location_quotient,
                each.probability_strong,
                relation(each).percentile,
                relation(each).occupations,
                relation(each).input_output,
                relation(each).colocation,
            )
            for each in sorted(others, key=order)[:STRONG_HERE]
        )

    def _find_near(self, key: Wanted) -> tuple[NearbyRegion, ...]:
        regions = self._lookup.regions(key.scheme)
        strong = {each.region: each for each in self._map(key).by_cluster.get(key.cluster, ())}
        places = [regions[code] for code in strong if code in regions]
        found = []
        for away, place in nearest(regions[key.region], places)[:STRONG_NEAR]:
            if away > FARTHEST:
                break
            row = strong[place.region]
            found.append(
                NearbyRegion(
                    place.scheme,
                    place.region,
                    place.name,
                    away,
                    row.employment,
                    row.location_quotient,
                    row.probability_strong,
                )
            )
        return tuple(found)


def _or_least(value: float | None) -> float:
    return float("-inf") if value is None else value
