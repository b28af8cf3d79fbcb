"""What all pages share: the frame round their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clusteratlas.atlas import Release
from clusteratlas.portal import words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import at

LONGEST_ADDRESS = 500
"""Of an address longer than this, a feedback message carries the path alone."""

SECRETS = {"key", "invitation"}
"""Places of addresses that open something to whoever has them: no message carries those."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation or the footer."""

    section: str
    label: str
    href: str


def page(
    request: AtlasRequest, template: str, *, section: str = "", **content: Any
) -> HttpResponse:
    """Render a page. ``section`` is the entry of the main navigation that it belongs to."""
    return render(
        request,
        template,
        {"section": section, "release": request.release, "query": "", **content},
    )


def form_page(
    request: AtlasRequest, template: str, *, section: str = "", **content: Any
) -> HttpResponse:
    """Render a form again with what is wrong in it, as status 422."""
    response = page(request, template, section=section, **content)
    response.status_code = 422
    cast(Any, response).explained = True
    return response


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every page shows, also round a refusal."""
    release: Release | None = getattr(request, "release", None)
    return {
        "release": release,
        "navigation": navigation(),
        "held": _held(release) if release else [],
        "feedback": _feedback(request, release),
    }


def navigation() -> list[Entry]:
    """Return the entries of the main navigation."""
    entries = (
        ("map", _("Map"), "/map/"),
        ("regions", _("Regions"), "/regions/"),
        ("clusters", _("Clusters"), "/clusters/"),
        ("compare", _("Compare"), "/compare/"),
        ("build", _("Build"), "/builder/"),
        ("organisations", _("Organisations"), "/organisations/"),
        ("programmes", _("Programmes"), "/programmes/"),
        ("learn", _("Learn"), "/learn/"),
        ("account", _("Account"), "/account/"),
    )
    return [Entry(section, label, at(path)) for section, label, path in entries]


def _held(release: Release) -> list[tuple[str, str]]:
    """The latest year of each country group, for the line that says how old the figures are."""
    latest: dict[str, int] = {}
    for scheme in release.manifest.schemes:
        group = scheme.country_group
        latest[group] = max(latest.get(group, 0), scheme.years[-1])
    return [(words.word(group), str(year)) for group, year in latest.items()]


def _feedback(request: HttpRequest, release: Release | None) -> str:
    """The address of a message about this view; empty where nobody is there to read it."""
    if not settings.FEEDBACK_ADDRESS:
        return ""
    match = request.resolver_match
    secret = match is not None and not SECRETS.isdisjoint(match.kwargs)
    try:
        address = request.build_absolute_uri(at("/") if secret else None)
    except DisallowedHost:
        return ""
    if len(address) > LONGEST_ADDRESS:
        address = request.build_absolute_uri(request.path)[:LONGEST_ADDRESS]
    body = _("View: %(address)s\nRelease: %(release)s\n\nWhat is wrong or missing:\n") % {
        "address": address,
        "release": release.id if release else "",
    }
    told = urlencode({"subject": _("About a page of Cluster Atlas"), "body": body}, quote_via=quote)
    return f"mailto:{settings.FEEDBACK_ADDRESS}?{told}"
