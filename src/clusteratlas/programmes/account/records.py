"""Logs as they were read: rows with their place in the file, and what each log covers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

Cell = str | bool | int | float | date


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row: its number in the file, and what its cells say; a cell left empty is not in it.

    ``wrong`` names columns whose cell is at fault by itself, so that no second fault is told of it.
    """

    number: int
    cells: Mapping[str, Cell]
    wrong: frozenset[str] = frozenset()

    def get(self, column: str) -> Cell | None:
        """Return what a cell says; ``None`` where it is not stated."""
        return self.cells.get(column)

    def day(self, column: str) -> date | None:
        """Return a date; ``None`` where it is not stated."""
        found = self.cells.get(column)
        return found if isinstance(found, date) else None

    def figure(self, column: str) -> float | None:
        """Return a number; ``None`` where it is not stated."""
        found = self.cells.get(column)
        return float(found) if isinstance(found, int | float) else None

    def text(self, column: str) -> str:
        """Return a cell as text; empty where it is not stated."""
        found = self.cells.get(column)
        return "" if found is None else str(found)

    def plain(self) -> dict[str, str | bool | int | float]:
        """Return the cells as JSON can hold them."""
        return {
            name: cell.isoformat() if isinstance(cell, date) else cell
            for name, cell in self.cells.items()
        }


@dataclass(frozen=True)
class Log:
    """A log: where it was read, its checksum, and its rows.

    ``checksum`` is the SHA-256 of the file that it stood in.
    """

    name: str
    file: str
    checksum: str
    rows: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """The years that a log is complete for.

    ``stated`` tells whether the log of coverage says so; otherwise they are the years from its
    first to its last date. ``verified_by`` names who has checked it.
    """

    first: int
    last: int
    stated: bool = False
    verified_by: str = ""

    def holds(self, year: int) -> bool:
        """Return whether the log is complete for this year."""
        return self.first <= year <= self.last


@dataclass(frozen=True)
class Logs:
    """All logs of a programme, by name; one that was not given is not there at all."""

    logs: Mapping[str, Log] = field(default_factory=lambda: MappingProxyType({}))
    covered: Mapping[str, Covered] = field(default_factory=lambda: MappingProxyType({}))

    def rows(self, name: str) -> tuple[LogRow, ...]:
        """Return the rows of a log; none where it was not given."""
        found = self.logs.get(name)
        return () if found is None else found.rows

    def has(self, name: str) -> bool:
        """Return whether this log was given."""
        return name in self.logs

    @property
    def years(self) -> tuple[int, ...]:
        """The years that any log covers."""
        spans = [range(each.first, each.last + 1) for each in self.covered.values()]
        return tuple(sorted({year for span in spans for year in span}))

    @cached_property
    def groups(self) -> dict[str, str]:
        """By organisation, its corporate group; one that names none is a group of its own."""
        return {
            row.text("organisation"): row.text("group") or row.text("organisation")
            for row in self.rows("organisations")
        }


def checksum_of(parts: Iterable[object]) -> str:
    """Return the SHA-256 of things that JSON can hold; equal things in equal order, equal sum.

    >>> checksum_of([["events", 2]])[:8]
    '723111f8'
    """
    text = json.dumps(list(parts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
