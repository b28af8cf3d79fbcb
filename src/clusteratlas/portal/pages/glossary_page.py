"""The glossary: every word of the field, explained."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal import glossary
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page


@require_safe
def glossary_page(request: AtlasRequest) -> HttpResponse:
    """Show all terms in the order of the words, with their first letters to jump to."""
    terms = list(glossary.terms().values())
    letters: dict[str, list[glossary.Term]] = {}
    for term in terms:
        letters.setdefault(term.word[0].upper(), []).append(term)
    return page(request, "glossary.html", section="learn", letters=list(letters.items()))
