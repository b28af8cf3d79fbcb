"""A workbook to fill in: sheets of rows under a header, all texts as texts that nothing runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from clusteratlas.tables.spreadsheet_text import DANGEROUS, kept_in_sheet

CREATED: Final = datetime(2000, 1, 1)
"""Fixed, so that the same rows give the same bytes."""

ROWS_TO_FILL: Final = 500
MOST_LISTED: Final = 255
"""Letters of a list of choices that a spreadsheet takes."""

WIDE: Final = ("name", "organisation", "programme")
"""Columns that hold a name."""


class TextWorkbook:
    """A workbook that is written sheet by sheet; the same rows give the same bytes."""

    def __init__(self, title: str) -> None:
        self._held = io.BytesIO()
        self._book = Workbook(
            self._held,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        told = {"title": title, "author": "Cluster Atlas", "created": CREATED}
        self._book.set_properties(told)
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._text = self._book.add_format({"num_format": "@"})
        self._inert = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._number = self._book.add_format({"num_format": "General"})
        self._label = self._book.add_format({"bold": True, "valign": "top"})
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})

    def table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, str]],
        *,
        choices: Mapping[str, Sequence[str]] = MappingProxyType({}),
        numbers: frozenset[str] = frozenset(),
        frozen: int = 1,
    ) -> None:
        """Write a sheet.

        Parameters
        ----------
        rows
            Cells by column; an empty one may be left out.
        choices
            By column: the codes that a spreadsheet offers to choose from.
        numbers
            Columns whose cells a spreadsheet may reckon with.
        frozen
            Columns that stay in sight.
        """
        sheet: Worksheet = self._book.add_worksheet(name)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, self._head)
            look = self._number if column in numbers else self._text
            sheet.set_column(at, at, 34 if column in WIDE else 20, look)
            self._offer(sheet, at, list(choices.get(column, ())), len(rows))
        for number, row in enumerate(rows, 1):
            for at, column in enumerate(columns):
                text = row.get(column, "")
                if text and column in numbers:
                    sheet.write_number(number, at, float(text), self._number)
                elif text:
                    look = self._inert if text.startswith(DANGEROUS) else self._text
                    sheet.write_string(number, at, kept_in_sheet(text), look)
        sheet.freeze_panes(1, frozen)

    def _offer(self, sheet: Worksheet, at: int, codes: list[str], rows: int) -> None:
        """Let a cell be chosen from a list, where a spreadsheet can hold the whole list."""
        if codes and len(",".join(codes)) <= MOST_LISTED:
            choice = {"validate": "list", "source": codes, "error_type": "warning"}
            sheet.data_validation(1, at, max(rows, ROWS_TO_FILL), at, choice)

    def about(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write a sheet to read: what stands where."""
        sheet: Worksheet = self._book.add_worksheet("About")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        for row, (label, text) in enumerate(lines):
            sheet.write_string(row, 0, label, self._label)
            sheet.write_string(row, 1, text, self._wrapped)

    def written(self) -> bytes:
        """Return the bytes; nothing is added after that."""
        self._book.close()
        return self._held.getvalue()
