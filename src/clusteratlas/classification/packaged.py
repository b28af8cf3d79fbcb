"""Read the small tables that come with the package; data/README.md says where they are from."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

Row = dict[str, str]


@lru_cache(maxsize=16)
def read_packaged(name: str) -> tuple[Row, ...]:
    """Return the rows of one packaged CSV file, every cell as text.

    >>> read_packaged("us_benchmark_clusters.csv")[0]
    {'cluster': '1', 'name': 'Aerospace Vehicles and Defense'}
    """
    place = files("clusteratlas.classification").joinpath("data", name)
    with place.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))
