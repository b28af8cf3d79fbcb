"""Where to go on after signing in: only within this site."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from clusteratlas.portal.language import at

LONGEST = 2_000
NEXT = "next"


def own_path(value: object) -> str:
    """Return a path of this site, or nothing where it leads anywhere else.

    >>> own_path("/account/tokens/?a=1"), own_path("//other.example"), own_path("javascript:a")
    ('/account/tokens/?a=1', '', '')
    """
    text = value if isinstance(value, str) else ""
    if not text.startswith("/") or len(text) > LONGEST or not text.isprintable():
        return ""
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else ""


def asked_next(request: HttpRequest) -> str:
    """Return where the request wants to go on, within this site; nothing where it does not say."""
    return own_path(request.POST.get(NEXT) or request.GET.get(NEXT))


def onward(path: str) -> str:
    """Return the path, or the account's own page where there is none."""
    return own_path(path) or at("/account/")
