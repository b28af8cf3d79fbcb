"""Whatever stands in an address: an answer or a clean refusal, never a fault, never a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

NAMES = [
    "scheme",
    "cluster",
    "region",
    "year",
    "definition",
    "order",
    "measure",
    "q",
    "view",
    "figure",
    "theme",
    "release",
    "a",
    "b",
    "regions",
    "clusters",
    "cursor",
    "limit",
    "page",
    "from",
    "to",
    "indicator",
    "base",
    "profile",
]
SCRIPT = '"><script>alert(1)</script>'
VALUES = {
    "script": SCRIPT,
    "nul": "\x00",
    "negative": "-1",
    "huge": "9" * 40,
    "many": ",".join(["us-cbsa:41940"] * 2000),
    "long": "x" * 20_000,
    "surrogate": "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
}


def routes(patterns: list[object], front: str = "") -> Iterator[str]:
    for each in patterns:
        route = front + str(each.pattern)  # type: ignore[attr-defined]
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern) and not route.startswith("api/v1/"):
            yield route


KNOWN = {"scheme": "us-cbsa", "region": "41940", "definition": "us-benchmark-2014", "cluster": "23"}


def filled(route: str, value: str | None = None) -> str:
    out = ""
    for part in route.replace("\\Z", "").split("<"):
        head, mark, rest = part.partition(">")
        if not mark:
            out += part
            continue
        name = head.split(":")[-1]
        out += (value if value is not None else KNOWN.get(name, "x")) + rest
    return "/" + out


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_no_page_breaks_or_repeats_a_script(portal: Client, value: str) -> None:
    portal.raise_request_exception = False
    for route in routes(get_resolver().url_patterns):
        query = dict.fromkeys(NAMES, value)
        for response in (portal.get(filled(route), query), portal.get(filled(route, value))):
            assert response.status_code in (200, 301, 302, 400, 404, 414), (route, value[:20])
            if not response.streaming:
                assert b"<script>alert" not in response.content, route


@pytest.mark.parametrize(
    "address", ["/map/", "/regions/us-cbsa/41940/", "/api/v1/search", "/cite/"]
)
def test_an_endless_address_is_refused(portal: Client, address: str) -> None:
    response = portal.get(address, {"q": "x" * 1_000_000})
    assert response.status_code in (400, 404, 414)
