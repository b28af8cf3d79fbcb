"""Where the pages of the registry live."""

from __future__ import annotations

from urllib.parse import quote

from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.language import at

BASE = "/organisations/"


def organisation(slug: str, place: str = "") -> str:
    """Return the address of an organisation, or of one of its pages, such as ``edit/``.

    >>> organisation("optics"), organisation("optics", "edit/")
    ('/organisations/optics/', '/organisations/optics/edit/')
    """
    return at(f"{BASE}{quote(slug)}/{place}")


def listing(*, table: str = "", **asked: object) -> str:
    """Return the address of the list of organisations with its filters, or of its table.

    >>> listing(country="DE", table="table.csv")
    '/organisations/table.csv?country=DE'
    """
    return with_query(f"{BASE}{table}", **asked)


def moderation(place: str = "") -> str:
    """Return the address of the moderators' queue, or of a place in it."""
    return at(f"{BASE}moderation/{place}")


def imports(upload: int | None = None, place: str = "") -> str:
    """Return where files are taken in, or where one of them is shown before that."""
    return at(f"{BASE}import/{f'{upload}/' if upload else ''}{place}")


def by_api(slug: str, place: str = "") -> str:
    """Return the address of an organisation in the API."""
    return f"/api/v1/organisations/{quote(slug)}{place}"
