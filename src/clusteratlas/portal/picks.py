"""What is shown when a visitor has not chosen: the scheme, cluster and examples to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusteratlas.atlas import DefinitionInfo, Region, RegionalCluster, Release, SchemeInfo
from clusteratlas.portal import words

PREFERRED_SCHEMES = ("us-cbsa", "nuts-2")
FEATURED = {"us-benchmark-2014": "23", "nace-divisions": "C29"}
"""The cluster that speaks first for a definition: well known, large and almost wholly reported."""

FEATURED_LEAST_SHARE = 0.01
LARGE = 10_000
NOTABLE = 1_000
MOST_LOOKED_AT = 3_000


def default_scheme(release: Release, definition: str | None = None) -> SchemeInfo:
    """Return the scheme to show first: metro areas or NUTS 2, else the one with most regions."""
    able = [
        scheme
        for scheme in release.manifest.schemes
        if definition is None or definition in scheme.definitions
    ]
    preferred = [scheme for name in PREFERRED_SCHEMES for scheme in able if scheme.scheme == name]
    return preferred[0] if preferred else max(able, key=lambda scheme: scheme.regions)


def default_schemes(release: Release) -> list[SchemeInfo]:
    """Return the scheme to show first of each country group."""
    groups = dict.fromkeys(scheme.country_group for scheme in release.manifest.schemes)
    found = []
    for group in groups:
        able = [each for each in release.manifest.schemes if each.country_group == group]
        preferred = [each for name in PREFERRED_SCHEMES for each in able if each.scheme == name]
        found.append(preferred[0] if preferred else max(able, key=lambda each: each.regions))
    return found


def featured_cluster(release: Release, scheme: SchemeInfo, definition: str, year: int) -> str:
    """Return the cluster to show first: a chosen one, else a large one in few strong regions."""
    if any(each.cluster == FEATURED.get(definition) for each in release.clusters(definition)):
        return FEATURED[definition]
    profiles = release.cluster_profiles(scheme.scheme, year, definition)
    large = [
        profile
        for profile in profiles
        if profile.traded is not False and (profile.share_of_reference or 0) >= FEATURED_LEAST_SHARE
    ]
    ranked = [each for each in large if each.share_in_strong_regions is not None]
    if ranked:
        ranked.sort(key=lambda each: -(each.share_in_strong_regions or 0))
        return ranked[0].cluster
    return (large or profiles)[0].cluster


def examples(
    release: Release, scheme: SchemeInfo, definition: str, year: int, number: int
) -> list[RegionalCluster]:
    """Return the most specialised large regional clusters, one for each region and cluster."""
    rows = release.regional_clusters(
        scheme.scheme,
        year=year,
        definition=definition,
        order="location_quotient",
        traded=True if release.definition(definition).traded_split else None,
        limit=MOST_LOOKED_AT,
    )
    found: list[RegionalCluster] = []
    regions: set[str] = set()
    clusters: set[str] = set()
    for row in rows:
        if row.traded is False or (row.employment or 0) < LARGE or not row.strong:
            continue
        if row.region in regions or row.cluster in clusters:
            continue
        regions.add(row.region)
        clusters.add(row.cluster)
        found.append(row)
        if len(found) == number:
            break
    return found


def group_title(definition: DefinitionInfo, traded: bool | None) -> str:
    """Return the heading over the clusters of one kind."""
    said = words.word(definition.group_words)
    if traded is None:
        return capfirst(said)
    if traded:
        return _("Traded %(groups)s") % {"groups": said}
    return _("Local %(groups)s") % {"groups": said}


def spoken_for(rows: Sequence[RegionalCluster]) -> list[RegionalCluster]:
    """Return the rows that stand for a cluster: strong and notable, else strong, else all known."""
    known = [row for row in rows if row.location_quotient is not None]
    strong = [row for row in known if row.strong]
    notable = [row for row in strong if (row.employment or 0) >= NOTABLE]
    return notable or strong or known


def reference_region(release: Release, scheme: SchemeInfo) -> Region | None:
    """Return the one region that is the reference area, if it is one."""
    regions = release.regions(scheme.reference_scheme)
    return regions[0] if len(regions) == 1 else None
