"""The app of operations."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Jobs, usage figures and what the administrator looks after."""

    name = "clusteratlas.portal.operations"
    label = "operations"
