"""The two compiled passes of the tidy quotient."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True)
def sums(
    jobs: Any,
    regions: Any,
    industries: Any,
    years: Any,
    of_region: int,
    of_industry: int,
    of_year: int,
    largest: float,
) -> Any:
    """Jobs by year and region and by year and industry; whether every figure can be used."""
    by_region = np.zeros((of_year, of_region))
    by_industry = np.zeros((of_year, of_industry))
    usable = True
    several = len(years) > 0
    for row in range(len(jobs)):
        figure = float(jobs[row])
        year = years[row] if several else 0
        if 0.0 <= figure <= largest:
            by_region[year, regions[row]] += figure
            by_industry[year, industries[row]] += figure
        elif not np.isnan(figure):
            usable = False
    return by_region, by_industry, usable


@njit(cache=True)
def quotients(
    jobs: Any, regions: Any, industries: Any, years: Any, by_region: Any, by_industry: Any
) -> Any:
    """The quotient of each row, from the sums; NaN where a whole is zero."""
    for year in range(len(by_region)):
        total = by_region[year].sum()
        for place in range(by_region.shape[1]):
            whole = by_region[year, place]
            by_region[year, place] = 1.0 / whole if whole > 0 else np.nan
        for place in range(by_industry.shape[1]):
            whole = by_industry[year, place]
            by_industry[year, place] = total / whole if whole > 0 else np.nan
    out = np.empty(len(jobs))
    several = len(years) > 0
    for row in range(len(jobs)):
        year = years[row] if several else 0
        out[row] = jobs[row] * by_region[year, regions[row]] * by_industry[year, industries[row]]
    return out
