"""The figures of a map as a table, on the page and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.atlas import RegionalCluster
from clusteratlas.portal import doubt, figures, words
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.map_address import Asked
from clusteratlas.portal.pages.map_lines import Line
from clusteratlas.portal.pages.map_view import href_of, mark_of
from clusteratlas.portal.pages.measures_shown import BY_NAME, measures_of
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    jobs_cell,
    quotient_cell,
    rank_cell,
)

A_PAGE = 1000
"""Rows of a table on a page; a file holds them all."""

STANDARD = {
    "all": (
        "employment",
        "traded_share",
        "cluster_strength",
        "strong_clusters",
        "employment_growth",
    ),
    "cluster": (
        "location_quotient",
        "employment",
        "share_of_region",
        "share_of_nation",
        "employment_growth",
        "rank",
        "reported_share",
    ),
    "indicator": (),
}


@dataclass(frozen=True, slots=True)
class MappedValue:
    """One region of a map in a file: the value shown, or both years and the change between them."""

    scheme: str
    region: str
    region_name: str
    definition: str
    subject: str
    subject_name: str
    figure: str
    unit: str
    year: int
    value: float | None
    from_year: int | None
    from_value: float | None
    change_kind: str
    change: float | None
    status: str
    employment: int | None
    establishments: int | None
    payroll: int | None


def records_of(asked: Asked, lines: Sequence[Line]) -> tuple[list[Any], type[Any]]:
    """Return what a file of the map holds: whole regional clusters, or the values shown."""
    plain = not asked.changing and asked.subject.kind == "cluster"
    if plain and asked.measure.name in RegionalCluster.__dataclass_fields__:
        return [line.row for line in lines], RegionalCluster
    return values_of(asked, lines), MappedValue


def values_of(asked: Asked, lines: Sequence[Line]) -> list[MappedValue]:
    """Return the values that a map shows, one of each region with figures."""
    view, subject, measure = asked.view, asked.subject, asked.measure
    return [
        MappedValue(
            view.scheme.scheme,
            line.row.region,
            line.row.region_name,
            view.definition.definition,
            subject.code or subject.kind,
            subject.name,
            measure.name,
            measure.words(view),
            view.year,
            line.value,
            asked.since if asked.changing else None,
            line.start,
            asked.change_kind if asked.changing else "",
            line.change,
            line.row.status,
            getattr(line.row, "employment", None),
            getattr(line.row, "establishments", None),
            getattr(line.row, "payroll", None),
        )
        for line in lines
    ]


def column_words() -> dict[str, str]:
    """Return what the columns of a file of values mean."""
    return {
        "subject": _("code of the cluster or industry, or name of the subcluster or figure"),
        "subject_name": _("name of what is mapped"),
        "figure": _("column of the release that is shown"),
        "unit": _("the figure with its unit"),
        "value": _("the figure in the year"),
        "from_year": _("first year of the change"),
        "from_value": _("the figure in the first year"),
        "change_kind": _(
            "difference: value less from_value; per-year: that over the years; "
            "yearly: compound rate a year"
        ),
        "change": _("how the figure changed; empty where the years cannot be compared"),
    }


def pages_of(asked: Asked, lines: Sequence[Line]) -> list[tuple[str, str, bool]]:
    """Return the pages of a long table: (rows, address, chosen); none where one page holds all."""
    if len(lines) <= A_PAGE:
        return []
    return [
        (
            f"{figures.whole(start + 1)}\u2013{figures.whole(min(start + A_PAGE, len(lines)))}",
            f"{asked.address(page=number if number > 1 else None)}#map-table",
            number == asked.page,
        )
        for number, start in enumerate(range(0, len(lines), A_PAGE), 1)
    ]


def sheet_of(asked: Asked, lines: Sequence[Line]) -> Sheet:
    """Return the table under a map: what is shown first, then what else is known."""
    view, measure, subject = asked.view, asked.measure, asked.subject
    kind = subject.kind if subject.kind in STANDARD else "cluster"
    able = {each.name for each in measures_of(subject.kind)}
    names = [name for name in STANDARD[kind] if name in able and name != measure.name]
    columns = [_head(asked, words.word(view.scheme.region_word), "region_name", number=False)]
    columns += _shown_columns(asked)
    columns += [
        _head(asked, BY_NAME[name].label_in(view), name, _unit(view, name)) for name in names
    ]
    first = (asked.page - 1) * A_PAGE
    return Sheet(
        "map-table",
        _("%(what)s in %(regions)s, %(year)s")
        % {
            "what": subject.name,
            "regions": words.word(view.scheme.title),
            "year": f"{asked.since}\u2013{view.year}" if asked.changing else view.year,
        },
        columns,
        [
            SheetRow(
                line.row.region_name,
                [*_shown_cells(asked, line), *(_cell(view, name, line.row) for name in names)],
                href_of(view, line.row),
                doubt.strength_pills(line.row) if isinstance(line.row, RegionalCluster) else (),
            )
            for line in lines[first : first + A_PAGE]
        ],
        tall=True,
        empty=_("No region has this figure in that year."),
    )


def _shown_columns(asked: Asked) -> list[SheetColumn]:
    view, measure = asked.view, asked.measure
    label = measure.label_in(view)
    if not asked.changing:
        unit = _unit(view, measure.name) or measure.unit
        order = "value" if asked.order in ("value", measure.name) else measure.name
        return [_head(asked, label, order if measure.sort != "own" else "value", unit)]
    per = {"yearly": _("a year"), "per-year": _("a year")}.get(asked.change_kind, "")
    return [
        _head(asked, _("Change"), "change", per),
        _head(asked, label, "before", str(asked.since)),
        _head(asked, label, "value", str(view.year)),
    ]


def _shown_cells(asked: Asked, line: Line) -> list[Cell]:
    view, measure = asked.view, asked.measure
    if not asked.changing:
        if measure.sort == "own" or measure.name not in BY_NAME:
            text = figures.measured(line.value, line.row.status)
            return [Cell(text, mark_of(line.row))]
        return [_cell(view, measure.name, line.row)]
    moved = (
        figures.NOTHING
        if line.change is None
        else measure.written_change(line.change, asked.change_kind)
    )
    before = figures.NOTHING if line.start is None else measure.written(line.start)
    after = figures.NOTHING if line.value is None else measure.written(line.value)
    mark = "" if line.before is None else mark_of(line.before)
    return [Cell(moved), Cell(before, mark), Cell(after, mark_of(line.row))]


def _cell(view: View, name: str, row: Any) -> Cell:
    cluster = isinstance(row, RegionalCluster)
    if name == "employment":
        if cluster:
            return jobs_cell(row)
        if hasattr(row, "employment_high"):
            return Cell(doubt.jobs(row), mark_of(row), between=doubt.jobs_between(row))
        return Cell(figures.jobs(row.employment, row.status), mark_of(row))
    if cluster and name == "location_quotient":
        return quotient_cell(row)
    if cluster and name == "rank":
        return rank_cell(row)
    value = BY_NAME[name].value(row)
    return Cell(figures.NOTHING if value is None else BY_NAME[name].written(value))


def _unit(view: View, name: str) -> str:
    if name in ("employment", "establishments"):
        return str(view.year)
    if name == "payroll_per_job":
        return f"{view.scheme.payroll_unit.split(' ')[0]} {view.year}"
    if name in ("employment_growth", "employment_change", "change_competitive", "change_mix"):
        return _("since %(year)s") % {"year": view.base_year} if view.base_year else ""
    return ""


def _head(
    asked: Asked, label: str, name: str, unit: str = "", *, number: bool = True
) -> SheetColumn:
    direction = "ascending" if name in ("region_name", "rank") else "descending"
    href = f"{asked.address(order=name, page=None)}#map-table"
    label = label[:1].upper() + label[1:]
    return SheetColumn(label, unit, number, href, direction if asked.order == name else "")
