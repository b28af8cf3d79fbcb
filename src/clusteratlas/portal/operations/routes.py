"""The addresses of operations."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.operations import job_page, usage_page
from clusteratlas.portal.routes import table

patterns: list[URLPattern] = [
    path("jobs/<int:job>/", job_page.job_page),
    path("jobs/<int:job>/stop/", job_page.stop_job),
    path("operations/usage/", usage_page.usage_page),
    *table("operations/usage", usage_page.usage_table),
]
