"""The release that answers: the current one, or an older one that the address names.

Follows a switch of the current release without a restart.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from clusteratlas.atlas import Release, current_id, open_release
from clusteratlas.portal.errors import BadAddress, NoAtlas, UnknownRelease
from clusteratlas.portal.language import LONGEST_REPEATED
from clusteratlas.tables import CannotAnswer

log = logging.getLogger("clusteratlas.portal")
IDENTITY = re.compile(r"[0-9a-f]{12}")
MOST_OLDER = 2
"""Older releases kept open at a time; one that is asked for again opens in well under a second."""


class AtlasRequest(HttpRequest):
    """A request that carries the release it is answered from."""

    release: Release


class CurrentRelease:
    """Keeps the current release open and opens the next one when the place points to it.

    A running request holds its own reference, so an old release closes when the last of its
    requests has been answered.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[Path, Release] | None = None

    def of(self, place: Path) -> Release:
        """Return the current release of the place, opening it when it has changed.

        Raises
        ------
        CannotAnswer
            If no release has been built there.
        """
        identity = current_id(place)
        held = self._held
        if held is not None and held[0] == place and held[1].id == identity:
            return held[1]
        with self._lock:
            held = self._held
            if held is None or held[0] != place or held[1].id != identity:
                held = (place, open_release(place, identity))
                self._held = held
                # The first search would wait for its index: some thousand names to fold.
                warm = threading.Thread(target=held[1].search, args=("a", 1), daemon=True)
                warm.start()
            return held[1]


class OlderReleases:
    """Keeps a few older releases open; the one longest unasked makes room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[Path, str], Release] = OrderedDict()

    def of(self, place: Path, identity: str) -> Release:
        """Return the release with this id, opening it where it is not yet.

        Raises
        ------
        CannotAnswer
            If the place does not keep it.
        """
        key = (place, identity)
        with self._lock:
            found = self._held.get(key)
            if found is None:
                found = self._held[key] = open_release(place, identity)
            self._held.move_to_end(key)
            while len(self._held) > MOST_OLDER:
                self._held.popitem(last=False)
            return found


_current = CurrentRelease()
_older = OlderReleases()


def asked_release(request: HttpRequest) -> Release:
    """Return the release that the address names with ``release``, else the current one.

    Raises
    ------
    NoAtlas
        If there is no current one, or it cannot be opened.
    BadAddress
        If the name can be none of a release.
    UnknownRelease
        If the release is not kept here.
    """
    identity = request.GET.get("release", "")
    return named_release(identity) if identity else current_release()


def named_release(identity: str) -> Release:
    """Return the release with this id, current or older; raises as `asked_release` does."""
    current = current_release()
    if identity == current.id:
        return current
    if not IDENTITY.fullmatch(identity):
        raise BadAddress(
            "no release has such a name",
            value=identity,
            hint=f"a release has a name such as that of the current one, {current.id}",
        )
    try:
        return _older.of(settings.ATLAS_PLACE, identity)
    except CannotAnswer:
        raise UnknownRelease(
            "this release is not kept here any more",
            value=identity,
            hint=f"leave release out of the address to see the current one, {current.id}",
        ) from None


def _site(request: HttpRequest) -> str:
    """Return the address of this site; empty for a request under a name that is not ours."""
    try:
        return request.build_absolute_uri("/")[:-1]
    except DisallowedHost:
        return ""


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """Return what every template may use: this address, and whether an older release answers."""
    address = request.get_full_path()
    if len(address) > LONGEST_REPEATED:
        address = request.path[:LONGEST_REPEATED]
    found = {"view_address": address, "site": _site(request)}
    release = getattr(request, "release", None)
    if release is None or "release" not in request.GET or release.id == current_release().id:
        return {**found, "older": ""}
    values = request.GET.copy()
    del values["release"]
    query = values.urlencode()
    path = escape_leading_slashes(escape_uri_path(request.path))
    return {
        **found,
        "older": release.id,
        "same_now": f"{path}?{query}" if query else path,
    }


def current_release() -> Release:
    """Return the current release of the place in the settings.

    Raises
    ------
    NoAtlas
        If there is none, or it cannot be opened.
    """
    try:
        return _current.of(settings.ATLAS_PLACE)
    except CannotAnswer:
        raise NoAtlas(
            "this portal has no figures to show",
            hint="the administrator builds the sample with `clusteratlas demo`, "
            "or own figures with `clusteratlas build`",
        ) from None
    except Exception as error:
        log.error("the current release cannot be opened", exc_info=error)
        raise NoAtlas(
            "the current release cannot be opened", hint="the administrator builds it again"
        ) from error
