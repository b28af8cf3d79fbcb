"""The addresses of the registry."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.registry import listing, profile_page
from clusteratlas.portal.routes import table

_ONE = "organisations/<slug:organisation>/"

patterns: list[URLPattern] = [
    path("organisations/", listing.listing_page),
    *table("organisations/table", listing.listing_table),
    path(_ONE, profile_page.profile_page),
    path(f"{_ONE}versions/", profile_page.versions_page),
]
