"""Profiles as a workbook: a sheet of organisations, one for each part that repeats, one to read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from clusteratlas.organisations.flat import main_row, part_row
from clusteratlas.organisations.layout import MAIN, PARTS, PICKED
from clusteratlas.organisations.picks import PICKS
from clusteratlas.organisations.profile import SCHEMA_VERSION, Profile
from clusteratlas.tables.spreadsheet_text import DANGEROUS, kept_in_sheet

CREATED: Final = datetime(2000, 1, 1)
"""Fixed, so that the same profiles give the same bytes."""

CHOSEN: Final = ("kind", "legal_form", "sector", "budget")
"""Columns in which a spreadsheet offers the codes to choose from."""

ROWS_TO_FILL: Final = 500
MOST_LISTED: Final = 255
"""Letters of a list of choices that a spreadsheet takes."""

_ABOUT: Final = (
    ("What this is", "Profiles of cluster organisations, one row each on sheet Organisations."),
    ("Schema", f"Version {SCHEMA_VERSION}; see `clusteratlas organisations schema`."),
    (
        "Several values",
        "Separate them by a semicolon in one cell: technologies, languages, regions.",
    ),
    ("Regions", "scheme:code, such as us-cbsa:33460 or nuts-2:DE11; a name will do."),
    (
        "Claims",
        "definition:cluster/subcluster, such as us-benchmark-2014:30; (side) behind a side field.",
    ),
    ("Industries", "classification:code, such as naics-2017:339112 or nace-2:C26."),
    ("Days", "Year, month, day: 2026-05-31."),
    ("Not stated", "An empty cell means not stated; it is never read as zero or as none."),
    (
        "Offers and the like",
        "One row each on their sheets; organisation is its name on sheet Organisations.",
    ),
    ("Fictional", "yes marks an invented organisation."),
)


def workbook_of(profiles: Sequence[Profile]) -> bytes:
    """Return profiles as the bytes of a workbook; the same profiles give the same bytes."""
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
    book.set_properties(
        {"title": "Cluster organisations", "author": "Cluster Atlas", "created": CREATED}
    )
    sheets = _Sheets(book)
    sheets.table("Organisations", MAIN, [main_row(each) for each in profiles])
    for part in PARTS:
        rows = [
            {"organisation": each.name, "identifier": each.identifier, **part_row(part, one)}
            for each in profiles
            for one in getattr(each, part.field)
        ]
        sheets.table(part.sheet, ("organisation", "identifier", *part.columns), rows)
    sheets.about()
    book.close()
    return held.getvalue()


class _Sheets:
    """The sheets of a workbook, all cells as text that nothing runs."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._text = book.add_format({"num_format": "@"})
        self._inert = book.add_format({"num_format": "@", "quote_prefix": True})
        self._label = book.add_format({"bold": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def table(self, name: str, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
        sheet: Worksheet = self._book.add_worksheet(name)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, self._head)
            sheet.set_column(at, at, 34 if column in ("name", "organisation") else 20, self._text)
            if name == "Organisations" and column in CHOSEN:
                self._offer(sheet, at, list(PICKS[PICKED[column]]), len(rows))
        for number, row in enumerate(rows, 1):
            for at, column in enumerate(columns):
                if text := row.get(column, ""):
                    look = self._inert if text.startswith(DANGEROUS) else self._text
                    sheet.write_string(number, at, kept_in_sheet(text), look)
        sheet.freeze_panes(1, 2 if name == "Organisations" else 1)

    def _offer(self, sheet: Worksheet, at: int, codes: list[str], rows: int) -> None:
        """Let a cell be chosen from a list, where a spreadsheet can hold the whole list."""
        if len(",".join(codes)) <= MOST_LISTED:
            choice = {"validate": "list", "source": codes, "error_type": "warning"}
            sheet.data_validation(1, at, max(rows, ROWS_TO_FILL), at, choice)

    def about(self) -> None:
        sheet: Worksheet = self._book.add_worksheet("About")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        lines = [*_ABOUT, *((f"Codes: {name}", _listed(name)) for name in PICKS)]
        for row, (label, text) in enumerate(lines):
            sheet.write_string(row, 0, label, self._label)
            sheet.write_string(row, 1, text, self._wrapped)


def _listed(name: str) -> str:
    return "; ".join(f"{code} = {words}" for code, words in PICKS[name].items())
