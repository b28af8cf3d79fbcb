"""Hidden cells with their truth beside every method's figure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.cells import Cells, Flags, Floats, Places

OURS = "Cluster Atlas"
NOTHING = "nothing filled"


@dataclass(frozen=True)
class Judged:
    """Cells hidden by one mask (or left out), with the truth and every method's figure.

    Attributes
    ----------
    year, mask
        Which table, and which random choice.
    industry, state
        Codes.
    establishments, truth
        Of each cell; jobs.
    finest
        True where the cell has no cells beneath it.
    at_one
        Jobs at which the location quotient is 1.
    jobs
        For each method.
    low, high
        The 90 % interval.
    probability
        That the quotient is at least 1, from the possible tables; NaN where none were drawn.
    strong
        For each method and for ``truth``: the flag. Empty where none was asked for.
    sums, missed, worst
        How many sums there were, how many were missed by over 0.05 jobs, and the worst miss.
    """

    year: int
    mask: int
    industry: NDArray[np.str_]
    state: NDArray[np.str_]
    establishments: Floats
    truth: Floats
    finest: Flags
    at_one: Floats
    jobs: dict[str, Floats]
    low: Floats
    high: Floats
    probability: Floats
    strong: dict[str, Flags] = field(default_factory=dict)
    sums: int = 0
    missed: int = 0
    worst: float = 0.0


def state_of(cells: Cells, at: Places) -> NDArray[np.str_]:
    """Return the first two digits of the region of some cells."""
    return np.array([code[:2] for code in cells.regions.codes.tolist()], dtype=str)[
        cells.region[at]
    ]
