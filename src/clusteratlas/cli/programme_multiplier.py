"""What spending goes with by an input-output model: `clusteratlas programme multiplier`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command
from clusteratlas.cli.programme import app
from clusteratlas.cli.words import number, percent

if TYPE_CHECKING:
    from clusteratlas.programmes.multiplier import Multiplied

ASSUMED = {
    "gross": "Gross: all that goes with the spending, whether or not it would be there without it. "
    "A multiplier is no proof that anything is additional.",
    "fixed_recipe": "Every industry needs today what it needed in 2017, in the same proportions, "
    "and whoever supplies it has room to make more.",
    "type_one": "What households spend of their wages is left out (type I).",
    "imports_of_nation": "Each commodity is imported by everybody in the nation's proportion.",
    "quotient_cut": "The region buys at home what its location quotient allows, all of it where "
    "that is one or more: mostly too much for a small region.",
    "average_jobs": "Jobs come with output as on average in the nation in 2017.",
}


@app.command("multiplier")
@command
def multiplier(
    industries: Annotated[
        list[str],
        typer.Argument(
            metavar="INDUSTRY[=AMOUNT]...",
            help="Codes of the input-output tables (336411) or classes of NAICS 2017; with an "
            "amount behind = where there are several.",
        ),
    ],
    *,
    amount: Annotated[
        float, typer.Option("--amount", metavar="MONEY", help="What is spent on one industry.")
    ] = 1_000_000.0,
    quotients: Annotated[
        Path | None,
        typer.Option(
            "--quotients",
            metavar="FILE.csv",
            help="Cut to a region: industry, location_quotient.",
        ),
    ] = None,
    jobs: Annotated[
        Path | None,
        typer.Option(
            "--jobs", metavar="FILE.csv", help="The nation's jobs in 2017: industry, jobs."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What spending goes with, by a model (grade E).

    Requirements of the United States in 2017. Gross figures: never an effect.
    """
    from clusteratlas.programmes.multiplier import (  # noqa: PLC0415 - reads its tables
        multiply,
        packaged_requirements,
        read_by_industry,
    )

    tables = packaged_requirements()
    spending = _spending(industries, amount)
    found = multiply(
        spending,
        tables,
        quotients=read_by_industry(quotients, "location_quotient", tables) if quotients else None,
        jobs=read_by_industry(jobs, "jobs", tables) if jobs else None,
    )
    if as_json:
        sys.stdout.write(to_json(_document(found)))
        return
    _show(found)


def _spending(words: list[str], amount: float) -> dict[str, float]:
    spending: dict[str, float] = {}
    for word in words:
        code, _, told = word.partition("=")
        if not told and len(words) > 1:
            raise typer.BadParameter(
                f"say how much is spent on {code}: {code}=250000", param_hint="INDUSTRY"
            )
        try:
            spent = float(told) if told else amount
        except ValueError as error:
            raise typer.BadParameter(f"{told} is no amount", param_hint="INDUSTRY") from error
        spending[code] = spending.get(code, 0.0) + spent
    return spending


def _document(found: Multiplied) -> dict[str, Any]:
    return {
        **asdict(found),
        "output_multiplier": found.output_multiplier,
        "income_multiplier": found.income_multiplier,
        "job_multiplier": found.job_multiplier,
        "leaked": found.leaked,
    }


def _ends(low: float, high: float | None, decimals: int = 2) -> str:
    if high is None:
        return f"at least {low:,.{decimals}f}"
    first, last = f"{low:,.{decimals}f}", f"{high:,.{decimals}f}"
    return first if first == last else f"{first} to {last}"


def _show(found: Multiplied) -> None:
    where = "the region" if found.regional else "the United States"
    title(
        " and ".join(found.titles),
        f"Spending of {found.amount:,.0f}; input-output tables of {found.year}; "
        f"grade {found.grade.value}: {found.grade.meaning}",
    )
    line(
        f"With each unit spent goes output worth {_ends(*found.output_multiplier)} in {where}, "
        f"gross. This is no effect of a programme."
    )
    shares = [percent(each) for each in found.leaked]
    rows = [
        ("output", _ends(found.low.output, found.high.output, 0)),
        ("value added", _ends(found.low.value_added, found.high.value_added, 0)),
        ("wages", _ends(found.low.compensation, found.high.compensation, 0)),
        ("leaves " + where, shares[0] if shares[0] == shares[1] else " to ".join(shares)),
    ]
    if found.income_multiplier:
        rows.append(("wages for each unit of own wages", _ends(*found.income_multiplier)))
    if found.job_multiplier and found.low.jobs is not None:
        rows.append(("jobs", _ends(found.low.jobs, found.high.jobs, 1)))
        rows.append(("jobs for each own job", _ends(*found.job_multiplier)))
    facts(rows)
    table(
        [Heading("code"), Heading("who delivers", folds=True), Heading("output", right=True)],
        [(each.industry, each.title, number(round(each.output))) for each in found.suppliers],
    )
    unknown = (
        f"Location quotients of {found.unknown} industries are not known: each may be anything "
        "from 0 to 1, which is why there are two ends."
    )
    notes([*(ASSUMED[code] for code in found.assumptions), unknown if found.unknown else ""])
    notes([f"Source: {found.source}."])
