"""Cite this: one view of the atlas as a reference that stays true."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal.citing import Citation, licence_of, pinned
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.embed import looked_at
from clusteratlas.portal.pages.frame import page


@require_safe
def cite_page(request: AtlasRequest) -> HttpResponse:
    """Show how a view is cited."""
    release = request.release
    shown = looked_at(request, request.GET.get("view", "") or "/")
    address = request.build_absolute_uri(pinned(shown.view, release.id))
    schemes = release.manifest.schemes
    named = [
        each
        for each in schemes
        if f"/{each.scheme}/" in shown.view or (f"scheme={each.scheme}" in shown.view)
    ]
    source = "; ".join(dict.fromkeys(each.source_line for each in named or schemes))
    citation = Citation(shown.title, source, release.id, address, licence_of(release))
    return page(request, "cite.html", citation=citation, view=shown.view)
