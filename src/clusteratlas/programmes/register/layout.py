"""The register as six long tables: programmes, calls, awards, money, facts, references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from clusteratlas.programmes.register.document import Award, Call, Fact, Money, Programme, Reference
from clusteratlas.programmes.register.picks import PICKS

OF_PROGRAMME: Final = "programme"
"""The column by which a row says which programme it belongs to: its slug, or its name."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table: its name, which is that of its sheet and of its CSV too, and its columns.

    Attributes
    ----------
    part
        What a row makes.
    columns
        Fields in their order, without those that say whose a row is.
    owners
        Columns that say whose a row is.
    lists
        Columns that hold several values.
    telling
        The columns by which a CSV is known to be this table.
    picked
        Columns that hold codes of a pick-list, and which.
    """

    name: str
    part: type[Any]
    columns: tuple[str, ...]
    owners: tuple[str, ...]
    telling: frozenset[str]
    lists: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    picked: Mapping[str, str] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        """The name of its sheet."""
        return self.name.title()

    @property
    def header(self) -> tuple[str, ...]:
        """Every column."""
        return (*self.owners, *self.columns)

    @property
    def choices(self) -> dict[str, list[str]]:
        """By column: the codes to choose from."""
        return {
            column: list(PICKS[name])
            for column, name in self.picked.items()
            if column not in self.lists
        }


PROGRAMMES: Final = TableLayout(
    "programmes",
    Programme,
    (
        *("slug", "name", "short_name", "fictional", "funder", "level", "countries", "since"),
        *("until", "summary", "website", "regions", "clusters", "instruments"),
    ),
    (),
    frozenset(("name",)),
    frozenset(("countries", "regions", "clusters", "instruments")),
    frozenset(("since", "until")),
    MappingProxyType({"level": "level", "instruments": "instrument"}),
)
CALLS: Final = TableLayout(
    "calls",
    Call,
    ("key", "name", "opened", "closed"),
    (OF_PROGRAMME,),
    frozenset(("key", "name", "opened")),
)
AWARDS: Final = TableLayout(
    "awards",
    Award,
    (
        *("key", "organisation", "slug", "call", "title", "year", "country", "regions"),
        *("clusters", "clusters_read", "instruments", "source"),
    ),
    (OF_PROGRAMME,),
    frozenset(("key", "organisation")),
    frozenset(("regions", "clusters", "instruments")),
    frozenset(("year",)),
    MappingProxyType({"instruments": "instrument"}),
)
MONEY: Final = TableLayout(
    "money",
    Money,
    ("amount", "currency", "side", "kind", "year", "price_base", "giver", "source"),
    (OF_PROGRAMME, "call", "award"),
    frozenset(("amount",)),
    numbers=frozenset(("amount", "year", "price_base")),
    picked=MappingProxyType({"side": "side", "kind": "kind"}),
)
FACTS: Final = TableLayout(
    "facts",
    Fact,
    ("what", "value", "text", "unit", "period", "source"),
    (OF_PROGRAMME,),
    frozenset(("what",)),
    numbers=frozenset(("value",)),
)
REFERENCES: Final = TableLayout(
    "references",
    Reference,
    ("title", "address", "on"),
    (OF_PROGRAMME,),
    frozenset(("title", "address")),
)
YEARS: Final = frozenset(("since", "until", "year", "price_base"))
"""Columns that hold a calendar year."""

TABLES: Final = (PROGRAMMES, CALLS, AWARDS, MONEY, FACTS, REFERENCES)
"""Every table, in the order of a workbook's sheets."""
