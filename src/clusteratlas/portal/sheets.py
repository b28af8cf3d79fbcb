"""Tables on pages: what stands in each cell, ready to be set. The CSV twins are in `export`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from clusteratlas.portal import figures

MARKS = {
    "reported": "reported",
    "partial": "partly withheld",
    "withheld": "withheld",
    "unpublished": "not published",
    "nodata": "no data",
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
    """One figure: its text, the mark before it and a share drawn as a bar."""

    text: str
    mark: str = ""
    bar: str = ""
    number: bool = True
    href: str = ""

    @property
    def mark_words(self) -> str:
        """The mark in words, for those who do not see it; empty when the text says it already."""
        words = MARKS.get(self.mark, "")
        return "" if words in (self.text, "reported") else words


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its head with a link and pills, then its cells."""

    name: str
    cells: Sequence[Cell]
    href: str = ""
    pills: Sequence[tuple[str, str]] = ()
    code: str = ""
    kind: str = ""


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


def percent_cell(share: float | None, *, bar: bool = False, mark: str = "") -> Cell:
    """Return a cell with a share."""
    return Cell(figures.percent(share), mark, share_bar(share) if bar else "")


def pills(traded: bool | None, strong: bool | None) -> list[tuple[str, str]]:
    """Return the pills of a cluster: (class, word)."""
    found = []
    if strong:
        found.append(("strong", "strong"))
    if traded is False:
        found.append(("local", "local"))
    return found
