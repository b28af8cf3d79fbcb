"""The addresses of programmes."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.programmes import programme_page, register_page

_ONE = "programmes/<slug:programme>/"

patterns: list[URLPattern] = [
    path("programmes/", register_page.register_page),
    path(_ONE, programme_page.programme_page),
    path(f"{_ONE}manage/", programme_page.manage_page),
]
