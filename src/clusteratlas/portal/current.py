"""The release that is current now; follows a switch without a restart."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from clusteratlas.atlas import Release, current_id, open_release
from clusteratlas.portal.errors import NoAtlas
from clusteratlas.tables import CannotAnswer

log = logging.getLogger("clusteratlas.portal")


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
            return held[1]


_current = CurrentRelease()


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
