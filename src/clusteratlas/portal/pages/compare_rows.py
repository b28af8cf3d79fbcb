"""Side by side: a row a question, a column a region or cluster, differences against the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.portal import addresses, doubt, figures
from clusteratlas.portal.charts.scales import quotient_scale
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.compare_asked import Place
from clusteratlas.portal.sheets import MARKS

Written = Callable[[float], str]
Ends = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class SideColumn:
    """The head of a column: a numbered region or cluster."""

    number: str
    name: str
    href: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SideCell:
    """One figure with its mark, its interval, its difference and its class of colour."""

    text: str
    mark: str = ""
    between: str = ""
    difference: str = ""
    swatch: str = ""
    href: str = ""
    pill: tuple[str, str] | None = None

    @property
    def mark_words(self) -> str:
        """The mark in words, for those who do not see it."""
        words = MARKS.get(self.mark, "")
        return "" if words in (self.text, "reported") else words


@dataclass(frozen=True, slots=True)
class SideRow:
    """One question with its answers; ``unit`` stands under it."""

    question: str
    cells: Sequence[SideCell]
    unit: str = ""
    href: str = ""
    spread: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A whole table of one block."""

    identity: str
    caption: str
    columns: Sequence[SideColumn]
    rows: Sequence[SideRow]
    base: str = ""
    corner: str = ""
    last: str = ""
    """The head of a last column, where rows have a ``spread``."""


def points(difference: float) -> str:
    """Write the difference of two shares or rates.

    >>> points(0.0321), points(-0.2), points(0.00001)
    ('+3.2 points', '\u221220 points', '\u00b10 points')
    """
    value = difference * 100
    if abs(value) < 0.05:
        return _("%(number)s points") % {"number": "\u00b10"}
    text = f"{value:+.{0 if abs(value) >= 9.95 else 1}f}".replace("-", figures.MINUS)
    return _("%(number)s points") % {"number": number(text)}


def apart(difference: float) -> str:
    """Write the difference of two quotients.

    >>> apart(1.25), apart(-0.04), apart(0.0)
    ('+1.2', '\u22120.04', '\u00b10')
    """
    if abs(difference) < 0.005:
        return "\u00b10"
    text = f"{difference:+.{1 if abs(difference) >= 0.095 else 2}f}"
    return number(text.replace("-", figures.MINUS))


def counts(difference: float) -> str:
    """Write the difference of two counts.

    >>> counts(1500), counts(0)
    ('+1,500', '\u00b10')
    """
    return figures.signed(difference) if round(difference) else "\u00b10"


def side_row(
    question: str,
    values: Sequence[float | None],
    written: Callable[[float | None], str],
    difference: Written | None = None,
    *,
    unit: str = "",
    ends: Sequence[Ends] = (),
    marks: Sequence[str] = (),
    texts: Sequence[str] = (),
    hrefs: Sequence[str] = (),
    pills: Sequence[tuple[str, str] | None] = (),
    href: str = "",
    quotients: bool = False,
    spread: str = "",
) -> SideRow:
    """Return a row; differences are against the first column.

    Parameters
    ----------
    values
        One for each column, None where not known.
    difference
        How a difference is written; without it none is shown.
    texts
        What stands in the cells instead of the value as written, such as ``at least``.
    quotients
        Whether each cell bears the colour of its class, as on maps.
    """
    scale = quotient_scale()
    first = values[0] if values else None
    cells = []
    for place, value in enumerate(values):
        gap = ""
        if difference and place and value is not None and first is not None:
            gap = difference(value - first)
        low, high = ends[place] if ends else (None, None)
        cells.append(
            SideCell(
                texts[place] if texts else written(value),
                marks[place] if marks else "",
                doubt.between(low, high, written) if value is not None else "",
                gap,
                scale.kind(value) if quotients and value is not None else "",
                hrefs[place] if hrefs else "",
                pills[place] if pills else None,
            )
        )
    return SideRow(question, cells, unit, href, spread)


def some(rows: Sequence[SideRow]) -> list[SideRow]:
    """Return the rows that have a figure in any column."""
    return [
        row for row in rows if any(cell.text not in ("", figures.NOTHING) for cell in row.cells)
    ]


def columns_of(places: Sequence[Place]) -> list[SideColumn]:
    """Return the heads of the columns, one a region."""
    return [
        SideColumn(
            str(place.number),
            place.name,
            addresses.region(
                place.view.scheme.scheme,
                place.region.region,
                year=place.view.year,
                definition=place.view.definition_in_address,
            ),
        )
        for place in places
    ]
