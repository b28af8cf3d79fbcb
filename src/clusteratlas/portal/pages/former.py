"""Addresses with codes of other vintages: on to today's page, or a page that names the heirs."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Release
from clusteratlas.atlas.former import (
    FormerIndustry,
    former_industry,
    former_region,
    homes_of_industry,
)
from clusteratlas.portal import addresses
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import REFERENCE
from clusteratlas.tables import CannotAnswer

WHERE = "/regions/{scheme}/{code}/"


def former_answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """Return the answer to an address of a region by a code that is gone; None for all others.

    A code that only changed leads on for good, with whatever stood behind it in the address.
    """
    release: Release | None = getattr(request, "release", None)
    found = request.resolver_match
    if release is None or found is None or not isinstance(error, CannotAnswer):
        return None
    scheme, code = found.kwargs.get("scheme"), found.kwargs.get("region")
    if not scheme or not code or not any(e.scheme == scheme for e in release.manifest.schemes):
        return None
    former = former_region(release, scheme, code)
    if former is None:
        return None
    if former.same:
        before, after = (
            WHERE.format(scheme=scheme, code=each) for each in (code, former.successors[0].region)
        )
        return _moved(request, escape_uri_path(request.path).replace(before, after, 1))
    return _page(
        request,
        _("The code %(code)s is not in use in these figures") % {"code": code},
        _(
            "What it stood for was divided, merged or given other boundaries. "
            "These regions hold its place:"
        ),
        [
            (each.name, each.region, addresses.region(scheme, each.region))
            for each in former.successors
        ],
    )


class FormerCodes:
    """Middleware: a region asked for by a code that is gone leads to what holds its place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as it is."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer where the release knows who took over; else leave it to the next."""
        return former_answer(request, error)


@require_safe
def industry_page(request: AtlasRequest, code: str) -> HttpResponse:
    """Lead from the code of an industry, of any vintage, to the cluster that holds it."""
    release = request.release
    homes = homes_of_industry(release, code)
    if homes:
        return _moved(request, addresses.cluster(*homes[0]))
    former = former_industry(release, code)
    if former is None:
        raise CannotAnswer(
            _("there is no industry with that code"),
            value=code,
            hint=_("search by name to find the code"),
        )
    if former.same:
        return _moved(request, addresses.cluster(*former.successors[0][2:]))
    return _heirs(request, former)


def _heirs(request: HttpRequest, former: FormerIndustry) -> HttpResponse:
    return _page(
        request,
        _("The code %(code)s is gone") % {"code": former.code},
        _("It stood in NAICS %(vintages)s. Several industries of today hold what it held:")
        % {"vintages": ", ".join(map(str, former.vintages))},
        [
            (title, industry, addresses.cluster(definition, cluster))
            for industry, title, definition, cluster in former.successors
        ],
    )


def _moved(request: HttpRequest, path: str) -> HttpResponse:
    """Lead on for good with what the address asks; the release named there stands in it once."""
    path, query = path.partition("?")[0], request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


def _page(
    request: HttpRequest, title: str, words: str, heirs: list[tuple[str, str, str]]
) -> HttpResponse:
    response = render(
        request, "former.html", {"title": title, "words": words, "heirs": heirs}, status=404
    )
    response.headers[REFERENCE] = secrets.token_hex(4)
    return response
