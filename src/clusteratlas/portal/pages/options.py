"""What could come next in a region: options with reasons, odds, and how far to trust them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from types import SimpleNamespace

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Option, OptionSkill, Peer, Region, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.plane import Plane, plane_chart
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import Choice, View, asked_view, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.network import network_of
from clusteratlas.portal.pages.options_ground import (
    compared_by,
    covered,
    in_words,
    why_none,
    worked_out,
)
from clusteratlas.portal.pages.options_said import (
    NEXT,
    firsts,
    has_odds,
    labels_of,
    next_summary,
    of_kind,
    options_summary,
)
from clusteratlas.portal.pages.options_skill import skill_sheet, skill_summary
from clusteratlas.portal.pages.related import deviations
from clusteratlas.portal.pages.skills import skill_section
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    part_cell,
    percent_cell,
)

PEERS = 5


def _kinds_of_option() -> dict[str, tuple[str, str]]:
    """The kinds of options with their titles and what they are."""
    return {
        "absent": (
            _("What it lacks"),
            _("Industries under half of their share in the reference area."),
        ),
        "growing": (
            _("What it is growing into"),
            _("Industries from half to the whole of their share in the reference area."),
        ),
    }


@dataclass(frozen=True, slots=True)
class NextSection:
    """The section of a region's page: the first options, or why there are none."""

    summary: SafeString
    first: Sequence[Option]
    missing: str
    href: str
    source: str


@dataclass(frozen=True, slots=True)
class KindSection:
    """The options of one kind."""

    kind: str
    title: str
    lede: str
    sheet: Sheet


@require_safe
def options_page(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Show the options of a region, the plane they lie on, and the skill of such forecasts."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    found = release.options(scheme, region, view.year)
    skill = release.options_skill(scheme, view.year)
    peers = release.peers(scheme, region)
    return page(
        request,
        "options.html",
        section="regions",
        view=view,
        region=place,
        options=found,
        firsts=firsts(found),
        odds=has_odds(found),
        summary=options_summary(view, place, found, skill),
        missing=why_none(release, view, place) if not found else "",
        years=_years(release, view, place),
        plane=_plane(release, view, place, found),
        without_complexity=bool(found) and all(each.complexity is None for each in found),
        kinds=_kinds(view, place, found),
        horizon=found[0].horizon if found else None,
        skill=skill_summary(skill),
        skill_table=skill_sheet(skill, view.scheme),
        skill_source=worked_out(view),
        peers=_peers_sheet(view, place, peers[:PEERS]),
        no_peers=in_words(release, release.missing("peers", scheme)),
        compared_by=compared_by(covered(release, "peers", view)),
        options_cover=covered(release, "options", view),
        skill_cover=covered(release, "options_skill", view),
        peers_source=worked_out(view),
        source=worked_out(view),
        csv=addresses.options(scheme, region, year=view.year, table="options.csv"),
        skill_csv=addresses.options(scheme, region, year=view.year, table="options-skill.csv"),
        peers_csv=addresses.options(scheme, region, table="peers.csv"),
        api=addresses.with_query(f"/api/v1/regions/{scheme}/{region}/options", year=view.year),
        region_href=addresses.region(
            scheme, region, year=view.year, definition=view.definition_in_address
        ),
        network=network_of(release, view, region),
        skills=skill_section(release, view, place, found),
    )


@require_safe
def options_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give the options of a region as CSV."""
    release = request.release
    view = asked_view(request, release, scheme, region)
    columns = [each.name for each in fields(Option)]
    listed = ("supporting", "peers_moved")
    rows = [
        SimpleNamespace(
            **{name: getattr(row, name) for name in columns}
            | {name: ",".join(each.code for each in getattr(row, name)) for name in listed}
        )
        for row in release.options(scheme, region, view.year)
    ]
    return table_answer(
        request,
        rows,
        name=f"{region}-options-{view.year}",
        title=_("What could come next in %(region)s, %(year)s")
        % {"region": release.region(scheme, region).name, "year": view.year},
        source=worked_out(view),
        columns=columns,
        kind=Option,
    )


@require_safe
def skill_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give the skill of such forecasts as CSV."""
    release = request.release
    view = asked_view(request, release, scheme, region)
    release.region(scheme, region)
    return table_answer(
        request,
        release.options_skill(scheme, view.year),
        name=f"{scheme}-options-skill-{view.year}",
        title=_("How well such forecasts told the past: %(scheme)s")
        % {"scheme": words.word(view.scheme.title)},
        source=worked_out(view),
        kind=OptionSkill,
    )


@require_safe
def peers_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give the structural peers of a region as CSV."""
    release = request.release
    view = asked_view(request, release, scheme, region)
    return table_answer(
        request,
        release.peers(scheme, region),
        name=f"{region}-peers",
        title=_("Regions built like %(region)s") % {"region": release.region(scheme, region).name},
        source=worked_out(view),
        kind=Peer,
    )


def next_section(release: Release, view: View, region: Region) -> NextSection | None:
    """Return the first options of a region for its page; nothing where the scheme has none."""
    found = release.options(view.scheme.scheme, region.region, view.year)
    skill = release.options_skill(view.scheme.scheme, view.year)
    missing = "" if found else why_none(release, view, region)
    if not found and view.is_reference:
        return None
    return NextSection(
        next_summary(view, region, found, skill),
        [*of_kind(found, "absent"), *of_kind(found, "growing")][:NEXT],
        missing,
        addresses.options(view.scheme.scheme, region.region, year=view.year),
        worked_out(view),
    )


def _years(release: Release, view: View, region: Region) -> list[Choice]:
    years = release.years_of(view.scheme.scheme, region.region)
    address = {
        year: addresses.options(view.scheme.scheme, region.region, year=year) for year in years
    }
    return year_choices(years, view.year, address)


def _plane(release: Release, view: View, region: Region, found: Sequence[Option]) -> Plane | None:
    return plane_chart(
        "plane-figure",
        _("Options of %(region)s: relatedness and complexity, %(year)s")
        % {"region": region.name, "year": view.year},
        found,
        labels_of(found),
        source=worked_out(view),
    )


def _kinds(view: View, region: Region, found: Sequence[Option]) -> list[KindSection]:
    sections = []
    for kind, (title, lede) in _kinds_of_option().items():
        rows = of_kind(found, kind)
        if rows:
            sections.append(KindSection(kind, title, lede, _sheet(view, region, kind, rows)))
    return sections


def _sheet(view: View, region: Region, kind: str, rows: Sequence[Option]) -> Sheet:
    word = capfirst(words.word(view.scheme.employment_word))
    labels = labels_of(rows)
    parts = [
        (name, head)
        for name, head in (
            ("density_colocation", _("co-location")),
            ("density_supply", _("supply")),
            ("density_skills", _("skills")),
        )
        if any(getattr(row, name) is not None for row in rows)
    ]
    within = _("years allowed: %(years)s") % {"years": rows[0].horizon} if rows[0].horizon else ""
    complexity = any(row.complexity is not None for row in rows)
    return Sheet(
        f"options-{kind}",
        _("%(kind)s: %(region)s, %(year)s; industries: %(count)s")
        % {
            "kind": _kinds_of_option()[kind][0],
            "region": region.name,
            "year": view.year,
            "count": figures.whole(len(rows)),
        },
        [
            SheetColumn(_("Industry"), number=False),
            *([SheetColumn(_("Probability"), within)] if has_odds(rows) else []),
            SheetColumn(word, str(view.year)),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Relatedness"), _("all together")),
            *(SheetColumn(_("Relatedness"), head) for _name, head in parts),
            *([SheetColumn(_("Complexity"), _("z-score"))] if complexity else []),
        ],
        [
            SheetRow(
                row.title,
                [
                    *([percent_cell(row.probability)] if has_odds(rows) else []),
                    part_cell(row),
                    Cell(figures.quotient(row.location_quotient)),
                    Cell(_share(row.density)),
                    *(Cell(_share(getattr(row, name))) for name, _head in parts),
                    *([Cell(deviations(row.complexity))] if complexity else []),
                ],
                code=row.industry,
                pills=[("number", labels[row.industry])] if row.industry in labels else (),
                notes=[
                    (what, "; ".join(each.name for each in coded))
                    for what, coded in (
                        (_("near what is there"), row.supporting),
                        (_("peers that made the move"), row.peers_moved),
                    )
                    if coded
                ],
            )
            for row in rows
        ],
        tall=True,
    )


def _share(value: float | None) -> str:
    return figures.NOTHING if value is None else number(f"{value:.2f}")


def _peers_sheet(view: View, region: Region, peers: Sequence[Peer]) -> Sheet | None:
    if not peers:
        return None
    return Sheet(
        "peers-table",
        _("Regions built most like %(region)s") % {"region": region.name},
        [SheetColumn(_("Region"), number=False), SheetColumn(_("Distance"), _("0 is the same"))],
        [
            SheetRow(
                each.name,
                [Cell(number(f"{each.distance:.2f}"))],
                addresses.region(each.scheme, each.peer, year=view.year),
            )
            for each in peers
        ],
    )
