"""Profiles as a workbook: a sheet of organisations, one for each part that repeats, one to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clusteratlas.organisations.flat import main_row, part_row
from clusteratlas.organisations.layout import MAIN, PARTS, PICKED
from clusteratlas.organisations.picks import PICKS
from clusteratlas.organisations.profile import SCHEMA_VERSION, Profile
from clusteratlas.organisations.text_workbook import TextWorkbook

CHOSEN: Final = ("kind", "legal_form", "sector", "budget")
"""Columns in which a spreadsheet offers the codes to choose from."""

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
    book = TextWorkbook("Cluster organisations")
    choices = {column: list(PICKS[PICKED[column]]) for column in CHOSEN}
    book.table(
        "Organisations", MAIN, [main_row(each) for each in profiles], choices=choices, frozen=2
    )
    for part in PARTS:
        rows = [
            {"organisation": each.name, "identifier": each.identifier, **part_row(part, one)}
            for each in profiles
            for one in getattr(each, part.field)
        ]
        book.table(part.sheet, ("organisation", "identifier", *part.columns), rows)
    book.about([*_ABOUT, *((f"Codes: {name}", _listed(name)) for name in PICKS)])
    return book.written()


def _listed(name: str) -> str:
    return "; ".join(f"{code} = {words}" for code, words in PICKS[name].items())
