"""The app of programmes."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

PARTS = (
    "scopes",
    "own_data",
    "register.award_block",
    "register.fact_block",
    "register.money_block",
    "register.overview_part",
    "applicants.readiness_parts",
    "account.block",
    "effects.block",
    "effects.keeping",
)
"""Modules that declare something by being imported: scopes, blocks, entries, kinds of jobs."""


class ProgrammesConfig(AppConfig):
    """Programmes, their applicants, logs and effects."""

    name = "clusteratlas.portal.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Teach the gate what the addresses name, and the two pages what each area shows there."""
        for module in PARTS:
            import_module(f"{self.name}.{module}")
