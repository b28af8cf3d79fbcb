"""`clusteratlas programme account`, `report` and `example`: what came of a programme, from logs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command, say
from clusteratlas.cli.programme import app
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.organisations.table_files import read_bytes
from clusteratlas.programmes.account import (
    Account,
    Figure,
    Life,
    RuleSet,
    Stage,
    account_of,
    bundled_sets,
    read_logs,
    read_rules,
)
from clusteratlas.programmes.account.words import (
    GRADES,
    SENTENCES,
    STAGES,
    STATUSES,
    remarks,
    step_in_words,
    unit_in_words,
    value_in_words,
)
from clusteratlas.programmes.effects import EffectReport
from clusteratlas.programmes.register import Programme, read_programmes
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput, few

MOST_ROWS_SHOWN = 40

LogsPlace = Annotated[
    Path,
    typer.Argument(metavar="LOGS", help="A folder of CSV files, a workbook, or JSON."),
]
Register = Annotated[
    Path | None,
    typer.Option("--register", metavar="FILE", help="The register: the programme and its money."),
]
Named = Annotated[
    str | None,
    typer.Option("--programme", metavar="NAME", help="Which one, where the register has several."),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="FILE.toml", help="Counting rules of your own, beside ours."),
]


@app.command()
@command
def account(
    logs: LogsPlace,
    *,
    register: Register = None,
    name: Named = None,
    rules: Rules = None,
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="YEAR", help="Year shown; the latest if not given."),
    ] = None,
    figure: Annotated[
        str | None,
        typer.Option("--figure", metavar="RULE", help="Open one figure: rule, steps, rows."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count what came of a programme, from its logs.

    Inputs, activities, outputs, behaviour and outcomes by exact rules, each with its evidence
    grade. What no log tells is not known, never zero.
    """
    found = _account(logs, register, name, rules)
    if figure is not None:
        found.rule(figure)
    if year is not None and year not in found.years:
        hint = f"the account has {found.years[0]} to {found.years[-1]}"
        raise CannotAnswer("the account has no such year", value=str(year), hint=hint)
    if as_json:
        print(to_json(_document(found, year, figure)))
        return
    shown = year or found.years[-1]
    if figure is not None:
        _open(found, figure, year)
    else:
        _show(found, shown)


@app.command()
@command
def report(
    logs: LogsPlace,
    target: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="Where the report goes.")],
    *,
    register: Register = None,
    name: Named = None,
    rules: Rules = None,
    effects: Annotated[
        list[Path] | None,
        typer.Option(
            "--effect", metavar="FILE.json", help="A study, as `programme effect --out` wrote it."
        ),
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option(
            "--assumptions", metavar="FILE.toml", help="What the first study's effect is worth."
        ),
    ] = None,
) -> None:
    """Print the report of a programme as PDF.

    Facts, money, the account by stage with evidence grades, what is open, the evidence and the
    sources; every number with unit, year and rule.
    """
    from clusteratlas.portal.typeset import set_as_pdf  # noqa: PLC0415
    from clusteratlas.programmes.report import report_content  # noqa: PLC0415
    from clusteratlas.programmes.report_effects import effect_part  # noqa: PLC0415
    from clusteratlas.programmes.report_returns import return_part  # noqa: PLC0415
    from clusteratlas.programmes.returns import read_assumptions, returns_of  # noqa: PLC0415

    refuse_replacing(target, [each for each in (logs, register, *(effects or ())) if each])
    found = _account(logs, register, name, rules)
    studies = [_study(each) for each in effects or ()]
    returns = []
    if assumptions is not None:
        if not studies:
            raise CannotAnswer(
                "there is no effect whose return could be reckoned",
                hint="give a study with --effect",
            )
        returns = [return_part(returns_of(studies[0], read_assumptions(assumptions)))]
    parts = [effect_part(each) for each in studies]
    content = report_content(found, effects=parts, returns=returns)
    made = set_as_pdf("programme.typ", content)
    with replaced(target) as opened:
        opened.write(made)
    say(f"Wrote the report to {target}.")


@app.command()
@command
def example(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made if it is not there.")],
    *,
    seed: Annotated[
        int,
        typer.Option("--seed", min=0, max=2**31 - 1, metavar="N", help="Of the random numbers."),
    ] = 2018,
) -> None:
    """Write a fictional programme to try things on.

    Its logs as CSV and as one workbook, and its entry in the register. The same seed writes the
    same files.
    """
    from clusteratlas.programmes.demonstration import write_example  # noqa: PLC0415

    for path, said in write_example(folder, seed):
        line(f"{path}: {said}", whole=True)


def _account(
    logs: Path, register: Path | None, name: str | None, rules: list[Path] | None
) -> Account:
    programme = _programme(register, name) if register is not None else None
    life = Life.of(programme) if programme is not None else Life()
    own = [read_rules(each) for each in rules or ()]
    return account_of(read_logs(logs, life), programme, rule_sets=_sets(own))


def _study(path: Path) -> EffectReport:
    """Read a report of effects; what is none is told with its file."""
    file = str(path)
    try:
        written = json.loads(read_bytes(path, file))
    except ValueError:
        raise InvalidInput([Fault("the file is not JSON", file)]) from None
    if not isinstance(written, dict):
        hint = "write it with `clusteratlas programme effect --out`"
        raise InvalidInput([Fault("the file holds no report of effects", file, hint=hint)])
    try:
        return EffectReport.from_dict(written)
    except InvalidInput as error:
        raise InvalidInput([replace(each, file=file) for each in error.faults]) from None


def _sets(own: list[RuleSet]) -> list[RuleSet]:
    sets = [*bundled_sets(), *own]
    ids = [each.id for each in sets]
    for each in own:
        if ids.count(each.id) > 1:
            raise CannotAnswer(
                "two sets of rules have one name and version",
                value=each.id,
                hint="give yours another name or version",
            )
    return sets


def _programme(register: Path, name: str | None) -> Programme:
    found = read_programmes(register)
    if name is None and len(found) == 1:
        return found[0]
    sought = (name or "").casefold()
    chosen = [each for each in found if sought in (each.name.casefold(), each.slug.casefold())]
    if not name or len(chosen) != 1:
        problem = (
            "the register has no programme of that name"
            if name
            else "the register has more than one programme"
        )
        hint = f"name one with --programme: {few([each.name for each in found])}"
        raise CannotAnswer(problem, value=name or "", hint=hint)
    return chosen[0]


def _document(found: Account, year: int | None, figure: str | None) -> dict[str, object]:
    document = found.to_dict()
    shown = [
        each
        for each in found.figures
        if (year is None or each.year in (year, None)) and (figure is None or each.key == figure)
    ]
    document["figures"] = [{**each.to_dict(), "remarks": remarks(each)} for each in shown]
    return document


def _name(found: Account) -> str:
    if found.programme is None:
        return "A programme that no register names"
    return f"{found.programme.name}{' (fictional)' if found.programme.fictional else ''}"


def _show(found: Account, year: int) -> None:
    title(_name(found), f"Account of {year}; years {found.years[0]} to {found.years[-1]}")
    for stage in Stage:
        figures = [each for each in found.of_stage(stage) if each.year == year]
        if not figures:
            continue
        line()
        line(STAGES[stage], style="bold")
        table(
            [
                Heading("figure", folds=True),
                Heading("value", right=True),
                Heading("unit"),
                Heading("status"),
                Heading("grade"),
                Heading("rule"),
            ],
            [
                [
                    each.rule.title,
                    value_in_words(each),
                    unit_in_words(each) if each.known else "",
                    STATUSES[each.status],
                    each.grade.value,
                    each.rule.id,
                ]
                for each in figures
            ],
        )
        notes(f"{each.rule.id}: {' '.join(said)}" for each in figures if (said := remarks(each)))
    line()
    notes([SENTENCES["grade"]])
    notes(f"{each.id}: {each.source}." for each in found.rule_sets if each.source)


def _open(found: Account, key: str, year: int | None) -> None:
    rules, rule = found.rule(key)
    title(f"{rule.id}: {rule.title}", f"{rules.title}, version {rules.version}")
    line(rule.text)
    notes([rule.note, f"Needs: {few(rules.needs(rule))}." if rules.needs(rule) else "",
           f"Source: {rules.source}."])  # fmt: skip
    for each in found.of_rule(key):
        if year is not None and each.year != year:
            continue
        line()
        if each.known:
            how = f" {unit_in_words(each)} ({STATUSES[each.status]}, grade {GRADES[each.grade]})"
        else:
            how = ""
        line(f"{each.year or 'Total'}: {value_in_words(each)}{how}")
        notes(f"  {step_in_words(step)}" for step in each.steps)
        notes(f"  {said}" for said in remarks(each))
        if each.records:
            _rows(each, all_of_them=year is not None)


def _rows(figure: Figure, *, all_of_them: bool) -> None:
    for log, rows in figure.rows().items():
        most = len(rows) if all_of_them else MOST_ROWS_SHOWN
        notes([f"  {log}, rows {few([str(each) for each in rows], most)}"])
    notes([f"  SHA-256 of these records: {figure.checksum}"])
