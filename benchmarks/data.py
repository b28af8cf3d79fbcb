"""Made-up economies and plants with the shape of real ones, drawn once from a seed and kept.

Regions and industries have Pareto sizes; eight latent capabilities decide which industry goes with
which region; jobs are Poisson counts of which nine in ten are zero. Plants on a map are clusters
of Thomas, a third of them spread evenly. Whoever asks for a figure loads that figure only, so that
the memory of a measurement is its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PLACE = Path(__file__).parent.parent / "var" / "bench" / "data"
MADE = "1"
"""Changes with every change of what is drawn."""

SHAPES = {
    "400 x 90": (400, 90),
    "3,100 x 1,000": (3_100, 1_000),
    "40,000 x 1,000": (40_000, 1_000),
}
PLANTS = {"400 x 90": 3_600, "3,100 x 1,000": 200_000, "40,000 x 1,000": 2_000_000}
POINTS = {"10k points": 10_000, "100k points": 100_000, "1M points": 1_000_000}
TIDY_ROWS = 50_000_000
YEARS = 20
WINDOW = 100.0
ZEROS = 0.9

Array = npt.NDArray[Any]


def made(seed: int = 20) -> None:
    """Draw everything that is not there yet."""
    mark = PLACE / "made.txt"
    if PLACE.exists() and (not mark.exists() or mark.read_text("utf-8") != MADE):
        shutil.rmtree(PLACE)
    PLACE.mkdir(parents=True, exist_ok=True)
    mark.write_text(MADE, "utf-8")
    for size, (regions, industries) in SHAPES.items():
        _keep(size, lambda r=regions, i=industries, p=PLANTS[size]: economy(r, i, p, seed))  # type: ignore[misc]
    for size, number in POINTS.items():
        _keep(size, lambda n=number: points(n, seed))  # type: ignore[misc]


def _keep(size: str, draw: Callable[[], dict[str, Array]]) -> None:
    folder = PLACE / size.replace(",", "").replace(" ", "_")
    if not folder.exists():
        part = folder.with_suffix(".part")
        part.mkdir(exist_ok=True)
        for name, values in draw().items():
            np.save(part / f"{name}.npy", values)
        part.rename(folder)


class Kept:
    """What was drawn for a size, each figure read when it is asked for."""

    def __init__(self, size: str) -> None:
        self._folder = PLACE / size.replace(",", "").replace(" ", "_")

    def __getattr__(self, name: str) -> Array:
        if name.startswith("_"):
            raise AttributeError(name)
        found: Array = np.load(self._folder / f"{name}.npy")
        return found

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Regions and industries."""
        return tuple(np.load(self._folder / "jobs.npy", mmap_mode="r").shape)


def economy(regions: int, industries: int, plants: int, seed: int) -> dict[str, Array]:
    """Jobs of two years, presence, proximity, areas, groups of industries, neighbours, plants."""
    rng = np.random.default_rng(seed)
    of_region = rng.pareto(1.1, regions) + 1
    of_industry = rng.pareto(1.2, industries) + 1
    able = rng.gamma(0.5, 1.0, (regions, 8))
    needs = rng.gamma(0.5, 1.0, (industries, 8))
    fit = np.exp(np.minimum(able @ needs.T, 6.0))
    rate = of_region[:, None] * of_industry * fit
    jobs = rng.poisson(rate * _scale(rate)).astype(np.float64)
    least = np.argmax(fit * rng.random(fit.shape), axis=1)
    jobs[np.arange(regions), least] += 1
    jobs[np.argmax(fit * rng.random(fit.shape), axis=0), np.arange(industries)] += 1
    del fit, rate
    later = rng.poisson(jobs * rng.lognormal(0.02, 0.2, industries)).astype(np.float64)
    later += rng.random(jobs.shape) < 0.002
    present = jobs * jobs.sum() >= jobs.sum(axis=1)[:, None] * jobs.sum(axis=0)
    present &= jobs > 0
    held = present.astype(np.float32)
    together = (held.T @ held).astype(np.float64)
    ubiquity = np.maximum(np.diag(together), 1)
    proximity = together / np.maximum(ubiquity[:, None], ubiquity)
    np.fill_diagonal(proximity, 0)
    places = rng.choice(jobs.size, plants, p=np.sqrt(jobs.ravel()) / np.sqrt(jobs).sum())
    side = int(np.ceil(np.sqrt(regions)))
    return {
        "jobs": jobs,
        "later": later,
        "present": present,
        "proximity": proximity,
        "establishments": np.ceil(jobs / 12),
        "area": rng.pareto(1.5, regions) + 1,
        "groups": rng.integers(0, max(industries // 15, 2), industries),
        "neighbours": _rook(regions, side),
        "plant_region": (places // industries).astype(np.int32),
        "plant_industry": (places % industries).astype(np.int32),
        "plant_jobs": np.ceil((rng.pareto(1.1, plants) + 1) * 2),
    }


def _scale(rate: Array) -> float:
    """Return the factor at which nine in ten counts are expected to be zero."""
    rows = rate[:: max(len(rate) // 400, 1)]
    low, high = -30.0, 30.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if np.exp(-rows * np.exp(middle)).mean() > ZEROS else (low, middle)
        )
    return float(np.exp(low))


def _rook(regions: int, side: int) -> Array:
    """Pairs of regions that touch when they lie in rows on a chessboard, both ways."""
    place = np.arange(regions)
    right = place[(place % side < side - 1) & (place + 1 < regions)]
    below = place[place + side < regions]
    one = np.concatenate([right, below])
    other = np.concatenate([right + 1, below + side])
    return np.stack([np.concatenate([one, other]), np.concatenate([other, one])])


def points(number: int, seed: int) -> dict[str, Array]:
    """Plants in a square of 100 by 100: place, sector (the first holds 6 %) and jobs."""
    rng = np.random.default_rng(seed)
    clusters = 200
    spread = number * 3 // 10
    centre = rng.random((clusters, 2)) * WINDOW
    share = rng.pareto(1.1, clusters) + 1
    of_cluster = rng.choice(clusters, number - spread, p=share / share.sum())
    clustered = centre[of_cluster] + rng.normal(0, 2.0, (number - spread, 2))
    place = np.concatenate([clustered, rng.random((spread, 2)) * WINDOW])
    place = np.abs(place)
    place = WINDOW - np.abs(WINDOW - place)
    sectors = np.full(20, (1 - 0.0616) / 19)
    sectors[0] = 0.0616
    return {
        "place": place[rng.permutation(number)],
        "sector": rng.choice(20, number, p=sectors).astype(np.int64),
        "jobs": np.ceil(rng.pareto(1.1, number) + 1),
    }


def panel(kept: Kept, seed: int = 20) -> Iterator[tuple[int, Array]]:
    """Jobs of twenty years, each a little off the year before."""
    rng = np.random.default_rng(seed)
    jobs = kept.jobs
    for year in range(2001, 2001 + YEARS):
        jobs = np.maximum(jobs * rng.lognormal(0, 0.1, jobs.shape), jobs > 0).round()
        yield year, jobs


def tidy(rows: int, seed: int = 20) -> tuple[Array, Array, Array, Array]:
    """Jobs, region, industry and year of a tidy table, coded."""
    rng = np.random.default_rng(seed)
    jobs = rng.integers(0, 5_000, rows, dtype=np.int32)
    region = rng.integers(0, 3_100, rows, dtype=np.int16)
    industry = rng.integers(0, 1_000, rows, dtype=np.int16)
    year = rng.integers(0, YEARS, rows, dtype=np.int8)
    return jobs, region, industry, year
