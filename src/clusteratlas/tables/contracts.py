"""What each table holds: one contract a table, the same words in code, file, API and page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from clusteratlas.tables.status import STATUSES

TEXT, WHOLE, REAL, FLAG, YEAR = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.int16()


@dataclass(frozen=True)
class Column:
    """One column: its name, type, unit and what may stand in it."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """One table: its key and columns. ``rules`` are conditions between columns that must hold.

    A rule is (name of the column to blame, condition that is true for a *bad* row in DuckDB's SQL,
    problem, hint).
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[tuple[str, str, str, str], ...] = ()

    @cached_property
    def schema(self) -> pa.Schema:
        """The table's columns as Arrow types, units in the field metadata."""
        return pa.schema(
            [
                pa.field(
                    column.name,
                    column.type,
                    column.nullable,
                    {"unit": column.unit, "meaning": column.meaning},
                )
                for column in self.columns
            ]
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def _text(name: str, meaning: str, **options: object) -> Column:
    return Column(name, TEXT, meaning, **options)  # type: ignore[arg-type]


def _count(name: str, unit: str, meaning: str) -> Column:
    return Column(name, WHOLE, meaning, unit, nullable=True, minimum=0)


def _share(name: str, meaning: str) -> Column:
    return Column(name, REAL, meaning, "share 0-1", nullable=True, minimum=0, maximum=1)


def _ratio(name: str, meaning: str) -> Column:
    return Column(name, REAL, meaning, "ratio", nullable=True, minimum=0)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, FLAG, meaning, "true, false or not known", nullable=True)


def _rate(name: str, meaning: str) -> Column:
    return Column(name, REAL, meaning, "rate a year", nullable=True, minimum=-1)


SCHEME = _text("scheme", "region scheme, such as us-county, us-cbsa, nuts-2")
REGION = _text("region", "code of the region within its scheme")
DEFINITION = _text("definition", "cluster definition, such as us-benchmark-2014")
CLUSTER = _text("cluster", "code of the cluster within its definition")
YEAR_COLUMN = Column("year", YEAR, "reference year of the figures", "year", minimum=1900)
STATUS = _text("status", "what kind of figure this is", words=STATUSES)
BASE_YEAR = Column(
    "change_from_year",
    YEAR,
    "earlier year of this scheme that changes are measured from",
    "year",
    nullable=True,
)

COUNTS = (
    _count("employment", "jobs", "sum of what is known; null when nothing is known"),
    _count("employment_low", "jobs", "lower bound"),
    _count("employment_high", "jobs", "upper bound; null when there is none"),
    _count("establishments", "count", "establishments; null when not given"),
    _count("payroll", "currency, thousands", "annual payroll; null when not given"),
)

STATUS_RULES = (
    (
        "employment",
        "status in ('reported', 'estimated') and employment is null",
        "a {status} figure has no employment",
        "set the status to withheld or unpublished, or give the figure",
    ),
    (
        "employment",
        "status = 'withheld' and employment is not null "
        "and employment is distinct from employment_low",
        "a withheld figure may only hold the part that is known, with employment_low equal to it",
        "leave employment empty where the office withholds the whole figure",
    ),
    (
        "employment",
        "status = 'unpublished' and employment is not null",
        "an unpublished figure has employment",
        "a row that the office prints is reported or withheld",
    ),
    (
        "employment_high",
        "employment_high < employment_low",
        "employment_high is below employment_low",
        "",
    ),
    (
        "employment",
        "employment < employment_low or employment > employment_high",
        "employment lies outside its own bounds",
        "",
    ),
)

EMPLOYMENT = Contract(
    "employment",
    "Jobs, establishments and payroll of an industry in a region and year.",
    ("scheme", "region", "industry", "year", "source"),
    (
        SCHEME,
        REGION,
        _text("industry", "code in the classification of the source, any level"),
        YEAR_COLUMN,
        _text("source", "source of the figures, a key of provenance"),
        *COUNTS,
        STATUS,
        _count("printed_in", "count", "smallest regions whose printed figure is in the sum"),
    ),
    STATUS_RULES,
)

REGIONS = Contract(
    "regions",
    "The places, each in a region scheme.",
    ("scheme", "region"),
    (
        SCHEME,
        REGION,
        _text("name", "name of the region"),
        _text("kind", "metro area, micro area, county, state, NUTS 2 ..."),
        _text("parent", "code of the region it lies in, in the parent scheme", nullable=True),
        _text("country", "two-letter country code", nullable=True),
        Column("longitude", REAL, "of a point inside", "degrees", True, -180, 180),
        Column("latitude", REAL, "of a point inside", "degrees", True, -90, 90),
        _count("population", "persons", "population"),
        _share("coverage", "share of its population (else its territory) that the source covers"),
    ),
)

MEMBERSHIPS = Contract(
    "memberships",
    "Which region lies, wholly or in part, in which larger region of another scheme.",
    ("scheme", "region", "in_scheme", "in_region"),
    (
        SCHEME,
        REGION,
        _text("in_scheme", "scheme of the larger region"),
        _text("in_region", "code of the larger region"),
    ),
)

INDUSTRIES = Contract(
    "industries",
    "The classes of an industry classification, all levels.",
    ("classification", "industry"),
    (
        _text("classification", "such as naics-2017 or nace-2"),
        _text("industry", "code of the class"),
        _text("title", "title of the class"),
        _text("parent", "code of the class above", nullable=True),
        Column("level", pa.int8(), "digits of the code; 0 is the total, 1 a section", "digits"),
    ),
)

CLUSTERS = Contract(
    "clusters",
    "The clusters of a definition.",
    ("definition", "cluster"),
    (
        DEFINITION,
        CLUSTER,
        _text("name", "name of the cluster"),
        _flag("traded", "traded or local; null where the definition does not say"),
    ),
)

DEFINITIONS = Contract(
    "definitions",
    "Which industry belongs to which cluster, by how much.",
    ("definition", "classification", "industry", "cluster"),
    (
        DEFINITION,
        _text("classification", "such as naics-2017"),
        _text("industry", "code of the industry"),
        CLUSTER,
        _text("subcluster", "name of the subcluster", nullable=True),
        _flag("traded", "traded or local; null where the definition does not say"),
        Column("weight", REAL, "share of the industry", "share 0-1", False, 0, 1),
    ),
)

_REGIONAL = (
    *COUNTS,
    STATUS,
    _share("reported_share", "share of its likely jobs that the office prints"),
    _share("share_of_region", "share of all jobs of the region (coarse totals where printed)"),
    _share("share_of_traded_or_local", "share of the region's traded (or local) jobs"),
    _share("share_of_nation", "share of the cluster's jobs in the reference area"),
    _ratio("location_quotient", "share within the region over the same share of the reference"),
    _ratio("location_quotient_low", "lower bound; null until withheld cells are filled"),
    _ratio("location_quotient_high", "upper bound; null until withheld cells are filled"),
    BASE_YEAR,
    Column("employment_change", WHOLE, "jobs gained since change_from_year", "jobs", True),
    _rate("employment_growth", "compound growth of jobs since change_from_year"),
)
_RANKS = (
    Column("rank", pa.int32(), "place by quotient, 1 highest, ties share the best", "rank", True),
    Column("ranked", pa.int32(), "number of regions ranked", "count", True),
    _share("percentile", "share of the other ranked regions that it beats or equals"),
    Column("rank_by_employment", pa.int32(), "place by jobs, ties share the best", "rank", True),
    _flag("qualifying", "strength profile us-2014"),
    _flag("significant", "strength profile us-2014"),
    _flag("strong", "strength profile us-2014"),
    _flag("strong10", "strength profile us-2014"),
    _share("probability_strong", "null until withheld cells are filled"),
)

REGIONAL_CLUSTERS = Contract(
    "regional_clusters",
    "A cluster in a region and year, for every region and cluster of the release.",
    ("scheme", "region", "definition", "cluster", "year"),
    (SCHEME, REGION, DEFINITION, CLUSTER, YEAR_COLUMN, *_REGIONAL, *_RANKS),
)

REGIONAL_SUBCLUSTERS = Contract(
    "regional_subclusters",
    "A subcluster in a region and year, where the office prints any of its industries.",
    ("scheme", "region", "definition", "cluster", "subcluster", "year"),
    (
        SCHEME,
        REGION,
        DEFINITION,
        CLUSTER,
        _text("subcluster", "name of the subcluster"),
        YEAR_COLUMN,
        *COUNTS,
        STATUS,
        _share("share_of_nation", "share of the subcluster's jobs in the reference area"),
        _ratio("location_quotient", "as for the cluster"),
    ),
)

REGION_PROFILE = Contract(
    "region_profile",
    "A region as a whole, seen through one definition.",
    ("scheme", "region", "definition", "year"),
    (
        SCHEME,
        REGION,
        DEFINITION,
        YEAR_COLUMN,
        _count("employment", "jobs", "all jobs: coarse totals where printed, else their parts"),
        _count("employment_in_clusters", "jobs", "jobs printed in industries of the definition"),
        _count("establishments", "count", "establishments printed in industries"),
        _count("payroll", "currency, thousands", "payroll printed in industries"),
        _share("reported_share", "jobs printed by industry over all jobs"),
        _count("traded_employment", "jobs", "jobs in traded clusters"),
        _count("local_employment", "jobs", "jobs in local clusters"),
        _share("traded_share", "traded over traded and local jobs"),
        _share("cluster_strength", "share of (traded) jobs in strong clusters, us-2014"),
        Column("strong_clusters", pa.int32(), "number of strong clusters", "count", True),
        _count("withheld_clusters", "count", "clusters with a withheld figure"),
        Column(
            "rank_by_employment", pa.int32(), "place by jobs, ties share the best", "rank", True
        ),
        Column("ranked", pa.int32(), "number of regions of the scheme", "count"),
        BASE_YEAR,
        Column("employment_change", WHOLE, "jobs gained since change_from_year", "jobs", True),
        _rate("employment_growth", "compound growth of jobs since change_from_year"),
        STATUS,
    ),
)

CLUSTER_PROFILE = Contract(
    "cluster_profile",
    "A cluster as a whole, over the regions of one scheme.",
    ("scheme", "definition", "cluster", "year"),
    (
        SCHEME,
        DEFINITION,
        CLUSTER,
        YEAR_COLUMN,
        _count("employment", "jobs", "jobs in the reference area"),
        _count("establishments", "count", "establishments in the reference area"),
        _count("payroll", "currency, thousands", "payroll in the reference area"),
        STATUS,
        _share("reported_share", "share of its likely jobs that is printed in the reference area"),
        _share("share_of_reference", "share of the reference area's traded, local or all jobs"),
        Column("regions_present", pa.int32(), "regions with printed jobs", "count"),
        Column("regions_strong", pa.int32(), "regions where it is strong", "count", True),
        _share("share_in_strong_regions", "share of its jobs that lie in strong regions"),
        BASE_YEAR,
        Column("employment_change", WHOLE, "jobs gained since change_from_year", "jobs", True),
        _rate("employment_growth", "compound growth of jobs since change_from_year"),
    ),
)

PROVENANCE = Contract(
    "provenance",
    "Where the figures of each table come from.",
    ("table", "source"),
    (
        _text("table", "table of the release"),
        _text("source", "source, as named in the employment table"),
        _text("publisher", "who publishes the figures"),
        _text("title", "title of the publication"),
        _text("address", "where the publisher describes or offers it", nullable=True),
        _text("retrieved", "date of the copy", nullable=True),
        _text("checksum", "SHA-256 of the file read", nullable=True),
        _text("licence", "terms of reuse"),
        _text("covers", "what the figures cover and what is missing"),
        _text("code_version", "version of Cluster Atlas"),
        _text("parameters", "arguments of the step, as JSON with sorted keys"),
    ),
)

CONTRACTS = {
    contract.name: contract
    for contract in (
        EMPLOYMENT,
        REGIONS,
        MEMBERSHIPS,
        INDUSTRIES,
        CLUSTERS,
        DEFINITIONS,
        REGIONAL_CLUSTERS,
        REGIONAL_SUBCLUSTERS,
        REGION_PROFILE,
        CLUSTER_PROFILE,
        PROVENANCE,
    )
}
"""Every contract by the name of its table."""
