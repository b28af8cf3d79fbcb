"""Organisations as dots on the map of regions, over the colours of a cluster if one is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clusteratlas.atlas import Region
from clusteratlas.portal.charts.choropleth import _box, _insets
from clusteratlas.portal.charts.geography import Ground

RADIUS = 6.0


@dataclass(frozen=True, slots=True)
class Dot:
    """The organisations at home in one region.

    ``kind`` is the best verdict among them: ``supported``, ``emerging``, ``unsupported``,
    ``unknown`` or nothing where no claim is asked about.
    """

    region: Region
    href: str
    count: int
    said: str
    kind: str = ""


def place_of(ground: Ground, region: Region) -> tuple[float, float] | None:
    """Return where a region's dot stands: its point, or the middle of its shape."""
    shape = ground.shapes.get(region.region)
    if shape is None:
        return ground.point(region)
    left, top, width, height = _box(shape)
    return round(left + width / 2, 1), round(top + height / 2, 1)


def draw_dots(
    ground: Ground, dots: Sequence[Dot], *, label: str, colours: Mapping[str, str] | None = None
) -> SafeString:
    """Return the map: ground, regions in their colours, borders, dots; largest dots lowest.

    Parameters
    ----------
    ground
        The map of the regions' scheme.
    dots
        One for each region that has organisations; regions without a place are left out.
    label
        What the map shows, for those who do not see it.
    colours
        Colour class by region, where the regions are coloured too.
    """
    box = " ".join(f"{each:g}" for each in ground.view_box)
    parts = [
        f'<svg class="map map--dots level" viewBox="{box}" role="group" '
        f'aria-label="{escape(label)}">'
    ]
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.below]
    parts += _insets(ground)
    for code, kind in (colours or {}).items():
        if code in ground.shapes:
            parts.append(f'<path class="{kind}" d="{ground.shapes[code]}"/>')
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.above]
    for dot in sorted(dots, key=lambda each: (-each.count, each.region.region)):
        spot = place_of(ground, dot.region)
        if spot is None:
            continue
        kind = f" {dot.kind}" if dot.kind else ""
        parts.append(
            f'<a class="organisation-dot{kind}" href="{escape(dot.href)}" '
            f'aria-label="{escape(dot.said)}"><title>{escape(dot.said)}</title>'
            f'<circle cx="{spot[0]:g}" cy="{spot[1]:g}" r="{RADIUS * sqrt(dot.count):.1f}"/></a>'
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text in it went through escape
