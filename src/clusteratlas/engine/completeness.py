"""How much of a figure is printed: coarse totals against the industries beneath them.

An office prints more at coarse levels (four digits) than at fine ones (six digits). The
difference is known to exist and not known by industry: here it is measured, not filled.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

PLACE = ["scheme", "region", "year"]
MILLION = 1_000_000


def _larger(a: str, b: str) -> nw.Expr:
    return nw.when(nw.col(a) >= nw.col(b)).then(nw.col(a)).otherwise(nw.col(b))


def _added(column: str, name: str) -> nw.Expr:
    return nw.col(column).sum().cast(nw.Int64).alias(name)


def coarse_totals(employment: Frame, fine: Frame, coarse: Frame) -> Frame:
    """Hold the printed industries of each coarse group against the group's own printed total.

    Definition
    ----------
    For a group g in region r: fine = sum of the known industries of g; total = the larger of the
    group's own known figure and fine (noise added by the office can make a total smaller than
    its parts); shortfall = total - fine; group_printed = the group has a figure of its own.

    Parameters
    ----------
    employment
        Rows of the `employment` table.
    fine
        industry, ancestor: industries of the fine level and the coarse group each lies in.
    coarse
        industry: the groups.

    Returns
    -------
    scheme, region, year, ancestor, fine, total, shortfall (jobs) and group_printed.

    Missing data
    ------------
    A group with nothing known at either level has no row.
    """
    key = [*PLACE, "ancestor"]
    known = employment.filter(~nw.col("employment").is_null())
    parts = (
        known.join(fine, on="industry", how="inner")
        .group_by(key)
        .agg(nw.col("employment").sum().cast(nw.Int64).alias("fine"))
    )
    own = (
        known.join(coarse, on="industry", how="inner")
        .rename({"industry": "ancestor"})
        .group_by(key)
        .agg(nw.col("employment").sum().cast(nw.Int64).alias("own"))
    )
    zero = nw.lit(0).cast(nw.Int64)
    both = nw.concat(
        [
            parts.with_columns(zero.alias("own"), zero.alias("printed")),
            own.select(
                *key,
                zero.alias("fine"),
                "own",
                nw.lit(1).cast(nw.Int64).alias("printed"),
            ),
        ]
    )
    return (
        both.group_by(key)
        .agg(
            nw.col("fine").sum().cast(nw.Int64),
            nw.col("own").sum().cast(nw.Int64),
            nw.col("printed").max().alias("printed"),
        )
        .with_columns(_larger("own", "fine").alias("total"))
        .select(
            *key,
            "fine",
            "total",
            (nw.col("total") - nw.col("fine")).alias("shortfall"),
            (nw.col("printed") == 1).alias("group_printed"),
        )
    )


def unprinted_jobs(employment: Frame, groups: Frame, definition: Frame, national: Frame) -> Frame:
    """Say how many jobs of each cluster are likely missing from a region's printed industries.

    Definition
    ----------
    The shortfall S_rg of a coarse group is shared out over the industries of g that r does not
    print, in proportion to their national jobs N_i: missing_rc = sum over g of S_rg x
    (sum over unprinted i in g and c of N_i) / (sum over unprinted i in g of N_i). It marks how
    complete a figure is; no figure is changed by it. missing_high is the sum of S_rg over the
    groups in which c has an unprinted industry; it is a bound only where bounded is true: every
    such group has a printed total.

    Parameters
    ----------
    employment
        Rows of the `employment` table.
    groups
        Result of `coarse_totals`.
    definition
        industry, ancestor, cluster, weight; one row an industry and cluster.
    national
        industry, year, national (jobs).

    Returns
    -------
    scheme, region, cluster, year, missing, missing_high (jobs), bounded.
    """
    sized = definition.join(national, on="industry", how="inner").with_columns(
        (nw.col("national") * (nw.col("weight") * MILLION).round(0).cast(nw.Int64)).alias("size")
    )
    printed = (
        employment.filter(~nw.col("employment").is_null() & (nw.col("status") != "withheld"))
        .select(*PLACE, "industry")
        .unique()
        .join(sized, on=["industry", "year"], how="inner")
    )
    of_cluster = sized.group_by("ancestor", "cluster", "year").agg(
        _added("size", "all_size"), nw.len().alias("all_count")
    )
    of_group = of_cluster.group_by("ancestor", "year").agg(_added("all_size", "group_size"))
    printed_cluster = printed.group_by(*PLACE, "ancestor", "cluster").agg(
        _added("size", "printed_size"), nw.len().alias("printed_count")
    )
    printed_group = printed_cluster.group_by(*PLACE, "ancestor").agg(
        _added("printed_size", "printed_group_size")
    )
    open_groups = (
        groups.join(of_group, on=["ancestor", "year"], how="inner")
        .join(printed_group, on=[*PLACE, "ancestor"], how="left")
        .with_columns(
            (nw.col("group_size") - nw.col("printed_group_size").fill_null(0)).alias("open")
        )
    )
    cells = (
        open_groups.join(of_cluster, on=["ancestor", "year"], how="inner")
        .join(printed_cluster, on=[*PLACE, "ancestor", "cluster"], how="left")
        .with_columns(
            (nw.col("all_size") - nw.col("printed_size").fill_null(0)).alias("own_open"),
            (nw.col("all_count") - nw.col("printed_count").fill_null(0)).alias("own_count"),
        )
    )
    shortfall = nw.col("shortfall")
    return (
        cells.with_columns(
            nw.when((nw.col("open") > 0) & (nw.col("own_count") > 0))
            .then(
                shortfall.cast(nw.Float64)
                * nw.col("own_open").cast(nw.Float64)
                / nw.col("open").cast(nw.Float64)
                * MILLION
            )
            .otherwise(nw.lit(0.0))
            .round(0)
            .cast(nw.Int64)
            .alias("missing"),
            nw.when(nw.col("own_count") > 0)
            .then(shortfall)
            .otherwise(nw.lit(0))
            .cast(nw.Int64)
            .alias("missing_high"),
            nw.when(nw.col("group_printed") | (nw.col("own_count") == 0))
            .then(nw.lit(1))
            .otherwise(nw.lit(0))
            .alias("closed"),
        )
        .group_by(*PLACE, "cluster")
        .agg(
            (nw.col("missing").sum().cast(nw.Int64).cast(nw.Float64) / MILLION).alias("missing"),
            nw.col("missing_high").sum().cast(nw.Int64),
            nw.col("closed").sum().alias("closed_groups"),
        )
        .join(
            of_cluster.group_by("cluster", "year").agg(nw.len().alias("cluster_groups")),
            on=["cluster", "year"],
            how="inner",
        )
        .with_columns((nw.col("closed_groups") == nw.col("cluster_groups")).alias("bounded"))
        .drop("closed_groups", "cluster_groups")
    )
