"""What the addresses of the registry name, for the gate of rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import Named, scope


@scope("organisation")
def _organisation(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    found = Organisation.objects.filter(slug=values["organisation"]).first()
    if found is None:
        return None
    return Named((found.pk,), found.is_public)
