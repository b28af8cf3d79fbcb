"""Tables that keep the draws of a release, so that a sum made later knows its own interval."""

from __future__ import annotations

import pyarrow as pa

from clusteratlas.tables.contract import REGION, SCHEME, YEAR_COLUMN, Column, Contract, text

_DEFINITION = text("definition", "cluster definition, such as us-benchmark-2014")
_CLUSTER = text("cluster", "code of the cluster within its definition")


def _by_draw(name: str, kind: pa.DataType, unit: str, meaning: str) -> Column:
    return Column(name, pa.list_(pa.field("element", kind)), f"{meaning}, one a draw", unit, True)


CLUSTER_DRAWS = Contract(
    "cluster_draws",
    "How far the jobs of a regional cluster lie from its figure in each possible table; no row "
    "where they lie nowhere else.",
    ("scheme", "definition", "year", "region", "cluster"),
    (
        SCHEME,
        _DEFINITION,
        YEAR_COLUMN,
        REGION,
        _CLUSTER,
        _by_draw("deviations", pa.int32(), "jobs", "jobs above (below zero: under) the figure"),
    ),
)

DRAWN_CUTS = Contract(
    "drawn_cuts",
    "What a regional cluster is held against in each possible table of a scheme: the reference "
    "area and the quantiles of strength profile us-2014.",
    ("scheme", "definition", "year", "cluster"),
    (
        SCHEME,
        _DEFINITION,
        YEAR_COLUMN,
        _CLUSTER,
        _by_draw("reference_employment", pa.float64(), "jobs", "jobs in the reference area"),
        _by_draw("reference_base", pa.float64(), "jobs", "jobs that its share is taken of there"),
        _by_draw("employment_cut", pa.float64(), "jobs", "quantile that jobs must exceed"),
        _by_draw(
            "establishments_cut", pa.float64(), "count", "quantile that establishments must exceed"
        ),
        _by_draw("quotient_cut", pa.float64(), "ratio", "quantile of the quotient for strong"),
    ),
)
