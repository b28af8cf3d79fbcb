"""What the parts of a set of counting rules say of one another and of the logs: every fault."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from clusteratlas.programmes.account.layout import LAYOUTS, SME, UNIT_LOGS, Layout
from clusteratlas.programmes.account.rules import Rule, RuleSet, Source, UnitSet

_Told = Iterator[tuple[str, str, str]]


def faults_between(rules: RuleSet) -> _Told:
    """Give every fault: where it is, what is wrong, and a hint."""
    names = [each.name for each in rules.set]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield "set", f"two sets of units are named {name}", "give one another name"
    ids = [each.id.casefold() for each in rules.rule]
    for name in sorted({each for each in ids if ids.count(each) > 1}):
        yield "rule", f"two rules are named {name}", "give one another id"
    for each in rules.set:
        yield from _faults_of_set(rules, each)
    for rule in rules.rule:
        yield from _faults_of_rule(rules, rule)
    if len(set(names)) == len(names):
        for each in rules.set:
            if _circle(rules, each.name, ()):
                yield f"set {each.name}", "the set rests on itself", "take the circle apart"


def _faults_of_set(rules: RuleSet, units: UnitSet) -> _Told:
    where = f"set {units.name}"
    layout = LAYOUTS[UNIT_LOGS[units.unit]]
    dated = units.unit not in ("group", "organisation")
    if units.period and not (dated and layout.period(units.period)):
        hint = f"one of {', '.join(each.name for each in layout.periods)}" if dated else "leave out"
        yield where, f"{units.unit} has no period {units.period}", hint
    for name, asked in units.attributes.items():
        yield from _faults_of_column(where, layout, name, asked, own=units.unit)
    if not dated and not (units.any or units.all):
        yield where, "the set makes no demand", "give any or all, so that something is counted"
    for demand in units.demands:
        if demand.set:
            yield from _faults_of_name(rules, where, demand.set, units.unit)
        for source in demand.of:
            yield from _faults_of_source(rules, where, source)
            if source.log in LAYOUTS and _column_of(units.unit) not in _keys_of(source.layout):
                hint = f"use a log with a column {_column_of(units.unit)}"
                yield where, f"log {source.log} does not tell the {units.unit}", hint


def _faults_of_source(rules: RuleSet, where: str, source: Source) -> _Told:
    if source.log not in LAYOUTS:
        yield where, f"there is no log {source.log}", _near(source.log, list(LAYOUTS))
        return
    layout = source.layout
    if not layout.periods:
        dated = [each.name for each in LAYOUTS.values() if each.periods]
        yield where, f"log {source.log} has no years to count in", f"one of {', '.join(dated)}"
    elif layout.period(source.period) is None:
        hint = _near(source.period, [each.name for each in layout.periods])
        yield where, f"log {source.log} has no period {source.period}", hint
    if source.distinct and layout.column(source.distinct) is None:
        hint = _near(source.distinct, [each.name for each in layout.columns])
        yield where, f"log {source.log} has no column {source.distinct}", hint
    for name, asked in source.where.items():
        yield from _faults_of_column(where, layout, name, asked)
    for name, named in source.among.items():
        if name not in _keys_of(layout):
            yield where, f"log {source.log} has no column {name} of units", "such as project"
        yield from _faults_of_name(rules, where, named, name)


def _keys_of(layout: Layout) -> set[str]:
    return {layout.key, *layout.refs} - {""}


def _column_of(unit: str) -> str:
    return "organisation" if unit == "group" else unit


def _faults_of_column(
    where: str, layout: Layout, name: str, asked: object, *, own: str = ""
) -> _Told:
    first, dot, rest = name.partition(".")
    if dot and not own:
        of = layout.refs.get(first)
        if of is None:
            hint = f"it refers to others by {', '.join(layout.refs) or 'no column'}"
            yield where, f"log {layout.name} refers to nobody by {first}", hint
            return
        layout, name, own = LAYOUTS[of], rest, first
    if name == SME and own in ("organisation", "group"):
        kinds: tuple[type, ...] = (bool,)
    else:
        column = layout.column(name) if own != "group" else None
        if column is None:
            known = [SME] if own == "group" else [each.name for each in layout.columns]
            yield where, f"there is no column {name} in {layout.name}", _near(name, known)
            return
        kinds = {"yes": (bool,), "year": (int,), "whole": (int,), "number": (int, float)}.get(
            column.kind, (str,)
        )
        values = asked if isinstance(asked, tuple) else (asked,)
        for value in values if column.codes else ():
            if value not in column.codes:
                hint = _near(str(value), list(column.codes))
                yield where, f"column {name} of {layout.name} is never {value}", hint
                return
    values = asked if isinstance(asked, tuple) else (asked,)
    if not values or not all(type(value) in kinds for value in values):
        told = {bool: "true or false", str: "a word", int: "a whole number"}[kinds[0]]
        yield where, f"column {name} of {layout.name} is asked for {asked!r}", f"ask for {told}"


def _faults_of_name(rules: RuleSet, where: str, name: str, unit: str) -> _Told:
    found = [each for each in rules.set if each.name == name]
    if not found:
        yield where, f"there is no set {name}", _near(name, [each.name for each in rules.set])
    elif unit and found[0].unit != unit:
        yield where, f"set {name} is one of {found[0].unit}, not of {unit}", "use another set"


def _faults_of_rule(rules: RuleSet, rule: Rule) -> _Told:
    where = f"rule {rule.id}"
    if rule.count is not None:
        yield from _faults_of_name(rules, where, rule.count, "")
    if rule.share is not None:
        yield from _faults_of_name(rules, where, rule.share.part, "")
        yield from _faults_of_name(rules, where, rule.share.whole, "")
        units = [
            each.unit for each in rules.set if each.name in (rule.share.part, rule.share.whole)
        ]
        if len(set(units)) > 1:
            yield where, "a share is of sets of one unit", f"these are of {' and '.join(units)}"
    if rule.sum is not None:
        yield from _faults_of_source(rules, where, rule.sum.source)
        if rule.sum.log in LAYOUTS:
            column = LAYOUTS[rule.sum.log].column(rule.sum.column)
            if column is None or column.kind not in ("number", "whole"):
                hint = "name a column of numbers"
                yield where, f"log {rule.sum.log} cannot add up {rule.sum.column}", hint
    if rule.cost_of is not None:
        of = [each for each in rules.rule if each.id == rule.cost_of]
        if not of or of[0].way not in ("count", "sum"):
            hint = "name a rule of this file that counts or adds up"
            yield where, f"there is no output {rule.cost_of} to cost", hint
    if not rule.unit and rule.way in ("count", "share", "sum"):
        yield where, "the figure has no unit", 'such as unit = "firms"'


def _circle(rules: RuleSet, name: str, seen: tuple[str, ...]) -> bool:
    if name in seen:
        return name == seen[0]
    found = [each for each in rules.set if each.name == name]
    return any(_circle(rules, each, (*seen, name)) for each in _named(found[0])) if found else False


def _named(units: UnitSet) -> Iterator[str]:
    for demand in units.demands:
        if demand.set:
            yield demand.set
        for source in demand.of:
            yield from source.among.values()


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, 1, 0.6)
    return f"did you mean {near[0]}?" if near else f"one of {', '.join(known) or 'none'}"
