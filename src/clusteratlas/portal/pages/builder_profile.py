"""The profile of a union of regions: the blocks of a region's page, for a reader's own choice."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.atlas import RegionalCluster, RegionalIndustry, Release
from clusteratlas.atlas.united import United, union_industries
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.dots import change_chart, quotient_chart, size_chart
from clusteratlas.portal.charts.timeline import Line, jobs_point, small_multiples
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import Choice, asked_word, year_choices
from clusteratlas.portal.pages.builder_asked import API, Asked, asked_union, united_of
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.region_structure import change_bars, variety_sentence
from clusteratlas.portal.sentences import joined, leading, told
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    jobs_cell,
    part_cell,
    percent_cell,
    quotient_cell,
    rank_cell,
)

MOST_DOTS = 15
FEWEST_DOTS = 10
MOST_CHANGES = 5
MOST_LINES = 6
NAMED = 3


@require_safe
def union_page(request: AtlasRequest, scheme: str) -> HttpResponse:
    """Show the union of the regions in the address."""
    release = request.release
    asked = asked_union(request, scheme)
    united = united_of(request, asked)
    rows = sorted(united.clusters, key=lambda row: -(row.location_quotient or -1))
    codes = [row.cluster for row in rows]
    cluster = asked_word(request, "cluster", ["", *codes], "")
    chosen = next((row for row in rows if row.cluster == cluster), (leading(rows) or rows)[0])
    title = united.region.name
    return page(
        request,
        "builder_profile.html",
        section="regions",
        view=asked.view,
        asked=asked,
        united=united,
        region=united.region,
        profile=united.profile,
        kind=_kind(asked, united),
        summary=_summary(asked, united, rows),
        years=_years(asked),
        strong_chart=_strong(asked, united, rows),
        change=_change(asked, united, rows),
        change_parts=change_bars(asked.view, united.profile, linked=False),
        variety=variety_sentence(asked.view, united.profile, linked=False),
        timeline=_timeline(asked, united, rows),
        clusters=_clusters(asked, united, rows),
        cluster=chosen,
        cluster_name=words.cluster(chosen.name),
        choices=[
            Choice(row.cluster, words.cluster(row.name), row is chosen)
            for row in sorted(rows, key=lambda row: words.cluster(row.name))
        ],
        industries=_industries(release, asked, united, chosen),
        members=_members(release, asked, united),
        estimated=sum(doubt.is_estimated(row) for row in rows),
        withheld=[words.cluster(row.name) for row in rows if row.status == "withheld"],
        flipping=[
            (
                words.cluster(row.name),
                asked.address("profile/", cluster=row.cluster) + "#inside",
                doubt.chance(row.probability_strong or 0),
            )
            for row in rows
            if row.could_flip
        ],
        intervals=_intervals(united),
        csv=asked.address("clusters.csv"),
        api=asked.address(API),
        change_choice=asked.address(),
        title=title,
    )


@require_safe
def union_table(request: AtlasRequest, scheme: str) -> HttpResponse:
    """Give all clusters of a union as a table."""
    asked = asked_union(request, scheme)
    united = united_of(request, asked)
    return table_answer(
        request,
        united.clusters,
        name=f"{united.region.name}-{asked.view.definition.group_words}-{asked.view.year}",
        title=_("All %(clusters)s of %(region)s, %(year)s")
        % {
            "clusters": words.word(asked.view.definition.group_words),
            "region": united.region.name,
            "year": asked.view.year,
        },
        source=asked.view.source_line,
        kind=RegionalCluster,
    )


def _kind(asked: Asked, united: United) -> str:
    number = len(united.parts)
    if number == 1:
        return words.word(united.region.kind)
    return _("union of regions: %(number)s %(regions)s") % {
        "number": figures.whole(number),
        "regions": words.word(asked.view.scheme.region_words),
    }


def _years(asked: Asked) -> list[Choice]:
    years = asked.view.scheme.years
    address = {
        year: asked.address("profile/").replace(f"year={asked.view.year}", f"year={year}")
        for year in years
    }
    return year_choices(years, asked.view.year, address)


def _link(asked: Asked, row: RegionalCluster) -> str:
    return asked.address("profile/", cluster=row.cluster) + "#inside"


def _summary(asked: Asked, united: United, rows: Sequence[RegionalCluster]) -> SafeString:
    named = leading(rows)[:NAMED]
    name, view = united.region.name, asked.view
    parts: list[SafeString | str] = []
    if not named:
        parts.append(
            _("In %(region)s nothing stands out against %(reference)s in %(year)s.")
            % {"region": name, "reference": view.reference, "year": view.year}
        )
    else:
        said = figures.listed(
            [
                str(
                    format_html(
                        '<a href="{}">{}</a> ({})',
                        _link(asked, row),
                        words.cluster(row.name),
                        told(_times(row), "location-quotient"),
                    )
                )
                for row in named
            ]
        )
        parts.append(
            format_html(
                _("{region} stands out against {reference} in {year} by {clusters}."),
                region=name,
                reference=view.reference,
                year=view.year,
                clusters=SafeString(said),
            )
        )
    if united.silent:
        parts.append(
            _("The sources print nothing of %(region)s in %(year)s.")
            % {"year": view.year, "region": figures.listed([one.name for one in united.silent])}
        )
    growth = united.profile.employment_growth
    if growth is not None:
        parts.append(
            format_html(
                _("Its jobs changed by {rate} a year since {year} ({change})."),
                rate=told(figures.growth(growth), "change"),
                year=united.profile.change_from_year,
                change=figures.signed(united.profile.employment_change),
            )
        )
    if united.profile.reported_share is not None:
        parts.append(
            format_html(
                _("Reported by industry: {share} of its jobs."),
                share=told(figures.percent(united.profile.reported_share), "reported-share"),
            )
        )
    return joined(parts)


def _times(row: RegionalCluster) -> str:
    between = doubt.quotient_between(row)
    said = _("%(number)s times") % {"number": figures.quotient(row.location_quotient)}
    return f"{said}, {between}" if between else said


def _strong(asked: Asked, united: United, rows: Sequence[RegionalCluster]) -> object:
    view = asked.view
    if view.is_reference:
        traded = [row for row in rows if row.traded is not False and row.employment]
        traded.sort(key=lambda row: -(row.employment or 0))
        return size_chart(
            "strong-chart",
            f"{view.scheme.employment_word.capitalize()}, {united.region.name}, {view.year}",
            [(row, words.cluster(row.name), _link(asked, row)) for row in traded[:FEWEST_DOTS]],
            source=view.source_line,
        )
    known = [row for row in rows if row.location_quotient is not None and row.traded is not False]
    strong = [row for row in known if row.strong][:MOST_DOTS]
    above = [row for row in known if not row.strong and (row.location_quotient or 0) > 1]
    shown = sorted(
        [*strong, *above[: max(0, FEWEST_DOTS - len(strong))]],
        key=lambda row: -(row.location_quotient or 0),
    )
    return quotient_chart(
        "strong-chart",
        _("Location quotient, %(region)s, %(year)s")
        % {"region": united.region.name, "year": view.year},
        [(row, words.cluster(row.name), _link(asked, row)) for row in shown],
        source=view.source_line,
    )


def _change(asked: Asked, united: United, rows: Sequence[RegionalCluster]) -> object | None:
    changed = [row for row in rows if row.employment_change]
    if not changed:
        return None
    changed.sort(key=lambda row: -(row.employment_change or 0))
    gains = [row for row in changed if (row.employment_change or 0) > 0][:MOST_CHANGES]
    losses = [row for row in changed if (row.employment_change or 0) < 0][-MOST_CHANGES:]
    return change_chart(
        "change-chart",
        _("Change of jobs, %(region)s, %(first)s to %(last)s")
        % {
            "region": united.region.name,
            "first": changed[0].change_from_year,
            "last": asked.view.year,
        },
        [(row, words.cluster(row.name), _link(asked, row)) for row in [*gains, *losses]],
        source=asked.view.source_line,
    )


def _timeline(asked: Asked, united: United, rows: Sequence[RegionalCluster]) -> object | None:
    years = sorted({row.year for row in united.history})
    if len(years) < 2:
        return None
    shown = sorted(leading(rows), key=lambda row: -(row.employment or 0))[:MOST_LINES]
    now = {row.cluster: row for row in rows}
    lines = []
    for each in shown:
        of = {row.year: row for row in united.history if row.cluster == each.cluster}
        of[united.year] = now[each.cluster]
        points = [jobs_point(of[year], year) for year in years if year in of]
        lines.append(Line(words.cluster(each.name), points, _link(asked, each)))
    if not lines:
        return None
    return small_multiples(
        "years-chart",
        _("Jobs over the years, %(region)s") % {"region": united.region.name},
        lines,
        source=asked.view.scheme.source_line,
    )


def _clusters(asked: Asked, united: United, rows: Sequence[RegionalCluster]) -> Sheet:
    view = asked.view
    since = view.base_year
    return Sheet(
        "all-clusters",
        _("All %(clusters)s of %(region)s, %(year)s")
        % {
            "clusters": words.word(view.definition.group_words),
            "region": united.region.name,
            "year": view.year,
        },
        [
            SheetColumn(words.word(view.definition.group_word).capitalize(), number=False),
            SheetColumn(_("Quotient")),
            SheetColumn(words.word(view.scheme.employment_word).capitalize(), str(view.year)),
            SheetColumn(_("Share of region")),
            SheetColumn(_("Share of %(area)s") % {"area": view.reference_short}),
            SheetColumn(_("Rank it would have"), _("by quotient")),
            SheetColumn(_("Establish\u00adments")),
            SheetColumn(_("Growth a year"), _("since %(year)s") % {"year": since} if since else ""),
            SheetColumn(_("Reported share")),
        ],
        [
            SheetRow(
                words.cluster(row.name),
                [
                    quotient_cell(row),
                    jobs_cell(row),
                    percent_cell(row.share_of_region),
                    percent_cell(row.share_of_nation),
                    rank_cell(row, of=True),
                    Cell(figures.whole(row.establishments)),
                    Cell(figures.growth(row.employment_growth)),
                    percent_cell(row.reported_share),
                ],
                _link(asked, row),
                doubt.strength_pills(row, with_kind=True),
            )
            for row in rows
        ],
        tall=True,
    )


def _industries(release: Release, asked: Asked, united: United, chosen: RegionalCluster) -> Sheet:
    """Subclusters of one cluster with their industries, to the finest level."""
    industries = union_industries(release, united, chosen.cluster)
    parts = [each for each in united.subclusters if each.cluster == chosen.cluster]
    lines: list[SheetRow] = []
    for part in parts:
        lines.append(
            SheetRow(
                words.word(part.subcluster),
                [
                    part_cell(part),
                    Cell(figures.quotient(part.location_quotient)),
                    percent_cell(part.share_of_nation),
                    Cell(figures.whole(part.establishments)),
                ],
                kind="level-2",
            )
        )
        lines += [_industry_row(each) for each in industries if each.subcluster == part.subcluster]
    named = {part.subcluster for part in parts}
    lines += [_industry_row(each) for each in industries if each.subcluster not in named]
    return Sheet(
        "industries",
        _("%(cluster)s in %(region)s: subclusters and industries, %(year)s")
        % {
            "cluster": words.cluster(chosen.name),
            "region": united.region.name,
            "year": united.year,
        },
        [
            SheetColumn(_("Subcluster or industry"), number=False),
            SheetColumn(
                words.word(asked.view.scheme.employment_word).capitalize(), str(united.year)
            ),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Share of %(area)s") % {"area": asked.view.reference_short}),
            SheetColumn(_("Establish\u00adments")),
        ],
        lines,
        tall=len(lines) > 20,
    )


def _industry_row(row: RegionalIndustry) -> SheetRow:
    return SheetRow(
        row.title,
        [
            part_cell(row),
            Cell(figures.NOTHING),
            percent_cell(row.share_of_nation),
            Cell(figures.whole(row.establishments)),
        ],
        code=row.industry,
        kind="level-3",
    )


def _members(release: Release, asked: Asked, united: United) -> Sheet:
    view = asked.view
    codes = {each.region for each in united.parts}
    profiles = [
        each
        for each in release.region_profiles(
            view.scheme.scheme, view.year, view.definition.definition
        )
        if each.region in codes
    ]
    silent = len(codes) - len(profiles)
    beside = (
        "; "
        + ngettext(
            "%(number)s without any figure that year",
            "%(number)s without any figure that year",
            silent,
        )
        % {"number": silent}
        if silent
        else ""
    )
    return Sheet(
        "members",
        _("The regions of the union, %(year)s") % {"year": view.year} + beside,
        [
            SheetColumn(_("Region"), number=False),
            SheetColumn(words.word(view.scheme.employment_word).capitalize(), str(view.year)),
            SheetColumn(_("Strong %(clusters)s") % {"clusters": view.definition.group_words}),
            SheetColumn(_("Growth a year")),
        ],
        [
            SheetRow(
                each.region_name,
                [
                    Cell(figures.whole(each.employment)),
                    Cell(
                        figures.whole(each.strong_clusters),
                        between=doubt.between(
                            each.strong_clusters_low, each.strong_clusters_high, figures.whole
                        ),
                    ),
                    Cell(figures.growth(each.employment_growth)),
                ],
                addresses.region(
                    each.scheme,
                    each.region,
                    year=each.year,
                    definition=view.definition_in_address,
                ),
                code=each.region,
            )
            for each in profiles
        ],
        tall=len(profiles) > 15,
    )


def _intervals(united: United) -> dict[str, str]:
    profile = united.profile
    return {
        "traded_share": doubt.between(
            profile.traded_share_low, profile.traded_share_high, figures.percent
        ),
        "cluster_strength": doubt.between(
            profile.cluster_strength_low, profile.cluster_strength_high, figures.percent
        ),
        "strong_clusters": doubt.between(
            profile.strong_clusters_low, profile.strong_clusters_high, figures.whole
        ),
    }
