"""The page about the API: what it promises, a form to try it, every address with an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import addresses, figures
from clusteratlas.portal.api import api
from clusteratlas.portal.api.examples import example_address, examples_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.frame import page

FRONT = "/api/v1/"
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that an address takes. ``value`` is what the form shows in its field."""

    name: str
    needed: bool
    in_path: bool
    meaning: str
    example: str
    value: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API."""

    path: str
    place: str
    summary: str
    parameters: list[Parameter]
    example: str

    @property
    def asked(self) -> list[Parameter]:
        """The parameters of its query."""
        return [each for each in self.parameters if not each.in_path]


@require_safe
def api_page(request: AtlasRequest) -> HttpResponse:
    """Show what the API answers, and a form that asks one of its addresses."""
    known = examples_of(request.release)
    paths = api.get_openapi_schema(path_prefix=FRONT)["paths"]
    endpoints = [_endpoint(path, each["get"], known) for path, each in paths.items()]
    chosen = _chosen(request, endpoints)
    return page(
        request,
        "api.html",
        endpoints=endpoints,
        chosen=chosen,
        limit=figures.whole(settings.API_CALLS_A_MINUTE) if settings.API_CALLS_A_MINUTE else "",
        example=example_address(
            f"{FRONT}regions/{{scheme}}/{{region}}",
            paths[f"{FRONT}regions/{{scheme}}/{{region}}"]["get"],
            known,
        ),
    )


@require_safe
def api_call(request: HttpRequest) -> HttpResponse:
    """Lead from the form to the address of the API that it describes."""
    paths = api.get_openapi_schema(path_prefix=FRONT)["paths"]
    path = request.GET.get("call", "")
    if path not in paths:
        raise BadAddress(
            _("the API has no such address"), value=path[:80], hint=_("choose one of the list")
        )
    asked: dict[str, str] = {}
    address = path
    for each in paths[path]["get"].get("parameters", []):
        value = request.GET.get(each["name"], "").strip()[:LONGEST]
        if each["in"] == "path":
            address = address.replace(f"{{{each['name']}}}", quote(value or "-", safe=""))
        elif value:
            asked[each["name"]] = value
    return HttpResponseRedirect(addresses.with_query(address, **asked))


def _chosen(request: AtlasRequest, endpoints: list[Endpoint]) -> Endpoint:
    path = request.GET.get("call", "")
    found = [each for each in endpoints if each.path == path]
    if path and not found:
        raise BadAddress(
            _("the API has no such address"), value=path[:80], hint=_("choose one of the list")
        )
    named = [each for each in endpoints if each.path.endswith("/regions/{scheme}/{region}")]
    return (found or named or endpoints)[0]


def _endpoint(path: str, operation: dict[str, Any], known: dict[str, str]) -> Endpoint:
    address = example_address(path, operation, known)
    return Endpoint(
        path,
        path.removeprefix(FRONT).replace("/", "-").replace("{", "").replace("}", ""),
        operation.get("description") or operation.get("summary", ""),
        [
            Parameter(
                each["name"],
                bool(each.get("required")),
                each["in"] == "path",
                each.get("description") or each.get("schema", {}).get("description") or "",
                known.get(each["name"], ""),
                known.get(each["name"], "")
                if each.get("required") or f"{each['name']}=" in address
                else "",
                _options(each.get("schema", {})),
            )
            for each in operation.get("parameters", [])
        ],
        address,
    )


def _options(schema: dict[str, Any]) -> tuple[str, ...]:
    """Return the words among which a parameter chooses; none where it takes any text."""
    for each in (schema, *schema.get("anyOf", [])):
        if "enum" in each:
            return tuple(map(str, each["enum"]))
        if each.get("type") == "boolean":
            return ("true", "false")
    return ()
