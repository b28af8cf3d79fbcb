"""Compiled loops over pairs of points; imported only by the measures that need them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

SLACK = 1 + 1e-9
"""Rows of cells are reached a hair further, so that rounding loses no pair on the rim."""

DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT_PLACES = np.zeros(64, dtype=np.int64)
for _bit in range(64):
    BIT_PLACES[((0x03F79D71B4CB0A89 << _bit) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@njit(cache=True, inline="always")
def _row_bounds(  # type: ignore[no-untyped-def]
    x, y, z, row, level, reach, starts, shape, origin, size
):
    """First and last sorted point of one row of cells that can lie within reach."""
    low_y = origin[1] + row * size
    low_z = origin[2] + level * size
    gap_y = max(0.0, low_y - y, y - low_y - size)
    gap_z = max(0.0, low_z - z, z - low_z - size)
    left = reach * reach * SLACK - gap_y * gap_y - gap_z * gap_z
    if left < 0.0:
        return 0, 0
    extent = np.sqrt(left) * SLACK
    first = int(max(0.0, np.floor((x - extent - origin[0]) / size)))
    last = int(min(shape[0] - 1.0, np.floor((x + extent - origin[0]) / size)))
    if last < first:
        return 0, 0
    base = (level * shape[1] + row) * shape[0]
    return starts[base + first], starts[base + last + 1]


@njit(cache=True)
def _rows_around(at, lowest, count, reach, size):  # type: ignore[no-untyped-def]
    first = int(max(0.0, np.floor((at - reach * SLACK - lowest) / size)))
    last = int(min(count - 1.0, np.floor((at + reach * SLACK - lowest) / size)))
    return first, last


@njit(cache=True)
def neighbour_ratios(  # type: ignore[no-untyped-def]  # noqa: PLR0915 - one loop, one place
    places, starts, shape, origin, size, squares, table, weights, marked, own, owners, expected
):
    """Sums over reference points of the neighbours' share, and of the share expected, by radius.

    `marked` and `own` hold one bit for each pattern: whether a point counts as a neighbour of
    interest, and whether it is a reference point. `owners` counts the latter. `weights` has one
    column, or one for each pattern where weights move with the kinds. `expected` holds, for each
    pattern, the weight of the neighbours of interest, whether a reference point is one of them,
    and the weight of all points.
    """
    n = places.shape[1]
    steps = squares.size
    words = marked.shape[1]
    patterns = expected.shape[0]
    moving = weights.shape[1] > 1
    found = np.zeros((patterns, steps))
    foreseen = np.zeros((patterns, steps))
    most = 1
    for i in range(n):
        most = max(most, owners[i])
    every = np.zeros((most, steps))
    some = np.zeros((most, steps))
    slot_of = np.zeros(words * 64, dtype=np.int64)
    pattern_of = np.zeros(most, dtype=np.int64)
    farthest = squares[steps - 1]
    reach = np.sqrt(farthest)
    scale = 4096.0 / farthest if farthest > 0.0 else 0.0
    for i in range(n):
        if owners[i] == 0:
            continue
        count = 0
        for pattern in range(patterns):
            if (own[i, pattern >> 6] >> np.uint64(pattern & 63)) & np.uint64(1):
                slot_of[pattern] = count
                pattern_of[count] = pattern
                count += 1
        every[:count] = 0.0
        some[:count] = 0.0
        x, y, z = places[0, i], places[1, i], places[2, i]
        row0, row1 = _rows_around(y, origin[1], shape[1], reach, size)
        level0, level1 = _rows_around(z, origin[2], shape[2], reach, size)
        for level in range(level0, level1 + 1):
            for row in range(row0, row1 + 1):
                begin, end = _row_bounds(x, y, z, row, level, reach, starts, shape, origin, size)
                for j in range(begin, end):
                    dx = places[0, j] - x
                    dy = places[1, j] - y
                    dz = places[2, j] - z
                    square = dx * dx + dy * dy + dz * dz
                    if square > farthest or j == i:
                        continue
                    step = table[min(4095, int(square * scale))]
                    while square > squares[step]:
                        step += 1
                    if moving:
                        for slot in range(count):
                            every[slot, step] += weights[j, pattern_of[slot]]
                    else:
                        every[0, step] += weights[j, 0]
                    for word in range(words):
                        both = marked[j, word] & own[i, word]
                        while both:
                            lowest = both & (~both + np.uint64(1))
                            pattern = word * 64 + BIT_PLACES[(lowest * DE_BRUIJN) >> np.uint64(58)]
                            some[slot_of[pattern], step] += weights[j, pattern if moving else 0]
                            both ^= lowest
        for slot in range(count):
            pattern = pattern_of[slot]
            mine = weights[i, pattern if moving else 0]
            rest = expected[pattern, 2] - mine
            ratio = (expected[pattern, 0] - mine * expected[pattern, 1]) / rest if rest > 0 else 0.0
            around = 0.0
            special = 0.0
            for step in range(steps):
                around += every[slot if moving else 0, step]
                special += some[slot, step]
                if around > 0.0:
                    found[pattern, step] += special / around
                    foreseen[pattern, step] += ratio
    return found, foreseen


@njit(cache=True)
def distance_histogram(places, weights, radius, width, bins):  # type: ignore[no-untyped-def]
    """Pairs by distance, each shared between the two nearest marks of a grid of distances.

    Returns the counts, the weights (counts again where `weights` is empty), and the sum of
    the distances. A radius above 0 is that of the globe on which distances are taken.
    """
    n = places.shape[1]
    weighted = weights.size > 0
    counts = np.zeros(bins)
    weight_at = np.zeros(bins if weighted else 1)
    buffer = np.empty(2048)
    total = 0.0
    per = 1.0 / width
    for i in range(n - 1):
        x, y, z = places[0, i], places[1, i], places[2, i]
        for block in range(i + 1, n, 2048):
            length = min(2048, n - block)
            for t in range(length):
                dx = places[0, block + t] - x
                dy = places[1, block + t] - y
                dz = places[2, block + t] - z
                buffer[t] = np.sqrt(dx * dx + dy * dy + dz * dz)
            if radius > 0.0:
                for t in range(length):
                    buffer[t] = 2.0 * radius * np.arcsin(min(1.0, buffer[t] / (2.0 * radius)))
            part = 0.0
            for t in range(length):
                at = buffer[t] * per
                mark = int(at)
                share = at - mark
                part += buffer[t]
                counts[mark] += 1.0 - share
                counts[mark + 1] += share
                if weighted:
                    both = weights[i] * weights[block + t]
                    weight_at[mark] += both * (1.0 - share)
                    weight_at[mark + 1] += both * share
            total += part
    return counts, (weight_at if weighted else counts), total


@njit(cache=True)
def _share_inside(x, y, d, window):  # type: ignore[no-untyped-def]
    """Share of the circle of radius d around a point that lies in a rectangle."""
    gaps = (x - window[0], y - window[1], window[2] - x, window[3] - y)
    outside = 0.0
    before = -1.0
    first = 0.0
    for side in range(4):
        gap = gaps[side]
        half = np.arccos(gap / d) if gap < d else 0.0
        outside += 2.0 * half
        if side == 0:
            first = half
        elif before + half > np.pi / 2:
            outside -= before + half - np.pi / 2
        before = half
    if before + first > np.pi / 2:
        outside -= before + first - np.pi / 2
    return 1.0 - outside / (2.0 * np.pi)


@njit(cache=True)
def pair_counts(  # type: ignore[no-untyped-def]
    places, starts, shape, origin, size, squares, table, window, inner, correction, heaviest
):
    """Pairs by step of the radius: 0 plain, 1 translated, 2 by the circle's share inside, 3 inner.

    `inner` is each point's distance to the border of the window (correction 2 and 3).
    """
    n = places.shape[1]
    steps = squares.size
    counts = np.zeros(steps + 1)
    farthest = squares[steps - 1]
    reach = np.sqrt(farthest)
    scale = 4096.0 / farthest if farthest > 0.0 else 0.0
    across = window[2] - window[0]
    up = window[3] - window[1]
    for i in range(n):
        x, y, z = places[0, i], places[1, i], places[2, i]
        last = 0
        if correction == 3:
            while last < steps and squares[last] <= inner[i] * inner[i]:
                last += 1
        row0, row1 = _rows_around(y, origin[1], shape[1], reach, size)
        for row in range(row0, row1 + 1):
            begin, end = _row_bounds(x, y, z, row, 0, reach, starts, shape, origin, size)
            if correction < 2:
                begin = max(begin, i + 1)
            for j in range(begin, end):
                dx = places[0, j] - x
                dy = places[1, j] - y
                square = dx * dx + dy * dy
                if square > farthest or j == i:
                    continue
                step = table[min(4095, int(square * scale))]
                while square > squares[step]:
                    step += 1
                if correction == 0:
                    counts[step] += 2.0
                elif correction == 1:
                    counts[step] += 2.0 * min(
                        heaviest, across * up / ((across - abs(dx)) * (up - abs(dy)))
                    )
                elif correction == 2:
                    d = np.sqrt(square)
                    if d <= inner[i]:
                        counts[step] += 1.0
                    else:
                        share = _share_inside(x, y, d, window)
                        counts[step] += 1.0 / share if share * heaviest > 1.0 else heaviest
                elif step < last:
                    counts[step] += 1.0
                    counts[last] -= 1.0
    return counts[:steps]


@njit(cache=True)
def conditional_counts(  # type: ignore[no-untyped-def]
    table, starts, shares, draws, observed, slack
):
    """Draws in which each region's neighbours, drawn anew, sum at least, and at most, as high."""
    regions, width = observed.shape
    at_least = np.zeros((regions, width), dtype=np.int64)
    at_most = np.zeros((regions, width), dtype=np.int64)
    lag = np.empty(width)
    for i in range(regions):
        for draw in range(draws.shape[0]):
            lag[:] = 0.0
            place = 0
            for link in range(starts[i], starts[i + 1]):
                if draws[draw, place] == i:
                    place += 1
                other = draws[draw, place]
                share = shares[link]
                for column in range(width):
                    lag[column] += share * table[other, column]
                place += 1
            for column in range(width):
                at_least[i, column] += lag[column] >= observed[i, column] - slack[column]
                at_most[i, column] += lag[column] <= observed[i, column] + slack[column]
    return at_least, at_most


@njit(cache=True)
def permuted_products(table, starts, neighbours, shares, orders):  # type: ignore[no-untyped-def]
    """Sum over links of weight x figure x neighbour's figure, for each order of the regions."""
    width = table.shape[1]
    sums = np.zeros((orders.shape[0], width))
    lag = np.empty(width)
    for draw in range(orders.shape[0]):
        for i in range(table.shape[0]):
            lag[:] = 0.0
            for link in range(starts[i], starts[i + 1]):
                other = orders[draw, neighbours[link]]
                share = shares[link]
                for column in range(width):
                    lag[column] += share * table[other, column]
            mine = orders[draw, i]
            for column in range(width):
                sums[draw, column] += lag[column] * table[mine, column]
    return sums


def as_bits(flags: Any) -> Any:
    """Return points x words of 64 bits, bit s of a point being its flag in pattern s."""
    points, patterns = flags.shape
    words = np.zeros((points, (patterns + 63) // 64), dtype=np.uint64)
    for pattern in range(patterns):
        bit = np.uint64(1) << np.uint64(pattern & 63)
        words[:, pattern >> 6] |= np.where(flags[:, pattern], bit, np.uint64(0))
    return words
