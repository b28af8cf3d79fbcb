"""Where withheld cells of a dataset are filled before anything is added up."""

from __future__ import annotations

import pyarrow.compute as pc

from clusteratlas import classification
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.completion import Completed, complete_employment

Filled = Completed
"""One year of a dataset with its withheld cells filled, and draws that say how surely."""

ABOVE = {
    "us-part": ("us-state",),
    "us-county": ("us-state",),
    "us-state": ("us-nation",),
    "nuts-2": ("nuts-1", "nuts-0"),
    "nuts-1": ("nuts-0",),
}
"""The schemes above each, nearest first."""


def fill(dataset: Dataset, year: int) -> Filled | None:
    """Fill the withheld cells of a year; ``None`` where nothing is known to fill them from."""
    schemes = set(pc.unique(dataset.employment.column("scheme")).to_pylist())
    return complete_employment(
        dataset.employment,
        scheme=dataset.base_scheme,
        year=year,
        industry_parent=_industry_parents(dataset.classification),
        region_parent=_region_parents(schemes | {dataset.base_scheme}),
    )


def _industry_parents(name: str) -> dict[str, str | None]:
    table = classification.industries(name)
    return dict(
        zip(table.column("industry").to_pylist(), table.column("parent").to_pylist(), strict=True)
    )


def _region_parents(schemes: set[str]) -> dict[tuple[str, str], tuple[str, str] | None]:
    """The region above each: of the nearest scheme above that has figures, else of the nearest."""
    parents: dict[tuple[str, str], tuple[str, str] | None] = {}
    for scheme in sorted(schemes):
        above = ABOVE.get(scheme, ())
        nearest = next((each for each in above if each in schemes), above[0] if above else None)
        if nearest is None or nearest not in classification.schemes():
            continue
        for row in classification.memberships(scheme, nearest).to_pylist():
            parents[row["scheme"], row["region"]] = (row["in_scheme"], row["in_region"])
    return parents
