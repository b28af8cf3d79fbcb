"""What a completed table holds: rows by status, and how much of it the office printed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.completion.cells import Flags
from clusteratlas.completion.given import Given
from clusteratlas.tables import ESTIMATED, REPORTED, WITHHELD


@dataclass(frozen=True)
class Account:
    """How a completed table came about.

    Attributes
    ----------
    given, reported, estimated, absent, withheld
        Rows given; of all rows those reported, those given and estimated, those added because the
        office left them out, and those that stay withheld.
    reported_share
        Share of the jobs of the smallest regions' finest rows that is reported; ``None`` where
        there are no jobs.
    """

    given: int
    reported: int
    estimated: int
    absent: int
    withheld: int
    reported_share: float | None


def account(given_rows: int, completed: pa.Table) -> Account:
    """Return the account of a completed table.

    Example
    -------
    >>> from clusteratlas.completion import complete_table
    >>> table = pa.table({"region": ["06001"] * 3, "industry": ["31-33", "311", "312"],
    ...     "year": [2020] * 3, "establishments": [10, 6, 4], "employment": [500, 300, None]})
    >>> round(account(3, complete_table(table)).reported_share, 3)
    0.6
    """
    status = completed.column("status")

    def number(word: str) -> int:
        return int(pc.sum(pc.equal(status, word)).as_py() or 0)

    finest = _finest(completed)
    jobs = np.nan_to_num(completed.column("employment").to_numpy())[finest]
    printed = pc.equal(status, REPORTED).to_numpy()[finest]
    total = float(jobs.sum())
    added = completed.num_rows - given_rows
    return Account(
        given_rows,
        number(REPORTED),
        number(ESTIMATED) - added,
        added,
        number(WITHHELD),
        float(jobs[printed].sum()) / total if total else None,
    )


def _finest(completed: pa.Table) -> Flags:
    """Rows of the smallest regions without a row beneath them in the tree of industries."""
    table = Given(completed)
    depth = table.regions.depth[table.region]
    width = len(table.industries.codes)
    place = (table.year * len(table.regions.codes) + table.region) * width
    at = table.industries.parent[table.industry]
    upper = [place[at >= 0] + at[at >= 0]]
    while np.any(at >= 0):
        at = np.where(at >= 0, table.industries.parent[np.maximum(at, 0)], -1)
        upper.append(np.unique(place[at >= 0] + at[at >= 0]))
    above = np.isin(place + table.industry, np.concatenate(upper))
    finest: Flags = ~above & (depth == depth.max(initial=0))
    return finest
