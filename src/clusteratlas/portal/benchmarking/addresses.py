"""Where the pages of benchmarking live."""

from __future__ import annotations

from urllib.parse import quote

from clusteratlas.portal.addresses import with_query

BASE = "/benchmarking/"


def benchmark(slug: str, place: str = "", **asked: object) -> str:
    """Return the address of an organisation's benchmark, or of one of its pages.

    >>> benchmark("optics", label="gold"), benchmark("optics", "what-if/")
    ('/organisations/optics/benchmark/?label=gold', '/organisations/optics/benchmark/what-if/')
    """
    return with_query(f"/organisations/{quote(slug)}/benchmark/{place}", **asked)


def round_(slug: str, key: int, place: str = "") -> str:
    """Return the address of a round, or of one of its groups.

    >>> round_("optics", 7, "groups/structure/")
    '/organisations/optics/benchmark/rounds/7/groups/structure/'
    """
    return benchmark(slug, f"rounds/{key}/{place}")


def schemes(place: str = "", **asked: object) -> str:
    """Return the address of the questionnaires that everybody reads, or of one of them.

    >>> schemes("european-gold-1/")
    '/benchmarking/european-gold-1/'
    """
    return with_query(f"{BASE}{place}", **asked)


def by_api(place: str = "") -> str:
    """Return the address of the questionnaires in the API."""
    return f"/api/v1/benchmarking/questionnaires{place}"
