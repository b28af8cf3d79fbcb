"""The report of a region to print or to hand on, as PDF."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal.citing import pinned
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import asked_view
from clusteratlas.portal.report import region_report


@require_safe
def region_pdf(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give the report of a region as PDF, in the language of the address."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    name = view.definition.definition
    profile = release.region_profile(scheme, region, view.year, name)
    rows = release.regional_clusters(scheme, region=region, year=view.year, definition=name)
    page = at(f"/regions/{scheme}/{region}/?year={view.year}")
    address = request.build_absolute_uri(pinned(page, release.id))
    made = region_report(release, view, place, profile, rows, address)
    response = HttpResponse(made, content_type="application/pdf")
    file = re.sub(r"[^A-Za-z0-9_.-]+", "-", f"cluster-atlas-{place.region}-{view.year}")
    response.headers["Content-Disposition"] = f'inline; filename="{file}.pdf"'
    return response
