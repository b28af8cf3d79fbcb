"""The language of a page stands in its address: English at the plain one, others under /de/."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language

ENGLISH = "en"
LONGEST_REPEATED = 10_000
"""A page repeats its address in many links; a longer one is not repeated."""


def active() -> str:
    """Return the language that is spoken now; English outside of any request."""
    return get_language() or ENGLISH


def prefix(language: str | None = None) -> str:
    """Return what the addresses of a language begin with: nothing, or ``/de``."""
    spoken = language or active()
    return "" if spoken == ENGLISH else f"/{spoken}"


def at(path: str) -> str:
    """Return where a page lives in the language spoken now; the API has no language.

    >>> at("/regions/")
    '/regions/'
    """
    front = prefix()
    if not front or path.startswith(("/api/v1/", f"{front}/")):
        return path
    return f"{front}{path}"


def plain(path: str) -> str:
    """Return an address without its language.

    >>> plain("/de/regions/"), plain("/regions/")
    ('/regions/', '/regions/')
    """
    for code, _ in settings.LANGUAGES:
        if code != ENGLISH and (path == f"/{code}" or path.startswith(f"/{code}/")):
            return path[len(code) + 1 :] or "/"
    return path


GROUPED_FROM = {"es": 5}
"""Digits from which a language groups thousands, where that is not four: 1234, but 12.345."""


@cache
def _separators(language: str) -> dict[int, str]:
    """Return how the comma and the point of an English number are turned into a language's."""
    symbols = Locale.parse(language).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"]})


def number(text: str) -> str:
    """Turn a number written in English into one of the language spoken now.

    >>> number("1,046,213.5")
    '1,046,213.5'
    """
    spoken = active()
    if spoken == ENGLISH:
        return text
    whole, _, _ = text.partition(".")
    if sum(each.isdigit() for each in whole) < GROUPED_FROM.get(spoken, 4):
        text = text.replace(",", "")
    return text.translate(_separators(spoken))


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """Return what every template may use: ``at`` before a plain address, and the languages."""
    # A path that begins with two slashes would lead to another site.
    here = escape_leading_slashes(plain(escape_uri_path(request.path[:LONGEST_REPEATED])))
    query = request.META.get("QUERY_STRING", "")
    tail = f"?{query}" if query and len(query) <= LONGEST_REPEATED else ""
    return {
        "at": prefix(),
        "language": active(),
        "languages": [
            (code, name, f"{prefix(code)}{here}{tail}", code == active())
            for code, name in settings.LANGUAGES
        ],
    }
