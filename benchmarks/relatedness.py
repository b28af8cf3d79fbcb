"""How industries relate: every similarity matrix, beside the bare matrix products alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.measured import measured
from clusteratlas.relatedness.colocation import colocation_of
from clusteratlas.relatedness.defining.basis import without_unknown
from clusteratlas.relatedness.defining.search import search
from clusteratlas.relatedness.input_output import Flows, input_output_links
from clusteratlas.relatedness.occupations import Staffing, occupation_similarity
from clusteratlas.relatedness.packaged import packaged_industries

REGIONS, INDUSTRIES, OCCUPATIONS = 3_100, 1_000, 800
REPEATS = 3
ALONE = "from benchmarks.relatedness import MadeUp\nMadeUp.drawn().every_matrix()"


@dataclass(frozen=True)
class MadeUp:
    """Figures of the size of a country: jobs, establishments, flows, staffing."""

    codes: tuple[str, ...]
    jobs: np.ndarray
    places: np.ndarray
    flows: Flows
    staffing: Staffing

    @classmethod
    def drawn(cls) -> MadeUp:
        """Draw them, the same ones each time."""
        random = np.random.default_rng(0)
        shape = (REGIONS, INDUSTRIES)
        jobs = random.lognormal(0, 2, shape) * (random.random(shape) < 0.3)
        codes = tuple(f"{at:06d}" for at in range(INDUSTRIES))
        between = random.lognormal(0, 3, (INDUSTRIES,) * 2)
        between *= random.random(between.shape) < 0.1
        none = np.zeros(INDUSTRIES, dtype=bool)
        shares = random.dirichlet(np.full(OCCUPATIONS, 0.05), INDUSTRIES)
        occupations = tuple(map(str, range(OCCUPATIONS)))
        return cls(
            codes,
            jobs,
            np.ceil(jobs / 10),
            Flows(codes, between, between.sum(axis=1), between.sum(axis=0), none),
            Staffing(codes, occupations, shares, codes, none),
        )

    def every_matrix(self) -> None:
        """Compute every component and the composite."""
        found = colocation_of(self.jobs, self.places, industries=self.codes)
        found = found.with_others(input_output_links(self.flows))
        found.with_others(occupation_similarity(self.staffing)).composite()

    def bare_products(self) -> None:
        """Multiply the matrices that every component needs, and nothing else."""
        for figures in (self.jobs, self.places, self.jobs, self.jobs, self.staffing.shares.T):
            figures.T @ figures


def _seconds(job: Callable[[], None]) -> float:
    """Processor time of the fastest of some runs, on one thread."""
    taken = []
    with threadpool_limits(1):
        for _ in range(REPEATS):
            started = time.process_time()
            job()
            taken.append(time.process_time() - started)
    return min(taken)


def lines() -> list[str]:
    """Return the part of the results."""
    made_up = MadeUp.drawn()
    ours, bare = _seconds(made_up.every_matrix), _seconds(made_up.bare_products)
    peak = measured(ALONE, repeats=1).peak_mib
    return [
        "## How industries relate (1,000 industries, 3,100 regions; processor time, one core)",
        "",
        "Co-location by jobs and by establishments, coagglomeration, co-occurrence, input-output, "
        "occupations and the composite, from figures in memory. To reach: 5 s and 2 GB.",
        "",
        "| every matrix | limit: the five bare matrix products | ratio | peak memory |",
        "|---|---|---|---|",
        f"| {ours:.2f} s | {bare:.2f} s | {ours / bare:.1f} | {peak:,.0f} MiB |",
        "",
        *_searched(),
    ]


def _searched() -> list[str]:
    """Search definitions on the packaged industries; to reach: 400 candidates in 60 s."""
    packaged = packaged_industries("naics-2017")
    assert packaged is not None
    known, _ = without_unknown(packaged)
    started = time.process_time()
    with threadpool_limits(1):
        found = search(known)
    taken = time.process_time() - started
    return [
        f"Searching cluster definitions: {len(found.candidates)} candidates on {len(known.labels)} "
        f"industries clustered and scored in {taken:.0f} s of processor time on one core (to "
        "reach: 400 in 60 s).",
        "",
    ]
