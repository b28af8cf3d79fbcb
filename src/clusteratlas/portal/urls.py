"""Every address of the portal."""

from __future__ import annotations

from django.urls import path

from clusteratlas.portal.api import api
from clusteratlas.portal.pages import (
    api_guide,
    cluster,
    explorer,
    health,
    home,
    lists,
    methods,
    region,
    region_cluster,
    region_indicators,
    search,
)

_IN_REGION = "regions/<str:scheme>/<str:region>/"
_CLUSTER_IN_REGION = f"{_IN_REGION}clusters/<str:cluster>/"
_CLUSTER = "clusters/<str:definition>/<str:cluster>/"

urlpatterns = [
    path("", home.home_page),
    path("map/", explorer.map_page),
    path("map/table.csv", explorer.map_table),
    path("regions/", lists.schemes_page),
    path("regions/<str:scheme>.csv", lists.regions_table),
    path("regions/<str:scheme>/", lists.regions_page),
    path(_IN_REGION, region.region_page),
    path(f"{_IN_REGION}clusters.csv", region.region_table),
    path(f"{_IN_REGION}indicators.csv", region_indicators.region_indicators_table),
    path(_CLUSTER_IN_REGION, region_cluster.region_cluster_page),
    path(f"{_CLUSTER_IN_REGION}industries.csv", region_cluster.industries_table),
    path(f"{_CLUSTER_IN_REGION}subclusters.csv", region_cluster.subclusters_table),
    path("clusters/", lists.definitions_page),
    path("clusters/<str:definition>.csv", lists.clusters_table),
    path("clusters/<str:definition>/", lists.clusters_page),
    path(_CLUSTER, cluster.cluster_page),
    path(f"{_CLUSTER}regions.csv", cluster.cluster_table),
    path("search/", search.search_page),
    path("search/suggest/", search.suggestions),
    path("methods/", methods.methods_page),
    path("methods/provenance.csv", methods.provenance_table),
    path("api/", api_guide.api_page),
    path("api/v1/", api.urls),
    path("healthz", health.health),
]

handler400 = "clusteratlas.portal.errors.bad_request"
handler404 = "clusteratlas.portal.errors.not_found"
handler500 = "clusteratlas.portal.errors.broken"
