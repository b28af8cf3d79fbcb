"""Where the pages of programmes live."""

from __future__ import annotations

from urllib.parse import quote

from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.language import at

BASE = "/programmes/"


def programme(slug: str, place: str = "") -> str:
    """Return the address of a programme, or of one of its pages, such as ``account/``.

    >>> programme("regional-challenge", "account/")
    '/programmes/regional-challenge/account/'
    """
    return at(f"{BASE}{quote(slug)}/{place}")


def register(place: str = "", **asked: object) -> str:
    """Return the address of the register with its filters, or of one of its pages.

    >>> register(country="US")
    '/programmes/?country=US'
    """
    return with_query(f"{BASE}{place}", **asked)
