"""The app of benchmarking."""

from __future__ import annotations

from django.apps import AppConfig


class BenchmarkingConfig(AppConfig):
    """Self-assessments of organisations, and who agreed to share theirs."""

    name = "clusteratlas.portal.benchmarking"
    label = "benchmarking"

    def ready(self) -> None:
        """Teach accounts what belongs to a person."""
        from clusteratlas.portal.benchmarking import own_data  # noqa: F401, PLC0415
