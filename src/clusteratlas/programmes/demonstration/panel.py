"""A panel of firms that never were: one outcome that support moved, one that drifted before.

The same seed writes the same panel. Nothing in it stands for a real firm.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

FIRST, LAST = 2010, 2025
START: Final = 2018
FIRMS: Final = 480
SUPPORTED: Final = 96
REGIONS: Final = 40
INDUSTRIES: Final = 8
EFFECT: Final = 0.08
"""True effect on jobs from the fourth year under support on, in logarithms: +8.3 %."""

DRIFT: Final = 0.03
"""By how much a year the exports of firms that would be supported grew faster, all along."""


def fictional_panel(seed: int = 2018) -> tuple[pa.Table, pa.Table]:
    """Return a panel of firms by year, and the list of those that were supported, with their costs.

    Larger and younger firms were supported more often, from 2018, 2019 or 2020. Support made jobs
    grow by 2, 4, 6 and then 8 log points against what would have been, and did nothing to exports:
    those grew faster before already, which a comparison of before and after takes for success.

    Parameters
    ----------
    seed
        Of the random numbers; the same seed gives the same panel.

    Returns
    -------
    tuple of pyarrow.Table
        The panel (``unit``, ``period``, ``jobs``, ``exports`` in EUR, ``log_size``, ``age``,
        ``industry``, ``region``), and the treated list (``unit``, ``from``, ``role``, ``cost`` in
        EUR at 2020 prices).

    Example
    -------
    >>> panel, support = fictional_panel()
    >>> panel.num_rows, support.num_rows
    (7680, 96)
    """
    rng = np.random.default_rng(seed)
    years = np.arange(FIRST, LAST + 1)
    size, age = rng.normal(size=FIRMS), rng.gamma(4.0, 4.0, FIRMS)
    industry = rng.integers(0, INDUSTRIES, FIRMS)
    region = rng.integers(0, REGIONS, FIRMS)
    odds = 0.5 * size - 0.04 * age + rng.gumbel(size=FIRMS)
    supported = np.sort(np.argsort(-odds)[:SUPPORTED])
    start = np.zeros(FIRMS, dtype=np.int64)
    start[supported] = START + rng.integers(0, 3, SUPPORTED)
    since = np.where(start[:, None] > 0, years[None, :] - start[:, None] + 1, 0)
    gained = EFFECT * np.clip(since, 0, 4) / 4
    common = np.cumsum(rng.normal(0.01, 0.02, len(years)))
    jobs = (
        3.2
        + 0.8 * size[:, None]
        + common
        + np.outer(0.008 * size, years - START)
        + _persistent(rng, FIRMS, len(years), 0.09, 0.5)
        + gained
    )
    exports = (
        12.5
        + 1.1 * size[:, None]
        + 1.5 * common
        + np.outer(np.where(start > 0, DRIFT, 0.0), years - START)
        + _persistent(rng, FIRMS, len(years), 0.15, 0.5)
    )
    names = np.array([f"imaginary-firm-{number:03}" for number in range(1, FIRMS + 1)])
    span = len(years)
    panel = pa.table(
        {
            "unit": np.repeat(names, span),
            "period": np.tile(years, FIRMS),
            "jobs": np.round(np.exp(jobs), 1).ravel(),
            "exports": np.round(np.exp(exports), -1).ravel(),
            "log_size": np.repeat(np.round(size, 3), span),
            "age": np.round(age[:, None] + (years - FIRST), 1).ravel(),
            "industry": np.repeat([f"Imaginary industry {each + 1}" for each in industry], span),
            "region": np.repeat([f"Imaginary region {each + 1:02}" for each in region], span),
        }
    )
    support = pa.table(
        {
            "unit": names[supported],
            "from": start[supported],
            "role": ["treated"] * SUPPORTED,
            "cost": np.round(rng.uniform(20_000, 80_000, SUPPORTED), -2),
        }
    )
    return panel, support


def _persistent(
    rng: np.random.Generator, rows: int, span: int, spread: float, kept: float
) -> np.ndarray:
    """Noise of which a part is kept from year to year."""
    values = rng.normal(0, spread, (rows, span))
    for year in range(1, span):
        values[:, year] = kept * values[:, year - 1] + np.sqrt(1 - kept**2) * values[:, year]
    return values
