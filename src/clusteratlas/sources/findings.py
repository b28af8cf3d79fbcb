"""Collect every fault of one file, and say what is wrong with a number."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from clusteratlas.tables import Fault, InvalidInput

MOST = 200
"""Faults of one kind that are spelled out; the rest is counted."""

DIGITS = r"\d{1,15}(\.0*)?"
"""A whole number as files write it: no sign, no separators, at most a decimal point and zeros."""


class Findings:
    """All faults of one file.

    >>> found = Findings(Path("jobs.csv"))
    >>> found.add("employment is empty", row=3, column="employment")
    >>> found.total
    1
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = str(path)
        self.faults: list[Fault] = []
        self.total = 0
        self._places: set[tuple[int, str]] = set()

    def add(
        self,
        problem: str,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
        hint: str = "",
    ) -> None:
        """Note one fault; of several at the same cell the first is kept."""
        if row is not None and column:
            if (row, column) in self._places:
                return
            self._places.add((row, column))
        self.faults.append(Fault(problem, self.file, row, column, shorten(value), hint))
        self.total += 1

    def count(self, more: int) -> None:
        """Count faults of a kind of which ``MOST`` are spelled out already."""
        self.total += max(0, more)

    def refuse(
        self, problem: str, *, row: int | None = None, value: str = "", hint: str = ""
    ) -> NoReturn:
        """Note a last fault, after which the file cannot be read on, and raise all.

        Raises
        ------
        InvalidInput
            Always.
        """
        self.add(problem, row=row, value=value, hint=hint)
        raise self._error()

    def stop_if_any(self) -> None:
        """Raise everything found so far, in the order of the file.

        Raises
        ------
        InvalidInput
            With every fault, those of the file and its columns first.
        """
        if self.faults:
            raise self._error()

    def _error(self) -> InvalidInput:
        order = sorted(self.faults, key=lambda fault: (fault.row is not None, fault.row or 0))
        return InvalidInput(order, total=self.total)

    def missing_columns(
        self, needed: Iterable[str], present: Sequence[str], *, row: int | None = 1
    ) -> None:
        """Note each needed column that is not there, and which one is probably meant."""
        spare = [name for name in present if name not in set(needed)]
        for name in needed:
            if name not in present:
                self.add(
                    f"column {name} is missing",
                    row=row,
                    column=name,
                    hint=column_hint(name, spare, present),
                )


def shorten(value: str, most: int = 60) -> str:
    """Return the value, cut where it is too long to be shown.

    >>> shorten("a" * 100)[-6:]
    'aaa...'
    """
    return value if len(value) <= most else f"{value[: most - 3]}..."


def column_hint(name: str, spare: Sequence[str], present: Sequence[str]) -> str:
    """Say which column probably is the missing one.

    Flags and bounds of the column itself (``emp_nf`` where ``emp`` is missing) are never it.

    >>> column_hint("employment", ["employmnt", "region"], ["employmnt", "region"])
    'is it the column employmnt? rename it to employment'
    >>> column_hint("emp", ["emp_nf"], ["emp_nf", "est"])
    'columns found: emp_nf, est'
    """
    spare = [word for word in spare if not word.lower().startswith(f"{name.lower()}_")]
    alike = [*difflib.get_close_matches(name.lower(), [word.lower() for word in spare], 1, 0.6)]
    if not alike:
        alike = [word for word in spare if len(word) > 2 and _same_start(name, word)]
    if alike:
        meant = next(word for word in spare if word.lower() == alike[0].lower())
        return f"is it the column {shorten(meant)}? rename it to {name}"
    found = ", ".join(shorten(word, 30) for word in present[:30])
    return f"columns found: {found or 'none'}"


def _same_start(name: str, word: str) -> bool:
    short, long = sorted((name.lower(), word.lower()), key=len)
    return long.startswith(short)


_NUMBER_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (r"-\d[\d.,]*", "is negative", "counts start at 0; leave a figure that is not given empty"),
    (
        r"[+-]?(nan|inf|infinity)",
        "is no number",
        "leave a figure that is not given empty",
    ),
    (
        r"\d{1,3}(,\d{3})+(\.\d+)?|\d{1,3}([ '’\u00a0\u202f]\d{3})+|\d{1,3}(\.\d{3}){2,}",
        "is written with thousands separators",
        "write 1234567 instead of 1,234,567",
    ),
    (r"[\d.]*\d,\d+", "is written with a decimal comma", "write whole numbers, without a comma"),
    (r"\d*\.\d+", "is not a whole number", "write whole numbers"),
    (r"\d{16,}(\.0*)?|\d(\.\d+)?e\+?\d+", "is too large", "a count has at most 15 digits"),
    (
        r"[ds]|\(d\)|n/?a|null|none|na|\*+|-+|:|\.+|x",
        "is no number",
        "leave a figure that is not given empty",
    ),
)


def number_problem(column: str, value: str) -> tuple[str, str]:
    """Return what is wrong with the text in a column of whole numbers, and a hint.

    >>> number_problem("employment", "1,234")
    ('employment is written with thousands separators', 'write 1234567 instead of 1,234,567')
    >>> number_problem("employment", "twelve")[0]
    'employment is text, not a number'
    """
    for pattern, problem, hint in _NUMBER_PROBLEMS:
        if re.fullmatch(pattern, value.strip(), re.IGNORECASE):
            return f"{column} {problem}", hint
    return f"{column} is text, not a number", "write whole numbers, without words or units"
