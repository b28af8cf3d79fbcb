"""Several regions of one scheme as one: the profile that the release would give of their union.

Counts are added in the engine by the same expressions as in a build, and everything else is taken
of the sums. The union is held against the published regions of its scheme and replaces none of
them: their quantiles and ranks stay as the release has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.dataset import coarse_level_of
from clusteratlas.atlas.doubt_columns import REGION_DOUBT
from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.panel import floats, with_change
from clusteratlas.atlas.profiles import whole_regions, with_strength_and_change
from clusteratlas.atlas.published import published, published_draws
from clusteratlas.atlas.records import (
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionProfile,
)
from clusteratlas.atlas.regional import (
    Groups,
    all_jobs,
    as_subclusters,
    cluster_figures,
    industry_levels,
    printed_part,
    region_totals,
    subcluster_figures,
)
from clusteratlas.atlas.structure import with_variety
from clusteratlas.atlas.uncertainty import doubt_of_further
from clusteratlas.atlas.united_among import (
    place_by_jobs,
    with_parts_of_change_against,
    with_place_among,
)
from clusteratlas.atlas.united_years import filled_years, with_completeness, years_alike
from clusteratlas.engine import DuckDBEngine, sum_over_regions, with_columns_of
from clusteratlas.tables import (
    EMPLOYMENT,
    ESTIMATED,
    MEMBERSHIPS,
    REGION_PROFILE,
    REGIONAL_CLUSTERS,
    CannotAnswer,
    Fault,
    InvalidInput,
)

MOST_REGIONS = 500
"""More regions are not united at once."""

HINTED = 8
"""Unknown codes that a near one is looked for; more would take seconds."""

UNION = "union"
"""The code of the union, in a scheme of the same name."""

Record = TypeVar("Record")


@dataclass(frozen=True)
class United:
    """The union of regions in a year, as a release would publish it.

    Attributes
    ----------
    region, parts
        The union as a region of its own, and the regions it is made of.
    profile, clusters, subclusters
        As the release's own records; the other years of the release in ``history``.
    history
        All clusters of every year in which the same parts print, without ranks and flags.
    drawn
        Whether the release keeps the draws that intervals are taken from; without them no interval
        of an estimated figure is known.
    """

    region: Region
    parts: tuple[Region, ...]
    definition: str
    year: int
    profile: RegionProfile
    clusters: tuple[RegionalCluster, ...]
    subclusters: tuple[RegionalSubcluster, ...]
    history: tuple[RegionalCluster, ...]
    drawn: bool
    employment: pa.Table
    """Rows of the `employment` table for the union in this year, all levels."""
    unsure: frozenset[str]
    """Industries whose interval is not known: more than one part is estimated."""
    silent: tuple[Region, ...]
    """Parts of which the sources print nothing in this year: the sums are without them."""


def check_regions(release: OpenedRelease, scheme: str, regions: Sequence[str]) -> list[Region]:
    """Return the regions of a union in the order of their codes, or refuse with every fault.

    Raises
    ------
    InvalidInput
        No region, too many, one twice, one that another scheme holds or that none does.
    """
    info = release.scheme(scheme)
    known = {each.region: each for each in release.regions(scheme)}
    faults: list[Fault] = []
    if not regions:
        faults.append(Fault("no region is chosen", hint="choose at least one"))
    if len(regions) > MOST_REGIONS:
        raise InvalidInput(
            [
                Fault(
                    f"{len(regions)} regions are more than can be united at once",
                    hint=f"choose at most {MOST_REGIONS}, or a region that holds them",
                )
            ]
        )
    elsewhere = {
        place.region: each.scheme
        for each in reversed(release.manifest.schemes)
        if each.scheme != scheme
        for place in release.regions(each.scheme)
    }
    seen: set[str] = set()
    for code in regions:
        if code in seen:
            faults.append(Fault("a region stands twice", value=code, hint="name each region once"))
        elif code not in known:
            if code in elsewhere:
                faults.append(
                    Fault(
                        "regions of two schemes cannot be united: this one is in "
                        f"{elsewhere[code]}",
                        value=code,
                        hint=f"choose {info.region_words} only, so that no job counts twice",
                    )
                )
            else:
                faults.append(
                    Fault(
                        f"there is no region with that code in {scheme}",
                        value=code,
                        hint=release.suggestion(code, "region") if len(faults) < HINTED else "",
                    )
                )
        seen.add(code)
    if faults:
        raise InvalidInput(faults)
    return [known[code] for code in sorted(seen)]


def unite(
    release: OpenedRelease,
    scheme: str,
    regions: Sequence[str],
    *,
    name: str = "",
    year: int | None = None,
    definition: str | None = None,
) -> United:
    """Return the profile of the union of regions of one scheme.

    Definition
    ----------
    Counts are sums over the members (`sum_over_regions`), clusters sums over their industries;
    shares, quotients and changes are taken of the sums as in a build. Flags, stars, ranks and
    percentiles hold the union against the published regions of the scheme. Intervals push the
    summed draws through the same rules, as `uncertainty` does.

    Missing data
    ------------
    As everywhere: a sum with a withheld part is withheld and holds what is known. Where more than
    one part of a subcluster or industry is estimated, its interval is not known. Years in which
    other parts print than in this one are left out, and there is no change since such a year.

    Raises
    ------
    InvalidInput
        As `check_regions`.
    """
    parts = check_regions(release, scheme, regions)
    info = release.scheme(scheme)
    named = release.definition_of(scheme, definition)
    chosen = release.year(scheme, year)
    codes = [each.region for each in parts]
    marks = ", ".join("?" * len(codes))
    rows = release.selected(
        f"select * from employment where scheme = ? and region in ({marks})", [scheme, *codes]
    )
    if not pc.any(pc.equal(rows.column("year"), chosen)).as_py():
        raise CannotAnswer(
            f"the sources print nothing of these regions in {chosen}", hint="try another year"
        )
    rows = years_alike(rows, chosen)
    printing = set(pc.unique(rows.column("region")).to_pylist())
    whole = _as_region(parts, name, info.region_words)
    groups, members, clusters_known = _definition(release, scheme, named)
    with DuckDBEngine(threads=1) as engine:
        united = _summed(engine, rows, codes, scheme)
        reference = _reference_rows(release, info.reference_scheme)
        both = pa.concat_tables([united, reference])
        frame, mine = engine.frame(both), engine.frame(members)
        totals = region_totals(engine, frame, groups)
        jobs = engine.hold(all_jobs(engine, totals))
        found = cluster_figures(engine, frame, jobs, mine, clusters_known, info.reference_scheme)
        clusters = _of_union(engine.collect(printed_part(found)))
        parted = subcluster_figures(
            engine, engine.frame(_of_year(both, chosen)), jobs, mine, info.reference_scheme
        )
        subclusters = as_subclusters(_of_union(engine.collect(parted)))
        all_totals = _of_year(_of_union(engine.collect(jobs)), chosen)
        clusters = with_completeness(release, clusters, scheme, codes, named)
        history = with_change(
            clusters,
            ["scheme", "region", "definition", "cluster"],
            as_complete=True,
            first_year=info.years[0],
        )
        profile = whole_regions(
            engine, united, _of_union(totals), groups, _of_union_clusters(clusters)
        )
    jobs_of_nation = _reference_jobs(totals, info.reference_scheme, chosen)
    among = published(release, scheme, named, chosen)
    table = with_place_among(_of_year(history, chosen), among, jobs_of_nation)
    draws = published_draws(release, scheme, named, chosen)
    doubt = REGION_DOUBT.empty_table()
    if draws is not None:
        moves = draws.moves(codes, table.column("cluster").to_pylist())
        table, doubt = doubt_of_further(table, moves, all_totals, draws.nation, draws)
    else:
        table = _without_intervals(table)
    every = with_columns_of(table, REGIONAL_CLUSTERS).append_column(
        "traded", table.column("traded")
    )
    flagged = pa.concat_tables(
        [_other_years(clusters, chosen), every.select([*_NEEDED])], promote_options="permissive"
    )
    profile = with_strength_and_change(profile, flagged, doubt, first_year=info.years[0])
    profile = with_parts_of_change_against(release, profile, clusters, scheme, named)
    filled = filled_years(release, scheme)
    profile = with_variety(profile, united, groups.fine, info.classification, filled)
    profile = _ranked(profile, among.totals, among.regions)
    labels = {each.cluster: each for each in release.clusters(named)}
    also: dict[str, object] = {"region_name": whole.name}
    return United(
        whole,
        tuple(parts),
        named,
        chosen,
        _records(RegionProfile, _of_year(with_columns_of(profile, REGION_PROFILE), chosen), also)[
            0
        ],
        tuple(_clusters(every, labels, also)),
        tuple(_records(RegionalSubcluster, _subclusters(release, subclusters, scheme, codes), {})),
        tuple(_clusters(_plain(history), labels, also)),
        draws is not None,
        _of_year(united, chosen),
        _unsure(_of_year(rows, chosen)),
        tuple(each for each in parts if each.region not in printing),
    )


_NEEDED = (
    *REGIONAL_CLUSTERS.key,
    "traded",
    "employment",
    "status",
    "strong",
)


def union_industries(
    release: OpenedRelease, united: United, cluster: str
) -> list[RegionalIndustry]:
    """Return every industry of a cluster in the union, largest first, unpublished ones too."""
    scheme = united.region.scheme
    info = release.scheme(scheme)
    release.cluster(united.definition, cluster)
    given = {row["industry"]: row for row in united.employment.to_pylist()}
    nation = {
        row[0]: row[1]
        for row in release._rows(
            "select industry, sum(employment)::bigint from employment where scheme = ? "
            "and year = ? group by industry",
            [info.reference_scheme, united.year],
        )
    }
    rows = release._rows(
        "select d.industry, coalesce(i.title, d.industry), d.subcluster, d.weight "
        "from definitions_held d left join industries_held i on i.industry = d.industry "
        "and i.classification = d.classification "
        "where d.definition = ? and d.classification = ? and d.cluster = ?",
        [united.definition, info.classification, cluster],
    )
    found = []
    for code, title, subcluster, weight in rows:
        row = given.get(code, {})
        jobs, whole = row.get("employment"), nation.get(code)
        known = code not in united.unsure
        share = jobs / whole if jobs is not None and whole and jobs <= whole else None
        found.append(
            RegionalIndustry(
                scheme,
                UNION,
                code,
                title,
                subcluster,
                weight,
                united.year,
                jobs,
                row.get("employment_low") if known else None,
                row.get("employment_high") if known else None,
                row.get("establishments"),
                row.get("payroll"),
                row.get("status", "unpublished"),
                share,
            )
        )
    return sorted(
        found, key=lambda row: (row.employment is None, -(row.employment or 0), row.industry)
    )


def _as_region(parts: Sequence[Region], name: str, words: str) -> Region:
    """The union as a region: its people added up, its point in the middle of them."""
    people = [each.population for each in parts]
    known = all(each is not None for each in people)
    weights = np.array([float(each or 1) if known else 1.0 for each in people])

    def middle(values: list[float | None]) -> float | None:
        if any(each is None for each in values):
            return None
        return float(np.average(np.array(values, dtype=np.float64), weights=weights))

    countries = {each.country for each in parts}
    title = name or (parts[0].name if len(parts) == 1 else f"{len(parts)} {words}")
    return Region(
        parts[0].scheme,
        UNION,
        title,
        parts[0].kind if len(parts) == 1 else f"union of {words}",
        None,
        countries.pop() if len(countries) == 1 else None,
        middle([each.longitude for each in parts]),
        middle([each.latitude for each in parts]),
        sum(each or 0 for each in people) if known else None,
        middle([each.coverage for each in parts]),
    )


def _definition(
    release: OpenedRelease, scheme: str, definition: str
) -> tuple[Groups, pa.Table, pa.Table]:
    """The levels of industries, the members of the clusters and the clusters."""
    key = ("united definition", scheme, definition)
    return release.keep(key, lambda: _read_definition(release, scheme, definition))


def _read_definition(
    release: OpenedRelease, scheme: str, definition: str
) -> tuple[Groups, pa.Table, pa.Table]:
    classification = release.scheme(scheme).classification
    members = release.selected(
        "select * from definitions_held where definition = ? and classification = ?",
        [definition, classification],
    )
    clusters = release.selected("select * from clusters_held where definition = ?", [definition])
    used = pc.unique(members.column("industry"))
    fine, coarse = industry_levels(classification, coarse_level_of(classification), used)
    shares = release.selected(
        "select count(reported_share) from region_profile where scheme = ?", [scheme]
    )
    return Groups(fine, coarse, shares.column(0)[0].as_py() > 0), members, clusters


def _summed(engine: DuckDBEngine, rows: pa.Table, codes: list[str], scheme: str) -> pa.Table:
    """The union's rows of `employment`, added up as a build adds up larger regions."""
    pairs = pa.table(
        [[scheme] * len(codes), codes, [UNION] * len(codes), [UNION] * len(codes)],
        schema=MEMBERSHIPS.schema,
    )
    added = sum_over_regions(engine.frame(rows), engine.frame(pairs))
    return with_columns_of(engine.collect(added), EMPLOYMENT)


def _reference_rows(release: OpenedRelease, scheme: str) -> pa.Table:
    rows = release.keep(
        ("reference rows", scheme),
        lambda: release.selected("select * from employment where scheme = ?", [scheme]),
    )
    return with_columns_of(rows, EMPLOYMENT)


def _of_union(table: pa.Table) -> pa.Table:
    return table.filter(pc.equal(table.column("scheme"), UNION))


def _of_union_clusters(clusters: pa.Table) -> pa.Table:
    names = ["scheme", "region", "year", "definition", "traded", "employment", "status"]
    return clusters.select(names)


def _of_year(table: pa.Table, year: int) -> pa.Table:
    return table.filter(pc.equal(table.column("year"), pa.scalar(year, pa.int16())))


def _other_years(clusters: pa.Table, year: int) -> pa.Table:
    rows = clusters.filter(pc.not_equal(clusters.column("year"), pa.scalar(year, pa.int16())))
    names = [name for name in _NEEDED if name != "strong"]
    return rows.select(names).append_column("strong", pa.nulls(rows.num_rows, pa.bool_()))


def _reference_jobs(totals: pa.Table, scheme: str, year: int) -> float:
    mine = _of_year(totals.filter(pc.equal(totals.column("scheme"), scheme)), year)
    return float(pc.sum(mine.column("total")).as_py() or np.nan)


def _without_intervals(table: pa.Table) -> pa.Table:
    """Leave estimated figures without an interval: sums of intervals would be none."""
    estimated = pc.equal(table.column("status"), ESTIMATED)
    for name in ("employment_low", "employment_high"):
        column = pc.if_else(estimated, pa.scalar(None, pa.int64()), table.column(name))
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def _plain(history: pa.Table) -> pa.Table:
    table = _without_intervals(history)
    return with_columns_of(table, REGIONAL_CLUSTERS).append_column("traded", table.column("traded"))


def _ranked(profile: pa.Table, totals: Any, regions: Sequence[str]) -> pa.Table:
    """Add the place that the union would have by jobs among the regions of the scheme."""
    ranks = place_by_jobs(floats(profile, "employment"), totals, len(regions))
    missing = np.isnan(ranks)
    column = pa.array(np.where(missing, 0, ranks).astype(np.int32), mask=missing)
    table = profile.append_column("rank_by_employment", column)
    return table.append_column("ranked", pa.array([len(regions)] * profile.num_rows, pa.int32()))


def _subclusters(
    release: OpenedRelease, table: pa.Table, scheme: str, codes: list[str]
) -> pa.Table:
    """Subclusters, largest first; the interval of an estimated one only where one region is all."""
    if len(codes) == 1:
        key = ["definition", "cluster", "subcluster", "year"]
        own = release.selected(
            f"select {', '.join(key)}, employment_low, employment_high from regional_subclusters "
            "where scheme = ? and region = ?",
            [scheme, codes[0]],
        )
        table = table.drop(["employment_low", "employment_high"]).join(own, key)
    else:
        table = _without_intervals(table)
    order = [("employment", "descending"), ("cluster", "ascending"), ("subcluster", "ascending")]
    return table.take(pc.sort_indices(table, sort_keys=order))


def _unsure(rows: pa.Table) -> frozenset[str]:
    """Industries of which more than one region's figure is estimated."""
    estimated = rows.filter(pc.equal(rows.column("status"), ESTIMATED))
    counts = estimated.group_by("industry").aggregate([("region", "count")])
    many = counts.filter(pc.greater(counts.column("region_count"), 1))
    return frozenset(many.column("industry").to_pylist())


def _clusters(
    table: pa.Table, labels: dict[str, Any], also: dict[str, object]
) -> list[RegionalCluster]:
    rows = [
        {
            **row,
            **also,
            "name": labels[row["cluster"]].name,
        }
        for row in table.to_pylist()
    ]
    return [_record(RegionalCluster, row) for row in rows]


def _records(kind: type[Record], table: pa.Table, also: dict[str, object]) -> list[Record]:
    return [_record(kind, {**row, **also}) for row in table.to_pylist()]


def _record(kind: type[Record], row: dict[str, Any]) -> Record:
    return kind(**{each.name: row.get(each.name) for each in fields(kind)})  # type: ignore[arg-type]
