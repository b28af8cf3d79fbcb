"""What drives a region: its leading clusters, their subclusters and the industries in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import (
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionalYear,
    Release,
)
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.timeline import Line, Panel, jobs_point, spark
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.sentences import heading, leading
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    part_cell,
    percent_cell,
)

MOST_DRIVERS = 6
MOST_INDUSTRIES = 8
FEWEST_YEARS = 3
"""Lines over years are drawn from this many on."""

SPREAD = "share_of_nation"


@dataclass(frozen=True, slots=True)
class Driver:
    """A leading cluster with what is in it."""

    name: str
    href: str
    jobs: str
    between: str
    mark: str
    quotient: str
    share: str
    line: Panel | None
    sheet: Sheet
    pills: Sequence[tuple[str, str]]


def drivers_of(release: Release, view: View, rows: Sequence[RegionalCluster]) -> list[Driver]:
    """Return the largest leading clusters with their parts; none where nothing lies beneath."""
    if view.is_reference:
        named = [row for row in rows if row.traded is not False and row.employment]
    else:
        named = leading(rows)
    chosen = sorted(named, key=lambda row: -(row.employment or 0))[:MOST_DRIVERS]
    if not chosen:
        return []
    first = chosen[0]
    subclusters = release.subclusters(
        first.scheme, first.region, year=first.year, definition=first.definition
    )
    industries = release.industries_of_clusters(
        first.scheme,
        first.region,
        [row.cluster for row in chosen],
        first.year,
        first.definition,
    )
    if all(len(each) < 2 for each in industries.values()):
        return []
    lines = lines_of(release, view, first)
    found = []
    for row in chosen:
        href = addresses.region_cluster(
            view.scheme.scheme,
            row.region,
            row.cluster,
            year=view.year,
            definition=view.definition_in_address,
        )
        parts = [part for part in subclusters if part.cluster == row.cluster]
        found.append(
            Driver(
                words.cluster(row.name),
                href,
                doubt.jobs(row),
                doubt.jobs_between(row),
                doubt.mark_of(row),
                figures.quotient(row.location_quotient),
                figures.percent(row.share_of_nation),
                lines.get(row.cluster),
                _sheet(view, row, parts, industries[row.cluster], href),
                doubt.strength_pills(row),
            )
        )
    return found


def lines_of(release: Release, view: View, row: RegionalCluster) -> dict[str, Panel]:
    """Return a small line of jobs for each cluster; none with fewer than three years."""
    if len(view.scheme.years) < FEWEST_YEARS:
        return {}
    by_cluster: dict[str, list[RegionalYear]] = {}
    for each in release.regional_years(row.scheme, row.region, row.definition):
        by_cluster.setdefault(each.cluster, []).append(each)
    drawn = {
        cluster: spark(Line("", [jobs_point(each, each.year) for each in years]))
        for cluster, years in by_cluster.items()
    }
    return {cluster: panel for cluster, panel in drawn.items() if panel}


def _sheet(
    view: View,
    row: RegionalCluster,
    parts: Sequence[RegionalSubcluster],
    industries: Sequence[RegionalIndustry],
    href: str,
) -> Sheet:
    shown = industries[:MOST_INDUSTRIES]
    lines: list[SheetRow] = []
    if len(parts) > 1:
        for part in parts:
            lines.append(
                SheetRow(
                    words.cluster(part.subcluster),
                    [
                        part_cell(part),
                        Cell(figures.quotient(part.location_quotient)),
                        percent_cell(part.share_of_nation),
                    ],
                    kind="level-2",
                )
            )
            lines += [
                _industry(each, "level-3") for each in shown if each.subcluster == part.subcluster
            ]
    else:
        lines += [_industry(each, "level-2") for each in shown]
    rest = len(industries) - len(shown)
    if rest > 0:
        more = ngettext("%(count)s more industry", "%(count)s more industries", rest) % {
            "count": figures.whole(rest)
        }
        lines.append(SheetRow(more, [Cell("")] * 3, href, kind="level-2"))
    return Sheet(
        f"driver-{row.cluster}",
        _("%(cluster)s: subclusters and largest industries, %(year)s")
        % {"cluster": words.cluster(row.name), "year": view.year},
        [
            SheetColumn(_("Part"), number=False),
            SheetColumn(heading(view.scheme.employment_word), str(view.year)),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Share of reference")),
        ],
        lines,
    )


def _industry(each: RegionalIndustry, kind: str) -> SheetRow:
    return SheetRow(
        each.title,
        [part_cell(each), Cell(""), percent_cell(each.share_of_nation)],
        code=each.industry,
        kind=kind,
        lang="en",
    )
