"""The page of a cluster: where it sits, what it is made of, how it moves."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.portal import addresses, doubt, figures, sentences, words
from clusteratlas.portal.charts.dots import DotChart, quotient_chart
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import Choice, View, asked_word, asked_year, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.map_view import map_of
from clusteratlas.portal.pages.measures_shown import BY_NAME
from clusteratlas.portal.pages.mechanisms import mechanism_section
from clusteratlas.portal.pages.related import related_section
from clusteratlas.portal.picks import default_scheme, reference_region, spoken_for
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    jobs_cell,
    part_cell,
    percent_cell,
    quotient_cell,
    share_bar,
)

MOST_DOTS = 10
MOST_ROWS = 50
ORDERS = ("location_quotient", "employment", "share_of_region", "employment_growth", "region_name")


def _asked(request: AtlasRequest, definition: str) -> View:
    release = request.release
    info = release.definition(definition)
    able = {
        each.scheme: each
        for each in release.manifest.schemes
        if definition in each.definitions and each.regions > 1
    }
    if not able:
        raise BadAddress("no regions are mapped by this definition", value=definition)
    default = default_scheme(release, definition).scheme
    scheme = able[
        asked_word(request, "scheme", able, default if default in able else next(iter(able)))
    ]
    return View(scheme, info, asked_year(request, scheme))


@require_safe
def cluster_page(request: AtlasRequest, definition: str, cluster: str) -> HttpResponse:
    """Show a cluster over the regions of a scheme."""
    release = request.release
    view = _asked(request, definition)
    release.cluster(definition, cluster)
    order = asked_word(request, "order", ORDERS, ORDERS[0])
    profile = release.cluster_profile(view.scheme.scheme, cluster, view.year, definition)
    rows = release.regional_clusters(
        view.scheme.scheme, cluster=cluster, year=view.year, definition=definition, order=order
    )
    by_quotient = sorted(rows, key=lambda row: -(row.location_quotient or -1))
    top = spoken_for(by_quotient)
    measure = BY_NAME["location_quotient"]
    return page(
        request,
        "cluster.html",
        section="clusters",
        view=view,
        profile=profile,
        jobs=figures.in_words(profile.employment),
        at_least=profile.status == "withheld",
        filled=profile.employment_low is not None,
        jobs_between=doubt.between(
            profile.employment_low, profile.employment_high, figures.in_words
        ),
        strong_between=doubt.between(
            profile.regions_strong_low, profile.regions_strong_high, figures.whole
        ),
        share_between=doubt.between(
            profile.share_in_strong_regions_low,
            profile.share_in_strong_regions_high,
            figures.percent,
        ),
        flipping=sum(row.could_flip for row in rows),
        summary=sentences.cluster_summary(view, profile, top),
        years=_years(view, cluster),
        schemes=_schemes(release, view, cluster),
        picture=map_of(
            release,
            view,
            measure,
            rows,
            identity="cluster-map",
            title=measure.title(view, profile.name),
            hint=False,
        ),
        chart=_chart(view, profile.name, top[:MOST_DOTS]),
        chart_of_strong=bool(top and top[0].strong),
        sheet=_sheet(view, cluster, rows, order),
        rows=len(rows),
        csv=addresses.cluster(
            definition, cluster, scheme=view.scheme.scheme, year=view.year, table="regions.csv"
        ),
        map_href=addresses.explorer(
            view.scheme.scheme, cluster, year=view.year, definition=view.definition_in_address
        ),
        api=addresses.with_query(
            f"/api/v1/clusters/{definition}/{cluster}", scheme=view.scheme.scheme, year=view.year
        ),
        parts=_parts(release, view, cluster),
        industries=_industries(release, view, cluster),
        related=related_section(release, view, cluster, profile.name),
        related_api=f"/api/v1/clusters/{definition}/{cluster}/related",
        mechanisms=mechanism_section(release, view, cluster, profile.name),
    )


@require_safe
def cluster_table(request: AtlasRequest, definition: str, cluster: str) -> HttpResponse:
    """Give the figures of a cluster in all regions as CSV."""
    release = request.release
    view = _asked(request, definition)
    named = release.cluster(definition, cluster)
    return table_answer(
        request,
        release.regional_clusters(
            view.scheme.scheme, cluster=cluster, year=view.year, definition=definition
        ),
        name=f"{cluster}-{view.scheme.scheme}-{view.year}",
        title=_("%(cluster)s by region: %(scheme)s, %(year)s")
        % {
            "cluster": words.cluster(named.name),
            "scheme": words.word(view.scheme.title),
            "year": view.year,
        },
        source=view.source_line,
        kind=RegionalCluster,
    )


def _years(view: View, cluster: str) -> list[Choice]:
    address = {
        year: addresses.cluster(
            view.definition.definition, cluster, scheme=view.scheme.scheme, year=year
        )
        for year in view.scheme.years
    }
    return year_choices(view.scheme.years, view.year, address)


def _schemes(release: Release, view: View, cluster: str) -> list[Choice]:
    return [
        Choice(
            each.scheme,
            each.title,
            each == view.scheme,
            addresses.cluster(
                view.definition.definition,
                cluster,
                scheme=each.scheme,
                year=view.year if view.year in each.years else None,
            ),
        )
        for each in release.manifest.schemes
        if view.definition.definition in each.definitions and each.regions > 1
    ]


def _address(view: View, row: RegionalCluster) -> str:
    return addresses.region_cluster(
        view.scheme.scheme,
        row.region,
        row.cluster,
        year=view.year,
        definition=view.definition_in_address,
    )


def _chart(view: View, name: str, top: Sequence[RegionalCluster]) -> DotChart:
    return quotient_chart(
        "top-chart",
        f"Location quotient of {name}, {view.year}",
        [(row, row.region_name, _address(view, row)) for row in top],
        source=view.source_line,
    )


def _sheet(view: View, cluster: str, rows: Sequence[RegionalCluster], order: str) -> Sheet:
    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        href = addresses.cluster(
            view.definition.definition,
            cluster,
            scheme=view.scheme.scheme,
            year=view.year,
            order=name,
        )
        direction = "ascending" if name == "region_name" else "descending"
        return SheetColumn(
            label, unit, number, f"{href}#top-regions", direction if name == order else ""
        )

    words = view.scheme.region_words
    few = len(rows) > MOST_ROWS
    return Sheet(
        "top-regions",
        f"{f'The first {MOST_ROWS} of ' if few else ''}{len(rows):,} {words}, {view.year}",
        [
            head(view.scheme.region_word.capitalize(), "region_name", number=False),
            head("Quotient", "location_quotient"),
            head(view.scheme.employment_word.capitalize(), "employment", str(view.year)),
            head("Share of region", "share_of_region"),
            SheetColumn(f"Share of {view.reference_short}"),
            head(
                "Growth a year",
                "employment_growth",
                f"since {view.base_year}" if view.base_year else "",
            ),
            SheetColumn("Reported share"),
        ],
        [
            SheetRow(
                row.region_name,
                [
                    quotient_cell(row),
                    jobs_cell(row),
                    percent_cell(row.share_of_region),
                    percent_cell(row.share_of_nation),
                    Cell(figures.growth(row.employment_growth)),
                    percent_cell(row.reported_share),
                ],
                _address(view, row),
                doubt.strength_pills(row),
            )
            for row in rows[:MOST_ROWS]
        ],
        tall=True,
    )


def _parts(release: Release, view: View, cluster: str) -> Sheet | None:
    nation = reference_region(release, view.scheme)
    if nation is None:
        return None
    parts = release.subclusters(
        nation.scheme, nation.region, cluster, view.year, view.definition.definition
    )
    total = sum(part.employment or 0 for part in parts)
    if len(parts) < 2 or not total:
        return None
    return Sheet(
        "parts",
        f"Subclusters in {view.reference}, {view.year}",
        [
            SheetColumn("Subcluster", number=False),
            SheetColumn(view.scheme.employment_word.capitalize(), str(view.year)),
            SheetColumn("Establish\u00adments"),
        ],
        [
            SheetRow(
                part.subcluster,
                [
                    part_cell(
                        part, bar=share_bar((part.employment or 0) / (parts[0].employment or 1))
                    ),
                    Cell(figures.whole(part.establishments)),
                ],
            )
            for part in parts
        ],
    )


def _industries(release: Release, view: View, cluster: str) -> Sheet | None:
    nation = reference_region(release, view.scheme)
    if nation is None:
        return None
    rows = release.industries(
        nation.scheme, nation.region, cluster, view.year, view.definition.definition
    )
    return Sheet(
        "industries",
        f"Industries that belong to it ({view.scheme.classification}), "
        f"with their figures in {view.reference}, {view.year}",
        [
            SheetColumn("Industry", number=False),
            SheetColumn("Subcluster", number=False),
            SheetColumn(view.scheme.employment_word.capitalize(), str(view.year)),
            SheetColumn("Establish\u00adments"),
        ],
        [
            SheetRow(
                each.title,
                [
                    Cell(each.subcluster or "", number=False),
                    part_cell(each),
                    Cell(figures.whole(each.establishments)),
                ],
                code=each.industry,
            )
            for each in rows
        ],
        tall=len(rows) > 15,
    )
