"""One family of errors: the input is wrong, the question has no answer, or we are broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place of an input.

    Attributes
    ----------
    problem
        What is wrong, as a sentence without its full stop.
    file
        Name of the file as the user gave it; empty for a table in memory.
    row
        Line number in the file, the header being line 1; for Parquet and tables in memory the
        row number counted from 1. ``None`` where the fault is the file's or a column's.
    column
        Name of the column.
    value
        The offending value as it stands in the file.
    hint
        What to do about it.
    """

    problem: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        found = f" (found {self.value!r})" if self.value else ""
        hint = f" Hint: {_sentence(self.hint)}" if self.hint else ""
        return f"{place + ': ' if place else ''}{_sentence(self.problem + found)}{hint}"


def few(names: Sequence[str], most: int = 10) -> str:
    """Return the first names and how many more there are.

    >>> few(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _sentence(text: str) -> str:
    """The text with a full stop, unless it ends in a mark of its own."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


class ClusterAtlasError(Exception):
    """Base of every error that Cluster Atlas raises on purpose."""


class InvalidInput(ClusterAtlasError):
    """The input is wrong; ``faults`` names every place at once.

    >>> error = InvalidInput([Fault("employment is negative", "jobs.csv", 7, "employment", "-3")])
    >>> print(error)
    1 fault in the input; nothing was written.
    jobs.csv, row 7, column employment: employment is negative (found '-3').
    """

    shown = 50

    def __init__(self, faults: Iterable[Fault], *, total: int | None = None) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        self.total = len(self.faults) if total is None else total
        super().__init__(str(self))

    def __str__(self) -> str:
        count = f"{self.total:,} fault{'s' if self.total != 1 else ''}"
        lines = [f"{count} in the input; nothing was written."]
        lines += [str(fault) for fault in self.faults[: self.shown]]
        if self.total > self.shown:
            lines.append(f"... and {self.total - self.shown:,} more faults of the same input.")
        return "\n".join(lines)


class CannotAnswer(ClusterAtlasError):
    """The request is understood and has no honest answer; says why and what to ask instead."""

    def __init__(self, problem: str, *, value: str = "", hint: str = "") -> None:
        self.fault = Fault(problem, value=value, hint=hint)
        super().__init__(str(self.fault))


class InternalFault(ClusterAtlasError):
    """Cluster Atlas itself is broken: a promise between rooms was not kept."""
