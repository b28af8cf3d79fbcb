"""What one log says held against the others, and against the life of the programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from clusteratlas.programmes.account.layout import (
    LAYOUTS,
    MONEY_QUESTIONS,
    Layout,
    Period,
    size_class,
)
from clusteratlas.programmes.account.records import Cell, Covered, Log, LogRow, Logs
from clusteratlas.programmes.register import Programme
from clusteratlas.tables import Fault

MOST_GUESSES: Final = 50
"""Unknown codes for which a likely one is looked for."""


@dataclass(frozen=True, slots=True)
class Life:
    """The first and the last year of a programme, where they are known."""

    since: int | None = None
    until: int | None = None

    @classmethod
    def of(cls, programme: Programme) -> Life:
        """Return the life of a programme of the register."""
        return cls(programme.since, programme.until)


def checked(logs: Mapping[str, Log], life: Life) -> tuple[Logs, list[Fault]]:
    """Return the logs with the years that each covers, and every fault between them.

    Faults are told in the order of the logs and their rows.
    """
    faults: list[Fault] = []
    keys = {name: _keys(log, LAYOUTS[name]) for name, log in logs.items()}
    guesses = [MOST_GUESSES]
    for name, layout in LAYOUTS.items():
        log = logs.get(name)
        if log is None:
            continue
        found = [
            *_twice(log, layout),
            *_unknown(log, layout, logs, keys, guesses),
            *_out_of_order(log, layout),
            *_out_of_life(log, layout, life),
            *_OF_LOG.get(name, _nothing)(log, logs),
        ]
        faults += sorted(found, key=lambda each: each.row or 0)
    return Logs(dict(logs), _covered(logs, keys)), faults


def _keys(log: Log, layout: Layout) -> dict[str, LogRow]:
    return {row.text(layout.key): row for row in log.rows if layout.key} if layout.key else {}


def _nothing(log: Log, logs: Mapping[str, Log]) -> Iterator[Fault]:
    return iter(())


def _twice(log: Log, layout: Layout) -> Iterator[Fault]:
    first: dict[tuple[Cell | None, ...], int] = {}
    for row in log.rows:
        mine = tuple(row.get(column) for column in layout.once)
        if None in mine:
            continue
        if mine in first:
            told = ", ".join(
                f"{name} {value}" for name, value in zip(layout.once, mine, strict=True)
            )
            problem = f"rows {first[mine]} and {row.number} of {layout.name} are of one {told}"
            hint = "keep one of them"
            if layout.name == "attendance":
                hint = "keep one row, and write in people how many came"
            yield Fault(problem, log.file, row.number, layout.once[0], str(mine[0]), hint)
        first.setdefault(mine, row.number)


def _unknown(
    log: Log,
    layout: Layout,
    logs: Mapping[str, Log],
    keys: Mapping[str, Mapping[str, LogRow]],
    guesses: list[int],
) -> Iterator[Fault]:
    """Codes that no row of the log they refer to has, each once.

    A log in which the code of some row cannot be read says nothing of codes that seem to lack.
    """
    for column, of in layout.refs.items():
        if of not in logs:
            if log.rows:
                problem = f"the log of {layout.name} refers to the log of {of}, which is not given"
                yield Fault(problem, log.file, column=column, hint=f"give {of} too")
            continue
        if "" in keys[of]:
            continue
        unknown: dict[str, list[int]] = {}
        for row in log.rows:
            code = row.text(column)
            if code and code not in keys[of]:
                unknown.setdefault(code, []).append(row.number)
        for code, numbers in unknown.items():
            hint = f"add it to {of}, or correct the code"
            if guesses[0]:
                guesses[0] -= 1
                near = get_close_matches(code, list(keys[of])[:20_000], 1, 0.7)
                hint = f"did you mean {near[0]}?" if near else hint
            problem = f"the log of {of} has no {LAYOUTS[of].key} of that code"
            if len(numbers) > 1:
                problem += f", which {len(numbers):,} rows name"
            yield Fault(problem, log.file, numbers[0], column, code, hint)


def _out_of_order(log: Log, layout: Layout) -> Iterator[Fault]:
    for row in log.rows:
        for first, last in layout.in_order:
            start, end = row.day(first), row.day(last)
            if start is None or end is None or start <= end:
                continue
            of = row.text(layout.key or "organisation")
            if layout.name == "members":
                problem = f"member {of} leaves before joining on {start}"
            else:
                problem = f"{layout.key} {of}: {last} lies before {first}, {start}"
            hint = "correct one of the two dates"
            yield Fault(problem, log.file, row.number, last, end.isoformat(), hint)


def _out_of_life(log: Log, layout: Layout, life: Life) -> Iterator[Fault]:
    for row in log.rows:
        for column in layout.in_programme:
            cell = row.get(column)
            year = cell.year if isinstance(cell, date) else cell
            if not isinstance(year, int):
                continue
            what = f"{layout.key} {row.text(layout.key)}" if layout.key else f"a row of {log.name}"
            if life.since is not None and year < life.since:
                problem = f"{what} of {cell} lies before the programme began"
                hint = f"the programme began in {life.since}: correct the date or the register"
            elif life.until is not None and year > life.until:
                problem = f"{what} of {cell} lies after the programme ended"
                hint = f"the programme ended in {life.until}: correct the date or the register"
            else:
                continue
            yield Fault(problem, log.file, row.number, column, str(cell), hint)


# Of one log each


def _sizes(log: Log, logs: Mapping[str, Log]) -> Iterator[Fault]:
    for row in log.rows:
        figures = [row.figure(name) for name in ("staff", "turnover", "balance")]
        stated, found = row.text("size"), size_class(*figures)
        if not stated and all(each is None for each in figures) and not row.wrong:
            problem = "the row states neither a size nor figures"
            hint = "fill in size, or staff with turnover or balance"
            yield Fault(problem, log.file, row.number, "size", hint=hint)
        elif stated and found and stated != found:
            problem = f"the figures make the organisation {found}"
            hint = "correct the size or the figures, or leave one of the two empty"
            yield Fault(problem, log.file, row.number, "size", stated, hint)


def _answers(log: Log, logs: Mapping[str, Log]) -> Iterator[Fault]:
    asked = logs.get("asked")
    invited = {(row.get("year"), row.get("organisation")) for row in asked.rows} if asked else set()
    readable = asked is not None and not any(None in each for each in invited)
    for row in log.rows:
        question = row.text("question")
        stated = row.text("currency") or "currency" in row.wrong
        if question in MONEY_QUESTIONS and not stated:
            problem = (
                f"the answer of {row.text('organisation')} for {row.text('year')} is money "
                "without currency"
            )
            hint = "write its three letters, such as EUR"
            yield Fault(problem, log.file, row.number, "currency", question, hint)
        mine = (row.get("year"), row.get("organisation"))
        if readable and None not in mine and mine not in invited:
            problem = f"{mine[1]} answers for {mine[0]} without being among the asked"
            hint = "add it to asked, or correct year or organisation"
            yield Fault(problem, log.file, row.number, "organisation", str(mine[1]), hint)


def _coverage(log: Log, logs: Mapping[str, Log]) -> Iterator[Fault]:
    for row in log.rows:
        name = row.text("log")
        first, last = row.get("from"), row.get("until")
        if name and (name not in LAYOUTS or not LAYOUTS[name].periods):
            dated = [each.name for each in LAYOUTS.values() if each.periods]
            hint = f"one of {', '.join(dated)}"
            yield Fault("there is no log of that name with years", log.file, row.number, "log",
                        name, hint)  # fmt: skip
        elif name and name not in logs:
            problem = "the log whose years are stated is not given"
            yield Fault(problem, log.file, row.number, "log", name, f"give {name} too")
        if isinstance(first, int) and isinstance(last, int) and last < first:
            problem = f"the last complete year of {name} lies before the first, {first}"
            yield Fault(problem, log.file, row.number, "until", str(last))


_OF_LOG: Final = {"sizes": _sizes, "answers": _answers, "coverage": _coverage}


# Which years a log covers


def _covered(
    logs: Mapping[str, Log], keys: Mapping[str, Mapping[str, LogRow]]
) -> dict[str, Covered]:
    found = {}
    for name, log in logs.items():
        years = [
            year
            for period in LAYOUTS[name].periods
            for row in log.rows
            for year in _years(row, period, LAYOUTS[name], keys)
        ]
        if years:
            found[name] = Covered(min(years), max(years))
    for row in logs["coverage"].rows if "coverage" in logs else ():
        first, last = row.get("from"), row.get("until")
        if isinstance(first, int) and isinstance(last, int):
            found[row.text("log")] = Covered(first, last, True, row.text("verified_by"))
    return found


def _years(
    row: LogRow, period: Period, layout: Layout, keys: Mapping[str, Mapping[str, LogRow]]
) -> Sequence[int]:
    dated: LogRow | None = row
    if period.of:
        dated = keys.get(layout.refs[period.of], {}).get(row.text(period.of))
    if dated is None:
        return ()
    cells = [dated.get(each) for each in (period.on, period.start, period.end) if each]
    return [each.year if isinstance(each, date) else each
            for each in cells if isinstance(each, date | int)]  # fmt: skip
