"""The fictional programme as files: logs as CSV and as one workbook, and its register."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow.csv as pacsv
import xlsxwriter

from clusteratlas.programmes.account.layout import LAYOUTS
from clusteratlas.programmes.demonstration.logs import Cells, fictional_logs, rows_of
from clusteratlas.programmes.demonstration.panel import fictional_panel
from clusteratlas.programmes.register import bytes_of, fictional_programme

WRITTEN = datetime(2025, 1, 1)
"""The date that a workbook says it was written on, so that equal logs are equal files."""


def write_example(folder: Path, seed: int = 2018) -> list[tuple[Path, str]]:
    """Write the fictional programme into a folder; return each file with what it is.

    Example
    -------
    >>> import tempfile
    >>> written = write_example(Path(tempfile.mkdtemp()))
    >>> [path.name for path, _ in written]
    ['logs', 'logs.xlsx', 'programme.json', 'panel.csv', 'treated.csv']
    """
    tables = fictional_logs(seed)
    folder.mkdir(parents=True, exist_ok=True)
    write_logs(tables, folder / "logs", folder / "logs.xlsx")
    register = folder / "programme.json"
    register.write_bytes(bytes_of([fictional_programme()], "json"))
    panel, support = fictional_panel(seed)
    pacsv.write_csv(panel, folder / "panel.csv")
    pacsv.write_csv(support, folder / "treated.csv")
    rows = sum(len(each) for each in tables.values())
    return [
        (folder / "logs", f"{len(tables)} logs with {rows:,} rows, a CSV for each"),
        (folder / "logs.xlsx", "the same logs in one workbook"),
        (register, "what the register states of the programme, its money included"),
        (folder / "panel.csv", f"a panel of firms, {panel.num_rows:,} rows"),
        (folder / "treated.csv", f"the {support.num_rows} firms that were supported, with costs"),
    ]


def write_logs(tables: Mapping[str, Sequence[Cells]], folder: Path, workbook: Path) -> None:
    """Write every log as CSV into a folder, and all of them into one workbook."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in LAYOUTS:
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened, lineterminator="\n").writerows(rows_of(tables, name))
    with xlsxwriter.Workbook(str(workbook)) as book:
        book.set_properties({"created": WRITTEN})
        bold = book.add_format({"bold": True})
        for name in LAYOUTS:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows_of(tables, name)):
                sheet.write_row(number, 0, row, bold if number == 0 else None)
            sheet.freeze_panes(1, 0)
