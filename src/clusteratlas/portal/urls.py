"""Every address of the portal."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, path

from clusteratlas.portal.accounts import routes as accounts
from clusteratlas.portal.api import api
from clusteratlas.portal.benchmarking import routes as benchmarking
from clusteratlas.portal.evidence import routes as evidence
from clusteratlas.portal.meetings import routes as meetings
from clusteratlas.portal.operations import routes as operations
from clusteratlas.portal.organised import routes as organised
from clusteratlas.portal.pages import (
    api_guide,
    builder,
    builder_profile,
    cite,
    cluster,
    clusters_detail,
    compare_clusters,
    compare_regions,
    definition_compare,
    derivation,
    downloads,
    embed,
    explorer,
    former,
    glossary_page,
    health,
    home,
    learn,
    lists,
    local,
    mechanisms,
    methods,
    network,
    options,
    own_definition,
    rankings,
    region,
    region_cluster,
    region_indicators,
    region_report,
    related,
    releases_page,
    robots,
    search,
    skills,
    trust,
)
from clusteratlas.portal.practice import routes as practice
from clusteratlas.portal.programmes import routes as programmes
from clusteratlas.portal.registry import routes as registry
from clusteratlas.portal.rights import guarded_by_itself, open_to_all
from clusteratlas.portal.routes import table

_IN_REGION = "regions/<str:scheme>/<str:region>/"
_CLUSTER_IN_REGION = f"{_IN_REGION}clusters/<str:cluster>/"
_CLUSTER = "clusters/<str:definition>/<str:cluster>/"

_pages = [
    path("", home.home_page),
    path("map/", explorer.map_page),
    *table("map/table", explorer.map_table),
    path("map/cards.json", explorer.map_cards),
    path("regions/", lists.schemes_page),
    *table("regions/<str:scheme>", lists.regions_table),
    path("regions/<str:scheme>/", lists.regions_page),
    path(_IN_REGION, region.region_page),
    path(f"{_IN_REGION}report.pdf", region_report.region_pdf),
    *table(f"{_IN_REGION}clusters", region.region_table),
    *table(f"{_IN_REGION}indicators", region_indicators.region_indicators_table),
    path(f"{_IN_REGION}options/", options.options_page),
    *table(f"{_IN_REGION}options", options.options_table),
    *table(f"{_IN_REGION}options-skill", options.skill_table),
    *table(f"{_IN_REGION}peers", options.peers_table),
    *table(f"{_IN_REGION}occupations", skills.occupations_table),
    *table(f"{_IN_REGION}skill-gaps", skills.gaps_table),
    path(f"{_IN_REGION}derivation/", derivation.derivations_page),
    path(f"{_IN_REGION}derivation/<str:figure>/", derivation.derivation_page),
    path(_CLUSTER_IN_REGION, region_cluster.region_cluster_page),
    *table(f"{_CLUSTER_IN_REGION}industries", region_cluster.industries_table),
    *table(f"{_CLUSTER_IN_REGION}subclusters", region_cluster.subclusters_table),
    path("builder/", builder.builder_home),
    path("builder/<str:scheme>/", builder.builder_page),
    path("builder/<str:scheme>/profile/", builder_profile.union_page),
    *table("builder/<str:scheme>/clusters", builder_profile.union_table),
    path("clusters/", lists.definitions_page),
    *table("clusters/<str:definition>", lists.clusters_table),
    path("clusters/<str:definition>/", lists.clusters_page),
    path("detail/clusters/<str:definition>/", clusters_detail.clusters_detail_page),
    path(_CLUSTER, cluster.cluster_page),
    *table(f"{_CLUSTER}regions", cluster.cluster_table),
    *table(f"{_CLUSTER}related", related.related_table),
    *table(f"{_CLUSTER}mechanisms", mechanisms.mechanisms_table),
    path("definitions/own/", own_definition.own_page),
    path("definitions/own/definition.csv", own_definition.own_file),
    *table("definitions/own/changes", own_definition.own_changes),
    *table(f"{_CLUSTER}local", local.local_table),
    path("definitions/compare", definition_compare.compare_page),
    *table("definitions/compare", definition_compare.moved_table),
    path("compare/", compare_regions.first_page),
    path("compare/regions/", compare_regions.compare_page),
    *table("compare/regions/table", compare_regions.compare_table),
    path("compare/clusters/", compare_clusters.compare_page),
    *table("compare/clusters/table", compare_clusters.compare_table),
    path("network/<str:definition>/", network.network_page),
    *table("network/<str:definition>/links", network.network_table),
    path("rankings/regions/", rankings.regions_ranked),
    *table("rankings/regions/table", rankings.regions_table),
    path("rankings/clusters/", rankings.clusters_ranked),
    *table("rankings/clusters/table", rankings.clusters_table),
    path("industries/<str:code>/", former.industry_page),
    path("search/", search.search_page),
    path("search/suggest/", search.suggestions),
    path("learn/", learn.learn_page),
    path("learn/glossary/", glossary_page.glossary_page),
    path("learn/data-quality/", trust.quality_page),
    *table("learn/data-quality", trust.quality_table),
    path("learn/<str:name>/", learn.primer_page),
    path("sources/", trust.sources_page),
    path("releases/", releases_page.releases_page),
    path("releases/feed.atom", releases_page.releases_feed),
    path("accessibility/", trust.accessibility_page),
    path("methods/", methods.methods_page),
    *table("methods/provenance", methods.provenance_table),
    path("download/", downloads.download_page),
    path("cite/", cite.cite_page),
    path("embed/", embed.embed_page),
    path("embed/figure/<path:view>", embed.figure_page),
    path("api/", api_guide.api_page),
    path("api/call/", api_guide.api_call),
]

_plain = [
    path("healthz", health.health),
    path("readyz", health.readiness),
    path("robots.txt", robots.robots),
    path("download/<str:release>/<str:file>", downloads.release_file),
]
_people: list[URLPattern] = [
    *accounts.patterns,
    *organised.patterns,
    *registry.patterns,
    *meetings.patterns,
    *practice.patterns,
    *benchmarking.patterns,
    *evidence.patterns,
    *programmes.patterns,
    *operations.patterns,
]
"""Pages of accounts, organisations and meetings: each view declares who may call it."""

urlpatterns = [
    guarded_by_itself(path("api/v1/", api.urls)),
    *open_to_all(_plain),
    # English stands at the plain address, other languages under /de/, /fr/ and /es/.
    *i18n_patterns(*open_to_all(_pages), *_people, prefix_default_language=False),
]

handler400 = "clusteratlas.portal.errors.bad_request"
handler404 = "clusteratlas.portal.errors.not_found"
handler500 = "clusteratlas.portal.errors.broken"
