"""Search over regions, clusters, subclusters and industries, in the language spoken now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Hit, Release
from clusteratlas.atlas.search import SearchWords
from clusteratlas.portal import addresses, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import active
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry import addresses as addresses_of_registry
from clusteratlas.portal.registry.shelf import published

MOST_HITS = 50
MOST_SUGGESTED = 10
MOST_LOOKED_AT = 80
LONGEST = 100
KINDS = ("region", "cluster", "subcluster", "industry", "organisation")
MOST_ORGANISATIONS = 3
"""Organisations among what is suggested, where other things fit as well."""


def _asked(request: AtlasRequest) -> str:
    return request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()


def hits_of(release: Release, text: str, most: int) -> list[Hit]:
    """Return what fits a text; clusters are found by their names in the language spoken now too."""
    if active() == "en":
        return release.search(text, most)
    return release.search(text, most, language=active(), words=_words())


def _words() -> SearchWords:
    return SearchWords(
        words.cluster,
        _("industry in %(cluster)s"),
        _("subcluster of %(cluster)s"),
        _("former code (NAICS %(vintages)s); today %(codes)s"),
        _("former code; today %(codes)s"),
    )


def _found(request: AtlasRequest, most: int) -> list[tuple[Hit, str, str]]:
    return [
        (hit, addresses.of_hit(hit), words.word(hit.detail))
        for hit in hits_of(request.release, _asked(request), most)
    ]


def _organisations(request: AtlasRequest, most: int) -> list[tuple[Hit, str, str]]:
    """Return the published organisations that fit; none while the registry cannot be read."""
    try:
        found = published().find(_asked(request), most)
    except DatabaseError:
        cast(Any, request).partly = True
        return []
    return [
        (
            Hit("organisation", "", "", each.slug, each.name, ""),
            addresses_of_registry.organisation(each.slug),
            ", ".join(
                filter(None, (each.profile.town, words.country(each.profile.country))),
            ),
        )
        for each in found
    ]


def _titles() -> dict[str, str]:
    return {
        "region": _("Regions"),
        "cluster": _("Clusters and industry groups"),
        "subcluster": _("Subclusters"),
        "industry": _("Industries"),
        "organisation": _("Organisations"),
    }


@require_safe
def search_page(request: AtlasRequest) -> HttpResponse:
    """Show what the search finds, regions, clusters and industries apart."""
    found = _found(request, MOST_HITS) + _organisations(request, MOST_HITS)
    groups = [
        (title, [each for each in found if each[0].kind == kind])
        for kind, title in _titles().items()
    ]
    return page(
        request,
        "search.html",
        query=_asked(request),
        found=len(found),
        groups=[group for group in groups if group[1]],
    )


@require_safe
def suggestions(request: AtlasRequest) -> HttpResponse:
    """Give the first hits as a fragment for the search box, those of one kind together."""
    kinds = [kind for kind in request.GET.get("kinds", "").split(",") if kind in KINDS] or KINDS
    most = MOST_SUGGESTED if kinds is KINDS else MOST_LOOKED_AT
    found = [each for each in _found(request, most) if each[0].kind in kinds]
    if "organisation" in kinds:
        more = _organisations(request, MOST_SUGGESTED)
        room = max(MOST_ORGANISATIONS, MOST_SUGGESTED - len(found))
        more = more[:room]
        found = [*found[: MOST_SUGGESTED - len(more)], *more]
    found = found[:MOST_SUGGESTED]
    return render(
        request,
        "_suggestions.html",
        {"groups": _grouped(found), "query": _asked(request), "many": len(kinds) > 1},
    )


def _grouped(
    found: Sequence[tuple[Hit, str, str]],
) -> list[tuple[str, list[tuple[Hit, str, str, str]]]]:
    """Return the hits by kind, the kind of the best one first; each with what a form adds."""
    titles = _titles()
    groups: dict[str, list[tuple[Hit, str, str, str]]] = {}
    for hit, href, detail in found:
        token = f"{hit.scheme}:{hit.code}" if hit.kind == "region" else hit.code
        groups.setdefault(titles[hit.kind], []).append((hit, href, detail, token))
    return list(groups.items())
