"""The compiled steps of the search for slots."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

BLOCKED = 1_000


@njit(cache=True)
def search(
    first: Any,
    second: Any,
    place: Any,
    allowed: Any,
    room: Any,
    worth: Any,
    heavy: Any,
    at: Any,
    slot: Any,
    option: Any,
    load: Any,
    queue: Any,
    waiting: Any,
    tabu: Any,
    best_slot: Any,
    best_option: Any,
    best: Any,
    done: int,
    steps: int,
    seed: int,
) -> None:
    """Take steps until no pair waits or the steps are used up; keep the best state."""
    np.random.seed(seed)
    lost = 0
    for index in range(waiting[0]):
        lost += worth[queue[index]]
    fewest = waiting[0]
    for step in range(done + 1, done + steps + 1):
        if lost < best[0]:
            best[0] = lost
            best_slot[:] = slot
            best_option[:] = option
        fewest = min(fewest, waiting[0])
        if waiting[0] == 0:
            return
        index, where, which = _easiest(
            first,
            second,
            place,
            allowed,
            room,
            heavy,
            at,
            load,
            queue,
            waiting[0],
            tabu,
            step,
            fewest,
        )
        if index < 0:
            continue
        pair = queue[index]
        target = place[pair, which]
        one, other, third = at[first[pair], where], at[second[pair], where], -1
        taken = load[target, where]
        if one >= 0 and place[one, option[one]] == target:
            taken -= 1
        if other >= 0 and other != one and place[other, option[other]] == target:
            taken -= 1
        tenure = step + int(0.6 * waiting[0]) + np.random.randint(10) + 1
        if taken >= room[target, where]:
            third = _somebody(
                first,
                second,
                place,
                allowed,
                room,
                heavy,
                at,
                option,
                load,
                tabu,
                step,
                target,
                where,
                one,
                other,
            )
            if third < 0:
                tabu[pair, where] = tenure + 10
                continue
        waiting[0] -= 1
        queue[index] = queue[waiting[0]]
        lost -= worth[pair]
        for turn in range(3):
            out = one if turn == 0 else (other if turn == 1 else third)
            if out >= 0 and slot[out] >= 0:
                at[first[out], where] = -1
                at[second[out], where] = -1
                load[place[out, option[out]], where] -= 1
                slot[out] = -1
                option[out] = -1
                queue[waiting[0]] = out
                waiting[0] += 1
                tabu[out, where] = tenure
                lost += worth[out]
        _put(first, second, at, slot, option, load, pair, where, which, target)
    if lost < best[0]:
        best[0] = lost
        best_slot[:] = slot
        best_option[:] = option


@njit(cache=True)
def _put(
    first: Any,
    second: Any,
    at: Any,
    slot: Any,
    option: Any,
    load: Any,
    pair: int,
    where: int,
    which: int,
    target: int,
) -> None:
    """Let a pair meet in a slot at a place."""
    at[first[pair], where] = pair
    at[second[pair], where] = pair
    load[target, where] += 1
    slot[pair] = where
    option[pair] = which


@njit(cache=True)
def _easiest(
    first: Any,
    second: Any,
    place: Any,
    allowed: Any,
    room: Any,
    heavy: Any,
    at: Any,
    load: Any,
    queue: Any,
    waiting: int,
    tabu: Any,
    step: int,
    fewest: int,
) -> Any:
    """The pair that waits, the slot and the place where least is in its way; ties by lot."""
    least, ties = BLOCKED, 0
    index, where, which = -1, -1, -1
    for turn in range(waiting):
        pair = queue[turn]
        for slot in range(allowed.shape[2]):
            for option in range(2):
                if not allowed[pair, option, slot]:
                    continue
                cost, count = 0, 0
                one, other = at[first[pair], slot], at[second[pair], slot]
                if one >= 0:
                    cost += heavy[one]
                    count += 1
                if other >= 0 and other != one:
                    cost += heavy[other]
                    count += 1
                if load[place[pair, option], slot] >= room[place[pair, option], slot] and not count:
                    cost, count = 1, 1
                if tabu[pair, slot] > step and waiting + count - 1 >= fewest:
                    continue
                if cost < least:
                    least, ties = cost, 1
                    index, where, which = turn, slot, option
                elif cost == least:
                    ties += 1
                    if np.random.randint(ties) == 0:
                        index, where, which = turn, slot, option
        if least == 0:
            break
    return index, where, which


@njit(cache=True)
def _somebody(
    first: Any,
    second: Any,
    place: Any,
    allowed: Any,
    room: Any,
    heavy: Any,
    at: Any,
    option: Any,
    load: Any,
    tabu: Any,
    step: int,
    wanted: int,
    slot: int,
    one: int,
    other_one: int,
) -> int:
    """The meeting at the place in the slot that finds another slot most easily; ties by lot."""
    least, ties, chosen = BLOCKED, 0, -1
    for person in range(at.shape[0]):
        pair = at[person, slot]
        if pair < 0 or first[pair] != person or place[pair, option[pair]] != wanted:
            continue
        if pair in (one, other_one) or heavy[pair] >= BLOCKED:
            continue
        easiest = BLOCKED - 1
        for other in range(allowed.shape[2]):
            if other == slot or tabu[pair, other] > step:
                continue
            for which in range(2):
                if not allowed[pair, which, other]:
                    continue
                cost = 0
                if at[first[pair], other] >= 0:
                    cost += 1
                if at[second[pair], other] >= 0:
                    cost += 1
                if cost == 0 and load[place[pair, which], other] >= room[place[pair, which], other]:
                    cost = 1
                easiest = min(easiest, cost)
        if easiest < least:
            least, ties, chosen = easiest, 1, pair
        elif easiest == least:
            ties += 1
            if np.random.randint(ties) == 0:
                chosen = pair
    return chosen
