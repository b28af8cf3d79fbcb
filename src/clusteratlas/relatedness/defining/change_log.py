"""The log of moves: written, read and replayed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clusteratlas.tables import Fault, InvalidInput

DIGITS: Final = 6
COLUMNS: Final = (
    "step",
    "industry",
    "from",
    "to",
    "rule",
    "note",
    "applied",
    "score_before",
    "score_after",
)


@dataclass(frozen=True)
class Change:
    """One line of the log."""

    step: int
    industry: str
    leaves: str
    to: str
    rule: str
    note: str
    applied: bool
    score_before: float
    score_after: float
    """What VS is with the move, whether or not it was made."""


def log_bytes(changes: Sequence[Change]) -> bytes:
    """Return the log as CSV text in UTF-8."""
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for each in changes:
        out.writerow(
            [
                each.step,
                each.industry,
                each.leaves,
                each.to,
                each.rule,
                each.note,
                "true" if each.applied else "false",
                f"{each.score_before:.{DIGITS}f}",
                f"{each.score_after:.{DIGITS}f}",
            ]
        )
    return text.getvalue().encode()


def read_log(path: Path) -> tuple[Change, ...]:
    """Read a log that `log_bytes` wrote.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    faults: list[Fault] = []
    header, rows = table_rows(path, COLUMNS, faults)
    changes = []
    for number, cells in rows:
        row = dict(zip(header, cells, strict=True))
        try:
            figures = int(row["step"]), float(row["score_before"]), float(row["score_after"])
        except ValueError as error:
            faults.append(Fault("a number is none", str(path), number, value=str(error)))
            continue
        if row["applied"] not in ("true", "false"):
            faults.append(
                Fault(
                    "applied is neither true nor false",
                    str(path),
                    number,
                    "applied",
                    row["applied"],
                )
            )
        changes.append(
            Change(
                figures[0],
                row["industry"],
                row["from"],
                row["to"],
                row["rule"],
                row["note"],
                row["applied"] == "true",
                *figures[1:],
            )
        )
    if faults:
        raise InvalidInput(faults)
    return tuple(changes)


def replay(log: Sequence[Change], start: Mapping[str, str]) -> dict[str, str]:
    """Return the definition that a log makes of its start.

    Raises
    ------
    InvalidInput
        With every line that does not fit: an industry that is not there, or is in another cluster
        than the log says.

    Example
    -------
    >>> replay([Change(1, "a", "1", "2", "expert", "why", True, 0.5, 0.6)], {"a": "1", "b": "2"})
    {'a': '2', 'b': '2'}
    """
    now = dict(start)
    faults = []
    for each in log:
        if now.get(each.industry) != each.leaves:
            faults.append(
                Fault(
                    f"step {each.step} takes the industry out of cluster {each.leaves}, it is in "
                    f"{now.get(each.industry, 'none')}",
                    column="from",
                    value=each.industry,
                    hint="is this the log of another start?",
                )
            )
        elif each.applied:
            now[each.industry] = each.to
    if faults:
        raise InvalidInput(faults)
    return now


def table_rows(
    path: Path, needed: Sequence[str], faults: list[Fault]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return header and rows with their line numbers; stop where the file is no such table."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(
            [Fault("the file cannot be read as a table", str(path), hint=f"save as CSV: {error}")]
        ) from error
    header = [cell.strip().lower() for cell in records[0]] if records else []
    for column in needed:
        if column not in header:
            hint = f"needed: {', '.join(needed)}; found: {', '.join(header) or 'nothing'}"
            faults.append(Fault(f"column {column} is missing", str(path), 1, column, hint=hint))
    faults.extend(
        Fault("the column stands twice", str(path), 1, column, hint="keep one of them")
        for column in sorted({each for each in header if header.count(each) > 1})
    )
    if faults:
        raise InvalidInput(faults)
    rows = []
    for number, record in enumerate(records[1:], 2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            hint = f"the header has {len(header)}; put texts with commas into double quotes"
            faults.append(Fault(f"the row has {len(record)} cells", str(path), number, hint=hint))
            continue
        rows.append((number, [cell.strip() for cell in record]))
    return header, rows
