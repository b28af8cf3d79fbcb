"""The tables of places below the county: which they are, and the establishments they hold."""

from __future__ import annotations

from clusteratlas.tables.contract import (
    REAL,
    STATUS,
    YEAR_COLUMN,
    Column,
    Contract,
    count,
    text,
)

FEWEST_PRINTED = 3
"""Fewer establishments than this are not printed for a place, nor for a cluster in it."""

PLACE = text("place", "code of the place, such as a ZIP code")
SOURCE = text("source", "source of the figures, a key of provenance")
_RULES = (
    (
        "establishments",
        "status in ('reported', 'estimated') and establishments is null",
        "a {status} figure has no establishments",
        "set the status to unpublished, or give the figure",
    ),
    (
        "establishments",
        "status in ('withheld', 'unpublished') and establishments is not null",
        "a {status} figure has establishments",
        "leave establishments empty where no figure is given",
    ),
)

LOCAL_INDUSTRIES = Contract(
    "local_industries",
    "Establishments of an industry in a place below the county; 00 is all industries.",
    ("place", "industry", "year", "source"),
    (
        PLACE,
        text("industry", "code of the industry at its finest level, or 00"),
        YEAR_COLUMN,
        SOURCE,
        count("establishments", "count", "establishments; null where not given"),
        STATUS,
    ),
    _RULES,
)

LOCAL_PLACES = Contract(
    "local_places",
    "Places below the county, and the region that each lies in.",
    ("place",),
    (
        PLACE,
        SOURCE,
        text("name", "name of the place", nullable=True),
        text("scheme", "scheme of the region; null where it is not known", nullable=True),
        text("region", "region that it lies in, wholly or for the most part", nullable=True),
        Column("longitude", REAL, "of a point inside", "degrees", True, -180, 180),
        Column("latitude", REAL, "of a point inside", "degrees", True, -90, 90),
    ),
    (
        (
            "region",
            "(scheme is null) <> (region is null)",
            "a region goes with its scheme",
            "give both or none",
        ),
    ),
)

LOCAL_ESTABLISHMENTS = Contract(
    "local_establishments",
    "Establishments of a cluster in a place below the county, where the office prints any of its "
    "industries there.",
    ("definition", "cluster", "place", "year", "source"),
    (
        text("definition", "cluster definition, such as us-benchmark-2014"),
        text("cluster", "code of the cluster; * for all establishments of the place"),
        PLACE,
        YEAR_COLUMN,
        SOURCE,
        count("establishments", "count", "sum of printed industries; null below three"),
        STATUS,
    ),
    _RULES,
)
