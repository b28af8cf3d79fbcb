"""Add meetings where two people are still free together."""

from __future__ import annotations

import numpy as np

from clusteratlas.matching.timetable.arranged import Problem
from clusteratlas.matching.timetable.placing import Placement


def fill(problem: Problem, placement: Placement) -> Placement:
    """Return the placement with every pair added that fits, the most needed and best first."""
    slot, option = placement.slot.copy(), placement.option.copy()
    opened, room = problem.open.copy(), problem.room.copy()
    left, lacking = problem.cap.copy(), problem.need.copy()
    for pair in np.flatnonzero(slot >= 0).tolist():
        a, b, at = problem.first[pair], problem.second[pair], slot[pair]
        opened[a, at] = opened[b, at] = False
        room[problem.place[pair, option[pair]], at] -= 1
        for person in (a, b):
            left[person] -= 1
            lacking[person] -= 1
    waits = np.flatnonzero(slot < 0)
    needed = (lacking[problem.first[waits]] > 0).astype(np.int64)
    needed += lacking[problem.second[waits]] > 0
    for pair in waits[np.lexsort((-problem.weight[waits], -needed))].tolist():
        a, b = problem.first[pair], problem.second[pair]
        if left[a] <= 0 or left[b] <= 0:
            continue
        fits = problem.allowed[pair] & opened[a] & opened[b] & (room[problem.place[pair]] > 0)
        options, slots = np.nonzero(fits)
        if not len(slots):
            continue
        at, which = int(slots[0]), int(options[0])
        slot[pair], option[pair] = at, which
        opened[a, at] = opened[b, at] = False
        room[problem.place[pair, which], at] -= 1
        left[a] -= 1
        left[b] -= 1
    return Placement(slot, option)
