"""Measures on arrays, beside the smallest number of passes over memory that they need."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from clusteratlas import measures

SHAPE = (3_100, 1_000)


def _best(job: Callable[[], object], repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        job()
        times.append(time.perf_counter() - started)
    return min(times)


def figures() -> list[tuple[str, float, float]]:
    """Name, our milliseconds and the limit's milliseconds at 3,100 regions by 1,000 columns."""
    jobs = np.random.default_rng(5).gamma(0.3, 200, SHAPE).round()
    establishments = np.ceil(jobs / 12)
    quotient = measures.location_quotient(jobs)

    def quotient_limit() -> object:
        return jobs / jobs.sum(axis=1, keepdims=True) / (jobs.sum(axis=0) / jobs.sum())

    def sort_limit() -> object:
        return np.sort(quotient, axis=0), np.sort(jobs, axis=0), np.sort(establishments, axis=0)

    return [
        (
            "location_quotient",
            1e3 * _best(lambda: measures.location_quotient(jobs)),
            1e3 * _best(quotient_limit),
        ),
        (
            "strength_flags",
            1e3 * _best(lambda: measures.strength_flags(quotient, jobs, establishments)),
            1e3 * _best(sort_limit),
        ),
        ("rank", 1e3 * _best(lambda: measures.rank(quotient)), 1e3 * _best(sort_limit) / 3),
    ]
