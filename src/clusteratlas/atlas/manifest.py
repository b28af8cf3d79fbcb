"""What a release says of itself: its region schemes, definitions, sources and files."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DefinitionInfo(_Frozen):
    """A cluster definition of the release."""

    definition: str
    title: str
    citation: str
    group_word: str
    group_words: str
    classification: str
    traded_split: bool
    clusters: int


class SchemeInfo(_Frozen):
    """A region scheme of the release, with what its figures are and are compared with.

    ``regions`` counts those with figures in the latest year.
    """

    scheme: str
    title: str
    region_word: str
    region_words: str
    country_group: str
    reference_scheme: str
    reference_name: str
    classification: str
    definition: str
    definitions: tuple[str, ...]
    years: tuple[int, ...]
    regions: int
    employment_word: str
    payroll_unit: str
    source_line: str
    total_note: str
    base: bool


class Manifest(_Frozen):
    """The first thing to read of a release."""

    id: str
    code_version: str
    schemes: tuple[SchemeInfo, ...]
    definitions: tuple[DefinitionInfo, ...]
    files: dict[str, str]
    rows: dict[str, int]
