"""A made-up economy in which industries come where related ones are."""

from __future__ import annotations

import numpy as np

from clusteratlas.relatedness.options.figures import Floats, RegionalFigures
from clusteratlas.relatedness.similarities import Similarities

GROUPS = 8


def codes(letter: str, number: int) -> tuple[str, ...]:
    return tuple(f"{letter}{place:03d}" for place in range(number))


def figures(
    jobs: Floats, year: int, *, vintage: str = "own-1", printed_from: float = 0.0
) -> RegionalFigures:
    """Figures of a year; cells below ``printed_from`` have no row."""
    jobs = np.asarray(jobs, dtype=np.float64)
    unpublished = jobs < printed_from
    known = np.where(unpublished, np.nan, jobs)
    return RegionalFigures(
        codes("r", jobs.shape[0]),
        codes("i", jobs.shape[1]),
        year,
        vintage,
        known,
        ~np.isnan(known),
        unpublished,
    )


def planted(
    seed: int = 1, regions: int = 60, industries: int = 80, *, years: int = 3
) -> tuple[list[RegionalFigures], Similarities]:
    """Years in which a group's industries come to the regions that have much of the group.

    All regions and all industries are of one size on average, so that sizes tell little.
    """
    rng = np.random.default_rng(seed)
    group = np.arange(industries) % GROUPS
    taste = rng.random((regions, GROUPS)) < 0.4
    here = rng.random((regions, industries)) < np.where(taste[:, group], 0.55, 0.06)
    noise = rng.uniform(20, 60, (regions, industries))
    found = []
    for place in range(years):
        near = np.stack([here[:, group == each].mean(axis=1) for each in range(GROUPS)], axis=1)
        found.append(figures(np.where(here, noise, 0.0), 2018 + 3 * place, printed_from=1.0))
        comes = rng.random(here.shape) < 0.5 * near[:, group] ** 2
        goes = rng.random(here.shape) < 0.02
        here = (here | comes) & ~(here & goes)
    supply = np.where(group[:, None] == group[None, :], 0.6, 0.02)
    supply = supply + np.abs(np.subtract.outer(np.arange(industries), np.arange(industries))) * 1e-6
    np.fill_diagonal(supply, np.nan)
    return found, Similarities(codes("i", industries), {"input_output": supply})
