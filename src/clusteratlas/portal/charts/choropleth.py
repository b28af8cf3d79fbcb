"""Maps of one figure: shapes or points in the colour of their class, with a legend."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clusteratlas.atlas import Region
from clusteratlas.portal.charts.geography import Ground
from clusteratlas.portal.charts.scales import LegendClass

LARGEST_RADIUS = 15.0
SMALLEST_RADIUS = 2.6
MANY = 1500
"""Of more regions than this a map draws bare paths."""

RING = 70.0
"""Regions smaller than this on the locator get a ring round them, in units of the map."""

COMMANDS = re.compile(r"([MmLlZz])([^MmLlZz]*)")
NUMBERS = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """One region on a map. ``kind`` is its colour class, ``withheld`` or ``nodata``.

    ``edge`` tells the flag: ``strong``, ``strong partial``, ``strong flip`` or ``flip``.
    ``unsure`` says that the interval of the value reaches into another class: it gets stripes.
    ``pinned`` says that it is outlined and stays so.
    """

    region: Region
    href: str
    kind: str
    value: str
    detail: str = ""
    status: str = ""
    edge: str = ""
    weight: float | None = None
    unsure: bool = False
    pinned: bool = False

    @property
    def said(self) -> str:
        """What is read out of it: the value, or why there is none."""
        missing = {"withheld": _("withheld"), "nodata": _("no data")}
        return self.value or missing.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Square:
    """The legend of two figures at once: rows are the level, columns the change."""

    level: str
    change: str
    columns: Sequence[tuple[str, str]]
    """(word, from where to where) of each class of the change, the lowest first."""
    rows: Sequence[tuple[str, str, Sequence[tuple[str, int, str]]]]
    """(word, from where to where, cells) of each class of the level, the highest first; a cell is
    (class, number of regions, words)."""


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A map ready to be set, with its legend."""

    identity: str
    svg: SafeString
    scale: str
    title: str
    classes: Sequence[LegendClass]
    withheld: int
    nodata: int
    strong: bool
    unsure: bool
    flipping: int
    striped: int
    points: str
    source: str = ""
    interactive: bool = True
    note: str = ""
    changing: bool = False
    square: Square | None = None
    histogram: SafeString | None = None
    spoken: str = ""


def draw_map(
    ground: Ground,
    places: Sequence[Place],
    *,
    scale: str,
    identity: str,
    interactive: bool = True,
    hint: bool = True,
    hooks: Mapping[str, str] | None = None,
) -> SafeString:
    """Return the map as SVG: ground, plain regions, strong regions, borders.

    Of more than ``MANY`` regions each is one bare path: names and figures are in the table beside,
    and scripts fetch them for the card. ``hooks`` are further attributes for scripts.
    """
    box = " ".join(f"{each:g}" for each in ground.view_box)
    hook = f' data-map="{ground.key}"' if interactive else ""
    hook += f' aria-describedby="{identity}-hint"' if hint else ""
    hook += "".join(f' {name}="{escape(value)}"' for name, value in (hooks or {}).items())
    points = " map--points" if ground.projection else ""
    parts = [
        f'<svg class="map{points} {scale}" viewBox="{box}" role="group" '
        f'aria-labelledby="{identity}-title"{hook}>'
    ]
    parts += _stripes({place.kind for place in places if place.unsure}, identity)
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.below]
    parts += draw_insets(ground)
    draw = _points if ground.projection else _shapes
    parts += draw(ground, places, identity)
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.above]
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text in it went through escape


def _inset_names() -> dict[str, str]:
    """Names of islands that are written beside them; others are names of no language."""
    return {"Azores": _("Azores"), "Madeira": _("Madeira"), "Canaries": _("Canaries")}


def draw_insets(ground: Ground) -> list[str]:
    """Return the boxes of far territories with their names."""
    names = _inset_names()
    return [
        f'<rect class="inset" x="{each.box[0]:g}" y="{each.box[1]:g}" '
        f'width="{each.box[2]:g}" height="{each.box[3]:g}"/>'
        f'<path class="land" d="{each.path}"/>'
        f'<text x="{each.label_at[0]:g}" y="{each.label_at[1]:g}">'
        f"{escape(names.get(each.label, each.label))}</text>"
        for each in ground.insets
    ]


def _stripes(kinds: set[str], identity: str) -> list[str]:
    """Return the patterns of classes that are not sure: the colour with fine stripes across it."""
    patterns = [
        f'<pattern id="{identity}-{kind}" width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect class="{kind}" width="4" height="4"/>'
        f'<line class="stripe stripe-{kind}" x1="1" x2="1" y2="4"/></pattern>'
        for kind in sorted(kinds)
    ]
    return ["<defs>", *patterns, "</defs>"] if patterns else []


def _colour(place: Place, identity: str) -> str:
    return f'fill="url(#{identity}-{place.kind})"' if place.unsure else f'class="{place.kind}"'


def _shapes(ground: Ground, places: Sequence[Place], identity: str) -> list[str]:
    shown = [place for place in places if place.region.region in ground.shapes]
    shown.sort(key=lambda place: (place.pinned, bool(place.edge)))
    shapes = ground.shapes
    if len(shapes) > MANY:
        return [_bare(place, shapes[place.region.region], identity) for place in shown]
    return [
        _link(place, f'<path {_colour(place, identity)} d="{shapes[place.region.region]}"/>')
        for place in shown
    ]


def _bare(place: Place, path: str, identity: str) -> str:
    fill = f' fill="url(#{identity}-{place.kind})"' if place.unsure else ""
    names = ["region", *([] if place.unsure else [place.kind]), place.edge]
    names += ["is-selected"] if place.pinned else []
    code = escape(place.region.region)
    return f'<path class="{" ".join(filter(None, names))}"{fill} data-region="{code}" d="{path}"/>'


def _points(ground: Ground, places: Sequence[Place], identity: str) -> list[str]:
    most = max((place.weight or 0 for place in places), default=0) or 1
    drawn = []
    for place in places:
        point = ground.point(place.region)
        if point is None:
            continue
        radius = SMALLEST_RADIUS
        if place.weight:
            radius = max(SMALLEST_RADIUS, LARGEST_RADIUS * sqrt(place.weight / most))
        circle = (
            f'<circle {_colour(place, identity)} cx="{point[0]:g}" cy="{point[1]:g}" '
            f'r="{radius:.1f}"/>'
        )
        drawn.append((radius, place, circle))
    drawn.sort(key=lambda row: (row[1].pinned, -row[0]))
    return [_link(place, circle) for _, place, circle in drawn]


def _link(place: Place, shape: str) -> str:
    said = place.said
    pinned = " is-selected" if place.pinned else ""
    value = f' data-value="{escape(place.value)}"' if place.value else ""
    detail = f' data-detail="{escape(place.detail)}"' if place.detail else ""
    status = f' data-status="{place.status}"' if place.status else ""
    if not place.href:
        name = escape(place.region.name)
        return (
            f'<g class="region{pinned}" role="img" aria-label="{name}: {escape(said)}" '
            f'data-region="{escape(place.region.region)}">{shape}</g>'
        )
    edge = f" {place.edge}" if place.edge else ""
    return (
        f'<a class="region{edge}{pinned}" href="{escape(place.href)}" '
        f'tabindex="-1" aria-label="{escape(place.region.name)}: {escape(said)}" '
        f'data-region="{escape(place.region.region)}"{value}{detail}{status}>{shape}</a>'
    )


def draw_locator(ground: Ground, region: Region) -> SafeString | None:
    """Return a small map that shows where a region lies."""
    box = " ".join(f"{each:g}" for each in ground.view_box)
    parts = [
        f'<svg class="map" viewBox="{box}" role="img" '
        f'aria-label="{escape(_("Where %(region)s lies") % {"region": region.name})}">'
    ]
    parts += [f'<path class="{layer.kind}" d="{layer.path}"/>' for layer in ground.below]
    parts += draw_insets(ground) if region.region in ground.inset_projections else []
    shape = ground.shapes.get(region.region)
    left, top, width, height = box_of(shape) if shape is not None else (0.0, 0.0, 0.0, 0.0)
    point = ground.point(region) if shape is None else (left + width / 2, top + height / 2)
    if point is None:
        return None
    if shape is not None:
        borders = next(layer for layer in ground.above if layer.kind == "borders")
        parts.append(f'<path class="borders" d="{borders.path}"/><path class="here" d="{shape}"/>')
    else:
        parts.append(f'<circle class="here" cx="{point[0]:g}" cy="{point[1]:g}" r="8"/>')
    if max(width, height) < RING:
        parts.append(
            f'<circle class="locator-ring" cx="{point[0]:.0f}" cy="{point[1]:.0f}" r="38"/>'
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - numbers and built paths only


def box_of(path: str) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the box round a path of m, l and z."""
    left = top = float("inf")
    right = bottom = float("-inf")
    x = y = 0.0
    start = (0.0, 0.0)
    for command, numbers in COMMANDS.findall(path):
        values = [float(each) for each in NUMBERS.findall(numbers)]
        if command in "zZ":
            x, y = start
        for place in range(0, len(values) - 1, 2):
            if command in "ML":
                x, y = values[place], values[place + 1]
            else:
                x, y = x + values[place], y + values[place + 1]
            if command in "mM" and place == 0:
                start = (x, y)
            left, right = min(left, x), max(right, x)
            top, bottom = min(top, y), max(bottom, y)
    return left, top, right - left, bottom - top
