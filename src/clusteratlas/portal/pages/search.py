"""Search over regions, clusters and industries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Hit
from clusteratlas.portal import addresses
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page

MOST_HITS = 50
MOST_SUGGESTED = 10
LONGEST = 100


def _asked(request: AtlasRequest) -> str:
    return request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()


def _found(request: AtlasRequest, most: int) -> list[tuple[Hit, str]]:
    hits = request.release.search(_asked(request), most)
    return [(hit, addresses.of_hit(hit)) for hit in hits]


@require_safe
def search_page(request: AtlasRequest) -> HttpResponse:
    """Show what the search finds, regions, clusters and industries apart."""
    found = _found(request, MOST_HITS)
    groups = [
        (title, [pair for pair in found if pair[0].kind == kind])
        for kind, title in (
            ("region", "Regions"),
            ("cluster", "Clusters and industry groups"),
            ("industry", "Industries"),
        )
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
    """Give the first hits as a fragment for the search box."""
    return render(request, "_suggestions.html", {"found": _found(request, MOST_SUGGESTED)})
