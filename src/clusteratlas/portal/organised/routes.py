"""The addresses at which organisations are tied to the map."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.organised import partners_page

_ONE = "organisations/<slug:organisation>/"

patterns: list[URLPattern] = [
    path(f"{_ONE}partners/", partners_page.partners_page),
]
