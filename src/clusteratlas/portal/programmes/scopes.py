"""What the addresses of programmes name, for the gate of rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clusteratlas.portal.programmes.models import Application, Programme
from clusteratlas.portal.rights import Named, scope


@scope("programme")
def _programme(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    """Those who run it: editors of its organisation, and people named one by one."""
    found = Programme.objects.filter(slug=values["programme"]).first()
    if found is None:
        return None
    return Named(
        (found.organisation_id,) if found.organisation_id else (),
        public=found.is_public,
        people=tuple(found.runners.values_list("user_id", flat=True)),
    )


@scope("application")
def _application(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    """The organisation that applies; those who run the programme decide at an address of it."""
    found = Application.objects.filter(pk=values["application"]).first()
    return None if found is None else Named((found.organisation_id,))
