"""What the pages of a programme show of its effects."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import ManageLink, block, manage_link
from clusteratlas.portal.programmes.effects.pages import published_studies
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.register import Programme as Document

MOST_SHOWN = 3


@block(order=40)
def effects_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Show the newest published studies in a sentence for each outcome."""
    studies = published_studies(row)[:MOST_SHOWN]
    if not studies:
        return None
    content = {"studies": studies, "base": addresses.programme(row.slug, "effects/")}
    return render_to_string("programmes/_effects_block.html", content, request=request)


@manage_link(order=40)
def effects_link(request: AtlasRequest, row: Programme) -> ManageLink:
    """Lead to the studies."""
    count = row.studies.count()
    said = ngettext("%(count)s study so far.", "%(count)s studies so far.", count)
    return ManageLink(
        _("Find out what it changed"),
        addresses.programme(row.slug, "effects/manage/"),
        said % {"count": count},
    )
