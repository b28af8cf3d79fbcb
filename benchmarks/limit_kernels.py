"""The bare loops: the fewest passes over memory a measure can do with, no checks, no labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit


def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop, once for all runs; division by zero gives NaN or infinity as in numpy."""
    made: Callable[..., Any] = njit(cache=True, error_model="numpy")(loop)
    return made


@compiled
def sums(table: Any) -> Any:
    rows, columns = table.shape
    by_row, by_column = np.zeros(rows), np.zeros(columns)
    for r in range(rows):
        total = 0.0
        for c in range(columns):
            total += table[r, c]
            by_column[c] += table[r, c]
        by_row[r] = total
    return by_row, by_column


@compiled
def quotient(table: Any) -> Any:
    by_row, by_column = sums(table)
    factor = by_row.sum() / by_column
    out = np.empty(table.shape)
    for r in range(table.shape[0]):
        own = 1 / by_row[r]
        for c in range(table.shape[1]):
            out[r, c] = table[r, c] * own * factor[c]
    return out


@compiled
def present(quotients: Any) -> Any:
    out = np.empty(quotients.shape)
    for r in range(quotients.shape[0]):
        for c in range(quotients.shape[1]):
            out[r, c] = 1.0 if quotients[r, c] >= 1 else 0.0
    return out


@compiled
def distance_of_rows(table: Any) -> Any:
    by_row, by_column = sums(table)
    whole = by_column / by_row.sum()
    out = np.empty(len(by_row))
    for r in range(table.shape[0]):
        own, total = 1 / by_row[r], 0.0
        for c in range(table.shape[1]):
            total += abs(table[r, c] * own - whole[c])
        out[r] = total
    return out


@compiled
def distance_of_columns(table: Any) -> Any:
    by_row, by_column = sums(table)
    whole = by_row / by_row.sum()
    own = 1 / by_column
    out = np.zeros(table.shape[1])
    for r in range(table.shape[0]):
        for c in range(table.shape[1]):
            out[c] += abs(table[r, c] * own[c] - whole[r])
    return out / 2


@compiled
def likeness(table: Any) -> Any:
    by_row, by_column = sums(table)
    factor = by_row.sum() / by_column
    out = np.empty(len(by_row))
    for r in range(table.shape[0]):
        total = 0.0
        for c in range(table.shape[1]):
            total += table[r, c] * table[r, c] * factor[c]
        out[r] = by_row[r] * by_row[r] / total
    return out


@compiled
def squares(table: Any) -> Any:
    out = np.empty(table.shape[0])
    for r in range(table.shape[0]):
        total, square = 0.0, 0.0
        for c in range(table.shape[1]):
            total += table[r, c]
            square += table[r, c] * table[r, c]
        out[r] = square / (total * total)
    return out


@compiled
def entropy(table: Any) -> Any:
    out = np.empty(table.shape[0])
    for r in range(table.shape[0]):
        total, logs = 0.0, 0.0
        for c in range(table.shape[1]):
            value = table[r, c]
            if value > 0:
                total += value
                logs += value * np.log2(value)
        out[r] = np.log2(total) - logs / total
    return out


@compiled
def variety(table: Any, groups: Any, width: int) -> Any:
    out = np.empty((3, table.shape[0]))
    held = np.empty(width)
    for r in range(table.shape[0]):
        total, logs = 0.0, 0.0
        held[:] = 0
        for c in range(table.shape[1]):
            value = table[r, c]
            if value > 0:
                total += value
                logs += value * np.log2(value)
                held[groups[c]] += value
        between = 0.0
        for g in range(width):
            if held[g] > 0:
                between += held[g] * np.log2(held[g])
        out[0, r] = np.log2(total) - between / total
        out[1, r] = (between - logs) / total
        out[2, r] = np.log2(total) - logs / total
    return out


@compiled
def theil(table: Any) -> Any:
    rows, columns = table.shape
    total, logs = np.zeros(columns), np.zeros(columns)
    for r in range(rows):
        for c in range(columns):
            value = table[r, c]
            if value > 0:
                total[c] += value
                logs[c] += value * np.log(value)
    return logs / total - np.log(total / rows)


@compiled
def plants(region: Any, industry: Any, jobs: Any, regions: int, industries: int) -> Any:
    table = np.zeros((regions, industries))
    square = np.zeros(industries)
    for p in range(len(jobs)):
        table[region[p], industry[p]] += jobs[p]
        square[industry[p]] += jobs[p] * jobs[p]
    by_row, by_column = sums(table)
    share = by_row / by_row.sum()
    own = 1 / by_column
    apart = np.zeros(industries)
    spread = 1 - (share * share).sum()
    for r in range(regions):
        for c in range(industries):
            apart[c] += (table[r, c] * own[c] - share[r]) ** 2
    herfindahl = square * own * own
    return (apart / spread - herfindahl) / (1 - herfindahl)


@compiled
def shares_apart(table: Any) -> Any:
    by_row, by_column = sums(table)
    share = by_row / by_row.sum()
    own = 1 / by_column
    out = np.empty(table.shape)
    for r in range(table.shape[0]):
        for c in range(table.shape[1]):
            out[r, c] = table[r, c] * own[c] - share[r]
    return out, 1 - (share * share).sum()


@compiled
def split_change(
    start: Any, end: Any, national: Any, mix: Any, competitive: Any, new: Any, total: Any
) -> None:
    first, last = sums(start)[1], sums(end)[1]
    whole = last.sum() / first.sum() - 1
    rate = last / first - 1
    for r in range(start.shape[0]):
        for c in range(start.shape[1]):
            held = start[r, c]
            change = end[r, c] - held
            national[r, c] = held * whole
            mix[r, c] = held * (rate[c] - whole)
            competitive[r, c] = change - held * rate[c] if held > 0 else 0.0
            if held == 0 and change > 0:
                new[r, c] = change
            total[r, c] = change


def shift_share(start: Any, end: Any) -> Any:
    shape = start.shape
    written = [np.empty(shape) for _ in range(3)]
    allocation, new, total = np.zeros(shape), np.zeros(shape), np.empty(shape)
    split_change(start, end, *written, new, total)
    return *written, allocation, new, total


@compiled
def convergence(start: Any, end: Any) -> Any:
    columns = start.shape[1]
    n, x, y = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    xx, xy, yy = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    for r in range(start.shape[0]):
        for c in range(columns):
            if start[r, c] > 0 and end[r, c] > 0:
                at = np.log(start[r, c])
                rise = np.log(end[r, c]) - at
                n[c] += 1
                x[c] += at
                y[c] += rise
                xx[c] += at * at
                xy[c] += at * rise
                yy[c] += rise * rise
    slope = (xy - x * y / n) / (xx - x * x / n)
    return slope, (y - slope * x) / n, yy


@compiled
def growth(start: Any, end: Any) -> Any:
    out = np.empty(start.shape)
    for r in range(start.shape[0]):
        for c in range(start.shape[1]):
            out[r, c] = end[r, c] / start[r, c] - 1 if start[r, c] > 0 else np.nan
    return out


@compiled
def entry(start: Any, end: Any) -> Any:
    out = np.empty(start.shape)
    for r in range(start.shape[0]):
        for c in range(start.shape[1]):
            out[r, c] = np.nan if start[r, c] >= 1 else (1.0 if end[r, c] >= 1 else 0.0)
    return out


@compiled
def rows_held(table: Any) -> Any:
    """Where the cells of each row that are not zero lie: starts and columns."""
    starts = np.zeros(table.shape[0] + 1, dtype=np.int32)
    for r in range(table.shape[0]):
        count = 0
        for c in range(table.shape[1]):
            count += table[r, c] != 0
        starts[r + 1] = starts[r] + count
    columns = np.empty(starts[-1] + 1, dtype=np.int32)
    place = 0
    for r in range(table.shape[0]):
        for c in range(table.shape[1]):
            columns[place] = c
            place += table[r, c] != 0
    return starts, columns[:-1]


@compiled
def columns_held(table: Any) -> Any:
    """The cells of each column that are not zero: starts, rows and values."""
    count = np.zeros(table.shape[1] + 1, dtype=np.int64)
    for r in range(table.shape[0]):
        for c in range(table.shape[1]):
            count[c + 1] += table[r, c] != 0
    starts = count.cumsum()
    at = starts.copy()
    rows, values = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1])
    for r in range(table.shape[0]):
        for c in range(table.shape[1]):
            if table[r, c] != 0:
                rows[at[c]] = r
                values[at[c]] = table[r, c]
                at[c] += 1
    return starts, rows, values


@compiled
def fitness(starts: Any, indices: Any, columns: int, sweeps: int) -> Any:
    rows = len(starts) - 1
    fit, hard = np.ones(rows), np.ones(columns)
    for _ in range(sweeps):
        held = np.zeros(columns)
        for r in range(rows):
            total, own = 0.0, 1 / fit[r]
            for k in range(starts[r], starts[r + 1]):
                total += hard[indices[k]]
                held[indices[k]] += own
            fit[r] = total
        fit /= fit.mean()
        hard = 1 / held
        hard /= hard.mean()
    return fit, hard


@compiled
def local_draws(table: Any, starts: Any, indices: Any, orders: Any) -> Any:
    """Local Moran of each industry and region, and how many drawn lags reach it.

    The sums of the first k drawn serve all regions with k neighbours; where the region itself is
    among them the next one drawn takes its place.
    """
    industries, n = table.shape
    counts = starts[1:] - starts[:-1]
    local, reached = np.empty((industries, n)), np.zeros((industries, n))
    for industry in range(industries):
        values = table[industry]
        sums = np.zeros(len(orders))
        lag = np.zeros(n)
        for i in range(n):
            for j in range(starts[i], starts[i + 1]):
                lag[i] += values[indices[j]]
            local[industry, i] = values[i] * lag[i] / counts[i]
        for k in range(1, counts.max() + 1):
            for p in range(len(orders)):
                sums[p] += values[orders[p, k - 1]]
            ranked = np.sort(sums)
            for i in range(n):
                if counts[i] == k:
                    reached[industry, i] = len(orders) - np.searchsorted(ranked, lag[i])
            for p in range(len(orders)):
                for j in range(k):
                    own = orders[p, j]
                    if counts[own] == k:
                        now = sums[p] - values[own] + values[orders[p, k]]
                        reached[industry, own] += (now >= lag[own]) - (sums[p] >= lag[own])
    return local, reached


@compiled
def tidy_quotient(
    jobs: Any, region: Any, industry: Any, year: Any, regions: int, industries: int, years: int
) -> Any:
    by_region = np.zeros((years, regions))
    by_industry = np.zeros((years, industries))
    for row in range(len(jobs)):
        by_region[year[row], region[row]] += jobs[row]
        by_industry[year[row], industry[row]] += jobs[row]
    for t in range(years):
        total = by_region[t].sum()
        by_region[t] = 1 / by_region[t]
        by_industry[t] = total / by_industry[t]
    out = np.empty(len(jobs))
    for row in range(len(jobs)):
        t = year[row]
        out[row] = jobs[row] * by_region[t, region[row]] * by_industry[t, industry[row]]
    return out
