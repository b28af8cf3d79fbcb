"""The blocks of a comparison of clusters: over the regions of a scheme, or within one region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from clusteratlas.atlas import Cluster, ClusterProfile, Region, RegionalCluster, Release
from clusteratlas.atlas.side_by_side import overlaps_of_clusters, payroll_per_job
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.scatter import (
    Scatter,
    ScatterAxis,
    ScatterPoint,
    growth_tick,
    quotient_tick,
    scatter_chart,
)
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.compare_rows import (
    Side,
    SideCell,
    SideColumn,
    SideRow,
    apart,
    counts,
    points,
    side_row,
    some,
)

TOP = 3
Figure = TypeVar("Figure", ClusterProfile, RegionalCluster)


@dataclass(frozen=True, slots=True)
class ClusterBlocks:
    """Everything below the head of the page."""

    answers: Sequence[str]
    totals: Side
    scatter: Scatter | None
    regions: Side | None
    alike: Side | None
    filled: bool
    source: str


def over_blocks(release: Release, view: View, clusters: Sequence[Cluster]) -> ClusterBlocks:
    """Return clusters as a whole, over all regions of the scheme."""
    scheme, definition = view.scheme.scheme, view.definition.definition
    everyone = {
        each.cluster: each for each in release.cluster_profiles(scheme, view.year, definition)
    }
    chosen = [everyone[each.cluster] for each in clusters]
    heads = _columns(view, clusters)
    codes = [each.cluster for each in clusters]
    return ClusterBlocks(
        answers=_answers(
            [(words.cluster(each.name), each) for each in chosen],
            lambda each: each.share_in_strong_regions,
            _("%(cluster)s is gathered most in the regions strong in it: %(share)s of its jobs."),
        ),
        totals=_over_totals(view, chosen, heads),
        scatter=_over_scatter(view, everyone, codes),
        regions=_top_regions(release, view, clusters, heads),
        alike=_alike(
            view,
            clusters,
            heads,
            overlaps_of_clusters(release, codes, scheme, view.year, definition),
        ),
        filled=any(each.employment_low is not None for each in chosen),
        source=view.source_line,
    )


def inside_blocks(
    release: Release, view: View, region: Region, clusters: Sequence[Cluster]
) -> ClusterBlocks:
    """Return clusters within one region."""
    rows = {
        row.cluster: row
        for row in release.regional_clusters(
            view.scheme.scheme,
            region=region.region,
            year=view.year,
            definition=view.definition.definition,
        )
    }
    heads = _columns(view, clusters, region)
    found = [rows.get(each.cluster) for each in clusters]
    return ClusterBlocks(
        answers=_answers(
            [(words.cluster(row.name), row) for row in found if row is not None],
            lambda row: row.share_of_region,
            _("%(cluster)s has the largest share of the jobs there: %(share)s."),
        ),
        totals=_inside_totals(view, found, heads),
        scatter=_inside_scatter(view, region, rows, [each.cluster for each in clusters]),
        regions=None,
        alike=None,
        filled=any(row is not None and row.location_quotient_low is not None for row in found),
        source=view.source_line,
    )


def _columns(
    view: View, clusters: Sequence[Cluster], region: Region | None = None
) -> list[SideColumn]:
    return [
        SideColumn(
            str(place),
            words.cluster(each.name),
            addresses.region_cluster(
                view.scheme.scheme,
                region.region,
                each.cluster,
                year=view.year,
                definition=view.definition_in_address,
            )
            if region
            else addresses.cluster(
                each.definition, each.cluster, scheme=view.scheme.scheme, year=view.year
            ),
            _("local") if each.traded is False else "",
        )
        for place, each in enumerate(clusters, 1)
    ]


def _answers(
    named: Sequence[tuple[str, Figure]], level: Callable[[Figure], float | None], text: str
) -> list[str]:
    sentences = []
    known = [(value, name) for name, each in named if (value := level(each)) is not None]
    if len(known) > 1:
        value, name = max(known)
        sentences.append(text % {"cluster": name, "share": figures.percent(value)})
    paces = [
        (each.employment_growth, name) for name, each in named if each.employment_growth is not None
    ]
    if len(paces) > 1:
        rate, name = max(paces)
        said = _("%(cluster)s grew fastest: %(rate)s a year since %(base)s.")
        if rate <= 0:
            said = _("%(cluster)s shrank least: %(rate)s a year since %(base)s.")
        base = next(each.change_from_year for _name, each in named if each.change_from_year)
        sentences.append(said % {"cluster": name, "rate": figures.growth(rate), "base": base})
    return sentences


def _pay(view: View, figures_of: Sequence[ClusterProfile | RegionalCluster | None]) -> SideRow:
    unit = view.scheme.payroll_unit
    scale = 1000 if unit.endswith(" 1,000") else 1
    pays = [None if each is None else payroll_per_job(each) for each in figures_of]
    return side_row(
        _("Pay a job"),
        [None if pay is None else pay * scale for pay in pays],
        figures.whole,
        counts,
        unit=_("%(currency)s a year, where nearly all is reported")
        % {"currency": unit.removesuffix(" 1,000")},
    )


def _over_totals(view: View, chosen: Sequence[ClusterProfile], heads: Sequence[SideColumn]) -> Side:
    reference = words.word(view.scheme.reference_name)
    rows = [
        side_row(
            words.word(view.scheme.employment_word).capitalize(),
            [each.employment for each in chosen],
            figures.whole,
            counts,
            unit=str(view.year),
            ends=[(each.employment_low, each.employment_high) for each in chosen],
            marks=[doubt.mark_of_part(each) for each in chosen],
            texts=[doubt.jobs(each) for each in chosen],
            href="#employment",
        ),
        side_row(
            _("Share of all jobs"),
            [each.share_of_reference for each in chosen],
            figures.percent,
            points,
            unit=reference,
            href="#shares",
        ),
        side_row(
            _("Growth a year"),
            [each.employment_growth for each in chosen],
            figures.growth,
            points,
            unit=_("since %(year)s") % {"year": view.base_year} if view.base_year else "",
            href="#change",
        ),
        _pay(view, chosen),
        side_row(
            _("Found in"),
            [each.regions_present for each in chosen],
            figures.whole,
            counts,
            unit=words.word(view.scheme.region_words),
        ),
        side_row(
            _("Strong in"),
            [None if each.traded is False else each.regions_strong for each in chosen],
            figures.whole,
            counts,
            ends=[(each.regions_strong_low, each.regions_strong_high) for each in chosen],
            unit=words.word(view.scheme.region_words),
            href="#strength",
        ),
        side_row(
            _("Share in strong regions"),
            [None if each.traded is False else each.share_in_strong_regions for each in chosen],
            figures.percent,
            points,
            ends=[
                (each.share_in_strong_regions_low, each.share_in_strong_regions_high)
                for each in chosen
            ],
            unit=_("of its jobs"),
        ),
        side_row(
            _("Locational Gini"),
            [each.locational_gini for each in chosen],
            _two_digits,
            apart,
            unit=_("0 spread as all jobs, 1 in one place"),
        ),
        side_row(
            _("Reported share"),
            [each.reported_share for each in chosen],
            figures.percent,
            unit=_("of the jobs"),
            href="#reported-share",
        ),
    ]
    return Side(
        "totals",
        _("All %(regions)s, %(year)s")
        % {"regions": words.word(view.scheme.region_words), "year": view.year},
        heads,
        some(rows),
        base=heads[0].name,
        corner=_("Question"),
    )


def _two_digits(value: float | None) -> str:
    return figures.NOTHING if value is None else number(f"{value:.2f}")


def _inside_totals(
    view: View, found: Sequence[RegionalCluster | None], heads: Sequence[SideColumn]
) -> Side:
    def of(name: str) -> list[float | None]:
        return [None if row is None else getattr(row, name) for row in found]

    def ends(name: str) -> list[tuple[float | None, float | None]]:
        return list(zip(of(f"{name}_low"), of(f"{name}_high"), strict=True))

    rows = [
        side_row(
            _("Location quotient"),
            of("location_quotient"),
            figures.quotient,
            apart,
            ends=ends("location_quotient"),
            pills=[_pill(row) for row in found],
            quotients=True,
            href="#location-quotient",
        ),
        side_row(
            words.word(view.scheme.employment_word).capitalize(),
            of("employment"),
            figures.whole,
            counts,
            unit=str(view.year),
            ends=ends("employment"),
            marks=["nodata" if row is None else doubt.mark_of(row) for row in found],
            texts=[figures.NOTHING if row is None else doubt.jobs(row) for row in found],
            href="#employment",
        ),
        side_row(
            _("Share of the region"), of("share_of_region"), figures.percent, points, href="#shares"
        ),
        side_row(
            _("Share of the cluster"),
            of("share_of_nation"),
            figures.percent,
            points,
            unit=words.word(view.scheme.reference_name),
            href="#shares",
        ),
        side_row(
            _("Growth a year"),
            of("employment_growth"),
            figures.growth,
            points,
            unit=_("since %(year)s") % {"year": view.base_year} if view.base_year else "",
            href="#change",
        ),
        _pay(view, found),
        side_row(
            _("Rank by quotient"),
            of("rank"),
            figures.whole,
            texts=[_rank(row) for row in found],
            ends=ends("rank"),
            href="#rank",
        ),
        side_row(_("Establishments"), of("establishments"), figures.whole, counts),
        side_row(
            _("Reported share"),
            of("reported_share"),
            figures.percent,
            unit=_("of the jobs"),
            href="#reported-share",
        ),
    ]
    return Side(
        "totals",
        str(view.year),
        heads,
        some(rows),
        base=heads[0].name,
        corner=_("Question"),
    )


def _pill(row: RegionalCluster | None) -> tuple[str, str] | None:
    if row is None:
        return None
    if row.could_flip:
        return ("flip", _("could flip"))
    return ("strong", _("strong")) if row.strong else None


def _rank(row: RegionalCluster | None) -> str:
    if row is None or row.rank is None:
        return figures.NOTHING
    return _("%(rank)s of %(count)s") % {
        "rank": figures.whole(row.rank),
        "count": figures.whole(row.ranked),
    }


def _over_scatter(
    view: View, everyone: dict[str, ClusterProfile], codes: Sequence[str]
) -> Scatter | None:
    if view.base_year is None:
        return None
    order = [*codes, *(code for code in everyone if code not in codes)]
    return scatter_chart(
        "level-change",
        _("Jobs and growth of all clusters, %(year)s") % {"year": view.year},
        [
            ScatterPoint(
                words.cluster(each.name),
                addresses.cluster(
                    each.definition, each.cluster, scheme=view.scheme.scheme, year=view.year
                ),
                each.employment,
                each.employment_growth,
                mark="partial" if each.status == "withheld" else "reported",
                marked=code in codes,
                number=str(codes.index(code) + 1) if code in codes else "",
            )
            for code in order
            for each in [everyone[code]]
        ],
        ScatterAxis(
            _("%(jobs)s, %(year)s")
            % {
                "jobs": words.word(view.scheme.employment_word),
                "year": view.year,
            },
            figures.whole,
            words.word(view.scheme.employment_word),
            ticked=lambda value: figures.short(round(value)),
            log=True,
        ),
        _pace(view),
        source=view.source_line,
        twin=addresses.with_query(
            f"/clusters/{view.definition.definition}/", scheme=view.scheme.scheme, year=view.year
        ),
    )


def _pace(view: View) -> ScatterAxis:
    return ScatterAxis(
        _("growth of jobs a year since %(year)s") % {"year": view.base_year},
        figures.growth,
        _("growth a year"),
        ticked=growth_tick,
        line=0.0,
        line_label=_("The level line is no change."),
    )


def _inside_scatter(
    view: View, region: Region, rows: dict[str, RegionalCluster], codes: Sequence[str]
) -> Scatter | None:
    if view.base_year is None:
        return None
    order = [
        *(code for code in codes if code in rows),
        *(code for code in rows if code not in codes),
    ]
    asked = []
    for code in order:
        row = rows[code]
        low, high = row.location_quotient_low, row.location_quotient_high
        asked.append(
            ScatterPoint(
                words.cluster(row.name),
                addresses.region_cluster(
                    view.scheme.scheme,
                    region.region,
                    code,
                    year=view.year,
                    definition=view.definition_in_address,
                ),
                row.location_quotient,
                row.employment_growth,
                mark=doubt.mark_of(row),
                marked=code in codes,
                number=str(codes.index(code) + 1) if code in codes else "",
                size=float(row.employment or 0),
                between_x=(low, high) if low is not None and high is not None else None,
            )
        )
    return scatter_chart(
        "level-change",
        _("Quotient and growth of the clusters of %(region)s, %(year)s")
        % {"region": region.name, "year": view.year},
        asked,
        ScatterAxis(
            _("location quotient, %(year)s") % {"year": view.year},
            figures.quotient,
            _("quotient"),
            ticked=quotient_tick,
            log=True,
            line=1.0,
            line_label=_("The upright line is the average of the reference area."),
        ),
        _pace(view),
        source=view.source_line,
        sized=words.word(view.scheme.employment_word),
        twin=addresses.region(
            view.scheme.scheme,
            region.region,
            year=view.year,
            definition=view.definition_in_address,
        ),
    )


def _top_regions(
    release: Release, view: View, clusters: Sequence[Cluster], heads: Sequence[SideColumn]
) -> Side | None:
    """The regions with most of each cluster's jobs and those most specialised in it."""
    rows = []
    tops: dict[str, list[list[RegionalCluster]]] = {"employment": [], "location_quotient": []}
    for order, found in tops.items():
        for each in clusters:
            of_cluster = release.regional_clusters(
                view.scheme.scheme,
                cluster=each.cluster,
                year=view.year,
                definition=view.definition.definition,
                order=order,
                limit=TOP,
            )
            found.append([row for row in of_cluster if getattr(row, order) is not None])
    for order, question in (
        ("employment", _("Most jobs: %(place)s")),
        ("location_quotient", _("Most specialised: %(place)s")),
    ):
        for place in range(TOP):
            cells = [
                _region_cell(view, found[place] if place < len(found) else None, order)
                for found in tops[order]
            ]
            rows.append(SideRow(question % {"place": figures.ordinal(place + 1)}, cells))
    return Side(
        "top-regions",
        _("Where they are, %(year)s") % {"year": view.year},
        heads,
        some(rows),
        corner=words.word(view.scheme.region_word).capitalize(),
    )


def _region_cell(view: View, row: RegionalCluster | None, order: str) -> SideCell:
    if row is None:
        return SideCell(figures.NOTHING)
    value = (
        figures.quotient(row.location_quotient) if order == "location_quotient" else doubt.jobs(row)
    )
    return SideCell(
        row.region_name,
        difference=value,
        href=addresses.region_cluster(
            view.scheme.scheme,
            row.region,
            row.cluster,
            year=view.year,
            definition=view.definition_in_address,
        ),
    )


def _alike(
    view: View,
    clusters: Sequence[Cluster],
    heads: Sequence[SideColumn],
    pairs: Sequence[Sequence[float | None]],
) -> Side:
    return Side(
        "alike",
        _("Share of the jobs that two clusters have in the same %(regions)s, %(year)s")
        % {"regions": words.word(view.scheme.region_words), "year": view.year},
        heads,
        [
            SideRow(
                f"{place + 1} {words.cluster(each.name)}",
                side_row("", list(pairs[place]), figures.percent).cells,
            )
            for place, each in enumerate(clusters)
        ],
        corner=words.word(view.definition.group_word).capitalize(),
    )
