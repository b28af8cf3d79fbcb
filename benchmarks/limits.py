"""The machine's limit: for each measure the best bare algorithm known to us, on the same inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
import scipy.special

from benchmarks import limit_kernels as kernels
from benchmarks import limit_points
from benchmarks.cell import Call, Job
from benchmarks.data import TIDY_ROWS, WINDOW, YEARS, Kept, panel, tidy

RADII = np.linspace(0.05, 1.0, 64) * 0.05 * WINDOW
"""64 radii to 5 % of the window."""
K_RADII = np.linspace(1 / 64, 1, 64) * 0.01 * WINDOW
"""64 radii to 1 % of the window: all points around all points."""
SWEEPS = 20
SIMULATIONS = 99


def _table(kernel: Callable[..., object]) -> Job:
    def ready(kept: Kept) -> Call:
        jobs = kept.jobs
        return lambda: kernel(jobs)

    return ready


def _years(kernel: Callable[..., object]) -> Job:
    def ready(kept: Kept) -> Call:
        start, end = kept.jobs, kept.later
        return lambda: kernel(start, end)

    return ready


def _present(work: Callable[[Any], object]) -> Job:
    def ready(kept: Kept) -> Call:
        present = kept.present.astype(np.float64)
        return lambda: work(present)

    return ready


def _presence(kept: Kept) -> Call:
    quotients = kernels.quotient(kept.jobs)
    return lambda: kernels.present(quotients)


def _variety(kept: Kept) -> Call:
    jobs, groups = kept.jobs, kept.groups
    width = int(groups.max()) + 1
    return lambda: kernels.variety(jobs, groups, width)


def _plants(kept: Kept) -> Call:
    region, industry, jobs = kept.plant_region, kept.plant_industry, kept.plant_jobs
    return lambda: kernels.plants(region, industry, jobs, *kept.shape)


def gini(jobs: Any) -> object:
    """Sort the jobs of each industry, the zeros left out."""
    rows, columns = jobs.shape
    starts, _, values = kernels.columns_held(jobs)
    out = np.empty(columns)
    for c in range(columns):
        held = np.sort(values[starts[c] : starts[c + 1]])
        place = np.arange(rows - len(held) + 1, rows + 1)
        out[c] = 2 * (place @ held) / (rows * held.sum()) - (rows + 1) / rows
    return out


def locational_gini(jobs: Any) -> object:
    """Sort the regions of each industry by their quotient, those without it left out."""
    by_row, by_column = kernels.sums(jobs)
    share = by_row / by_row.sum()
    starts, rows, values = kernels.columns_held(jobs)
    out = np.empty(jobs.shape[1])
    for c in range(len(out)):
        part = slice(starts[c], starts[c + 1])
        own, whole = values[part], share[rows[part]]
        order = np.argsort(own / whole)
        held = own[order] / by_column[c]
        above = 1 - np.cumsum(held) + held / 2
        out[c] = 2 * (above @ whole[order]) - 1 + 2 * (1 - whole.sum())
    return out


def coagglomeration(jobs: Any) -> object:
    """One product of the shares less the regions' shares."""
    apart, spread = kernels.shares_apart(jobs)
    return (apart.T @ apart) / spread


def proximity(present: Any) -> object:
    """One product of the 0/1 table in single precision, which is exact for counts."""
    held = present.astype(np.float32)
    together = held.T @ held
    count = np.diag(together)
    return (together / np.maximum(count[:, None], count)).astype(np.float64)


def relatedness(present: Any) -> object:
    """The same product, over the counts' own products."""
    held = present.astype(np.float32)
    together = held.T @ held
    np.fill_diagonal(together, 0)
    count = together.sum(axis=0)
    return (together * (count.sum() / np.outer(count, count))).astype(np.float64)


def _density(kept: Kept) -> Call:
    present, pairs = kept.present.astype(np.float64), kept.proximity
    return lambda: density(present, pairs)


def density(present: Any, pairs: Any) -> object:
    """One product in single precision."""
    single = pairs.astype(np.float32)
    single /= single.sum(axis=0)
    return present.astype(np.float32) @ single


def complexity(present: Any) -> object:
    """Two leading singular vectors of the sparse symmetric form; the first is known."""
    starts, columns = kernels.rows_held(present)
    by_row = 1 / np.sqrt(np.diff(starts))
    count = np.bincount(columns, minlength=present.shape[1])
    by_column = 1 / np.sqrt(count)
    cells = by_row.repeat(np.diff(starts)) * by_column[columns]
    held = scipy.sparse.csr_matrix((cells, columns, starts), shape=present.shape)
    turned = held.T.tocsr()
    first = np.sqrt(count / count.sum())

    def apply(vector: Any) -> Any:
        vector = vector.ravel()
        return turned @ (held @ vector) - first * (first @ vector)

    size = held.shape[1]
    operator = scipy.sparse.linalg.LinearOperator((size, size), matvec=apply, dtype=np.float64)
    start = np.random.default_rng(1).random(size)
    values, vectors = scipy.sparse.linalg.eigsh(operator, k=1, v0=start, tol=1e-8)
    second = vectors[:, 0]
    return values, by_column * second, by_row * (held @ second)


def fitness(present: Any) -> object:
    """Twenty sweeps over the cells that are there."""
    starts, columns = kernels.rows_held(present)
    return kernels.fitness(starts, columns, present.shape[1], SWEEPS)


def neighbours(kept: Kept) -> scipy.sparse.csr_matrix:
    """Regions that touch, 1 each."""
    one, other = kept.neighbours
    rows = kept.shape[0]
    return scipy.sparse.csr_matrix((np.ones(len(one)), (one, other)), shape=(rows, rows))


def shares(kept: Kept) -> Any:
    """Each industry's share of its region's jobs: what is looked at in space."""
    jobs = kept.jobs
    return jobs / jobs.sum(axis=1, keepdims=True)


def few(kept: Kept) -> int:
    """Industries for which permutations are drawn: all 90, or as many as a minute allows."""
    return {400: 90, 3_100: 20, 40_000: 2}[kept.shape[0]]


def _moran(kept: Kept) -> Call:
    values, touching = shares(kept), neighbours(kept)
    weights = scipy.sparse.diags(1 / touching.sum(axis=1).A1) @ touching

    def call() -> object:
        apart = values - values.mean(axis=0)
        lag = weights @ apart
        return np.einsum("ri,ri->i", apart, lag) / np.einsum("ri,ri->i", apart, apart)

    return call


def _local_moran(kept: Kept) -> Call:
    values, touching = shares(kept)[:, : few(kept)], neighbours(kept)
    return lambda: local_moran(values, touching)


def local_moran(values: Any, touching: Any, permutations: int = 999) -> object:
    """Rank each lag among the sums that one set of draws gives, all industries."""
    rng = np.random.default_rng(3)
    most = int(np.diff(touching.indptr).max()) + 1
    orders = np.array([rng.choice(len(values), most, replace=False) for _ in range(permutations)])
    apart = np.ascontiguousarray(((values - values.mean(axis=0)) / values.std(axis=0)).T)
    return kernels.local_draws(apart, touching.indptr, touching.indices, orders)


def _getis_ord(kept: Kept) -> Call:
    values = shares(kept)
    touching = (neighbours(kept) + scipy.sparse.eye(len(values))).tocsr()

    def call() -> object:
        count = touching.sum(axis=1).A1[:, None]
        mean, deviation = values.mean(axis=0), values.std(axis=0)
        n = len(values)
        spread = deviation * np.sqrt((n * count - count**2) / (n - 1))
        z = (touching @ values - count * mean) / spread
        p = 2 * scipy.special.ndtr(-np.abs(z))
        return z, p, np.sort(p, axis=0)

    return call


def _flags(kept: Kept) -> Call:
    quotients, jobs, plants = kernels.quotient(kept.jobs), kept.jobs, kept.establishments
    return lambda: (np.sort(quotients, axis=0), np.sort(jobs, axis=0), np.sort(plants, axis=0))


def _stars(kept: Kept) -> Call:
    quotients, jobs = kernels.quotient(kept.jobs), kept.jobs
    by_row, by_column = kernels.sums(jobs)
    of_nation, of_region = jobs / by_column, jobs / by_row[:, None]

    def call() -> object:
        stars = (quotients >= 2).astype(np.float64)
        for shares_of in (of_nation, of_region):
            starts, _, values = kernels.columns_held(shares_of)
            cut = np.empty(stars.shape[1])
            for c in range(len(cut)):
                held = values[starts[c] : starts[c + 1]]
                place = int(0.9 * len(held))
                cut[c] = np.partition(held, place)[place] if len(held) else 0.0
            stars += shares_of >= cut
        return stars

    return call


def _rank(kept: Kept) -> Call:
    quotients = kernels.quotient(kept.jobs)
    return lambda: np.argsort(quotients, axis=0)


def _kd(kept: Kept) -> Call:
    place = np.ascontiguousarray(kept.place[kept.sector == 0])
    at = np.linspace(0, 0.5 * WINDOW, 256)
    return lambda: limit_points.kd_function(place, 0.5 * WINDOW, at, 1.0)


def _m(kept: Kept) -> Call:
    place, sector, jobs = kept.place, kept.sector, kept.jobs
    return lambda: limit_points.m_function(place, sector, jobs, 0, RADII)


def _k(kept: Kept) -> Call:
    place = kept.place
    return lambda: limit_points.ripley_k(place, K_RADII, WINDOW)


def _tidy(kept: Kept) -> Call:
    columns = tidy(TIDY_ROWS)
    return lambda: kernels.tidy_quotient(*columns, *kept.shape, YEARS)


def _related_and_complex(kept: Kept) -> Call:
    present = [kernels.present(kernels.quotient(table)) for _, table in panel(kept)]
    return lambda: [(proximity(table), complexity(table)) for table in present]


def _whole_panel(kept: Kept) -> Call:
    jobs = [table for _, table in panel(kept)]

    def call() -> object:
        found = []
        for table in jobs:
            present = kernels.present(kernels.quotient(table))
            found.append((density(present, proximity(present)), complexity(present)))
        return found

    return call


def _local_moran_all(kept: Kept) -> Call:
    values, touching = shares(kept), neighbours(kept)
    return lambda: local_moran(values, touching)


def _envelope(kept: Kept) -> Call:
    place, sector, jobs = kept.place, kept.sector, kept.jobs
    rng = np.random.default_rng(4)

    def call() -> object:
        drawn = [rng.permutation(sector) == 0 for _ in range(SIMULATIONS)]
        labellings = np.stack([sector == 0, *drawn], axis=1).astype(np.float32)
        return limit_points.m_envelope(place, labellings, jobs, RADII)

    return call


JOBS: dict[str, Job] = {
    "location_quotient": _table(kernels.quotient),
    "presence": _presence,
    "krugman_index": _table(kernels.distance_of_rows),
    "hoover_index": _table(kernels.distance_of_columns),
    "hachman_index": _table(kernels.likeness),
    "herfindahl_index": _table(kernels.squares),
    "shannon_entropy": _table(kernels.entropy),
    "related_variety": _variety,
    "gini": _table(gini),
    "locational_gini": _table(locational_gini),
    "theil_index": _table(kernels.theil),
    "ellison_glaeser": _plants,
    "maurel_sedillot": _plants,
    "coagglomeration": _table(coagglomeration),
    "growth": _years(kernels.growth),
    "entry": _years(kernels.entry),
    "shift_share": _years(kernels.shift_share),
    "convergence": _years(kernels.convergence),
    "proximity": _present(proximity),
    "relatedness": _present(relatedness),
    "relatedness_density": _density,
    "complexity": _present(complexity),
    "fitness": _present(fitness),
    "moran": _moran,
    "local_moran": _local_moran,
    "getis_ord": _getis_ord,
    "strength_flags": _flags,
    "star_rating": _stars,
    "rank": _rank,
    "kd_function": _kd,
    "m_function": _m,
    "ripley_k": _k,
    "tidy_location_quotient": _tidy,
    "relatedness and complexity": _related_and_complex,
    "quotient to complexity": _whole_panel,
    "local_moran, all industries": _local_moran_all,
    "m_function, envelope": _envelope,
}
