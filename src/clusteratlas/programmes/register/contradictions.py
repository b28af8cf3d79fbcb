"""What contradicts itself within a programme: keys twice, calls that are not there, odd years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clusteratlas.programmes.register.document import Award, Call, Money, Programme
from clusteratlas.programmes.register.money import Purse

Place = tuple[str | int, ...]
"""Where a field stands in a programme, such as ``("awards", 3, "year")``."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something stated that cannot be so beside something else that is stated.

    Attributes
    ----------
    place
        The field.
    problem, value, hint
        What is wrong, what stands there, what to do.
    """

    place: Place
    problem: str
    value: str
    hint: str


def contradictions(programme: Programme) -> list[Contradiction]:
    """Return everything in a programme that contradicts something else in it.

    Definition
    ----------
    Keys of calls and of awards stand once; an award names a call that is there; awards, calls and
    money fall into the years of the programme (money may be paid later); an award does not come
    before its call opened; of one purse there is either a total or amounts by year, never both.

    Missing data
    ------------
    A year that is not stated contradicts nothing.

    Example
    -------
    >>> boost = Programme(
    ...     name="Boost", since=2018, awards=[{"key": "a", "organisation": "Optics", "year": 2015}]
    ... )
    >>> contradictions(boost)[0].problem
    'the year lies outside the programme (since 2018)'
    """
    return list(_found(programme))


def _found(programme: Programme) -> Iterator[Contradiction]:
    calls = {each.key: each for each in programme.calls}
    yield from _twice("calls", [each.key for each in programme.calls])
    yield from _twice("awards", [each.key for each in programme.awards])
    for at, call in enumerate(programme.calls):
        for name, day in (("opened", call.opened), ("closed", call.closed)):
            if day is not None and _outside(programme, day.year):
                yield _year_fault(programme, ("calls", at, name), day.isoformat())
        yield from _of_money(programme, ("calls", at), call.money)
    for at, award in enumerate(programme.awards):
        yield from _of_award(programme, at, award, calls)
        yield from _of_money(programme, ("awards", at), award.money)
    yield from _of_money(programme, (), programme.money)


def _twice(name: str, keys: Sequence[str]) -> Iterator[Contradiction]:
    first: dict[str, int] = {}
    for at, key in enumerate(keys):
        if key in first:
            problem = f"two {name} of one key"
            hint = f"give each a key of its own; number {first[key] + 1} has it too"
            yield Contradiction((name, at, "key"), problem, key, hint)
        first.setdefault(key, at)


def _of_award(
    programme: Programme, at: int, award: Award, calls: dict[str, Call]
) -> Iterator[Contradiction]:
    call = calls.get(award.call)
    if award.call and call is None:
        known = ", ".join(list(calls)[:8])
        hint = f"use one of {known}" if known else "add the call, or leave the field empty"
        problem = "there is no call of that key"
        yield Contradiction(("awards", at, "call"), problem, award.call, hint)
    if award.year is None:
        return
    place = ("awards", at, "year")
    if _outside(programme, award.year):
        yield _year_fault(programme, place, str(award.year))
    elif call is not None and call.opened is not None and award.year < call.opened.year:
        problem = f"the award comes before its call opened ({call.opened})"
        yield Contradiction(place, problem, str(award.year), "correct the year or the call")


def _of_money(
    programme: Programme, place: Place, money: Iterable[Money]
) -> Iterator[Contradiction]:
    held: dict[tuple[Purse, str], list[tuple[int, Money]]] = defaultdict(list)
    for at, each in enumerate(money):
        late = each.kind == "paid" and each.year is not None and each.year > (programme.since or 0)
        if each.year is not None and not late and _outside(programme, each.year):
            yield _year_fault(programme, (*place, "money", at, "year"), str(each.year))
        held[Purse.of(each), each.giver].append((at, each))
    for same in held.values():
        totals = [(at, each) for at, each in same if each.year is None]
        if not totals or len(same) == 1:
            continue
        if len(totals) < len(same):
            problem = "a total stands beside amounts by year; adding both would count money twice"
            hint = "keep the total or the amounts by year"
        else:
            problem = "the same total is stated more than once"
            hint = "keep one, or name who gives each in giver"
            totals = totals[1:]
        for at, each in totals:
            yield Contradiction((*place, "money", at, "year"), problem, f"{each.amount:g}", hint)


def _outside(programme: Programme, year: int) -> bool:
    before = programme.since is not None and year < programme.since
    return before or (programme.until is not None and year > programme.until)


def _year_fault(programme: Programme, place: Place, value: str) -> Contradiction:
    if programme.since is None:
        lasts = f"until {programme.until}"
    elif programme.until is None:
        lasts = f"since {programme.since}"
    else:
        lasts = f"{programme.since}-{programme.until}"
    hint = "correct the year, or the years of the programme"
    return Contradiction(place, f"the year lies outside the programme ({lasts})", value, hint)
