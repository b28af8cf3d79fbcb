"""Show where long work stands: a bar on a terminal, plain lines elsewhere, always on stderr."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text

from clusteratlas.atlas import Progress
from clusteratlas.cli.outcome import say, stop_if_asked
from clusteratlas.cli.words import duration, plain

PATIENCE = 2.0
"""Seconds a stage may take before a plain line tells of it."""


class _TimeLeft(ProgressColumn):
    """Seconds left as the job itself reckons them, counting down between its reports."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        ends = task.fields.get("ends")
        if ends is None:
            return Text("")
        return Text(f"about {duration(max(0.0, ends - time.monotonic()))} left")


class Reporter:
    """Tells of the stages of a job: which, what share is done, how long it will take.

    On a terminal a bar is drawn and removed at the end. Elsewhere a stage that lasts longer than
    ``patience`` seconds gets one plain line.
    """

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._started = time.monotonic()
        self._timer: threading.Timer | None = None
        self._bar: Bar | None = None
        if sys.stderr.isatty():
            self._bar = Bar(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TaskProgressColumn(),
                _TimeLeft(),
                console=Console(stderr=True, markup=False, emoji=False, highlight=False),
                transient=True,
            )
            self._task = self._bar.add_task("starting", total=1.0, ends=None)

    def __enter__(self) -> Reporter:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._forget()
        if self._bar is not None:
            self._bar.stop()

    def tell(self, stage: str, share: float) -> None:
        """Say which stage begins and what share of the whole job is done.

        Raises KeyboardInterrupt where Ctrl-C was pressed during the stages before, unless all is
        done.
        """
        if share < 1:
            stop_if_asked()
        passed = time.monotonic() - self._started
        left = passed * (1 - share) / share if share > 0 else None
        self._forget()
        if self._bar is not None:
            ends = None if left is None else time.monotonic() + left
            self._bar.update(self._task, description=plain(stage), completed=share, ends=ends)
        elif share < 1:
            self._timer = threading.Timer(self._patience, self._line, (stage, share, left))
            self._timer.daemon = True
            self._timer.start()

    def listener(self, first: float, last: float) -> _Part:
        """Return a listener for a part of the job that lies between these shares of it."""
        return _Part(self, first, last)

    def _line(self, stage: str, share: float, left: float | None) -> None:
        remaining = "" if left is None else f", about {duration(left)} left"
        say(f"{plain(stage)}: {share:.0%} done{remaining}")

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Part:
    """Passes on the progress of a part as progress of the whole."""

    def __init__(self, reporter: Reporter, first: float, last: float) -> None:
        self._reporter, self._first, self._last = reporter, first, last

    def __call__(self, progress: Progress) -> None:
        share = self._first + progress.share * (self._last - self._first)
        self._reporter.tell(progress.stage, share)
