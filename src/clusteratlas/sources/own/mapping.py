"""A mapping file: which column of a user's own file holds what, and how its cells are written."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clusteratlas.classification import classifications
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.source import Source

HINTS = {
    "missing": "the mapping must name it",
    "extra_forbidden": "take it out, or is it misspelt?",
    "too_short": "give at least one",
}
Text = Annotated[str, Field(min_length=1)]
Count = Literal["employment", "employment_low", "employment_high", "establishments", "payroll"]


class _Part(BaseModel):
    """A part of the mapping; what it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FilePart(_Part):
    """How the file is written.

    Attributes
    ----------
    sheet
        Sheet of a workbook; the first by default.
    header_row
        Row that names the columns, counted from 1; by default the first that holds anything.
    separator
        Between the cells of a text.
    decimal, thousands
        Marks within the numbers of a text.
    """

    sheet: Text | None = None
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    separator: Literal[",", ";", "\t", "|"] = ","
    decimal: Literal[".", ","] = "."
    thousands: Literal[",", ".", " ", "'", "’", ""] = ""


class ColumnsPart(_Part):
    """Name of the column of the file that holds each figure or code."""

    region: Text
    industry: Text
    employment: Text
    year: Text | None = None
    employment_low: Text | None = None
    employment_high: Text | None = None
    establishments: Text | None = None
    payroll: Text | None = None
    status: Text | None = None


class ValuesPart(_Part):
    """Words that stand in the place of a figure."""

    withheld: list[str] = Field(default_factory=list)
    unpublished: list[str] = Field(default_factory=list)


class SourcePart(_Part):
    """Where the figures are from."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] | None = None
    title: Text
    publisher: Text
    licence: Text
    address: Text | None = None
    retrieved: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    covers: Text = "Own figures: as far as their publisher says."
    employment_word: Text = "jobs"
    payroll_unit: Text = "currency, thousands"


class Mapping(_Part):
    """A mapping as a whole.

    Attributes
    ----------
    classification
        Classification of the industries, with its vintage.
    scheme
        Region scheme: one that we know, or a name of the user's own.
    year
        Year of all figures, where no column has it.
    units
        How many jobs (thousands of the currency, establishments) one unit of a column is.
    """

    classification: Text
    scheme: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    file: FilePart = FilePart()
    columns: ColumnsPart
    values: ValuesPart = ValuesPart()
    units: dict[Count, Annotated[float, Field(gt=0, strict=False)]] = Field(default_factory=dict)
    source: SourcePart

    def source_of(self, path: Path, checksum: str) -> Source:
        """Return what is known about the figures of a file."""
        told = self.source
        return Source(
            source=told.name or path.stem,
            publisher=told.publisher,
            title=told.title,
            address=told.address,
            retrieved=told.retrieved,
            checksum=checksum,
            licence=told.licence,
            covers=told.covers,
            employment_word=told.employment_word,
            payroll_unit=told.payroll_unit,
        )


def read_mapping(path: Path) -> Mapping:
    """Return the mapping that a TOML file holds.

    Raises
    ------
    InvalidInput
        With every fault of the mapping by line and key.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "town.toml"
    >>> _ = place.write_text('''
    ... classification = "nace-2"
    ... scheme = "district"
    ... year = 2024
    ... [columns]
    ... region = "District"
    ... industry = "NACE"
    ... employment = "Jobs"
    ... [source]
    ... title = "Jobs register"
    ... publisher = "Town hall"
    ... licence = "CC BY 4.0"
    ... ''')
    >>> read_mapping(place).columns.employment
    'Jobs'
    """
    found = Findings(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        found.refuse("the mapping is not UTF-8", hint="save the file as UTF-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        found.refuse(f"the mapping cannot be read: {reason}", hint="check its name and your rights")
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        found.refuse(
            f"the mapping is no TOML: {error}",
            row=int(line[1]) if line else None,
            hint='a value is written key = "text"; names of parts stand in [brackets]',
        )
    try:
        mapping = Mapping.model_validate(given)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            keys = tuple(str(key) for key in fault["loc"] if not str(key).startswith("["))
            value = fault["input"]
            found.add(
                _told(fault["type"], fault["msg"]),
                row=line_of(text, keys),
                column=".".join(keys),
                value="" if isinstance(value, dict) else str(value),
                hint=HINTS.get(fault["type"], "see the example in docs/how-to/own-figures.md"),
            )
        found.stop_if_any()
        raise
    _check(mapping, text, found)
    found.stop_if_any()
    return mapping


def _told(kind: str, message: str) -> str:
    if kind == "missing":
        return "the key is missing"
    if kind == "extra_forbidden":
        return "there is no such key"
    return message[:1].lower() + message[1:]


def _check(mapping: Mapping, text: str, found: Findings) -> None:
    if mapping.classification not in classifications():
        found.add(
            "no such classification is at hand",
            row=line_of(text, ("classification",)),
            column="classification",
            value=mapping.classification,
            hint=f"use one of {', '.join(classifications())}",
        )
    if mapping.columns.year is None and mapping.year is None:
        found.add(
            "the mapping names no year",
            row=line_of(text, ("columns",)),
            column="columns.year",
            hint="name the column of the year, or say year = 2024 for all figures",
        )
    both = sorted(set(mapping.values.withheld) & set(mapping.values.unpublished))
    if both:
        found.add(
            "a word means withheld and unpublished",
            row=line_of(text, ("values", "unpublished")),
            column="values.unpublished",
            value=", ".join(both),
            hint="keep it in one of the two",
        )
    if mapping.file.decimal == mapping.file.thousands:
        found.add(
            "decimal and thousands are the same mark",
            row=line_of(text, ("file", "thousands")),
            column="file.thousands",
            value=mapping.file.thousands,
            hint='where decimal is "," thousands are "." or " "',
        )


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    r"""Return the line on which a key stands, else that of its part.

    >>> line_of('scheme = "x"\n[file]\nsheet = 3\n', ("file", "sheet"))
    3
    """
    part, best = "", None
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[([^\[\]]+)\]", line)
        if heading:
            part = heading[1].strip()
            if keys and part == keys[0]:
                best = best or number
            continue
        name = re.match(r"\s*\"?([A-Za-z_.-]+)\"?\s*=", line)
        if name and tuple(filter(None, (part, name[1]))) == keys[:2]:
            return number
        if name and not part and keys[:1] == (name[1],):
            best = best or number
    return best
