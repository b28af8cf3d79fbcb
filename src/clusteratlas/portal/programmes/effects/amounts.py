"""How effects are written: with their sign, their interval and their unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import floor, log10

from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.language import number
from clusteratlas.programmes.effects import Estimate, EventPoint, Scale


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in words: value and interval, both with sign, and the unit."""

    value: str
    between: str
    unit: str

    @property
    def whole(self) -> str:
        """Value with unit, and the interval in brackets."""
        unit = f"{figures.NARROW}{self.unit}" if self.unit else ""
        return _("%(value)s (%(between)s)") % {
            "value": f"{self.value}{unit}",
            "between": self.between,
        }


def signed(value: float) -> str:
    """Write a change with its sign and three digits that count.

    >>> signed(0.01234), signed(-116000.0), signed(3.456), signed(0.0)
    ('+0.0123', '−116,000', '+3.46', '0')
    """
    if not value:
        return "0"
    if abs(value) >= 100:
        return figures.signed(value)
    text = f"{value:+.3g}"
    if "e" in text:
        text = f"{value:+.6f}".rstrip("0").rstrip(".")
    return number(text.replace("-", figures.MINUS))


def plain(value: float) -> str:
    """Write an amount without sign, with three digits that count.

    >>> plain(5714.2), plain(0.4567)
    ('5,714', '0.457')
    """
    return figures.whole(value) if abs(value) >= 100 else signed(value).removeprefix("+")


def within(value: float, low: float, high: float) -> str:
    """Write a change with the digits that the width of its interval leaves.

    >>> within(2.2912, 0.0446, 4.59), within(-0.0123, -0.04, 0.01), within(14000.0, 9000.0, 2e4)
    ('+2.3', '−0.012', '+14,000')
    """
    width = high - low
    if not width > 0:
        return signed(value)
    decimals = min(max(1 - floor(log10(width)), 0), 6)
    text = f"{value:+,.{decimals}f}"
    return number(text.replace("-", figures.MINUS)) if float(text.replace(",", "")) else "0"


def range_of(low: float, high: float, *, percent: bool = False) -> str:
    """Write an interval of changes.

    >>> range_of(-1.0, 2.5), range_of(0.0446, 4.59, percent=True)
    ('−1.0 to +2.5', '0 to +4.6\xa0%')
    """
    told = _("%(low)s to %(high)s") % {
        "low": within(low, low, high),
        "high": within(high, low, high),
    }
    return f"{told}{figures.NARROW}%" if percent else told


def said(found: Estimate | EventPoint, unit: str) -> Said:
    """Return an effect in words: in per cent where logarithms were compared, else in its unit."""
    percents = found.percent
    if percents is None:
        value, low, high, unit_words = found.value, found.low, found.high, unit
    else:
        (value, low, high), unit_words = percents, "%"
    return Said(within(value, low, high), range_of(low, high), unit_words)


def as_shown(value: float, scale: Scale) -> float:
    """Return a difference as a chart shows it: in per cent where logarithms were compared.

    >>> as_shown(2.0, Scale.level), round(as_shown(0.1, Scale.log), 2)
    (2.0, 10.52)
    """
    if scale is Scale.level:
        return value
    return 100 * math.expm1(value)
