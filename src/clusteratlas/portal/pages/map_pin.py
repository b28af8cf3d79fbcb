"""The pinned region of a map: its figures beside those of the reference area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.atlas import Region, Release
from clusteratlas.portal import figures
from clusteratlas.portal.pages.map_address import Asked
from clusteratlas.portal.pages.map_lines import Line, national, rows_of
from clusteratlas.portal.pages.map_view import href_of
from clusteratlas.portal.pages.measures_shown import BY_NAME, Shown, measures_of
from clusteratlas.tables import WITHHELD

BESIDE = (
    "employment",
    "location_quotient",
    "share_of_region",
    "employment_growth",
    "payroll_per_job",
    "traded_share",
    "cluster_strength",
)
MOST_BESIDE = 5


@dataclass(frozen=True, slots=True)
class PinnedFigure:
    """One figure of the pinned region and of the reference area."""

    label: str
    here: str
    nation: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned region with its figures. ``value`` and ``nation`` are those that the map shows."""

    region: Region
    href: str
    reference: str
    figures: Sequence[PinnedFigure]
    unpin: str
    value: float | None
    nation: float | None
    without: str


def pinned_of(release: Release, asked: Asked, lines: Sequence[Line]) -> Pinned | None:
    """Return the pinned region, if the address names one."""
    if asked.pin is None:
        return None
    view, measure = asked.view, asked.measure
    region = release.region(view.scheme.scheme, asked.pin)
    line = next((line for line in lines if line.row.region == asked.pin), None)
    row = line.row if line else None
    value, nation = national(release, asked, view.year)
    found = [_figure(measure, view.year, asked, row, value)]
    if asked.changing and asked.since is not None:
        before, _row = national(release, asked, asked.since)
        earlier = next(
            (each for each in rows_of(release, asked, asked.since) if each.region == asked.pin),
            None,
        )
        found.append(_figure(measure, asked.since, asked, earlier, before))
        if line is not None and line.change is not None:
            label = f"{_('Change')}, {asked.since}\u2013{view.year}"
            said = measure.written_change(line.change, asked.change_kind)
            found.append(PinnedFigure(label, said, figures.NOTHING))
    able = {each.name for each in measures_of(asked.subject.kind)}
    if asked.subject.kind != "indicator":
        for name in BESIDE:
            if name not in able or name == measure.name or len(found) >= MOST_BESIDE:
                continue
            other = BY_NAME[name]
            whole = other.value(nation) if nation is not None else None
            found.append(_figure(other, view.year, asked, row, whole))
    shown = (line.change if asked.show == "change" else line.value) if line else None
    return Pinned(
        region,
        href_of(view, row),
        view.reference_short,
        found,
        asked.address(pin=None),
        shown,
        None if asked.show == "change" else value,
        ""
        if row is not None
        else _("The sources print nothing of it in %(year)s.") % {"year": view.year},
    )


def _figure(
    measure: Shown, year: int, asked: Asked, row: Any, nation: float | None
) -> PinnedFigure:
    label = f"{measure.label_in(asked.view)}, {year}"
    value = measure.value(row) if row is not None else None
    if value is not None:
        here = measure.written(value)
    elif row is not None and row.status == WITHHELD:
        here = _("withheld")
    else:
        here = figures.NOTHING
    return PinnedFigure(label, here, figures.NOTHING if nation is None else measure.written(nation))
