"""Region schemes: places with names, points, population; what lies in what; shared borders."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pyarrow as pa

from clusteratlas.classification.packaged import Row, read_packaged
from clusteratlas.tables import MEMBERSHIPS, REGIONS, CannotAnswer

UNITED_STATES: Final = (
    "us-nation",
    "us-state",
    "us-cbsa",
    "us-rest-of-state",
    "us-county",
    "us-part",
)
EUROPE: Final = {"nuts-0": 2, "nuts-1": 3, "nuts-2": 4}
"""Length of the code in each European scheme."""

DISTRICT: Final = "11001"
"""The District of Columbia: the county figures at hand do not cover it."""

NUTS_KINDS: Final = {"nuts-0": "country", "nuts-1": "NUTS 1", "nuts-2": "NUTS 2"}
Pairs = Iterable[tuple[str, str]]


def schemes() -> tuple[str, ...]:
    """Return the names of the region schemes at hand.

    >>> schemes()[:3]
    ('us-nation', 'us-state', 'us-cbsa')
    """
    return (*UNITED_STATES, *EUROPE)


@lru_cache(maxsize=16)
def regions(scheme: str) -> pa.Table:
    """Return the regions of a scheme.

    Definition
    ----------
    American counties are those of the March 2020 delineation of metropolitan and micropolitan
    areas (50 states and the District of Columbia). ``us-rest-of-state`` holds a state's counties
    outside every such area; ``us-part`` cuts areas at state borders. The NUTS schemes hold the
    union of the vintages 2006, 2010, 2013, 2016 and 2021 (see `nuts_vintages`).

    Parameters
    ----------
    scheme
        One of `schemes`.

    Returns
    -------
    pa.Table
        Contract ``REGIONS``, sorted by code. American points are area centroids (or lie inside on
        the same latitude), European ones label points of NUTS 2 and their means above it.
        Population in persons (American Community Survey 2014-2018). ``coverage`` is the share of
        the population that County Business Patterns as at hand covers: below 1 where the District
        of Columbia belongs to the region.

    Missing data
    ------------
    European population is null. NUTS 1 regions made only of overseas territories have no point.
    ``country`` follows Eurostat: EL is Greece, UK the United Kingdom.

    Raises
    ------
    CannotAnswer
        When the scheme is not at hand.

    Source
    ------
    US Census Bureau; Eurostat and EuroGeographics; us-atlas (see data/README.md).

    Example
    -------
    >>> table = regions("us-cbsa")
    >>> table["name"][table["region"].index("41940").as_py()].as_py()
    'San Jose-Sunnyvale-Santa Clara, CA'
    """
    _known(scheme)
    if scheme in EUROPE:
        rows = [_nuts_region(scheme, row) for row in _nuts_rows(scheme)]
    elif scheme == "us-county":
        rows = [_county(row) for row in read_packaged("us_counties.csv")]
    else:
        rows = [
            _us_region(row) for row in read_packaged("us_regions.csv") if row["scheme"] == scheme
        ]
    rows.sort(key=lambda row: str(row["region"]))
    return pa.Table.from_pylist(rows, schema=REGIONS.schema)


@lru_cache(maxsize=32)
def memberships(scheme: str, in_scheme: str) -> pa.Table:
    """Return which region of a scheme lies in which region of a larger scheme.

    Parameters
    ----------
    scheme, in_scheme
        The smaller and the larger scheme, such as ``us-county`` and ``us-cbsa``.

    Returns
    -------
    pa.Table
        Contract ``MEMBERSHIPS``, sorted by code.

    Missing data
    ------------
    A region that lies in none has no row: a county outside every metropolitan or micropolitan
    area has none in ``us-cbsa``.

    Raises
    ------
    CannotAnswer
        When a scheme is not at hand, or the larger one is not made of whole regions of the smaller
        (metropolitan areas cross state borders: use ``us-part``).

    Example
    -------
    >>> table = memberships("us-county", "us-cbsa")
    >>> table["in_region"][table["region"].index("06085").as_py()].as_py()
    '41940'
    """
    _known(scheme)
    _known(in_scheme)
    pairs = _pairs(scheme, in_scheme)
    if pairs is None:
        raise CannotAnswer(
            f"{in_scheme} is not made of whole regions of {scheme}",
            hint="metropolitan areas cross state borders; us-part and us-county fit into both"
            if scheme == "us-cbsa"
            else "",
        )
    rows = sorted(pairs)
    columns = [[scheme] * len(rows), [small for small, _ in rows]]
    columns += [[in_scheme] * len(rows), [large for _, large in rows]]
    return pa.table(columns, schema=MEMBERSHIPS.schema)


@lru_cache(maxsize=4)
def neighbours(scheme: str) -> pa.Table:
    """Return the pairs of regions that share a stretch of land border.

    Definition
    ----------
    Two counties are neighbours when their outlines share an arc; touching at a point or facing
    each other across open water does not count. Metropolitan areas and states are neighbours when
    counties of theirs are.

    Parameters
    ----------
    scheme
        ``us-county``, ``us-cbsa`` or ``us-state``.

    Returns
    -------
    pa.Table
        Columns ``scheme``, ``region``, ``neighbour``; each pair in both directions, sorted.

    Missing data
    ------------
    An island has no row.

    Raises
    ------
    CannotAnswer
        For any other scheme.

    Source
    ------
    Computed from us-atlas 3 (US Census Bureau cartographic boundaries, 1:10 million).

    Example
    -------
    >>> table = neighbours("us-state").to_pylist()
    >>> [row["neighbour"] for row in table if row["region"] == "23"]
    ['33']
    """
    if scheme not in ("us-county", "us-cbsa", "us-state"):
        raise CannotAnswer(
            "shared borders are not known for this scheme",
            value=scheme,
            hint="known for us-county, us-cbsa and us-state",
        )
    larger = {row["county"]: row["county"] for row in read_packaged("us_counties.csv")}
    if scheme != "us-county":
        larger = dict(_county_pairs(scheme))
    found: set[tuple[str, str]] = set()
    for row in read_packaged("us_county_neighbours.csv"):
        first = larger.get(row["county"])
        for county in row["neighbours"].split():
            second = larger.get(county)
            if first and second and first != second:
                found |= {(first, second), (second, first)}
    pairs = sorted(found)
    return pa.table(
        {
            "scheme": pa.array([scheme] * len(pairs), pa.string()),
            "region": pa.array([region for region, _ in pairs], pa.string()),
            "neighbour": pa.array([other for _, other in pairs], pa.string()),
        }
    )


def nuts_vintages(code: str) -> tuple[int, ...]:
    """Return the NUTS vintages that know a code; empty when none at hand does.

    Eurostat's EL (Greece) stands for the GR of the oldest vintages.

    >>> nuts_vintages("FR24"), nuts_vintages("FRB0")
    ((2006, 2010, 2013), (2016, 2021))
    """
    return _nuts_vintages().get(code, ())


@lru_cache(maxsize=1)
def former_counties() -> pa.Table:
    """Return county codes that are not (or no longer) in `regions`, and who holds their territory.

    Returns
    -------
    pa.Table
        Columns ``region``, ``successor`` (a code of ``us-county``), ``year`` of the change and
        ``note``. Only changes that leave one holder of the whole territory are listed.

    Source
    ------
    US Census Bureau, substantial changes to counties and county equivalents.

    Example
    -------
    >>> table = former_counties()
    >>> table["successor"][table["region"].index("46113").as_py()].as_py()
    '46102'
    """
    rows = read_packaged("us_former_counties.csv")
    return pa.table(
        {
            "region": pa.array([row["county"] for row in rows], pa.string()),
            "successor": pa.array([row["successor"] for row in rows], pa.string()),
            "year": pa.array([int(row["year"]) for row in rows], pa.int16()),
            "note": pa.array([row["note"] for row in rows], pa.string()),
        }
    )


def _known(scheme: str) -> None:
    if scheme not in schemes():
        raise CannotAnswer(
            "no such region scheme", value=scheme, hint=f"at hand: {', '.join(schemes())}"
        )


def _us_region(row: Row) -> dict[str, object]:
    return {
        "scheme": row["scheme"],
        "region": row["region"],
        "name": row["name"],
        "kind": row["kind"],
        "parent": row["parent"] or None,
        "country": "US",
        "longitude": float(row["longitude"]),
        "latitude": float(row["latitude"]),
        "population": int(row["population"]),
        "coverage": float(row["coverage"]),
    }


def _county(row: Row) -> dict[str, object]:
    state = row["county"][:2]
    alone = row["county"] == DISTRICT
    return _us_region(
        row
        | {
            "scheme": "us-county",
            "region": row["county"],
            "name": row["name"] if alone else f"{row['name']}, {_state_names()[state]}",
            "kind": "county",
            "parent": state,
            "coverage": "0" if alone else "1",
        }
    )


@lru_cache(maxsize=1)
def _state_names() -> dict[str, str]:
    return {
        row["region"]: row["name"]
        for row in read_packaged("us_regions.csv")
        if row["scheme"] == "us-state"
    }


def _nuts_rows(scheme: str) -> list[Row]:
    return [row for row in read_packaged("nuts.csv") if len(row["region"]) == EUROPE[scheme]]


def _nuts_region(scheme: str, row: Row) -> dict[str, object]:
    code = row["region"]
    return {
        "scheme": scheme,
        "region": code,
        "name": row["name"],
        "kind": NUTS_KINDS[scheme],
        "parent": code[:-1] if len(code) > 2 else None,
        "country": code[:2],
        "longitude": float(row["longitude"]) if row["longitude"] else None,
        "latitude": float(row["latitude"]) if row["latitude"] else None,
        "population": None,
        "coverage": 1.0,
    }


@lru_cache(maxsize=1)
def _nuts_vintages() -> dict[str, tuple[int, ...]]:
    return {
        row["region"]: tuple(int(year) for year in row["vintages"].split())
        for row in read_packaged("nuts.csv")
    }


def _pairs(scheme: str, in_scheme: str) -> Pairs | None:
    """Pairs of smaller and larger region; None where one is not made of the other."""
    if scheme in EUROPE and in_scheme in EUROPE:
        length = EUROPE[in_scheme]
        if length >= EUROPE[scheme]:
            return None
        return [(row["region"], row["region"][:length]) for row in _nuts_rows(scheme)]
    if scheme in EUROPE or in_scheme in EUROPE or scheme in (in_scheme, "us-nation"):
        return None
    if scheme == "us-county":
        return _county_pairs(in_scheme)
    parts = [
        (row["region"], row["parent"])
        for row in read_packaged("us_regions.csv")
        if row["scheme"] == scheme
    ]
    if in_scheme == "us-nation":
        return [(code, "US") for code, _ in parts]
    if in_scheme == "us-state":
        return parts if scheme in ("us-part", "us-rest-of-state") else None
    if scheme == "us-part" and in_scheme == "us-cbsa":
        return [(code, code.split("-")[0]) for code, _ in parts if not code.endswith("-rest")]
    if in_scheme == "us-rest-of-state" and scheme == "us-part":
        return [(code, code) for code, _ in parts if code.endswith("-rest")]
    return None


def _county_pairs(in_scheme: str) -> Pairs:
    """Pairs of county and the larger region, for every larger American scheme."""
    for row in read_packaged("us_counties.csv"):
        county, area = row["county"], row["cbsa"]
        state = county[:2]
        if in_scheme == "us-nation":
            yield county, "US"
        elif in_scheme == "us-state":
            yield county, state
        elif in_scheme == "us-part":
            yield county, f"{area}-{state}" if area else f"{state}-rest"
        elif in_scheme == "us-cbsa" and area:
            yield county, area
        elif in_scheme == "us-rest-of-state" and not area:
            yield county, f"{state}-rest"
