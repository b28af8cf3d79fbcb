"""Regions and clusters as wholes, added up from their regional clusters."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.panel import Panel, codes, column_of, floats, with_change
from clusteratlas.atlas.regional import Groups, Measured
from clusteratlas.atlas.structure import locational_gini, with_parts_of_change, with_variety
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.engine import SURENESS, Engine, status_rank, status_word, with_columns_of
from clusteratlas.tables import CLUSTER_PROFILE, REGION_PROFILE, WITHHELD

PLACE = ["scheme", "region", "year"]
NOT_PRINTED = {
    "employment": None,
    "establishments": None,
    "payroll": None,
    "status": "unpublished",
    "reported_share": None,
    "share_of_reference": None,
}
"""What is known of a cluster in a year for which the reference area has no figures."""


def build_region_profile(
    engine: Engine, dataset: Dataset, employment: pa.Table, measured: Measured
) -> pa.Table:
    """Return region_profile: totals, split, cluster strength, variety, ranks and change."""
    clusters, groups = measured.narrow, measured.groups
    table = whole_regions(engine, employment, measured.totals, groups, clusters)
    table = with_strength_and_change(table, clusters, measured.region_doubt)
    table = with_parts_of_change(table, clusters)
    table = with_variety(
        table, employment, groups.fine, dataset.classification, _filled_years(clusters)
    )
    table = _with_rank(table)
    return with_columns_of(table, REGION_PROFILE)


def whole_regions(
    engine: Engine, employment: pa.Table, totals: pa.Table, groups: Groups, clusters: pa.Table
) -> pa.Table:
    """Return the totals of regions, what of them is printed and how they split into kinds."""
    rows = engine.frame(employment)
    whole = (
        engine.frame(totals)
        .group_by(PLACE)
        .agg(
            nw.col("total").sum().cast(nw.Int64).alias("employment"),
            nw.col("reported").sum().cast(nw.Int64).alias("reported"),
        )
    )
    printed = (
        rows.join(engine.frame(groups.fine.select(["industry"])), on="industry", how="inner")
        .group_by(PLACE)
        .agg(*_known_sums("establishments", "payroll"))
        .with_columns(*_known("establishments", "payroll"))
    )
    base = (
        rows.select(PLACE)
        .unique()
        .join(whole, on=PLACE, how="left")
        .join(printed, on=PLACE, how="left")
        .join(_worst(engine, rows, groups), on=PLACE, how="left")
        .join(_split(engine, clusters), on=PLACE, how="left")
    )
    return engine.collect(
        base.with_columns(
            status_word(nw.col("worst").fill_null(0)).alias("status"),
            nw.when(nw.lit(groups.has_coarse) & (nw.col("employment") > 0))
            .then(nw.col("reported") / nw.col("employment"))
            .alias("reported_share"),
        ),
        sort=PLACE,
    )


def with_strength_and_change(
    table: pa.Table,
    clusters: pa.Table,
    region_doubt: pa.Table,
    *,
    first_year: int | None = None,
) -> pa.Table:
    """Add cluster strength with its interval, and the change as `with_change` does."""
    table = _with_doubt(_with_strength(table, clusters), region_doubt)
    return with_change(table, ["scheme", "region", "definition"], first_year=first_year)


def _filled_years(clusters: pa.Table) -> set[int]:
    return set(pc.unique(clusters.filter(clusters.column("filled")).column("year")).to_pylist())


def _worst(engine: Engine, rows: nw.LazyFrame[Any], groups: Groups) -> nw.LazyFrame[Any]:
    """Rank of the least sure status of each region: of its groups, else of their industries."""
    own = rows.join(engine.frame(groups.coarse), on="industry", how="inner").select(
        *PLACE, nw.col("industry").alias("ancestor"), status_rank().alias("rank_of_status")
    )
    fine = (
        rows.join(engine.frame(groups.fine), on="industry", how="inner")
        .select(*PLACE, "ancestor", status_rank().alias("rank_of_status"))
        .join(own.select(*PLACE, "ancestor").unique(), on=[*PLACE, "ancestor"], how="anti")
    )
    both = nw.concat([own, fine.select(*PLACE, "ancestor", "rank_of_status")])
    return both.group_by(PLACE).agg(nw.col("rank_of_status").max().alias("worst"))


def _known_sums(*names: str) -> list[nw.Expr]:
    """Sums of columns, each with the number of its known parts."""
    return [
        each
        for name in names
        for each in (
            nw.col(name).sum().cast(nw.Int64).alias(name),
            nw.col(name).count().alias(f"{name}_parts"),
        )
    ]


def _known(*names: str) -> list[nw.Expr]:
    """The sums again, null where no part is known."""
    return [nw.when(nw.col(f"{name}_parts") > 0).then(nw.col(name)).alias(name) for name in names]


def _split(engine: Engine, clusters: pa.Table) -> nw.LazyFrame[Any]:
    frame = engine.frame(clusters.select([*PLACE, "definition", "traded", "employment", "status"]))
    jobs, traded = nw.col("employment"), nw.col("traded")
    return (
        frame.with_columns(
            nw.when(traded).then(jobs).alias("traded_employment"),
            nw.when(~traded).then(jobs).alias("local_employment"),
            nw.when(nw.col("status") == WITHHELD)
            .then(nw.lit(1))
            .otherwise(nw.lit(0))
            .alias("withheld"),
            jobs.alias("employment_in_clusters"),
        )
        .group_by(*PLACE, "definition")
        .agg(
            *_known_sums("employment_in_clusters", "traded_employment", "local_employment"),
            nw.col("withheld").sum().cast(nw.Int64).alias("withheld_clusters"),
        )
        .with_columns(*_known("employment_in_clusters", "traded_employment", "local_employment"))
    )


def _with_strength(table: pa.Table, clusters: pa.Table) -> pa.Table:
    """Add traded share, cluster strength and the number of strong clusters of each region."""
    results: dict[tuple[str, str, str, int], tuple[float, float, int | None]] = {}
    for panel in Panel.split(clusters, column="cluster"):
        employment = panel.values("employment")
        strong = panel.values("strong")
        kinds = panel.values("traded")
        told_clusters = np.asarray(np.isfinite(kinds).any(axis=0))
        traded = (kinds == 1).any(axis=0) if told_clusters.any() else ~told_clusters
        flagged = bool(np.isfinite(strong).any())
        strength = measures.cluster_strength(employment, strong == 1, traded=traded)
        split = measures.traded_local_split(employment[:, told_clusters], traded[told_clusters])
        told = bool(told_clusters.any())
        part = panel.table
        firsts = np.unique(panel.regions, return_index=True)[1]
        for place, row in enumerate(firsts.tolist()):
            key = (
                part.column("scheme")[row].as_py(),
                part.column("region")[row].as_py(),
                part.column("definition")[row].as_py(),
                int(part.column("year")[row].as_py()),
            )
            results[key] = (
                float(split.traded_share[place]) if told else np.nan,
                float(strength[place]) if flagged else np.nan,
                int(np.nansum(strong[place])) if flagged else None,
            )
    found = [
        results[key]
        for key in zip(
            table.column("scheme").to_pylist(),
            table.column("region").to_pylist(),
            table.column("definition").to_pylist(),
            table.column("year").to_pylist(),
            strict=True,
        )
    ]
    table = table.append_column("traded_share", column_of(np.array([row[0] for row in found])))
    table = table.append_column("cluster_strength", column_of(np.array([row[1] for row in found])))
    return table.append_column("strong_clusters", pa.array([row[2] for row in found], pa.int32()))


def _with_rank(table: pa.Table) -> pa.Table:
    ranks = np.full(table.num_rows, np.nan)
    ranked = np.ones(table.num_rows)
    for panel in Panel.split(table, column=None):
        if panel.shape[0] >= FEWEST_REGIONS:
            panel.put(ranks, measures.rank(panel.values("employment")))
        panel.put(ranked, np.full(panel.shape, float(panel.shape[0])))
    table = table.append_column("rank_by_employment", column_of(ranks))
    return table.append_column("ranked", column_of(ranked))


def build_cluster_profile(dataset: Dataset, measured: Measured) -> pa.Table:
    """Return cluster_profile for each scheme: reference totals, spread and change."""
    clusters = measured.narrow
    nation = _reference_totals(dataset, clusters, measured.totals)
    rows: list[dict[str, Any]] = []
    for panel in Panel.split(clusters, column="cluster"):
        employment = panel.values("employment")
        strong = panel.values("strong")
        enough = panel.shape[0] >= FEWEST_REGIONS
        flagged = np.asarray(np.isfinite(strong).any(axis=0) & enough)
        in_strong = measures.cluster_strength(employment.T, (strong == 1).T)
        gini = locational_gini(panel)
        part = panel.table
        scheme, definition = part.column("scheme")[0].as_py(), part.column("definition")[0].as_py()
        year = int(part.column("year")[0].as_py())
        firsts = np.unique(panel.columns, return_index=True)[1]
        for place, row in enumerate(firsts.tolist()):
            cluster = part.column("cluster")[row].as_py()
            jobs = employment[:, place]
            rows.append(
                {
                    "scheme": scheme,
                    "definition": definition,
                    "cluster": cluster,
                    "year": year,
                    **nation.get((definition, cluster, year), NOT_PRINTED),
                    "filled": bool(part.column("filled")[0].as_py()),
                    "regions_present": int(np.sum(jobs > 0)),
                    "locational_gini": _or_none(gini[place]) if enough else None,
                    "regions_strong": (
                        int(np.nansum(strong[:, place])) if flagged[place] else None
                    ),
                    "share_in_strong_regions": (
                        _or_none(in_strong[place]) if flagged[place] else None
                    ),
                }
            )
    names = [name for name in CLUSTER_PROFILE.names if name in rows[0]]
    columns = {
        name: pa.array([row[name] for row in rows], CLUSTER_PROFILE.column(name).type)
        for name in names
    }
    table = pa.table({**columns, "filled": pa.array([row["filled"] for row in rows])})
    table = _with_doubt(table, measured.cluster_doubt)
    table = with_change(table, ["scheme", "definition", "cluster"], as_complete=True)
    return with_columns_of(table, CLUSTER_PROFILE)


def _with_doubt(table: pa.Table, doubt: pa.Table) -> pa.Table:
    """Put the intervals of the years with draws beside the figures; none where no figure is."""
    key = [name for name in doubt.column_names if not name.endswith(("_low", "_high"))]
    names = [name for name in doubt.column_names if name not in key]
    rows = {
        tuple(row[name] for name in key): row for row in doubt.select([*key, *names]).to_pylist()
    }
    found = [
        rows.get(each, {})
        for each in zip(*(table.column(name).to_pylist() for name in key), strict=True)
    ]
    for name in names:
        figure = pc.is_valid(table.column(name.removesuffix("_low").removesuffix("_high")))
        values = pa.array([row.get(name) for row in found], doubt.schema.field(name).type)
        column = pc.if_else(figure, values, pa.scalar(None, values.type))
        place = table.schema.get_field_index(name)
        table = (
            table.append_column(name, column)
            if place < 0
            else table.set_column(place, name, column)
        )
    return table


def _reference_totals(
    dataset: Dataset, clusters: pa.Table, totals: pa.Table
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Sums of each cluster over the reference regions, with the share of its kind."""
    reference = totals.filter(pc.equal(totals.column("scheme"), dataset.reference_scheme))
    all_jobs = reference.group_by("year").aggregate([("total", "sum")]).to_pylist()
    whole = {int(row["year"]): float(row["total_sum"]) for row in all_jobs}
    part = clusters.filter(pc.equal(clusters.column("scheme"), dataset.reference_scheme))
    group = codes(part, ["definition", "cluster", "year"])
    size = int(group.max(initial=-1)) + 1
    sums: dict[str, np.ndarray[Any, Any]] = {}
    for name in ("employment", "establishments", "payroll"):
        values = floats(part, name)
        added = np.zeros(size)
        np.add.at(added, group, np.nan_to_num(values))
        known = np.zeros(size)
        np.add.at(known, group, np.isfinite(values))
        sums[name] = np.where(known > 0, added, np.nan)
    jobs_here, share_here = floats(part, "employment"), floats(part, "reported_share")
    likely_here = floats(part, "likely")
    counted = np.isfinite(jobs_here) & np.isfinite(share_here)
    likely, known = np.zeros(size), np.zeros(size)
    np.add.at(likely, group[counted], likely_here[counted])
    np.add.at(known, group[counted], likely_here[counted] * share_here[counted])
    places = {word: place for place, word in enumerate(SURENESS)}
    words = np.array([places[word] for word in part.column("status").to_pylist()], dtype=np.int64)
    worst = np.zeros(size, dtype=np.int64)
    np.maximum.at(worst, group, words)
    firsts = np.unique(group, return_index=True)[1]
    kinds: dict[tuple[str, bool | None, int], float] = {}
    named = []
    for place, row in enumerate(firsts.tolist()):
        definition, cluster, year, traded = (
            part.column(name)[row].as_py() for name in ("definition", "cluster", "year", "traded")
        )
        named.append((definition, cluster, int(year), traded))
        kind = (definition, traded, int(year))
        kinds[kind] = kinds.get(kind, 0.0) + float(np.nan_to_num(sums["employment"][place]))
    result: dict[tuple[str, str, int], dict[str, Any]] = {}
    for place, (definition, cluster, year, traded) in enumerate(named):
        jobs = sums["employment"][place]
        kind_total = kinds[(definition, traded, year)] if traded is not None else whole[year]
        result[(definition, cluster, year)] = {
            **{
                name: None if np.isnan(values[place]) else int(values[place])
                for name, values in sums.items()
            },
            "status": SURENESS[worst[place]],
            "reported_share": float(known[place] / likely[place]) if likely[place] > 0 else None,
            "share_of_reference": _or_none(
                measures.region_share(np.array([[jobs]]), total=np.array([kind_total]))[0, 0]
            ),
        }
    return result


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
