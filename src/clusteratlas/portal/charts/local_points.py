"""A small map of points: places below the county, sized by what they hold. No ground is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

WIDTH, HEIGHT, EDGE = 480.0, 320.0, 26.0
LARGEST, SMALLEST = 18.0, 3.0
NAMED = 4
LETTER = 6.4


@dataclass(frozen=True, slots=True)
class LocalPoint:
    """A place in its spot; ``label`` is empty where there is no room for it."""

    x: str
    y: str
    radius: str
    said: str
    label: str = ""
    anchor: str = "start"
    text_x: str = ""
    text_y: str = ""


@dataclass(frozen=True, slots=True)
class PointMap:
    """Points ready to be set, largest first, with the length of a bar of a round distance."""

    box: str
    points: Sequence[LocalPoint]
    bar: str
    kilometres: int
    bar_y: str


def point_map(places: Sequence[tuple[str, float, float, int, str]]) -> PointMap | None:
    """Return the map of (label, longitude, latitude, count, words); nothing for a single point.

    East-west is shortened by the cosine of the middle latitude, so that distances are right at
    the size of a region.
    """
    if len({(place[1], place[2]) for place in places}) < 2:
        return None
    middle = (min(p[2] for p in places) + max(p[2] for p in places)) / 2
    shrink = cos(radians(middle))
    across = [place[1] * shrink for place in places]
    up = [place[2] for place in places]
    scale = min(
        (WIDTH - 2 * EDGE) / ((max(across) - min(across)) or 0.01),
        (HEIGHT - 2 * EDGE) / ((max(up) - min(up)) or 0.01),
    )
    left = (WIDTH - scale * (max(across) - min(across))) / 2
    top = (HEIGHT - scale * (max(up) - min(up))) / 2
    most = max(place[3] for place in places) or 1
    taken: list[tuple[float, float, float, float]] = []
    found = []
    order = sorted(range(len(places)), key=lambda at: (-places[at][3], places[at][0], at))
    for rank, at in enumerate(order):
        label, _, _, count, said = places[at]
        x = left + scale * (across[at] - min(across))
        y = top + scale * (max(up) - up[at])
        radius = max(SMALLEST, LARGEST * sqrt(count / most))
        point = LocalPoint(f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", said)
        if rank < NAMED:
            point = _named(point, label, x, y, radius, taken)
        found.append(point)
    degree = 111.2
    kilometres = next(
        (each for each in (100, 50, 20, 10, 5, 2, 1) if each / degree * scale < WIDTH / 3), 1
    )
    return PointMap(
        f"0 0 {WIDTH:g} {HEIGHT + 24:g}",
        found,
        f"{kilometres / degree * scale:.1f}",
        kilometres,
        f"{HEIGHT + 10:g}",
    )


def _named(
    point: LocalPoint,
    label: str,
    x: float,
    y: float,
    radius: float,
    taken: list[tuple[float, float, float, float]],
) -> LocalPoint:
    """Set the label at the side where it is free; leave it out where none is."""
    wide = len(label) * LETTER
    for anchor, start in (("start", x + radius + 4), ("end", x - radius - 4 - wide)):
        box = (start, y - 8, start + wide, y + 8)
        if box[0] < 0 or box[2] > WIDTH:
            continue
        if any(box[0] < r and lft < box[2] and box[1] < b and t < box[3] for lft, t, r, b in taken):
            continue
        taken.append(box)
        at = start if anchor == "start" else start + wide
        return LocalPoint(
            point.x,
            point.y,
            point.radius,
            point.said,
            label,
            anchor,
            f"{at:.1f}",
            f"{y + 4:.1f}",
        )
    return point
