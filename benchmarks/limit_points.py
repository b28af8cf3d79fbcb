"""The bare loops over pairs of points: sorted into squares, no checks, one answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.limit_kernels import compiled


def squares(place: Any, side: float) -> Any:
    """Return the order of points by square, where each square starts, and squares in a row."""
    across = int(np.floor(place.max() / side)) + 1
    cell = (place[:, 1] // side).astype(np.int64) * across + (place[:, 0] // side).astype(np.int64)
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(across * across + 1))
    return order, starts, across


@compiled
def m_sums(
    x: Any, y: Any, jobs: Any, own: Any, rows: Any, starts: Any, across: int, reach: int,
    side: float, radii_squared: Any, bin_of: Any, fine: float,
) -> Any:  # fmt: skip
    """Sum of the shares around each reference point and of what each would expect."""
    steps = len(radii_squared)
    ratio, expected = np.zeros(steps), np.zeros(steps)
    total, of_kind = jobs.sum(), (jobs * own).sum()
    most = radii_squared[-1]
    for i in rows:
        all_in, kind_in = np.zeros(steps), np.zeros(steps)
        column, row = int(x[i] // side), int(y[i] // side)
        for near in range(max(row - reach, 0), min(row + reach + 1, across)):
            low = near * across + max(column - reach, 0)
            high = near * across + min(column + reach, across - 1)
            for j in range(starts[low], starts[high + 1]):
                apart = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
                if apart <= most:
                    b = bin_of[int(apart * fine)]
                    if apart > radii_squared[b]:
                        b += 1
                    all_in[b] += jobs[j]
                    kind_in[b] += jobs[j] * own[j]
        all_in[0] -= jobs[i]
        kind_in[0] -= jobs[i]
        every, kind = 0.0, 0.0
        for b in range(steps):
            every += all_in[b]
            kind += kind_in[b]
            if every > 0:
                ratio[b] += kind / every
                expected[b] += (of_kind - jobs[i]) / (total - jobs[i])
    return ratio / expected


def m_function(place: Any, sector: Any, jobs: Any, kind: int, radii: Any) -> Any:
    """Return M of a sector within itself."""
    side = radii[-1] / 4
    order, starts, across = squares(place, side)
    x, y = place[order, 0].copy(), place[order, 1].copy()
    own = (sector[order] == kind).astype(np.float64)
    squared = radii**2
    fine = (1 << 14) / squared[-1]
    bin_of = np.searchsorted(squared, np.arange((1 << 14) + 1) / fine)
    return m_sums(
        x, y, jobs[order], own, np.flatnonzero(own), starts, across, 4, side, squared,
        np.minimum(bin_of, len(radii) - 1), fine,
    )  # fmt: skip


@compiled
def m_of_labellings(
    x: Any, y: Any, jobs: Any, own: Any, starts: Any, across: int, reach: int,
    side: float, radii_squared: Any, bin_of: Any, fine: float,
) -> Any:  # fmt: skip
    """M of many labellings of the same places in one pass over the pairs; own is by point."""
    steps, many = len(radii_squared), own.shape[1]
    ratio, expected = np.zeros((many, steps)), np.zeros((many, steps))
    total = jobs.sum()
    of_kind = np.zeros(many)
    for i in range(len(x)):
        of_kind += jobs[i] * own[i]
    most = radii_squared[-1]
    kind_in = np.empty((steps, many))
    for i in range(len(x)):
        mine = np.flatnonzero(own[i])
        if len(mine) == 0:
            continue
        all_in = np.zeros(steps)
        kind_in[:] = 0
        column, row = int(x[i] // side), int(y[i] // side)
        for near in range(max(row - reach, 0), min(row + reach + 1, across)):
            low = near * across + max(column - reach, 0)
            high = near * across + min(column + reach, across - 1)
            for j in range(starts[low], starts[high + 1]):
                apart = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
                if apart <= most and j != i:
                    b = bin_of[int(apart * fine)]
                    if apart > radii_squared[b]:
                        b += 1
                    all_in[b] += jobs[j]
                    for k in range(len(mine)):
                        kind_in[b, k] += jobs[j] * own[j, mine[k]]
        for k in range(len(mine)):
            every, kind = 0.0, 0.0
            for b in range(steps):
                every += all_in[b]
                kind += kind_in[b, k]
                if every > 0:
                    ratio[mine[k], b] += kind / every
                    expected[mine[k], b] += (of_kind[mine[k]] - jobs[i]) / (total - jobs[i])
    return ratio / expected


def m_envelope(place: Any, labellings: Any, jobs: Any, radii: Any) -> Any:
    """Return M of each labelling (points x labellings, 0 or 1)."""
    side = radii[-1] / 4
    order, starts, across = squares(place, side)
    x, y = place[order, 0].copy(), place[order, 1].copy()
    squared = radii**2
    fine = (1 << 14) / squared[-1]
    bin_of = np.searchsorted(squared, np.arange((1 << 14) + 1) / fine)
    return m_of_labellings(
        x, y, jobs[order], labellings[order], starts, across, 4, side, squared,
        np.minimum(bin_of, len(radii) - 1), fine,
    )  # fmt: skip


@compiled
def distances_counted(x: Any, y: Any, most: float, bins: int) -> Any:
    """Count the pairs by distance in fine steps."""
    counts = np.zeros(bins + 1, dtype=np.int64)
    fine = bins / most
    squared = most * most
    n = len(x)
    for i in range(n):
        for j in range(i + 1, n):
            apart = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
            if apart < squared:
                counts[int(np.sqrt(apart) * fine)] += 1
    return counts


@compiled
def smoothed(counts: Any, step: float, at: Any, width: float) -> Any:
    """Density at some distances of counts in steps, reflected at zero."""
    out = np.zeros(len(at))
    reach = 6 * width
    for a in range(len(at)):
        for b in range(len(counts)):
            middle = (b + 0.5) * step
            if middle - at[a] > reach:
                break
            if abs(at[a] - middle) < reach:
                out[a] += counts[b] * np.exp(-0.5 * ((at[a] - middle) / width) ** 2)
            if at[a] + middle < reach:
                out[a] += counts[b] * np.exp(-0.5 * ((at[a] + middle) / width) ** 2)
    return out / (width * np.sqrt(2 * np.pi))


def kd_function(place: Any, most: float, at: Any, width: float) -> Any:
    """Return the density of distances up to some distance, by a fine count and a smooth of it."""
    bins = int(32 * (most / width + 6))
    reach = most + 6 * width
    counts = distances_counted(place[:, 0].copy(), place[:, 1].copy(), reach, bins)
    return smoothed(counts, reach / bins, at, width) / (len(place) * (len(place) - 1) / 2)


@compiled
def k_sums(
    x: Any, y: Any, starts: Any, across: int, reach: int, side: float, radii: Any, width: float
) -> Any:
    """Sum of the pairs within each radius, weighted for what lies beyond the window."""
    steps = len(radii)
    held = np.zeros(steps)
    most = radii[-1] ** 2
    fine = steps / radii[-1]
    for i in range(len(x)):
        column, row = int(x[i] // side), int(y[i] // side)
        for near in range(row, min(row + reach + 1, across)):
            low = near * across + max(column - reach, 0)
            high = near * across + min(column + reach, across - 1)
            for j in range(max(starts[low], i + 1), starts[high + 1]):
                right, up = abs(x[i] - x[j]), abs(y[i] - y[j])
                apart = right * right + up * up
                if apart <= most:
                    b = min(int(np.sqrt(apart) * fine), steps - 1)
                    held[b] += 2 * width * width / ((width - right) * (width - up))
    return held.cumsum()


def ripley_k(place: Any, radii: Any, width: float) -> Any:
    """Return K with the translation correction; the radii are even steps."""
    side = radii[-1] / 4
    order, starts, across = squares(place, side)
    x, y = place[order, 0].copy(), place[order, 1].copy()
    n = len(x)
    return k_sums(x, y, starts, across, 4, side, radii, width) * width**2 / (n * (n - 1))
