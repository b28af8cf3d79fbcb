"""The command that takes any measure of a tidy file."""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.documents import to_json, write_csv
from clusteratlas.cli.measure_arguments import Asked, arguments_of, parse_settings
from clusteratlas.cli.measure_results import Results, results_of
from clusteratlas.cli.options import AsCsv, AsJson, Form, form_of
from clusteratlas.cli.outcome import command
from clusteratlas.cli.replaced import replaced
from clusteratlas.measures.labelled import MEASURES, Measure

SHOWN = 20
"""Rows that a readable answer prints of each table."""


class Absent(StrEnum):
    """What a cell without a row is."""

    unknown = "unknown"
    zero = "zero"


@command
def measure(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Name of the measure; none lists them.")
    ] = None,
    *,
    table_file: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="CSV or Parquet: region, industry, perhaps year, and figures; for measures of "
            "points x, y, kind, weight.",
        ),
    ] = None,
    column: Annotated[
        str, typer.Option("--column", metavar="COLUMN", help="Column with the figures.")
    ] = "employment",
    regions: Annotated[
        Path | None,
        typer.Option("--regions", metavar="FILE", help="One row a region: region, area, ..."),
    ] = None,
    industries: Annotated[
        Path | None,
        typer.Option("--industries", metavar="FILE", help="One row an industry: industry, group."),
    ] = None,
    neighbours: Annotated[
        Path | None,
        typer.Option("--neighbours", metavar="FILE", help="Pairs: region, neighbour, weight."),
    ] = None,
    first: Annotated[
        int | None, typer.Option("--from", metavar="YEAR", help="First year of a change.")
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="YEAR", help="Last year of a change.")
    ] = None,
    absent: Annotated[
        Absent,
        typer.Option("--absent", help="What a cell without a row is: not known, or no jobs."),
    ] = Absent.unknown,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="An argument of the measure; repeat."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, metavar="N", help="Seed of random draws.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write all rows: .csv or .json.")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Take a measure of a tidy file.

    Any measure of the library by its name: quotients, Gini, complexity, shift-share, Moran. The
    arguments it needs are found by their names in the files' columns.
    """
    form = form_of(as_json, as_csv)
    if name is None:
        _list()
        return
    found = _measure(name)
    if table_file is None:
        raise typer.BadParameter("say which file to measure: --input FILE")
    if out is not None and out.suffix.lower() not in (".csv", ".json"):
        raise typer.BadParameter(f"--out must end in .csv or .json: {out}")
    asked = Asked(
        table_file,
        column,
        regions,
        industries,
        neighbours,
        parse_settings(settings or []),
        seed,
        first,
        last,
        absent is Absent.zero,
    )
    given = arguments_of(found, asked)
    result = found.function(**given.arguments)
    laid_out = results_of(found, result, given.labels, given.arguments)
    if out is not None:
        text = _json(found, asked, laid_out) if out.suffix.lower() == ".json" else _csv(laid_out)
        with replaced(out) as file:
            file.write(text.encode())
        line(f"Written: {out}", whole=True)
    elif form is Form.json:
        sys.stdout.write(_json(found, asked, laid_out))
    elif form is Form.csv:
        sys.stdout.write(_csv(laid_out))
    else:
        _show(found, asked, laid_out, given.notes)


def _measure(name: str) -> Measure:
    from clusteratlas.measures.arguments import choose  # noqa: PLC0415

    return MEASURES[choose("measure", name, MEASURES)]


def _list() -> None:
    import inspect  # noqa: PLC0415

    from clusteratlas.measures.catalogue import GROUPS, measures_of  # noqa: PLC0415

    for group in GROUPS:
        rows = [
            [
                each.name,
                (inspect.getdoc(each.function) or "").partition("\n\n")[0].replace("\n", " "),
            ]
            for each in measures_of(group)
            if each.name in MEASURES
        ]
        if rows:
            title(group.title)
            table([Heading("measure"), Heading("what it says", folds=True)], rows)
            line()
    notes(["Formulas, sources and examples: docs/reference/measures."])


def _show(measure: Measure, asked: Asked, results: Results, remarks: list[str]) -> None:
    title(measure.name, f"{asked.input.name} · {asked.column}")
    line()
    if results.facts:
        facts([(name, _text(value)) for name, value in results.facts])
        line()
    for rows in results.tables.values():
        names = list(rows[0]) if rows else []
        headings = [Heading(each, right=not isinstance(rows[0][each], str)) for each in names]
        table(headings, [[_text(row[each]) for each in names] for row in rows[:SHOWN]])
        if len(rows) > SHOWN:
            line(f"{len(rows) - SHOWN:,} more rows: --csv or --out FILE.")
        line()
    notes(remarks)


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)


def _csv(results: Results) -> str:
    """All rows; tables of different axes follow one another with the columns of all of them."""
    rows = [row for table in results.tables.values() for row in table]
    if not rows and results.facts:
        rows = [dict(results.facts)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    write_csv([{name: row.get(name) for name in names} for row in rows], names, text)
    return text.getvalue()


def _json(measure: Measure, asked: Asked, results: Results) -> str:
    document = {
        "measure": measure.name,
        "input": asked.input.name,
        "column": asked.column,
        "settings": dict(asked.settings),
        **dict(results.facts),
        **{axes.replace(" ", "_"): rows for axes, rows in results.tables.items()},
    }
    return to_json(document) + "\n"
