"""The outermost middleware: names each request, notes how it went, counts pages."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clusteratlas.portal.language import plain
from clusteratlas.portal.operations import usage
from clusteratlas.portal.operations.logs import request_id

log = logging.getLogger("clusteratlas.portal.requests")
HEADER = "X-Request-ID"
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
NO_ROUTE = "none"
"""The route of an address that leads nowhere, or that was refused before it was looked up."""


class RequestWatch:
    """Middleware: gives each request a name, and writes a line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note the route, the status and the time it took."""
        name = name_of(request)
        token = request_id.set(name)
        start = time.perf_counter()
        try:
            response = self._answer(request)
            response.headers[HEADER] = name
            if log.isEnabledFor(logging.INFO):
                self._note(request, response, time.perf_counter() - start)
            usage.note(request, response, route_of(request))
            return response
        finally:
            request_id.reset(token)

    def _note(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = route_of(request)
        log.info(
            "%s %s %s",
            response.status_code,
            request.method,
            route,
            extra={
                "route": route,
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round(seconds * 1_000, 1),
            },
        )


def name_of(request: HttpRequest) -> str:
    """Return the name that a proxy of ours gave the request, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.PROXIES else ""
    return given if NAME.fullmatch(given) else secrets.token_hex(8)


def route_of(request: HttpRequest) -> str:
    """Return the kind of page that an address is of, without its language.

    A kept page carries the route it was found under, so that nothing is looked up again.
    """
    route = getattr(request, "kept_route", None)
    if route is None:
        match = request.resolver_match
        route = f"/{match.route}" if match is not None else NO_ROUTE
    return plain(route)
