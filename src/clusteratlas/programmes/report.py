"""The printed report of a programme: what it says, as data for the page to be set.

Facts, money, the account by stage with grades, effects or the reasons why there are none, the
evidence, what an output cost, and the sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from clusteratlas.programmes.account.account import Account
from clusteratlas.programmes.account.figures import Figure
from clusteratlas.programmes.account.rules import Rule, RuleSet, Stage
from clusteratlas.programmes.account.words import (
    GRADES,
    SENTENCES,
    STAGES,
    STATUSES,
    Voice,
    remarks,
    unit_in_words,
    value_in_words,
)
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.register import Programme

MOST_YEARS: Final = 8
"""Years that stand beside each other on a sheet; the latest are shown."""

OPEN: Final = "?"
"""Stands for a figure that is not known; why is said beneath the table."""


@dataclass(frozen=True, slots=True)
class EffectPart:
    """What a study of effects says, in words: its estimates, or why it tells none.

    Attributes
    ----------
    estimates
        Rows of outcome, horizon, effect with interval, unit and grade; none where it is refused.
    said
        Sentences: how to read it, or why there is no effect.
    """

    title: str
    refused: bool
    estimates: tuple[tuple[str, ...], ...] = ()
    said: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class ReturnPart:
    """What an effect is worth: rows of what, figure, unit and grade, and what is assumed."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    said: tuple[str, ...] = ()


def report_content(
    account: Account,
    *,
    voice: Voice | None = None,
    language: str = "en",
    effects: Sequence[EffectPart] = (),
    returns: Sequence[ReturnPart] = (),
) -> dict[str, Any]:
    """Return everything that the report of a programme says.

    Parameters
    ----------
    account
        Counted from logs and register.
    voice, language
        Which language is spoken.
    effects
        Studies of what the programme changed.
    returns
        What their effects are worth, for member firms and for the public.

    Example
    -------
    >>> from clusteratlas.programmes.account import Logs, account_of
    >>> from clusteratlas.programmes.register import Programme
    >>> boost = Programme(name="Boost", since=2019, until=2020)
    >>> content = report_content(account_of(Logs(), boost))
    >>> content["title"], [each["title"] for each in content["stages"]][:2]
    ('Boost', ['What went in', 'What was done'])
    """
    voice = voice or Voice()
    years = account.years[-MOST_YEARS:]
    programme = account.programme
    words = {name: voice.say(text) for name, text in WORDS.items()}
    return {
        "title": programme.name if programme is not None else words["unnamed"],
        "language": language,
        "years": [str(each) for each in years],
        "span": f"{account.years[0]}–{account.years[-1]}",
        "left_out": voice.say(WORDS["left_out"]) % {"years": len(account.years) - len(years)}
        if len(account.years) > len(years)
        else "",
        "fictional": bool(programme and programme.fictional),
        "summary": programme.summary if programme is not None else "",
        "facts": _facts(programme, account, voice),
        "stages": [
            _stage(account, stage, years, voice)
            for stage in Stage
            if stage is not Stage.impact and account.of_stage(stage)
        ],
        "effects": [
            {
                "title": each.title,
                "refused": each.refused,
                "estimates": [list(row) for row in each.estimates],
                "said": list(each.said),
                "source": each.source,
            }
            for each in effects
        ],
        "returns": [
            {"title": each.title, "rows": [list(row) for row in each.rows], "said": list(each.said)}
            for each in returns
        ],
        "stated": _stated(programme, voice),
        "logs": _logs(account, voice),
        "grades": [voice.say(GRADES[each]) for each in EvidenceGrade],
        "grade_said": voice.say(SENTENCES["grade"]),
        "sources": _sources(account, programme),
        "words": words,
    }


WORDS: Final = MappingProxyType(
    {
        "kind": "Programme report",
        "unnamed": "Programme without a name",
        "fictional": "Fictional: everything in this report is made up.",
        "account": "The account",
        "account_said": "Every figure is counted from logs by a rule, or stated in the register; "
        "nothing is typed in. A question mark stands for what is not known, two numbers for what "
        "cells that are not stated leave open.",
        "figure": "Figure",
        "grade": "Grade",
        "open": "What is open, and what is taken for granted",
        "effects": "What changed because of the programme",
        "no_effects": "No study of effects is at hand. Nothing above says what would have happened "
        "without the programme.",
        "outcome": "Outcome",
        "horizon": "Horizon",
        "effect": "Effect (interval)",
        "unit": "Unit",
        "refused": "No effect is told.",
        "returns": "What it is worth",
        "no_returns": "No return is reckoned: that takes an effect, and stated assumptions.",
        "what": "What",
        "evidence": "The evidence",
        "log": "Log",
        "rows": "Rows",
        "complete": "Complete for",
        "checked": "Checked by",
        "checksum": "SHA-256 of the file",
        "from_records": "%(first)s–%(last)s, by its dates",
        "nobody": "nobody",
        "stated": "Stated facts",
        "grades": "Evidence grades",
        "sources": "Sources",
        "rules": "Rules",
        "left_out": "The %(years)s earliest years are left out here.",
        "funder": "Funder",
        "years": "Years",
        "awards": "Awards",
        "instruments": "Instruments",
        "not_stated": "not stated",
    }
)
"""Every word and sentence that the report adds to those of the account."""


def _facts(programme: Programme | None, account: Account, voice: Voice) -> list[list[str]]:
    open_ = voice.say(WORDS["not_stated"])
    if programme is None:
        return []
    return [
        [voice.say(WORDS["funder"]), programme.funder or open_],
        [
            voice.say(WORDS["years"]),
            f"{programme.since or open_}–{programme.until or ''}",
        ],
        [voice.say(WORDS["awards"]), voice.number(len(programme.awards))],
    ]


def _stage(account: Account, stage: Stage, years: Sequence[int], voice: Voice) -> dict[str, Any]:
    rows, notes = [], []
    for rules, rule in _rules_of(account, stage):
        by_unit: dict[str, dict[int, Figure]] = {}
        for figure in account.of_rule(rules.key(rule)):
            if figure.year is not None and figure.year in years:
                unit = unit_in_words(figure, voice) if figure.known else ""
                by_unit.setdefault(unit, {})[figure.year] = figure
        unknown = by_unit.pop("", {})
        for unit, found in (by_unit or {voice.say(rule.unit) if rule.unit else "": {}}).items():
            cells = [_cell(found.get(year) or unknown.get(year), voice) for year in years]
            sample = next(iter(found.values()), None) or next(iter(unknown.values()), None)
            status = voice.say(STATUSES[sample.status]) if sample is not None else ""
            rows.append(
                {
                    "title": voice.say(rule.title),
                    "rule": f"{rules.id}: {rule.id}",
                    "under": ", ".join(filter(None, (unit, status))),
                    "cells": cells,
                    "grade": sample.grade.value if sample is not None else "",
                }
            )
        notes += _notes(
            [each for found in (*by_unit.values(), unknown) for each in found.values()],
            rule,
            voice,
        )
    return {"title": voice.say(STAGES[stage]), "rows": rows, "notes": notes}


def _rules_of(account: Account, stage: Stage) -> list[tuple[RuleSet, Rule]]:
    return [
        (rules, rule) for rules in account.rule_sets for rule in rules.rule if rule.stage is stage
    ]


def _cell(figure: Figure | None, voice: Voice) -> str:
    if figure is None or figure.low is None:
        return OPEN
    if figure.value is None and figure.high is not None:
        return f"{voice.number(figure.low)}–{voice.number(figure.high)}"
    return value_in_words(figure, voice)


def _notes(figures: Sequence[Figure], rule: Rule, voice: Voice) -> list[str]:
    """What is said of the figures of a rule, with the years that it is said of."""
    years: dict[str, list[int]] = {}
    for figure in sorted(figures, key=lambda each: each.year or 0):
        for said in remarks(figure, voice):
            years.setdefault(said, []).append(figure.year or 0)
    return [f"{rule.id}, {_spans(found)}: {said}" for said, found in years.items()]


def _spans(years: Sequence[int]) -> str:
    """Return years as spans.

    >>> _spans([2018, 2019, 2020, 2022])
    '2018–2020, 2022'
    """
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)


def _stated(programme: Programme | None, voice: Voice) -> list[list[str]]:
    return [
        [
            each.what,
            each.text if each.value is None else voice.number(each.value),
            each.unit,
            each.period,
            each.source,
        ]
        for each in (programme.facts if programme is not None else ())
    ]


def _logs(account: Account, voice: Voice) -> list[list[str]]:
    found = []
    for name, log in account.logs.logs.items():
        covered = account.logs.covered.get(name)
        if covered is None:
            complete = ""
        elif covered.stated:
            complete = f"{covered.first}–{covered.last}"
        else:
            given = {"first": covered.first, "last": covered.last}
            complete = voice.say(WORDS["from_records"]) % given
        checked = (covered.verified_by if covered is not None else "") or voice.say(WORDS["nobody"])
        found.append(
            [voice.say(name), voice.number(len(log.rows)), complete, checked, log.checksum[:16]]
        )
    return found


def _sources(account: Account, programme: Programme | None) -> list[str]:
    found = [f"{each.id}: {each.source}" for each in account.rule_sets if each.source]
    if programme is not None:
        found += dict.fromkeys(each.source for each in programme.money if each.source)
        found += [
            ". ".join(filter(None, (each.title, each.address))) for each in programme.references
        ]
    return found


def texts() -> list[str]:
    """Return every text that a report may say, for those who translate."""
    return list(WORDS.values())
