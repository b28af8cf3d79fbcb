"""Growth regressions over a scheme, worked out once for each release and never twice at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict

from clusteratlas.atlas import Release
from clusteratlas.programmes.performance import Performance, performance_of_release
from clusteratlas.tables import CannotAnswer

MOST_KEPT = 12
Key = tuple[str, str, str]


class _Kept:
    """The answers asked last, refusals too, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.working = threading.Lock()
        self.found: OrderedDict[Key, Performance | CannotAnswer] = OrderedDict()

    def get(self, key: Key) -> Performance | CannotAnswer | None:
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
            return self.found.get(key)

    def put(self, key: Key, answer: Performance | CannotAnswer) -> None:
        with self.lock:
            self.found[key] = answer
            while len(self.found) > MOST_KEPT:
                self.found.popitem(last=False)


_kept = _Kept()


def performance(release: Release, scheme: str, definition: str) -> Performance:
    """Return the growth regressions of a scheme.

    Raises
    ------
    CannotAnswer
        The scheme has one year, or no cluster of several industries.
    """
    key = (release.id, scheme, definition)
    answer = _kept.get(key)
    if answer is None:
        with _kept.working:  # whoever asks for the same meanwhile waits and finds it
            answer = _kept.get(key)
            if answer is None:
                try:
                    answer = performance_of_release(release, scheme, definition=definition)
                except CannotAnswer as error:
                    answer = error
                _kept.put(key, answer)
    if isinstance(answer, CannotAnswer):
        raise CannotAnswer(answer.fault.problem, value=answer.fault.value, hint=answer.fault.hint)
    return answer
