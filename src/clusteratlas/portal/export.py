"""Tables as CSV: the columns of the atlas by their own names, source and release in each row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django.http import HttpResponse

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula.

    >>> safe_text("=1+1"), safe_text("Rest of Ohio")
    ("'=1+1", 'Rest of Ohio')
    """
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_answer(
    records: Sequence[Any],
    *,
    name: str,
    source: str,
    release: str,
    columns: Iterable[str] = (),
    kind: type[Any] | None = None,
) -> HttpResponse:
    """Return records as a CSV file.

    Parameters
    ----------
    records
        Dataclass instances of one kind; ``kind`` names it when there may be none.
    name
        Of the file, without its ending.
    source, release
        Written into two last columns of every row.
    columns
        The columns to write, by default all of the record's.
    """
    kind = kind or type(records[0])
    names = tuple(columns) or tuple(field.name for field in fields(kind))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*names, "source", "release"])
    for record in records:
        writer.writerow([*(_written(getattr(record, each)) for each in names), source, release])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    file = re.sub(r"[^A-Za-z0-9_.-]+", "-", f"cluster-atlas-{name}")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}.csv"'
    return response


def _written(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_text(value) if isinstance(value, str) else value
