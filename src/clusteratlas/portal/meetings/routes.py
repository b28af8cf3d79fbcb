"""The addresses of meetings."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.meetings import contact_pages
from clusteratlas.portal.routes import table

_CONTACT = "requests/<int:contact>/"

patterns: list[URLPattern] = [
    path("requests/", contact_pages.requests_page),
    path("requests/new/", contact_pages.ask_page),
    path("requests/outcomes/", contact_pages.outcomes_page),
    *table("requests/outcomes", contact_pages.outcomes_table),
    path("requests/blocked/<slug:organisation>/", contact_pages.blocked_page),
    path(_CONTACT, contact_pages.request_page),
    path(f"{_CONTACT}follow-up/", contact_pages.follow_up),
    path(f"{_CONTACT}follow-up/<int:report>/<slug:verdict>/", contact_pages.judge),
    path(f"{_CONTACT}block/", contact_pages.block_other),
    path(f"{_CONTACT}<slug:step>/", contact_pages.step),
]
