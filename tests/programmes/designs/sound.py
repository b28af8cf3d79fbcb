"""Sound designs: what each assumes holds, and the true effect is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tests.programmes.designs.panels import (
    NEVER,
    chosen,
    differing,
    names,
    persistent,
    tidy,
    true_effects,
    wandering,
)
from tests.programmes.designs.records import Simulated, Truth, starts


def matched(seed: int, *, scale: float = 1.0, exits: float = 0.0) -> Simulated:
    """750 firms, 150 of them supported from 2013: larger and younger ones, which also grow faster.

    Trends run parallel only between firms of like size and age. Industries have shocks of their
    own, errors last, effects grow and differ. With ``exits`` that share of firms leaves every year,
    in both groups alike.
    """
    rng = np.random.default_rng([11, seed])
    years = np.arange(2008, 2019)
    count, start = 750, 2013
    size, age = rng.normal(size=count), rng.normal(size=count)
    industry = rng.integers(0, 12, count)
    supported = chosen(rng, 0.6 * size - 0.4 * age, 150)
    cohorts = np.full(count, NEVER)
    cohorts[supported] = start
    effects, told = true_effects(cohorts, years, {start: 0.05 * scale})
    outcome = (
        (7.0 + 0.9 * size + rng.normal(0, 0.4, count))[:, None]
        + np.outer(0.012 * size - 0.006 * age, years - 2012)
        + wandering(rng, 1, len(years), 0.03)
        + wandering(rng, 12, len(years), 0.02)[industry]
        + persistent(rng, count, len(years), 0.12, 0.5)
        + differing(rng, effects, 0.5)
    )
    units = names("firm-", count)
    kept = _staying(rng, count, len(years), exits)
    return Simulated(
        "matched_with_exits" if exits else "matched",
        seed,
        tidy(
            units,
            years,
            outcome,
            {
                "log_size": 3.4 + 1.1 * size,
                "log_age": 2.3 + 0.7 * age,
                "industry": np.char.add("industry-", industry.astype(str)),
            },
            kept,
        ),
        starts([units[each] for each in sorted(supported)], [start] * 150),
        Truth(told, {start: 150}),
        covariates=("log_size", "log_age"),
    )


def matched_with_exits(seed: int, *, scale: float = 1.0) -> Simulated:
    """The same firms, one in a hundred of which leaves the panel every year whatever it does."""
    return matched(seed, scale=scale, exits=0.01)


def _staying(rng: np.random.Generator, count: int, years: int, exits: float) -> np.ndarray:
    leaving = rng.random((count, years)) < exits
    leaving[:, 0] = False
    return np.cumsum(leaving, axis=1) == 0


def staggered(seed: int, *, scale: float = 1.0) -> Simulated:
    """500 places, three cohorts of 60; the largest start first and gain most, and gains grow.

    One coefficient for all (two-way fixed effects) is wrong here by construction: places that have
    started are no controls for those that start later.
    """
    rng = np.random.default_rng([12, seed])
    years = np.arange(2006, 2020)
    count = 500
    size = rng.normal(size=count)
    order = chosen(rng, 0.7 * size, 180)
    order = order[np.argsort(-(size[order] + rng.normal(0, 0.7, 180)))]
    cohorts = np.full(count, NEVER)
    for place, cohort in enumerate((2012, 2014, 2016)):
        cohorts[order[60 * place : 60 * place + 60]] = cohort
    effects, told = true_effects(
        cohorts, years, {2012: 0.04 * scale, 2014: 0.03 * scale, 2016: 0.02 * scale}, 0.8
    )
    region = rng.integers(0, 20, count)
    outcome = (
        (9.0 + 1.2 * size + rng.normal(0, 0.3, count))[:, None]
        + wandering(rng, 1, len(years), 0.03)
        + wandering(rng, 20, len(years), 0.01)[region]
        + persistent(rng, count, len(years), 0.08, 0.6)
        + differing(rng, effects, 0.4)
    )
    units = names("place-", count)
    begun = np.flatnonzero(cohorts)
    return Simulated(
        "staggered",
        seed,
        tidy(
            units,
            years,
            outcome,
            {
                "log_size": 9.0 + 1.2 * size,
                "region": np.char.add("region-", region.astype(str)),
            },
        ),
        starts([units[each] for each in begun], [int(cohorts[each]) for each in begun]),
        Truth(told, {2012: 60, 2014: 60, 2016: 60}),
    )


def triple(seed: int, *, scale: float = 1.0) -> Simulated:
    """60 regions by 8 industries; 30 regions support 2 industries from 2014.

    Supported regions boom as a whole once the programme starts, and the two industries boom
    everywhere: only the third difference is the programme's.
    """
    rng = np.random.default_rng([13, seed])
    years = np.arange(2007, 2019)
    regions, industries, start = 60, 8, 2014
    region = np.repeat(np.arange(regions), industries)
    industry = np.tile(np.arange(industries), regions)
    supporting = np.isin(region, chosen(rng, rng.normal(0, 0.5, regions), 30))
    target = industry < 2
    cohorts = np.where(supporting & target, start, NEVER)
    since = np.clip(years - start + 1, 0, None)
    effects, told = true_effects(cohorts, years, {start: 0.06 * scale})
    count = regions * industries
    outcome = (
        (6.0 + rng.normal(0, 0.9, count))[:, None]
        + wandering(rng, regions, len(years), 0.03)[region]
        + wandering(rng, industries, len(years), 0.03)[industry]
        + np.outer(supporting, 0.015 * since)
        + np.outer(target, 0.02 * since)
        + persistent(rng, count, len(years), 0.07, 0.5)
        + differing(rng, effects, 0.4)
    )
    units = [f"region-{r:02}/industry-{i}" for r, i in zip(region, industry, strict=True)]
    begun = np.flatnonzero(cohorts)
    return Simulated(
        "triple",
        seed,
        tidy(
            units,
            years,
            outcome,
            {
                "region": np.char.add("region-", np.char.zfill(region.astype(str), 2)),
                "industry": np.char.add("industry-", industry.astype(str)),
                "supporting_region": supporting,
                "target_industry": target,
            },
        ),
        starts([units[each] for each in begun], [start] * len(begun)),
        Truth(told, {start: len(begun)}),
        cluster="region",
    )


def contest(seed: int, *, scale: float = 1.0) -> Simulated:
    """400 applicants of two rounds, 130 win by their score; 300 firms never applied.

    Who applies grows faster anyway, so only losers are controls. The score says much about the
    level and nothing about growth.
    """
    rng = np.random.default_rng([14, seed])
    years = np.arange(2006, 2018)
    applicants, others = 400, 300
    count = applicants + others
    quality = rng.normal(size=count)
    applied = np.arange(count) < applicants
    round_of = np.where(applied, np.where(np.arange(count) % 2 == 0, 2011, 2013), NEVER)
    score = np.where(applied, 60 + 10 * (0.7 * quality + rng.normal(0, 0.7, count)), np.nan)
    cohorts = np.full(count, NEVER)
    for year in (2011, 2013):
        those = np.flatnonzero(round_of == year)
        cohorts[those[np.argsort(-score[those])[:65]]] = year
    effects, told = true_effects(cohorts, years, {2011: 0.06 * scale, 2013: 0.045 * scale})
    outcome = (
        (7.5 + 0.6 * quality + rng.normal(0, 0.5, count))[:, None]
        + np.outer(applied, 0.015 * (years - 2006))
        + wandering(rng, 1, len(years), 0.03)
        + persistent(rng, count, len(years), 0.1, 0.5)
        + differing(rng, effects, 0.5)
    )
    units = names("firm-", count)
    begun = np.flatnonzero(cohorts)
    return Simulated(
        "contest",
        seed,
        tidy(units, years, outcome, {"applied": applied, "round": round_of, "score": score}),
        starts([units[each] for each in begun], [int(cohorts[each]) for each in begun]),
        Truth(told, {2011: 65, 2013: 65}),
    )


def spillover(seed: int, *, scale: float = 1.0) -> Simulated:
    """120 regions of 12 firms; in 40 of them 5 firms are supported and 7 feel it.

    Regions have lasting shocks, so firms of one region are no independent witnesses. Firms of the
    other 80 regions feel nothing.
    """
    rng = np.random.default_rng([15, seed])
    years = np.arange(2008, 2019)
    regions, each_region, start = 120, 12, 2013
    region = np.repeat(np.arange(regions), each_region)
    within = np.tile(np.arange(each_region), regions)
    reached = np.isin(region, chosen(rng, rng.normal(0, 0.5, regions), 40))
    cohorts = np.where(reached & (within < 5), start, NEVER)
    exposed = np.where(reached & (within >= 5), start, NEVER)
    effects, told = true_effects(cohorts, years, {start: 0.06 * scale})
    felt, felt_told = true_effects(exposed, years, {start: 0.03 * scale})
    count = len(region)
    outcome = (
        (6.5 + rng.normal(0, 0.8, count) + 0.3 * reached)[:, None]
        + wandering(rng, 1, len(years), 0.03)
        + persistent(rng, regions, len(years), 0.025, 0.6)[region]
        + persistent(rng, count, len(years), 0.1, 0.5)
        + differing(rng, effects, 0.4)
        + differing(rng, felt, 0.4)
    )
    units = names("firm-", count)
    begun, near = np.flatnonzero(cohorts), np.flatnonzero(exposed)
    return Simulated(
        "spillover",
        seed,
        tidy(
            units,
            years,
            outcome,
            {"region": np.char.add("region-", np.char.zfill(region.astype(str), 3))},
        ),
        starts([units[each] for each in begun], [start] * len(begun)),
        Truth(told, {start: len(begun)}, felt_told),
        cluster="region",
        exposed=starts([units[each] for each in near], [start] * len(near)),
    )


def synthetic(seed: int, *, scale: float = 1.0) -> Simulated:
    """One region of 25 over 40 years; it is made like a mix of three others until 2005.

    Three common forces move regions, each to its own degree; the treated region's degrees and level
    lie inside those of the donors.
    """
    rng = np.random.default_rng([16, seed])
    years = np.arange(1975, 2015)
    donors, start = 24, 2005
    degrees = rng.uniform(0.2, 1.8, (donors, 3))
    levels = rng.normal(2.0, 0.35, donors)
    mix = rng.dirichlet([3, 3, 3])
    degrees = np.vstack([mix @ degrees[:3], degrees])
    levels = np.concatenate([[mix @ levels[:3]], levels])
    forces = wandering(rng, 3, len(years), 0.03) + np.outer([0.01, 0.02, -0.005], years - 1975)
    cohorts = np.full(donors + 1, NEVER)
    cohorts[0] = start
    effects, told = true_effects(cohorts, years, {start: 0.05 * scale}, 0.5)
    outcome = (
        levels[:, None]
        + degrees @ forces
        + persistent(rng, donors + 1, len(years), 0.02, 0.3)
        + effects
    )
    units = names("region-", donors + 1)
    return Simulated(
        "synthetic",
        seed,
        tidy(
            units,
            years,
            outcome,
            {
                "industry_share": 0.1 + 0.1 * degrees[:, 0] + rng.normal(0, 0.005, donors + 1),
                "schooling": 8 + 2 * degrees[:, 1] + rng.normal(0, 0.1, donors + 1),
            },
        ),
        starts([units[0]], [start]),
        Truth(told, {start: 1}),
        covariates=("industry_share", "schooling"),
    )


SOUND: dict[str, Callable[..., Simulated]] = {
    "matched": matched,
    "matched_with_exits": matched_with_exits,
    "staggered": staggered,
    "triple": triple,
    "contest": contest,
    "spillover": spillover,
    "synthetic": synthetic,
}
"""Sound panels by name; the shift-share instrument has regions by industries (``shares``)."""
