"""Regions and clusters ranked by a figure: level against change, rank now and at the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import ClusterProfile, Region, RegionalCluster, RegionProfile, Release
from clusteratlas.atlas.side_by_side import places
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.scatter import Scatter, ScatterAxis, ScatterPoint, growth_tick
from clusteratlas.portal.charts.scatter import scatter_chart as scattered
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import Choice, View, asked_view, asked_word, asked_year
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.ranking_measures import RankedBy, of_clusters, of_regions
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

EACH_PAGE = 50
SIZES = (1_000, 10_000, 100_000, 1_000_000)
LARGER = {"United States": "us-state", "Europe": "nuts-0"}


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a ranking: its figure, its place now and at the start."""

    code: str
    name: str
    href: str
    row: Any
    value: float | None
    place: int | None
    before: int | None
    tied: bool
    focal: bool


@dataclass(frozen=True, slots=True)
class RankedRegion:
    """One line of the CSV of a ranking."""

    code: str
    name: str
    indicator: str
    value: float | None
    place: int | None
    ranked: int
    tied: bool
    place_at_start: int | None
    start: int | None
    growth_a_year: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """What an address asks for, worked out."""

    view: View
    by: RankedBy
    choices: tuple[RankedBy, ...]
    rows: tuple[Placed, ...]
    ranked: int
    within: Region | None
    least: int
    cluster: str
    cluster_name: str
    focal: str
    kind: str

    @property
    def query(self) -> dict[str, object]:
        """What the address says beside scheme and figure."""
        said: dict[str, object] = {
            "year": self.view.year,
            "cluster": self.cluster,
            "within": self.within.region if self.within else "",
            "least": self.least or "",
        }
        if self.kind == "regions":
            return {"definition": self.view.definition_in_address, "region": self.focal, **said}
        return {"scheme": self.view.scheme.scheme, "focus": self.focal, **said}

    def address(self, **changed: object) -> str:
        """Return the address of the same ranking with something changed."""
        said = {**self.query, **changed}
        by = str(said.pop("by", self.by.name))
        table = str(said.pop("table", ""))
        if self.kind == "regions":
            return addresses.region_ranking(self.view.scheme.scheme, by, table=table, **said)
        return addresses.cluster_ranking(self.view.definition.definition, by, table=table, **said)


@require_safe
def regions_ranked(request: AtlasRequest) -> HttpResponse:
    """Rank the regions of a scheme by a figure of their own, or of one of their clusters."""
    return _page(request, _of_regions(request))


@require_safe
def clusters_ranked(request: AtlasRequest) -> HttpResponse:
    """Rank the clusters of a definition by a figure."""
    return _page(request, _of_clusters(request))


@require_safe
def regions_table(request: AtlasRequest) -> HttpResponse:
    """Give the ranking of regions as a file."""
    return _table(request, _of_regions(request))


@require_safe
def clusters_table(request: AtlasRequest) -> HttpResponse:
    """Give the ranking of clusters as a file."""
    return _table(request, _of_clusters(request))


def _of_regions(request: AtlasRequest) -> Ranking:
    release = request.release
    known = [each.scheme for each in release.manifest.schemes]
    scheme = asked_word(request, "scheme", known, default_scheme(release).scheme)
    view = asked_view(request, release, scheme)
    definition = view.definition.definition
    cluster = request.GET.get("cluster", "")
    name = words.cluster(release.cluster(definition, cluster).name) if cluster else ""
    choices = of_regions(view, in_cluster=bool(cluster))
    by = choices[
        asked_word(request, "by", choices, "location_quotient" if cluster else "employment")
    ]
    focal = request.GET.get("region", "")
    if focal:
        release.region(scheme, focal)
    within = _within(request, release, view)
    inside = (
        {
            each.region
            for each in release.members(within.scheme, within.region)
            if each.scheme == scheme
        }
        if within
        else None
    )
    least = _least(request)

    def rows_of(year: int) -> list[RegionProfile] | list[RegionalCluster]:
        if cluster:
            return release.regional_clusters(
                scheme, cluster=cluster, year=year, definition=definition
            )
        return release.region_profiles(scheme, year, definition)

    jobs = {
        each.region: each.employment or 0
        for each in release.region_profiles(scheme, view.year, definition)
    }
    rows = [
        row
        for row in rows_of(view.year)
        if (inside is None or row.region in inside) and jobs.get(row.region, 0) >= least
    ]
    before = {row.region: row for row in rows_of(view.base_year)} if view.base_year else {}
    named = [
        (
            row.region,
            row.region_name,
            addresses.region_cluster(
                scheme,
                row.region,
                cluster,
                year=view.year,
                definition=view.definition_in_address,
            )
            if cluster
            else addresses.region(
                scheme, row.region, year=view.year, definition=view.definition_in_address
            ),
            row,
        )
        for row in rows
    ]
    placed, ranked = _placed(named, before, by, focal)
    return Ranking(
        view,
        by,
        tuple(choices.values()),
        placed,
        ranked,
        within,
        least,
        cluster,
        name,
        focal,
        "regions",
    )


def _of_clusters(request: AtlasRequest) -> Ranking:
    release = request.release
    known = {each.definition: each for each in release.manifest.definitions}
    first = default_scheme(release).definition
    definition = known[asked_word(request, "definition", known, first)]
    able = {
        each.scheme: each
        for each in release.manifest.schemes
        if definition.definition in each.definitions
    }
    default = default_scheme(release, definition.definition).scheme
    scheme = able[asked_word(request, "scheme", able, default)]
    view = View(scheme, definition, asked_year(request, scheme))
    choices = of_clusters(view)
    by = choices[asked_word(request, "by", choices, "employment")]
    focal = request.GET.get("focus", "")
    if focal:
        release.cluster(definition.definition, focal)
    least = _least(request)

    def rows_of(year: int) -> list[ClusterProfile]:
        return release.cluster_profiles(scheme.scheme, year, definition.definition)

    rows = [row for row in rows_of(view.year) if (row.employment or 0) >= least]
    before = {row.cluster: row for row in rows_of(view.base_year)} if view.base_year else {}
    named = [
        (
            row.cluster,
            words.cluster(row.name),
            addresses.cluster(
                definition.definition, row.cluster, scheme=scheme.scheme, year=view.year
            ),
            row,
        )
        for row in rows
    ]
    placed, ranked = _placed(named, before, by, focal)
    return Ranking(
        view, by, tuple(choices.values()), placed, ranked, None, least, "", "", focal, "clusters"
    )


def _placed(
    named: Sequence[tuple[str, str, str, Any]], before: dict[str, Any], by: RankedBy, focal: str
) -> tuple[tuple[Placed, ...], int]:
    """Return the rows with their places, the best first, and how many are ranked."""
    values = [by.value(row) for _code, _name, _href, row in named]
    now = places(values)
    start = places([by.value(before[code]) if code in before else None for code, *_more in named])
    placed = [
        Placed(
            code,
            name,
            href,
            row,
            value,
            place,
            earlier,
            place is not None and now.count(place) > 1,
            code == focal,
        )
        for (code, name, href, row), value, place, earlier in zip(
            named, values, now, start, strict=True
        )
    ]
    placed.sort(key=lambda each: (each.value is None, -(each.value or 0), each.name))
    return tuple(placed), sum(value is not None for value in values)


def _within(request: AtlasRequest, release: Release, view: View) -> Region | None:
    code = request.GET.get("within", "")
    larger = LARGER.get(view.scheme.country_group)
    if not code:
        return None
    if larger is None or larger not in {each.scheme for each in release.manifest.schemes}:
        raise BadAddress(_("these regions cannot be filtered by a larger one"), value=code)
    return release.region(larger, code)


def _least(request: AtlasRequest) -> int:
    text = request.GET.get("least", "")
    if text and (not text.isascii() or not text.isdigit() or len(text) > 9):
        raise BadAddress(
            _("the smallest size is a number of jobs"), value=text, hint=_("such as 10000")
        )
    return int(text) if text else 0


def _number_of_page(request: AtlasRequest, count: int) -> int:
    text = request.GET.get("page", "") or "1"
    last = max(1, -(-count // EACH_PAGE))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= last):
        raise BadAddress(
            _("there is no such page of the ranking"),
            value=text,
            hint=_("pages run from 1 to %(last)s") % {"last": last},
        )
    return int(text)


def _page(request: AtlasRequest, asked: Ranking) -> HttpResponse:
    release, view = request.release, asked.view
    number = _number_of_page(request, len(asked.rows))
    last = max(1, -(-len(asked.rows) // EACH_PAGE))
    shown = asked.rows[(number - 1) * EACH_PAGE : number * EACH_PAGE]
    focal = next((row for row in asked.rows if row.focal), None)
    larger = LARGER.get(view.scheme.country_group)
    schemes = {each.scheme for each in release.manifest.schemes}
    filters = (
        release.regions(larger)
        if asked.kind == "regions" and larger in schemes and larger != view.scheme.scheme and larger
        else []
    )
    return page(
        request,
        "rankings.html",
        section=asked.kind,
        asked=asked,
        view=view,
        refused=asked.ranked < FEWEST_REGIONS,
        fewest=FEWEST_REGIONS,
        sentence=_sentence(asked, focal),
        scatter=_scatter(asked),
        sheet=_sheet(asked, shown, focal if focal not in shown else None),
        clusters=[
            Choice(each.cluster, words.cluster(each.name), each.cluster == asked.cluster)
            for each in release.clusters(view.definition.definition)
        ]
        if asked.kind == "regions"
        else [],
        schemes=[
            Choice(each.scheme, words.word(each.title), each == view.scheme)
            for each in release.manifest.schemes
            if each.regions > 1
            and (asked.kind == "regions" or view.definition.definition in each.definitions)
        ],
        choices=[Choice(each.name, each.label, each == asked.by) for each in asked.choices],
        filters=[
            Choice(each.region, each.name, asked.within == each)
            for each in sorted(filters, key=lambda each: each.name)
        ],
        sizes=[Choice(str(each), figures.whole(each), each == asked.least) for each in SIZES],
        years=[
            Choice(str(year), str(year), year == view.year, asked.address(year=year))
            for year in view.scheme.years
        ],
        number=number,
        last=last,
        before=asked.address(page=number - 1 if number > 2 else "") if number > 1 else "",
        after=asked.address(page=number + 1) if number < last else "",
        csv=asked.address(table="table.csv"),
        other=addresses.cluster_ranking(view.definition.definition, "employment")
        if asked.kind == "regions"
        else addresses.region_ranking(view.scheme.scheme, "employment"),
    )


def _title(asked: Ranking) -> str:
    if asked.cluster_name:
        return f"{asked.cluster_name}: {asked.by.label}"
    return asked.by.label


def _sentence(asked: Ranking, focal: Placed | None) -> str:
    if asked.ranked < FEWEST_REGIONS:
        return ""
    row = focal if focal and focal.place is not None else next(iter(asked.rows))
    told = {
        "name": row.name,
        "place": figures.whole(row.place),
        "count": figures.whole(asked.ranked),
        "figure": asked.by.text(row.row),
        "what": _title(asked),
        "year": asked.view.year,
        "before": figures.whole(row.before),
        "base": asked.view.base_year,
    }
    if row.before is not None and asked.view.base_year:
        return (
            _(
                "%(name)s: place %(place)s of %(count)s (%(what)s: %(figure)s, %(year)s); "
                "place %(before)s in %(base)s."
            )
            % told
        )
    return _("%(name)s: place %(place)s of %(count)s (%(what)s: %(figure)s, %(year)s).") % told


def _scatter(asked: Ranking) -> Scatter | None:
    """Level against change; nothing where the figure is the change itself or there is one year."""
    view = asked.view
    if view.base_year is None or asked.by.name == "employment_growth":
        return None
    cluster = asked.kind == "regions" and bool(asked.cluster)
    marked = asked.focal or (asked.rows[0].code if asked.rows else "")
    return scattered(
        "level-change",
        f"{_title(asked)}, {view.year}",
        [
            ScatterPoint(
                each.name,
                each.href,
                each.value,
                each.row.employment_growth,
                mark=doubt.mark_of(each.row) if cluster else "reported",
                marked=each.code == marked,
                size=float(each.row.employment or 0),
                between_x=asked.by.between(each.row),
            )
            for each in asked.rows
        ],
        asked.by.axis,
        ScatterAxis(
            _("growth of jobs a year since %(year)s") % {"year": view.base_year},
            figures.growth,
            _("growth a year"),
            ticked=growth_tick,
            line=0.0,
            line_label=_("The level line is no change."),
        ),
        source=view.source_line,
        sized=words.word(view.scheme.employment_word),
    )


def _sheet(asked: Ranking, shown: Sequence[Placed], focal: Placed | None) -> Sheet:
    view = asked.view
    first = view.scheme.region_word if asked.kind == "regions" else view.definition.group_word
    level = asked.by.name != "employment_growth"
    head = words.word(first)
    return Sheet(
        "ranking",
        _("%(what)s: ranked are %(count)s")
        % {"what": f"{_title(asked)}, {view.year}", "count": figures.whole(asked.ranked)},
        [
            SheetColumn(head[:1].upper() + head[1:], number=False),
            SheetColumn(_("Rank"), str(view.year)),
            *(
                [SheetColumn(_("Place then"), str(view.base_year))]
                if view.base_year and level
                else []
            ),
            SheetColumn(asked.by.label, asked.by.unit),
            *(
                [SheetColumn(_("Growth a year"), _("since %(year)s") % {"year": view.base_year})]
                if view.base_year and level
                else []
            ),
        ],
        [_line(asked, each) for each in [*([focal] if focal else []), *shown]],
        empty=_("No region fits these filters."),
    )


def _line(asked: Ranking, each: Placed) -> SheetRow:
    level = asked.by.name != "employment_growth"
    then = asked.view.base_year and level
    ends = asked.by.between(each.row)
    place = figures.NOTHING if each.place is None else figures.whole(each.place)
    mark = ""
    if asked.kind == "regions" and asked.cluster:
        mark = doubt.mark_of(each.row)
    return SheetRow(
        each.name,
        [
            Cell(f"={place}" if each.tied else place),
            *([Cell(figures.whole(each.before))] if then else []),
            Cell(
                asked.by.text(each.row),
                mark,
                between=doubt.between(*ends, asked.by.written) if ends else "",
            ),
            *([Cell(figures.growth(each.row.employment_growth))] if then else []),
        ],
        each.href,
        code=each.code if asked.kind == "clusters" else "",
        kind="is-selected" if each.focal else "",
    )


def _table(request: AtlasRequest, asked: Ranking) -> HttpResponse:
    return table_answer(
        request,
        [
            RankedRegion(
                each.code,
                each.name,
                asked.by.name,
                each.value,
                each.place,
                asked.ranked,
                each.tied,
                each.before,
                asked.view.base_year,
                each.row.employment_growth,
            )
            for each in asked.rows
        ],
        name=f"ranking-{asked.kind}-{asked.by.name}-{asked.view.year}",
        title=f"{_title(asked)}, {asked.view.year}",
        source=asked.view.source_line,
        kind=RankedRegion,
    )
