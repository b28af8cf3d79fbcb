"""The account as its page shows it: by stage, small charts over the years, and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.charts.timeline import Line, Point, Timeline, small_multiples
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.account.kept import voice
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.portal.words import word
from clusteratlas.programmes.account import Account, Figure, Rule, RuleSet, Stage, bundled_sets
from clusteratlas.programmes.account.words import (
    STAGES,
    STATUSES,
    remarks,
    unit_in_words,
    value_in_words,
)

MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class StagePart:
    """A stage of the programme's logic: its charts, its table, and what is open in the year."""

    code: str
    title: str
    said: str
    chart: Timeline | None
    sheet: Sheet
    remarks: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """A figure as a table to take away has it."""

    rule: str
    title: str
    stage: str
    year: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    status: str
    grade: str
    asked: int | None
    answered: int | None
    records: int
    checksum: str
    remarks: str


FIGURE_WORDS = {
    "rule": "set of rules, its version and the rule in it",
    "title": "what is counted",
    "stage": "input, activity, output, behaviour, outcome or impact",
    "value": "the figure; empty where it is not known or where cells leave it between low and high",
    "low": "what it is at least; empty where nothing is known",
    "high": "what it is at most; empty where nothing bounds it",
    "unit": "what it is counted in; a currency by its three letters",
    "status": "counted from logs, reported by those who know, or not_known",
    "grade": "evidence grade; D is self-report",
    "asked": "how many the survey asked",
    "answered": "how many of them answered the question",
    "records": "rows of logs and register that were counted",
    "checksum": "SHA-256 of these records",
    "remarks": "why it is not known, and what is taken for granted",
}


def figure_records(account: Account) -> list[FigureRecord]:
    """Return every figure of a year as a record."""
    said = voice()
    return [
        FigureRecord(
            each.key,
            word(each.rule.title),
            each.stage.value,
            each.year,
            each.value,
            each.low,
            each.high,
            each.unit,
            each.status,
            each.grade.value,
            each.response.asked if each.response else None,
            each.response.answered if each.response else None,
            len(each.records),
            each.checksum,
            " ".join(remarks(each, said)),
        )
        for each in account.figures
        if each.year is not None
    ]


def stage_parts(account: Account, slug: str, year: int) -> list[StagePart]:
    """Return the stages that have any rule."""
    return [_stage(account, slug, stage, year) for stage in Stage if account.of_stage(stage)]


def _stage(account: Account, slug: str, stage: Stage, year: int) -> StagePart:
    years = account.years[-MOST_YEARS:]
    lines = _lines(account, slug, stage, years)
    known = [each for each in account.of_stage(stage) if each.year == year and each.known]
    rules = {each.key for each in account.of_stage(stage)}
    told = {each.key for each in known}
    said = voice()
    return StagePart(
        stage.value,
        word(STAGES[stage]),
        _("%(known)s of %(all)s figures are known for %(year)s.")
        % {"known": figures.whole(len(told)), "all": figures.whole(len(rules)), "year": year},
        small_multiples(
            f"chart-{stage.value}",
            _("%(stage)s, %(first)s to %(last)s, each on its own scale")
            % {"stage": word(STAGES[stage]), "first": years[0], "last": years[-1]},
            lines,
            written=said.number,
        )
        if lines
        else None,
        _sheet(account, slug, stage, year),
        [
            (word(each.rule.title), remarks(each, said))
            for each in account.of_stage(stage)
            if each.year == year and remarks(each, said)
        ],
    )


def _rules(account: Account, stage: Stage) -> list[tuple[RuleSet, Rule]]:
    return [
        (rules, rule) for rules in account.rule_sets for rule in rules.rule if rule.stage is stage
    ]


def _lines(account: Account, slug: str, stage: Stage, years: Sequence[int]) -> list[Line]:
    """One line for each rule and unit of which two years are known."""
    found = []
    said = voice()
    for rules, rule in _rules(account, stage):
        key = rules.key(rule)
        by_unit: dict[str, dict[int, Figure]] = {}
        for figure in account.of_rule(key):
            if figure.known and figure.year is not None:
                by_unit.setdefault(unit_in_words(figure, said), {})[figure.year] = figure
        for unit, by_year in by_unit.items():
            latest = max((each for each in by_year if each in years), default=None)
            if latest is None:
                continue
            found.append(
                Line(
                    f"{word(rule.title)} ({unit})",
                    [_point(each, by_year.get(each)) for each in years],
                    addresses.figure(slug, key, latest),
                )
            )
    return found


def _point(year: int, figure: Figure | None) -> Point:
    if figure is None or figure.low is None:
        return Point(year, None, mark="unknown")
    if figure.value is None:
        return Point(
            year, figure.low, figure.low, figure.high, "open", value_in_words(figure, voice())
        )
    return Point(year, float(figure.value), mark="known")


def _sheet(account: Account, slug: str, stage: Stage, year: int) -> Sheet:
    said = voice()
    rows = [
        SheetRow(
            word(each.rule.title),
            [
                Cell(
                    value_in_words(each, said),
                    mark="" if each.value is not None else "open" if each.known else "unknown",
                ),
                Cell(unit_in_words(each, said) if each.known else "", number=False),
                Cell(word(STATUSES[each.status]), number=False),
                Cell(each.grade.value, number=False),
                Cell(_answered(each), number=False),
            ],
            addresses.figure(slug, each.key, year),
            code=each.rule.id,
            lang="" if each.rules in bundled_sets() else "und",
        )
        for each in account.of_stage(stage)
        if each.year == year
    ]
    return Sheet(
        f"table-{stage.value}",
        _("%(stage)s, %(year)s") % {"stage": word(STAGES[stage]), "year": year},
        [
            SheetColumn(_("Figure"), number=False),
            SheetColumn(_("Value"), str(year)),
            SheetColumn(_("Unit"), number=False),
            SheetColumn(_("Status"), number=False),
            SheetColumn(_("Evidence grade"), number=False),
            SheetColumn(_("Answered"), number=False),
        ],
        rows,
        empty=_("No rule of this stage has a figure for the year."),
    )


def _answered(figure: Figure) -> str:
    if figure.response is None:
        return ""
    return _("%(answered)s of %(asked)s") % {
        "answered": figures.whole(figure.response.answered),
        "asked": figures.whole(figure.response.asked),
    }
