"""Which units a set means in a year: exact, and sure only of what the logs state.

A cell that is not stated makes a condition neither true nor false. Each unit is therefore surely
in a set, possibly in it, or not; the count lies between the sure and the possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from clusteratlas.programmes.account.figures import Record, Step
from clusteratlas.programmes.account.layout import (
    LAYOUTS,
    SME,
    UNIT_LOGS,
    Layout,
    Period,
    size_class,
)
from clusteratlas.programmes.account.records import Cell, LogRow, Logs
from clusteratlas.programmes.account.rules import Demand, RuleSet, Source, UnitSet

Truth = bool | None
"""True, false, or none where a cell that decides it is not stated."""


@dataclass(slots=True)
class Held:
    """What one unit has: the different things that it surely and possibly has, and their rows."""

    sure: set[tuple[int, str]] = field(default_factory=set)
    possible: set[tuple[int, str]] = field(default_factory=set)
    records: list[Record] = field(default_factory=list)
    unstated: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Members:
    """The units of a set in a year, by code: whether each is surely in it, and on which rows.

    A unit that is not in it at all is not here.
    """

    sure: dict[str, bool] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)
    unstated: dict[str, Counter[str]] = field(default_factory=dict)
    parts: list[tuple[Demand, int, int]] = field(default_factory=list)

    @property
    def low(self) -> int:
        """How many units are surely in it."""
        return sum(self.sure.values())

    @property
    def high(self) -> int:
        """How many units are in it at most."""
        return len(self.sure)


class Counting:
    """The sets of one file of rules, counted on logs for one year; each set is counted once."""

    def __init__(self, rules: RuleSet, logs: Logs, year: int) -> None:
        """Take rules, logs and the calendar year."""
        self._rules = rules
        self._logs = logs
        self._year = year
        self._first, self._last = date(year, 1, 1), date(year, 12, 31)
        self._keyed: dict[str, dict[str, LogRow]] = {}
        self._sets: dict[str, Members] = {}
        self._sizes: dict[str, Truth] | None = None
        self._group_sizes: dict[str, Truth] | None = None

    def members(self, name: str) -> Members:
        """Return the units of a set."""
        if name not in self._sets:
            self._sets[name] = self._counted(self._rules.units(name))
        return self._sets[name]

    def steps(self, name: str) -> list[Step]:
        """Return the parts of a count, the sets that it rests on first."""
        steps: list[Step] = []
        self._steps(name, steps)
        return steps

    def rows(self, source: Source) -> Iterator[tuple[LogRow, Truth, list[str]]]:
        """Give the rows of a source that belong to the year or may, with what decides it."""
        layout = source.layout
        period = layout.period(source.period)
        assert period is not None  # noqa: S101
        for row in self._logs.rows(source.log):
            truths: list[tuple[Truth, str]] = [(self._in_year(row, layout, period), "")]
            if truths[0][0] is False:
                continue
            truths += [
                (self._is(row, layout, name, asked), f"{layout.name}.{name}")
                for name, asked in source.where.items()
            ]
            truths += [
                (self._among(row, column, named), "") for column, named in source.among.items()
            ]
            if any(truth is False for truth, _ in truths):
                continue
            unstated = [name for truth, name in truths if truth is None and name]
            yield row, (None if any(truth is None for truth, _ in truths) else True), unstated

    # A set

    def _counted(self, units: UnitSet) -> Members:
        found = Members()
        demands = [self._of_demand(units, each) for each in units.demands]
        first_all, first_none = len(units.any), len(units.any) + len(units.all)
        tally = [[0, 0] for _ in demands]
        for unit in self._universe(units):
            own, unstated = self._itself(unit, units)
            if own is False:
                continue
            truths = [each(unit) for each in demands]
            for place, (truth, _records, _unstated) in enumerate(truths):
                tally[place][0] += truth is True
                tally[place][1] += truth is not False
            any_of = _any([each[0] for each in truths[:first_all]]) if units.any else True
            all_of = _all([each[0] for each in truths[first_all:first_none]])
            none_of = _any([each[0] for each in truths[first_none:]])
            truth = _all([own, any_of, all_of, None if none_of is None else not none_of])
            if truth is False:
                continue
            records = {
                (each.log, each.row): each
                for held, mine, _ in truths[:first_none]
                if held is not False
                for each in mine
            }
            if units.unit not in ("group", "organisation"):
                row = self._keys(UNIT_LOGS[units.unit])[unit]
                log = UNIT_LOGS[units.unit]
                records[log, row.number] = Record(unit, log, row.number, truth is True)
            found.sure[unit] = truth is True
            found.records[unit] = [records[each] for each in sorted(records)]
            if truth is None:
                told = Counter(unstated)
                for held, _, mine_unstated in truths:
                    if held is None:
                        told.update(mine_unstated)
                found.unstated[unit] = told
        found.parts = [
            (demand, low, high) for demand, (low, high) in zip(units.demands, tally, strict=True)
        ]
        return found

    def _universe(self, units: UnitSet) -> list[str]:
        """The units that there are, those of a log in the year only."""
        if units.unit == "group":
            return sorted(set(self._logs.groups.values()))
        if units.unit == "organisation":
            return sorted(self._logs.groups)
        layout = LAYOUTS[UNIT_LOGS[units.unit]]
        period = layout.period(units.period)
        assert period is not None  # noqa: S101
        return sorted(
            row.text(layout.key)
            for row in self._logs.rows(layout.name)
            if self._in_year(row, layout, period) is not False
        )

    def _itself(self, unit: str, units: UnitSet) -> tuple[Truth, list[str]]:
        """Whether the unit itself is as the set says."""
        truths: list[tuple[Truth, str]] = []
        layout = LAYOUTS[UNIT_LOGS[units.unit]]
        for name, asked in units.attributes.items():
            if name == SME:
                sizes = self._sme_of_groups() if units.unit == "group" else self._sme()
                truth = _equals(sizes.get(unit), asked)
            else:
                truth = _equals(self._keys(layout.name)[unit].get(name), asked)
            truths.append((truth, f"{'sizes' if name == SME else layout.name}.{name}"))
        unstated = [name for truth, name in truths if truth is None]
        return _all([truth for truth, _ in truths]), unstated

    # A demand

    def _of_demand(self, units: UnitSet, demand: Demand) -> _Answers:
        if demand.set:
            return _OfSet(self.members(demand.set))
        held: dict[str, Held] = {}
        for place, source in enumerate(demand.of):
            for row, truth, unstated in self.rows(source):
                unit = self._unit_of(row, units.unit)
                mine = held.setdefault(unit, Held())
                thing = (place, row.text(source.counted))
                mine.possible.add(thing)
                if truth:
                    mine.sure.add(thing)
                mine.unstated.update(unstated)
                mine.records.append(Record(unit, source.log, row.number, truth is True))
        return _OfLogs(held, demand.at_least)

    def _unit_of(self, row: LogRow, unit: str) -> str:
        if unit == "group":
            return self._logs.groups[row.text("organisation")]
        return row.text(unit)

    # A row

    def _in_year(self, row: LogRow, layout: Layout, period: Period) -> Truth:
        dated = row
        if period.of:
            dated = self._keys(layout.refs[period.of])[row.text(period.of)]
        if period.on:
            cell = dated.get(period.on)
            return (cell.year if isinstance(cell, date) else cell) == self._year
        start, end = dated.day(period.start), dated.day(period.end)
        return start is not None and start <= self._last and (end is None or end >= self._first)

    def _is(self, row: LogRow, layout: Layout, name: str, asked: object) -> Truth:
        first, dot, rest = name.partition(".")
        if not dot:
            return _equals(row.get(name), asked)
        code = row.text(first)
        if not code:
            return None
        if rest == SME:
            return _equals(self._sme().get(code), asked)
        return _equals(self._keys(layout.refs[first])[code].get(rest), asked)

    def _among(self, row: LogRow, column: str, named: str) -> Truth:
        sure = self.members(named).sure.get(row.text(column), False)
        return True if sure else None if row.text(column) in self.members(named).sure else False

    def _keys(self, name: str) -> dict[str, LogRow]:
        if name not in self._keyed:
            key = LAYOUTS[name].key
            self._keyed[name] = {row.text(key): row for row in self._logs.rows(name)}
        return self._keyed[name]

    # Small and medium-sized enterprises

    def _sme(self) -> dict[str, Truth]:
        """By organisation, by its latest stated size up to the year."""
        if self._sizes is None:
            latest: dict[str, tuple[int, Truth]] = {}
            for row in self._logs.rows("sizes"):
                year, size = row.get("year"), _size(row)
                if not isinstance(year, int) or year > self._year or not size:
                    continue
                organisation = row.text("organisation")
                if organisation not in latest or latest[organisation][0] < year:
                    latest[organisation] = (year, size != "large")
            self._sizes = {name: sme for name, (_, sme) in latest.items()}
        return self._sizes

    def _sme_of_groups(self) -> dict[str, Truth]:
        """By group: not where any of it is large, since linked firms are counted together."""
        if self._group_sizes is None:
            found: dict[str, Truth] = {}
            for organisation, sme in self._sme().items():
                group = self._logs.groups[organisation]
                found[group] = bool(sme) and found.get(group, True) is not False
            self._group_sizes = found
        return self._group_sizes

    # What is told of it

    def _steps(self, name: str, steps: list[Step]) -> None:
        if any(each.set == name for each in steps):
            return
        units = self._rules.units(name)
        for named in _sets_beneath(units):
            self._steps(named, steps)
        found = self.members(name)
        steps += [
            Step(name, units.unit, low, high, demand.text, place)
            for place, (demand, low, high) in enumerate(found.parts, 1)
            if not demand.set and len(found.parts) > 1
        ]
        steps.append(Step(name, units.unit, found.low, found.high, units.text))


_Answer = tuple[Truth, Sequence[Record], Counter[str]]


@dataclass(frozen=True, slots=True)
class _OfLogs:
    held: dict[str, Held]
    at_least: int

    def __call__(self, unit: str) -> _Answer:
        mine = self.held.get(unit)
        if mine is None or len(mine.possible) < self.at_least:
            return False, (), Counter()
        return (len(mine.sure) >= self.at_least) or None, mine.records, mine.unstated


@dataclass(frozen=True, slots=True)
class _OfSet:
    found: Members

    def __call__(self, unit: str) -> _Answer:
        if unit not in self.found.sure:
            return False, (), Counter()
        unstated = self.found.unstated.get(unit, Counter())
        return self.found.sure[unit] or None, self.found.records[unit], unstated


_Answers = _OfLogs | _OfSet


def _size(row: LogRow) -> str:
    """The size class that a row states, or that follows from its figures."""
    figures = [row.figure(name) for name in ("staff", "turnover", "balance")]
    return row.text("size") or size_class(*figures)


def _sets_beneath(units: UnitSet) -> Iterator[str]:
    for demand in units.demands:
        if demand.set:
            yield demand.set
        for source in demand.of:
            yield from source.among.values()


def _equals(cell: Cell | None, asked: object) -> Truth:
    if cell is None:
        return None
    return cell in asked if isinstance(asked, tuple) else cell == asked


def _all(truths: Sequence[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def _any(truths: Sequence[Truth]) -> Truth:
    if True in truths:
        return True
    return None if None in truths else False
