"""A made-up economy with planted clusters."""

from __future__ import annotations

import numpy as np

from clusteratlas.relatedness.similarities import Similarities


def planted(
    clusters: int = 8, size: int = 6, *, noise: float = 0.35, seed: int = 0, apart: int = 0
) -> tuple[Similarities, np.ndarray]:
    """Similarities of clusters x size industries in four noisy components, and their clusters."""
    draw = np.random.default_rng(seed)
    groups = np.repeat(np.arange(clusters), size)
    count = len(groups)
    components = {}
    for name in ("colocation_employment", "coagglomeration", "input_output", "occupations"):
        error = draw.normal(0, noise, (count, count))
        matrix = (groups[:, None] == groups[None, :]) + (error + error.T) / 2
        np.fill_diagonal(matrix, np.nan)
        if apart:
            matrix[:apart, apart:] = np.nan
            matrix[apart:, :apart] = np.nan
        components[name] = matrix
    return Similarities(tuple(f"{311000 + at}" for at in range(count)), components), groups


def economy(
    regions: int = 80, clusters: int = 6, size: int = 6, *, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Jobs and establishments by region and industry, clusters strong in their own regions."""
    draw = np.random.default_rng(seed)
    groups = np.repeat(np.arange(clusters), size)
    strength = draw.gamma(0.5, 2.0, (regions, clusters))
    mean = strength[:, groups] * draw.gamma(2.0, 1.0, (regions, len(groups))) * 50
    units = draw.poisson(mean / 10)
    jobs = np.where(units > 0, np.round(mean) + units, 0)
    return jobs.astype(float), units.astype(float), groups
