"""The addresses of evidence."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.evidence import (
    effect_page,
    growth_page,
    library_page,
    own_page,
    programme_block,  # noqa: F401 - declares its part of the programme's page
    return_page,
)
from clusteratlas.portal.routes import table

_LIBRARY = "programmes/evidence/"

patterns: list[URLPattern] = [
    path(_LIBRARY, library_page.library_page),
    *table(f"{_LIBRARY}effects", library_page.effects_table),
    path(f"{_LIBRARY}own/", own_page.own_page),
    path(f"{_LIBRARY}own/forget/", own_page.forget_page),
    path(f"{_LIBRARY}<slug:effect>/", effect_page.effect_page),
    path("programmes/growth/", growth_page.growth_page),
    *table("programmes/growth/table", growth_page.growth_table),
    path("programmes/<slug:programme>/return/", return_page.return_page),
]
