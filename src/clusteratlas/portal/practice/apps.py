"""The app of practice."""

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Documents, cases, news and events that organisations share."""

    name = "clusteratlas.portal.practice"
    label = "practice"
