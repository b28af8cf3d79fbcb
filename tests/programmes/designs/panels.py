"""The parts that simulated panels share: shocks, serial correlation, selection, the tidy table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEVER = 0
"""Cohort of units that no programme ever reached."""


def persistent(rng: np.random.Generator, rows: int, years: int, sd: float, rho: float) -> Floats:
    """Return stationary first-order autoregressive noise, its standard deviation being ``sd``."""
    values = rng.normal(0, sd, (rows, years))
    for year in range(1, years):
        values[:, year] = rho * values[:, year - 1] + np.sqrt(1 - rho**2) * values[:, year]
    return values


def wandering(rng: np.random.Generator, rows: int, years: int, sd: float) -> Floats:
    """Return random walks from zero with yearly steps of ``sd``."""
    return np.cumsum(rng.normal(0, sd, (rows, years)), axis=1)


def chosen(rng: np.random.Generator, score: Floats, count: int) -> Ints:
    """Return ``count`` units drawn without replacement, odds growing with exp(score)."""
    return np.argsort(-(score + rng.gumbel(size=len(score))))[:count]


def true_effects(
    cohorts: Ints, years: Ints, slopes: Mapping[int, float], curve: float = 0.6
) -> tuple[Floats, dict[tuple[int, int], float]]:
    """Return effects by unit and year, and by cohort: slope x (years since start + 1)^curve."""
    effects = np.zeros((len(cohorts), len(years)))
    told: dict[tuple[int, int], float] = {}
    for cohort, slope in slopes.items():
        for place, year in enumerate(years):
            if year >= cohort:
                value = slope * float(year - cohort + 1) ** curve
                effects[cohorts == cohort, place] = value
                told[cohort, int(year)] = value
    return effects, told


def differing(rng: np.random.Generator, effects: Floats, spread: float) -> Floats:
    """Return effects that differ by unit: each unit's factor has mean one and the given spread."""
    return effects * rng.gamma(1 / spread**2, spread**2, (len(effects), 1))


def names(prefix: str, count: int) -> list[str]:
    """Return names of units in order."""
    width = len(str(count))
    return [f"{prefix}{number:0{width}}" for number in range(1, count + 1)]


def tidy(
    units: list[str],
    years: Ints,
    outcome: Floats,
    constant: Mapping[str, object],
    kept: npt.NDArray[np.bool_] | None = None,
    **changing: npt.NDArray[np.generic],
) -> pa.Table:
    """Return one row a unit and year; ``constant`` columns repeat, ``kept`` are rows that exist."""
    count, span = outcome.shape
    columns: dict[str, object] = {
        "unit": np.repeat(np.array(units), span),
        "year": np.tile(years, count),
        "outcome": outcome.ravel(),
    }
    columns |= {name: np.repeat(np.asarray(values), span) for name, values in constant.items()}
    columns |= {name: values.ravel() for name, values in changing.items()}
    table = pa.table(columns)
    return table if kept is None else table.filter(pa.array(kept.ravel()))
