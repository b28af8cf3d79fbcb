"""What a programme changed: checks first, then three estimators, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import ExitCode, command
from clusteratlas.cli.programme import app
from clusteratlas.cli.programme_effect_shown import show
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Costs,
    Design,
    Outcome,
    Predictor,
    Scale,
    Stage,
    Study,
    evaluate,
)
from clusteratlas.programmes.effects import check_only as examine


class Waiting(StrEnum):
    """Which untreated units serve as controls."""

    not_yet = "not_yet"
    never = "never"


class Past(StrEnum):
    """What of an outcome's own past units are to be alike in."""

    level = "level"
    trend = "trend"


Money = tuple[str, int | None]
"""A currency, and the year of its prices."""


@app.command("effect")
@command
def effect(
    panel: Annotated[Path, typer.Argument(metavar="PANEL", help="Units by years: CSV or Parquet.")],
    treated: Annotated[
        Path,
        typer.Argument(metavar="TREATED", help="Who was treated: unit, from, role, cost."),
    ],
    *,
    outcomes: Annotated[
        list[str],
        typer.Option(
            "--outcome",
            metavar="COLUMN[:STAGE[:UNIT]]",
            help="What to look at, such as jobs:business:jobs; repeat for more.",
        ),
    ],
    design: Annotated[
        Design, typer.Option("--design", help="Whom the treated are compared with.")
    ] = Design.staggered,
    logs: Annotated[
        list[str] | None,
        typer.Option("--log", metavar="COLUMN", help="Compare logarithms of this outcome."),
    ] = None,
    logged: Annotated[
        list[str] | None,
        typer.Option("--logged", metavar="COLUMN", help="This outcome holds logarithms already."),
    ] = None,
    money: Annotated[
        list[str] | None,
        typer.Option(
            "--money",
            metavar="COLUMN:CUR[:YEAR]",
            help="This outcome is money, in this currency and the prices of this year.",
        ),
    ] = None,
    covariates: Annotated[
        list[str] | None,
        typer.Option("--covariate", metavar="COLUMN", help="What to be alike in before; repeat."),
    ] = None,
    alike_in: Annotated[
        Past | None,
        typer.Option("--alike-in", help="Match on the outcome's own past, too: level or trend."),
    ] = None,
    predictors: Annotated[
        list[str] | None,
        typer.Option(
            "--predictor", metavar="COLUMN", help="What a synthetic control is to be like in."
        ),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar="COLUMN", help="Column of units.")
    ] = "unit",
    period: Annotated[
        str, typer.Option("--period", metavar="COLUMN", help="Column of years.")
    ] = "period",
    industry: Annotated[
        str, typer.Option("--industry", metavar="COLUMN", help="Column of industries.")
    ] = "",
    region: Annotated[
        str, typer.Option("--region", metavar="COLUMN", help="Column of regions.")
    ] = "",
    cluster: Annotated[
        str,
        typer.Option(
            "--cluster", metavar="COLUMN", help="Column of the level at which support was assigned."
        ),
    ] = "",
    window: Annotated[
        int, typer.Option("--window", min=1, metavar="YEARS", help="Years under treatment.")
    ] = 4,
    anticipation: Annotated[
        int,
        typer.Option(
            "--anticipation", min=0, metavar="YEARS", help="Years it may have been known early."
        ),
    ] = 0,
    controls: Annotated[
        Waiting, typer.Option("--controls", help="Those not treated yet too, or only those never.")
    ] = Waiting.not_yet,
    keep_balanced: Annotated[
        bool, typer.Option("--keep-balanced", help="Set aside units with gaps.")
    ] = False,
    randomised: Annotated[
        str,
        typer.Option(
            "--randomised", metavar="FACT", help="How support was drawn by lot, and who says so."
        ),
    ] = "",
    cost: Annotated[
        str | None,
        typer.Option(
            "--cost",
            metavar="[AMOUNT:]CUR[:YEAR]",
            help="Total cost, or only the currency of the list's; and the year of prices.",
        ),
    ] = None,
    level: Annotated[
        float,
        typer.Option("--level", min=0.5, max=0.999, metavar="P", help="Coverage of intervals."),
    ] = 0.95,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**31 - 1, metavar="N", help="Seed of draws.")
    ] = 0,
    describe: Annotated[
        bool,
        typer.Option("--describe", help="Where no effect is told, describe (grade C)."),
    ] = False,
    check_only: Annotated[
        bool, typer.Option("--check-only", help="Only check the design.")
    ] = False,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Where the panel comes from.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.json", help="Write the report here.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Estimate what support changed, or refuse.

    Checks of the design come first; only if all hold, three estimators follow, year by year, with
    a grade. Ends with exit code 3 where nothing can be told.
    """
    refuse_replacing(out, [panel, treated])
    kinds = dict.fromkeys(logs or (), Scale.log) | dict.fromkeys(logged or (), Scale.logged)
    in_money = dict(_money(each) for each in money or ())
    asked = tuple(_outcome(each, kinds, in_money) for each in outcomes)
    for name in [*kinds, *in_money]:
        if name not in {each.column for each in asked}:
            raise typer.BadParameter(f"{name} is no outcome that is asked for")
    study = Study(
        design,
        asked,
        Columns(unit, period, tuple(covariates or ()), industry, region, cluster),
        Choices(
            window=window,
            anticipation=anticipation,
            controls="never" if controls is Waiting.never else "not_yet",
            keep_balanced=keep_balanced,
            randomised=randomised,
            level=level,
            seed=seed,
            alike_in="" if alike_in is None else alike_in.value,
            describe=describe,
        ),
        _costs(cost),
        tuple(Predictor(each) for each in predictors or ()),
        source=source,
    )
    answer = examine if check_only else evaluate
    report = answer(study, panel, treated)
    if out is not None:
        with replaced(out) as file:
            file.write((to_json(report.to_dict()) + "\n").encode())
    if as_json:
        print(to_json(report.to_dict()))
    else:
        show(report, checks_only=check_only)
    unanswered = bool(report.reasons) if check_only else report.grade is None
    if unanswered:
        raise typer.Exit(ExitCode.CANNOT_ANSWER)


def _outcome(text: str, scales: Mapping[str, Scale], in_money: Mapping[str, Money]) -> Outcome:
    """Read an outcome: column, stage, unit."""
    column, _, rest = text.partition(":")
    stage, _, unit = rest.partition(":")
    if not column or (stage and stage not in set(Stage)):
        raise typer.BadParameter(
            f"{text!r} is no outcome; write jobs, jobs:business or jobs:business:jobs, the stage "
            f"being one of {', '.join(Stage)}"
        )
    currency, base = in_money.get(column, ("", None))
    return Outcome(
        column,
        Stage(stage) if stage else Stage.business,
        currency or unit,
        scales.get(column, Scale.level),
        money=column in in_money,
        price_base=base,
    )


def _money(text: str) -> tuple[str, Money]:
    """Read which outcome is money, in which currency and whose prices."""
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise typer.BadParameter(f"{text!r} has no currency; write sales:EUR or sales:EUR:2020")
    return parts[0], (parts[1], _year(parts[2]) if len(parts) == 3 else None)


def _costs(text: str | None) -> Costs | None:
    """Read the cost: an amount if there is one, the currency, the year of prices."""
    if text is None:
        return None
    parts = text.split(":")
    total = None
    if parts[0][:1].isdigit():
        try:
            total = float(parts.pop(0).replace(",", "").replace("_", ""))
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} begins with no amount") from error
    if len(parts) not in (1, 2):
        raise typer.BadParameter(
            f"{text!r} is no cost; write EUR, EUR:2020, 5000000:EUR or 5000000:EUR:2020"
        )
    return Costs(parts[0], _year(parts[1]) if len(parts) == 2 else None, total)


def _year(text: str) -> int:
    if not text.isdigit():
        raise typer.BadParameter(f"{text!r} is no year of prices")
    return int(text)
