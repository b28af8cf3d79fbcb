"""The app of practice."""

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Documents, cases, news and events that organisations share."""

    name = "clusteratlas.portal.practice"
    label = "practice"

    def ready(self) -> None:
        """Teach the gate what the addresses name, and accounts what belongs to a person."""
        from clusteratlas.portal.practice import own_data, scopes  # noqa: F401, PLC0415
