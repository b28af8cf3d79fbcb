"""Where the pages of evidence live."""

from __future__ import annotations

from urllib.parse import quote

from clusteratlas.portal.addresses import with_query

LIBRARY = "/programmes/evidence/"
GROWTH = "/programmes/growth/"


def library(place: str = "", **asked: object) -> str:
    """Return the address of the library with its filters, or of one of its tables.

    >>> library("effects.csv", grade="B")
    '/programmes/evidence/effects.csv?grade=B'
    """
    return with_query(f"{LIBRARY}{place}", **asked)


def effect(identity: str) -> str:
    """Return the address of one published effect.

    >>> effect("bavaria-rd")
    '/programmes/evidence/bavaria-rd/'
    """
    return with_query(f"{LIBRARY}{quote(identity)}/")


def growth(place: str = "", **asked: object) -> str:
    """Return the address of the growth regressions, or of their table.

    >>> growth(scheme="us-ea")
    '/programmes/growth/?scheme=us-ea'
    """
    return with_query(f"{GROWTH}{place}", **asked)
