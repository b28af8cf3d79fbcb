"""Leave out the smallest printed cells, as an office does, find them again and compare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.completion.baselines import LEAST_SQUARES
from clusteratlas.completion.cells import Cells, Floats, Places
from clusteratlas.completion.estimate import RAISED, estimate, lesson_of_absent, teach
from clusteratlas.completion.features import sized
from clusteratlas.completion.judged import NOTHING, OURS, Judged, state_of
from clusteratlas.completion.masks import drop
from clusteratlas.completion.solving import blocks_of, least_squares

RAISED_AGAIN = 8
"""Establishments below which is left out to learn from a table that lacks all below `RAISED`."""


@dataclass(frozen=True)
class LeftOut:
    """Cells below a raised threshold, left out and found again: what sums of regions gain.

    Attributes
    ----------
    judged
        The cells found, with the truth (zero where there was none).
    unfound
        Jobs of cells left out that were not found at all.
    of_regions
        For each method (and ``truth``): jobs by larger region and industry, under the parents
        whose cells are all known.
    """

    judged: Judged
    unfound: float
    of_regions: dict[str, Floats]


def judge_left_out(
    cells: Cells, year: int, seed: int, larger: dict[str, str], *, draws: int
) -> LeftOut:
    """Leave out cells below `RAISED` establishments under complete parents, and find them."""
    deepest = int(cells.depth.max(initial=0))
    lesson = lesson_of_absent(cells, deepest, RAISED)
    found, sums = lesson.problem.cells, lesson.problem.sums
    taught = teach(found, deepest, seed=seed, raised=RAISED_AGAIN)
    filled = estimate(found, deepest, taught, draws=draws, seed=seed)
    judged = lesson.hidden
    at = sums.cells[judged]
    guess = sized(found).guess[sums.cells]
    plain = least_squares(
        blocks_of(found, sums), guess, guess, found.low[sums.cells], found.high[sums.cells]
    )
    methods = {OURS: filled.jobs[judged], LEAST_SQUARES: plain[judged]}
    dropped, whole = drop(cells, deepest, fewest=RAISED)
    width = len(cells.industries.codes)
    key_found = found.region[at] * width + found.industry[at]
    lost = np.flatnonzero(dropped)
    key_lost = cells.region[lost] * width + cells.industry[lost]
    unfound = lost[~np.isin(key_lost, key_found)]
    true_jobs = np.full(len(found), np.nan)
    true_jobs[at] = lesson.truth
    result = Judged(
        year,
        seed,
        found.industries.codes[found.industry[at]],
        state_of(found, at),
        found.establishments[at],
        lesson.truth,
        found.leaf[at],
        np.full(len(at), np.nan),
        methods,
        filled.low[judged],
        filled.high[judged],
        np.full(len(at), np.nan),
    )
    kept = np.flatnonzero(
        cells.leaf & cells.known & (cells.above >= 0) & whole[cells.above] & ~dropped
    )
    parts = [
        (cells.region[kept], cells.industry[kept], cells.employment[kept]),
        (cells.region[unfound], cells.industry[unfound], np.zeros(len(unfound))),
    ]
    regional = _Larger(cells, larger)
    of_regions = {
        "truth": regional.sums(
            *_joined(
                parts[0],
                (cells.region[unfound], cells.industry[unfound], cells.employment[unfound]),
                (found.region[at], found.industry[at], lesson.truth),
            )
        )
    }
    for name, jobs in {NOTHING: np.zeros(len(at)), **methods}.items():
        of_regions[name] = regional.sums(
            *_joined(*parts, (found.region[at], found.industry[at], jobs))
        )
    return LeftOut(result, float(cells.employment[unfound].sum()), of_regions)


def _joined(*parts: tuple[Places, Places, Floats]) -> tuple[Places, Places, Floats]:
    region, industry, jobs = (np.concatenate(each) for each in zip(*parts, strict=True))
    return region, industry, jobs


class _Larger:
    """Adds cells up to larger regions; the regions in none of them are left out."""

    def __init__(self, cells: Cells, larger: dict[str, str]) -> None:
        self.width = len(cells.industries.codes)
        names = sorted(set(larger.values()))
        number = {name: place for place, name in enumerate(names)}
        codes = cells.regions.codes.tolist()
        self.of = np.array([number.get(larger.get(code, ""), -1) for code in codes])
        self.size = len(names) * self.width

    def sums(self, region: Places, industry: Places, jobs: Floats) -> Floats:
        """Return jobs of every larger region and industry, flat."""
        of = self.of[region]
        inside = of >= 0
        key = of[inside] * self.width + industry[inside]
        total: Floats = np.bincount(key, jobs[inside], minlength=self.size).astype(np.float64)
        return total
