"""Why no timetable keeps every promise: which limit, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from clusteratlas.matching.timetable.arranged import Ints, Problem
from clusteratlas.matching.timetable.choosing import Floats, Limits, free_meetings, slot_limits
from clusteratlas.matching.timetable.clock import Clock
from clusteratlas.matching.timetable.event import Event
from clusteratlas.matching.timetable.hindered import most_placed
from clusteratlas.matching.timetable.promising import is_possible, without_missing
from clusteratlas.matching.timetable.time_indexed import solve_exactly
from clusteratlas.tables import CannotAnswer, few

HINT = (
    "lower the guarantee, add wishes, slots or tables, or relax the guarantees to get the best "
    "timetable with the shortfalls stated"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why guarantees cannot be kept.

    Attributes
    ----------
    participants
        Codes of those whose guarantees cannot be kept together; without any one of them the
        others' can, as far as this reason goes.
    problem
        The reason, as a sentence without its full stop.
    """

    participants: tuple[str, ...]
    problem: str


class Infeasible(CannotAnswer):
    """No timetable keeps every guarantee; ``causes`` says which limit is in the way, for whom."""

    def __init__(self, causes: tuple[Cause, ...]) -> None:
        self.causes = causes
        told = "; ".join(each.problem for each in causes)
        super().__init__(f"no timetable keeps every promise: {told}", hint=HINT)


def causes_of(event: Event, problem: Problem, limits: Limits, clock: Clock) -> tuple[Cause, ...]:
    """Return the reasons why the guarantees cannot be kept: single people, then one group.

    Parameters
    ----------
    event, problem, limits
        The event, as arrays, and the limits on pairs with all that was learned.
    clock
        Ends the search for the smallest group early; the group is then larger than need be.
    """
    alone = [_alone(event, problem, person) for person in np.flatnonzero(problem.need).tolist()]
    causes = [each for each in alone if each is not None]
    named = {code for each in causes for code in each.participants}
    others = np.array(
        [
            person
            for person in np.flatnonzero(problem.need).tolist()
            if problem.people[person] not in named
        ],
        dtype=np.int64,
    )
    if not is_possible(problem, limits, others):
        causes.append(_together(event, problem, limits, others, clock))
    return tuple(causes)


def cause_in_slots(event: Event, problem: Problem, limits: Limits, clock: Clock) -> Cause:
    """Return a group whose guarantees fit pair by pair, but not into slots together.

    People are left out one at a time as long as the search shows that the rest do not fit.
    """
    group = [int(each) for each in np.flatnonzero(problem.need)]
    for person in list(group):
        rest = [each for each in group if each != person]
        if clock.is_over() or not _fits_no_slots(problem, limits, rest, clock.left):
            continue
        group = rest
    names = few([_name(event, problem.people[each]) for each in group])
    confirmed = " and the confirmed meetings" if problem.must.any() or problem.settled else ""
    who = f"the guarantees of {names}{confirmed}" if group else "the confirmed meetings"
    told = f"{who} fit pair by pair, but all slots were tried and none take them together"
    return Cause(tuple(problem.people[each] for each in group), told)


def _fits_no_slots(problem: Problem, limits: Limits, people: list[int], seconds: float) -> bool:
    """Whether it is shown that the guarantees of these people alone fit into no slots."""
    kept = Limits(limits.matrix, limits.low.copy(), limits.high, limits.missing)
    kept.low[: len(problem.need)] = 0
    kept.low[people] = problem.need[people]
    everything = np.ones(len(problem.weight), dtype=bool)
    bound = int((problem.weight + problem.bonus).sum())
    found = solve_exactly(
        problem, kept, everything, problem.must, known=-1, bound=bound, seconds=min(seconds, 5.0)
    )
    return found.placement is None and not found.cut_short


def _alone(event: Event, problem: Problem, person: int) -> Cause | None:
    """Why one person's guarantee cannot be kept even if all others stood back."""
    code, need = problem.people[person], int(problem.need[person])
    met = int(problem.busy[person].sum())
    promised = f"guarantee of {need + met} for {_name(event, code)}"
    besides = f" besides {met} confirmed" if met else ""
    mine = np.flatnonzero((problem.first == person) | (problem.second == person))
    partners = mine[problem.possible[mine].any(axis=1)]
    if len(partners) < need:
        names = [_name(event, _partner(problem, pair, person)) for pair in partners.tolist()]
        who = f" ({few(names)})" if names else ""
        count = f"{len(partners)} consented partner{'s' if len(partners) != 1 else ''}"
        verb = "have" if len(partners) != 1 else "has"
        return Cause(
            (code,),
            f"{promised}: only {count}{who}{besides} {verb} a slot and a table in common with them",
        )
    if problem.cap[person] < need:
        return Cause((code,), f"{promised}: the cap leaves {int(problem.cap[person])}{besides}")
    most = most_placed(problem.possible[partners])
    if most >= need:
        return None
    slots = [problem.slots[slot] for slot in np.flatnonzero(problem.possible[partners].any(axis=0))]
    return Cause(
        (code,),
        f"{promised}: the {len(partners)} consented partners share {len(slots)} "
        f"slot{'s' if len(slots) != 1 else ''} ({few(slots)}) with them, enough for "
        f"{_meetings(most)}{besides}",
    )


def _together(event: Event, problem: Problem, limits: Limits, people: Ints, clock: Clock) -> Cause:
    """A smallest group whose guarantees cannot be kept together, and what they compete for."""
    group = _suspects(problem, limits, people)
    for person in group.tolist():
        if clock.is_over():
            break
        rest = group[group != person]
        if not is_possible(problem, limits, rest):
            group = rest
    codes = tuple(problem.people[person] for person in group.tolist())
    names = few([_name(event, code) for code in codes])
    needed = int(problem.need[group].sum())
    rivals = "; ".join(_scarce(event, problem, limits, group))
    if not codes:
        return Cause((), f"the confirmed meetings alone exceed what is there{_after(rivals)}")
    if len(codes) == 1:
        return Cause(codes, f"guarantee of {needed} for {names}{_after(rivals)}")
    return Cause(
        codes,
        f"{names} are promised {needed} meetings together, and no choice of partners gives each of "
        f"them enough{_after(rivals)}",
    )


def _after(text: str) -> str:
    return f": {text}" if text else ""


def _suspects(problem: Problem, limits: Limits, people: Ints) -> Ints:
    """People whose guarantees the relaxation finds in one another's way; else all."""
    prices = _prices(problem, limits, people)
    if prices is None:
        return people
    suspects = people[prices[0][people] > 1e-7]
    return suspects if len(suspects) and not is_possible(problem, limits, suspects) else people


def _prices(problem: Problem, limits: Limits, people: Ints) -> tuple[Floats, Floats] | None:
    """What a meeting less promised, and a unit more of each limit, would save; None if nothing."""
    needed = np.zeros_like(problem.need)
    needed[people] = problem.need[people]
    matrix, _, high = without_missing(limits, needed)
    pairs, count = matrix.shape[1], len(needed)
    above = np.flatnonzero(np.isfinite(high))
    rows = sparse.block_array(
        [[-matrix[:count], -sparse.eye_array(count)], [matrix[above], None]], format="csr"
    )
    found = linprog(
        np.r_[np.zeros(pairs), np.ones(count)],
        A_ub=rows,
        b_ub=np.r_[-needed, high[above]],
        bounds=np.c_[
            np.r_[problem.must.astype(np.float64), np.zeros(count)],
            np.r_[np.ones(pairs), np.full(count, np.inf)],
        ],
        method="highs",
    )
    if found.status != 0 or found.fun < 1e-6:
        return None
    prices = -found.ineqlin.marginals
    limit = np.zeros(len(high))
    limit[above] = prices[count:]
    return prices[:count], limit


def _scarce(event: Event, problem: Problem, limits: Limits, group: Ints) -> list[str]:
    """What the group competes for, in words."""
    prices = _prices(problem, limits, group)
    if prices is None:
        return []
    people = len(problem.people)
    scarce = prices[1] > 1e-7
    told = []
    most = free_meetings(problem)
    start = limits.together + 1
    for person in np.flatnonzero(scarce[start : start + people]).tolist():
        by_cap = most[person] == problem.cap[person] < len(problem.slots)
        why = "by their cap" if by_cap else "in the slots they share with partners"
        name = _name(event, problem.people[person])
        told.append(f"{name} can take only {int(most[person])} {why}")
    start += people
    for place in np.flatnonzero(scarce[start : start + len(problem.places)]).tolist():
        what = "all slots and tables take" if len(problem.places) == 1 else "tables of nobody take"
        what = f"table {problem.places[place]} takes" if place else what
        told.append(f"{what} only {_meetings(int(problem.room[place].sum()))}")
    if scarce[start + len(problem.places)]:
        told.append(f"all slots and tables take only {_meetings(int(slot_limits(problem).sum()))}")
    return told


def _partner(problem: Problem, pair: int, person: int) -> str:
    other = problem.second[pair] if problem.first[pair] == person else problem.first[pair]
    return problem.people[int(other)]


def _name(event: Event, code: str) -> str:
    return next((each.name or code for each in event.participants if each.id == code), code)


def _meetings(count: int) -> str:
    return f"{count} meeting{'s' if count != 1 else ''}"
