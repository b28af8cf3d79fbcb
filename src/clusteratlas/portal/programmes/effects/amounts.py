"""How effects are written: with their sign, their interval and their unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

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


def range_of(low: float, high: float) -> str:
    """Write an interval of changes.

    >>> range_of(-1.0, 2.5)
    '−1 to +2.5'
    """
    return _("%(low)s to %(high)s") % {"low": signed(low), "high": signed(high)}


def said(found: Estimate | EventPoint, unit: str) -> Said:
    """Return an effect in words: in per cent where logarithms were compared, else in its unit."""
    percents = found.percent
    if percents is None:
        return Said(signed(found.value), range_of(found.low, found.high), unit)
    value, low, high = percents
    return Said(signed(value), range_of(low, high), "%")


def as_shown(value: float, scale: Scale) -> float:
    """Return a difference as a chart shows it: in per cent where logarithms were compared.

    >>> as_shown(2.0, Scale.level), round(as_shown(0.1, Scale.log), 2)
    (2.0, 10.52)
    """
    if scale is Scale.level:
        return value
    return 100 * math.expm1(value)
