"""The library with what the site adds, read once for each state of what the public sees."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from clusteratlas.portal.evidence.models import OwnEffects
from clusteratlas.portal.registry import state
from clusteratlas.programmes.evidence import (
    Library,
    PublishedEffect,
    effects_of_text,
    published_library,
)
from clusteratlas.tables import Fault, InvalidInput

log = logging.getLogger("clusteratlas.portal")


class _Kept:
    """What was read last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token = ""
        self.library: Library | None = None


_kept = _Kept()


def library() -> Library:
    """Return the effects of the package and of the site."""
    token = state.current()
    with _kept.lock:
        if _kept.library is not None and _kept.token == token:
            return _kept.library
    found = published_library()
    for each in OwnEffects.objects.all():
        try:
            found = found.with_own(read_own(each.text, each.file), file=each.file)
        except InvalidInput as error:
            # A later version takes less or has the name itself: the file stays and is named.
            log.warning("the effects of %s are left out: %s", each.file, error)
    with _kept.lock:
        _kept.token, _kept.library = token, found
    return found


def read_own(text: str, file: str) -> tuple[PublishedEffect, ...]:
    """Return the effects of a file of the site."""
    return effects_of_text(text, file=file, own=True)


def checked(text: str, file: str, beside: Iterable[PublishedEffect]) -> int:
    """Return how many effects a file holds.

    Raises
    ------
    InvalidInput
        With every fault; a file without any effect and names that are taken are faults too.
    """
    found = read_own(text, file)
    if not found:
        raise InvalidInput([Fault("the file holds no effect", file, hint="one row for each")])
    Library(tuple(beside)).with_own(found, file=file)
    return len(found)
