"""What the addresses of operations name, for the gate of rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.rights import Named, scope


@scope("job")
def _job(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    found = Job.objects.filter(pk=values["job"]).first()
    if found is None:
        return None
    return Named(
        (found.organisation_id,) if found.organisation_id else (),
        people=(found.person_id,) if found.person_id else (),
    )
