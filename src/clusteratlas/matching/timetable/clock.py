"""How much time is left, and whether it ran out."""

from __future__ import annotations

import time


class Clock:
    """Counts down; remembers whether anybody was told that time is over.

    A timetable is the same in every run as long as its clock never was over.
    """

    def __init__(self, seconds: float) -> None:
        self.started = time.monotonic()
        self._ends = self.started + seconds
        self.ran_out = False

    @property
    def left(self) -> float:
        """Seconds left, 0 at least."""
        return max(0.0, self._ends - time.monotonic())

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def is_over(self) -> bool:
        """Return whether no time is left, and remember it."""
        if self.left <= 0:
            self.ran_out = True
        return self.left <= 0

    def part(self, share: float) -> Clock:
        """Return a clock for a share of the time left."""
        return Clock(self.left * share)
