"""The addresses of benchmarking."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.benchmarking import (
    overview_page,
    public_pages,
    round_pages,
    table_pages,
    what_if_page,
)
from clusteratlas.portal.routes import table

_OWN = "organisations/<slug:organisation>/benchmark/"
_ROUND = f"{_OWN}rounds/<int:assessment>/"
_SCHEME = "benchmarking/<slug:questionnaire>/"

patterns: list[URLPattern] = [
    path("benchmarking/", public_pages.schemes_page),
    path(_SCHEME, public_pages.scheme_page),
    *table(f"{_SCHEME}indicators", public_pages.indicators_table),
    *table(f"{_SCHEME}peers", public_pages.peers_table),
    path(_OWN, overview_page.overview_page),
    path(f"{_OWN}what-if/", what_if_page.what_if_page),
    path(f"{_OWN}begin/", round_pages.begin),
    path(f"{_OWN}share/", round_pages.share),
    *table(f"{_OWN}positions", table_pages.positions_table),
    *table(f"{_OWN}gaps", table_pages.gaps_table),
    *table(f"{_OWN}drift", table_pages.drift_table),
    *table(f"{_OWN}differences", table_pages.differences_table),
    *table(f"{_OWN}health", table_pages.health_table),
    path(_ROUND, round_pages.round_page),
    path(f"{_ROUND}finish/", round_pages.finish),
    path(f"{_ROUND}drop/", round_pages.drop),
    path(f"{_ROUND}groups/<slug:group>/", round_pages.group_page),
]
