"""Intervals of published effects: only where the source states a standard error."""

from __future__ import annotations

from typing import Final

from scipy.special import ndtri

from clusteratlas.programmes.evidence.records import PublishedEffect

LEVEL: Final = 0.95


def interval_of(effect: PublishedEffect, *, level: float = LEVEL) -> tuple[float, float] | None:
    """Return value minus and plus z standard errors; nothing where none is stated.

    A stated range of estimates is no interval, and significance is not turned into one.
    """
    if effect.value is None or effect.standard_error is None or effect.value_to is not None:
        return None
    reach = float(ndtri(0.5 + level / 2)) * effect.standard_error
    return effect.value - reach, effect.value + reach
