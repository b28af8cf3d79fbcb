"""Read logs or rules that a stranger sent; a file that kills its reader is a fault too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from clusteratlas.organisations.untrusted import answer_of_child, faults_of_child
from clusteratlas.programmes.account.layout import LAYOUTS
from clusteratlas.programmes.account.records import Cell, Log, LogRow
from clusteratlas.tables import Fault, InternalFault

CHILD: Final = "clusteratlas.programmes.account.reading_child"

PlainRow = list[Any]
"""A row as JSON keeps it: its number in the file, and its cells."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file gave: logs by name, or a set of rules as text; nothing where there is a fault."""

    logs: dict[str, Log]
    rules: str = ""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def read_untrusted_logs(path: Path, *, name: str) -> Sent:
    """Return each log of an untrusted file by itself, or the rules that it holds.

    Definition
    ----------
    The file is read by another process with little memory and time, which may write nothing. A name
    that ends in ``.toml`` says that it holds counting rules.

    Parameters
    ----------
    path
        Where the upload lies.
    name
        Of the file in faults, and by which a log is known.
    """
    told = answer_of_child(CHILD, {"path": str(path.resolve()), "name": name}, name)
    if isinstance(told, Fault):
        return Sent({}, faults=(told,))
    logs = {
        each["name"]: log_of_plain(each["name"], each["file"], each["checksum"], each["rows"])
        for each in told["logs"]
    }
    return Sent(logs, told["rules"], faults_of_child(told["faults"]),
                faults_of_child(told["notes"]))  # fmt: skip


def plain_rows(log: Log) -> list[PlainRow]:
    """Return the rows of a log as JSON can hold them; `log_of_plain` reads them back."""
    return [[row.number, row.plain()] for row in log.rows]


def log_of_plain(name: str, file: str, checksum: str, rows: list[PlainRow]) -> Log:
    """Return a log out of rows that JSON held.

    >>> log = log_of_plain("events", "events.csv", "", [[2, {"event": "E1", "date": "2019-05-02"}]])
    >>> log.rows[0].day("date"), plain_rows(log)[0][1]["date"]
    (datetime.date(2019, 5, 2), '2019-05-02')
    """
    layout = LAYOUTS.get(name)
    if layout is None:
        raise InternalFault(f"there is no log {name}")
    dates = {each.name for each in layout.columns if each.kind == "date"}

    def cell(column: str, value: Any) -> Cell:
        return date.fromisoformat(value) if column in dates else value

    kept = (
        LogRow(number, {column: cell(column, value) for column, value in cells.items()})
        for number, cells in rows
    )
    return Log(name, file, checksum, tuple(kept))
