"""The app of meetings."""

from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Requests for contact, events and their timetables."""

    name = "clusteratlas.portal.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Teach the gate what addresses name, and register the work on timetables."""
        from clusteratlas.portal.meetings import (  # noqa: F401, PLC0415
            overview_part,
            own_data,
            planning,
            scopes,
        )
