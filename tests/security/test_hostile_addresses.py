"""Whatever stands in an address: an answer or a clean refusal, never a fault, never a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

KNOWN = {
    "scheme": "us-cbsa",
    "region": "41940",
    "definition": "us-benchmark-2014",
    "cluster": "23",
    "figure": "strong",
    "code": "334413",
    "name": "glossary",
    "view": "map/",
    "table": "clusters",
    "release": "000000000000",
    "file": "regions.parquet",
    **dict.fromkeys(("organisation", "slug", "event", "entry", "invitation", "key"), "nobody"),
    **dict.fromkeys(("step", "verdict", "decision", "to", "change"), "accept"),
}
"""What stands in the path while its query is hostile."""

NAMES = (
    *("scheme", "cluster", "region", "regions", "clusters", "year", "definition", "order"),
    *("measure", "q", "view", "figure", "theme", "a", "b", "page", "indicator", "moves"),
    *("from", "to", "show", "breaks", "number", "pin", "industry", "subcluster", "against", "add"),
    *("by", "call", "cursor", "limit", "km", "text", "name", "top", "traded", "format"),
)
SCRIPT = '"><script>alert(1)</script>'
VALUES = {
    "script": SCRIPT,
    "nul": "\x00",
    "not a number": "-1e999",
    "many": ",".join(["us-cbsa:41940"] * 2_000),
    "a number too large for any table": "9" * 5_000,
    "digits that are no number": "²",
    "strange letters": "\u202e\ud7ff\U000e0001\u0301" * 20,
}
CLEAN = {200, 301, 302, 400, 404, 405, 410, 414, 422}


@pytest.fixture
def portal(sample_place: Path, settings: Settings, tmp_path: Path, db: None) -> Client:
    settings.ATLAS_PLACE, settings.STORE = sample_place, tmp_path
    settings.API_CALLS_A_MINUTE = 0
    return Client(raise_request_exception=False)


def routes(patterns: Sequence[object], front: str = "") -> Iterator[str]:
    """Every address of the portal as its table of addresses writes it."""
    for each in patterns:
        route = front + str(each.pattern)  # type: ignore[attr-defined]
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern) and not route.endswith((".xlsx", ".metadata.json")):
            yield route


def filled(route: str, value: str | None = None) -> str:
    """A route with one value at all its places, or with known ones."""
    out = ""
    for part in route.split("<"):
        head, mark, rest = part.partition(">")
        name = head.split(":")[-1]
        known = "1" if head == f"int:{name}" else KNOWN.get(name, "")
        out += (known if value is None else value) + rest if mark else part
    return f"/{out}"


def refused_or_answered(client: Client, address: str, query: dict[str, str]) -> None:
    response = client.get(address, query)
    assert response.status_code in CLEAN, (address, query)
    if not response.streaming and response.headers["Content-Type"].startswith("text/html"):
        assert b"<script>alert" not in response.content, (address, query)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_no_address_breaks_or_repeats_a_script(portal: Client, value: str) -> None:
    for route in routes(get_resolver().url_patterns):
        if "<" in route:
            refused_or_answered(portal, filled(route, value), {})
        # without a release: a bad one is refused before anything else is read
        refused_or_answered(portal, filled(route), dict.fromkeys(NAMES, value))


@pytest.mark.parametrize("name", [*NAMES, "release"])
def test_no_single_parameter_breaks_a_page(portal: Client, name: str) -> None:
    """One at a time: with all of them hostile the first refusal would hide the others."""
    for address in (
        "/map/",
        "/regions/us-cbsa/41940/derivation/strong/",
        "/compare/regions/",
        "/compare/clusters/",
        "/rankings/regions/",
        "/builder/us-cbsa/",
        "/definitions/own/",
        "/search/",
        "/embed/",
    ):
        refused_or_answered(portal, address, {name: SCRIPT + "\x00"})


@pytest.mark.parametrize(
    "address", ["/map/", "/regions/us-cbsa/41940/", "/api/v1/search", "/cite/", "/nowhere/"]
)
def test_an_endless_address_is_refused(portal: Client, address: str) -> None:
    response = portal.get(address, {"q": "x" * 1_000_000})
    assert response.status_code == 414
    assert len(response.content) < 50_000
    assert portal.get(f"/{'x' * 1_000_000}").status_code == 414
