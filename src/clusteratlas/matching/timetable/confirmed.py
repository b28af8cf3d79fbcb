"""Tables of confirmed meetings: each slot's have to find one each that they may take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from clusteratlas.matching.timetable.event import Event, Meeting


def rightful_tables(event: Event, meeting: Meeting) -> frozenset[str]:
    """Return the tables that a meeting may take in its slot.

    One that is confirmed for it; else an own table of one of the two; else one that nobody owns.
    """
    if meeting.table:
        return frozenset((meeting.table,))
    own = {each.table for each in event.participants if each.id in meeting.pair} - {""}
    owned = {each.table for each in event.participants}
    return frozenset(
        table.id
        for table in event.tables
        if meeting.slot not in table.unavailable
        and (table.id in own if own else table.id not in owned)
    )


def seats_of(event: Event, meetings: Sequence[Meeting]) -> Iterator[tuple[Meeting, str | None]]:
    """Give confirmed meetings with slots a table each; ``None`` where there is none for it."""
    slots = dict.fromkeys(each.slot for each in meetings)
    column = {table.id: place for place, table in enumerate(event.tables)}
    for slot in slots:
        here = [each for each in meetings if each.slot == slot]
        fits = np.zeros((len(here), len(column)), dtype=np.int8)
        for row, meeting in enumerate(here):
            fits[row, [column[each] for each in rightful_tables(event, meeting)]] = 1
        given = maximum_bipartite_matching(sparse.csr_array(fits), perm_type="column")
        for meeting, place in zip(here, given.tolist(), strict=True):
            yield meeting, event.tables[place].id if place >= 0 else None
