"""The public page of a programme, and the page where those who run it work."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.programmes.blocks import blocks_of, links_of
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.rights import needs


def found_programme(slug: str) -> Programme:
    """Return a programme that the gate has found before."""
    return Programme.objects.get(slug=slug)


@needs("see_programme")
@require_safe
def programme_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show what everybody may read; before there is such a thing, the draft to who runs it."""
    row = found_programme(programme)
    public = row.public_document if row.is_public else None
    document = public or row.document
    return page(
        request,
        "programmes/programme.html",
        section="programmes",
        programme=row,
        document=document,
        public=public is not None,
        blocks=blocks_of(request, row, document),
    )


@needs("run_programme")
@require_safe
def manage_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show where a programme stands, and what those who run it can do."""
    row = found_programme(programme)
    return page(
        request,
        "programmes/manage.html",
        section="programmes",
        programme=row,
        document=row.document,
        links=links_of(request, row),
    )
