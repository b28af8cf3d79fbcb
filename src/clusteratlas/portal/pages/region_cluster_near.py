"""What is near a regional cluster: related clusters here, the areas inside, its years."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from clusteratlas.atlas import Region, RegionalCluster, RegionalYear, RelatedCluster, Release
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.timeline import (
    Line,
    Point,
    Timeline,
    jobs_point,
    small_multiples,
)
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.sentences import heading, short_name
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    jobs_cell,
    percent_cell,
    quotient_cell,
)

MOST_RELATED = 10
MOST_INSIDE = 40


def related_sheets(
    release: Release, view: View, region: Region, cluster: str
) -> tuple[Sheet | None, Sheet | None]:
    """Return the related clusters that are present in a region, and those that are absent."""
    every = release.related(view.definition.definition, cluster)
    chosen = [each for each in every if each.related][:MOST_RELATED] or every[:MOST_RELATED]
    if not chosen:
        return None, None
    rows = {
        row.cluster: row
        for row in release.regional_clusters(
            view.scheme.scheme,
            region=region.region,
            year=view.year,
            definition=view.definition.definition,
        )
    }
    pairs = [(each, rows[each.b]) for each in chosen if each.b in rows]
    here = [pair for pair in pairs if pair[1].employment]
    away = [pair for pair in pairs if not pair[1].employment]
    return (
        _related_sheet(view, "related-here", _("Related and present here"), here),
        _related_sheet(view, "related-away", _("Related and absent here"), away),
    )


def _related_sheet(
    view: View,
    identity: str,
    caption: str,
    pairs: Sequence[tuple[RelatedCluster, RegionalCluster]],
) -> Sheet | None:
    if not pairs:
        return None
    return Sheet(
        identity,
        caption,
        [
            SheetColumn(heading(view.definition.group_word), number=False),
            SheetColumn(_("Related"), _("percentile")),
            SheetColumn(_("Quotient")),
            SheetColumn(heading(view.scheme.employment_word), str(view.year)),
        ],
        [
            SheetRow(
                words.cluster(related.name),
                [
                    percent_cell(related.percentile_of_a or related.percentile),
                    quotient_cell(row),
                    jobs_cell(row),
                ],
                addresses.region_cluster(
                    view.scheme.scheme,
                    row.region,
                    row.cluster,
                    year=view.year,
                    definition=view.definition_in_address,
                ),
                doubt.strength_pills(row),
            )
            for related, row in pairs
        ],
    )


def inside_sheet(release: Release, view: View, region: Region, cluster: str) -> Sheet | None:
    """Return the cluster in the areas that lie in a region; nothing where none are published."""
    known = {
        each.scheme: each
        for each in release.manifest.schemes
        if view.definition.definition in each.definitions and view.year in each.years
    }
    by_scheme: dict[str, list[Region]] = {}
    for member in release.members(view.scheme.scheme, region.region):
        if member.scheme in known:
            by_scheme.setdefault(member.scheme, []).append(member)
    rows: list[RegionalCluster] = []
    for scheme, members in by_scheme.items():
        held = release.clusters_of_regions(
            scheme,
            [each.region for each in members],
            view.year,
            view.definition.definition,
            cluster,
        )
        rows += [row for clusters in held.values() for row in clusters]
    if not rows:
        return None
    rows.sort(key=lambda row: (-(row.employment or 0), row.region_name))
    return Sheet(
        "inside",
        _("Areas in or across %(region)s, %(year)s, the largest first")
        % {"region": region.name, "year": view.year},
        [
            SheetColumn(_("Region"), number=False),
            SheetColumn(heading(view.scheme.employment_word), str(view.year)),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Share of the area")),
            SheetColumn(_("Growth a year")),
        ],
        [
            SheetRow(
                row.region_name,
                [
                    jobs_cell(row),
                    quotient_cell(row),
                    percent_cell(row.share_of_region),
                    Cell(figures.growth(row.employment_growth)),
                ],
                addresses.region_cluster(
                    row.scheme,
                    row.region,
                    row.cluster,
                    year=view.year,
                    definition=_definition_there(known[row.scheme].definition, row.definition),
                ),
                doubt.strength_pills(row),
            )
            for row in rows[:MOST_INSIDE]
        ],
        tall=len(rows) > 15,
    )


def _definition_there(default: str, definition: str) -> str | None:
    return None if default == definition else definition


def years_chart(
    release: Release, view: View, region: Region, row: RegionalCluster
) -> tuple[Timeline, Timeline] | None:
    """Draw jobs and quotient over the years; nothing with a single one."""
    years = release.regional_years(
        view.scheme.scheme, region.region, view.definition.definition, row.cluster
    )
    if sum(each.employment is not None for each in years) < 2:
        return None
    name = {"cluster": words.cluster(row.name), "region": short_name(region)}
    jobs = Line(
        heading(view.scheme.employment_word), [jobs_point(each, each.year) for each in years]
    )
    quotient = Line(_("Location quotient"), [_quotient_point(each) for each in years])
    average = Line(_("average"), [Point(each.year, 1.0) for each in years], kind="benchmark")
    return (
        small_multiples(
            "years-jobs",
            _("%(cluster)s in %(region)s over the years") % name,
            [jobs],
            source=view.source_line,
        ),
        small_multiples(
            "years-quotient",
            _("Quotient over the years; the dashed line is the average"),
            [quotient],
            benchmark=average,
            written=figures.quotient,
            source=view.source_line,
        ),
    )


def _quotient_point(each: RegionalYear) -> Point:
    value = each.location_quotient
    if value is None:
        return Point(each.year, None, mark="withheld" if each.status == "withheld" else "nodata")
    if not doubt.is_estimated(each):
        return Point(each.year, value)
    return Point(
        each.year, value, each.location_quotient_low, each.location_quotient_high, "estimated"
    )


def years_sheet(view: View, years: Sequence[RegionalYear]) -> Sheet:
    """Return the years as a table."""
    return Sheet(
        "years",
        _("Year by year"),
        [
            SheetColumn(_("Year"), number=False),
            SheetColumn(heading(view.scheme.employment_word)),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Reported share")),
        ],
        [
            SheetRow(
                str(each.year),
                [
                    Cell(doubt.jobs(each), each.status, between=doubt.jobs_between(each)),
                    Cell(
                        figures.quotient(each.location_quotient),
                        between=doubt.between(
                            each.location_quotient_low,
                            each.location_quotient_high,
                            figures.quotient,
                        ),
                    ),
                    percent_cell(each.reported_share),
                ],
            )
            for each in years
        ],
    )
