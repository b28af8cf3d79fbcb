"""Meeting timetables of drawn events: how long they take, and what is proved of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from clusteratlas.matching.timetable import (
    Event,
    Timetable,
    draw_event,
    reschedule,
    solve,
    verify,
)

SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Case:
    """A kind of event and the time it may take."""

    name: str
    people: int
    slots: int
    tables: int
    seconds: float
    seeds: tuple[int, ...]
    drawn: dict[str, Any]

    def event(self, seed: int) -> Event:
        """Draw one; four of the slots are breaks."""
        return draw_event(self.people, self.slots, self.tables, breaks=4, seed=seed, **self.drawn)


FEW = {"wished": 0.1, "away": 0.1, "cap": 6, "guarantee": 2}
SOME = {"wished": 0.3, "away": 0.1, "cap": 10, "guarantee": 3}
OWN = {"wished": 0.3, "away": 0.2, "own_tables": 0.2, "guarantee": 3}
MANY = {"wished": 0.6, "away": 0.3}
ALL = {"wished": 1.0, "away": 0.1}
ALL_OFTEN_AWAY = {"wished": 1.0, "away": 0.3}
SPARSE = {"wished": 0.05, "away": 0.1, "cap": 8, "guarantee": 2}
UNCAPPED = {"wished": 0.2, "away": 0.2}

CASES = (
    Case("one pair in ten, cap 6", 75, 40, 25, 60, SEEDS, FEW),
    Case("three in ten, cap 10", 75, 40, 25, 60, SEEDS, SOME),
    Case("three in ten, own tables, no cap", 75, 40, 25, 60, SEEDS, OWN),
    Case("six in ten, often away", 75, 40, 37, 60, SEEDS, MANY),
    Case("everybody with everybody", 75, 40, 20, 60, SEEDS, ALL),
    Case("the same, a table for each pair", 75, 40, 37, 60, SEEDS, ALL),
    Case("the same, often away", 75, 40, 25, 60, SEEDS, ALL_OFTEN_AWAY),
    Case("one pair in twenty, cap 8", 500, 30, 100, 300, (1,), SPARSE),
    Case("two in ten, no cap", 500, 40, 150, 300, (1,), UNCAPPED),
    Case("everybody with everybody", 500, 40, 150, 300, (1,), ALL),
    Case("the same, a table for each pair", 500, 40, 250, 300, (1,), ALL),
)


def lines() -> list[str]:
    """Solve and check them all; return the tables."""
    solve(draw_event(10, 6, 4, wished=0.5))  # compiles what is compiled
    told = [
        "## Meeting timetables (drawn events, checked by the independent verifier)",
        "",
        "| people x slots, tables | event | pairs | meetings | proved | gap | idle slots | "
        "table moves (least) | wall | processor |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case in CASES:
        told.append(_row(case, [_solved(case, seed) for seed in case.seeds]))
    return [*told, "", *_changes(), ""]


@dataclass(frozen=True)
class Solved:
    """An event with its timetable, and the processor time that took."""

    event: Event
    made: Timetable
    cpu_seconds: float


def _solved(case: Case, seed: int) -> Solved:
    event = case.event(seed)
    started = time.process_time()
    made = solve(event, relax=True, seconds=case.seconds)
    passed = time.process_time() - started
    broken = verify(event, made)
    if broken:
        raise AssertionError(broken)
    return Solved(event, made, passed)


def _row(case: Case, solved: list[Solved]) -> str:
    made = [each.made for each in solved]
    optimal = sum(each.proof == "optimal" for each in made)
    gap = max(each.gap for each in made)

    def span(figures: list[float], form: str) -> str:
        low, high = min(figures), max(figures)
        return f"{low:{form}}" if low == high else f"{low:{form}} to {high:{form}}"

    return (
        f"| {case.people} x {case.slots}, {case.tables} | {case.name} "
        f"| {span([len(each.event.wishes) for each in solved], ',')} "
        f"| {span([len(each.meetings) for each in made], ',')} "
        f"| {optimal} of {len(made)} optimal | {gap:.4%} "
        f"| {span([each.gaps for each in made], ',')} "
        f"| {span([each.moves for each in made], ',')} "
        f"({span([each.moves_bound for each in made], ',')}) "
        f"| {span([each.seconds for each in made], '.1f')} s "
        f"| {span([each.cpu_seconds for each in solved], '.1f')} s |"
    )


def _changes() -> list[str]:
    told = [
        "| late change (75 x 40, 25 tables) | kept | moved | other table | dropped | new | time |",
        "|---|---|---|---|---|---|---|",
    ]
    case = CASES[1]
    solved = _solved(case, 1)
    event, before = solved.event, solved.made
    everywhere = frozenset(slot.id for slot in event.slots)
    late = frozenset(slot.id for slot in event.slots[:10])
    person = max(
        event.participants, key=lambda each: sum(m.slot in late for m in before.of(each.id))
    )
    for name, changed in (
        ("the busiest early comer cancels", _with(event, person.id, everywhere)),
        ("the same comes ten slots late", _with(event, person.id, late)),
        ("a table is lost", replace(event, tables=event.tables[1:])),
    ):
        change = reschedule(changed, before, relax=True)
        broken = verify(changed, change.timetable, past=change.past)
        if broken:
            raise AssertionError(broken)
        told.append(
            f"| {name} | {len(change.kept)} | {len(change.moved)} | {len(change.reseated)} "
            f"| {len(change.dropped)} | {len(change.new)} | {change.timetable.seconds:.1f} s |"
        )
    return told


def _with(event: Event, person: str, unavailable: frozenset[str]) -> Event:
    people = tuple(
        replace(each, unavailable=unavailable) if each.id == person else each
        for each in event.participants
    )
    return replace(event, participants=people)
