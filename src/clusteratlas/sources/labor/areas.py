"""Areas of the Quarterly Census of Employment and Wages: counties, states, nation, metro areas."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

NATION = "US000"


def place_of(area: str) -> str:
    """Return the expression that gives region scheme and code of an area, joined by a colon.

    Definition
        ``US000`` is the nation, ``06000`` the state 06, ``06085`` a county, ``06999`` what belongs
        to no county of the state, ``C4194`` the metropolitan area 41940 (the fifth digit, always 0,
        is dropped). Other codes (combined areas ``CS...``, totals ``USCMS``, ``USMSA``, ``USNMS``)
        have none.

    Example
    -------
    >>> import duckdb
    >>> areas = "(values ('C4194'), ('06000'), ('CS488')) as given(area)"
    >>> duckdb.sql(f"select {place_of('area')} from {areas}").fetchall()
    [('us-cbsa:41940',), ('us-state:06',), (None,)]
    """
    return (
        f"case when {area} = '{NATION}' then 'us-nation:US' "
        f"when regexp_full_match({area}, '\\d\\d000') then 'us-state:' || left({area}, 2) "
        f"when regexp_full_match({area}, '\\d{{5}}') then 'us-county:' || {area} "
        f"when regexp_full_match({area}, 'C\\d{{4}}') then 'us-cbsa:' || right({area}, 4) || '0' "
        "end"
    )


def is_place(areas: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return which areas are counties, states, the nation or metropolitan areas."""
    return pc.or_(pc.match_substring_regex(areas, r"^(\d{5}|C\d{4})$"), pc.equal(areas, NATION))
