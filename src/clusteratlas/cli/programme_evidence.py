"""`clusteratlas programme evidence`: what is published on the effects of cluster programmes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command
from clusteratlas.cli.programme import app
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.words import rounded
from clusteratlas.programmes.effects.records import EffectReport
from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence.designs import StudyDesign
from clusteratlas.programmes.evidence.records import PublishedEffect, UnitKind
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import Fault, InvalidInput

if TYPE_CHECKING:
    from clusteratlas.programmes.evidence import Group, Library, Standing

NO_ERRORS = (
    "Sources give no standard errors of these figures, so there are no intervals and no mean."
)


@app.command("evidence")
@command
def evidence(
    identity: Annotated[
        str, typer.Argument(metavar="[NAME]", help="One effect by its name; all if not given.")
    ] = "",
    *,
    programme: Annotated[
        str, typer.Option("--programme", metavar="TEXT", help="Part of a programme's name.")
    ] = "",
    design: Annotated[
        StudyDesign | None, typer.Option("--design", help="How it was found.")
    ] = None,
    stage: Annotated[
        Stage | None, typer.Option("--stage", help="How far along the chain of results.")
    ] = None,
    country: Annotated[
        str, typer.Option("--country", metavar="XX", help="Two letters; EU for several.")
    ] = "",
    grade: Annotated[
        EvidenceGrade | None, typer.Option("--grade", help="How much it proves.")
    ] = None,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="NAME", help="Such as rd_spend or employment.")
    ] = "",
    groups: Annotated[
        bool,
        typer.Option("--groups", help="Which effects compare, and why they are not pooled."),
    ] = False,
    own: Annotated[
        list[Path] | None,
        typer.Option("--own", metavar="FILE.csv", help="Effects of your own, beside ours."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="REPORT.json",
            help="Set the effect of `programme effect --out` among them.",
        ),
    ] = None,
    column: Annotated[
        str, typer.Option("--column", metavar="NAME", help="Which outcome of the report.")
    ] = "",
    unit: Annotated[
        UnitKind, typer.Option("--unit", help="What a unit of the report's panel is.")
    ] = UnitKind.firm,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help="Write the effects as CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show published effects of cluster programmes.

    Each with design, outcome, stage, horizon, source and grade (A drawn by lot, B credible
    quasi-experiment, C weaker comparison, D self-report, E multiplier).
    """
    from clusteratlas.programmes.evidence import (  # noqa: PLC0415
        Asked,
        comparable_groups,
        estimate_of_report,
        published_library,
        read_effects,
        stands_among,
    )

    refuse_replacing(out, [report, *(own or [])])
    library = published_library()
    for path in own or []:
        library = library.with_own(read_effects(path), file=str(path))
    if report is not None:
        new = estimate_of_report(read_report(report), column=column, outcome=outcome, unit=unit)
        standing = stands_among(new, library)
        if as_json:
            print(to_json(asdict(standing)))
        else:
            _show_standing(standing)
        return
    if identity:
        chosen: tuple[PublishedEffect, ...] = (library.of(identity),)
    else:
        chosen = library.asked(Asked(programme, design, stage, country, grade, outcome))
    if out is not None:
        with replaced(out) as file:
            file.write(as_csv(chosen).encode())
    found = comparable_groups(chosen) if groups else ()
    if as_json:
        if identity:
            document = _of(chosen[0])
        elif groups:
            document = {"groups": [_of_group(each) for each in found]}
        else:
            document = {"effects": [_of(each) for each in chosen]}
        print(to_json(document))
    elif groups:
        _show_groups(found)
    elif identity:
        _show_one(chosen[0])
    else:
        _show_all(chosen, library)
    if out is not None and not as_json:
        line(f"Written: {out}", whole=True)


def read_report(path: Path) -> EffectReport:
    """Read a report of an effect.

    Raises
    ------
    InvalidInput
        No such file, no JSON, no report.
    """
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", str(path), hint="check the path")])
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        hint = "write it with `clusteratlas programme effect ... --out`"
        raise InvalidInput([Fault("the file is not JSON", str(path), hint=hint)]) from error
    if not isinstance(written, dict):
        raise InvalidInput([Fault("the file holds no report", str(path), hint="an object")])
    try:
        return EffectReport.from_dict(written)
    except InvalidInput as error:
        raise InvalidInput(replace(each, file=str(path)) for each in error.faults) from error


def as_csv(effects: tuple[PublishedEffect, ...]) -> str:
    """Return effects as CSV, with their grade; `--own` reads it again."""
    from clusteratlas.programmes.evidence.reading import COLUMNS  # noqa: PLC0415

    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, "grade"])
    for each in effects:
        values = {**asdict(each), "seen": "seen" if each.seen else "memory"}
        cells = ["" if values[name] is None else values[name] for name in COLUMNS]
        writer.writerow([*cells, each.grade.value])
    return text.getvalue()


def _of(effect: PublishedEffect) -> dict[str, Any]:
    return {**asdict(effect), "grade": effect.grade.value, "is_effect": effect.is_effect}


def _of_group(group: Group) -> dict[str, Any]:
    from clusteratlas.programmes.evidence.words import reason  # noqa: PLC0415

    return {
        **asdict(group),
        "members": [_of(each) for each in group.members],
        "beside": [_of(each) for each in group.beside],
        "refusals": [{**asdict(each), "text": reason(each)} for each in group.refusals],
    }


def _show_all(chosen: tuple[PublishedEffect, ...], library: Library) -> None:
    from clusteratlas.programmes.evidence.words import figure  # noqa: PLC0415

    title(
        "Published effects of cluster programmes",
        f"{len(chosen)} of {len(library.effects)} figures; grade A to E",
    )
    table(
        [
            Heading(""),
            Heading("Name"),
            Heading("Outcome", folds=True),
            Heading("Figure", folds=True),
            Heading("When", folds=True),
        ],
        [
            [each.grade.value, each.identity, each.outcome, figure(each), each.measured]
            for each in chosen
        ],
    )
    lacking = sum(each.standard_error is None for each in chosen)
    notes(
        [
            f"Without a standard error in the source seen: {lacking} of {len(chosen)}. None is "
            "made up.",
            "D and E are counts and multipliers, not effects.",
        ]
    )


def _show_one(effect: PublishedEffect) -> None:
    from clusteratlas.programmes.evidence.words import figure  # noqa: PLC0415

    title(f"{effect.programme}: {effect.outcome_stated or effect.outcome}", effect.country)
    observed = "not stated" if effect.observed is None else f"{effect.observed:,}"
    horizon = "" if effect.horizon_years is None else f"{effect.horizon_years:g} years; "
    error = "not stated" if effect.standard_error is None else f"{effect.standard_error:g}"
    facts(
        [
            ("Figure", figure(effect)),
            ("Standard error", error),
            ("Significance", effect.significance.value.replace("_", " ")),
            ("Stage", effect.stage.value),
            ("Horizon", f"{horizon}{effect.measured}" or "not stated"),
            ("Years", effect.years),
            ("Design", effect.design_stated or effect.design.value),
            ("Grade", f"{effect.grade.value}: {effect.grade.meaning}"),
            ("Unit", effect.unit_stated or effect.unit.value),
            ("Observed", f"{observed} {effect.observed_words}".strip()),
            ("Source", effect.source + ("" if effect.seen else " (from memory)")),
        ]
    )


def _show_groups(found: tuple[Group, ...]) -> None:
    from clusteratlas.programmes.evidence.words import figure, reason  # noqa: PLC0415

    title("Effects that compare", "same outcome, scale, unit and kind of unit; grade A or B")
    for group in found:
        line()
        line(f"{group.outcome}, {group.unit_of_value}, on a {group.unit.value}", style="bold")
        shown = [*group.members, *group.beside]
        table(
            [Heading(""), Heading("Name"), Heading("Figure", folds=True)],
            [[each.grade.value, each.identity, figure(each)] for each in shown],
        )
        if group.pooled is not None:
            mean = group.pooled
            line(
                f"Mean {rounded(mean.mean)} ({rounded(mean.low)} to {rounded(mean.high)}), I2 "
                f"{mean.inconsistency:.0%}, {mean.count} estimates"
            )
        else:
            line(f"Not pooled: {'; '.join(map(reason, group.refusals))}.")


def _show_standing(standing: Standing) -> None:
    from clusteratlas.programmes.evidence.words import figure, reason  # noqa: PLC0415

    new = standing.new
    title(
        f"The new estimate on {new.outcome}",
        f"{rounded(new.value)} ({rounded(new.low)} to {rounded(new.high)}) "
        f"{new.unit_of_value}, grade "
        f"{new.grade.value}",
    )
    if standing.compared:
        table(
            [
                Heading(""),
                Heading("Published"),
                Heading("Figure", folds=True),
                Heading("Same sign"),
                Heading("New / published", right=True),
            ],
            [
                [
                    each.effect.grade.value,
                    each.effect.identity,
                    figure(each.effect),
                    {True: "yes", False: "no", None: "–"}[each.same_sign],
                    "–" if each.ratio is None else f"{each.ratio:.2f}",
                ]
                for each in standing.compared
            ],
        )
        line(f"Place {standing.place} of {len(standing.compared) + 1}, the largest first.")
    notes(
        [
            f"Of published effects with a direction, the same: {standing.same_direction} of "
            f"{standing.directions}.",
            *(f"Not set on one axis: {reason(each)}." for each in standing.refusals),
            NO_ERRORS if standing.compared else "",
        ]
    )
