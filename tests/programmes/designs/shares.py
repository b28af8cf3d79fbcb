"""Regions by industries under shocks: the shift-share instrument, sound and broken."""

from __future__ import annotations

import numpy as np
from tests.programmes.designs.records import SimulatedShares

BETA = 0.8
"""Points of the outcome per point of growth of jobs."""


def shift_share(
    seed: int,
    *,
    industries: int = 150,
    dominating: float = 0.0,
    strength: float = 1.0,
    foreseen: float = 0.0,
) -> SimulatedShares:
    """300 regions, 150 industries that hold half to nine tenths of the jobs.

    Shocks are as good as drawn across industries. Regions have trouble of their own that moves both
    jobs and outcome (so least squares is wrong), industries have unobserved shocks that move the
    outcome of every region exposed to them (so usual errors are too small), and regions with much
    work outside grow otherwise (so the sum of the shares must be controlled for).

    ``dominating`` is the share of exposure that one industry with an enormous shock has;
    ``strength`` scales the shocks; with ``foreseen`` shocks hit where the outcome grew before.
    """
    rng = np.random.default_rng([17, seed, industries])
    regions = 300
    total = np.exp(rng.normal(10.5, 1.0, regions))
    covered = rng.uniform(0.5, 0.9, regions)
    weights = np.exp(rng.normal(0, 0.5, industries))
    mix = rng.gamma(0.12 * weights, size=(regions, industries)) + 1e-9
    mix /= mix.sum(axis=1, keepdims=True)
    if dominating:
        reach = dominating * rng.beta(2, 2, regions) * 2
        mix *= (1 - np.clip(reach, 0, 0.95))[:, None] / mix[:, 1:].sum(axis=1, keepdims=True)
        mix[:, 0] = np.clip(reach, 0, 0.95)
    shares = mix * covered[:, None]
    shocks = rng.normal(0.02, 0.10 * strength, industries)
    if dominating:
        shocks[0] = 0.5
    unseen = rng.normal(0, 0.05, industries)
    trouble = rng.normal(0, 0.012, regions)
    own = rng.normal(0, 0.03, (regions, industries)) + trouble[:, None]
    grown = np.clip(shocks[None, :] + own, -0.9, None)
    jobs_before = shares * total[:, None]
    outside = (1 - covered) * total
    growth = (shares * grown).sum(axis=1) + (1 - covered) * (0.04 + trouble)
    outcome = (
        0.01
        + BETA * growth
        + 0.15 * covered
        - 0.8 * trouble
        + shares @ unseen
        + rng.normal(0, 0.008, regions)
    )
    before = 0.01 + 0.02 * covered + rng.normal(0, 0.02, regions)
    before += foreseen * (shares @ (shocks - shocks.mean())) + shares @ rng.normal(
        0, 0.05, industries
    )
    return SimulatedShares(
        "shift_share",
        seed,
        jobs_before,
        jobs_before * (1 + grown),
        outside,
        growth,
        outcome,
        before,
        BETA,
    )
