"""The registry prepared for partner suggestions, once for each release and state."""

from __future__ import annotations

import threading

from clusteratlas.atlas import Release
from clusteratlas.matching.affinity import Affinity, affinity_of_release
from clusteratlas.matching.suggestions import PartnerIndex
from clusteratlas.portal.registry.shelf import Shelf
from clusteratlas.tables import CannotAnswer


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
            _kept.index = PartnerIndex.of(profiles, release, affinities(release))
            _kept.key = key
        return _kept.index


def affinities(release: Release) -> list[Affinity]:
    """Return how clusters are related, for each definition of which the release knows it."""
    found = []
    for each in release.manifest.definitions:
        try:
            found.append(affinity_of_release(release, each.definition))
        except CannotAnswer:  # a definition without relatedness: its claims are related to nothing
            continue
    return found
