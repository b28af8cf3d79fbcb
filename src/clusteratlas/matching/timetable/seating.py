"""Give meetings tables so that people change tables seldom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import maximum_bipartite_matching

from clusteratlas.matching.timetable.event import Event, Meeting

SWEEPS = 12
"""Times that all slots are gone through at most."""

NEVER = 1_000.0


@dataclass(frozen=True, slots=True)
class Seated:
    """Meetings with their tables, the moves, and the fewest possible with these slots."""

    meetings: tuple[Meeting, ...]
    moves: int
    bound: int


@dataclass(frozen=True, slots=True)
class _Link:
    """Two meetings of a person that follow one another in a block, by number."""

    before: int
    after: int


def seat(event: Event, meetings: Sequence[Meeting], wanted: Sequence[frozenset[str]]) -> Seated:
    """Give each meeting a table.

    Slots are gone through again and again; in each the tables are dealt out so that fewest people
    change from or to the meetings before and after.

    Parameters
    ----------
    event
        The event.
    meetings
        Meetings with their slots; a table that is given already stays.
    wanted
        Tables that each meeting can take in its slot.
    """
    links = _links(event, meetings)
    table = [each.table for each in meetings]
    free = [place for place, each in enumerate(meetings) if not each.table]
    by_slot: dict[str, list[int]] = {}
    for place in free:
        by_slot.setdefault(meetings[place].slot, []).append(place)
    order = [slot.id for slot in sorted(event.slots, key=lambda each: each.start)]
    rounds = [slot for slot in order if slot in by_slot]
    taken = {slot: {each.table for each in meetings if each.slot == slot} for slot in rounds}
    best, fewest = list(table), -1
    for sweep in range(SWEEPS):
        for slot in rounds if sweep % 2 == 0 else reversed(rounds):
            _deal(by_slot[slot], table, wanted, links, taken[slot])
        moves = _moves(table, links)
        if fewest >= 0 and moves >= fewest:
            break
        best, fewest = list(table), moves
    seated = tuple(replace(each, table=name) for each, name in zip(meetings, best, strict=True))
    return Seated(seated, _moves(best, links), _fewest(meetings, links))


def _links(event: Event, meetings: Sequence[Meeting]) -> list[_Link]:
    slots = {each.id: each for each in event.slots}
    mine: dict[tuple[str, str], list[int]] = {}
    for place in sorted(range(len(meetings)), key=lambda each: slots[meetings[each].slot].start):
        block = slots[meetings[place].slot].block_name
        for person in (meetings[place].a, meetings[place].b):
            mine.setdefault((person, block), []).append(place)
    return [_Link(before, after) for places in mine.values() for before, after in pairwise(places)]


def _deal(
    places: list[int],
    table: list[str],
    wanted: Sequence[frozenset[str]],
    links: list[_Link],
    taken: set[str],
) -> None:
    """Deal the free tables of a slot out anew."""
    names = sorted(set().union(*(wanted[each] for each in places)) - taken)
    column = {name: place for place, name in enumerate(names)}
    row = {place: number for number, place in enumerate(places)}
    cost = np.full((len(places), len(names)), NEVER)
    for place in places:
        cost[row[place], [column[each] for each in wanted[place] if each in column]] = 0.0
    for link in links:
        for mine, other in ((link.before, link.after), (link.after, link.before)):
            if mine in row and table[other] in column:
                cost[row[mine], column[table[other]]] -= 1.0
    chosen, given = linear_sum_assignment(cost)
    for number, place in zip(chosen.tolist(), given.tolist(), strict=True):
        table[places[number]] = names[place]


def _moves(table: Sequence[str], links: list[_Link]) -> int:
    return sum(table[each.before] != table[each.after] for each in links)


def _fewest(meetings: Sequence[Meeting], links: list[_Link]) -> int:
    """Moves that no dealing avoids: of meetings in two slots, one goes on at one table at most."""
    between: dict[tuple[str, str], list[_Link]] = {}
    for link in links:
        pair = (meetings[link.before].slot, meetings[link.after].slot)
        between.setdefault(pair, []).append(link)
    fewest = 0
    for group in between.values():
        before = {place: row for row, place in enumerate(sorted({each.before for each in group}))}
        after = {place: row for row, place in enumerate(sorted({each.after for each in group}))}
        graph = sparse.csr_array(
            (
                np.ones(len(group), dtype=np.int8),
                (
                    [before[each.before] for each in group],
                    [after[each.after] for each in group],
                ),
            ),
            shape=(len(before), len(after)),
        )
        fewest += len(group) - int((maximum_bipartite_matching(graph) >= 0).sum())
    return fewest
