"""The addresses at which organisations are tied to the map."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.organised import coverage_page, partners_page
from clusteratlas.portal.routes import table

_ONE = "organisations/<slug:organisation>/"

patterns: list[URLPattern] = [
    path("organisations/coverage/", coverage_page.coverage_page),
    *table("organisations/coverage/table", coverage_page.coverage_table),
    *table("organisations/coverage/overlaps", coverage_page.overlaps_table),
    path(f"{_ONE}partners/", partners_page.partners_page),
]
