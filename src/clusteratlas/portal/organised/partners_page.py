"""Whom to meet: the partners suggested to an organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.matching.records import Switches, Wanted
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.organised.partners_block import partners_of
from clusteratlas.portal.pages.asking import Choice, asked_word
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry import addresses
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.shelf import published
from clusteratlas.portal.rights import needs

LIMIT = 20
KINDS = tuple(each.value for each in Wanted)


@needs("see_organisation")
@require_safe
def partners_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show the partners suggested to an organisation, by what kind is asked for."""
    row = Organisation.objects.get(slug=organisation)
    shelf = published()
    switches = asked_switches(request)
    asking = organisation if organisation in shelf.by_slug else row.public_profile or row.profile
    return page(
        request,
        "organised/partners.html",
        section="organisations",
        organisation=row,
        found=partners_of(
            asking,
            shelf,
            request.release,
            limit=LIMIT,
            switches=switches,
            asks_as=organisation if row.is_public else "",
        ),
        choices=_choices(switches),
        partners_too=switches.partners,
        here=addresses.organisation(organisation, "partners/"),
        api=addresses.by_api(organisation, "/partners") if row.is_public else "",
        source=_("what the organisations say of themselves, and the figures of the release"),
    )


def asked_switches(request: AtlasRequest) -> Switches:
    """Return what kind of partner the address asks for."""
    return Switches(
        Wanted(asked_word(request, "field", KINDS, "any")),
        Wanted(asked_word(request, "country", KINDS, "any")),
        asked_word(request, "partners", ("no", "too"), "no") == "too",
    )


def _choices(switches: Switches) -> list[dict[str, Any]]:
    fields = {
        "any": _("any field"),
        "cross": _("other fields only"),
        "same": _("a common field only"),
    }
    borders = {
        "any": _("any country"),
        "cross": _("other countries only"),
        "same": _("the same country only"),
    }
    return [
        {
            "name": name,
            "label": label,
            "choices": [
                Choice(value, words, value == chosen.value) for value, words in said.items()
            ],
        }
        for name, label, said, chosen in (
            ("field", _("Field"), fields, switches.sector),
            ("country", _("Country"), borders, switches.border),
        )
    ]
