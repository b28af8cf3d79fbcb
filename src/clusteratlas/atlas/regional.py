"""Regional clusters of one dataset and definition: sums and quotients lazily, ranks on arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.doubt_columns import CLUSTER_DOUBT, REGION_DOUBT
from clusteratlas.atlas.draws import SEPARATOR, Draws, place_keys, with_intervals
from clusteratlas.atlas.panel import Panel, column_of, with_change
from clusteratlas.atlas.summed import into_places
from clusteratlas.atlas.surviving import with_profiles
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS, doubt_of
from clusteratlas.classification import Definition, ancestors, industries
from clusteratlas.engine import (
    Engine,
    coarse_totals,
    regional_clusters,
    shares_and_quotients,
    unprinted_jobs,
    with_columns_of,
)
from clusteratlas.tables import (
    CLUSTER_DRAWS,
    DRAWN_CUTS,
    REGIONAL_CLUSTERS,
    REGIONAL_SUBCLUSTERS,
    UNPUBLISHED,
    Fault,
    InvalidInput,
)

PLACE = ["scheme", "region", "year"]
NO_CLUSTER = ""
Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Groups:
    """The industries of the fine level, the coarse group of each, and the coarse groups."""

    fine: pa.Table
    coarse: pa.Table
    has_coarse: bool


def groups_of(dataset: Dataset, definition: Definition) -> Groups:
    """Return which coarse group each industry of the definition's level lies in."""
    used = pc.unique(definition.industries.column("industry"))
    levels = _levels(dataset.classification, used)
    if len(levels) != 1:
        raise InvalidInput(
            [
                Fault(
                    f"definition {definition.name} mixes industry levels "
                    f"{', '.join(map(str, levels)) or '(none)'}",
                    hint="use codes of one level, so that no job is counted twice",
                )
            ]
        )
    known = pc.is_in(industries(dataset.classification).column("industry"), used)
    of_definition = industries(dataset.classification).filter(known).column("industry")
    given = dataset.employment.column("industry")
    if not pc.any(pc.is_in(given, of_definition.combine_chunks())).as_py():
        raise InvalidInput(
            [
                Fault(
                    f"no figure is of an industry of definition {definition.name}",
                    column="industry",
                    hint=f"the definition lists codes of {levels[0]} digits",
                )
            ]
        )
    fine, coarse = industry_levels(dataset.classification, dataset.coarse_level, used)
    printed = pc.is_in(given, coarse.column("industry").combine_chunks())
    return Groups(fine, coarse, bool(pc.any(printed).as_py()))


def _levels(classification: str, used: pa.Array) -> list[int]:
    known = industries(classification)
    of_used = known.filter(pc.is_in(known.column("industry"), used))
    return sorted(pc.unique(of_used.column("level")).to_pylist())


def industry_levels(
    classification: str, coarse_level: int | None, used: pa.Array
) -> tuple[pa.Table, pa.Table]:
    """Return the industries of the level in use with the coarse group of each, and the groups."""
    fine_level = _levels(classification, used)[0]
    level = min(coarse_level or fine_level, fine_level)
    known = industries(classification)
    fine = known.filter(pc.equal(known.column("level"), fine_level)).select(["industry"])
    fine = fine.join(ancestors(classification, level), "industry").select(["industry", "ancestor"])
    coarse = known.filter(pc.equal(known.column("level"), level)).select(["industry"])
    return fine, coarse.slice(0, 0) if level == fine_level else coarse


def region_totals(engine: Engine, employment: Frame, groups: Groups) -> pa.Table:
    """Return the coarse groups of each region, with what of each is printed by fine industry."""
    totals = coarse_totals(employment, engine.frame(groups.fine), engine.frame(groups.coarse))
    return engine.collect(totals)


@dataclass(frozen=True)
class Measured:
    """The clusters of a dataset under one definition, and what profiles are made of.

    ``narrow`` holds the columns of ``clusters`` that profiles need, with ``traded`` beside them;
    ``region_doubt`` and ``cluster_doubt`` the intervals of profiles in the years with draws;
    ``draws`` and ``cuts`` the draws themselves, as a release keeps them.
    """

    clusters: pa.Table
    subclusters: pa.Table
    totals: pa.Table
    groups: Groups
    narrow: pa.Table
    region_doubt: pa.Table
    cluster_doubt: pa.Table
    draws: pa.Table
    cuts: pa.Table


NARROW = (
    *REGIONAL_CLUSTERS.key,
    "traded",
    "employment",
    "establishments",
    "payroll",
    "status",
    "reported_share",
    "likely",
    "filled",
    "strong",
)


def measure(
    engine: Engine,
    dataset: Dataset,
    definition: Definition,
    employment: pa.Table,
    draws: Mapping[int, Draws | None],
) -> Measured:
    """Return regional_clusters, regional_subclusters and the coarse totals of the dataset.

    ``draws`` has an entry for each year whose withheld cells are filled.
    """
    groups = groups_of(dataset, definition)
    years = sorted(pc.unique(employment.column("year")).to_pylist())
    parts = []
    for year in years:
        rows = employment.filter(pc.equal(employment.column("year"), year))
        parts.append(
            _measure_year(
                engine, dataset, definition, groups, rows, draws.get(year), filled=year in draws
            )
        )
    clusters, subclusters, totals, region_doubt, cluster_doubt, kept_draws, cuts = (
        pa.concat_tables(tables, promote_options="default") for tables in zip(*parts, strict=True)
    )
    clusters = with_change(
        clusters, ["scheme", "region", "definition", "cluster"], as_complete=True
    )
    return Measured(
        with_columns_of(clusters, REGIONAL_CLUSTERS),
        subclusters,
        totals,
        groups,
        clusters.select(list(NARROW)),
        region_doubt,
        cluster_doubt,
        kept_draws,
        cuts,
    )


def _measure_year(
    engine: Engine,
    dataset: Dataset,
    definition: Definition,
    groups: Groups,
    employment: pa.Table,
    draws: Draws | None,
    *,
    filled: bool,
) -> tuple[pa.Table, ...]:
    """Clusters, subclusters, coarse totals and intervals of profiles of one year."""
    rows = engine.frame(employment)
    members = engine.frame(_for(definition, dataset.classification))
    totals = region_totals(engine, rows, groups)
    whole = all_jobs(engine, totals)
    shared = cluster_figures(
        engine, rows, whole, members, definition.clusters, dataset.reference_scheme
    )
    if filled:
        shared = printed_part(shared)
    elif groups.has_coarse:
        shared = _with_completeness(engine, shared, rows, totals, groups, definition, dataset)
    else:
        shared = shared.with_columns(
            nw.lit(None).cast(nw.Float64).alias("reported_share"),
            nw.lit(None).cast(nw.Float64).alias("likely"),
            nw.lit(None).cast(nw.Int64).alias("employment_high"),
        )
    key = ["scheme", "region", "definition", "cluster", "year"]
    shared = shared.with_columns(nw.lit(filled).alias("filled"))
    table = with_profiles(
        with_ranks(engine.collect(shared, sort=key)), _reference_jobs(totals, dataset)
    )
    subclusters = engine.collect(
        subcluster_figures(engine, rows, whole, members, dataset.reference_scheme)
    )
    of_regions, of_clusters = REGION_DOUBT.empty_table(), CLUSTER_DOUBT.empty_table()
    kept_draws, cuts = (each.schema.empty_table() for each in (CLUSTER_DRAWS, DRAWN_CUTS))
    if draws is not None:
        mine = _for(definition, dataset.classification)
        lying_in = into_places(dataset, draws)
        incidence = draws.incidence(
            (place_keys(table), table.column("cluster")), lying_in, _into(mine, "cluster")
        )
        doubt = doubt_of(table, draws, incidence, engine.collect(whole), dataset.reference_scheme)
        table, of_regions, of_clusters = doubt.clusters, doubt.regions, doubt.wholes
        kept_draws, cuts = doubt.draws, doubt.cuts
        parts = draws.incidence(
            (place_keys(subclusters), subclusters.column("cluster")),
            lying_in,
            _into(mine, "subcluster"),
        )
        subclusters = with_intervals(subclusters, draws, parts)
    return table, as_subclusters(subclusters), totals, of_regions, of_clusters, kept_draws, cuts


def all_jobs(engine: Engine, totals: pa.Table) -> Frame:
    """Return scheme, region, year and total: the jobs of all coarse groups."""
    return (
        engine.frame(totals)
        .group_by(PLACE)
        .agg(nw.col("total").sum().cast(nw.Int64).alias("total"))
    )


def cluster_figures(
    engine: Engine,
    rows: Frame,
    whole: Frame,
    members: Frame,
    clusters: pa.Table,
    reference_scheme: str,
) -> Frame:
    """Return sums, shares and quotients of every cluster in every region that has any row."""
    summed = engine.hold(whole_grid(engine, rows, regional_clusters(rows, members), clusters))
    return shares_and_quotients(summed, whole, reference_scheme=reference_scheme)


def printed_part(clusters: Frame) -> Frame:
    """Add what of each figure of a filled year is printed."""
    return clusters.with_columns(
        nw.when(nw.col("employment") > 0)
        .then(nw.col("employment_reported") / nw.col("employment"))
        .alias("reported_share"),
        nw.col("employment").cast(nw.Float64).alias("likely"),
    )


def subcluster_figures(
    engine: Engine, rows: Frame, whole: Frame, members: Frame, reference_scheme: str
) -> Frame:
    """Return sums, shares and quotients of subclusters, `as_subclusters` tells them apart."""
    return shares_and_quotients(
        engine.hold(_as_clusters(regional_clusters(rows, members, by_subcluster=True))),
        whole,
        reference_scheme=reference_scheme,
    )


def _into(members: pa.Table, group: str) -> tuple[pa.Array, pa.Array, np.ndarray[Any, Any]]:
    """Industry, cluster (or cluster and subcluster) and weight, rounded as the sums round it."""
    clusters = members.column("cluster")
    if group == "subcluster":
        names = pc.fill_null(members.column("subcluster"), "")
        clusters = pc.binary_join_element_wise(clusters, names, SEPARATOR)
    weight = np.round(members.column("weight").to_numpy() * 1_000_000) / 1_000_000
    return members.column("industry"), clusters, weight


def _for(definition: Definition, classification: str) -> pa.Table:
    rows = definition.industries
    return rows.filter(pc.equal(rows.column("classification"), classification))


def whole_grid(engine: Engine, rows: Frame, clusters: Frame, known: pa.Table) -> Frame:
    """Add a row for every cluster that the office prints nothing of: `unpublished`."""
    names = known.select(["definition", "cluster", "traded"])
    grid = rows.select(PLACE).unique().join(engine.frame(names), how="cross")
    joined = grid.join(
        clusters.drop("traded"),
        on=["scheme", "region", "definition", "cluster", "year"],
        how="left",
    )
    return joined.with_columns(
        nw.when(nw.col("status").is_null())
        .then(nw.lit(UNPUBLISHED))
        .otherwise(nw.col("status"))
        .alias("status")
    )


def _with_completeness(
    engine: Engine,
    clusters: Frame,
    rows: Frame,
    totals: pa.Table,
    groups: Groups,
    definition: Definition,
    dataset: Dataset,
) -> Frame:
    """Add reported_share and the upper bound that the printed coarse totals allow."""
    national = (
        rows.filter(
            (nw.col("scheme") == dataset.reference_scheme) & ~nw.col("employment").is_null()
        )
        .group_by("industry", "year")
        .agg(nw.col("employment").sum().cast(nw.Int64).alias("national"))
    )
    members = _for(definition, dataset.classification).select(["industry", "cluster", "weight"])
    everything = groups.fine.join(members, "industry", join_type="left outer")
    outside = pc.is_null(everything.column("cluster"))
    everything = pa.table(
        {
            "industry": everything.column("industry"),
            "ancestor": everything.column("ancestor"),
            "cluster": pc.if_else(outside, NO_CLUSTER, everything.column("cluster")),
            "weight": pc.if_else(outside, 1.0, everything.column("weight")),
        }
    )
    missing = unprinted_jobs(
        rows,
        engine.frame(totals),
        engine.frame(everything),
        national,
        engine.frame(dataset.units),
    )
    joined = clusters.join(engine.hold(missing), on=[*PLACE, "cluster"], how="left")
    employment = nw.col("employment")
    return joined.with_columns(
        nw.when(employment + nw.col("missing") > 0)
        .then(employment / (employment + nw.col("missing")))
        .alias("reported_share"),
        (employment + nw.col("missing")).alias("likely"),
        nw.when(nw.col("bounded") & (nw.col("status") != UNPUBLISHED))
        .then(nw.col("employment_high") + nw.col("missing_high"))
        .alias("employment_high"),
    )


def with_ranks(table: pa.Table) -> pa.Table:
    """Add ranks, percentile and the flags of strength profile us-2014, year by year."""
    size = table.num_rows
    floats = {
        name: np.full(size, np.nan)
        for name in ("rank", "ranked", "percentile", "rank_by_employment")
    }
    words = ("qualifying", "significant", "strong", "strong10")
    flags = {name: np.zeros(size, dtype=bool) for name in words}
    known = np.zeros(size, dtype=bool)
    for panel in Panel.split(table, column="cluster"):
        if panel.shape[0] < FEWEST_REGIONS:
            continue
        quotient = panel.values("location_quotient")
        employment = panel.values("employment")
        present = np.where(employment > 0, quotient, np.nan)
        panel.put(floats["rank"], measures.rank(present))
        counts = np.isfinite(present).sum(axis=0, keepdims=True)
        panel.put(floats["ranked"], np.broadcast_to(counts, panel.shape).astype(np.float64))
        panel.put(floats["percentile"], measures.percentile(present))
        panel.put(floats["rank_by_employment"], measures.rank(employment))
        establishments = panel.values("establishments")
        result = measures.strength_flags(quotient, employment, establishments, profile="us-2014")
        for name in words:
            panel.put(flags[name], getattr(result, name))
        panel.put(known, np.isfinite(quotient) & np.isfinite(establishments))
    local = pc.fill_null(pc.invert(table.column("traded")), False).to_numpy()
    known &= ~local
    for name in ("rank", "ranked", "rank_by_employment"):
        missing = np.isnan(floats[name])
        values = np.where(missing, 0, floats[name]).astype(np.int32)
        table = table.append_column(name, pa.array(values, mask=missing))
    table = table.append_column("percentile", column_of(floats["percentile"]))
    for name in words:
        table = table.append_column(name, pa.array(flags[name], mask=~known))
    return table


def _reference_jobs(totals: pa.Table, dataset: Dataset) -> float:
    """Return all jobs of the reference area, NaN where there are none."""
    mine = totals.filter(pc.equal(totals.column("scheme"), dataset.reference_scheme))
    return float(pc.sum(mine.column("total")).as_py() or np.nan)


def _as_clusters(subclusters: Frame) -> Frame:
    """Let a subcluster pass where a cluster is expected: its name joins the cluster's code."""
    return subclusters.with_columns(
        nw.concat_str([nw.col("cluster"), nw.col("subcluster")], separator=SEPARATOR).alias(
            "cluster"
        )
    ).drop("subcluster")


def as_subclusters(table: pa.Table) -> pa.Table:
    """Return rows of `regional_subclusters` out of what `subcluster_figures` gives."""
    parts = pc.split_pattern(table.column("cluster"), SEPARATOR)
    index = table.schema.get_field_index("cluster")
    table = table.set_column(index, "cluster", pc.list_element(parts, 0))
    table = table.append_column("subcluster", pc.list_element(parts, 1))
    table = table.filter(pc.not_equal(table.column("subcluster"), ""))
    return with_columns_of(table, REGIONAL_SUBCLUSTERS)
