"""The tables that files are taken in as, besides `employment`: indicators, occupations, flows."""

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
    ratio,
    share,
    text,
)
from clusteratlas.tables.local import LOCAL_INDUSTRIES, LOCAL_PLACES

SOURCE = text("source", "source of the figures, a key of provenance")
OCCUPATION = text("occupation", "code of the Standard Occupational Classification, 00-0000 is all")
OCCUPATION_TITLE = text("occupation_title", "title of the occupation")
OCCUPATION_LEVEL = text(
    "occupation_level",
    "total, major, minor, broad or detailed; empty where not said",
    nullable=True,
)
WAGE = Column(
    "mean_annual_wage", REAL, "mean annual wage; empty where not given", "USD", True, minimum=0
)
WAGE_NOTE = text(
    "wage_note",
    "why there is no wage: not available, or at least the top code of the office",
    nullable=True,
    words=("not available", "top-coded"),
)
STANDARD_ERROR = Column(
    "relative_standard_error",
    REAL,
    "relative standard error of employment as the office prints it",
    "percent",
    True,
    minimum=0,
)


def _figure_rules(column: str) -> tuple[tuple[str, str, str, str], ...]:
    return (
        (
            column,
            f"status in ('reported', 'estimated') and {column} is null",
            "a {status} figure has no " + column,
            "set the status to withheld or unpublished, or give the figure",
        ),
        (
            column,
            f"status in ('withheld', 'unpublished') and {column} is not null",
            "a {status} figure has " + column,
            f"leave {column} empty where no figure is given",
        ),
    )


INDICATORS = Contract(
    "indicators",
    "Other figures of a region: output a head, unemployment, patents, attainment ...",
    ("scheme", "region", "indicator", "year", "source"),
    (
        SCHEME,
        REGION,
        text("indicator", "code of the indicator, such as unemployment-rate"),
        YEAR_COLUMN,
        SOURCE,
        text("title", "name of the indicator"),
        Column("value", REAL, "the figure; null where it is not given", "as `unit` says", True),
        text("unit", "unit of the value"),
        STATUS,
    ),
    _figure_rules("value"),
)

INDUSTRY_OCCUPATIONS = Contract(
    "industry_occupations",
    "Jobs of an occupation within an industry of the nation.",
    ("classification", "industry", "occupation", "year", "source"),
    (
        text("classification", "classification of the industry codes, with its vintage"),
        text("industry", "code as the office prints it; letters combine several classes"),
        OCCUPATION,
        YEAR_COLUMN,
        SOURCE,
        text("industry_title", "title of the industry"),
        text("industry_level", "cross-industry, sector, 3-digit ... as the office says"),
        text("covers", "classes that a combined code stands for, a blank between", nullable=True),
        text("ownership", "code of the owners counted, as the office prints it"),
        OCCUPATION_TITLE,
        OCCUPATION_LEVEL,
        count("employment", "jobs", "jobs; null where not released"),
        STANDARD_ERROR,
        share("share_of_industry", "share of the industry's jobs, as the office prints it"),
        WAGE,
        WAGE_NOTE,
        STATUS,
    ),
    _figure_rules("employment"),
)

REGIONAL_OCCUPATIONS = Contract(
    "regional_occupations",
    "Jobs of an occupation in a region.",
    ("scheme", "region", "occupation", "year", "source"),
    (
        SCHEME,
        REGION,
        OCCUPATION,
        YEAR_COLUMN,
        SOURCE,
        text("region_title", "name of the area as the office prints it"),
        OCCUPATION_TITLE,
        OCCUPATION_LEVEL,
        count("employment", "jobs", "jobs; null where not released"),
        STANDARD_ERROR,
        Column(
            "jobs_per_1000",
            REAL,
            "jobs in the occupation in 1,000 jobs of the area",
            "jobs in 1,000",
            True,
            0,
            1000,
        ),
        ratio("location_quotient", "the office's own quotient against the nation"),
        WAGE,
        WAGE_NOTE,
        STATUS,
    ),
    _figure_rules("employment"),
)

KINDS = ("commodity", "industry", "final use", "value added", "total", "other")

INPUT_OUTPUT = Contract(
    "input_output",
    "What industries use of each commodity, and what they make of it; a zero flow has no row.",
    ("table", "row", "column", "year", "source"),
    (
        text(
            "table",
            "use (commodities by industries) or make (industries by commodities)",
            words=("use", "make"),
        ),
        text("row", "code of the row in the office's own codes"),
        text("column", "code of the column in the office's own codes"),
        YEAR_COLUMN,
        SOURCE,
        text("row_title", "title of the row"),
        text("column_title", "title of the column"),
        text("row_kind", "what the row is", words=KINDS),
        text("column_kind", "what the column is", words=KINDS),
        Column("value", REAL, "flow at producers' prices; may be negative", "USD, millions"),
    ),
)

BEA_CODES = Contract(
    "bea_codes",
    "Which class of NAICS belongs to which industry of the input-output tables, many to many.",
    ("bea", "classification", "industry", "source"),
    (
        text("bea", "detail code of the Bureau of Economic Analysis"),
        text("classification", "classification of the industry, with its vintage"),
        text("industry", "six-digit class that the code holds, wholly or in part"),
        SOURCE,
        text("bea_title", "title of the detail code"),
        Column("industries_of_code", pa.int32(), "classes that the code holds", "count", minimum=1),
        Column("codes_of_industry", pa.int32(), "codes that share the class", "count", minimum=1),
        text(
            "finer",
            "the side that is finer: bea (flows are added up), naics (flows are split), "
            "same, or neither (both are split)",
            words=("bea", "naics", "same", "neither"),
        ),
    ),
)

TAKEN_IN = {
    contract.name: contract
    for contract in (
        INDICATORS,
        INDUSTRY_OCCUPATIONS,
        REGIONAL_OCCUPATIONS,
        INPUT_OUTPUT,
        BEA_CODES,
        LOCAL_INDUSTRIES,
        LOCAL_PLACES,
    )
}
"""Every contract that files besides those of employment are taken in as, by name."""
