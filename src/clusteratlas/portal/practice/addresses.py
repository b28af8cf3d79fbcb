"""Where the pages of the library live."""

from __future__ import annotations

from urllib.parse import quote

from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.language import at

BASE = "/practice/"


def entry(slug: str, place: str = "") -> str:
    """Return the address of an entry, or of one of its pages, such as ``edit/``.

    >>> entry("a-case", "edit/")
    '/practice/a-case/edit/'
    """
    return at(f"{BASE}{quote(slug)}/{place}")


def library(place: str = "", **asked: object) -> str:
    """Return the address of the library with its filters, or of its feed.

    >>> library("feed.atom", cluster="us-benchmark-2014:23")
    '/practice/feed.atom?cluster=us-benchmark-2014:23'
    """
    return with_query(f"{BASE}{place}", **asked)
