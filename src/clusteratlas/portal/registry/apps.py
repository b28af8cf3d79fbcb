"""The app of the registry."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Organisations, their people and every version of their profiles."""

    name = "clusteratlas.portal.registry"
    label = "registry"

    def ready(self) -> None:
        """Teach the gate what addresses name, and the account what is kept of its person."""
        from clusteratlas.portal.registry import (  # noqa: PLC0415
            overview_part,  # noqa: F401
            own_data,  # noqa: F401
            scopes,  # noqa: F401
        )
