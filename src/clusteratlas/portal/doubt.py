"""How sure a figure is, in words and marks: one place for every sentence, table, chart and map."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, log10
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from clusteratlas.atlas import RegionalCluster
from clusteratlas.portal import figures
from clusteratlas.tables import ESTIMATED, WITHHELD

Number = TypeVar("Number", int, float)

ALL_REPORTED = 0.995
"""From this reported share on a figure counts as reported; it still shows its interval."""

FEWEST_REPORTED = 0.5
"""Below this reported share a figure that was not filled could look quite different."""


class Counted(Protocol):
    """Anything with jobs, their interval and a status."""

    @property
    def employment(self) -> int | None: ...  # noqa: D102

    @property
    def employment_low(self) -> int | None: ...  # noqa: D102

    @property
    def employment_high(self) -> int | None: ...  # noqa: D102

    @property
    def status(self) -> str: ...  # noqa: D102


def is_estimated(figure: Counted) -> bool:
    """Say whether a part of the figure that counts is estimated."""
    share = getattr(figure, "reported_share", None)
    return figure.status == ESTIMATED and (share is None or share < ALL_REPORTED)


def mark_of(row: RegionalCluster) -> str:
    """Return the mark of a regional cluster: how far its figure can be trusted."""
    if row.employment is None:
        return "withheld" if row.status == WITHHELD else "nodata"
    if row.could_flip:
        return "flip"
    if row.status == WITHHELD:
        return "partial"
    if is_estimated(row):
        return "estimated"
    filled = row.location_quotient_low is not None
    if not filled and row.reported_share is not None and row.reported_share < FEWEST_REPORTED:
        return "partial"
    return "reported"


def mark_of_part(figure: Counted) -> str:
    """Return the mark of a subcluster, an industry or a whole cluster."""
    if figure.status == WITHHELD and figure.employment:
        return "partial"
    return figure.status


def jobs(figure: Counted) -> str:
    """Write jobs with what is known of them: of a withheld figure only what is there for sure."""
    if figure.status == WITHHELD and figure.employment_low is not None and figure.employment:
        return figures.jobs(figure.employment_low, WITHHELD)
    return figures.jobs(figure.employment, figure.status)


def jobs_words(figure: Counted) -> str:
    """Write jobs for a sentence."""
    if figure.status == WITHHELD:
        known = figure.employment_low or figure.employment
        return _("at least %(number)s") % {"number": figures.in_words(known)}
    if not is_estimated(figure):
        return figures.in_words(figure.employment)
    return _("about %(number)s") % {"number": figures.in_words(_rounded(figure))}


def _rounded(figure: Counted) -> int | None:
    """Round an estimate to the digits that its interval leaves."""
    low, high = figure.employment_low, figure.employment_high
    if figure.employment is None or low is None or high is None or high - low < 10:
        return figure.employment
    return round(figure.employment, -floor(log10(high - low)))


def between(low: Number | None, high: Number | None, written: Callable[[Number], str]) -> str:
    """Write the interval of a figure; nothing where there is none or both ends read the same.

    >>> between(2.31, 4.19, figures.quotient), between(2.31, 2.32, figures.quotient)
    ('2.3\u20134.2', '')
    """
    if low is None or high is None:
        return ""
    one, other = written(low), written(high)
    if one == other:
        return ""
    unit = f"{figures.NARROW}%"
    if one.endswith(unit) and other.endswith(unit):
        one = one.removesuffix(unit)
    return f"{one}\u2013{other}"


def jobs_between(figure: Counted) -> str:
    """Write the interval of estimated jobs."""
    if figure.status != ESTIMATED:
        return ""
    return between(figure.employment_low, figure.employment_high, figures.whole)


def quotient_between(row: RegionalCluster) -> str:
    """Write the interval of a quotient."""
    return between(row.location_quotient_low, row.location_quotient_high, figures.quotient)


def rank_between(row: RegionalCluster) -> str:
    """Write between which places a region ranks."""
    return between(row.rank_low, row.rank_high, figures.whole)


def chance(probability: float) -> str:
    """Write in how many possible tables something holds.

    >>> chance(0.83), chance(0.998), chance(1.0)
    ('in 83 of 100 possible tables', 'in 99 of 100 possible tables', 'in all possible tables drawn')
    """
    if probability in (0, 1):
        if probability:
            return _("in all possible tables drawn")
        return _("in none of the possible tables drawn")
    count = min(max(round(probability * 100), 1), 99)
    return _("in %(count)s of 100 possible tables") % {"count": figures.whole(count)}


def strength_pills(row: RegionalCluster, *, with_kind: bool = False) -> list[tuple[str, str]]:
    """Return the pills of a regional cluster: (class, word)."""
    found = []
    if row.could_flip:
        word = _("strong, could flip") if row.strong else _("could be strong")
        found.append(("flip", word))
    elif row.strong:
        found.append(("strong", _("strong")))
    if with_kind and row.traded is False:
        found.append(("local", _("local")))
    return found
