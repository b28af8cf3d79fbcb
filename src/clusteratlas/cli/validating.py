"""The command that shows how well withheld cells are filled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clusteratlas.classification import memberships
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.tidy_file import first_row, read_tidy
from clusteratlas.measures import location_quotient, strength_flags
from clusteratlas.tables import Fault, InvalidInput

if TYPE_CHECKING:
    from clusteratlas.completion.cells import Flags, Floats
    from clusteratlas.completion.findings import Finding, Value

app = typer.Typer(
    help="Judge how withheld cells are filled.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
ENDINGS = (".md", ".json")
SHORTENED = {
    "Cluster Atlas": "Atlas",
    "equal split": "split",
    "establishments x mean size": "mean size",
    "proportional fitting": "fitting",
    "plain least squares": "plain",
}


@app.callback()
def beneath() -> None:
    """Keep `validate` a command of its own beneath `completion`."""


@app.command("validate")
@command
def validate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES", help="Tables as `clusteratlas complete` takes them."),
    ],
    *,
    masks: Annotated[
        int,
        typer.Option("--masks", min=1, max=100, metavar="N", help="Random choices of cells."),
    ] = 1,
    seed: Annotated[
        int, typer.Option("--seed", min=0, metavar="S", help="Number of the first choice.")
    ] = 101,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="REPORT", help="Also write: .md, or .json unrounded."),
    ] = None,
) -> None:
    """Hide printed cells, fill them, compare."""
    from clusteratlas.completion.findings import findings  # noqa: PLC0415 - heavy libraries
    from clusteratlas.completion.validation import validate as judge  # noqa: PLC0415

    if out is not None and out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"--out must end in .md or .json: {out}")
    refuse_replacing(out, files, "the report would replace a table: change --out")
    found: dict[str, list[Finding]] = {}
    larger = {row["region"]: row["in_region"] for row in _metropolitan()}
    faults: list[Fault] = []
    with Reporter() as reporter:
        for place, path in enumerate(files):
            reporter.tell(f"reading {path.name}", place / len(files))
            try:
                found[str(path)] = findings(
                    judge(
                        read_tidy(path),
                        masks=masks,
                        seed=seed,
                        file=str(path),
                        first_row=first_row(path),
                        strong=_strong,
                        larger=larger,
                        tell=lambda stage, share, at=place: reporter.tell(  # type: ignore[misc]
                            stage, (at + 0.02 + 0.97 * share) / len(files)
                        ),
                    )
                )
            except InvalidInput as error:
                faults += error.faults
    if faults:
        raise InvalidInput(faults)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        text = _json(found) if out.suffix.lower() == ".json" else _markdown(found)
        with replaced(out) as file:
            file.write(text.encode())
    for name, each in found.items():
        _show(name, each)
    if out is not None:
        line(f"Written: {out}", whole=True)


def _metropolitan() -> Sequence[dict[str, str]]:
    rows: Sequence[dict[str, str]] = memberships("us-county", "us-cbsa").to_pylist()
    return rows


def _strong(jobs: Floats, establishments: Floats) -> Flags:
    """The flag strong over regions and industries, quotients within all jobs of these."""
    flags: Flags = strength_flags(location_quotient(jobs), jobs, establishments).strong
    return flags


def _show(name: str, found: Sequence[Finding]) -> None:
    title(name)
    line()
    for each in found:
        title(each.title)
        table(
            [Heading(_short(column), right=place > 0) for place, column in enumerate(each.columns)],
            [_texts(each, row) for row in each.rows],
        )
        notes([each.note])
        line()


def _short(column: str) -> str:
    for long, short in SHORTENED.items():
        column = column.replace(long, short)
    return column


def _texts(finding: Finding, row: Sequence[Value]) -> list[str]:
    return [_text(column, value) for column, value in zip(finding.columns, row, strict=True)]


def _text(column: str, value: Value) -> str:
    if value is None:
        return "–"
    if column == "year" or isinstance(value, str):
        return str(value)
    if column.endswith("%"):
        return f"{value:.1%}" if abs(value) >= 0.02 else f"{value:.2%}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _markdown(found: dict[str, list[Finding]]) -> str:
    lines: list[str] = []
    for name, each in found.items():
        lines += [f"# {Path(name).name}", ""]
        for finding in each:
            lines += [f"## {finding.title}", ""]
            lines.append("| " + " | ".join(finding.columns) + " |")
            lines.append("|" + "|".join(["---", *["---:"] * (len(finding.columns) - 1)]) + "|")
            lines += ["| " + " | ".join(_texts(finding, row)) + " |" for row in finding.rows]
            lines += ["", *([finding.note, ""] if finding.note else [])]
    return "\n".join(lines)


def _json(found: dict[str, list[Finding]]) -> str:
    document = {
        name: {
            finding.name: {
                "title": finding.title,
                "note": finding.note,
                "rows": [dict(zip(finding.columns, row, strict=True)) for row in finding.rows],
            }
            for finding in each
        }
        for name, each in found.items()
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
