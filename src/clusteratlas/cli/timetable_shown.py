"""A timetable as people read it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.words import duration, number

if TYPE_CHECKING:
    from clusteratlas.matching.timetable import Event, Rescheduled, Slot, Timetable

SHOWN = 12
"""Meetings that are printed; all of them are in the files."""

OF_EACH = 15
"""Changes of a kind that are printed."""


def show_timetable(event: Event, made: Timetable) -> None:
    """Print what a timetable is worth, what is proved, its first meetings, who falls short."""
    title(event.name, f"Meeting timetable of {event.id}, revision {made.revision}")
    line()
    facts(
        [
            ("Participants", number(len(event.participants))),
            ("Meetings", number(len(made.meetings))),
            ("Total mutual score", f"{made.total:,.4f}"),
            ("No timetable exceeds", f"{made.bound:,.4f}"),
            ("Proof", _proof(made)),
            ("Guarantees", _guarantees(made)),
            ("Gaps", f"{number(made.gaps)}{_least(made.gaps, made.gaps_bound)}"),
            ("Changes of table", f"{number(made.moves)}{_least(made.moves, made.moves_bound)}"),
            ("Time", duration(made.seconds)),
        ]
    )
    line()
    _meetings(event, made)
    _short(event, made)
    notes(
        [
            "Score: harmonic mean of both wishes, 0-1. Gap: an idle slot between two meetings of "
            "a block.",
            "The clock ended the search: another run may find another timetable."
            if made.hurried
            else "",
        ]
    )


def _proof(made: Timetable) -> str:
    if made.bound <= made.total:
        return "optimal: no timetable has a larger total"
    return f"within {made.gap:.3%} of the bound"


def _guarantees(made: Timetable) -> str:
    if not made.shortfall:
        return "all kept"
    fewest = (
        "the fewest possible"
        if made.shortfall == made.shortfall_bound
        else (f"at least {made.shortfall_bound} cannot be avoided")
    )
    return f"{made.shortfall} meetings missing, {fewest}"


def _least(found: int, bound: int) -> str:
    if found == bound:
        return " (fewest possible for these meetings)"
    return f" (no fewer than {number(bound)} for these meetings)" if bound else ""


def _meetings(event: Event, made: Timetable) -> None:
    people = {each.id: each.name for each in event.participants}
    slots = {each.id: each for each in event.slots}
    names = {each.id: each.name or each.id for each in event.tables}
    table(
        [
            Heading("slot"),
            Heading("from"),
            Heading("table"),
            Heading("participant", folds=True),
            Heading("meets", folds=True),
            Heading("score", right=True),
        ],
        [
            [
                each.slot,
                _time(slots[each.slot]),
                names[each.table],
                people[each.a],
                people[each.b],
                f"{each.score:.4f}",
            ]
            for each in made.meetings[:SHOWN]
        ],
    )
    if len(made.meetings) > SHOWN:
        line(f"{len(made.meetings) - SHOWN:,} more meetings: --csv FILE or --out FOLDER.")
    line()


def _time(slot: Slot) -> str:
    return f"{slot.start:%Y-%m-%d %H:%M}"


def _short(event: Event, made: Timetable) -> None:
    people = {each.id: each.name for each in event.participants}
    short = sorted((each for each in made.standings if each.shortfall), key=lambda s: -s.shortfall)
    if not short:
        return
    table(
        [
            Heading("fewer meetings than promised", folds=True),
            Heading("meetings", right=True),
            Heading("promised", right=True),
        ],
        [
            [people[each.participant], str(each.meetings), str(each.guarantee)]
            for each in short[:OF_EACH]
        ],
    )
    if len(short) > OF_EACH:
        line(f"{len(short) - OF_EACH:,} more participants: --json or --out FOLDER.")
    line()


def show_changes(event: Event, change: Rescheduled) -> None:
    """Print what a change moved, dropped and added."""
    title("Changes", f"A meeting moves only if that gains more than {change.price:g}")
    line()
    facts(
        [
            ("In the past", number(len(change.past))),
            ("Kept", number(len(change.kept))),
            ("Moved to another slot", number(len(change.moved))),
            ("Moved to another table", number(len(change.reseated))),
            ("Dropped", number(len(change.dropped))),
            ("New", number(len(change.new))),
        ]
    )
    line()
    people = {each.id: each.name for each in event.participants}

    def who(code: str) -> str:
        return people.get(code, code)

    if change.moved:
        table(
            [
                Heading("moved", folds=True),
                Heading("with", folds=True),
                Heading("from"),
                Heading("to"),
            ],
            [
                [who(each.after.a), who(each.after.b), each.before.slot, each.after.slot]
                for each in change.moved[:OF_EACH]
            ],
        )
    if change.dropped:
        table(
            [
                Heading("dropped", folds=True),
                Heading("with", folds=True),
                Heading("why", folds=True),
            ],
            [
                [who(each.meeting.a), who(each.meeting.b), each.reason]
                for each in change.dropped[:OF_EACH]
            ],
        )
    most = max(len(change.moved), len(change.dropped))
    if most > OF_EACH:
        line("All changes: --json or --out FOLDER.")
    line()


def _pair(what: str) -> tuple[Heading, Heading]:
    return Heading(what, folds=True), Heading("with", folds=True)
