"""How often one address may call the API. Pages are not limited.

Each process counts for itself: with several processes the limit holds for each of them, so that a
caller may get up to as many times the limit as there are processes, and never less than it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clusteratlas.portal.errors import API, answer, problem_of_status

WINDOW = 60.0
MOST_BYTES = 50 * 1024 * 1024
"""Bytes of a file that people may send."""

BESIDE_A_FILE = 64 * 1024
"""Bytes of the form round a file."""

MOST_CALLERS = 20_000
"""Callers remembered at a time; the one longest silent is forgotten first."""


class Counter:
    """A bucket of calls for each caller that fills up again evenly. Safe for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, limit: int) -> tuple[int, float]:
        """Take one call; return how many are left and the seconds until the next one.

        The calls left are -1 where there was none to take.
        """
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(caller, (float(limit), now))
            left = min(float(limit), left + (now - since) * limit / WINDOW)
            allowed = left >= 1
            left -= allowed
            self._left[caller] = (left, now)
            while len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        wait = 0.0 if left >= 1 else (1 - left) * WINDOW / limit
        return (int(left) if allowed else -1), wait


def caller_of(request: HttpRequest) -> str:
    """Return the address that calls: behind proxies, the one the outermost of ours saw.

    Only the entries that our own proxies wrote are believed; a caller can write the others.
    """
    proxies = settings.PROXIES
    if proxies:
        seen = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(seen) >= proxies and seen[-proxies]:
            return str(seen[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


class ApiLimit:
    """Middleware: lets other sites read the API, and refuses who calls too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response
        self._counter = Counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count the call, and answer it or say when to come back."""
        if not request.path.startswith(API):
            return self._answer(request)
        limit = settings.API_CALLS_A_MINUTE
        if not limit:
            return _readable_anywhere(self._answer(request))
        left, wait = self._counter.take(caller_of(request), limit)
        response = self._answer(request) if left >= 0 else answer(request, problem_of_status(429))
        if left < 0:
            response.headers["Retry-After"] = str(max(1, round(wait + 0.5)))
        response.headers["RateLimit-Limit"] = str(limit)
        response.headers["RateLimit-Remaining"] = str(max(left, 0))
        response.headers["RateLimit-Reset"] = str(round(wait + 0.5) if wait else 0)
        return _readable_anywhere(response)


class BodyLimit:
    """Middleware: refuses what is larger than any file that is taken, before it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what the request says of its size; a body of unsaid size is not read at all."""
        told = request.META.get("CONTENT_LENGTH", "")
        if told.isdecimal() and (len(told) > 18 or int(told) > MOST_BYTES + BESIDE_A_FILE):
            return answer(request, problem_of_status(413))
        return self._answer(request)


def _readable_anywhere(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = (
        "ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
    )
    return response
