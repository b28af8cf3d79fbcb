"""Read logs or rules that a stranger sent; a file that kills its reader is a fault too."""

from __future__ import annotations

from collections.abc import Sequence
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
    """What files gave: logs, sets of rules as (file, text), and every fault of each by itself.

    Logs are here with their faults too, so that they can be held against the others; they are to be
    kept only where there is no fault at all.
    """

    logs: tuple[Log, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def read_untrusted_logs(files: Sequence[tuple[Path, str]]) -> Sent:
    """Return each log of untrusted files by itself, and the rules that they hold.

    Definition
    ----------
    The files are read by another process with little memory and time, which may write nothing. A
    name that ends in ``.toml`` says that the file holds counting rules.

    Parameters
    ----------
    files
        Where each upload lies, and the name of its file in faults, by which a log is known.
    """
    asked = {"files": [{"path": str(path.resolve()), "name": name} for path, name in files]}
    told = answer_of_child(CHILD, asked, ", ".join(name for _, name in files))
    if isinstance(told, Fault):
        return Sent(faults=(told,))
    logs = []
    for each in told["logs"]:
        log = log_of_plain(each["name"], each["file"], each["checksum"], each["rows"])
        wrong = each["wrong"]
        rows = (
            LogRow(row.number, row.cells, frozenset(wrong.get(str(row.number), ())))
            for row in log.rows
        )
        logs.append(Log(log.name, log.file, log.checksum, tuple(rows)))
    rules = tuple((each["name"], each["toml"]) for each in told["rules"])
    faults, notes = faults_of_child(told["faults"]), faults_of_child(told["notes"])
    return Sent(tuple(logs), rules, faults, notes)


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
