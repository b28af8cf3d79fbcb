"""The tidy twin of `measures`: shares and quotients taken row by row on lazy frames.

This is the only place outside `measures` that holds these two formulas; tests hold the two
against each other.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

Frame = nw.LazyFrame[Any]


def _ratio(upper: nw.Expr, lower: nw.Expr) -> nw.Expr:
    """A quotient of two counts; null where the lower one is null or zero."""
    return nw.when(lower > 0).then(upper.cast(nw.Float64) / lower.cast(nw.Float64))


def shares_and_quotients(clusters: Frame, totals: Frame, *, reference_scheme: str) -> Frame:
    """Add the shares and the location quotient to regional clusters.

    Definition
    ----------
    share_of_region = e_rc / E_r; share_of_traded_or_local = e_rc / (sum over the clusters of the
    same kind of e_rc); location_quotient = share in the region / share in the reference area,
    both of the same kind: within traded or within local jobs where the definition tells them
    apart, else within all jobs E_r. The reference share of a cluster is taken over the reference
    regions that print it: sum of e_kc over sum of the base of the same k.

    Parameters
    ----------
    clusters
        scheme, region, definition, cluster, year, traded, employment (jobs).
    totals
        scheme, region, year, total (jobs).
    reference_scheme
        Scheme whose regions make up the reference area.

    Returns
    -------
    The clusters with share_of_region, share_of_traded_or_local, share_of_nation,
    location_quotient and reference_employment.

    Missing data
    ------------
    A null figure has no share and no quotient, and takes no part in sums. A share of the
    reference area above one (the reference withholds what the region prints) is null.

    Source
    ------
    Delgado, Porter and Stern (2014) for quotients within traded jobs; Hoover and Giarratani (1984).
    """
    place = ["scheme", "region", "definition", "year", "traded"]
    based = (
        clusters.join(totals, on=["scheme", "region", "year"], how="left")
        .with_columns(nw.col("employment").sum().over(place).alias("kind_total"))
        .with_columns(
            nw.when(nw.col("traded").is_null())
            .then(nw.col("total"))
            .otherwise(nw.col("kind_total"))
            .cast(nw.Int64)
            .alias("base")
        )
    )
    reference = (
        based.filter((nw.col("scheme") == reference_scheme) & ~nw.col("employment").is_null())
        .group_by("definition", "cluster", "year")
        .agg(
            nw.col("employment").sum().cast(nw.Int64).alias("reference_employment"),
            nw.col("base").sum().cast(nw.Int64).alias("reference_base"),
        )
    )
    employment = nw.col("employment")
    shared = based.join(reference, on=["definition", "cluster", "year"], how="left").with_columns(
        _ratio(employment, nw.col("total")).alias("share_of_region"),
        nw.when(~nw.col("traded").is_null())
        .then(_ratio(employment, nw.col("kind_total")))
        .alias("share_of_traded_or_local"),
        _ratio(employment, nw.col("reference_employment")).alias("share_of_nation"),
        _ratio(employment, nw.col("base")).alias("own_share"),
        _ratio(nw.col("reference_employment"), nw.col("reference_base")).alias("reference_share"),
    )
    return shared.with_columns(
        nw.when(nw.col("reference_share") > 0)
        .then(nw.col("own_share") / nw.col("reference_share"))
        .alias("location_quotient"),
        nw.when(nw.col("share_of_nation") <= 1)
        .then(nw.col("share_of_nation"))
        .alias("share_of_nation"),
    ).drop("kind_total", "base", "reference_base", "own_share", "reference_share", "total")
