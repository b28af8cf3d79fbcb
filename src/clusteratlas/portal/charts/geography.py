"""Where regions lie on the maps: shapes in screen units, or points projected from degrees."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin, sqrt
from typing import Any

from clusteratlas.atlas import Region
from clusteratlas.portal.static_files import BUILT

POINT_SCHEMES = {"nuts-0": "europe", "nuts-1": "europe", "nuts-2": "europe"}
SHAPE_SCHEMES = ("us-cbsa", "us-state", "us-rest-of-state", "us-county")
WHOLE = {"us-nation": ("us-state", "US")}
"""Schemes of one region: the map whose outline it is, and its code."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A path of the ground, drawn below or above the regions."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Inset:
    """A far territory in a box of its own."""

    label: str
    label_at: tuple[float, float]
    box: tuple[float, float, float, float]
    path: str


@dataclass(frozen=True, slots=True)
class Projection:
    """Lambert's azimuthal equal-area projection on a sphere, in screen units."""

    longitude: float
    latitude: float
    scale: float
    translate: tuple[float, float]

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the place of a point on the screen.

        >>> Projection(10, 52, 1160, (432, 408)).place(10, 52)
        (432.0, 408.0)
        """
        middle, turned = radians(self.latitude), radians(longitude - self.longitude)
        height = radians(latitude)
        across = cos(height) * cos(turned)
        stretch = sqrt(2 / (1 + sin(middle) * sin(height) + cos(middle) * across))
        return (
            self.translate[0] + self.scale * stretch * cos(height) * sin(turned),
            self.translate[1]
            - self.scale * stretch * (cos(middle) * sin(height) - sin(middle) * across),
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """A map without figures: what lies below, above and beside the regions."""

    key: str
    view_box: tuple[float, float, float, float]
    below: tuple[Layer, ...]
    above: tuple[Layer, ...]
    insets: tuple[Inset, ...]
    shapes: dict[str, str]
    projection: Projection | None
    inset_projections: dict[str, Projection]

    def point(self, region: Region) -> tuple[float, float] | None:
        """Return where a region's point lies, if it has one and this map shows points."""
        if self.projection is None or region.longitude is None or region.latitude is None:
            return None
        projection = self.inset_projections.get(region.region, self.projection)
        x, y = projection.place(region.longitude, region.latitude)
        left, top, width, height = self.view_box
        if not (left <= x <= left + width and top <= y <= top + height):
            return None
        return round(x, 1), round(y, 1)


def ground_of(scheme: str) -> Ground | None:
    """Return the map that regions of a scheme are drawn on, if there is one."""
    if scheme in WHOLE:
        return _whole(*WHOLE[scheme])
    name = POINT_SCHEMES.get(scheme, scheme)
    if name not in (*SHAPE_SCHEMES, "europe"):
        return None
    return _read(name)


@lru_cache(maxsize=2)
def _whole(name: str, code: str) -> Ground | None:
    """Return a map of one region, the outline of another map."""
    ground = _read(name)
    if ground is None:
        return None
    outline = ground.below[0].path
    return dataclasses.replace(ground, key=f"{name}-outline", shapes={code: outline})


@lru_cache(maxsize=8)
def _read(name: str) -> Ground | None:
    file = BUILT / "maps" / f"{name}.json"
    if not file.is_file():
        return None
    content: dict[str, Any] = json.loads(file.read_bytes())
    box = tuple(content["viewBox"])
    if "projection" in content:
        return _points(name, box, content)
    return Ground(
        name,
        box,
        (Layer("nation", content["nation"]),),
        (Layer("borders", content["borders"]), Layer("nation-line", content["nation"])),
        (),
        content["regions"],
        None,
        {},
    )


def _points(name: str, box: Any, content: dict[str, Any]) -> Ground:
    return Ground(
        name,
        box,
        (
            Layer("land faint", content["faint"]),
            Layer("land", content["land"]),
            Layer("country-borders", content["borders"]),
        ),
        (),
        tuple(
            Inset(each["label"], tuple(each["labelAt"]), tuple(each["box"]), each["path"])
            for each in content["insets"]
        ),
        {},
        _projection(content["projection"]),
        {
            code: _projection(each["projection"])
            for each in content["insets"]
            for code in each["nuts"]
        },
    )


def _projection(content: dict[str, Any]) -> Projection:
    longitude, latitude = content["centre"]
    return Projection(longitude, latitude, content["scale"], tuple(content["translate"]))
