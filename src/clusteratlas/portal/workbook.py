"""One table as a workbook: the figures, what they are and where they come from, the dictionary."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from clusteratlas.portal.dictionary import Entry
from clusteratlas.tables.spreadsheet_text import DANGEROUS

CREATED = datetime(2000, 1, 1)
"""Fixed, so that the same figures give the same bytes."""

NUMBERS = {"whole": "#,##0", "year": "0", "real": "0.000"}
BY_UNIT = {
    "share 0-1": "0.0%",
    "rate a year": "0.0%",
    "ratio": "0.00",
    "rank": "0",
    "jobs": "#,##0",
}
HEAD = 4
"""Rows above the first row of figures: title, source, units and names."""

WIDEST, NARROWEST = 42, 9
MOST_CHARACTERS = 32_767
"""Longer texts do not fit a cell."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the sheet about the table says."""

    source: str
    years: str
    address: str
    release: str
    licence: str
    citation: str


def workbook_of(
    title: str, entries: Sequence[Entry], rows: Sequence[Sequence[object]], told: Told
) -> bytes:
    """Return a workbook of three sheets; the same figures give the same bytes."""
    held = io.BytesIO()
    book = Workbook(
        held,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": title, "author": "Cluster Atlas", "created": CREATED})
    looks = _Looks(book)
    _figures(book.add_worksheet(_("Table")), title, entries, rows, told, looks)
    _about(book.add_worksheet(_("About")), title, told, looks)
    _dictionary(book.add_worksheet(_("Dictionary")), entries, looks)
    book.close()
    return held.getvalue()


class _Looks:
    """The few formats of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.quiet = book.add_format({"font_color": "#555555"})
        self.unit = book.add_format({"font_color": "#555555", "italic": True})
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.label = book.add_format({"bold": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.inert = book.add_format({"quote_prefix": True})
        self._numbers: dict[str, Format] = {}
        self._book = book

    def of(self, entry: Entry) -> Format | None:
        """Return the number format of a column; none for text."""
        if entry.kind in ("text", "flag"):
            return None
        code = BY_UNIT.get(entry.unit) or NUMBERS[entry.kind]
        if code not in self._numbers:
            self._numbers[code] = self._book.add_format({"num_format": code})
        return self._numbers[code]


def _figures(
    sheet: Worksheet,
    title: str,
    entries: Sequence[Entry],
    rows: Sequence[Sequence[object]],
    told: Told,
    looks: _Looks,
) -> None:
    sheet.write_string(0, 0, title, looks.title)
    sheet.write_string(1, 0, told.source, looks.quiet)
    for place, entry in enumerate(entries):
        sheet.write_string(2, place, entry.unit, looks.unit)
        sheet.write_string(3, place, entry.name, looks.head)
        seen = [len(str(row[place])) for row in rows[:100] if isinstance(row[place], str)]
        wide = max([len(entry.name) + 2, len(entry.unit) + 1, *seen])
        sheet.set_column(place, place, min(max(wide, NARROWEST), WIDEST))
    formats = [looks.of(entry) for entry in entries]
    for number, row in enumerate(rows, HEAD):
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(number, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value, formats[place])
            else:
                _text(sheet, number, place, str(value), looks)
    sheet.freeze_panes(HEAD, 1)
    if rows:
        sheet.autofilter(HEAD - 1, 0, HEAD - 1 + len(rows), len(entries) - 1)


def _text(sheet: Worksheet, row: int, place: int, text: str, looks: _Looks) -> None:
    """Write a text as a text; one that begins as a formula does is marked so for good."""
    look = looks.inert if text.startswith(DANGEROUS) else None
    sheet.write_string(row, place, text[:MOST_CHARACTERS], look)


def _about(sheet: Worksheet, title: str, told: Told, looks: _Looks) -> None:
    words: list[tuple[str, Any]] = [
        (_("Title"), title),
        (_("Source"), told.source),
        (_("Year"), told.years),
        (_("Address"), told.address),
        (_("Release"), told.release),
        (_("Terms of reuse"), told.licence),
        (_("How to cite"), told.citation),
        (
            _("Status"),
            _(
                "reported: the statistical office prints the figure. estimated: filled by us, with "
                "low and high. withheld: a figure exists and is not given, or only a part of it. "
                "unpublished: the office prints no row at all. An empty cell is never zero."
            ),
        ),
    ]
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    for row, (label, text) in enumerate((label, text) for label, text in words if text):
        sheet.write_string(row, 0, label, looks.label)
        sheet.write_string(row, 1, text[:MOST_CHARACTERS], looks.wrapped)


def _dictionary(sheet: Worksheet, entries: Sequence[Entry], looks: _Looks) -> None:
    for place, (label, wide) in enumerate(
        ((_("Column"), 28), (_("Meaning"), 80), (_("Unit"), 24), (_("Missing data"), 60))
    ):
        sheet.set_column(place, place, wide)
        sheet.write_string(0, place, label, looks.head)
    for row, entry in enumerate(entries, 1):
        for place, text in enumerate((entry.name, entry.meaning, entry.unit, entry.missing)):
            sheet.write_string(row, place, text, looks.wrapped)
    sheet.freeze_panes(1, 1)
