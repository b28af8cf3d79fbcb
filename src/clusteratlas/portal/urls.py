"""Every address of the portal."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from clusteratlas.portal.api import api
from clusteratlas.portal.pages import (
    api_guide,
    cluster,
    definition_compare,
    explorer,
    glossary_page,
    health,
    home,
    lists,
    mechanisms,
    methods,
    network,
    options,
    region,
    region_cluster,
    region_indicators,
    related,
    search,
    skills,
)

_IN_REGION = "regions/<str:scheme>/<str:region>/"
_CLUSTER_IN_REGION = f"{_IN_REGION}clusters/<str:cluster>/"
_CLUSTER = "clusters/<str:definition>/<str:cluster>/"

_pages = [
    path("", home.home_page),
    path("map/", explorer.map_page),
    path("map/table.csv", explorer.map_table),
    path("regions/", lists.schemes_page),
    path("regions/<str:scheme>.csv", lists.regions_table),
    path("regions/<str:scheme>/", lists.regions_page),
    path(_IN_REGION, region.region_page),
    path(f"{_IN_REGION}clusters.csv", region.region_table),
    path(f"{_IN_REGION}indicators.csv", region_indicators.region_indicators_table),
    path(f"{_IN_REGION}options/", options.options_page),
    path(f"{_IN_REGION}options.csv", options.options_table),
    path(f"{_IN_REGION}options-skill.csv", options.skill_table),
    path(f"{_IN_REGION}peers.csv", options.peers_table),
    path(f"{_IN_REGION}occupations.csv", skills.occupations_table),
    path(f"{_IN_REGION}skill-gaps.csv", skills.gaps_table),
    path(_CLUSTER_IN_REGION, region_cluster.region_cluster_page),
    path(f"{_CLUSTER_IN_REGION}industries.csv", region_cluster.industries_table),
    path(f"{_CLUSTER_IN_REGION}subclusters.csv", region_cluster.subclusters_table),
    path("clusters/", lists.definitions_page),
    path("clusters/<str:definition>.csv", lists.clusters_table),
    path("clusters/<str:definition>/", lists.clusters_page),
    path(_CLUSTER, cluster.cluster_page),
    path(f"{_CLUSTER}regions.csv", cluster.cluster_table),
    path(f"{_CLUSTER}related.csv", related.related_table),
    path(f"{_CLUSTER}mechanisms.csv", mechanisms.mechanisms_table),
    path("definitions/compare", definition_compare.compare_page),
    path("definitions/compare.csv", definition_compare.moved_table),
    path("network/<str:definition>/", network.network_page),
    path("network/<str:definition>/links.csv", network.network_table),
    path("search/", search.search_page),
    path("search/suggest/", search.suggestions),
    path("learn/glossary/", glossary_page.glossary_page),
    path("methods/", methods.methods_page),
    path("methods/provenance.csv", methods.provenance_table),
    path("api/", api_guide.api_page),
]

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", health.health),
    # English stands at the plain address, other languages under /de/, /fr/ and /es/.
    *i18n_patterns(*_pages, prefix_default_language=False),
]

handler400 = "clusteratlas.portal.errors.bad_request"
handler404 = "clusteratlas.portal.errors.not_found"
handler500 = "clusteratlas.portal.errors.broken"
