"""What a simulated programme hands over: the panel, who was treated, and the truth kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """The true effect by cohort and year: the expected one, so that intervals can cover it.

    ``effects[cohort, year]`` is the mean effect on units that start in that year; ``sizes[cohort]``
    says how many there are. ``spillover`` holds the same for units exposed but not treated.
    """

    effects: Mapping[tuple[int, int], float]
    sizes: Mapping[int, int]
    spillover: Mapping[tuple[int, int], float] = field(default_factory=dict)

    def simple(self) -> float:
        """Mean over every treated unit and year."""
        weights = [self.sizes[cohort] for cohort, _ in self.effects]
        return float(np.average(list(self.effects.values()), weights=weights))

    def at(self, horizon: int) -> float:
        """Mean over units seen so many years after their start."""
        seen = {c: e for (c, year), e in self.effects.items() if year - c == horizon}
        return float(np.average(list(seen.values()), weights=[self.sizes[c] for c in seen]))

    @property
    def horizons(self) -> list[int]:
        """Years after the start that some unit is seen."""
        return sorted({year - cohort for cohort, year in self.effects})

    def over(self, first: int, last: int) -> float:
        """Mean over horizons, each weighing the same."""
        return float(np.mean([self.at(each) for each in self.horizons if first <= each <= last]))

    def on_exposed(self) -> float:
        """Mean spillover over exposed units and years; every cohort weighs by its years."""
        return float(np.mean(list(self.spillover.values())))


@dataclass(frozen=True)
class Simulated:
    """A panel that imitates one design.

    ``panel`` is tidy: unit, year, outcome and what else is observed. ``treated`` has unit and
    start, ``exposed`` (where a study would declare it) the same for spillovers. ``right`` names
    what a right refusal says: any of them; a sound design has none.
    """

    design: str
    seed: int
    panel: pa.Table
    treated: pa.Table
    truth: Truth
    covariates: tuple[str, ...] = ()
    cluster: str | None = None
    exposed: pa.Table | None = None
    fault: str = ""
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SimulatedShares:
    """Regions by industries: jobs before and after, and the growth of an outcome by region.

    ``jobs_before[region, industry]`` and ``jobs_after`` hold the industries that the shares cover;
    ``jobs_outside`` (before) is all other work. ``growth`` is the endogenous growth of jobs,
    ``outcome`` what it moves, ``outcome_before`` the same outcome's change before the shocks.
    """

    design: str
    seed: int
    jobs_before: Floats
    jobs_after: Floats
    jobs_outside: Floats
    growth: Floats
    outcome: Floats
    outcome_before: Floats
    truth: float
    fault: str = ""
    right: frozenset[str] = frozenset()


def starts(units: list[str], years: list[int]) -> pa.Table:
    """Return the list of treated (or exposed) units."""
    return pa.table({"unit": units, "start": pa.array(years, pa.int64())})
