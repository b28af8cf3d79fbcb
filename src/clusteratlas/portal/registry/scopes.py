"""What the addresses of the registry name, for the gate of rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clusteratlas.portal.registry.models import Invitation, Organisation
from clusteratlas.portal.registry.people import digest_of
from clusteratlas.portal.rights import Named, scope


@scope("organisation")
def _organisation(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    found = Organisation.objects.filter(slug=values["organisation"]).first()
    if found is None:
        return None
    return Named((found.pk,), found.is_public)


@scope("invitation")
def _invitation(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    found = Invitation.objects.filter(digest=digest_of(values["invitation"])).first()
    if found is None or not found.is_open:
        return None
    user: Any = request.user
    mine = user.is_authenticated and user.email == found.email
    return Named(people=(user.pk,) if mine else ())
