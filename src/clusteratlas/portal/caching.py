"""Finished pages are kept, compressed, until the release changes; asking again is cheap."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from clusteratlas.portal import addresses
from clusteratlas.portal.current import AtlasRequest, asked_release
from clusteratlas.portal.errors import answer, problem_of
from clusteratlas.portal.language import plain
from clusteratlas.portal.registry import state
from clusteratlas.tables import CannotAnswer

KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Content-Language", "Link")
FRAMED = "/embed/figure/"
"""Only what lies here may be shown within pages of other sites."""

UNCACHED = ("/healthz", "/readyz")
PRIVATE = "private, no-store"
FORM_TOKEN = b"csrfmiddlewaretoken"
BESIDE = 1_000
"""Bytes of memory that an entry takes beside its page and its address."""
Answer = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished page, gzip-compressed."""

    body: bytes
    plain_length: int
    headers: dict[str, str]
    tag: str
    route: str = ""

    @property
    def size(self) -> int:
        """Bytes it takes, about; also a small page takes some."""
        told = sum(len(name) + len(value) for name, value in self.headers.items())
        return len(self.body) + told + BESIDE


class Shelf:
    """The most recently asked pages, no more than so many bytes. Safe for several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        """Return the page under this key and mark it as recent."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: tuple[str, ...], kept: Kept) -> None:
        """Keep a page; the ones longest unasked make room."""
        if _size(key, kept) > self._most:
            return
        with self._lock:
            old = self._kept.pop(key, None)
            self._size += _size(key, kept) - (_size(key, old) if old else 0)
            self._kept[key] = kept
            while self._size > self._most:
                self._size -= _size(*self._kept.popitem(last=False))


def _size(key: tuple[str, ...], kept: Kept) -> int:
    """The address counts too: one may be longer than its page."""
    return sum(map(len, key)) + kept.size


class AnswerCache:
    """Middleware: gives each request its release, and a page that is finished already."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response
        self._shelf = Shelf(settings.ATLAS_CACHE_BYTES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the shelf, or ask the view and keep what it says."""
        if request.path in UNCACHED:
            return self._answer(request)
        asked = cast(AtlasRequest, request)
        addresses.named_release.set("")
        try:
            asked.release = asked_release(request)
        except CannotAnswer as error:
            return answer(request, problem_of(error))
        addresses.named_release.set(request.GET.get("release", ""))
        if request.method not in ("GET", "HEAD"):
            return self._answer(request)
        if _has_token(request):  # what its person may see is nobody else's
            response = self._answer(request)
            response.headers["Cache-Control"] = PRIVATE
            patch_vary_headers(response, ["Authorization"])
            return response
        key = (
            asked.release.id,
            str(settings.ATLAS_PLACE),
            request.scheme or "",
            request.get_host(),
            request.get_full_path(),
            state.current(),
        )
        kept = self._shelf.get(key)
        if kept is None:
            head = request.method == "HEAD"
            if head:
                request.method = "GET"
            response = self._answer(request)
            if head:
                request.method = "HEAD"
            if response.status_code != 200 or response.streaming:
                return response
            if _is_personal(request, response):
                response.headers["Cache-Control"] = PRIVATE
                return response
            kept = _keep(asked.release.id, response, _route(request))
            self._shelf.put(key, kept)
        cast(Any, request).kept_route = kept.route
        return _response(request, kept)


def _route(request: HttpRequest) -> str:
    """The kind of page, for the log and the usage figures."""
    return f"/{request.resolver_match.route}" if request.resolver_match else ""


def _has_token(request: HttpRequest) -> bool:
    """Whether a program asks for a person; a password for a proxy in front of us is none."""
    return request.headers.get("Authorization", "")[:7].lower() == "bearer "


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a view looked at who asks, gave the visitor something of their own, or lacks a part.

    A view sets ``request.partly`` where a part of its page could not be had just now.
    """
    looked = getattr(getattr(request, "session", None), "accessed", False)
    looked = looked or "Authorization" in request.headers
    partly = getattr(request, "partly", False)
    return looked or partly or bool(response.cookies) or FORM_TOKEN in response.content


def _keep(release: str, response: HttpResponse, route: str) -> Kept:
    body = response.content
    return Kept(
        gzip.compress(body, compresslevel=4, mtime=0),
        len(body),
        {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        f'W/"{release}-{hashlib.sha256(body).hexdigest()[:16]}"',
        route,
    )


def _let_be_framed(response: Any) -> None:
    """Let other sites show this answer within a page of theirs, against the rule for the rest."""
    response.xframe_options_exempt = True
    response._csp_replace = {"frame-ancestors": ["*"]}


def _response(request: HttpRequest, kept: Kept) -> HttpResponse:
    asked_tags = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if "*" in asked_tags or kept.tag in asked_tags:
        response = HttpResponseNotModified()
    else:
        compressed = "gzip" in request.headers.get("Accept-Encoding", "")
        body = kept.body if compressed else gzip.decompress(kept.body)
        response = HttpResponse(b"" if request.method == "HEAD" else body)
        for name, value in kept.headers.items():
            response.headers[name] = value
        if compressed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(body))
    if plain(request.path).startswith(FRAMED):
        _let_be_framed(response)
    response.headers["ETag"] = kept.tag
    response.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
