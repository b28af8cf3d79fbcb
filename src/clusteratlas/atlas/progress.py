"""What a long job says of itself: stage, share done, time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job stands.

    Attributes
    ----------
    stage
        What is being done, in words.
    share
        Share of the work that is done, 0-1.
    seconds_left
        Seconds left at the pace so far; ``None`` before anything is done.
    """

    stage: str
    share: float
    seconds_left: float | None


Listener = Callable[[Progress], None]


class Stages:
    """Tells a listener about each stage of a job whose stages have known relative sizes."""

    def __init__(self, sizes: dict[str, float], listener: Listener | None) -> None:
        self._sizes = sizes
        self._whole = sum(sizes.values())
        self._done = 0.0
        self._listener = listener
        self._started = time.monotonic()
        self._current: str | None = None

    def start(self, stage: str, detail: str = "") -> None:
        """Say that this stage begins, the one before it being done."""
        if self._current is not None:
            self._done += self._sizes[self._current]
        self._current = stage
        self._tell(f"{stage} {detail}".strip())

    def note(self, words: str, share: float) -> None:
        """Say where the stage that runs stands: in words, and the share of it that is done."""
        size = 0.0 if self._current is None else self._sizes[self._current]
        self._tell(words, self._done + size * share)

    def finish(self) -> None:
        """Say that all is done."""
        self._done = self._whole
        self._current = None
        self._tell("done")

    def _tell(self, words: str, done: float | None = None) -> None:
        if self._listener is None:
            return
        share = (self._done if done is None else done) / self._whole
        passed = time.monotonic() - self._started
        left = passed * (1 - share) / share if share > 0 else None
        self._listener(Progress(words, share, left))
