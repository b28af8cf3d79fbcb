"""How templates write figures."""

from __future__ import annotations

from django import template

from clusteratlas.portal import figures

register = template.Library()

for _name in ("whole", "in_words", "percent", "quotient", "signed", "growth"):
    register.filter(_name, getattr(figures, _name))


@register.filter
def percent_width(share: float | None) -> str:
    """Write a share as the width of a bar, in percent without its sign."""
    return f"{min(max(share or 0, 0), 1) * 100:.1f}"
