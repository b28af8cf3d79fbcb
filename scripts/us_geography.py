"""Points and shared borders of US counties, computed from the npm package us-atlas."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from pathlib import Path
from typing import Any

Place = tuple[float, float]
Ring = list[Place]
Vector = tuple[float, float, float]
TINY = 1e-12


class CountyShapes:
    """The county outlines: rings of longitude and latitude, and the arcs they are made of."""

    def __init__(self, path: Path) -> None:
        topology = json.loads(path.read_text(encoding="utf-8"))
        self._arcs = _decoded_arcs(topology)
        self.rings: dict[str, list[Ring]] = {}
        self.arcs: dict[str, set[int]] = {}
        for shape in topology["objects"]["counties"]["geometries"]:
            polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            lines = [ring for polygon in polygons for ring in polygon]
            self.rings[shape["id"]] = [self._ring(line) for line in lines]
            self.arcs[shape["id"]] = {~arc if arc < 0 else arc for line in lines for arc in line}

    def _ring(self, line: list[int]) -> Ring:
        ring: Ring = []
        for arc in line:
            points = self._arcs[arc] if arc >= 0 else self._arcs[~arc][::-1]
            ring += points[1:] if ring else points
        return ring

    def neighbours(self, counties: Iterable[str]) -> dict[str, list[str]]:
        """Counties that share a stretch of border, each pair under the smaller code."""
        users: dict[int, list[str]] = defaultdict(list)
        for county in sorted(counties):
            for arc in self.arcs[county]:
                users[arc].append(county)
        pairs = {
            (first, second)
            for arc, both in users.items()
            for first, second in pairwise(sorted(both))
            if len(set(self._arcs[arc])) > 1
        }
        found: dict[str, list[str]] = defaultdict(list)
        for first, second in sorted(pairs):
            found[first].append(second)
        return dict(found)

    def point(self, counties: Iterable[str]) -> Place:
        """A point for the union of some counties, in degrees rounded to three places.

        The centroid by area on the sphere; where that falls outside the union, the middle of the
        longest west-east line inside the union at the centroid's latitude.
        """
        members = list(counties)
        longitude, latitude = _place(self._moment(members))
        inside = self._stretches(members, latitude)
        if inside and not any(west <= longitude <= east for west, east in inside):
            west, east = max(inside, key=lambda stretch: (stretch[1] - stretch[0], -stretch[0]))
            longitude = (west + east) / 2
        return round(longitude, 3), round(latitude, 3)

    def _moment(self, counties: list[str]) -> Vector:
        """Integral of the unit normal over the area: its direction is the centroid."""
        total = [0.0, 0.0, 0.0]
        for county in counties:
            moment = [0.0, 0.0, 0.0]
            for ring in self.rings[county]:
                for axis, part in enumerate(_ring_moment(ring)):
                    moment[axis] += part
            corner = _vector(self.rings[county][0][0])
            if not any(moment):  # the smallest city is a mere line in the simplified outlines
                moment = [part * TINY for part in corner]
            sign = 1 if sum(a * b for a, b in zip(moment, corner, strict=True)) > 0 else -1
            for axis in range(3):
                total[axis] += sign * moment[axis]
        return total[0], total[1], total[2]

    def _stretches(self, counties: list[str], latitude: float) -> list[tuple[float, float]]:
        """West-east stretches of the union at a latitude; touching ones are joined."""
        stretches: list[tuple[float, float]] = []
        for county in counties:
            crossings = sorted(
                x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)
                for ring in self.rings[county]
                for (x1, y1), (x2, y2) in pairwise(ring)
                if (y1 > latitude) != (y2 > latitude)
            )
            stretches += zip(crossings[::2], crossings[1::2], strict=True)
        joined: list[tuple[float, float]] = []
        for west, east in sorted(stretches):
            if joined and west <= joined[-1][1] + 1e-6:
                joined[-1] = (joined[-1][0], max(east, joined[-1][1]))
            else:
                joined.append((west, east))
        return joined


def _decoded_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Undo the topology's quantised steps."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(arc)
    return arcs


def _vector(place: Place) -> Vector:
    longitude, latitude = radians(place[0]), radians(place[1])
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def _place(vector: Vector) -> Place:
    x, y, z = vector
    return degrees(atan2(y, x)), degrees(asin(z / sqrt(x * x + y * y + z * z)))


def _ring_moment(ring: Ring) -> Vector:
    """Half the sum over edges of angle times the edge's normal: exact for great-circle edges."""
    total = [0.0, 0.0, 0.0]
    for start, end in pairwise(ring):
        a, b = _vector(start), _vector(end)
        cross = (
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        )
        length = sqrt(sum(part * part for part in cross))
        if length > TINY:
            angle = atan2(length, sum(p * q for p, q in zip(a, b, strict=True)))
            for axis in range(3):
                total[axis] += angle * cross[axis] / length / 2
    return total[0], total[1], total[2]
