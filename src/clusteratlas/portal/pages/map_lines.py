"""The figures behind a map: for each region the rows of its years, the value and its change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clusteratlas.atlas import Release
from clusteratlas.atlas.opened_mapped import changes, comparable
from clusteratlas.portal.charts.scales import Scale, change_scale, cut_at, level_scale, scale_of
from clusteratlas.portal.pages.map_address import Asked
from clusteratlas.portal.pages.measures_shown import BY_NAME

THIRDS = 3
QUOTIENT_THIRDS = (0.8, 1.25)


@dataclass(frozen=True, slots=True)
class Line:
    """One region of a map: its row of the year shown, its row of the first year, and both values.

    ``change`` is none where the two years cannot be compared.
    """

    row: Any
    before: Any
    value: float | None
    start: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Scales:
    """The classes of the level and of the change; those of what is not shown are none."""

    level: Scale | None
    change: Scale | None


def rows_of(release: Release, asked: Asked, year: int, scheme: str | None = None) -> list[Any]:
    """Return what the release holds of the subject in every region of a scheme, one row each."""
    scheme = scheme or asked.view.scheme.scheme
    definition = asked.view.definition.definition
    subject = asked.subject
    if subject.kind == "indicator":
        return list(release.indicator_of_regions(scheme, subject.code, year))
    if subject.kind == "all":
        return list(release.region_profiles(scheme, year, definition))
    if subject.kind == "cluster":
        return list(
            release.regional_clusters(
                scheme, cluster=subject.code, year=year, definition=definition
            )
        )
    return list(release.parts(scheme, subject, year, definition))


def lines_of(release: Release, asked: Asked) -> list[Line]:
    """Return the lines of a map, the regions with figures only, in the order asked for."""
    rows = rows_of(release, asked, asked.view.year)
    earlier: dict[str, Any] = {}
    if asked.changing and asked.since is not None:
        earlier = {row.region: row for row in rows_of(release, asked, asked.since)}
    return ordered(_lines(rows, earlier, asked), asked.order)


def _lines(rows: Sequence[Any], earlier: dict[str, Any], asked: Asked) -> list[Line]:
    measure = asked.measure
    before = [earlier.get(row.region) for row in rows]
    values = [measure.value(row) for row in rows]
    starts = [None if row is None else measure.value(row) for row in before]
    moved: list[float | None] = [None] * len(rows)
    if asked.changing and asked.since is not None:
        pairs = zip(rows, before, starts, strict=True)
        known = [
            start if row is not None and old is not None and comparable(old, row) else None
            for row, old, start in pairs
        ]
        found = changes(
            np.array(known, dtype=float),
            np.array(values, dtype=float),
            asked.view.year - asked.since,
            asked.change_kind,
        )
        moved = [None if np.isnan(each) else float(each) for each in found]
    return [Line(*each) for each in zip(rows, before, values, starts, moved, strict=True)]


def ordered(lines: list[Line], order: str) -> list[Line]:
    """Return the lines by name, or by a figure with the highest first and what is missing last."""
    if order == "region_name":
        return sorted(lines, key=lambda line: (line.row.region_name, line.row.region))
    names = {"value": "value", "before": "start", "change": "change"}

    def figure(line: Line) -> float | None:
        if order in names:
            found: float | None = getattr(line, names[order])
        else:
            found = BY_NAME[order].value(line.row)
        return found if found is None or order != "rank" else -found

    def key(line: Line) -> tuple[bool, float, int, str]:
        found = figure(line)
        jobs = getattr(line.row, "employment", None) or 0
        return (found is None, -(found or 0.0), -jobs, line.row.region)

    return sorted(lines, key=key)


def scales_of(release: Release, asked: Asked, lines: Sequence[Line]) -> Scales:
    """Return the classes of a map.

    Those of a level are made of all years together, so that a colour means the same in each.
    """
    moved = [line.change for line in lines if line.change is not None]

    def said(value: float) -> str:
        return asked.measure.written_change(value, asked.change_kind)

    if asked.show == "both":
        return Scales(_thirds(release, asked, lines), change_scale(moved, said, THIRDS))
    if asked.show == "change":
        return Scales(None, _chosen_change(asked, moved))
    return Scales(_chosen_level(release, asked, lines), None)


def _pooled(release: Release, asked: Asked, lines: Sequence[Line]) -> list[float]:
    if asked.measure.sort == "place":
        return [line.value for line in lines if line.value is not None]
    found = release.pooled(
        asked.view.scheme.scheme,
        asked.subject,
        asked.measure.name,
        asked.view.definition.definition,
    )
    return [float(each) for each in found]


def _chosen_level(release: Release, asked: Asked, lines: Sequence[Line]) -> Scale:
    measure = asked.measure
    if asked.breaks and not measure.fixed:
        return cut_at(_unit(asked, asked.breaks), measure.written, measure.centre)
    if measure.fixed or (asked.way in ("house", "fixed") and measure.sort in ("ratio", "rate")):
        return measure.classes([])
    values = _pooled(release, asked, lines)
    if asked.way in ("house", "fixed"):
        return measure.classes(values)
    return scale_of(
        values, measure.written, way=asked.way, number=asked.number, centre=measure.centre
    )


def _chosen_change(asked: Asked, moved: list[float]) -> Scale:
    def said(value: float) -> str:
        return asked.measure.written_change(value, asked.change_kind)

    if asked.breaks:
        return cut_at(_unit(asked, asked.breaks), said, 0.0)
    if asked.way in ("house", "fixed"):
        return change_scale(moved, said)
    return scale_of(moved, said, way=asked.way, number=asked.number, centre=0.0)


def _thirds(release: Release, asked: Asked, lines: Sequence[Line]) -> Scale:
    if asked.measure.sort == "ratio":
        return cut_at(QUOTIENT_THIRDS, asked.measure.written)
    return level_scale(_pooled(release, asked, lines), asked.measure.written, THIRDS)


def typed_breaks(asked: Asked, scale: Scale) -> str:
    """Return the breaks of a scale as they can be typed into the address."""
    factor = factor_of(asked)
    return ", ".join(f"{round(each * factor, 10):g}" for each in scale.breaks)


def factor_of(asked: Asked) -> float:
    """Return what a value is multiplied by before it is typed: shares and rates are percent."""
    if asked.show == "change" and asked.change_kind == "yearly":
        return 100.0
    return asked.measure.factor


def _unit(asked: Asked, breaks: Sequence[float]) -> list[float]:
    factor = factor_of(asked)
    return [each / factor for each in breaks]


def national(release: Release, asked: Asked, year: int) -> tuple[float | None, Any]:
    """Return the figure of the reference area in a year, and its row where it is one region.

    Where the reference area is many countries, what is counted is their sum; its quotient is one.
    """
    rows = rows_of(release, asked, year, asked.view.scheme.reference_scheme)
    measure = asked.measure
    if len(rows) == 1:
        return measure.value(rows[0]), rows[0]
    if measure.sort == "count" and measure.name != "strong_clusters":
        known = [value for row in rows if (value := measure.value(row)) is not None]
        return (sum(known) if known else None), None
    if measure.name in ("location_quotient", "share_of_nation") and rows:
        return 1.0, None
    return None, None
