"""From industry rows to larger regions and to clusters: integers are added, nothing else.

Every function takes and returns lazy frames, so that one expression runs on any engine.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]

MILLION = 1_000_000
SURENESS = ("unpublished", "reported", "estimated", "withheld")
"""The statuses as a sum ranks them: the last one among its parts is the sum's own."""


def status_rank() -> nw.Expr:
    """Return the place of each row's status in `SURENESS`."""
    status = nw.col("status")
    rank: nw.Expr = nw.lit(0)
    for place, word in enumerate(SURENESS):
        rank = nw.when(status == word).then(nw.lit(place)).otherwise(rank)
    return rank.cast(nw.Int64)


def status_word(rank: nw.Expr) -> nw.Expr:
    """Return the status word of a rank; no row at all is `unpublished`."""
    word: nw.Expr = nw.lit("unpublished")
    for place, name in enumerate(SURENESS):
        word = nw.when(rank == place).then(nw.lit(name)).otherwise(word)
    return word


def _share_of(column: str) -> nw.Expr:
    """A count times the row's weight in millionths, as an integer."""
    return (nw.col(column) * nw.col("millionths")).cast(nw.Int64)


def _whole(column: str) -> nw.Expr:
    """Millionths back to counts, half up; exact for whole weights."""
    return ((nw.col(column) + MILLION // 2) // MILLION).cast(nw.Int64)


def _sum_counts(frame: Frame, key: list[str], *also: str) -> Frame:
    """Add up counts by key; a sum is null where no part is known, its status that of the worst.

    The upper bound is null as soon as one part has none. The lower one is not above the sum: parts
    that are withheld have bounds, and no place in the sum. Columns of ``also`` are plain sums.
    """
    counts = (
        "employment",
        "employment_low",
        "employment_high",
        "employment_reported",
        "establishments",
        "payroll",
    )
    added = (
        frame.with_columns(
            *(_share_of(name).alias(name) for name in counts),
            status_rank().alias("status_rank"),
        )
        .group_by(key)
        .agg(
            *(nw.col(name).sum().alias(name) for name in counts),
            *(nw.col(name).count().alias(f"{name}_known") for name in counts),
            nw.len().alias("parts"),
            nw.col("status_rank").max().alias("status_rank"),
            *(nw.col(name).sum().cast(nw.Int64).alias(name) for name in also),
        )
    )
    no_more = (nw.col("employment_known") >= 1) & (nw.col("employment_low") > nw.col("employment"))
    bounded = added.with_columns(
        nw.when(no_more)
        .then(nw.col("employment"))
        .otherwise(nw.col("employment_low"))
        .alias("employment_low")
    )
    return bounded.select(
        *key,
        *(
            nw.when(nw.col(f"{name}_known") >= 1).then(_whole(name)).alias(name)
            for name in counts
            if name != "employment_high"
        ),
        nw.when(nw.col("employment_high_known") == nw.col("parts"))
        .then(_whole("employment_high"))
        .alias("employment_high"),
        status_word(nw.col("status_rank")).alias("status"),
        *also,
    )


def sum_over_regions(employment: Frame, memberships: Frame) -> Frame:
    """Add industry rows of small regions up to the larger regions that they lie in.

    Definition
    ----------
    The counts of a larger region are the sums over its members of what is known. A sum is null
    where no member has a figure; printed_in counts the smallest regions that have one. Its status
    is the least sure one among its printed members: one withheld county makes the area's figure
    `withheld`, and the sum is then what is known.

    Parameters
    ----------
    employment
        Rows of the `employment` table (jobs, count, currency).
    memberships
        Rows of the `memberships` table.

    Returns
    -------
    Rows of the `employment` table, scheme and region being those of the larger region.

    Missing data
    ------------
    Nulls are skipped in sums and never become zero.
    """
    joined = employment.join(memberships, on=["scheme", "region"], how="inner").with_columns(
        nw.lit(MILLION).alias("millionths")
    )
    key = ["in_scheme", "in_region", "industry", "year", "source"]
    summed = _sum_counts(joined, key, "printed_in")
    return summed.rename({"in_scheme": "scheme", "in_region": "region"})


def regional_clusters(
    employment: Frame, definition: Frame, *, by_subcluster: bool = False
) -> Frame:
    """Add industry rows up to clusters (or subclusters) of a definition.

    Definition
    ----------
    e_rc = sum over i of w_ic e_ri, with w_ic the weight of industry i in cluster c. Weights are
    used in millionths, so that sums are exact integers and the same on every engine.

    Parameters
    ----------
    employment
        Rows of the `employment` table.
    definition
        Rows of the `definitions` table for the employment's classification.
    by_subcluster
        Also group by subcluster; industries without one make up the subcluster of no name.

    Returns
    -------
    scheme, region, definition, cluster, [subcluster,] year, traded and the counts with status.

    Missing data
    ------------
    As in `sum_over_regions`.
    """
    weights = definition.with_columns(
        (nw.col("weight") * MILLION).round(0).cast(nw.Int64).alias("millionths")
    )
    columns = ["industry", "definition", "cluster", "traded", "millionths"]
    key = ["scheme", "region", "definition", "cluster", "year", "traded"]
    if by_subcluster:
        weights = weights.with_columns(nw.col("subcluster").fill_null(""))
        columns, key = [*columns, "subcluster"], [*key, "subcluster"]
    joined = employment.join(weights.select(columns), on="industry", how="inner")
    return _sum_counts(joined, key)
