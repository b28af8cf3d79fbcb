"""The map explorer: one cluster over all regions of a scheme, and the same figures as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Cluster, RegionalCluster, Release, SchemeInfo
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import Choice, View, asked_word
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.map_view import map_of
from clusteratlas.portal.pages.measures_shown import BY_NAME, MEASURES, Shown
from clusteratlas.portal.picks import default_scheme, featured_cluster, group_title
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

ORDERS = (*BY_NAME, "region_name")


@dataclass(frozen=True, slots=True)
class Asked:
    """All that the address of a map says. ``notes`` tell what had to give way."""

    view: View
    cluster: Cluster
    measure: Shown
    order: str
    notes: tuple[str, ...]

    def address(self, *, table: str = "", **other: object) -> str:
        """Return the address of this map, or of one that differs in something."""
        values = {
            "scheme": self.view.scheme.scheme,
            "cluster": self.cluster.cluster,
            "measure": self.measure.name,
            "year": self.view.year,
            "definition": self.view.definition_in_address,
            "order": None if self.order == self.measure.name else self.order,
            **other,
        }
        return addresses.with_query(f"/map/{table}", **values)


def read_address(request: AtlasRequest) -> Asked:
    """Read scheme, cluster, measure and year; what belongs to another scheme gives way."""
    release = request.release
    able = {each.scheme: each for each in release.manifest.schemes if each.regions > 1}
    scheme = able[asked_word(request, "scheme", able, default_scheme(release).scheme)]
    definition = asked_word(request, "definition", scheme.definitions, scheme.definition)
    notes: list[str] = []
    year = _year(request, release, scheme, notes)
    cluster = _cluster(request, release, scheme, definition, year, notes)
    measure = BY_NAME[asked_word(request, "measure", BY_NAME, "location_quotient")]
    order = asked_word(request, "order", ORDERS, measure.name)
    view = View(scheme, release.definition(definition), year)
    return Asked(view, cluster, measure, order, tuple(notes))


def _year(request: AtlasRequest, release: Release, scheme: SchemeInfo, notes: list[str]) -> int:
    text = request.GET.get("year", "")
    years = {str(year) for each in release.manifest.schemes for year in each.years}
    if not text:
        return scheme.years[-1]
    if text not in years:
        raise BadAddress(
            "there are no figures for that year",
            value=text,
            hint=f"the release holds {', '.join(sorted(years))}",
        )
    if int(text) not in scheme.years:
        notes.append(f"{scheme.title} have no figures of {text}; this is {scheme.years[-1]}.")
        return scheme.years[-1]
    return int(text)


def _cluster(
    request: AtlasRequest,
    release: Release,
    scheme: SchemeInfo,
    definition: str,
    year: int,
    notes: list[str],
) -> Cluster:
    code = request.GET.get("cluster", "")
    if not code:
        return release.cluster(definition, featured_cluster(release, scheme, definition, year))
    here = {each.cluster: each for each in release.clusters(definition)}
    if code in here:
        return here[code]
    for other in release.manifest.definitions:
        for each in release.clusters(other.definition):
            if each.cluster == code:
                chosen = featured_cluster(release, scheme, definition, year)
                notes.append(
                    f"{each.name} is no {release.definition(definition).group_word} of "
                    f"{scheme.title}; this is {here[chosen].name}."
                )
                return here[chosen]
    return release.cluster(definition, code)


def _rows(release: Release, asked: Asked) -> list[RegionalCluster]:
    return release.regional_clusters(
        asked.view.scheme.scheme,
        cluster=asked.cluster.cluster,
        year=asked.view.year,
        definition=asked.view.definition.definition,
        order=asked.order,
    )


@require_safe
def map_page(request: AtlasRequest) -> HttpResponse:
    """Show the map and its table."""
    release = request.release
    asked = read_address(request)
    rows = _rows(release, asked)
    view, measure = asked.view, asked.measure
    return page(
        request,
        "map.html",
        section="map",
        asked=asked,
        view=view,
        cluster=asked.cluster,
        title=measure.title(view, asked.cluster.name),
        lede=_lede(view, asked.cluster, rows),
        picture=map_of(
            release,
            view,
            measure,
            rows,
            identity="map-figure",
            title=measure.title(view, asked.cluster.name),
        ),
        schemes=_scheme_choices(release, asked),
        cluster_groups=_cluster_choices(release, asked),
        measures=[Choice(each.name, _label(view, each), each == measure) for each in MEASURES],
        years=[Choice(str(year), str(year), year == view.year) for year in view.scheme.years],
        sheet=_sheet(asked, rows),
        csv=asked.address(table="table.csv"),
        here=asked.address(),
        api=addresses.with_query(
            "/api/v1/regional-clusters",
            scheme=view.scheme.scheme,
            cluster=asked.cluster.cluster,
            year=view.year,
        ),
        cluster_href=addresses.cluster(
            view.definition.definition,
            asked.cluster.cluster,
            scheme=view.scheme.scheme,
            year=view.year,
        ),
    )


@require_safe
def map_table(request: AtlasRequest) -> HttpResponse:
    """Give the figures of a map as CSV."""
    asked = read_address(request)
    return table_answer(
        request,
        _rows(request.release, asked),
        name=f"{asked.view.scheme.scheme}-{asked.cluster.cluster}-{asked.view.year}",
        title=_("%(cluster)s by region: %(scheme)s, %(year)s")
        % {
            "cluster": words.cluster(asked.cluster.name),
            "scheme": words.word(asked.view.scheme.title),
            "year": asked.view.year,
        },
        source=asked.view.source_line,
        kind=RegionalCluster,
    )


def _label(view: View, measure: Shown) -> str:
    if measure.name == "employment":
        return view.scheme.employment_word.capitalize()
    if measure.name == "share_of_nation":
        return f"Share of {view.reference_short}"
    return measure.label


def _scheme_choices(release: Release, asked: Asked) -> list[Choice]:
    return [
        Choice(each.scheme, each.title, each == asked.view.scheme, _elsewhere(asked, each))
        for each in release.manifest.schemes
        if each.regions > 1 and ground_of(each.scheme) is not None
    ]


def _elsewhere(asked: Asked, scheme: SchemeInfo) -> str:
    """Return the address of this map over other regions; what they do not have is left out."""
    view = asked.view
    same = view.definition.definition in scheme.definitions
    return asked.address(
        scheme=scheme.scheme,
        cluster=asked.cluster.cluster if same else None,
        year=view.year if view.year in scheme.years else None,
        definition=view.definition_in_address if same else None,
    )


def _cluster_choices(release: Release, asked: Asked) -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for each in release.clusters(asked.view.definition.definition):
        group = group_title(asked.view.definition, each.traded)
        groups.setdefault(group, []).append(
            Choice(each.cluster, each.name, each.cluster == asked.cluster.cluster)
        )
    for choices in groups.values():
        if asked.view.definition.traded_split:
            choices.sort(key=lambda choice: choice.label)
    return list(groups.items())


def _lede(view: View, cluster: Cluster, rows: list[RegionalCluster]) -> str:
    printed = sum(row.employment is not None for row in rows)
    strong = sum(bool(row.strong) for row in rows)
    withheld = sum(row.status == "withheld" for row in rows)
    estimated = sum(doubt.is_estimated(row) for row in rows)
    flipping = sum(row.could_flip for row in rows)
    said = f"{figures.count(printed, view.scheme.region_word, view.scheme.region_words)}"
    if estimated:
        text = (
            f"There are figures of {cluster.name} for {said} in {view.year}, "
            f"{figures.whole(estimated)} of them estimated in part"
        )
    else:
        text = f"The source prints figures of {cluster.name} for {said} in {view.year}"
    text += f"; it is strong in {figures.whole(strong)} of them." if strong else "."
    if flipping:
        verdicts = figures.count(flipping, "verdict", "verdicts")
        text += f" {verdicts} could flip: what is withheld decides."
    if withheld:
        text += f" For {figures.whole(withheld)} the figure is withheld in whole or in part."
    return text


def _sheet(asked: Asked, rows: list[RegionalCluster]) -> Sheet:
    view = asked.view

    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        direction = "ascending" if name == "region_name" else "descending"
        href = f"{asked.address(order=name)}#map-table"
        return SheetColumn(label, unit, number, href, direction if asked.order == name else "")

    return Sheet(
        "map-table",
        f"{asked.cluster.name} in {view.scheme.title}, {view.year}",
        [
            head(view.scheme.region_word.capitalize(), "region_name", number=False),
            head("Quotient", "location_quotient"),
            head(view.scheme.employment_word.capitalize(), "employment", str(view.year)),
            head("Share of region", "share_of_region"),
            head(f"Share of {view.reference_short}", "share_of_nation"),
            head(
                "Growth a year",
                "employment_growth",
                f"since {view.base_year}" if view.base_year else "",
            ),
            SheetColumn("Rank", "by quotient"),
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
                    rank_cell(row),
                    percent_cell(row.reported_share),
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
            for row in rows
        ],
        tall=True,
    )
