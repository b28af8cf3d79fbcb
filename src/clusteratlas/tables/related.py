"""The tables of a release about how clusters relate and what lies near a region's own mix."""

from __future__ import annotations

import pyarrow as pa

from clusteratlas.tables.contract import (
    REAL,
    REGION,
    SCHEME,
    STATUS,
    YEAR_COLUMN,
    Column,
    Contract,
    count,
    flag,
    ratio,
    share,
    text,
)

COMPONENTS = (
    "colocation_employment",
    "colocation_establishments",
    "coagglomeration",
    "input_output",
    "occupations",
    "skill_flows",
)
"""What relatedness is made of, each kept apart in a column of its own."""

RULES = ("strong link", "link", "nearest", "")
"""Why two clusters count as related; empty where they do not."""

ABSENT, GROWING = "absent", "growing"
KINDS = (ABSENT, GROWING)
"""Industries a region lacks (quotient below 0.5) and those it is growing into (0.5 to 1)."""

SAMPLES = ("all", "observed start", "durable")
SPLITS = ("in sample", "out of time")

PEERS_OF_A_REGION = 10


def _measured(name: str, unit: str, meaning: str) -> Column:
    """A real number that may be below zero; null when not at hand."""
    return Column(name, REAL, meaning, unit, nullable=True)


RELATEDNESS = Contract(
    "relatedness",
    "How related the industries of one cluster are to those of another, or among themselves.",
    ("definition", "a", "b"),
    (
        text("definition", "cluster definition, such as us-benchmark-2014"),
        text("a", "code of the cluster that is looked at"),
        text("b", "code of the other cluster; the same code for the industries within"),
        _measured("colocation_employment", "correlation", "of jobs over regions; mean of pairs"),
        _measured("colocation_establishments", "correlation", "the same of establishments"),
        _measured("coagglomeration", "index", "Ellison-Glaeser-Kerr; mean of pairs"),
        _measured("input_output", "share", "largest of the four shares bought or sold; mean"),
        _measured("occupations", "correlation", "of shares of occupations; mean of pairs"),
        _measured("skill_flows", "index", "relatedness by workers who change; mean of pairs"),
        _measured("composite", "standard deviations", "mean of the standardised components"),
        share("percentile", "place of the composite among all pairs of two clusters"),
        share("percentile_of_a", "place of the composite among the pairs of a"),
        share("linked_share_a", "share of a's industries with a link above the 90th percentile"),
        share("linked_share_b", "share of b's industries with a link above the 90th percentile"),
        flag("related", "whether b counts as related to a"),
        text("rule", "why it does; empty where it does not", nullable=True, words=RULES),
        text(
            "carried_by",
            "three strongest pairs of industries, a's first: 332710-333517 ...; empty: none",
            nullable=True,
        ),
        text("source", "source of the components, a key of provenance"),
    ),
)

OPTIONS = Contract(
    "options",
    "Industries that a region lacks or is growing into, with what lies near and the odds.",
    ("scheme", "region", "industry", "year"),
    (
        SCHEME,
        REGION,
        text("industry", "code of the industry"),
        YEAR_COLUMN,
        text("classification", "such as naics-2017 or nace-2"),
        text("cluster", "its cluster in the scheme's default definition", nullable=True),
        text("kind", "absent: quotient below 0.5; growing: 0.5 to 1", words=KINDS),
        count("employment", "jobs", "jobs of the industry in the region"),
        count("employment_low", "jobs", "lower end of the 90 % interval"),
        count("employment_high", "jobs", "upper end of the 90 % interval"),
        STATUS,
        ratio("location_quotient", "share of the region's (traded) jobs over that of all regions"),
        share("density", "relatedness density by the composite: how much of what is near is there"),
        share("density_colocation", "the same by co-location alone"),
        share("density_supply", "the same by input-output links alone"),
        share("density_skills", "the same by shared occupations or skill flows alone"),
        _measured("complexity", "z-score", "product complexity; null when refused"),
        share("probability", "calibrated odds of a quotient of 1 or more after the horizon"),
        Column("horizon", pa.int16(), "years the probability looks ahead", "years", True, 1),
        Column("rank", pa.int32(), "place in the region and kind, 1 most probable", "rank"),
        text(
            "supporting_industries",
            "up to 5 codes with commas, the strongest first; empty: none",
            nullable=True,
        ),
        text(
            "peers_moved",
            "codes of regions that made this move, with commas; empty: none",
            nullable=True,
        ),
    ),
)

OPTIONS_SKILL = Contract(
    "options_skill",
    "How well entries of the past are told beforehand, for each way of telling them.",
    ("scheme", "year", "sample", "split", "predictor"),
    (
        SCHEME,
        YEAR_COLUMN,
        text("sample", "which cells: all, those observed at the start, durable", words=SAMPLES),
        text("split", "judged on the years learned from, or on later ones", words=SPLITS),
        text("predictor", "what the probability is made of"),
        count("cells", "count", "region x industry cells that could have been entered"),
        count("events", "count", "cells that were"),
        share("auc", "chance that an entry is ranked above a cell without"),
        share("average_precision", "mean precision over the ranks of the entries"),
        share("brier", "mean squared error of the probability"),
        share("brier_constant", "the same of one probability for all"),
        share("precision_at_10", "share of entries among the first ten options of a region"),
        _measured("calibration_slope", "slope", "1 where the odds are neither timid nor bold"),
    ),
)

PEERS = Contract(
    "peers",
    "Regions built alike, by what changes slowly.",
    ("scheme", "region", "peer"),
    (
        SCHEME,
        REGION,
        text("peer", "code of the region that is like it"),
        Column(
            "rank",
            pa.int16(),
            "1 the most alike",
            "rank",
            minimum=1,
            maximum=PEERS_OF_A_REGION,
        ),
        Column(
            "distance", REAL, "how unlike, the same both ways", "standard deviations", minimum=0
        ),
    ),
)
