"""One cluster in one region: its parts, its industries and its place among the regions."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import (
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    Release,
)
from clusteratlas.portal import addresses, doubt, figures, sentences, words
from clusteratlas.portal.charts.choropleth import draw_locator
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.charts.strip import strip_chart
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.organised import organised_block
from clusteratlas.portal.pages.asking import Choice, View, asked_view, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.local import local_section
from clusteratlas.portal.pages.region_cluster_near import (
    inside_sheet,
    related_sheets,
    years_chart,
    years_sheet,
)
from clusteratlas.portal.pages.region_cluster_rules import rules_of, summary_of
from clusteratlas.portal.registry.shelf import beside_figures
from clusteratlas.portal.sentences import heading
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow, part_cell, percent_cell

NEARBY = 4
LINKED = (
    "employment",
    "reported_share",
    "location_quotient",
    "strong",
    "probability_strong",
    "share_of_region",
    "share_of_nation",
    "employment_growth",
    "employment_change",
    "rank",
)
"""Figures of the strip below the summary that lead to their derivation."""


@require_safe
def region_cluster_page(
    request: AtlasRequest, scheme: str, region: str, cluster: str
) -> HttpResponse:
    """Show a cluster in a region."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    name = view.definition.definition
    row = release.regional_cluster(scheme, region, cluster, view.year, name)
    others = release.regional_clusters(scheme, cluster=cluster, year=view.year, definition=name)
    parts = release.subclusters(scheme, region, cluster, view.year, name)
    industries = release.industries(scheme, region, cluster, view.year, name)
    ground = ground_of(scheme)
    rules = rules_of(release, view, row, others)
    years = release.regional_years(scheme, region, name, cluster)
    related_here, related_away = related_sheets(release, view, place, cluster)
    return page(
        request,
        "region_cluster.html",
        section="regions",
        view=view,
        region=place,
        row=row,
        whole=release.cluster_profile(scheme, cluster, view.year, name),
        jobs=doubt.jobs(row),
        filled=row.location_quotient_low is not None,
        jobs_between=doubt.jobs_between(row),
        quotient_between=doubt.quotient_between(row),
        rank_between=doubt.rank_between(row),
        pills=doubt.strength_pills(row),
        rules=rules,
        rules_summary=summary_of(rules) if rules else "",
        years_charts=years_chart(release, view, place, row),
        years_table=years_sheet(view, years) if len(years) > 1 else None,
        related_here=related_here,
        related_away=related_away,
        local=local_section(release, view, cluster, row.name, place),
        organised=organised_block.of_region_cluster(
            release, beside_figures(request), view, place, release.cluster(name, cluster)
        ),
        inside=inside_sheet(release, view, place, cluster),
        derived={figure: _derived(view, row, figure) for figure in LINKED},
        derivations=_derived(view, row, ""),
        reference=view.reference,
        reference_short=view.reference_short,
        row_name=words.cluster(row.name),
        chance=None if row.probability_strong is None else doubt.chance(row.probability_strong),
        summary=sentences.cluster_in_region_summary(view, place, row),
        years=_years(release, view, place, cluster),
        locator=draw_locator(ground, place) if ground else None,
        strip=strip_chart(others, region),
        ranking=_ranking(view, others, region),
        parts=_parts_sheet(view, place, row, parts) if len(parts) > 1 else None,
        industries=_industries_sheet(view, place, row, industries),
        unpublished=sum(each.status == "unpublished" for each in industries),
        csv=_address(view, region, cluster, "industries.csv"),
        parts_csv=_address(view, region, cluster, "subclusters.csv"),
        region_href=addresses.region(
            scheme, region, year=view.year, definition=view.definition_in_address
        ),
        cluster_href=addresses.cluster(name, cluster, scheme=scheme, year=view.year),
        map_href=addresses.explorer(
            scheme, cluster, year=view.year, definition=view.definition_in_address
        ),
        api=addresses.with_query(
            "/api/v1/regional-clusters",
            scheme=scheme,
            region=region,
            cluster=cluster,
            year=view.year,
        ),
    )


@require_safe
def industries_table(request: AtlasRequest, scheme: str, region: str, cluster: str) -> HttpResponse:
    """Give the industries of a cluster in a region as CSV."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    named = release.cluster(view.definition.definition, cluster)
    rows = release.industries(scheme, region, cluster, view.year, view.definition.definition)
    return table_answer(
        request,
        rows,
        name=f"{region}-{cluster}-industries-{view.year}",
        title=_("Industries of %(cluster)s in %(region)s, %(year)s")
        % {"cluster": words.cluster(named.name), "region": place.name, "year": view.year},
        source=view.source_line,
        kind=RegionalIndustry,
    )


@require_safe
def subclusters_table(
    request: AtlasRequest, scheme: str, region: str, cluster: str
) -> HttpResponse:
    """Give the subclusters of a cluster in a region as CSV."""
    release = request.release
    place = release.region(scheme, region)
    view = asked_view(request, release, scheme, region)
    named = release.cluster(view.definition.definition, cluster)
    rows = release.subclusters(scheme, region, cluster, view.year, view.definition.definition)
    return table_answer(
        request,
        rows,
        name=f"{region}-{cluster}-subclusters-{view.year}",
        title=_("Subclusters of %(cluster)s in %(region)s, %(year)s")
        % {"cluster": words.cluster(named.name), "region": place.name, "year": view.year},
        source=view.source_line,
        kind=RegionalSubcluster,
    )


def _derived(view: View, row: RegionalCluster, figure: str) -> str:
    return addresses.derivation(
        view.scheme.scheme,
        row.region,
        figure,
        year=view.year,
        definition=view.definition_in_address,
        cluster=row.cluster,
    )


def _address(view: View, region: str, cluster: str, table: str = "", year: int = 0) -> str:
    return addresses.region_cluster(
        view.scheme.scheme,
        region,
        cluster,
        year=year or view.year,
        definition=view.definition_in_address,
        table=table,
    )


def _years(release: Release, view: View, region: Region, cluster: str) -> list[Choice]:
    years = release.years_of(view.scheme.scheme, region.region)
    address = {year: _address(view, region.region, cluster, year=year) for year in years}
    return year_choices(years, view.year, address)


def _ranking(
    view: View, rows: Sequence[RegionalCluster], region: str
) -> list[tuple[RegionalCluster, str, str, bool]]:
    """Return the leaders and those next to this region, each with its address and quotient."""
    ranked = [row for row in rows if row.location_quotient is not None]
    here = next((place for place, row in enumerate(ranked) if row.region == region), None)
    shown = set(range(min(3, len(ranked))))
    if here is not None:
        shown |= set(range(max(0, here - NEARBY // 2), min(len(ranked), here + NEARBY // 2 + 1)))
    else:
        shown |= set(range(min(7, len(ranked))))
    return [
        (
            ranked[place],
            _address(view, ranked[place].region, ranked[place].cluster),
            figures.quotient(ranked[place].location_quotient),
            ranked[place].region == region,
        )
        for place in sorted(shown)
    ]


def _parts_sheet(
    view: View, region: Region, row: RegionalCluster, parts: Sequence[RegionalSubcluster]
) -> Sheet:
    return Sheet(
        "parts",
        _("Subclusters of %(cluster)s in %(region)s, %(year)s")
        % {"cluster": words.cluster(row.name), "region": region.name, "year": view.year},
        [
            SheetColumn(_("Subcluster"), number=False),
            SheetColumn(_("Quotient")),
            SheetColumn(heading(view.scheme.employment_word), str(view.year)),
            SheetColumn(_("Share of %(reference)s") % {"reference": view.reference_short}),
            SheetColumn(_("Establish\u00adments")),
        ],
        [
            SheetRow(
                words.cluster(part.subcluster),
                [
                    Cell(figures.quotient(part.location_quotient)),
                    part_cell(part),
                    percent_cell(part.share_of_nation, bar=True),
                    Cell(figures.whole(part.establishments)),
                ],
            )
            for part in parts
        ],
    )


def _industries_sheet(
    view: View, region: Region, row: RegionalCluster, industries: Sequence[RegionalIndustry]
) -> Sheet:
    with_parts = any(each.subcluster for each in industries)
    columns = [SheetColumn(_("Industry"), number=False)]
    if with_parts:
        columns.append(SheetColumn(_("Subcluster"), number=False))
    columns += [
        SheetColumn(heading(view.scheme.employment_word), str(view.year)),
        SheetColumn(_("Share of %(reference)s") % {"reference": view.reference_short}),
        SheetColumn(_("Establish\u00adments")),
        SheetColumn(_("Payroll"), view.scheme.payroll_unit),
    ]
    return Sheet(
        "industries",
        _("Industries of %(cluster)s in %(region)s, %(year)s (%(classification)s)")
        % {
            "cluster": words.cluster(row.name),
            "region": region.name,
            "year": view.year,
            "classification": view.scheme.classification,
        },
        columns,
        [
            SheetRow(
                each.title,
                [
                    *(
                        [Cell(words.cluster(each.subcluster or ""), number=False)]
                        if with_parts
                        else []
                    ),
                    part_cell(each),
                    percent_cell(each.share_of_nation),
                    Cell(figures.whole(each.establishments)),
                    Cell(figures.whole(each.payroll)),
                ],
                code=each.industry,
                lang="en",
            )
            for each in industries
        ],
        tall=len(industries) > 15,
    )
