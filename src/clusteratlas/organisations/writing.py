"""Write profiles as CSV, as a workbook or as JSON, each read back to the same profiles."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from clusteratlas.organisations.flat import row_of
from clusteratlas.organisations.json_form import written_json
from clusteratlas.organisations.layout import MAIN, PARTS
from clusteratlas.organisations.profile import SCHEMA_VERSION, Profile
from clusteratlas.organisations.workbook_form import workbook_of
from clusteratlas.tables import CannotAnswer
from clusteratlas.tables.spreadsheet_text import inert

SCHEMA_NAME: Final = f"urn:clusteratlas:organisation:{SCHEMA_VERSION}"


def for_export(profiles: Iterable[Profile], *, private: bool = False) -> tuple[Profile, ...]:
    """Return profiles as they may leave: without contacts that gave no consent, unless private."""
    return tuple(each if private else each.for_the_public() for each in profiles)


def csv_of(profiles: Iterable[Profile], *, private: bool = False) -> str:
    """Return profiles as CSV: one row each, the parts that repeat in numbered columns.

    No cell is run as a formula by a spreadsheet; `read_profiles` takes the mark off again.

    Example
    -------
    >>> print(csv_of([Profile(name="=1+1")]).splitlines()[1][:8])
    1,'=1+1,
    """
    rows = [row_of(each) for each in for_export(profiles, private=private)]
    columns = _columns(rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    numbers = {"latitude", "longitude"}
    for row in rows:
        writer.writerow(
            row.get(name, "") if name in numbers else inert(row.get(name, "")) for name in columns
        )
    return text.getvalue()


def json_of(profiles: Iterable[Profile], *, private: bool = False) -> str:
    """Return profiles as JSON in the full schema, without what is not stated.

    >>> '"fictional": true' in json_of([Profile(name="Optics", fictional=True)])
    True
    """
    return written_json(for_export(profiles, private=private))


def _columns(rows: Sequence[dict[str, str]]) -> list[str]:
    """The columns that every file has, then as many numbered ones as are used, at least one."""
    used = {name for row in rows for name in row}
    columns = list(MAIN)
    for part in PARTS:
        numbers = {int(name.split("_")[1]) for name in used if name.startswith(f"{part.prefix}_")}
        for number in range(1, max(numbers, default=1) + 1):
            columns += [part.column(number, name) for name in part.columns]
    return columns


def bytes_of(profiles: Iterable[Profile], ending: str, *, private: bool = False) -> bytes:
    """Return profiles as a file of this ending: csv, xlsx or json.

    Raises
    ------
    CannotAnswer
        Another ending.
    """
    if ending not in FORMS:
        hint = f"use one of {', '.join(FORMS)}"
        raise CannotAnswer("profiles are not written in that form", value=ending, hint=hint)
    return FORMS[ending](for_export(profiles, private=private))


FORMS: Final = MappingProxyType[str, Callable[[Sequence[Profile]], bytes]](
    {
        "csv": lambda each: csv_of(each, private=True).encode(),
        "xlsx": workbook_of,
        "json": lambda each: written_json(each).encode(),
    }
)
"""What makes the bytes of each form, of profiles that may leave."""


def write_profiles(path: Path, profiles: Iterable[Profile], *, private: bool = False) -> None:
    """Write profiles to a file whose ending says the form; whole, or not at all.

    Parameters
    ----------
    path
        Ends with .csv, .xlsx or .json.
    private
        Also write contacts that gave no consent: for the organisation's own data only.
    """
    data = bytes_of(profiles, path.suffix.lower().removeprefix("."), private=private)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o600 if private else 0o666 & ~mask)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def profile_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a profile, with its pick-lists.

    >>> profile_schema()["properties"]["name"]["maxLength"]
    200
    """
    found = Profile.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_NAME,
        **found,
        "title": f"Cluster organisation, version {SCHEMA_VERSION}",
    }


def schema_text() -> str:
    """Return the schema as text to publish."""
    return json.dumps(profile_schema(), ensure_ascii=False, indent=2) + "\n"
