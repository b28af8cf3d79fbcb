"""Tables on pages: what stands in each cell, ready to be set. The CSV twins are in `export`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from clusteratlas.atlas import RegionalCluster
from clusteratlas.portal import doubt, figures

MARKS: dict[str, Any] = {
    "reported": _("reported"),
    "partial": _("partly withheld"),
    "estimated": _("estimated"),
    "flip": _("could flip"),
    "withheld": _("withheld"),
    "unpublished": _("not published"),
    "nodata": _("no data"),
    "open": _("left open"),
    "unknown": _("not known"),
}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """The head of a column; ``order`` is its address when the table can be sorted by it."""

    label: str
    unit: str = ""
    number: bool = True
    order: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its text, the mark before it, its interval and a share drawn as a bar."""

    text: str
    mark: str = ""
    bar: str = ""
    number: bool = True
    href: str = ""
    between: str = ""

    @property
    def mark_words(self) -> str:
        """The mark in words, for those who do not see it; empty when the text says it already."""
        words = str(MARKS.get(self.mark, ""))
        return "" if self.mark == "reported" or words == self.text else words


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its head with a link and pills, then its cells."""

    name: str
    cells: Sequence[Cell]
    href: str = ""
    pills: Sequence[tuple[str, str]] = ()
    code: str = ""
    kind: str = ""
    pick: tuple[str, str] | None = None
    """Name and value of a box before the name, by which a form chooses the row."""

    notes: Sequence[tuple[str, str]] = ()
    """Words under the figures of the row: (what they are, the words)."""
    lang: str = ""
    """The language of the name where it is not the page's, such as the title of an industry."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table. ``identity`` is its id on the page."""

    identity: str
    caption: str
    columns: Sequence[SheetColumn]
    rows: Sequence[SheetRow]
    tall: bool = False
    empty: str = "There is nothing to show here."
    extra: dict[str, str] = field(default_factory=dict)


def share_bar(share: float | None) -> str:
    """Return the width of a share's bar in percent of its cell, or nothing."""
    return "" if share is None else f"{min(share, 1) * 100:.1f}"


def percent_cell(
    share: float | None,
    *,
    bar: bool = False,
    between: tuple[float | None, float | None] = (None, None),
) -> Cell:
    """Return a cell with a share and its interval."""
    said = doubt.between(*between, figures.percent)
    return Cell(figures.percent(share), bar=share_bar(share) if bar else "", between=said)


def jobs_cell(row: RegionalCluster) -> Cell:
    """Return a cell with the jobs of a regional cluster, their mark and their interval."""
    return Cell(doubt.jobs(row), doubt.mark_of(row), between=doubt.jobs_between(row))


def part_cell(figure: doubt.Counted, *, bar: str = "") -> Cell:
    """Return a cell with the jobs of a subcluster, an industry or a whole cluster."""
    mark = doubt.mark_of_part(figure)
    return Cell(doubt.jobs(figure), mark, bar, between=doubt.jobs_between(figure))


def quotient_cell(row: RegionalCluster) -> Cell:
    """Return a cell with a quotient and its interval."""
    return Cell(figures.quotient(row.location_quotient), between=doubt.quotient_between(row))


def rank_cell(row: RegionalCluster, *, of: bool = False) -> Cell:
    """Return a cell with a rank and the places it could be at."""
    if row.rank is None:
        return Cell(figures.NOTHING)
    among = f" of {figures.whole(row.ranked)}" if of else ""
    return Cell(f"{figures.whole(row.rank)}{among}", between=doubt.rank_between(row))
