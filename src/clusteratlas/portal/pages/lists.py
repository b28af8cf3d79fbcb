"""Lists to browse: the region schemes, the regions of one, the definitions, the clusters of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import ClusterProfile, RegionProfile
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import View, asked_view, asked_word, asked_year, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme, group_title
from clusteratlas.portal.sheets import (
    Cell,
    Sheet,
    SheetColumn,
    SheetRow,
    part_cell,
    percent_cell,
)

Row = TypeVar("Row", RegionProfile, ClusterProfile)
REGION_ORDERS = (
    "employment",
    "cluster_strength",
    "traded_share",
    "employment_growth",
    "region_name",
)
CLUSTER_ORDERS = ("employment", "share_in_strong_regions", "employment_growth", "name")
LARGEST = 8


@require_safe
def schemes_page(request: AtlasRequest) -> HttpResponse:
    """Show the region schemes with the largest regions of each."""
    release = request.release
    shown = []
    for scheme in release.manifest.schemes:
        year = scheme.years[-1]
        profiles = release.region_profiles(scheme.scheme, year)
        shown.append(
            (
                scheme,
                [
                    (each.region_name, addresses.region(scheme.scheme, each.region, year=year))
                    for each in profiles[:LARGEST]
                ],
            )
        )
    return page(request, "schemes.html", section="regions", schemes=shown)


@require_safe
def regions_page(request: AtlasRequest, scheme: str) -> HttpResponse:
    """Show all regions of a scheme with their totals."""
    release = request.release
    view = asked_view(request, release, scheme)
    order = asked_word(request, "order", REGION_ORDERS, REGION_ORDERS[0])
    profiles = release.region_profiles(scheme, view.year, view.definition.definition)
    base = f"/regions/{scheme}/"
    return page(
        request,
        "regions.html",
        section="regions",
        view=view,
        years=year_choices(
            view.scheme.years,
            view.year,
            {
                year: addresses.with_query(base, year=year, definition=view.definition_in_address)
                for year in view.scheme.years
            },
        ),
        sheet=_regions_sheet(view, _ordered(profiles, order, "region_name"), order),
        csv=addresses.with_query(
            f"/regions/{scheme}.csv", year=view.year, definition=view.definition_in_address
        ),
    )


@require_safe
def regions_table(request: AtlasRequest, scheme: str) -> HttpResponse:
    """Give the totals of all regions of a scheme as CSV."""
    view = asked_view(request, request.release, scheme)
    return table_answer(
        request,
        request.release.region_profiles(scheme, view.year, view.definition.definition),
        name=f"{scheme}-{view.year}",
        title=_("%(scheme)s: totals of each region, %(year)s")
        % {"scheme": words.word(view.scheme.title), "year": view.year},
        source=view.source_line,
        kind=RegionProfile,
    )


def _ordered(rows: Sequence[Row], order: str, text: str) -> list[Row]:
    if order == text:
        return sorted(rows, key=lambda row: str(getattr(row, text)))
    return sorted(rows, key=lambda row: (getattr(row, order) is None, -(getattr(row, order) or 0)))


def _regions_sheet(view: View, rows: Sequence[RegionProfile], order: str) -> Sheet:
    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        href = addresses.with_query(
            f"/regions/{view.scheme.scheme}/",
            year=view.year,
            definition=view.definition_in_address,
            order=name,
        )
        direction = "ascending" if name == "region_name" else "descending"
        return SheetColumn(label, unit, number, href, direction if name == order else "")

    split = view.definition.traded_split
    since = _("since %(year)s") % {"year": view.base_year} if view.base_year else ""
    return Sheet(
        "regions",
        f"{words.word(view.scheme.title)}, {view.year}",
        [
            head(_first(view.scheme.region_word), "region_name", number=False),
            head(_first(view.scheme.employment_word), "employment", str(view.year)),
            *([head(_("Traded share"), "traded_share")] if split else []),
            head(
                _("Share in strong clusters") if split else _("Share in strong industry groups"),
                "cluster_strength",
            ),
            SheetColumn(_("Strong clusters") if split else _("Strong industry groups")),
            head(_("Growth a year"), "employment_growth", since),
            SheetColumn(_("Reported share")),
        ],
        [
            SheetRow(
                row.region_name,
                [
                    Cell(figures.whole(row.employment)),
                    *([_between(row, "traded_share")] if split else []),
                    _between(row, "cluster_strength"),
                    Cell(
                        figures.whole(row.strong_clusters),
                        between=doubt.between(
                            row.strong_clusters_low, row.strong_clusters_high, figures.whole
                        ),
                    ),
                    Cell(figures.growth(row.employment_growth)),
                    percent_cell(row.reported_share),
                ],
                addresses.region(
                    row.scheme, row.region, year=row.year, definition=view.definition_in_address
                ),
                pick=("regions", row.region),
            )
            for row in rows
        ],
    )


def _first(word: str) -> str:
    """Return a word of the release as a heading."""
    said = words.word(word)
    return said[:1].upper() + said[1:]


def _between(row: Row, name: str) -> Cell:
    """Return a cell with a share and its interval."""
    ends = (getattr(row, f"{name}_low"), getattr(row, f"{name}_high"))
    return percent_cell(getattr(row, name), between=ends)


@require_safe
def definitions_page(request: AtlasRequest) -> HttpResponse:
    """Show the definitions, each with its clusters."""
    release = request.release
    shown = []
    for definition in release.manifest.definitions:
        name = definition.definition
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in release.clusters(name):
            group = group_title(definition, each.traded)
            groups.setdefault(group, []).append(
                (words.cluster(each.name), addresses.cluster(name, each.cluster))
            )
        shown.append((definition, list(groups.items())))
    return page(request, "definitions.html", section="clusters", definitions=shown)


@require_safe
def clusters_page(request: AtlasRequest, definition: str) -> HttpResponse:
    """Show all clusters of a definition with their totals."""
    view = _clusters_view(request, definition)
    order = asked_word(request, "order", CLUSTER_ORDERS, CLUSTER_ORDERS[0])
    profiles = request.release.cluster_profiles(view.scheme.scheme, view.year, definition)
    base = f"/clusters/{definition}/"
    return page(
        request,
        "clusters.html",
        section="clusters",
        view=view,
        years=year_choices(
            view.scheme.years,
            view.year,
            {
                year: addresses.with_query(base, scheme=view.scheme.scheme, year=year)
                for year in view.scheme.years
            },
        ),
        sheet=_clusters_sheet(view, _ordered(profiles, order, "name"), order),
        csv=addresses.with_query(
            f"/clusters/{definition}.csv", scheme=view.scheme.scheme, year=view.year
        ),
    )


@require_safe
def clusters_table(request: AtlasRequest, definition: str) -> HttpResponse:
    """Give the totals of all clusters of a definition as CSV."""
    view = _clusters_view(request, definition)
    return table_answer(
        request,
        request.release.cluster_profiles(view.scheme.scheme, view.year, definition),
        name=f"{definition}-{view.scheme.scheme}-{view.year}",
        title=_("%(definition)s: totals of each of the %(clusters)s, %(year)s")
        % {
            "definition": view.definition.title,
            "clusters": words.word(view.definition.group_words),
            "year": view.year,
        },
        source=view.source_line,
        kind=ClusterProfile,
    )


def _clusters_view(request: AtlasRequest, definition: str) -> View:
    release = request.release
    info = release.definition(definition)
    able = {
        each.scheme: each for each in release.manifest.schemes if definition in each.definitions
    }
    default = default_scheme(release, definition).scheme
    scheme = able[asked_word(request, "scheme", able, default)]
    return View(scheme, info, asked_year(request, scheme))


def _clusters_sheet(view: View, rows: Sequence[ClusterProfile], order: str) -> Sheet:
    def head(label: str, name: str, unit: str = "", number: bool = True) -> SheetColumn:
        href = addresses.with_query(
            f"/clusters/{view.definition.definition}/",
            scheme=view.scheme.scheme,
            year=view.year,
            order=name,
        )
        direction = "ascending" if name == "name" else "descending"
        return SheetColumn(label, unit, number, href, direction if name == order else "")

    since = _("since %(year)s") % {"year": view.base_year} if view.base_year else ""
    regions = words.word(view.scheme.region_words)
    return Sheet(
        "clusters",
        f"{view.definition.title}: {words.word(view.scheme.title)}, {view.year}",
        [
            head(_first(view.definition.group_word), "name", number=False),
            head(_first(view.scheme.employment_word), "employment", str(view.year)),
            SheetColumn(_("Found in"), regions),
            SheetColumn(_("Strong in"), regions),
            head(_("Share in strong regions"), "share_in_strong_regions"),
            head(_("Growth a year"), "employment_growth", since),
        ],
        [
            SheetRow(
                words.cluster(row.name),
                [
                    part_cell(row),
                    Cell(figures.whole(row.regions_present)),
                    *(
                        [Cell(figures.NOTHING), Cell(figures.NOTHING)]
                        if row.traded is False
                        else [
                            Cell(
                                figures.whole(row.regions_strong),
                                between=doubt.between(
                                    row.regions_strong_low, row.regions_strong_high, figures.whole
                                ),
                            ),
                            _between(row, "share_in_strong_regions"),
                        ]
                    ),
                    Cell(figures.growth(row.employment_growth)),
                ],
                addresses.cluster(row.definition, row.cluster, scheme=row.scheme, year=row.year),
                [("local", _("local"))] if row.traded is False else [],
                code=row.cluster,
                pick=("clusters", row.cluster),
            )
            for row in rows
        ],
    )
