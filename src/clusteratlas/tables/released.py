"""The tables of a release: the same words in code, file, API and page."""

from __future__ import annotations

import pyarrow as pa

from clusteratlas.tables.contract import (
    REAL,
    REGION,
    SCHEME,
    STATUS,
    WHOLE,
    YEAR,
    YEAR_COLUMN,
    Column,
    Contract,
    count,
    flag,
    rate,
    ratio,
    share,
    text,
)
from clusteratlas.tables.drawn import CLUSTER_DRAWS, DRAWN_CUTS
from clusteratlas.tables.explained import MECHANISMS
from clusteratlas.tables.local import LOCAL_ESTABLISHMENTS, LOCAL_PLACES
from clusteratlas.tables.related import OPTIONS, OPTIONS_SKILL, PEERS, RELATEDNESS
from clusteratlas.tables.skills import CLUSTER_OCCUPATIONS, LEADING_OCCUPATIONS, SKILL_GAPS
from clusteratlas.tables.taken_in import INDICATORS

DEFINITION = text("definition", "cluster definition, such as us-benchmark-2014")
CLUSTER = text("cluster", "code of the cluster within its definition")
BASE_YEAR = Column(
    "change_from_year",
    YEAR,
    "earlier year of this scheme that changes are measured from",
    "year",
    nullable=True,
)


def _count32(name: str, meaning: str) -> Column:
    return Column(name, pa.int32(), meaning, "count", nullable=True, minimum=0)


def _jobs(name: str, meaning: str) -> Column:
    """A number of jobs that may be below zero and need not be whole."""
    return Column(name, REAL, meaning, "jobs", nullable=True)


def _bits(name: str, meaning: str) -> Column:
    return Column(name, REAL, meaning, "bits", nullable=True, minimum=0)


COUNTS = (
    count("employment", "jobs", "sum of what is known; null when nothing is known"),
    count("employment_low", "jobs", "lower end of the 90 % interval; the figure where printed"),
    count("employment_high", "jobs", "upper end; null when there is none"),
    count("establishments", "count", "establishments; null when not given"),
    count("payroll", "currency, thousands", "annual payroll; null when not given"),
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
        "and employment is distinct from employment_low "
        "and coalesce( employment_reported , employment ) = employment",
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
        text("industry", "code in the classification of the source, any level"),
        YEAR_COLUMN,
        text("source", "source of the figures, a key of provenance"),
        *COUNTS,
        STATUS,
        count("printed_in", "count", "smallest regions whose printed figure is in the sum"),
        count("employment_reported", "jobs", "part of employment that the office prints"),
    ),
    (
        *STATUS_RULES,
        (
            "employment_reported",
            "employment_reported > employment",
            "employment_reported is above employment",
            "it is the part of employment that the office prints",
        ),
    ),
)

REGIONS = Contract(
    "regions",
    "The places, each in a region scheme.",
    ("scheme", "region"),
    (
        SCHEME,
        REGION,
        text("name", "name of the region"),
        text("kind", "metro area, micro area, county, state, NUTS 2 ..."),
        text("parent", "code of the region it lies in, in the parent scheme", nullable=True),
        text("country", "two-letter country code", nullable=True),
        Column("longitude", REAL, "of a point inside", "degrees", True, -180, 180),
        Column("latitude", REAL, "of a point inside", "degrees", True, -90, 90),
        count("population", "persons", "population"),
        share("coverage", "share of its population (else its territory) that the source covers"),
    ),
)

MEMBERSHIPS = Contract(
    "memberships",
    "Which region lies, wholly or in part, in which larger region of another scheme.",
    ("scheme", "region", "in_scheme", "in_region"),
    (
        SCHEME,
        REGION,
        text("in_scheme", "scheme of the larger region"),
        text("in_region", "code of the larger region"),
    ),
)

INDUSTRIES = Contract(
    "industries",
    "The classes of an industry classification, all levels.",
    ("classification", "industry"),
    (
        text("classification", "such as naics-2017 or nace-2"),
        text("industry", "code of the class"),
        text("title", "title of the class"),
        text("parent", "code of the class above", nullable=True),
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
        text("name", "name of the cluster"),
        flag("traded", "traded or local; null where the definition does not say"),
    ),
)

DEFINITIONS = Contract(
    "definitions",
    "Which industry belongs to which cluster, by how much.",
    ("definition", "classification", "industry", "cluster"),
    (
        DEFINITION,
        text("classification", "such as naics-2017"),
        text("industry", "code of the industry"),
        CLUSTER,
        text("subcluster", "name of the subcluster", nullable=True),
        flag("traded", "traded or local; null where the definition does not say"),
        Column("weight", REAL, "share of the industry", "share 0-1", False, 0, 1),
    ),
)

_REGIONAL = (
    *COUNTS,
    STATUS,
    share("reported_share", "share of its jobs that the office prints; null when not known"),
    share("share_of_region", "share of all jobs of the region (coarse totals where printed)"),
    share("share_of_traded_or_local", "share of the region's traded (or local) jobs"),
    share("share_of_nation", "share of the cluster's jobs in the reference area"),
    ratio("location_quotient", "share within the region over the same share of the reference"),
    ratio("location_quotient_low", "lower end of the 90 % interval; null without draws"),
    ratio("location_quotient_high", "upper end of the 90 % interval; null without draws"),
    BASE_YEAR,
    Column("employment_change", WHOLE, "jobs gained since change_from_year", "jobs", True),
    rate("employment_growth", "compound growth of jobs since change_from_year"),
)
_RANKS = (
    Column("rank", pa.int32(), "place by quotient, 1 highest, ties share the best", "rank", True),
    Column("ranked", pa.int32(), "number of regions ranked", "count", True),
    share("percentile", "share of the other ranked regions that it beats or equals"),
    Column("rank_by_employment", pa.int32(), "place by jobs, ties share the best", "rank", True),
    flag("qualifying", "strength profile us-2014"),
    flag("significant", "strength profile us-2014"),
    flag("strong", "strength profile us-2014"),
    flag("strong10", "strength profile us-2014"),
    Column("stars_eu_2007", pa.int8(), "strength profile eu-stars-2007", "stars 0-3", True, 0, 3),
    text(
        "profiles_held",
        "strength profiles under which it counts as a cluster, with commas; empty: none",
        nullable=True,
    ),
    share("probability_strong", "share of draws in which the whole rule says strong"),
    Column("rank_low", pa.int32(), "best place of the 90 % interval of its rank", "rank", True),
    Column("rank_high", pa.int32(), "worst place of the 90 % interval of its rank", "rank", True),
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
        text("subcluster", "name of the subcluster"),
        YEAR_COLUMN,
        *COUNTS,
        STATUS,
        share("share_of_nation", "share of the subcluster's jobs in the reference area"),
        ratio("location_quotient", "as for the cluster"),
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
        count("employment", "jobs", "all jobs: coarse totals where printed, else their parts"),
        count("employment_in_clusters", "jobs", "jobs printed in industries of the definition"),
        count("establishments", "count", "establishments printed in industries"),
        count("payroll", "currency, thousands", "payroll printed in industries"),
        share("reported_share", "jobs printed by industry over all jobs"),
        count("traded_employment", "jobs", "jobs in traded clusters"),
        count("local_employment", "jobs", "jobs in local clusters"),
        share("traded_share", "traded over traded and local jobs"),
        share("traded_share_low", "lower end of its 90 % interval; null without draws"),
        share("traded_share_high", "upper end of its 90 % interval; null without draws"),
        share("cluster_strength", "share of (traded) jobs in strong clusters, us-2014"),
        share("cluster_strength_low", "lower end of its 90 % interval; null without draws"),
        share("cluster_strength_high", "upper end of its 90 % interval; null without draws"),
        Column("strong_clusters", pa.int32(), "number of strong clusters", "count", True),
        _count32("strong_clusters_low", "lower end of its 90 % interval; null without draws"),
        _count32("strong_clusters_high", "upper end of its 90 % interval; null without draws"),
        count("withheld_clusters", "count", "clusters with a withheld figure"),
        share("concentration", "Herfindahl index of its jobs over the finest industries"),
        _bits("unrelated_variety", "entropy of its jobs over sectors (NACE: sections)"),
        _bits("related_variety", "entropy over the finest industries within those"),
        Column(
            "rank_by_employment", pa.int32(), "place by jobs, ties share the best", "rank", True
        ),
        Column("ranked", pa.int32(), "number of regions of the scheme", "count"),
        BASE_YEAR,
        Column("employment_change", WHOLE, "jobs gained since change_from_year", "jobs", True),
        rate("employment_growth", "compound growth of jobs since change_from_year"),
        _jobs("change_national", "shift-share: what all regions' growth would have brought"),
        _jobs("change_mix", "shift-share: what its mix of clusters brought beyond that"),
        _jobs("change_competitive", "shift-share: what its own growth by cluster brought"),
        _jobs("change_new", "shift-share: jobs in clusters it did not have before"),
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
        count("employment", "jobs", "jobs in the reference area"),
        count("employment_low", "jobs", "lower end of its 90 % interval; null without draws"),
        count("employment_high", "jobs", "upper end of its 90 % interval; null without draws"),
        count("establishments", "count", "establishments in the reference area"),
        count("payroll", "currency, thousands", "payroll in the reference area"),
        STATUS,
        share("reported_share", "share of its jobs that is printed in the reference area"),
        share("share_of_reference", "share of the reference area's traded, local or all jobs"),
        Column("regions_present", pa.int32(), "regions with printed jobs", "count"),
        share("locational_gini", "0 spread like all jobs, towards 1 in few regions (Hoover)"),
        Column("regions_strong", pa.int32(), "regions where it is strong", "count", True),
        _count32("regions_strong_low", "lower end of its 90 % interval; null without draws"),
        _count32("regions_strong_high", "upper end of its 90 % interval; null without draws"),
        share("share_in_strong_regions", "share of its jobs that lie in strong regions"),
        share("share_in_strong_regions_low", "lower end of its 90 % interval"),
        share("share_in_strong_regions_high", "upper end of its 90 % interval"),
        BASE_YEAR,
        Column("employment_change", WHOLE, "jobs gained since change_from_year", "jobs", True),
        rate("employment_growth", "compound growth of jobs since change_from_year"),
    ),
)

PROVENANCE = Contract(
    "provenance",
    "Where the figures of each table come from.",
    ("table", "source"),
    (
        text("table", "table of the release"),
        text("source", "source, as named in the employment table"),
        text("publisher", "who publishes the figures"),
        text("title", "title of the publication"),
        text("address", "where the publisher describes or offers it", nullable=True),
        text("retrieved", "date of the copy", nullable=True),
        text("checksum", "SHA-256 of the file read", nullable=True),
        text("licence", "terms of reuse"),
        text("covers", "what the figures cover and what is missing"),
        text("code_version", "version of Cluster Atlas"),
        text("parameters", "arguments of the step, as JSON with sorted keys"),
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
        CLUSTER_DRAWS,
        DRAWN_CUTS,
        RELATEDNESS,
        MECHANISMS,
        OPTIONS,
        OPTIONS_SKILL,
        PEERS,
        LEADING_OCCUPATIONS,
        SKILL_GAPS,
        CLUSTER_OCCUPATIONS,
        INDICATORS,
        LOCAL_PLACES,
        LOCAL_ESTABLISHMENTS,
        PROVENANCE,
    )
}
"""Every contract of a release by the name of its table."""
