"""Which skills a region has, and which of an option's it would miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import MissingSkill, Option, Region, RegionalOccupation, Release
from clusteratlas.portal import addresses, figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.options_said import FIRST, labels_of, of_kind
from clusteratlas.portal.sentences import joined, short_name, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow, percent_cell

ANCHOR = "skills"
NAMED = 3


@dataclass(frozen=True, slots=True)
class SkillSection:
    """The block of the options page; without tables it says in a line what to do."""

    summary: SafeString
    leading: Sheet | None
    gaps: Sheet | None
    source: str
    csv: str
    gaps_csv: str
    api: str
    to_load: bool


def skill_section(
    release: Release, view: View, region: Region, options: Sequence[Option]
) -> SkillSection | None:
    """Return the skills that are there and those that options would miss.

    Nothing where a region has neither occupations nor options.
    """
    scheme = view.scheme.scheme
    leading = release.leading_occupations(scheme, region.region)
    if not leading and not options:
        return None
    gaps = release.skill_gaps(scheme, region.region) if leading else []
    loaded = bool(release.manifest.rows.get("leading_occupations"))
    sheet = _gaps_sheet(region, options, gaps)
    return SkillSection(
        _summary(region, leading, gaps if sheet else ()) if leading else _none(region, loaded),
        _leading_sheet(region, leading),
        sheet,
        _source(release, [*leading, *gaps]),
        addresses.options(scheme, region.region, table="occupations.csv") if leading else "",
        addresses.options(scheme, region.region, table="skill-gaps.csv") if gaps else "",
        f"/api/v1/regions/{scheme}/{region.region}/skill-gaps",
        not loaded,
    )


@require_safe
def occupations_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give the leading occupations of a region as CSV."""
    place = request.release.region(scheme, region)
    rows = request.release.leading_occupations(scheme, region)
    title = _("Occupations that %(region)s leads in") % {"region": place.name}
    return _table(request, rows, f"{region}-occupations", title, RegionalOccupation)


@require_safe
def gaps_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give what the first options of a region need as CSV."""
    place = request.release.region(scheme, region)
    rows = request.release.skill_gaps(scheme, region)
    title = _("Occupations that the first options of %(region)s need") % {"region": place.name}
    return _table(request, rows, f"{region}-skill-gaps", title, MissingSkill)


def _table(
    request: AtlasRequest,
    rows: Sequence[RegionalOccupation | MissingSkill],
    name: str,
    title: str,
    kind: type[RegionalOccupation] | type[MissingSkill],
) -> HttpResponse:
    columns = [each for each in kind.__dataclass_fields__ if each != "source"]
    return table_answer(
        request,
        rows,
        name=name,
        title=title,
        source=_source(request.release, rows),
        columns=columns,
        kind=kind,
    )


def _source(release: Release, rows: Sequence[RegionalOccupation | MissingSkill]) -> str:
    keys = {row.source for row in rows}
    named = [
        f"{row.publisher}, {row.title}"
        for table in ("leading_occupations", "skill_gaps")
        for row in release.provenance(table)
        if row.source in keys
    ]
    return "; ".join(dict.fromkeys(named)) or "Cluster Atlas"


def _none(region: Region, loaded: bool) -> SafeString:
    if loaded:
        return format_html("The occupations that are loaded hold no figures of {}.", region.name)
    return format_html(
        "Occupations are not loaded in this release: build it with {} and {}, the files of "
        "occupations by area and by industry, to see this.",
        format_html("<code>{}</code>", "--occupations"),
        format_html("<code>{}</code>", "--staffing"),
    )


def _summary(
    region: Region, leading: Sequence[RegionalOccupation], gaps: Sequence[MissingSkill]
) -> SafeString:
    """Name the leading occupations, and the largest gap of the options."""
    first = format_html(
        "Held against the nation, {} leads most in {}.",
        short_name(region),
        figures.listed(
            [
                f"{each.title} ({_quotient(each.location_quotient)})"
                if place == 0
                else f"{each.title} ({figures.quotient(each.location_quotient)})"
                for place, each in enumerate(leading[:NAMED])
            ]
        ),
    )
    known = [each for each in gaps if each.gap]
    if not known:
        return first
    worst = max(known, key=lambda each: (each.gap or 0, each.industry, each.occupation))
    second = format_html(
        "The largest single gap: {} of the jobs in {} are {}, of whom it has {} of the nation's "
        "share.",
        told(figures.percent(worst.needed), ANCHOR),
        worst.industry_title,
        worst.title,
        figures.percent(worst.location_quotient),
    )
    return joined([first, second])


def _quotient(value: float | None) -> str:
    return f"{figures.quotient(value)} times its share" if value is not None else figures.NOTHING


def _leading_sheet(region: Region, rows: Sequence[RegionalOccupation]) -> Sheet | None:
    if not rows:
        return None
    return Sheet(
        "leading-occupations",
        f"Occupations in which {region.name} leads, {rows[0].year}",
        [
            SheetColumn("Occupation", number=False),
            SheetColumn("Quotient"),
            SheetColumn("Jobs", str(rows[0].year)),
        ],
        [
            SheetRow(
                each.title,
                [
                    Cell(figures.quotient(each.location_quotient)),
                    Cell(figures.jobs(each.employment, each.status)),
                ],
                code="" if each.title == each.occupation else each.occupation,
            )
            for each in rows
        ],
    )


def _gaps_sheet(
    region: Region, options: Sequence[Option], gaps: Sequence[MissingSkill]
) -> Sheet | None:
    """Return a row for each of the options that are named on the page."""
    labels = labels_of(options)
    named = [each for kind, most in FIRST.items() for each in of_kind(options, kind)[:most]]
    lines = []
    for option in named:
        mine = [each for each in gaps if each.industry == option.industry]
        if not mine:
            continue
        short = [each for each in mine if each.gap]
        unknown = [each.title for each in mine if each.gap is None]
        enough = [each.title for each in mine if each.gap == 0]
        notes = [
            ("short here", "; ".join(_gap(each) for each in short[:NAMED])),
            ("there already", "; ".join(enough)),
            ("not released for this region", "; ".join(unknown)),
        ]
        lines.append(
            SheetRow(
                option.title,
                [percent_cell(sum(each.gap or 0 for each in mine))],
                code=option.industry,
                pills=[("number", labels[option.industry])] if option.industry in labels else (),
                notes=[each for each in notes if each[1]],
            )
        )
    if not lines:
        return None
    return Sheet(
        "skill-gaps",
        f"What the first options of {region.name} would miss",
        [
            SheetColumn("Option", number=False),
            SheetColumn("Hard to fill", "share of its jobs, at least"),
        ],
        lines,
        tall=True,
    )


def _gap(each: MissingSkill) -> str:
    return (
        f"{each.title} ({figures.percent(each.needed)} of its jobs, quotient "
        f"{figures.quotient(each.location_quotient)})"
    )
