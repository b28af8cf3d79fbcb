"""The compiled steps that bring meetings together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

LONGEST = 200
"""Meetings that one step moves at most."""


@njit(cache=True)
def gaps_of_person(at: Any, here: Any, busy: Any, block: Any, person: int) -> int:
    """Idle slots of a person between the first and the last meeting of each block."""
    gaps, idle, current, begun = 0, 0, -1, False
    for slot in range(at.shape[1]):
        if block[slot] != current:
            current, begun, idle = block[slot], False, 0
        if at[person, slot] >= 0 or busy[person, slot]:
            if begun:
                gaps += idle
            begun, idle = True, 0
        elif here[person, slot]:
            idle += 1
    return gaps


@njit(cache=True)
def anneal(
    first: Any,
    second: Any,
    place: Any,
    allowed: Any,
    room: Any,
    here: Any,
    busy: Any,
    block: Any,
    held: Any,
    at: Any,
    slot: Any,
    option: Any,
    load: Any,
    best_slot: Any,
    best_option: Any,
    best: Any,
    heat: float,
    steps: int,
    seed: int,
) -> None:
    """Take steps at one heat; keep the best state."""
    np.random.seed(seed)
    count, slots = allowed.shape[0], allowed.shape[2]
    chain = np.empty(LONGEST, np.int64)
    marked = np.zeros(count, np.bool_)
    before = np.empty(LONGEST, np.int64)
    gaps = 0
    for person in range(at.shape[0]):
        gaps += gaps_of_person(at, here, busy, block, person)
    for _ in range(steps):
        if gaps < best[0]:
            best[0] = gaps
            best_slot[:] = slot
            best_option[:] = option
            if gaps == 0:
                return
        pair, target = np.random.randint(count), np.random.randint(slots)
        source = slot[pair]
        if target == source:
            continue
        size = _chain(first, second, allowed, held, at, slot, pair, target, chain, marked)
        if size == 0:
            continue
        change = -_ends(first, second, at, here, busy, block, chain, size, source, target)
        for turn in range(size):
            before[turn] = option[chain[turn]]
        fits = _turn(
            first, second, place, allowed, room, at, slot, option, load, chain, size, source, target
        )
        change += _ends(first, second, at, here, busy, block, chain, size, source, target)
        if fits and (change <= 0 or np.random.random() < np.exp(-change / heat)):
            gaps += change
            continue
        _turn(
            first, second, place, allowed, room, at, slot, option, load, chain, size, source, target
        )
        for turn in range(size):
            moved = chain[turn]
            load[place[moved, option[moved]], slot[moved]] -= 1
            option[moved] = before[turn]
            load[place[moved, option[moved]], slot[moved]] += 1
    if gaps < best[0]:
        best[0] = gaps
        best_slot[:] = slot
        best_option[:] = option


@njit(cache=True)
def _chain(
    first: Any,
    second: Any,
    allowed: Any,
    held: Any,
    at: Any,
    slot: Any,
    pair: int,
    target: int,
    chain: Any,
    marked: Any,
) -> int:
    """Meetings that change sides when the pair moves to the target; 0 where one of them cannot."""
    source = slot[pair]
    chain[0] = pair
    marked[pair] = True
    size, turn, fits = 1, 0, True
    while turn < size and fits:
        moved = chain[turn]
        where = target if slot[moved] == source else source
        if held[moved] or not (allowed[moved, 0, where] or allowed[moved, 1, where]):
            fits = False
            break
        for side in range(2):
            person = first[moved] if side == 0 else second[moved]
            other = at[person, where]
            if other >= 0 and not marked[other]:
                if size == LONGEST:
                    fits = False
                    break
                chain[size] = other
                marked[other] = True
                size += 1
        turn += 1
    for index in range(size):
        marked[chain[index]] = False
    return size if fits else 0


@njit(cache=True)
def _ends(
    first: Any,
    second: Any,
    at: Any,
    here: Any,
    busy: Any,
    block: Any,
    chain: Any,
    size: int,
    source: int,
    target: int,
) -> int:
    """Gaps of the people in a chain who meet in one of its two slots only."""
    gaps = 0
    for turn in range(size):
        for side in range(2):
            person = first[chain[turn]] if side == 0 else second[chain[turn]]
            if (at[person, source] >= 0) != (at[person, target] >= 0):
                gaps += gaps_of_person(at, here, busy, block, person)
    return gaps


@njit(cache=True)
def _turn(
    first: Any,
    second: Any,
    place: Any,
    allowed: Any,
    room: Any,
    at: Any,
    slot: Any,
    option: Any,
    load: Any,
    chain: Any,
    size: int,
    source: int,
    target: int,
) -> bool:
    """Let the meetings of a chain change sides; return whether the places have room."""
    for turn in range(size):
        moved = chain[turn]
        at[first[moved], slot[moved]] = -1
        at[second[moved], slot[moved]] = -1
        load[place[moved, option[moved]], slot[moved]] -= 1
    fits = True
    for turn in range(size):
        moved = chain[turn]
        where = target if slot[moved] == source else source
        which = option[moved]
        if not allowed[moved, which, where] and allowed[moved, 1 - which, where]:
            which = 1 - which
        slot[moved] = where
        option[moved] = which
        at[first[moved], where] = moved
        at[second[moved], where] = moved
        load[place[moved, which], where] += 1
        fits = fits and load[place[moved, which], where] <= room[place[moved, which], where]
    return fits
