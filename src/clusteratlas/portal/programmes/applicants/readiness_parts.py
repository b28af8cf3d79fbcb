"""Where readiness hooks in: open calls on a programme's page, applicants on the page of work."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.applicants import applying
from clusteratlas.portal.programmes.blocks import ManageLink, block, manage_link
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.register import Programme as Document


@block(order=5)
def open_calls(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Calls that one can apply to, with where to apply."""
    calls = applying.open_calls(row)
    if not calls:
        return None
    content = {"calls": calls, "apply": addresses.programme(row.slug, "apply/")}
    return render_to_string("programmes/_open_calls.html", content, request)


@manage_link(order=20)
def applicants(request: AtlasRequest, row: Programme) -> ManageLink | None:
    """Who applies."""
    waiting = row.applications.filter(state=applying.State.HANDED_IN).count()
    told = ngettext(
        "%(waiting)s application waits for a decision.",
        "%(waiting)s applications wait for a decision.",
        waiting,
    ) % {"waiting": figures.whole(waiting)}
    return ManageLink(_("Look at the applicants"), addresses.applicant(row.slug), told)


@manage_link(order=21)
def portfolio(request: AtlasRequest, row: Programme) -> ManageLink | None:
    """Whom to fund under a budget."""
    if not row.applications.filter(state=applying.State.HANDED_IN).exists():
        return None
    told = _("The best set under a budget, and who flips when a threshold or weight moves.")
    return ManageLink(_("Choose whom to fund"), addresses.portfolio(row.slug), told)
