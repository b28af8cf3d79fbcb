"""The shift-share instrument from a terminal: `clusteratlas programme shift-share`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import ExitCode, command
from clusteratlas.cli.programme import app
from clusteratlas.cli.words import number, percent, rounded
from clusteratlas.programmes.effects.records import Check, Verdict

if TYPE_CHECKING:
    from clusteratlas.programmes.effects.shift_share_instrument import ShiftShareFindings

SHOWN = 5
FAILED = {
    "effective_shocks": "The shocks count as {statistic:.1f} equal ones; {threshold:.0f} are the "
    "least. However many regions there are, chance lies in the shocks.",
    "dominating_shock": "{industry} alone carries {statistic:.0%} of the estimate: it is that "
    "industry's story, not an instrument of many.",
    "first_stage": "The instrument hardly moves what it stands for: F is {statistic:.1f}, "
    "{threshold:.0f} is the least.",
    "shocks_before": "Shocks hit where the outcome had moved before (p = {statistic:.3f}): they "
    "are not as good as drawn.",
}
NAMES = {
    "effective_shocks": "enough shocks",
    "dominating_shock": "no industry dominates",
    "first_stage": "the instrument is strong",
    "shocks_before": "nothing before the shocks",
}


@app.command("shift-share")
@command
def shift_share(
    jobs: Annotated[
        Path,
        typer.Argument(metavar="JOBS.csv", help="region, industry, jobs_before, jobs_after."),
    ],
    regions: Annotated[
        Path,
        typer.Argument(
            metavar="REGIONS.csv", help="region, the columns named by the options, jobs_outside."
        ),
    ],
    *,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="COLUMN", help="What is thought to be moved.")
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="COLUMN", help="What moves it, such as growth of jobs.")
    ],
    before: Annotated[
        str,
        typer.Option("--before", metavar="COLUMN", help="The outcome's change before the shocks."),
    ] = "",
    control: Annotated[
        list[str] | None,
        typer.Option("--control", metavar="COLUMN", help="Control for it; several times."),
    ] = None,
    weight: Annotated[
        str, typer.Option("--weight", metavar="COLUMN", help="Importance of regions.")
    ] = "",
    level: Annotated[
        float, typer.Option("--level", metavar="SHARE", help="Coverage of the interval.")
    ] = 0.95,
    as_json: AsJson = False,
) -> None:
    """What national shocks did, through local shares.

    Checks of the design first; no effect is told where one fails (exit code 3).
    """
    from clusteratlas.programmes.effects.exposure_files import read_exposure  # noqa: PLC0415
    from clusteratlas.programmes.effects.shift_share_instrument import (  # noqa: PLC0415 - scipy
        shift_share_instrument,
    )

    found = shift_share_instrument(
        read_exposure(
            jobs,
            regions,
            outcome=outcome,
            endogenous=by,
            before=before,
            controls=control or (),
            weights=weight,
        ),
        level=level,
    )
    if as_json:
        sys.stdout.write(to_json(asdict(found)))
    else:
        _show(found, outcome, by)
    if found.refused:
        raise typer.Exit(ExitCode.CANNOT_ANSWER)


def _show(found: ShiftShareFindings, outcome: str, by: str) -> None:
    title(
        f"{outcome} by {by}, shift-share instrument",
        f"{number(found.regions)} regions, {number(found.shocks)} shocks",
    )
    table(
        [Heading("check"), Heading("verdict"), Heading("measured", right=True)],
        [(NAMES[each.code], each.verdict.value, _measured(each)) for each in found.checks],
    )
    if found.value is None or found.grade is None:
        line("No effect is told.")
        notes([FAILED[each.code].format(**each.parameters) for each in found.reasons])
        return
    line(
        f"One unit of {by} moves {outcome} by {rounded(found.value)} "
        f"[{rounded(found.low)} to {rounded(found.high)}] "
        f"(grade {found.grade.value}: {found.grade.meaning})."
    )
    facts(
        [
            ("standard error, by shocks", rounded(found.standard_error)),
            ("as if regions were independent", rounded(found.usual_error)),
            ("without the instrument", rounded(found.least_squares)),
            ("shocks that count alike", f"{found.effective_shocks:.1f}"),
        ]
    )
    table(
        [
            Heading("industry", folds=True),
            Heading("shock", right=True),
            Heading("share of the estimate", right=True),
            Heading("it alone says", right=True),
        ],
        [
            (each.industry, percent(each.shock, sign=True), percent(each.rotemberg),
             f"{each.estimate:.4g}")
            for each in found.industries[:SHOWN]
        ],
    )  # fmt: skip
    if not found.shares_complete:
        notes(["Shares do not sum to one: their sum is controlled for."])


def _measured(check: Check) -> str:
    if check.verdict is Verdict.not_possible or check.statistic is None:
        return "–"
    return f"{check.statistic:.3g}"
