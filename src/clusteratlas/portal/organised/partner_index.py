"""The registry prepared for partner suggestions, once for each release and state."""

from __future__ import annotations

import threading

from clusteratlas.atlas import Release
from clusteratlas.matching.suggestions import PartnerIndex
from clusteratlas.portal.registry.shelf import Shelf


class _Kept:
    """The index made last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: tuple[str, str] | None = None
        self.index: PartnerIndex | None = None


_kept = _Kept()


def index_of(shelf: Shelf, release: Release) -> PartnerIndex | None:
    """Return the index of the published organisations; nothing where there is none."""
    if not shelf.organisations:
        return None
    key = (release.id, shelf.token)
    with _kept.lock:
        if _kept.key != key or _kept.index is None:
            profiles = {each.slug: each.profile for each in shelf.organisations}
            _kept.index = PartnerIndex.of(profiles, release)
            _kept.key = key
        return _kept.index
