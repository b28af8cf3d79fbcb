"""Tables of a validation: errors, quotients, intervals, probabilities, flags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.baselines import BASELINES, LEAST_SQUARES
from clusteratlas.completion.cells import Flags, Floats
from clusteratlas.completion.judged import NOTHING, OURS, Judged
from clusteratlas.completion.left_out import LeftOut
from clusteratlas.completion.validation import Validation

LEVELS = ("sector", "3", "4", "5", "6")
SIZES = ((0, 3), (3, 5), (5, 10), (10, 20), (20, 50), (50, np.inf))
"""Establishments: from, up to but not including."""
BINS = 10
SUMS_HOLD = 0.05
"""Jobs that sums hold to: as near, a truth is at the end of an interval, not beyond it."""
SMALLEST_JOBS = 1.0
"""Jobs below which the width of an interval is taken against one job."""

Value = str | int | float | None


@dataclass(frozen=True)
class Finding:
    """One table of a validation.

    Attributes
    ----------
    name
        Short, for a program to look it up by.
    title, note
        For readers.
    columns
        Names; those that end in % hold shares.
    rows
        One value a column.
    """

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


def findings(validation: Validation) -> list[Finding]:
    """Return every table of a validation: of hidden cells, then of cells left out."""
    found: list[Finding] = []
    if validation.hidden:
        found += _of_hidden(validation.hidden)
    if validation.left_out:
        found += _of_left_out(validation.left_out)
    return found


def _of_hidden(judged: Sequence[Judged]) -> list[Finding]:
    all_ = _Pool(judged)
    finest = _finest(all_.level)
    levels = [(level, all_.level == level) for level in LEVELS if np.any(all_.level == level)]
    states = [(code, finest & (all_.state == code)) for code in np.unique(all_.state).tolist()]
    sizes = all_.sizes(finest)
    methods = (OURS, *BASELINES)
    found = [
        Finding(
            "masks",
            "What was hidden",
            "Rows of the smallest regions, all levels. The ratio is the summed error of the finest "
            "hidden cells over that of plain least squares. Sums: printed rows with unknown parts.",
            ("year", "mask", "rows", "jobs", "ratio", "sums", "missed by > 0.05", "worst, jobs"),
            [_mask_row(each) for each in judged],
        ),
        _errors("error-by-level", "Summed error over summed jobs, by level", all_, levels, methods),
        _errors(
            "error-by-size",
            "The same at the finest level, by establishments of the cell",
            all_,
            sizes,
            methods,
        ),
        Finding(
            "absolute-by-level",
            "Mean absolute error, jobs a cell",
            "",
            ("level", "cells", "mean jobs", *methods),
            [
                (
                    name,
                    int(use.sum()),
                    float(all_.truth[use].mean()),
                    *(float(np.abs(all_.jobs[m] - all_.truth)[use].mean()) for m in methods),
                )
                for name, use in levels
            ],
        ),
        Finding(
            "quotient-error",
            "Summed error of location quotients over summed quotients",
            "",
            ("level", "cells", *(f"{m} %" for m in methods)),
            [
                (name, int(use.sum()), *(all_.quotient_error(m, use) for m in methods))
                for name, use in levels
            ],
        ),
        Finding(
            "wrong-decisions",
            "Wrong decisions whether a quotient is at least 1, share of hidden cells",
            "",
            ("level", "cells", *(f"{m} %" for m in methods)),
            [
                (name, int(use.sum()), *(all_.wrong(m, use) for m in methods))
                for name, use in levels
            ],
        ),
        _intervals("intervals-by-level", "Intervals by level", all_, levels),
        _intervals("intervals-by-state", "Intervals at the finest level, by state", all_, states),
        _intervals(
            "intervals-by-size", "Intervals at the finest level, by establishments", all_, sizes
        ),
        _probabilities(all_, finest),
    ]
    if all(each.strong for each in judged):
        found.append(_flags(all_, finest, methods))
    return found


class _Pool:
    """All masks' hidden cells together."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        def joined(of: Callable[[Judged], Floats]) -> Floats:
            return np.concatenate([of(each) for each in judged])

        codes = np.concatenate([each.industry for each in judged])
        self.level = np.array([_level(code) for code in codes.tolist()], dtype=object)
        self.state = np.concatenate([each.state for each in judged])
        self.establishments = joined(lambda each: each.establishments)
        self.truth = joined(lambda each: each.truth)
        self.at_one = joined(lambda each: each.at_one)
        self.low, self.high = joined(lambda each: each.low), joined(lambda each: each.high)
        self.probability = joined(lambda each: each.probability)
        self.jobs = {name: joined(lambda each, n=name: each.jobs[n]) for name in judged[0].jobs}  # type: ignore[misc]
        self.strong = {
            name: np.concatenate([each.strong[name] for each in judged])
            for name in judged[0].strong
        }

    def sizes(self, use: Flags) -> list[tuple[str, Flags]]:
        groups = []
        for first, end in SIZES:
            name = f"{first} and more" if np.isinf(end) else f"{first}-{int(end) - 1}"
            here = use & (self.establishments >= first - 0.5) & (self.establishments < end - 0.5)
            if here.any():
                groups.append((name, here))
        return groups

    def error(self, method: str, use: Flags) -> float:
        missed = np.abs(self.jobs[method] - self.truth)[use].sum()
        return float(missed / max(self.truth[use].sum(), 1e-9))

    def quotient_error(self, method: str, use: Flags) -> float:
        unit = 1 / np.maximum(self.at_one[use], 1e-9)
        missed = (np.abs(self.jobs[method] - self.truth)[use] * unit).sum()
        return float(missed / max((self.truth[use] * unit).sum(), 1e-9))

    def wrong(self, method: str, use: Flags) -> float:
        above = self.jobs[method][use] >= self.at_one[use]
        return float(np.mean(above != (self.truth[use] >= self.at_one[use])))


def _level(code: str) -> str:
    return "sector" if "-" in code or len(code) == 2 else str(len(code))


def _finest(level: NDArray[np.object_]) -> Flags:
    finest: Flags = level == max(set(level.tolist()), key=LEVELS.index)
    return finest


def _mask_row(each: Judged) -> tuple[Value, ...]:
    finest = _finest(np.array([_level(code) for code in each.industry.tolist()], dtype=object))
    missed = {m: float(np.abs(x - each.truth)[finest].sum()) for m, x in each.jobs.items()}
    return (
        each.year,
        each.mask,
        len(each.truth),
        float(each.truth.sum()),
        missed[OURS] / max(missed[LEAST_SQUARES], 1e-9),
        each.sums,
        each.missed,
        each.worst,
    )


def _errors(
    name: str, title: str, pool: _Pool, groups: list[tuple[str, Flags]], methods: Sequence[str]
) -> Finding:
    return Finding(
        name,
        title,
        "",
        ("group", "cells", "jobs", *(f"{m} %" for m in methods)),
        [
            (
                group,
                int(use.sum()),
                float(pool.truth[use].sum()),
                *(pool.error(m, use) for m in methods),
            )
            for group, use in groups
        ],
    )


def _intervals(name: str, title: str, pool: _Pool, groups: list[tuple[str, Flags]]) -> Finding:
    inside = (pool.truth >= pool.low - SUMS_HOLD) & (pool.truth <= pool.high + SUMS_HOLD)
    width = (pool.high - pool.low) / np.maximum(pool.jobs[OURS], SMALLEST_JOBS)
    return Finding(
        name,
        title,
        "Share of truths inside the 90 % interval; median width over the estimate.",
        ("group", "cells", "inside %", "below %", "above %", "width"),
        [
            (
                group,
                int(use.sum()),
                float(np.mean(inside[use])),
                float(np.mean((pool.truth < pool.low - SUMS_HOLD)[use])),
                float(np.mean((pool.truth > pool.high + SUMS_HOLD)[use])),
                float(np.median(width[use])),
            )
            for group, use in groups
        ],
    )


def _probabilities(pool: _Pool, finest: Flags) -> Finding:
    known = finest & ~np.isnan(pool.probability)
    said = np.minimum((pool.probability[known] * BINS).astype(np.int64), BINS - 1)
    above = (pool.truth >= pool.at_one)[known]
    rows: list[tuple[Value, ...]] = []
    for number in range(BINS):
        use = said == number
        if use.any():
            rows.append(
                (
                    f"{number / BINS:.1f}-{(number + 1) / BINS:.1f}",
                    int(use.sum()),
                    float(pool.probability[known][use].mean()),
                    float(above[use].mean()),
                )
            )
    return Finding(
        "probabilities",
        "Probability that a quotient is at least 1, against how often it was",
        "Finest level. The probability is the share of possible tables.",
        ("probability", "cells", "said %", "was %"),
        rows,
    )


def _flags(pool: _Pool, finest: Flags, methods: Sequence[str]) -> Finding:
    truth = pool.strong["truth"][finest]
    rows: list[tuple[Value, ...]] = []
    for method in methods:
        said = pool.strong[method][finest]
        rows.append(
            (
                method,
                int(finest.sum()),
                float(truth.mean()),
                float(np.mean(said != truth)),
                float(np.mean(~said[truth])) if truth.any() else None,
                float(np.mean(~truth[said])) if said.any() else None,
            )
        )
    return Finding(
        "strong-flags",
        "Flags strong (rule us-2014 over regions and finest industries) of hidden cells",
        "Flipped: share of hidden cells whose flag is another. Lost: of the truly strong. "
        "False: of those called strong.",
        ("method", "cells", "strong %", "flipped %", "lost %", "false %"),
        rows,
    )


def _of_left_out(years: Sequence[LeftOut]) -> list[Finding]:
    pool = _Pool([each.judged for each in years])
    real = pool.truth > 0
    everywhere = np.ones(len(real), dtype=bool)
    groups = [("all found", everywhere), ("really there", real), ("not there", ~real)]
    methods = (OURS, LEAST_SQUARES)
    of_year: list[tuple[Value, ...]] = [
        (
            str(each.judged.year),
            len(each.judged.truth),
            float(each.judged.truth.sum()),
            each.unfound,
            *(
                float(
                    (np.abs(each.judged.jobs[m] - each.judged.truth).sum() + each.unfound)
                    / (each.judged.truth.sum() + each.unfound)
                )
                for m in methods
            ),
        )
        for each in years
    ]
    return [
        Finding(
            "left-out-error",
            "Cells below five establishments, left out and found again",
            "Under parents whose cells are all printed. Cells thought to be there that were not "
            "count with a truth of zero. Summed error over summed jobs.",
            ("year", "cells", "jobs", "jobs not found", *(f"{m} %" for m in methods)),
            of_year,
        ),
        _intervals("left-out-intervals", "Their intervals", pool, groups),
        Finding(
            "left-out-sums",
            "Sums of metropolitan areas by industry",
            "All cells under these parents added up to metropolitan and micropolitan areas: "
            "summed error, and bias, over summed jobs.",
            ("year", "jobs", "method", "error %", "bias %"),
            [_region_row(each, m) for each in years for m in (NOTHING, LEAST_SQUARES, OURS)],
        ),
    ]


def _region_row(each: LeftOut, method: str) -> tuple[Value, ...]:
    truth, said = each.of_regions["truth"], each.of_regions[method]
    total = max(float(truth.sum()), 1e-9)
    return (
        str(each.judged.year),
        float(truth.sum()),
        method,
        float(np.abs(said - truth).sum() / total),
        float((said - truth).sum() / total),
    )
