"""Organisations as dots on the map of regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clusteratlas.atlas import Region
from clusteratlas.portal.charts.choropleth import box_of, draw_insets
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
    left, top, width, height = box_of(shape)
    return round(left + width / 2, 1), round(top + height / 2, 1)


def draw_dots(
    ground: Ground, dots: Sequence[tuple[tuple[float, float] | None, Dot]], *, label: str
) -> SafeString:
    """Return the map: ground, borders, dots; largest dots lowest.

    Parameters
    ----------
    ground
        The map that is drawn.
    dots
        Where each stands (see `place_of`), one for each region that has organisations.
    label
        What the map shows, for those who do not see it.
    """
    box = " ".join(f"{each:g}" for each in ground.view_box)
    parts = [
        f'<svg class="map map--dots" viewBox="{box}" role="group" aria-label="{escape(label)}">'
    ]
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.below]
    parts += draw_insets(ground)
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.above]
    for spot, dot in sorted(dots, key=lambda each: (-each[1].count, each[1].region.region)):
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
