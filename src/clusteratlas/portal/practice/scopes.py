"""What the addresses of the library name, for the gate of rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.rights import Named, scope


@scope("entry")
def _entry(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    found = Entry.objects.filter(slug=values["entry"]).first()
    if found is None:
        return None
    return Named(
        (found.organisation_id,) if found.organisation_id else (),
        people=(found.author_id,) if found.author_id else (),
        public=False,
    )
