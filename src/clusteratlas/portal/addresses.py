"""Where each view lives: the whole state of a page stands in its address."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from urllib.parse import quote, urlencode

from clusteratlas.atlas import Hit
from clusteratlas.portal.language import at

named_release: ContextVar[str] = ContextVar("named_release", default="")
"""The release that the address being answered names; links lead to the same one."""


def with_query(path: str, **values: object) -> str:
    """Return the path with those values that are given, in the language spoken now.

    >>> with_query("/map/", scheme="us-cbsa", cluster=None, year=2021)
    '/map/?scheme=us-cbsa&year=2021'
    """
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if named_release.get():
        given["release"] = named_release.get()
    return f"{at(path)}?{urlencode(given, safe=',:')}" if given else at(path)


def region(
    scheme: str,
    region: str,
    *,
    year: int | None = None,
    definition: str | None = None,
    against: str | None = None,
    order: str | None = None,
    place: str = "",
) -> str:
    """Return the address of a region's page, or of a place on it."""
    path = f"/regions/{scheme}/{quote(region)}/"
    asked = with_query(path, year=year, definition=definition, against=against, order=order)
    return f"{asked}#{place}" if place else asked


def region_table(
    scheme: str, region: str, *, year: int | None = None, definition: str | None = None
) -> str:
    """Return the address of the CSV of all clusters of a region."""
    path = f"/regions/{scheme}/{quote(region)}/clusters.csv"
    return with_query(path, year=year, definition=definition)


def region_indicators(scheme: str, region: str) -> str:
    """Return the address of the CSV of the other figures of a region."""
    return at(f"/regions/{scheme}/{quote(region)}/indicators.csv")


def region_cluster(
    scheme: str,
    region: str,
    cluster: str,
    *,
    year: int | None = None,
    definition: str | None = None,
    table: str = "",
) -> str:
    """Return the address of a cluster within a region, or of one of its CSV tables."""
    path = f"/regions/{scheme}/{quote(region)}/clusters/{quote(cluster)}/{table}"
    return with_query(path, year=year, definition=definition)


def derivation(
    scheme: str,
    region: str,
    figure: str = "",
    *,
    year: int | None = None,
    definition: str | None = None,
    cluster: str | None = None,
) -> str:
    """Return where a figure is worked again step by step, or the list of all such figures."""
    path = f"/regions/{scheme}/{quote(region)}/derivation/{f'{figure}/' if figure else ''}"
    return with_query(path, year=year, definition=definition, cluster=cluster)


def cluster(
    definition: str,
    cluster: str,
    *,
    scheme: str | None = None,
    year: int | None = None,
    order: str | None = None,
    top: str | None = None,
    region: str | None = None,
    indicator: str | None = None,
    table: str = "",
) -> str:
    """Return the address of a cluster's page, or of one of its CSV tables.

    ``top`` is the ranking shown first, ``region`` the one that is looked at, ``indicator`` the
    other figure of the regions.
    """
    path = f"/clusters/{definition}/{quote(cluster)}/{table}"
    return with_query(
        path,
        scheme=scheme,
        year=year,
        order=order,
        top=top,
        region=region,
        indicator=indicator,
    )


def clusters_in_detail(
    definition: str, *, scheme: str | None = None, year: int | None = None
) -> str:
    """Return the address of wages, gains and shares of all clusters of a definition."""
    return with_query(f"/detail/clusters/{definition}/", scheme=scheme, year=year)


def explorer(
    scheme: str,
    cluster: str,
    *,
    measure: str | None = None,
    year: int | None = None,
    definition: str | None = None,
    order: str | None = None,
    table: str = "",
) -> str:
    """Return the address of a map, or of its CSV."""
    return with_query(
        f"/map/{table}",
        scheme=scheme,
        cluster=cluster,
        measure=measure,
        year=year,
        definition=definition,
        order=order,
    )


def network(
    definition: str,
    *,
    scheme: str | None = None,
    region: str | None = None,
    year: int | None = None,
    table: str = "",
) -> str:
    """Return the address of a definition's network, or of its CSV."""
    path = f"/network/{definition}/{table}"
    return with_query(path, scheme=scheme, region=region, year=year)


def options(scheme: str, region: str, *, year: int | None = None, table: str = "options/") -> str:
    """Return the address of what could come next in a region, or of one of its CSV tables."""
    return with_query(f"/regions/{scheme}/{quote(region)}/{table}", year=year)


def comparison(
    a: str | None = None,
    b: str | None = None,
    *,
    cluster: str | None = None,
    order: str | None = None,
    table: str = "",
) -> str:
    """Return the address of two definitions side by side, or of the CSV of what moved."""
    return with_query(f"/definitions/compare{table}", a=a, b=b, cluster=cluster, order=order)


def learn(name: str = "") -> str:
    """Return the address of a primer, or of the list of them."""
    return at(f"/learn/{name}/" if name else "/learn/")


def releases(before: str | None = None, after: str | None = None) -> str:
    """Return the address of what one release changed against another, or of their list."""
    return with_query("/releases/", **{"from": before, "to": after})


def of_hit(hit: Hit) -> str:
    """Return the page of something that the search found."""
    if hit.kind == "region":
        return region(hit.scheme, hit.code)
    return cluster(hit.definition, hit.code)


def compare_regions(
    regions: Iterable[str],
    *,
    scheme: str | None = None,
    year: int | None = None,
    definition: str | None = None,
    against: str | None = None,
    table: str = "",
) -> str:
    """Return the address of regions side by side, or of their CSV; each as code or scheme:code."""
    return with_query(
        f"/compare/regions/{table}",
        scheme=scheme,
        regions=",".join(regions),
        year=year,
        definition=definition,
        against=against,
    )


def compare_clusters(
    clusters: Iterable[str],
    *,
    definition: str | None = None,
    scheme: str | None = None,
    region: str | None = None,
    year: int | None = None,
    table: str = "",
) -> str:
    """Return the address of clusters side by side, over a scheme or within a region."""
    return with_query(
        f"/compare/clusters/{table}",
        definition=definition,
        clusters=",".join(clusters),
        scheme=scheme,
        region=region,
        year=year,
    )


def region_ranking(scheme: str, by: str, *, table: str = "", **more: object) -> str:
    """Return the address of regions ranked by a figure, or of its CSV."""
    return with_query(f"/rankings/regions/{table}", scheme=scheme, by=by, **more)


def cluster_ranking(definition: str, by: str, *, table: str = "", **more: object) -> str:
    """Return the address of clusters ranked by a figure, or of its CSV."""
    return with_query(f"/rankings/clusters/{table}", definition=definition, by=by, **more)
