"""Numbers and marks as a reader sees them. Rounding happens here and nowhere before."""

from __future__ import annotations

from typing import Protocol

from clusteratlas.tables import ESTIMATED, UNPUBLISHED, WITHHELD

NOT_KNOWN = "–"
STRONG, STRONG_IN_DOUBT = "● strong", "○ strong"
IN_DOUBT = "○"


class Figure(Protocol):
    """Anything with a number of jobs and a status."""

    @property
    def employment(self) -> int | None: ...  # noqa: D102

    @property
    def status(self) -> str: ...  # noqa: D102


class Flagged(Protocol):
    """Anything with a strength flag and a status."""

    @property
    def strong(self) -> bool | None: ...  # noqa: D102

    @property
    def status(self) -> str: ...  # noqa: D102


def plain(text: str) -> str:
    """Return text that cannot steer a terminal: one line, no control codes.

    >>> plain("Wood\\x1b[31m Products\\n")
    'Wood [31m Products'
    """
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def number(value: int | None) -> str:
    """Return a count with thousands separated.

    >>> number(1234567), number(None)
    ('1,234,567', '–')
    """
    return NOT_KNOWN if value is None else f"{value:,}"


def signed(value: int | None) -> str:
    """Return a change with its sign.

    >>> signed(-1200), signed(35)
    ('-1,200', '+35')
    """
    return NOT_KNOWN if value is None else f"{value:+,}"


def jobs(figure: Figure) -> str:
    """Return jobs with the mark of their status: ``≥`` where only a part is known."""
    if figure.employment is None:
        return "withheld" if figure.status == WITHHELD else NOT_KNOWN
    mark = {WITHHELD: "≥ ", ESTIMATED: "~ "}.get(figure.status, "")
    return mark + number(figure.employment)


def percent(share: float | None, *, sign: bool = False) -> str:
    """Return a share in percent.

    >>> percent(0.1234), percent(0.0001), percent(0.0), percent(None)
    ('12.3%', '<0.1%', '0.0%', '–')
    >>> percent(0.0123, sign=True)
    '+1.2%'
    """
    if share is None:
        return NOT_KNOWN
    if sign:
        return f"{share:+.1%}"
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def quotient(value: float | None) -> str:
    """Return a location quotient.

    >>> quotient(5.2149), quotient(0.001)
    ('5.21', '<0.01')
    """
    if value is None:
        return NOT_KNOWN
    return "<0.01" if 0 < value < 0.005 else f"{value:.2f}"


def place_of(rank: int | None, ranked: int | None) -> str:
    """Return a rank and among how many.

    >>> place_of(3, 914)
    '3/914'
    """
    return NOT_KNOWN if rank is None else f"{rank:,}/{ranked:,}"


def strength(row: Flagged) -> str:
    """Return the strength mark: filled when sure, hollow when a part is withheld."""
    if row.status == WITHHELD and row.strong is not None:
        return STRONG_IN_DOUBT if row.strong else IN_DOUBT
    return STRONG if row.strong else ""


def marks_explained(rows: list[Figure], flags: list[str]) -> list[str]:
    """Return a sentence for each mark that occurs in a table."""
    found = []
    if any(row.status == WITHHELD and row.employment is not None for row in rows):
        found.append("≥ at least this many, the office withholds a part")
    if any(row.status == WITHHELD and row.employment is None for row in rows):
        found.append("withheld: a figure exists and is not given")
    if any(row.status == ESTIMATED for row in rows):
        found.append("~ estimated")
    if any(row.status == UNPUBLISHED for row in rows):
        found.append("– not printed: a true zero or too few establishments")
    if STRONG in flags:
        found.append("● strong by profile us-2014")
    if STRONG_IN_DOUBT in flags or IN_DOUBT in flags:
        found.append("○ a part is withheld, so being strong or not could change")
    return found


def with_article(name: str) -> str:
    """Return a name as it stands inside a sentence.

    >>> with_article("United States"), with_article("Europe (29 countries)")
    ('the United States', 'Europe (29 countries)')
    """
    return f"the {name}" if name.startswith("United ") else name


def duration(seconds: float) -> str:
    """Return a time span in words.

    >>> duration(3.2), duration(75), duration(0.2)
    ('3 s', '1 min 15 s', '1 s')
    """
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
