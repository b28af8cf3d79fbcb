"""All published organisations with their whole profiles, as files that can be taken in again."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.organisations import bytes_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.registry.asked import asked_of, found
from clusteratlas.portal.registry.manage_page import ENDINGS
from clusteratlas.portal.registry.shelf import published
from clusteratlas.portal.rights import needs


@needs("read")
@require_safe
def export_file(request: AtlasRequest, ending: str) -> HttpResponse:
    """Give the organisations that pass the filters, without contacts that gave no consent."""
    listed = found(published(), asked_of(request))
    body = bytes_of([each.profile for each in listed], ending)
    response = HttpResponse(body, content_type=ENDINGS[ending])
    name = f'attachment; filename="cluster-atlas-organisations.{ending}"'
    response.headers["Content-Disposition"] = name
    return response
