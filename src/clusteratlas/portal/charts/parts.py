"""Bars from a line at zero: the parts that a change is made of, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.portal import figures

ROOM = 96.0
"""The percent of the plot that the longest bar and its opposite share."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part: where its bar begins, how wide it is and which way it goes."""

    name: str
    href: str
    x: str
    width: str
    kind: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars ready to be set; ``zero`` is the place of the line they start from."""

    identity: str
    title: str
    zero: str
    rows: Sequence[Bar]
    source: str = ""


def part_bars(
    identity: str,
    title: str,
    parts: Sequence[tuple[str, str, float, str]],
    *,
    total: tuple[str, str, float, str] | None = None,
    source: str = "",
) -> Bars:
    """Return bars of parts that add up. A part is (name, address, figure, note).

    >>> part_bars("b", "", [("up", "", 30, ""), ("down", "", -10, "")]).rows[1].width
    '24.00%'
    """
    rows = [*parts, *([total] if total else [])]
    low = min(0.0, *(each[2] for each in rows))
    high = max(0.0, *(each[2] for each in rows))
    span = (high - low) or 1.0
    zero = 2 - ROOM * low / span
    drawn = []
    for place, (name, href, value, note) in enumerate(rows):
        wide = ROOM * abs(value) / span
        kind = "loss" if value < 0 else "gain"
        if total and place == len(rows) - 1:
            kind = f"{kind} total"
        start = zero - wide if value < 0 else zero
        drawn.append(
            Bar(
                name,
                href,
                f"{start:.2f}%",
                f"{wide:.2f}%",
                kind,
                figures.signed(round(value)),
                note,
            )
        )
    return Bars(identity, title, f"{zero:.2f}%", drawn, source)
