"""The table of a release about what goes with lying together inside a cluster."""

from __future__ import annotations

from clusteratlas.tables.contract import REAL, Column, Contract, count, share, text

FEWEST_PAIRS = 30
"""Fewer pairs of industries are refused an answer."""


def _measured(name: str, unit: str, meaning: str) -> Column:
    """A real number that may be below zero; null where it is refused."""
    return Column(name, REAL, meaning, unit, nullable=True)


MECHANISMS = Contract(
    "mechanisms",
    "Which mechanism goes with lying together, over the pairs of industries of a cluster.",
    ("definition", "cluster", "mechanism"),
    (
        text("definition", "cluster definition, such as us-benchmark-2014"),
        text("cluster", "code of the cluster within its definition"),
        text("mechanism", "supply, skills ... in words; none where refused"),
        text("component", "component that stands for it; empty where refused", nullable=True),
        _measured("coefficient", "standard deviations", "of the outcome for one of the component"),
        Column(
            "standard_error",
            REAL,
            "by leaving out each industry in turn",
            "standard deviations",
            nullable=True,
            minimum=0,
        ),
        _measured("low", "standard deviations", "lower end of the 95 % interval"),
        _measured("high", "standard deviations", "upper end of the 95 % interval"),
        share("p_value", "by reordering the industries; small: no chance"),
        count("pairs", "count", "pairs of industries that could be compared"),
        count("industries", "count", "industries in these pairs; of the cluster where refused"),
        share("explained", "share of the outcome's variance that all mechanisms explain, R2"),
        text("outcome", "component that is explained"),
        text("refused", "why there is no figure; empty where there is one", nullable=True),
        text("source", "source of the components, a key of provenance"),
    ),
)
