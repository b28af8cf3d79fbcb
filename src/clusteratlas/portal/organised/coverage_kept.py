"""Who covers the strong clusters of a scheme, worked out once for each release and state."""

from __future__ import annotations

import threading
from collections import OrderedDict

from clusteratlas.atlas import Release
from clusteratlas.organisations import Coverage, coverage_of
from clusteratlas.portal.registry.shelf import Shelf

MOST_KEPT = 12
Key = tuple[str, str, str, str]


class _Kept:
    """The coverages asked last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.found: OrderedDict[Key, Coverage] = OrderedDict()


_kept = _Kept()


def coverage(shelf: Shelf, release: Release, scheme: str, definition: str) -> Coverage:
    """Return the coverage of a scheme by the published organisations."""
    key = (release.id, shelf.token, scheme, definition)
    with _kept.lock:
        if key in _kept.found:
            _kept.found.move_to_end(key)
            return _kept.found[key]
    profiles = [each.profile for each in shelf.organisations]
    found = coverage_of(profiles, release, scheme, definition=definition)
    with _kept.lock:
        _kept.found[key] = found
        while len(_kept.found) > MOST_KEPT:
            _kept.found.popitem(last=False)
    return found
