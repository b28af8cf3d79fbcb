"""Limits that follow from slots: a person's partners who can only come in a few of them."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.choosing import Limits


def limits_by_person(problem: Problem, limits: Limits, chosen: Flags) -> int:
    """Add the limits that chosen partners break who share too few slots with a person.

    **Definition.** Partners who can meet a person in no slots but those of a set can be no more
    than its slots (Hall 1935).

    Returns
    -------
    int
        Number of new limits.
    """
    possible, added = problem.possible, 0
    for person in range(len(problem.people)):
        mine = np.flatnonzero((problem.first == person) | (problem.second == person))
        partners = mine[chosen[mine]]
        crowded = crowded_slots(possible[partners])
        if crowded is None:
            continue
        row = np.zeros(len(problem.weight))
        row[mine[~possible[np.ix_(mine, np.flatnonzero(~crowded))].any(axis=1)]] = 1.0
        added += limits.add(row, float(crowded.sum()))
    return added


def crowded_slots(possible: Flags) -> Flags | None:
    """Return slots that too many have to share, or ``None`` where everybody finds one.

    Parameters
    ----------
    possible
        Who can come in which slot, partners x slots.

    Example
    -------
    >>> import numpy as np
    >>> crowded_slots(np.array([[True, False], [True, False]])).tolist()
    [True, False]
    >>> crowded_slots(np.array([[True, True], [True, False]])) is None
    True
    """
    if not len(possible):
        return None
    slot: Ints = maximum_bipartite_matching(
        sparse.csr_array(possible.astype(np.int8)), perm_type="column"
    )
    if (slot >= 0).all():
        return None
    holder = {at: partner for partner, at in enumerate(slot.tolist()) if at >= 0}
    reached: set[int] = set()
    open_partners = [int(np.flatnonzero(slot < 0)[0])]
    while open_partners:
        partner = open_partners.pop()
        for at in np.flatnonzero(possible[partner]).tolist():
            if at not in reached:
                reached.add(at)
                open_partners.append(holder[at])
    crowded = np.zeros(possible.shape[1], dtype=bool)
    crowded[list(reached)] = True
    return crowded


def most_placed(possible: Flags) -> int:
    """Return how many partners can each have a slot of their own, partners x slots given.

    >>> import numpy as np
    >>> most_placed(np.array([[True, False], [True, False], [True, True]]))
    2
    """
    graph = sparse.csr_array(possible.astype(np.int8))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
