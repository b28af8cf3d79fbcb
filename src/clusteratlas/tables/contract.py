"""What a contract of a table is: its columns with type, unit and what may stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from clusteratlas.tables.status import STATUSES

TEXT, WHOLE, REAL, FLAG, YEAR = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.int16()


@dataclass(frozen=True)
class Column:
    """One column: its name, type, unit and what may stand in it."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """One table: its key and columns. ``rules`` are conditions between columns that must hold.

    A rule is (name of the column to blame, condition that is true for a *bad* row in DuckDB's SQL,
    problem, hint).
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[tuple[str, str, str, str], ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """The table's columns as Arrow types, units in the field metadata."""
        return pa.schema(
            [
                pa.field(
                    column.name,
                    column.type,
                    column.nullable,
                    {"unit": column.unit, "meaning": column.meaning},
                )
                for column in self.columns
            ]
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def text(name: str, meaning: str, **options: object) -> Column:
    """A column of text."""
    return Column(name, TEXT, meaning, **options)  # type: ignore[arg-type]


def count(name: str, unit: str, meaning: str) -> Column:
    """A column of whole numbers from 0, empty where not known."""
    return Column(name, WHOLE, meaning, unit, nullable=True, minimum=0)


def share(name: str, meaning: str) -> Column:
    """A column of shares from 0 to 1."""
    return Column(name, REAL, meaning, "share 0-1", nullable=True, minimum=0, maximum=1)


def ratio(name: str, meaning: str) -> Column:
    """A column of ratios from 0."""
    return Column(name, REAL, meaning, "ratio", nullable=True, minimum=0)


def flag(name: str, meaning: str) -> Column:
    """A column of true, false or not known."""
    return Column(name, FLAG, meaning, "true, false or not known", nullable=True)


def rate(name: str, meaning: str) -> Column:
    """A column of rates a year."""
    return Column(name, REAL, meaning, "rate a year", nullable=True, minimum=-1)


SCHEME = text("scheme", "region scheme, such as us-county, us-cbsa, nuts-2")
REGION = text("region", "code of the region within its scheme")
YEAR_COLUMN = Column("year", YEAR, "reference year of the figures", "year", minimum=1900)
STATUS = text("status", "what kind of figure this is", words=STATUSES)
