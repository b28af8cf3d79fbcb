"""The account of a programme: every figure of every rule and year, from logs and register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clusteratlas.programmes.account.checking import Life
from clusteratlas.programmes.account.counting import Counting
from clusteratlas.programmes.account.figures import Figure, Reason, Record, Step
from clusteratlas.programmes.account.layout import LAYOUTS
from clusteratlas.programmes.account.money import (
    cost_figures,
    leverage_figures,
    money_figures,
    years_of_money,
)
from clusteratlas.programmes.account.records import Logs
from clusteratlas.programmes.account.rule_files import bundled_sets
from clusteratlas.programmes.account.rules import Rule, RuleSet, Stage
from clusteratlas.programmes.account.survey import survey_figure
from clusteratlas.programmes.register import Programme
from clusteratlas.tables import CannotAnswer

LONGEST_LIFE = 60
"""Years that an account reckons at most."""


@dataclass(frozen=True)
class Account:
    """What went into a programme, what it did and what came of it, each with its evidence.

    Attributes
    ----------
    years
        The calendar years that it reckons.
    figures
        By rule and year; of money one for each currency and price base.
    """

    programme: Programme | None
    logs: Logs
    rule_sets: tuple[RuleSet, ...]
    years: tuple[int, ...]
    figures: tuple[Figure, ...] = field(repr=False)

    def of_rule(self, key: str) -> list[Figure]:
        """Return the figures of a rule, year by year."""
        return [each for each in self.figures if each.key == key]

    def of_stage(self, stage: Stage) -> list[Figure]:
        """Return the figures of a stage of the programme's logic."""
        return [each for each in self.figures if each.stage is stage]

    def rule(self, key: str) -> tuple[RuleSet, Rule]:
        """Return a rule by what it is called in addresses.

        Raises
        ------
        CannotAnswer
            Where there is none.
        """
        for rules in self.rule_sets:
            for rule in rules.rule:
                if rules.key(rule) == key:
                    return rules, rule
        raise CannotAnswer("there is no rule of that name", value=key)

    def to_dict(self, *, rows: bool = True) -> dict[str, Any]:
        """Return it as JSON can hold it; without ``rows`` nothing names a firm or a row."""
        return {
            "programme": None if self.programme is None else self.programme.name,
            "fictional": bool(self.programme and self.programme.fictional),
            "years": list(self.years),
            "rules": [
                {"id": each.id, "title": each.title, "source": each.source}
                for each in self.rule_sets
            ],
            "logs": [
                {
                    "log": name,
                    "rows": len(log.rows),
                    "checksum": log.checksum,
                    **_covered(self.logs, name),
                }
                for name, log in _in_order(self.logs.logs)
            ],
            "figures": [each.to_dict(rows=rows) for each in self.figures],
        }


def account_of(
    logs: Logs,
    programme: Programme | None = None,
    *,
    rule_sets: Sequence[RuleSet] | None = None,
    years: Sequence[int] | None = None,
) -> Account:
    """Return the account of a programme.

    Definition
    ----------
    Every rule is reckoned for every calendar year from its rows alone. A log that was not given, or
    that is not complete for the year, makes the figure *not known*, never zero. A cell that is not
    stated widens it to an interval.

    Parameters
    ----------
    logs
        As `read_logs` gives them.
    programme
        Of the register: its life, and its money. Without it there is no money.
    rule_sets
        By default those that come with the package.
    years
        By default from the programme's first year, or the first of a log or of money, to the last
        that a log or money covers. What a log says to be complete for after the programme's end
        does not count; where nothing covers any year, the years are those of the programme.

    Returns
    -------
    Figures in the order of rules and years, all with evidence grade D.

    Raises
    ------
    CannotAnswer
        Neither logs nor register tell any year.

    Example
    -------
    >>> from clusteratlas.programmes.account.records import Log, LogRow, Covered
    >>> from datetime import date
    >>> row = LogRow(2, {"event": "E1", "date": date(2019, 5, 2), "kind": "network"})
    >>> logs = Logs({"events": Log("events", "events.csv", "", (row,))},
    ...             {"events": Covered(2019, 2019)})
    >>> account = account_of(logs)
    >>> found = account.of_rule("flemish-clusters-1-c-2")[0]
    >>> found.value, found.unit, found.rows()
    (1, 'events', {'events': (2,)})
    >>> account.of_rule("flemish-clusters-1-s-2")[0].why.code
    'logs_missing'
    """
    sets = tuple(rule_sets) if rule_sets is not None else bundled_sets()
    reckoned = tuple(sorted(set(years))) if years is not None else _years(logs, programme)
    if not reckoned:
        hint = "give a log with dates, or a register with the programme's years"
        raise CannotAnswer("the account has no year to reckon", hint=hint)
    life = Life.of(programme) if programme is not None else Life()
    found = [
        figure
        for rules in sets
        for figure in _of_set(rules, logs, programme, reckoned, life, totals=years is None)
    ]
    return Account(programme, logs, sets, reckoned, tuple(found))


def _years(logs: Logs, programme: Programme | None) -> tuple[int, ...]:
    life = Life.of(programme) if programme is not None else Life()
    known = {each for each in logs.years if life.until is None or each <= life.until}
    known |= set(years_of_money(programme) if programme is not None else ())
    first = life.since if life.since is not None else min(known, default=None)
    last = max(known, default=life.until)
    if first is None or last is None:
        return ()
    if last - first >= LONGEST_LIFE:
        raise CannotAnswer(
            f"the programme has more than {LONGEST_LIFE} years",
            value=f"{first} to {last}",
            hint="ask for some of them",
        )
    return tuple(range(first, last + 1))


def _of_set(
    rules: RuleSet,
    logs: Logs,
    programme: Programme | None,
    years: Sequence[int],
    life: Life,
    *,
    totals: bool,
) -> Iterator[Figure]:
    counts = {year: Counting(rules, logs, year) for year in years}
    for rule in rules.rule:
        if totals and rule.money is not None and programme is not None:
            whole = money_figures(rules, rule, programme, None)
            yield from (each for each in whole if each.known)
        for year in years:
            yield from _figures(rules, rule, logs, programme, year, counts[year], life)


def _figures(
    rules: RuleSet,
    rule: Rule,
    logs: Logs,
    programme: Programme | None,
    year: int,
    counting: Counting,
    life: Life,
) -> list[Figure]:
    if rule.money is not None:
        return money_figures(rules, rule, programme, year)
    if rule.leverage:
        return leverage_figures(rules, rule, programme, year)
    if rule.cost_of is not None:
        output = next(each for each in rules.rule if each.id == rule.cost_of)
        counted = _figures(rules, output, logs, programme, year, counting, life)[0]
        return cost_figures(rules, rule, programme, counted)
    lacking = _lacking(rules, rule, logs, year, life)
    if lacking is not None:
        return [Figure(rules, rule, year, rule.unit, "not_known", why=lacking)]
    if rule.survey is not None:
        figure = survey_figure(rules, rule, rule.survey, logs, year)
    elif rule.sum is not None:
        figure = _summed(rules, rule, counting, year)
    elif rule.share is not None:
        figure = _shared(rules, rule, counting, year)
    else:
        figure = _counted(rules, rule, counting, year)
    return [_marked(figure, logs)]


def _lacking(rules: RuleSet, rule: Rule, logs: Logs, year: int, life: Life) -> Reason | None:
    """Why a rule has no figure: a log is missing, or not complete for the year."""
    needed = rules.needs(rule)
    missing = [name for name in needed if not logs.has(name)]
    if missing:
        return Reason("logs_missing", {"logs": missing})
    for name in needed:
        if not LAYOUTS[name].periods:
            continue
        covered = logs.covered.get(name)
        if covered is None:
            return Reason("log_empty", {"log": name, "year": year})
        if not covered.holds(year):
            return Reason(
                "year_not_covered",
                {"log": name, "year": year, "first": covered.first, "last": covered.last},
            )
    return None


def _counted(rules: RuleSet, rule: Rule, counting: Counting, year: int) -> Figure:
    found = counting.members(rule.count or "")
    exact = found.low if found.low == found.high else None
    unstated = _unstated(found.unstated)
    return Figure(
        rules,
        rule,
        year,
        rule.unit,
        "counted",
        exact,
        found.low,
        found.high,
        steps=tuple(counting.steps(rule.count or "")),
        records=_records(found.records),
        unstated=unstated,
    )


def _shared(rules: RuleSet, rule: Rule, counting: Counting, year: int) -> Figure:
    """A share lies between the surely few of the possibly many, and the other way round."""
    assert rule.share is not None  # noqa: S101
    part, whole = counting.members(rule.share.part), counting.members(rule.share.whole)
    steps = counting.steps(rule.share.whole)
    steps += [each for each in counting.steps(rule.share.part) if each not in steps]
    if not whole.high:
        why = Reason("share_of_nothing", {"set": rule.share.whole})
        return Figure(rules, rule, year, rule.unit, "not_known", why=why, steps=tuple(steps))
    sure_others = sum(sure for unit, sure in whole.sure.items() if unit not in part.sure)
    sure_part = sum(sure and whole.sure.get(unit, False) for unit, sure in part.sure.items())
    may_part = sum(unit in whole.sure for unit in part.sure)
    may_others = sum(not part.sure.get(unit, False) for unit in whole.sure)
    low = 100 * sure_part / (sure_part + may_others) if sure_part + may_others else 0.0
    high = 100 * may_part / (may_part + sure_others) if may_part + sure_others else 100.0
    exact = low if low == high else None
    merged = {**whole.records, **part.records}
    unstated = _unstated({**whole.unstated, **part.unstated})
    return Figure(
        rules,
        rule,
        year,
        rule.unit,
        "counted",
        exact,
        low,
        high,
        steps=tuple(steps),
        records=_records(merged),
        unstated=unstated,
    )


def _summed(rules: RuleSet, rule: Rule, counting: Counting, year: int) -> Figure:
    """A sum is known where every row states its number; one that does not leaves no upper end."""
    assert rule.sum is not None  # noqa: S101
    low, silent, unsure = 0.0, 0, 0.0
    records = []
    for row, truth, _ in counting.rows(rule.sum.source):
        found = row.figure(rule.sum.column)
        records.append(Record("", rule.sum.log, row.number, truth is True and found is not None))
        if found is None:
            silent += 1
        elif truth:
            low += found
        else:
            unsure += found
    low, most = round(low, 9), round(low + unsure, 9)
    unstated = {f"{rule.sum.log}.{rule.sum.column}": silent} if silent else {}
    exact = low if not silent and low == most else None
    return Figure(
        rules,
        rule,
        year,
        rule.unit,
        "counted",
        exact,
        low,
        None if silent else most,
        records=tuple(records),
        unstated=unstated,
        steps=(Step(rule.sum.log, "rows", len(records) - silent, len(records)),),
    )


def _marked(figure: Figure, logs: Logs) -> Figure:
    """The figure with who has checked every log that it needs, and whose years were taken so."""
    needed = [name for name in figure.rules.needs(figure.rule) if LAYOUTS[name].periods]
    checkers = [logs.covered[name].verified_by for name in needed]
    verified = tuple(dict.fromkeys(checkers)) if all(checkers) else ()
    guessed = [name for name in needed if not logs.covered[name].stated]
    assumed = figure.assumed
    if guessed and figure.known:
        assumed = (*assumed, Reason("years_from_records", {"logs": guessed}))
    return replace(figure, verified_by=verified, assumed=assumed)


def _records(of: Mapping[str, Sequence[Record]]) -> tuple[Record, ...]:
    return tuple(each for unit in sorted(of) for each in of[unit])


def _unstated(of: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """By column, of how many units it is not stated."""
    found: dict[str, int] = {}
    for told in of.values():
        for name in told:
            found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def _covered(logs: Logs, name: str) -> dict[str, Any]:
    covered = logs.covered.get(name)
    if covered is None:
        return {"first_year": None, "last_year": None, "stated": False, "verified_by": ""}
    return {
        "first_year": covered.first,
        "last_year": covered.last,
        "stated": covered.stated,
        "verified_by": covered.verified_by,
    }


def _in_order(logs: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, logs[name]) for name in LAYOUTS if name in logs]
