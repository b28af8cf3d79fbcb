"""The page about the API: every address with an example that works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal import addresses
from clusteratlas.portal.api import ABOUT, api
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme, featured_cluster


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API."""

    path: str
    summary: str
    parameters: list[tuple[str, bool]]
    example: str


@require_safe
def api_page(request: AtlasRequest) -> HttpResponse:
    """Show what the API answers."""
    release = request.release
    scheme = default_scheme(release)
    region = release.region_profiles(scheme.scheme)[0].region
    cluster = featured_cluster(release, scheme, scheme.definition, scheme.years[-1])
    known = {
        "scheme": scheme.scheme,
        "region": region,
        "cluster": cluster,
        "definition": scheme.definition,
        "q": "manufacturing",
        "table": "clusters",
        "regions": f"{scheme.scheme}:{region}",
    }
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    endpoints = [_endpoint(path, operations["get"], known) for path, operations in paths.items()]
    return page(request, "api.html", about=ABOUT, endpoints=endpoints)


def _endpoint(path: str, operation: dict[str, Any], known: dict[str, str]) -> Endpoint:
    parameters = operation.get("parameters", [])
    query = [each for each in parameters if each["in"] == "query"]
    address = path
    for name, value in known.items():
        address = address.replace(f"{{{name}}}", value)
    needed = {each["name"]: known.get(each["name"], "") for each in query if each["required"]}
    if path.endswith("/regional-clusters"):
        needed["cluster"] = known["cluster"]
    return Endpoint(
        path,
        operation.get("description") or operation.get("summary", ""),
        [(each["name"], each["required"]) for each in query],
        addresses.with_query(address, **needed),
    )
