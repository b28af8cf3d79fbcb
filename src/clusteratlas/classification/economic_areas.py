"""Economic areas of the United States: the nodal regions on which co-location is measured."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from clusteratlas.classification.packaged import read_packaged


@lru_cache(maxsize=1)
def economic_areas() -> MappingProxyType[str, str]:
    """Return which of the 179 economic areas of 2004 each county lies in.

    Returns
    -------
    mapping
        County (code of the March 2020 delineation) to area, sorted by county.

    Missing data
    ------------
    None: every county of the 50 states and the District of Columbia lies in one area.

    Source
    ------
    K. P. Johnson, J. R. Kort, 2004 redefinition of the BEA economic areas, Survey of Current
    Business (2004); US Bureau of Economic Analysis.

    Example
    -------
    >>> areas = economic_areas()
    >>> len(set(areas.values())), areas["06085"] == areas["06075"]
    (179, True)
    """
    rows = read_packaged("us_economic_areas.csv")
    pairs = [(county, row["area"]) for row in rows for county in row["counties"].split()]
    return MappingProxyType(dict(sorted(pairs)))


def economic_area_names() -> dict[str, str]:
    """Return the name of each economic area by its code.

    >>> economic_area_names()["008"]
    'Anchorage, AK'
    """
    return {row["area"]: row["name"] for row in read_packaged("us_economic_areas.csv")}
