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


def _rest(whole: str, printed: str, name: str) -> nw.Expr:
    """What a whole in each printing region leaves over what is printed of it."""
    return (nw.col("units") * nw.col(whole) - nw.col(printed).fill_null(0)).alias(name)


def coarse_totals(employment: Frame, fine: Frame, coarse: Frame) -> Frame:
    """Hold the printed industries of each coarse group against the group's own printed total.

    Definition
    ----------
    For a group g in region r: fine = sum of the known industries of g; total = the larger of the
    group's own known figure and fine (noise added by the office can make a total smaller than
    its parts); shortfall = total - fine; units = smallest regions that print the group itself.

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
    scheme, region, year, ancestor, fine, reported (the part of fine that the office prints), total,
    shortfall (jobs) and units (count).

    Missing data
    ------------
    A group with nothing known at either level has no row.
    """
    key = [*PLACE, "ancestor"]
    known = employment.filter(~nw.col("employment").is_null())
    parts = (
        known.join(fine, on="industry", how="inner")
        .group_by(key)
        .agg(_added("employment", "fine"), _added("employment_reported", "reported"))
    )
    own = (
        known.join(coarse, on="industry", how="inner")
        .rename({"industry": "ancestor"})
        .group_by(key)
        .agg(_added("employment", "own"), _added("printed_in", "units"))
    )
    zero = nw.lit(0).cast(nw.Int64)
    both = nw.concat(
        [
            parts.with_columns(zero.alias("own"), zero.alias("units")),
            own.select(*key, zero.alias("fine"), zero.alias("reported"), "own", "units"),
        ]
    )
    return (
        both.group_by(key)
        .agg(
            nw.col("fine").sum().cast(nw.Int64),
            nw.col("reported").sum().cast(nw.Int64),
            nw.col("own").sum().cast(nw.Int64),
            nw.col("units").sum().cast(nw.Int64),
        )
        .with_columns(_larger("own", "fine").alias("total"))
        .select(
            *key,
            "fine",
            "reported",
            "total",
            (nw.col("total") - nw.col("fine")).alias("shortfall"),
            "units",
        )
    )


def unprinted_jobs(
    employment: Frame, groups: Frame, definition: Frame, national: Frame, units: Frame
) -> Frame:
    """Say how many jobs of each cluster are likely missing from a region's printed industries.

    Definition
    ----------
    The shortfall S_rg of a coarse group is shared out over the industries of g in proportion to
    N_i u_ri: their national jobs N_i times the number u_ri of smallest regions within r that print
    the group and not the industry (so 0 or 1 in a smallest region itself). missing_rc = sum over g
    of S_rg x (sum over i in g and c of N_i u_ri) / (sum over i in g of N_i u_ri). It marks how
    complete a figure is; no figure is changed by it. missing_high is the sum of S_rg over the
    groups in which c has an industry with u_ri > 0; it is a bound only where bounded is true: all
    smallest regions within r print every group of c.

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
    units
        scheme, region, all_units: the number of smallest regions within each region.

    Returns
    -------
    scheme, region, cluster, year, missing, missing_high (jobs), bounded.
    """
    sized = definition.join(national, on="industry", how="inner").with_columns(
        (nw.col("national") * (nw.col("weight") * MILLION).round(0).cast(nw.Int64)).alias("size")
    )
    of_cluster = sized.group_by("ancestor", "cluster", "year").agg(
        _added("size", "all_size"), nw.len().cast(nw.Int64).alias("all_count")
    )
    of_group = of_cluster.group_by("ancestor", "year").agg(_added("all_size", "group_size"))
    known = groups.filter(nw.col("units") > 0)
    printed_cluster = _printed(employment, sized, known)
    printed_group = printed_cluster.group_by(*PLACE, "ancestor").agg(
        _added("printed_size", "printed_group_size")
    )
    printing, shortfall = nw.col("units"), nw.col("shortfall")
    open_groups = (
        known.join(of_group, on=["ancestor", "year"], how="inner")
        .join(printed_group, on=[*PLACE, "ancestor"], how="left")
        .join(units, on=["scheme", "region"], how="left")
        .with_columns(
            (printing * nw.col("group_size") - nw.col("printed_group_size").fill_null(0)).alias(
                "open"
            )
        )
    )
    cells = (
        open_groups.join(of_cluster, on=["ancestor", "year"], how="inner")
        .join(printed_cluster, on=[*PLACE, "ancestor", "cluster"], how="left")
        .with_columns(
            _rest("all_size", "printed_size", "own_open"),
            (printing * nw.col("all_count") - nw.col("printed_count").fill_null(0)).alias(
                "own_count"
            ),
        )
    )
    likely = (
        shortfall.cast(nw.Float64)
        * nw.col("own_open").cast(nw.Float64)
        / nw.col("open").cast(nw.Float64)
        * MILLION
    )
    closed = printing == nw.col("all_units")
    return (
        cells.with_columns(
            nw.when((nw.col("open") > 0) & (nw.col("own_count") > 0))
            .then(likely)
            .otherwise(nw.lit(0.0))
            .round(0)
            .cast(nw.Int64)
            .alias("missing"),
            nw.when(nw.col("own_count") > 0)
            .then(shortfall)
            .otherwise(nw.lit(0))
            .cast(nw.Int64)
            .alias("missing_high"),
            nw.when(closed).then(nw.lit(1)).otherwise(nw.lit(0)).alias("closed"),
        )
        .group_by(*PLACE, "cluster")
        .agg(
            (nw.col("missing").sum().cast(nw.Int64).cast(nw.Float64) / MILLION).alias("missing"),
            _added("missing_high", "missing_high"),
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


def _printed(employment: Frame, sized: Frame, groups: Frame) -> Frame:
    """How often, and for how much of the nation's jobs, each cluster's industries are printed."""
    rows = employment.filter(nw.col("printed_in") > 0).select(*PLACE, "industry", "printed_in")
    seen = rows.join(sized, on=["industry", "year"], how="inner").join(
        groups.select(*PLACE, "ancestor", "units"), on=[*PLACE, "ancestor"], how="inner"
    )
    times = (
        nw.when(nw.col("printed_in") > nw.col("units"))
        .then(nw.col("units"))
        .otherwise(nw.col("printed_in"))
    )
    return (
        seen.with_columns(times.alias("times"))
        .with_columns((nw.col("size") * nw.col("times")).alias("printed_in_size"))
        .group_by(*PLACE, "ancestor", "cluster")
        .agg(_added("printed_in_size", "printed_size"), _added("times", "printed_count"))
    )
