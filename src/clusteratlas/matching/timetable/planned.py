"""A timetable: who meets whom, when and where, and how good that is proved to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clusteratlas.matching.timetable.event import Meeting


class Proof(StrEnum):
    """What is known of a timetable's total score."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one participant gets.

    Attributes
    ----------
    participant
        Code of the participant.
    meetings
        Number of meetings.
    guarantee
        Fewest meetings promised.
    score
        Sum of the mutual scores of the meetings.
    gaps
        Idle slots between two meetings of a block in which the participant could have met.
    moves
        How often the table changes from one meeting to the next.
    """

    participant: str
    meetings: int
    guarantee: int
    score: float
    gaps: int
    moves: int

    @property
    def shortfall(self) -> int:
        """Meetings that are missing to the guarantee."""
        return max(0, self.guarantee - self.meetings)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Meetings, in the order of slots and tables, with what is proved of them.

    Attributes
    ----------
    event
        Code of the event.
    meetings
        All meetings, those confirmed beforehand among them.
    standings
        One for each participant, in the event's order.
    total
        Sum of the mutual scores.
    bound
        No timetable with the same shortfalls has a larger total.
    proof
        ``optimal`` where ``total`` reaches ``bound``.
    shortfall, shortfall_bound
        Meetings missing to the guarantees, all together, and the fewest that are possible.
    gaps, gaps_bound
        Idle slots, and the fewest possible with these pairs, as far as proved.
    moves, moves_bound
        Changes of table, and the fewest possible with these slots, as far as proved.
    relaxed
        Whether shortfalls were allowed.
    hurried
        Whether the clock, not the work, ended the search: another run may differ.
    seed
        Of the search.
    seconds
        Time taken.
    revision
        0 for the first timetable of an event, one more with each change.
    """

    event: str
    meetings: tuple[Meeting, ...]
    standings: tuple[Standing, ...]
    total: float
    bound: float
    proof: Proof
    shortfall: int = 0
    shortfall_bound: int = 0
    gaps: int = 0
    gaps_bound: int = 0
    moves: int = 0
    moves_bound: int = 0
    relaxed: bool = False
    hurried: bool = False
    seed: int = 0
    seconds: float = 0.0
    revision: int = 0

    @property
    def gap(self) -> float:
        """How much larger the bound is than the total, as a share of the bound."""
        return 0.0 if self.bound <= 0 else max(0.0, self.bound - self.total) / self.bound

    def of(self, participant: str) -> tuple[Meeting, ...]:
        """Return the meetings of a participant in the order of time."""
        return tuple(each for each in self.meetings if participant in (each.a, each.b))
