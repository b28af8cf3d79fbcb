"""The page of a cluster: where it sits, what it is made of, how it moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import (
    ClusterStandings,
    Region,
    RegionalCluster,
    Release,
    cluster_standings,
)
from clusteratlas.portal import addresses, doubt, figures, sentences, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.organised import organised_block
from clusteratlas.portal.pages.asking import Choice, View, asked_word, asked_year, year_choices
from clusteratlas.portal.pages.cluster_around import occupation_section, scorecard_section
from clusteratlas.portal.pages.cluster_change import change_section, timeline_of
from clusteratlas.portal.pages.cluster_parts import (
    facts_of,
    industries_sheet,
    parts_listed,
    parts_of,
    parts_sheet,
)
from clusteratlas.portal.pages.cluster_tops import TOPS, address_of, currency, ranking_of
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.local import local_section
from clusteratlas.portal.pages.map_view import map_of
from clusteratlas.portal.pages.measures_shown import BY_NAME
from clusteratlas.portal.pages.mechanisms import mechanism_section
from clusteratlas.portal.pages.related import related_section
from clusteratlas.portal.picks import default_scheme, spoken_for
from clusteratlas.portal.registry.shelf import beside_figures
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    jobs_cell,
    percent_cell,
    quotient_cell,
)

MOST_LOOKED_AT = 60
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
        raise BadAddress(_("no regions are mapped by this definition"), value=definition)
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
    scheme, year = view.scheme.scheme, view.year
    named = release.cluster(definition, cluster)
    order = asked_word(request, "order", ORDERS, ORDERS[0])
    top = asked_word(request, "top", TOPS, TOPS[0])
    code = request.GET.get("region", "")
    region = release.region(scheme, code) if code else None
    asked_indicator = request.GET.get("indicator", "")
    found = cluster_standings(release, scheme, cluster, year, definition)
    profile = found.profile
    name = words.cluster(named.name)
    by_quotient = [each.row for each in found.rows if isinstance(each.row, RegionalCluster)]
    rows = _ordered(by_quotient, order)

    def link(**changed: object) -> str:
        """Return this page's address with something else chosen."""
        state: dict[str, object] = {
            "scheme": scheme,
            "year": year,
            "order": order if order != ORDERS[0] else None,
            "top": top if top != TOPS[0] else None,
            "region": region.region if region else None,
            "indicator": asked_indicator,
        } | changed
        return addresses.cluster(definition, cluster, **state)  # type: ignore[arg-type]

    parts = parts_of(release, view, cluster)
    measure = BY_NAME["location_quotient"]
    return page(
        request,
        "cluster.html",
        section="clusters",
        view=view,
        profile=profile,
        name=name,
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
        more_facts=facts_of(view, found),
        summary=sentences.cluster_summary(view, profile, spoken_for(by_quotient)),
        years=year_choices(
            view.scheme.years, year, {each: link(year=each) for each in view.scheme.years}
        ),
        schemes=_schemes(release, view, cluster),
        picture=map_of(
            release,
            view,
            measure,
            rows,
            identity="cluster-map",
            title=measure.title(view, name),
            hint=False,
        ),
        ranking=ranking_of(view, found, top, lambda each: link(top=each)),
        sheet=_sheet(view, found, rows, order, region, link),
        rows=len(rows),
        csv=addresses.cluster(definition, cluster, scheme=scheme, year=year, table="regions.csv"),
        map_href=addresses.explorer(
            scheme, cluster, year=year, definition=view.definition_in_address
        ),
        api=addresses.with_query(
            f"/api/v1/clusters/{definition}/{cluster}", scheme=scheme, year=year
        ),
        looked_at=region,
        looked_row=next((row for row in rows if region and row.region == region.region), None),
        looked_href=addresses.region_cluster(
            scheme,
            region.region,
            cluster,
            year=year,
            definition=view.definition_in_address,
        )
        if region
        else "",
        without_region=link(region=None),
        hidden=_hidden(request),
        to_look_at=_to_look_at(rows, region),
        parts=parts_sheet(view, parts),
        parts_listed=parts_listed(view, parts),
        industries=industries_sheet(release, view, cluster),
        change=change_section(view, found, region.region if region else None),
        timeline=timeline_of(release, view, found),
        organised=organised_block.of_cluster(
            release,
            beside_figures(request),
            view,
            release.cluster(view.definition.definition, cluster),
        ),
        related=related_section(release, view, cluster, name, region),
        related_api=f"/api/v1/clusters/{definition}/{cluster}/related",
        mechanisms=mechanism_section(release, view, cluster, name),
        scorecard=scorecard_section(
            release,
            view,
            found,
            asked_indicator,
            region.region if region else None,
            lambda each: link(indicator=each),
        ),
        occupations=occupation_section(release, view, name, cluster),
        local=local_section(release, view, cluster, named.name, region),
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


def _ordered(rows: Sequence[RegionalCluster], order: str) -> list[RegionalCluster]:
    """Return regions in the order asked for; what is not known comes last."""
    if order == "region_name":
        return sorted(rows, key=lambda row: (row.region_name, row.region))
    return sorted(rows, key=lambda row: (getattr(row, order) is None, -(getattr(row, order) or 0)))


def _hidden(request: AtlasRequest) -> list[tuple[str, str]]:
    """Return what a form of this page must carry on: all that is chosen but the region."""
    names = ("scheme", "year", "order", "top", "indicator")
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]


def _to_look_at(
    rows: Sequence[RegionalCluster], region: Region | None
) -> list[tuple[str, str, bool]]:
    """Return the largest regions by name, with the one that is looked at: (code, name, chosen)."""
    largest = sorted(rows, key=lambda row: -(row.employment or 0))[:MOST_LOOKED_AT]
    held = {row.region: row.region_name for row in largest}
    if region is not None:
        held[region.region] = region.name
    chosen = region.region if region else ""
    order = sorted(held, key=lambda code: (held[code], code))
    return [(code, held[code], code == chosen) for code in order]


def _schemes(release: Release, view: View, cluster: str) -> list[Choice]:
    return [
        Choice(
            each.scheme,
            words.word(each.title),
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


def _sheet(
    view: View,
    found: ClusterStandings,
    rows: Sequence[RegionalCluster],
    order: str,
    region: Region | None,
    link: Callable[..., str],
) -> Sheet:
    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        direction = "ascending" if name == "region_name" else "descending"
        return SheetColumn(
            label,
            unit,
            number,
            f"{link(order=name)}#top-regions",
            direction if name == order else "",
        )

    few = len(rows) > MOST_ROWS
    told = {
        "shown": MOST_ROWS,
        "count": figures.whole(len(rows)),
        "regions": words.word(view.scheme.region_words),
        "year": view.year,
    }
    caption = (
        _("The first %(shown)s of %(count)s %(regions)s, %(year)s")
        if few
        else _("%(count)s %(regions)s, %(year)s")
    )
    standing = {
        each.row.region: each for each in found.rows if isinstance(each.row, RegionalCluster)
    }
    shown = [
        row
        for place, row in enumerate(rows)
        if place < MOST_ROWS or (region is not None and row.region == region.region)
    ]
    jobs = words.word(view.scheme.employment_word).capitalize()
    return Sheet(
        "top-regions",
        caption % told,
        [
            head(words.word(view.scheme.region_word).capitalize(), "region_name", number=False),
            head(_("Quotient"), "location_quotient"),
            head(jobs, "employment", str(view.year)),
            head(_("Share of region"), "share_of_region"),
            SheetColumn(
                _("Share of %(area)s") % {"area": words.word(view.reference_short)},
            ),
            head(
                _("Growth a year"),
                "employment_growth",
                _("since %(year)s") % {"year": view.base_year} if view.base_year else "",
            ),
            SheetColumn(_("Wage"), _("%(currency)s a year") % {"currency": currency(view)}),
            SheetColumn(_("Establish\u00adments")),
            SheetColumn(_("Reported share")),
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
                    Cell(figures.whole(standing[row.region].wage)),
                    Cell(figures.whole(row.establishments)),
                    percent_cell(row.reported_share),
                ],
                address_of(view, row),
                doubt.strength_pills(row),
                kind="is-selected" if region is not None and row.region == region.region else "",
            )
            for row in shown
        ],
        tall=True,
    )
