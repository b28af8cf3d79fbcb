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


def account(slug: str, place: str = "", **asked: object) -> str:
    """Return the address of a programme's account, or of one of its tables.

    >>> account("boost", year=2023)
    '/programmes/boost/account/?year=2023'
    """
    return with_query(f"{BASE}{quote(slug)}/account/{place}", **asked)


def figure(slug: str, rule: str, year: int, place: str = "") -> str:
    """Return the address of a figure of an account, or of the rows that it counted.

    >>> figure("boost", "flemish-clusters-2025-cpi1", 2023)
    '/programmes/boost/account/flemish-clusters-2025-cpi1/2023/'
    """
    return at(f"{BASE}{quote(slug)}/account/{quote(rule)}/{year}/{place}")


def by_api(slug: str, place: str = "") -> str:
    """Return the address of a programme in the API, or of the list of them."""
    return f"/api/v1/programmes/{quote(slug)}{place}"


def application(key: int, place: str = "") -> str:
    """Return the address of an application as its organisation sees it.

    >>> application(3)
    '/applications/3/'
    """
    return at(f"/applications/{key}/{place}")


def applicant(slug: str, key: int | None = None, place: str = "") -> str:
    """Return the address of the applicants of a programme, or of one of them.

    >>> applicant("boost"), applicant("boost", 3, "decide/")
    ('/programmes/boost/applicants/', '/programmes/boost/applicants/3/decide/')
    """
    return programme(slug, f"applicants/{f'{key}/' if key is not None else ''}{place}")


def portfolio(slug: str, place: str = "", **asked: object) -> str:
    """Return the address of the portfolio of a programme with all its settings."""
    return with_query(f"{BASE}{quote(slug)}/portfolio/{place}", **asked)


def where_to_fund(place: str = "", **asked: object) -> str:
    """Return the address of where to fund next, or of its table."""
    return with_query(f"{BASE}where-to-fund/{place}", **asked)
