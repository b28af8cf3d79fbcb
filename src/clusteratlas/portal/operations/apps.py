"""The app of operations."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Jobs, usage figures and what the administrator looks after."""

    name = "clusteratlas.portal.operations"
    label = "operations"

    def ready(self) -> None:
        """Teach the gate what the addresses of operations name."""
        from clusteratlas.portal.operations import scopes  # noqa: F401, PLC0415
