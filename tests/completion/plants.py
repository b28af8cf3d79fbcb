"""Simulated plants: a small country whose truth is known, and what its office would print."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clusteratlas.completion.trees import industry_parent

STATES = ("06", "12", "19")
INDUSTRIES = (
    "111110", "111120", "111219", "112111",
    "311111", "311119", "311211", "311212", "312111", "331110",
    "332111", "332112", "332114", "333111", "333112", "334413",
    "441110", "441120", "441210", "445110", "445120", "448110",
    "522110", "522120", "523110", "524113", "524114", "524126",
    "621111", "621112", "621210", "722511", "722513", "722515",
)  # fmt: skip


@dataclass(frozen=True)
class Country:
    """What the office prints, and the truth of every row in the same order."""

    table: pa.Table
    truth: NDArray[np.float64]

    @property
    def codes(self) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
        return tuple(
            np.array(self.table.column(name).to_pylist(), dtype=str)
            for name in ("region", "industry")
        )  # type: ignore[return-value]


def country(
    seed: int,
    *,
    counties: int = 5,
    states: int = 2,
    industries: int = len(INDUSTRIES),
    withheld: float = 0.35,
    nation: bool = False,
    below: int | None = None,
    year: int = 2020,
) -> Country:
    """Draw plants, add them up to all levels, and print what an office would.

    ``withheld`` is the share of cells with few plants that the office withholds; ``below``: instead
    it leaves out rows with fewer establishments.
    """
    random = np.random.default_rng(seed)
    cells: dict[tuple[str, str], tuple[float, float]] = {}
    size = np.exp(random.normal(2.2, 0.8, industries))
    for state in STATES[:states]:
        for county in range(counties):
            scale = np.exp(random.normal(0.8, 1.0))
            places = random.poisson(scale * random.gamma(1.0, 1.0, industries))
            for industry, number in enumerate(places.tolist()):
                plants = np.exp(random.normal(np.log(size[industry]), 1.0, number))
                jobs = float(np.maximum(np.round(plants), 1).sum())
                if number:
                    _add(cells, f"{state}{2 * county + 1:03d}", INDUSTRIES[industry], number, jobs)
    leaves = dict(cells)
    uppers: list[str] = ["state", "nation"] if nation else ["state"]
    for (region, industry), (number, jobs) in leaves.items():
        for upper in ["", *uppers]:
            code = {"": region, "state": region[:2] + "000", "nation": "US000"}[upper]
            at: str | None = industry
            while at is not None:
                if upper or at != industry:
                    _add(cells, code, at, number, jobs)
                at = industry_parent(at)
    keys = sorted(cells)
    number = np.array([cells[key][0] for key in keys])
    truth = np.array([cells[key][1] for key in keys])
    regions = np.array([key[0] for key in keys])
    codes = np.array([key[1] for key in keys])
    printed = truth.copy()
    county = ~np.char.endswith(regions, "000")
    if below is None:
        chance = np.where(number < 3, 0.9, withheld * np.exp(-number / 15))
        hidden = county & (codes != "00") & (random.random(len(keys)) < chance)
        hidden |= ~county & (np.char.str_len(codes) == 6) & (random.random(len(keys)) < 0.05)
        printed[hidden] = np.nan
        kept = np.ones(len(keys), dtype=bool)
    else:
        kept = ~(county & (number < below))
    table = pa.table(
        {
            "region": regions[kept].tolist(),
            "industry": codes[kept].tolist(),
            "year": pa.array(np.full(int(kept.sum()), year, dtype=np.int16)),
            "establishments": number[kept],
            "employment": pa.array(printed[kept], mask=np.isnan(printed[kept])),
        }
    )
    return Country(table, truth[kept])


def _add(
    cells: dict[tuple[str, str], tuple[float, float]],
    region: str,
    industry: str,
    number: float,
    jobs: float,
) -> None:
    before = cells.get((region, industry), (0.0, 0.0))
    cells[region, industry] = (before[0] + number, before[1] + jobs)


def rows(*given: tuple[object, ...], year: int = 2020) -> pa.Table:
    """A table from rows of region, industry, establishments, employment[, low, high]."""
    names = ("region", "industry", "establishments", "employment", "low", "high")
    dicts = [dict(zip(names, row, strict=False)) for row in given]

    def column(name: str) -> list[object]:
        return [each.get(name) for each in dicts]

    table = {
        "region": pa.array(column("region"), pa.string()),
        "industry": pa.array(column("industry"), pa.string()),
        "year": pa.array([year] * len(dicts), pa.int16()),
        "establishments": pa.array(column("establishments"), pa.float64()),
        "employment": pa.array(column("employment"), pa.float64()),
    }
    if any(len(row) > 4 for row in given):
        table["employment_low"] = pa.array(column("low"), pa.float64())
        table["employment_high"] = pa.array(column("high"), pa.float64())
    return pa.table(table)


def jobs_of(table: pa.Table, column: str = "employment") -> dict[tuple[str, str], float | None]:
    """A column by region and industry."""
    return {
        (row["region"], row["industry"]): row[column]
        for row in table.select(["region", "industry", column]).to_pylist()
    }


def misses(completed: pa.Table) -> NDArray[np.float64]:
    """By how many jobs each printed row misses the sum of its children, where they cover it.

    Children are its industries, or its regions, where their establishments add up to its own.
    """
    jobs = jobs_of(completed)
    count = jobs_of(completed, "establishments")
    status = jobs_of(completed, "status")
    by_industry: dict[tuple[str, str], list[tuple[str, str]]] = {}
    by_region: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for region, industry in jobs:
        above = industry_parent(industry)
        if above is not None:
            by_industry.setdefault((region, above), []).append((region, industry))
        if region != "US000":
            upper = "US000" if region.endswith("000") else region[:2] + "000"
            by_region.setdefault((upper, industry), []).append((region, industry))
    missed = []
    for family in (by_industry, by_region):
        for parent, children in family.items():
            if parent not in jobs or status[parent] == "withheld":
                continue
            if any(jobs[child] is None for child in children):
                continue
            total = sum(count[child] or 0 for child in children)
            if abs(total - (count[parent] or 0)) < 0.01:
                missed.append(sum(jobs[child] or 0 for child in children) - (jobs[parent] or 0))
    return np.abs(np.array(missed))
