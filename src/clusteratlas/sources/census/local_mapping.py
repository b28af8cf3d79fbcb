"""A mapping file for places below the county: which column of an own table holds what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clusteratlas.classification import classifications
from clusteratlas.sources.cells import TextTable
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.own.mapping import SourcePart, line_of
from clusteratlas.sources.source import Source

Text = Annotated[str, Field(min_length=1)]


class LocalColumns(BaseModel):
    """Name of the column that holds each figure or code."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    place: Text
    industry: Text
    establishments: Text
    year: Text | None = None


class LocalMapping(BaseModel):
    """A mapping as a whole; ``year`` is of all figures where no column has it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    classification: Text | None = None
    year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    columns: LocalColumns
    source: SourcePart

    @property
    def wanted(self) -> set[str]:
        """The columns of the file that are read, in lower case."""
        return {name.lower() for name in self.columns.model_dump().values() if name}

    def key(self, path: Path) -> str:
        """Return the key of the source of a file."""
        return self.source.name or path.stem

    def source_of(self, path: Path, checksum: str) -> Source:
        """Return what is known about the figures of a file."""
        told = self.source
        return Source(
            source=self.key(path),
            publisher=told.publisher,
            title=told.title,
            address=told.address,
            retrieved=told.retrieved,
            checksum=checksum,
            licence=told.licence,
            covers=told.covers,
            employment_word="",
            payroll_unit="",
        )


def read_local_mapping(path: Path) -> LocalMapping:
    """Return the mapping that a TOML file holds.

    Raises
    ------
    InvalidInput
        With every fault of the mapping by line and key.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "blocks.toml"
    >>> _ = place.write_text('''
    ... year = 2024
    ... [columns]
    ... place = "Block"
    ... industry = "NAICS"
    ... establishments = "Firms"
    ... [source]
    ... title = "Business register"
    ... publisher = "Town hall"
    ... licence = "CC BY 4.0"
    ... ''')
    >>> read_local_mapping(place).columns.place
    'Block'
    """
    found = Findings(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        given = tomllib.loads(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        found.refuse(f"the mapping cannot be read: {reason}", hint="give a TOML file in UTF-8")
    try:
        mapping = LocalMapping.model_validate(given)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            keys = tuple(str(key) for key in fault["loc"])
            value = fault["input"]
            found.add(
                fault["msg"][:1].lower() + fault["msg"][1:],
                row=line_of(text, keys),
                column=".".join(keys),
                value="" if isinstance(value, dict) else str(value),
                hint="columns: place, industry, establishments; source: title, publisher, licence",
            )
        found.stop_if_any()
        raise
    if mapping.classification not in (None, *classifications()):
        found.refuse(
            "no such classification is at hand",
            row=line_of(text, ("classification",)),
            value=mapping.classification or "",
            hint=f"use one of {', '.join(classifications())}",
        )
    return mapping


def renamed(
    text: TextTable,
    found: Findings,
    mapping: LocalMapping | None,
    official: AnyMapping[str, str],
) -> TextTable:
    """Return the cells under our own names: by the mapping, else by the publisher's names."""
    if mapping is None:
        ours = {name: official.get(name, name) for name in text.names}
    else:
        asked = {name: own for own, name in mapping.columns.model_dump().items() if name}
        found.missing_columns(asked, list(text.header), row=text.header_row)
        ours = {name.lower(): own for name, own in asked.items() if name.lower() in text.names}
    columns = {"row": text.cells.column("row")}
    columns |= {own: text.cells.column(name) for name, own in ours.items()}
    names = {own: text.names[name] for name, own in ours.items()}
    return TextTable(pa.table(columns), names, text.header, text.header_row)
