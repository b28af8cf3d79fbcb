"""The page of a region: what it is strong in, how that changes, what drives it, how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

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
from clusteratlas.portal.organised import organised_block
from clusteratlas.portal.pages.asking import Choice, View, asked_view, asked_word, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.network import network_of
from clusteratlas.portal.pages.options import next_section
from clusteratlas.portal.pages.region_around import around_sheet
from clusteratlas.portal.pages.region_beside import compared_section, title_of
from clusteratlas.portal.pages.region_drivers import drivers_of
from clusteratlas.portal.pages.region_indicators import indicators_sheet
from clusteratlas.portal.pages.region_structure import change_bars, variety_sentence
from clusteratlas.portal.quality import quality_of
from clusteratlas.portal.registry.shelf import beside_figures
from clusteratlas.portal.sentences import heading
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    jobs_cell,
    percent_cell,
    quotient_cell,
    rank_cell,
)

MOST_DOTS = 15
FEWEST_DOTS = 10
MOST_CHANGES = 5
LINKED = (
    "employment",
    "reported_share",
    "traded_share",
    "cluster_strength",
    "strong_clusters",
    "employment_growth",
    "employment_change",
    "rank_by_employment",
)
"""Figures of the strip below the summary that lead to their derivation."""

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
    compared = compared_section(request, release, view, place, profile, rows)
    derived = partial(_derived, view, place)
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
        change_parts=change_bars(view, profile),
        variety=variety_sentence(view, profile),
        clusters=_clusters_sheet(view, place, rows, order),
        table_csv=addresses.region_table(
            scheme, region, year=view.year, definition=view.definition_in_address
        ),
        drivers=drivers_of(release, view, by_quotient),
        compared=compared,
        here=addresses.region(scheme, region),
        reference=view.reference,
        reference_short=view.reference_short,
        compared_title=title_of(place, compared) if compared else "",
        quality=quality_of(place, profile, rows),
        derived={figure: derived(figure) for figure in LINKED},
        derivations=derived(""),
        around=around_sheet(release, view, place),
        next=next_section(release, view, place),
        organised=organised_block.of_region(release, beside_figures(request), view, place),
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
            (
                words.cluster(row.name),
                _address(view, row),
                doubt.chance(row.probability_strong or 0),
            )
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


def _derived(view: View, region: Region, figure: str) -> str:
    return addresses.derivation(
        view.scheme.scheme,
        region.region,
        figure,
        year=view.year,
        definition=view.definition_in_address,
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
        (words.cluster(row.name), _address(view, row), doubt.jobs(row) if row.employment else "")
        for row in rows
    ]


def _strong_chart(view: View, region: Region, rows: Sequence[RegionalCluster]) -> object:
    if view.is_reference:
        return size_chart(
            "strong-chart",
            f"{heading(view.scheme.employment_word)}, {region.name}, {view.year}",
            [(row, words.cluster(row.name), _address(view, row)) for row in _largest(rows)],
            source=view.source_line,
        )
    known = [row for row in rows if row.location_quotient is not None and row.traded is not False]
    strong = [row for row in known if row.strong][:MOST_DOTS]
    above = [row for row in known if not row.strong and (row.location_quotient or 0) > 1]
    others = above[: max(0, FEWEST_DOTS - len(strong))]
    shown = sorted([*strong, *others], key=lambda row: -(row.location_quotient or 0))
    return quotient_chart(
        "strong-chart",
        _("Location quotient, %(region)s, %(year)s")
        % {"region": sentences.short_name(region), "year": view.year},
        [(row, words.cluster(row.name), _address(view, row)) for row in shown],
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
        _("Change of %(unit)s, %(region)s, %(start)s to %(end)s")
        % {
            "unit": words.word(view.scheme.employment_word),
            "region": sentences.short_name(region),
            "start": since,
            "end": view.year,
        },
        [(row, words.cluster(row.name), _address(view, row)) for row in [*gains, *losses]],
        source=view.source_line,
    )


def _clusters_sheet(
    view: View, region: Region, rows: Sequence[RegionalCluster], order: str
) -> Sheet:
    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        href = addresses.region(
            view.scheme.scheme,
            region.region,
            year=view.year,
            definition=view.definition_in_address,
            order=name,
            place="all-clusters",
        )
        direction = "ascending" if name == "name" else "descending"
        return SheetColumn(label, unit, number, href, direction if order == name else "")

    since = view.base_year
    short = view.reference_short
    columns = [
        head(heading(view.definition.group_word), "name", number=False),
        head(_("Quotient"), "location_quotient"),
        head(heading(view.scheme.employment_word), "employment", str(view.year)),
        head(_("Share of region"), "share_of_region"),
        head(_("Share of %(reference)s") % {"reference": short}, "share_of_nation"),
        SheetColumn(_("Rank"), _("by quotient")),
        SheetColumn(_("Establish\u00adments")),
        head(
            _("Growth a year"),
            "employment_growth",
            _("since %(year)s") % {"year": since} if since else "",
        ),
        SheetColumn(_("Reported share")),
    ]
    return Sheet(
        "all-clusters",
        _("All %(clusters)s of %(region)s, %(year)s")
        % {
            "clusters": words.word(view.definition.group_words),
            "region": region.name,
            "year": view.year,
        },
        columns,
        [
            SheetRow(
                words.cluster(row.name),
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
        return _("The source does not cover this region.")
    return _(
        "The figures cover %(share)s of the population here; the rest of the region is missing "
        "from the source."
    ) % {"share": figures.percent(region.coverage)}
