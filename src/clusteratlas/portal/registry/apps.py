"""The app of the registry."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Organisations, their people and every version of their profiles."""

    name = "clusteratlas.portal.registry"
    label = "registry"

    def ready(self) -> None:
        """Teach the gate what the addresses of the registry name."""
        from clusteratlas.portal.registry import scopes  # noqa: F401, PLC0415
