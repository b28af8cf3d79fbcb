"""The network of clusters: places that stay, links of three strengths, labels that can be read."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1200.0, 900.0
NARROW_WIDTH, NARROW_HEIGHT = 760.0, 570.0
EDGE = 8.0
LETTER = 6.2
LINE = 14.0
LONGEST_LINE = 19
MOST_LINES = 4
CUT = re.compile(r";|, except ")
RADIUS = 7.0
UNDER = 11.0
"""From the centre of a node down to the top of its label."""

GAP = 4.0
ROUNDS = 600
SWEEPS = 4
KINDS = {"strong link": "strong-link", "link": "plain-link", "nearest": "nearest-link"}
"""The rule of a link and how it is drawn."""


@dataclass(frozen=True, slots=True)
class NodeAsked:
    """A cluster to be drawn. ``mark`` is how strong it is, ``role`` how loud it speaks."""

    code: str
    name: str
    href: str
    mark: str = "plain"
    role: str = "named"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two clusters that count as related, and by which rule."""

    a: str
    b: str
    rule: str


@dataclass(frozen=True, slots=True)
class Node:
    """A drawn cluster with its label, line by line."""

    asked: NodeAsked
    x: str
    y: str
    lines: Sequence[tuple[str, str]]
    anchor: str
    text_x: str


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn link."""

    kind: str
    x1: str
    y1: str
    x2: str
    y2: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """A network ready to be set."""

    identity: str
    title: str
    box: str
    nodes: Sequence[Node]
    lines: Sequence[Line]
    source: str
    marked: bool = False
    kinds: Collection[str] = ()


Places = Mapping[str, tuple[float, float]]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Side = tuple[str, float, float, Box]
"""Of a label: its anchor, its way from the node to the right and down, and the room it takes."""


def spread(places: Places, names: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """Move nodes apart until their labels are free of each other; the same input, the same picture.

    Parameters
    ----------
    places
        Code to a place in the unit square, the first line at the top.
    names
        Code to the label under the node.

    Returns
    -------
    Code to a place on a picture of ``WIDTH`` by ``HEIGHT``.
    """
    codes = sorted(places)
    half = {code: _half_width(names[code]) for code in codes}
    down = {code: UNDER + LINE * len(_lines(names[code])) for code in codes}
    found = {code: [places[code][0] * WIDTH, places[code][1] * HEIGHT] for code in codes}
    for _ in range(ROUNDS):
        if not _push_apart(codes, found, half, down):
            break
    return {code: (round(x, 1), round(y, 1)) for code, (x, y) in found.items()}


def _push_apart(
    codes: Sequence[str],
    found: dict[str, list[float]],
    half: Mapping[str, float],
    down: Mapping[str, float],
) -> bool:
    """Push every two boxes that cover each other apart, the shorter way; say whether any did."""
    moved = False
    for place, a in enumerate(codes):
        for b in codes[place + 1 :]:
            (ax, ay), (bx, by) = found[a], found[b]
            wide = half[a] + half[b] + GAP - abs(ax - bx)
            top, bottom = (a, b) if ay <= by else (b, a)
            tall = down[top] + UNDER + GAP - abs(ay - by)
            if wide <= 0 or tall <= 0:
                continue
            moved = True
            if wide < tall:
                step = wide / 2 + 0.1
                sign = 1 if ax <= bx else -1
                found[a][0] -= sign * step
                found[b][0] += sign * step
            else:
                step = tall / 2 + 0.1
                found[top][1] -= step
                found[bottom][1] += step
    for code in codes:
        x, y = found[code]
        low, high = half[code] + EDGE, WIDTH - half[code] - EDGE
        found[code] = [
            min(max(x, low), high),
            min(max(y, UNDER + EDGE), HEIGHT - down[code] - EDGE),
        ]
    return moved


def draw_network(
    identity: str,
    title: str,
    nodes: Sequence[NodeAsked],
    links: Sequence[Link],
    places: Places,
    *,
    source: str,
) -> NetworkPicture:
    """Return all clusters with their names and links."""
    shown = [
        _node(each, places[each.code], "middle", 0, UNDER) for each in nodes if each.code in places
    ]
    marks = {each.mark for each in nodes}
    return NetworkPicture(
        identity,
        title,
        f"0 0 {WIDTH:g} {HEIGHT:g}",
        shown,
        _drawn(links, places, 1, ()),
        source,
        marked=marks != {"plain"},
        kinds=marks | {KINDS[each.rule] for each in links},
    )


def draw_around(
    identity: str,
    title: str,
    nodes: Sequence[NodeAsked],
    links: Sequence[Link],
    places: Places,
    *,
    source: str,
) -> NetworkPicture:
    """Return the network with one cluster (role ``here``) in the middle of attention.

    Nodes of role ``faint`` keep their place and have no name; links that do not touch ``here``
    are drawn quietly.
    """
    scale = NARROW_WIDTH / WIDTH
    at = {code: (x * scale, y * scale) for code, (x, y) in places.items()}
    here = [each.code for each in nodes if each.role == "here"]
    named = [each for each in nodes if each.role != "faint"]
    taken = [_square(at[each.code], RADIUS + 2) for each in nodes]
    drawn = [_node(each, at[each.code], "middle", 0, UNDER) for each in nodes if each not in named]
    sides = _free_sides({each.code: each.name for each in named}, at, taken)
    drawn += [_node(each, at[each.code], *sides[each.code][:3]) for each in named]
    return NetworkPicture(
        identity,
        title,
        f"0 0 {NARROW_WIDTH:g} {NARROW_HEIGHT:g}",
        drawn,
        _drawn(links, places, scale, here),
        source,
        marked={each.mark for each in nodes} != {"plain"},
        kinds={KINDS[each.rule] for each in links},
    )


def _drawn(
    links: Sequence[Link], places: Places, scale: float, here: Collection[str]
) -> list[Line]:
    """Return the lines, quiet and weak ones first so that they lie underneath."""
    rank = {"nearest-link": 0, "plain-link": 1, "strong-link": 2}
    found = []
    for link in links:
        if link.a not in places or link.b not in places:
            continue
        (ax, ay), (bx, by) = places[link.a], places[link.b]
        quiet = bool(here) and not {link.a, link.b} & set(here)
        x1, y1, x2, y2 = (f"{each * scale:.1f}" for each in (ax, ay, bx, by))
        found.append(Line(KINDS[link.rule], x1, y1, x2, y2, quiet))
    return sorted(found, key=lambda line: (not line.quiet, rank[line.kind]))


def _node(asked: NodeAsked, place: tuple[float, float], anchor: str, dx: float, dy: float) -> Node:
    x, y = place
    lines = _lines(asked.name) if asked.role != "faint" else []
    return Node(
        asked,
        f"{x:.1f}",
        f"{y:.1f}",
        [(f"{dy + LINE * (number + 0.8):.1f}", text) for number, text in enumerate(lines)],
        anchor,
        f"{dx:.1f}",
    )


def _free_sides(names: Mapping[str, str], at: Places, dots: Sequence[Box]) -> dict[str, Side]:
    """Return for each node the side where its label covers least; all are looked at in turn."""
    found: dict[str, Side] = {}
    for _ in range(SWEEPS):
        for code in sorted(names):
            others = [side[3] for other, side in found.items() if other != code]
            found[code] = min(
                _sides(names[code], at[code]),
                key=lambda side: _covered(side[3], dots) + 2 * _covered(side[3], others),
            )
    return found


def _sides(name: str, place: tuple[float, float]) -> list[Side]:
    """Return the eight sides of a node that its label can stand on, the best known ones first."""
    lines = _lines(name)
    wide, tall = 2 * _half_width(name), LINE * len(lines)
    x, y = place
    near = UNDER * 0.75
    found = []
    for anchor, dx, dy in (
        ("middle", 0.0, UNDER),
        ("start", UNDER, -tall / 2),
        ("end", -UNDER, -tall / 2),
        ("middle", 0.0, -UNDER - tall),
        ("start", near, near),
        ("end", -near, near),
        ("start", near, -near - tall),
        ("end", -near, -near - tall),
    ):
        left = x + dx - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        found.append((anchor, dx, dy, (left, y + dy, left + wide, y + dy + tall)))
    return found


def _covered(box: Box, taken: Sequence[Box]) -> float:
    """Return how much of a box lies on others or outside the picture."""
    left, top, right, bottom = box
    within = max(0.0, min(right, NARROW_WIDTH) - max(left, 0)) * max(
        0.0, min(bottom, NARROW_HEIGHT) - max(top, 0)
    )
    outside = (right - left) * (bottom - top) - within
    over = sum(
        max(0.0, min(right, r) - max(left, x)) * max(0.0, min(bottom, b) - max(top, t))
        for x, t, r, b in taken
    )
    return round(3 * outside + over, 3)


def _square(place: tuple[float, float], size: float) -> Box:
    x, y = place
    return x - size, y - size, x + size, y + size


def _lines(name: str) -> list[str]:
    """Cut a name into at most four lines that fit under a node; the whole name is in the title.

    >>> _lines("Oil and Gas Production and Transportation")
    ['Oil and Gas', 'Production and', 'Transportation']
    >>> _lines("Manufacture of fabricated metal products, except machinery and equipment")
    ['Manufacture of', 'fabricated', 'metal products…']
    """
    whole = name
    name = CUT.split(name)[0]
    if name != whole:
        name += "…"
    fewest = textwrap.wrap(name, LONGEST_LINE, break_long_words=False)
    if len(fewest) > MOST_LINES:
        return [*fewest[: MOST_LINES - 1], f"{fewest[MOST_LINES - 1]}…"]
    for width in range(max(map(len, name.split())), LONGEST_LINE):
        lines = textwrap.wrap(name, width, break_long_words=False)
        if len(lines) == len(fewest):
            return lines
    return fewest


def _half_width(name: str) -> float:
    return max(len(line) for line in _lines(name)) * LETTER / 2 + 2
