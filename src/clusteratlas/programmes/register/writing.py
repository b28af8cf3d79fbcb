"""Write programmes as tables or JSON, each read back to the same programmes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from clusteratlas.organisations.text_workbook import CREATED, TextWorkbook
from clusteratlas.programmes.register.document import SCHEMA_VERSION, Programme
from clusteratlas.programmes.register.layout import TABLES, TableLayout
from clusteratlas.programmes.register.picks import PICKS
from clusteratlas.programmes.register.reading import FORM
from clusteratlas.programmes.register.rows import Row, rows_of
from clusteratlas.tables import CannotAnswer
from clusteratlas.tables.spreadsheet_text import inert

SCHEMA_NAME: Final = f"urn:clusteratlas:programme:{SCHEMA_VERSION}"

_ABOUT: Final = (
    ("What this is", "Programmes in support of clusters: six sheets, one row for each thing."),
    ("Schema", f"Version {SCHEMA_VERSION}; see `clusteratlas programme register schema`."),
    ("Programme", "On every sheet: the slug of the programme, or its name where it has none."),
    (
        "Money",
        "One row an amount, in whole units of its currency. Empty call and award: of the programme "
        "itself. An amount without a currency is refused, and two currencies or two price bases "
        "are never added.",
    ),
    ("Year", "The year that an amount belongs to; empty where only a total is stated."),
    ("Price base", "The year in whose prices an amount is told; empty: in the prices of its time."),
    ("Several values", "Separate them by a semicolon in one cell: countries, regions, clusters."),
    ("Regions", "scheme:code, such as us-state:06 or nuts-2:DE11."),
    ("Clusters", "definition:code, such as us-benchmark-2014:30."),
    ("Clusters read", "yes: nobody stated the clusters, they were read out of the award's name."),
    ("Days", "Year, month, day: 2026-05-31."),
    ("Not stated", "An empty cell means not stated; it is never read as zero or as none."),
)


def json_of(programmes: Iterable[Programme]) -> str:
    """Return programmes as JSON in the full schema, without what is not stated.

    >>> '"since": 2018' in json_of([Programme(name="Boost", since=2018)])
    True
    """
    listed = [
        {"schema_version": SCHEMA_VERSION, **each.model_dump(mode="json", exclude_defaults=True)}
        for each in programmes
    ]
    whole = {"format": FORM.format, "schema_version": SCHEMA_VERSION, FORM.field: listed}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def csv_tables(programmes: Iterable[Programme]) -> dict[str, str]:
    """Return every table as CSV, by its name; no cell is run as a formula by a spreadsheet.

    >>> csv_tables([Programme(name="=1+1")])["programmes"].splitlines()[1]
    ",'=1+1,,,,,,,,,,,,"
    """
    rows = rows_of(programmes)
    return {table.name: _csv(table, rows[table.name]) for table in TABLES}


def _csv(table: TableLayout, rows: Sequence[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.header)
    for row in rows:
        writer.writerow(
            row.get(name, "") if name in table.numbers else inert(row.get(name, ""))
            for name in table.header
        )
    return text.getvalue()


def zip_of(programmes: Iterable[Programme]) -> bytes:
    """Return every table as a CSV of a zip; the same programmes give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in csv_tables(programmes).items():
            member = zipfile.ZipInfo(f"{name}.csv", CREATED.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text.encode())
    return held.getvalue()


def workbook_of(programmes: Iterable[Programme]) -> bytes:
    """Return every table as a sheet of a workbook; the same programmes give the same bytes."""
    book = TextWorkbook("Programmes")
    rows = rows_of(programmes)
    for table in TABLES:
        book.table(
            table.sheet,
            table.header,
            rows[table.name],
            choices=table.choices,
            numbers=table.numbers,
        )
    codes = (
        (f"Codes: {name}", "; ".join(f"{code} = {said}" for code, said in words.items()))
        for name, words in PICKS.items()
    )
    book.about([*_ABOUT, *codes])
    return book.written()


FORMS: Final = MappingProxyType[str, Callable[[Sequence[Programme]], bytes]](
    {"zip": zip_of, "xlsx": workbook_of, "json": lambda each: json_of(each).encode()}
)
"""What makes the bytes of each form."""


def bytes_of(programmes: Iterable[Programme], ending: str) -> bytes:
    """Return programmes as a file of this ending: zip (of CSV tables), xlsx or json.

    Raises
    ------
    CannotAnswer
        Another ending.
    """
    if ending not in FORMS:
        hint = f"use one of {', '.join(FORMS)}; the tables as CSV come as a zip"
        raise CannotAnswer("programmes are not written in that form", value=ending, hint=hint)
    return FORMS[ending](tuple(programmes))


def ending_of(path: Path) -> str:
    """Return the form that a file's name asks for.

    >>> ending_of(Path("register.XLSX"))
    'xlsx'
    """
    return path.suffix.lower().removeprefix(".")


def register_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a programme, with its pick-lists.

    >>> register_schema()["$defs"]["Money"]["properties"]["side"]["enum"]
    ['public', 'private']
    """
    found = Programme.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_NAME,
        **found,
        "title": f"Programme, version {SCHEMA_VERSION}",
    }


def schema_text() -> str:
    """Return the schema as text to publish."""
    return json.dumps(register_schema(), ensure_ascii=False, indent=2) + "\n"
