"""The tables of a release about occupations: what a region leads in, what an option would need."""

from __future__ import annotations

import pyarrow as pa

from clusteratlas.tables.contract import (
    REGION,
    SCHEME,
    STATUS,
    YEAR,
    YEAR_COLUMN,
    Column,
    Contract,
    count,
    ratio,
    share,
    text,
)

OCCUPATION = text("occupation", "code of the Standard Occupational Classification")
TITLE = text("title", "title of the occupation; its code where no title was given")
SOURCE = text("source", "source of the figures, a key of provenance")


def _rank(meaning: str) -> Column:
    return Column("rank", pa.int16(), meaning, "rank", minimum=1)


LEADING_OCCUPATIONS = Contract(
    "leading_occupations",
    "The occupations that a region is most specialised in.",
    ("scheme", "region", "occupation", "year"),
    (
        SCHEME,
        REGION,
        OCCUPATION,
        YEAR_COLUMN,
        TITLE,
        count("employment", "jobs", "jobs of the occupation in the region"),
        ratio("location_quotient", "the office's own quotient against the nation"),
        _rank("1 the highest quotient"),
        STATUS,
        SOURCE,
    ),
)

SKILL_GAPS = Contract(
    "skill_gaps",
    "Occupations that an option of a region needs, and how far the region has them.",
    ("scheme", "region", "industry", "occupation"),
    (
        SCHEME,
        REGION,
        text("industry", "code of the industry that is the option"),
        OCCUPATION,
        TITLE,
        share("needed", "share of the industry's jobs that are of it"),
        ratio("location_quotient", "of the region; null where not given, which is no zero"),
        count("employment", "jobs", "jobs of it in the region; null where not given"),
        share("gap", "needed x (1 - quotient), 0 from a quotient of 1 on; null where not known"),
        _rank("1 the largest gap of the industry; gaps not known stand last"),
        text("staffed_as", "code of the industry whose staffing stands for it"),
        SOURCE,
    ),
)

CLUSTER_OCCUPATIONS = Contract(
    "cluster_occupations",
    "The largest occupations of a cluster, from what its industries employ in the nation.",
    ("definition", "cluster", "occupation"),
    (
        text("definition", "cluster definition, such as us-benchmark-2014"),
        text("cluster", "code of the cluster within its definition"),
        OCCUPATION,
        Column("year", YEAR, "year of the staffing figures; null where not told", "year", True),
        TITLE,
        share("share", "share of the cluster's jobs that are of it"),
        ratio("location_quotient", "that share over the share in all clusters together"),
        share("covered", "share of the cluster's jobs whose industry has staffing figures"),
        _rank("1 the largest share"),
        STATUS,
        SOURCE,
    ),
)
