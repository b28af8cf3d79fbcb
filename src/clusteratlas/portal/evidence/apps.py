"""The app of evidence."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Published effects that a site adds to the library."""

    name = "clusteratlas.portal.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Tell accounts what belongs to a person."""
        from clusteratlas.portal.evidence import own_data  # noqa: F401, PLC0415
