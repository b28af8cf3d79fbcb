"""The addresses of operations."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.operations import job_page

patterns: list[URLPattern] = [
    path("jobs/<int:job>/", job_page.job_page),
    path("jobs/<int:job>/stop/", job_page.stop_job),
]
