"""The flat form of a profile: one row an organisation, its columns in their order."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from clusteratlas.organisations.picks import PICKS

SCALARS: Final = (
    "name",
    "short_name",
    "identifier",
    "fictional",
    "kind",
    "legal_form",
    "sector",
    "founded",
    "summary",
    "website",
    "country",
    "street",
    "postcode",
    "town",
    "latitude",
    "longitude",
)
LISTS: Final = (
    "regions",
    "claims",
    "industries",
    "technologies",
    "priorities",
    "ecosystems",
    "emerging_industries",
)
MEMBERS: Final = "members_"
MEMBER_COLUMNS: Final = MappingProxyType(
    {f"{MEMBERS}{kind.replace('-', '_')}": kind for kind in PICKS["member"]}
)
"""The columns of member counts, each with its kind."""

AS_OF: Final = "members_as_of"
MONEY: Final = ("staff", "budget", "budget_currency")
MORE_LISTS: Final = ("services", "focus", "languages")

MAIN: Final = (
    "schema_version",
    *SCALARS,
    *LISTS,
    *MEMBER_COLUMNS,
    AS_OF,
    *MONEY,
    *MORE_LISTS,
)
"""The columns that every flat file has."""

PICKED: Final = MappingProxyType(
    {
        "kind": "kind",
        "legal_form": "legal_form",
        "sector": "sector",
        "budget": "budget",
        "technologies": "technology",
        "ecosystems": "ecosystem",
        "emerging_industries": "emerging",
        "services": "service",
        "focus": "focus",
    }
)
"""Fields of a profile that hold codes of a pick-list, and which."""


@dataclass(frozen=True, slots=True)
class PartLayout:
    """A part that repeats: the field of the profile, what its columns begin with, its own fields.

    ``lists`` are those of its fields that hold several values, ``picked`` those of a pick-list.
    ``sheet`` names its sheet of a workbook.
    """

    field: str
    prefix: str
    sheet: str
    columns: tuple[str, ...]
    lists: tuple[str, ...] = ()
    picked: tuple[tuple[str, str], ...] = ()

    def column(self, number: int, name: str) -> str:
        """Return the name of a column of the flat form, such as ``offer_2_topic``."""
        return f"{self.prefix}_{number}_{name}"


_INTEREST = ("topic", "kind", "countries", "clusters", "technologies", "text")
_INTEREST_LISTS = ("countries", "clusters", "technologies")
_INTEREST_PICKS = (("kind", "cooperation"), ("technologies", "technology"))

PARTS: Final = (
    PartLayout("offers", "offer", "Offers", _INTEREST, _INTEREST_LISTS, _INTEREST_PICKS),
    PartLayout("seeks", "seek", "Seeks", _INTEREST, _INTEREST_LISTS, _INTEREST_PICKS),
    PartLayout(
        "labels",
        "label",
        "Labels",
        ("label", "name", "valid_until"),
        picked=(("label", "label"),),
    ),
    PartLayout(
        "partnerships",
        "partnership",
        "Partnerships",
        ("name", "partners", "programme", "since", "until"),
        ("partners",),
    ),
    PartLayout(
        "contacts",
        "contact",
        "Contacts",
        ("name", "role", "mail", "phone", "consent", "consent_on"),
    ),
    PartLayout("evidence", "evidence", "Evidence", ("title", "address", "on")),
)
"""The parts that repeat: numbered columns in a CSV, sheets of their own in a workbook."""

MOST_PARTS: Final = 200
"""Parts of one kind that an organisation may have in a flat file."""
