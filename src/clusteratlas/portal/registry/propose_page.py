"""Begin an organisation: its name and where it is; everything else follows in the form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusteratlas.atlas.search import folded
from clusteratlas.organisations.json_form import profile_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import addresses, keeping, people
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.registry.form.shown_form import said
from clusteratlas.portal.registry.form.typed import FormFault
from clusteratlas.portal.registry.form.written import country_or_language
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import needs

MOST_UNPUBLISHED = 20
"""Organisations that one person may have begun and not yet seen published."""


@needs("propose")
@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: AtlasRequest) -> HttpResponse:
    """Take the name of a new organisation; one of the same name that is there is shown first."""
    if request.method != "POST":
        return page(request, "registry/propose.html", section="organisations")
    name = request.POST.get("name", "").replace("\x00", "").strip()
    country = request.POST.get("country", "").replace("\x00", "").strip()
    code = country_or_language("country", country) if country else ""
    profile, faults = profile_of({"name": name, "country": code})
    problems = {each.column: said(_fault(each)) for each in faults}
    begun = Organisation.objects.filter(
        memberships__user=person_of(request), published=None
    ).count()
    if begun >= MOST_UNPUBLISHED:
        problems["name"] = _("You have begun many organisations; finish one of them first.")
    alike = [
        (each, people.has_owner(each))
        for each in Organisation.objects.exclude(published=None)
        if folded(each.name) == folded(name) and each.is_public
    ]
    if problems or profile is None or (alike and not request.POST.get("another")):
        return form_page(
            request,
            "registry/propose.html",
            section="organisations",
            problems=problems,
            alike=alike,
            name=name,
            country=country,
        )
    row = keeping.propose(profile, person_of(request))
    messages.success(request, _("%(name)s is begun; only you see it.") % {"name": row.name})
    return redirect(addresses.organisation(row.slug, "edit/"))


def _fault(fault: object) -> FormFault:
    return FormFault(
        getattr(fault, "column", ""),
        getattr(fault, "problem", ""),
        getattr(fault, "value", "")[:80],
        getattr(fault, "hint", ""),
    )
