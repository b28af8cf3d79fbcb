"""A strip of small dots: every region's quotient on one axis, with one region marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.atlas import RegionalCluster
from clusteratlas.portal import doubt, figures
from clusteratlas.portal.charts.dots import MARKED, Tick, log_place

LEAST = 1 / 64
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip ready to be set. Places in percent."""

    ticks: Sequence[Tick]
    base: str
    places: Sequence[tuple[str, str]]
    here: str
    here_mark: str
    here_value: str
    count: int
    low: str = ""
    high: str = ""
    between: str = ""


def strip_chart(rows: Sequence[RegionalCluster], region: str) -> Strip | None:
    """Return the quotients of all regions with this one marked; nothing for a handful."""
    known = [row for row in rows if row.location_quotient]
    if len(known) < FEWEST:
        return None
    high = 4.0
    while high < max(row.location_quotient or 0 for row in known):
        high *= 2
    ends = (LEAST, high)
    here = next((row for row in known if row.region == region), None)
    return Strip(
        [
            Tick(f"{log_place(each, ends):.2f}%", f"{each:g}")
            for each in MARKED
            if 0.125 <= each <= high
        ],
        f"{log_place(1, ends):.2f}%",
        [
            (
                f"{log_place(row.location_quotient or 0, ends):.2f}%",
                f"{12 + 46 * _spread(place):.0f}%",
            )
            for place, row in enumerate(known)
            if row.region != region
        ],
        f"{log_place(here.location_quotient or 0, ends):.2f}%" if here else "",
        doubt.mark_of(here) if here else "",
        figures.quotient(here.location_quotient) if here else "",
        len(known),
        *_interval(here, ends),
        doubt.quotient_between(here) if here else "",
    )


def _interval(here: RegionalCluster | None, ends: tuple[float, float]) -> tuple[str, str]:
    if here is None or not doubt.quotient_between(here):
        return "", ""
    low, high = here.location_quotient_low or 0, here.location_quotient_high or 0
    return f"{log_place(low, ends):.2f}%", f"{log_place(high, ends):.2f}%"


def _spread(number: int) -> float:
    """Spread whole numbers evenly over 0 to 1, so that dots side by side do not cover each other.

    >>> [_spread(number) for number in range(4)]
    [0.0, 0.5, 0.25, 0.75]
    """
    found, step = 0.0, 0.5
    while number:
        number, digit = divmod(number, 2)
        found += digit * step
        step /= 2
    return found
