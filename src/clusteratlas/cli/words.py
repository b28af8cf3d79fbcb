"""Numbers and marks as a reader sees them. Rounding happens here and nowhere before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from clusteratlas.atlas import RegionalCluster, RegionProfile
from clusteratlas.tables import ESTIMATED, UNPUBLISHED, WITHHELD

NOT_KNOWN = "–"
STRONG, STRONG_IN_DOUBT = "● strong", "○ strong"
IN_DOUBT = "○"
FLIPS = " of 100"
Number = TypeVar("Number", int, float)


class Figure(Protocol):
    """Anything with a number of jobs and a status."""

    @property
    def employment(self) -> int | None: ...  # noqa: D102

    @property
    def employment_low(self) -> int | None: ...  # noqa: D102

    @property
    def employment_high(self) -> int | None: ...  # noqa: D102

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
    if figure.status == WITHHELD:
        return f"≥ {number(figure.employment_low or figure.employment)}"
    return ("~ " if figure.status == ESTIMATED else "") + number(figure.employment)


def between(low: Number | None, high: Number | None, written: Callable[[Number], str]) -> str:
    """Return a 90 % interval; nothing where there is none or both ends read the same.

    >>> between(2.31, 4.19, quotient), between(7, 7, str)
    ('2.31–4.19', '')
    """
    if low is None or high is None or written(low) == written(high):
        return ""
    return f"{written(low)}–{written(high)}"


def with_interval(text: str, interval: str) -> str:
    """Return a figure with its interval in brackets.

    >>> with_interval("3", "2–9"), with_interval("3", "")
    ('3 [2–9]', '3')
    """
    return f"{text} [{interval}]" if interval else text


def jobs_between(figure: Figure) -> str:
    """Return the interval of estimated jobs."""
    if figure.status != ESTIMATED:
        return ""
    return between(figure.employment_low, figure.employment_high, number)


def quotient_between(row: RegionalCluster) -> str:
    """Return the interval of a location quotient, in fewer digits where it is large."""

    def short(value: float) -> str:
        return quotient(value) if value < 10 else f"{value:.{1 if value < 100 else 0}f}"

    return between(row.location_quotient_low, row.location_quotient_high, short)


def rank_between(row: RegionalCluster) -> str:
    """Return the places that a rank could be at."""
    return between(row.rank_low, row.rank_high, number)


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


def rounded(value: float | None) -> str:
    """Return a figure of any size: whole from a thousand on, else with four digits.

    >>> rounded(17_400_000_000), rounded(12.3456), rounded(-0.00012346)
    ('17,400,000,000', '12.35', '-0.0001235')
    """
    if value is None:
        return NOT_KNOWN
    return f"{value:,.0f}" if abs(value) >= 999.95 else f"{value:.4g}"


def quotient(value: float | None) -> str:
    """Return a location quotient.

    >>> quotient(5.2149), quotient(0.001)
    ('5.21', '<0.01')
    """
    if value is None:
        return NOT_KNOWN
    return "<0.01" if 0 < value < 0.005 else f"{value:.2f}"


def share_of(profile: RegionProfile, name: str) -> str:
    """Return a share of a region's profile with its interval."""
    ends = (getattr(profile, f"{name}_low"), getattr(profile, f"{name}_high"))
    return with_interval(percent(getattr(profile, name)), between(*ends, percent))


def strong_clusters(profile: RegionProfile) -> str:
    """Return the number of a region's strong clusters with its interval."""
    ends = between(profile.strong_clusters_low, profile.strong_clusters_high, number)
    return with_interval(number(profile.strong_clusters), ends)


def place_of(rank: int | None, ranked: int | None) -> str:
    """Return a rank and among how many.

    >>> place_of(3, 914)
    '3/914'
    """
    return NOT_KNOWN if rank is None else f"{rank:,}/{ranked:,}"


def strength(row: RegionalCluster) -> str:
    """Return the strength mark: filled when sure, hollow when it could flip, and how likely."""
    if row.could_flip:
        mark = STRONG_IN_DOUBT if row.strong else IN_DOUBT
        return f"{mark} {round(100 * (row.probability_strong or 0))}{FLIPS}"
    if row.probability_strong is None and row.status == WITHHELD and row.strong is not None:
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
        found.append("~ estimated in part, from sums that are printed")
    if any(row.status == UNPUBLISHED for row in rows):
        found.append("– not printed: a true zero or too few establishments")
    if STRONG in flags:
        found.append("● strong by profile us-2014")
    if any(flag.endswith(FLIPS) for flag in flags):
        found.append("○ could flip: strong in so many of 100 possible tables of what is withheld")
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
