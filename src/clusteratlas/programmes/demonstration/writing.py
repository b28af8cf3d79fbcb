"""Logs as files: a CSV for each, and one workbook with a sheet for each."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from clusteratlas.programmes.account.layout import LAYOUTS
from clusteratlas.programmes.demonstration.logs import Cells, rows_of

WRITTEN = datetime(2025, 1, 1)
"""The date that a workbook says it was written on, so that equal logs are equal files."""


def write_logs(tables: Mapping[str, Sequence[Cells]], folder: Path, workbook: Path) -> list[Path]:
    """Write every log as CSV into a folder and all of them into one workbook; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in LAYOUTS:
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened, lineterminator="\n").writerows(rows_of(tables, name))
        written.append(path)
    with xlsxwriter.Workbook(str(workbook)) as book:
        book.set_properties({"created": WRITTEN})
        bold = book.add_format({"bold": True})
        for name in LAYOUTS:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows_of(tables, name)):
                sheet.write_row(number, 0, row, bold if number == 0 else None)
            sheet.freeze_panes(1, 0)
    return [*written, workbook]
