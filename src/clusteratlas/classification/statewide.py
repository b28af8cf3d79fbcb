"""Rows of a state that belong to no county: statewide and unknown."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyarrow as pa

from clusteratlas.classification.regions import regions
from clusteratlas.tables import REGIONS

STATEWIDE: Final = "999"
"""County code of what an office cannot place in one county."""

TERRITORIES: Final = {
    "60": "American Samoa",
    "66": "Guam",
    "69": "Northern Mariana Islands",
    "72": "Puerto Rico",
    "78": "Virgin Islands",
}
"""State codes outside the 50 states and the District of Columbia."""


@lru_cache(maxsize=1)
def statewide_regions() -> pa.Table:
    """Return the statewide "county" of each state: what an office cannot place in one county.

    Definition
    ----------
    Code: the state's two digits and ``999``. They are part of the sum of their state, and no place
    to show on a map, so `regions` does not list them among the counties.

    Returns
    -------
    pa.Table
        Contract ``REGIONS`` in scheme ``us-county``, kind ``statewide``, sorted by code.

    Missing data
    ------------
    Points and population are null.

    Source
    ------
    US Census Bureau, County Business Patterns; US Bureau of Labor Statistics, QCEW area codes.

    Example
    -------
    >>> row = statewide_regions().to_pylist()[0]
    >>> row["region"], row["name"], row["kind"], row["parent"]
    ('01999', 'Statewide, Alabama', 'statewide', '01')
    """
    rows = [
        {
            "scheme": "us-county",
            "region": f"{state['region']}{STATEWIDE}",
            "name": f"Statewide, {state['name']}",
            "kind": "statewide",
            "parent": state["region"],
            "country": "US",
            "coverage": state["coverage"],
        }
        for state in regions("us-state").to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=REGIONS.schema)


@lru_cache(maxsize=1)
def county_states() -> dict[str, str]:
    """Return each county and statewide code with its state.

    Example
    -------
    >>> county_states()["06085"], county_states()["06999"]
    ('06', '06')
    """
    codes = [*regions("us-county")["region"].to_pylist()]
    codes += statewide_regions()["region"].to_pylist()
    return {code: code[:2] for code in sorted(codes)}
