"""The page of a region: what it is strong in, how that changes, what drives it, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Region, RegionalCluster, RegionProfile, Release
from clusteratlas.portal import addresses, doubt, figures, sentences, words
from clusteratlas.portal.charts.choropleth import draw_locator
from clusteratlas.portal.charts.dots import change_chart, quotient_chart, size_chart
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import Choice, View, asked_view, asked_word, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.network import network_of
from clusteratlas.portal.pages.options import next_section
from clusteratlas.portal.pages.region_around import around_sheet
from clusteratlas.portal.pages.region_indicators import indicators_sheet
from clusteratlas.portal.pages.region_structure import change_sentence, variety_sentence
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
MOST_DRIVERS = 3
MOST_PARTS = 5
ORDERS = (
    "location_quotient",
    "employment",
    "share_of_region",
    "share_of_nation",
    "employment_growth",
    "name",
)


@require_safe
def region_page(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Show a region in a year."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    order = asked_word(request, "order", ORDERS, ORDERS[0])
    name = view.definition.definition
    profile = release.region_profile(scheme, region, view.year, name)
    rows = release.regional_clusters(
        scheme, region=region, year=view.year, definition=name, order=order
    )
    by_quotient = sorted(rows, key=lambda row: -(row.location_quotient or -1))
    ground = ground_of(scheme)
    return page(
        request,
        "region.html",
        section="regions",
        view=view,
        region=place,
        profile=profile,
        summary=sentences.region_summary(view, place, profile, by_quotient),
        years=_years(release, view, place),
        locator=draw_locator(ground, place) if ground else None,
        strong_chart=_strong_chart(view, place, by_quotient),
        change=_change(view, place, rows),
        change_parts=change_sentence(view, profile),
        variety=variety_sentence(profile),
        clusters=_clusters_sheet(view, place, rows, order),
        table_csv=addresses.region_table(
            scheme, region, year=view.year, definition=view.definition_in_address
        ),
        drivers=_drivers(release, view, place, by_quotient),
        around=around_sheet(release, view, place),
        next=next_section(release, view, place),
        network=network_of(release, view, region),
        other_figures=indicators_sheet(release, scheme, region, place.name),
        other_figures_csv=addresses.region_indicators(scheme, region),
        withheld=_links(view, [row for row in by_quotient if row.status == "withheld"]),
        unpublished=sum(row.status == "unpublished" for row in rows),
        scarce=profile.reported_share is not None
        and profile.reported_share < doubt.FEWEST_REPORTED,
        filled=any(row.location_quotient_low is not None for row in rows),
        estimated=sum(doubt.is_estimated(row) for row in rows),
        flipping=[
            (row.name, _address(view, row), doubt.chance(row.probability_strong or 0))
            for row in sorted(rows, key=lambda row: -(row.probability_strong or 0))
            if row.could_flip
        ],
        intervals=_intervals(profile),
        coverage=_coverage(release, view, place),
        api=addresses.with_query(f"/api/v1/regions/{scheme}/{region}", year=view.year),
    )


@require_safe
def region_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give all clusters of a region as CSV."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    rows = release.regional_clusters(
        scheme, region=region, year=view.year, definition=view.definition.definition
    )
    return table_answer(
        request,
        rows,
        name=f"{place.region}-{view.definition.group_words}-{view.year}",
        title=_("All %(clusters)s of %(region)s, %(year)s")
        % {
            "clusters": words.word(view.definition.group_words),
            "region": place.name,
            "year": view.year,
        },
        source=view.source_line,
        kind=RegionalCluster,
    )


def _years(release: Release, view: View, region: Region) -> list[Choice]:
    years = release.years_of(view.scheme.scheme, region.region)
    address = {
        year: addresses.region(
            view.scheme.scheme, region.region, year=year, definition=view.definition_in_address
        )
        for year in years
    }
    return year_choices(years, view.year, address)


def _address(view: View, row: RegionalCluster) -> str:
    return addresses.region_cluster(
        view.scheme.scheme,
        row.region,
        row.cluster,
        year=view.year,
        definition=view.definition_in_address,
    )


def _links(view: View, rows: Sequence[RegionalCluster]) -> list[tuple[str, str, str]]:
    return [
        (row.name, _address(view, row), doubt.jobs(row))
        if row.employment
        else (row.name, _address(view, row), "")
        for row in rows
    ]


def _strong_chart(view: View, region: Region, rows: Sequence[RegionalCluster]) -> object:
    if view.is_reference:
        return size_chart(
            "strong-chart",
            f"{view.scheme.employment_word.capitalize()}, {region.name}, {view.year}",
            [(row, row.name, _address(view, row)) for row in _largest(rows)],
            source=view.source_line,
        )
    known = [row for row in rows if row.location_quotient is not None and row.traded is not False]
    strong = [row for row in known if row.strong][:MOST_DOTS]
    above = [row for row in known if not row.strong and (row.location_quotient or 0) > 1]
    others = above[: max(0, FEWEST_DOTS - len(strong))]
    shown = sorted([*strong, *others], key=lambda row: -(row.location_quotient or 0))
    return quotient_chart(
        "strong-chart",
        f"Location quotient, {sentences.short_name(region)}, {view.year}",
        [(row, row.name, _address(view, row)) for row in shown],
        source=view.source_line,
    )


def _largest(rows: Sequence[RegionalCluster]) -> list[RegionalCluster]:
    traded = [row for row in rows if row.traded is not False and row.employment]
    return sorted(traded, key=lambda row: -(row.employment or 0))[:FEWEST_DOTS]


def _change(view: View, region: Region, rows: Sequence[RegionalCluster]) -> object | None:
    changed = [row for row in rows if row.employment_change]
    if not changed:
        return None
    changed.sort(key=lambda row: -(row.employment_change or 0))
    gains = [row for row in changed if (row.employment_change or 0) > 0][:MOST_CHANGES]
    losses = [row for row in changed if (row.employment_change or 0) < 0][-MOST_CHANGES:]
    since = changed[0].change_from_year
    return change_chart(
        "change-chart",
        f"Change of {view.scheme.employment_word}, {sentences.short_name(region)}, "
        f"{since} to {view.year}",
        [(row, row.name, _address(view, row)) for row in [*gains, *losses]],
        source=view.source_line,
    )


def _clusters_sheet(
    view: View, region: Region, rows: Sequence[RegionalCluster], order: str
) -> Sheet:
    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        href = addresses.with_query(
            f"/regions/{view.scheme.scheme}/{region.region}/",
            year=view.year,
            definition=view.definition_in_address,
            order=name,
        )
        direction = "ascending" if name == "name" else "descending"
        return SheetColumn(
            label, unit, number, f"{href}#all-clusters", direction if order == name else ""
        )

    word = view.definition.group_word
    since = view.base_year
    columns = [
        head(word.capitalize(), "name", number=False),
        head("Quotient", "location_quotient"),
        head(view.scheme.employment_word.capitalize(), "employment", str(view.year)),
        head("Share of region", "share_of_region"),
        head(f"Share of {view.reference_short}", "share_of_nation"),
        SheetColumn("Rank", "by quotient"),
        SheetColumn("Establish\u00adments"),
        head("Growth a year", "employment_growth", f"since {since}" if since else ""),
        SheetColumn("Reported share"),
    ]
    return Sheet(
        "all-clusters",
        f"All {view.definition.group_words} of {region.name}, {view.year}",
        columns,
        [
            SheetRow(
                row.name,
                _cells(row),
                _address(view, row),
                doubt.strength_pills(row, with_kind=True),
            )
            for row in rows
        ],
        tall=True,
    )


def _cells(row: RegionalCluster) -> list[Cell]:
    return [
        quotient_cell(row),
        jobs_cell(row),
        percent_cell(row.share_of_region),
        percent_cell(row.share_of_nation),
        rank_cell(row, of=True),
        Cell(figures.whole(row.establishments)),
        Cell(figures.growth(row.employment_growth)),
        percent_cell(row.reported_share),
    ]


def _drivers(
    release: Release, view: View, region: Region, rows: Sequence[RegionalCluster]
) -> Sheet | None:
    chosen = sorted(sentences.leading(rows), key=lambda row: -(row.employment or 0))
    lines: list[SheetRow] = []
    every = release.subclusters(
        view.scheme.scheme,
        region.region,
        year=view.year,
        definition=view.definition.definition,
    )
    for row in chosen[:MOST_DRIVERS]:
        parts = [part for part in every if part.cluster == row.cluster]
        if not parts:
            continue
        lines.append(
            SheetRow(
                row.name,
                [
                    jobs_cell(row),
                    quotient_cell(row),
                    percent_cell(row.share_of_nation),
                ],
                _address(view, row),
                kind="level-1",
            )
        )
        lines += [
            SheetRow(
                part.subcluster,
                [
                    part_cell(part),
                    Cell(figures.quotient(part.location_quotient)),
                    percent_cell(part.share_of_nation),
                ],
                kind="level-2",
            )
            for part in parts[:MOST_PARTS]
        ]
        if len(parts) > MOST_PARTS:
            more = f"{len(parts) - MOST_PARTS} more and all industries"
            empty = [Cell("")] * 3
            lines.append(SheetRow(more, empty, _address(view, row), kind="level-2"))
    if not lines:
        return None
    return Sheet(
        "drivers",
        f"The largest strong {view.definition.group_words} of {region.name}, {view.year}",
        [
            SheetColumn(view.definition.group_word.capitalize(), number=False),
            SheetColumn(view.scheme.employment_word.capitalize(), str(view.year)),
            SheetColumn("Quotient"),
            SheetColumn(f"Share of {view.reference_short}"),
        ],
        lines,
    )


def _intervals(profile: RegionProfile) -> dict[str, str]:
    """Return the intervals of a region's totals, by the figure that each belongs to."""
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


def _coverage(release: Release, view: View, region: Region) -> str:
    """Say what of the region the source does not cover; empty when it covers all."""
    if region.coverage is None or region.coverage >= 0.9995:
        return ""
    if region.coverage == 0:
        return "The source does not cover this region."
    return (
        f"The figures cover {figures.percent(region.coverage)} of the population here; "
        "the rest of the region is missing from the source."
    )
