"""How was this computed: every formula, every status, every source of the release."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Provenance
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.frame import page


@require_safe
def methods_page(request: AtlasRequest) -> HttpResponse:
    """Show the methods and the sources of the release."""
    release = request.release
    partly = [
        region
        for scheme in release.manifest.schemes
        for region in release.regions(scheme.scheme)
        if region.coverage is not None and region.coverage < 0.9995
    ]
    return page(
        request,
        "methods.html",
        section="methods",
        manifest=release.manifest,
        sources=release.provenance("employment"),
        partly=partly,
    )


@require_safe
def provenance_table(request: AtlasRequest) -> HttpResponse:
    """Give the provenance of every table as CSV."""
    release = request.release
    rows = [
        row
        for file in sorted(release.manifest.files)
        for row in release.provenance(file.removesuffix(".parquet"))
    ]
    return table_answer(
        request,
        rows,
        name="provenance",
        title=_("Where the figures of each table come from"),
        source="Cluster Atlas",
        kind=Provenance,
    )
