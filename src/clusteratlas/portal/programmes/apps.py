"""The app of programmes."""

from __future__ import annotations

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Programmes, their applicants, logs and effects."""

    name = "clusteratlas.portal.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Teach the gate what the addresses name, and accounts what belongs to a person."""
        from clusteratlas.portal.programmes import (  # noqa: PLC0415
            overview_part,  # noqa: F401
            own_data,  # noqa: F401
            scopes,  # noqa: F401
        )
        from clusteratlas.portal.programmes.effects import block, keeping  # noqa: F401, PLC0415
