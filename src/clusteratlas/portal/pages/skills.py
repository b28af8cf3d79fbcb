"""Which skills a region has, and which of an option's it would miss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
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
        return format_html(
            _("The occupations that are loaded hold no figures of {region}."), region=region.name
        )
    return format_html(
        _(
            "Occupations are not loaded in this release: build it with {first} and {second}, the "
            "files of occupations by area and by industry, to see this."
        ),
        first=format_html("<code>{}</code>", "--occupations"),
        second=format_html("<code>{}</code>", "--staffing"),
    )


def _summary(
    region: Region, leading: Sequence[RegionalOccupation], gaps: Sequence[MissingSkill]
) -> SafeString:
    """Name the leading occupations, and the largest gap of the options."""
    first = format_html(
        _("Held against the nation, {region} leads most in (quotient in brackets): {occupations}."),
        region=short_name(region),
        occupations=format_html_join(
            ", ",
            '<span lang="en">{}</span> ({})',
            ((each.title, figures.quotient(each.location_quotient)) for each in leading[:NAMED]),
        ),
    )
    known = [each for each in gaps if each.gap]
    if not known:
        return first
    worst = max(known, key=lambda each: (each.gap or 0, each.industry, each.occupation))
    second = format_html(
        _(
            "The largest single gap: {occupation}, {needed} of the jobs in {industry}; of them it "
            "has {share} of the nation's share."
        ),
        needed=told(figures.percent(worst.needed), ANCHOR),
        industry=format_html('<span lang="en">{}</span>', worst.industry_title),
        occupation=format_html('<span lang="en">{}</span>', worst.title),
        share=figures.percent(worst.location_quotient),
    )
    return joined([first, second])


def _leading_sheet(region: Region, rows: Sequence[RegionalOccupation]) -> Sheet | None:
    if not rows:
        return None
    return Sheet(
        "leading-occupations",
        _("Occupations in which %(region)s leads, %(year)s")
        % {"region": region.name, "year": rows[0].year},
        [
            SheetColumn(_("Occupation"), number=False),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Jobs"), str(rows[0].year)),
        ],
        [
            SheetRow(
                each.title,
                [
                    Cell(figures.quotient(each.location_quotient)),
                    Cell(figures.jobs(each.employment, each.status)),
                ],
                code="" if each.title == each.occupation else each.occupation,
                lang="en",
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
            (_("short here"), "; ".join(_gap(each) for each in short[:NAMED])),
            (_("there already"), "; ".join(enough)),
            (_("not released for this region"), "; ".join(unknown)),
        ]
        lines.append(
            SheetRow(
                option.title,
                [percent_cell(sum(each.gap or 0 for each in mine))],
                code=option.industry,
                lang="en",
                pills=[("number", labels[option.industry])] if option.industry in labels else (),
                notes=[each for each in notes if each[1]],
            )
        )
    if not lines:
        return None
    return Sheet(
        "skill-gaps",
        _("What the first options of %(region)s would miss") % {"region": region.name},
        [
            SheetColumn(_("Option"), number=False),
            SheetColumn(_("Hard to fill"), _("share of its jobs, at least")),
        ],
        lines,
        tall=True,
    )


def _gap(each: MissingSkill) -> str:
    return _("%(occupation)s (%(share)s of its jobs, quotient %(quotient)s)") % {
        "occupation": each.title,
        "share": figures.percent(each.needed),
        "quotient": figures.quotient(each.location_quotient),
    }
