"""The command that judges options on the years of a table: what its odds are worth."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from clusteratlas.cli.asked_definition import asked_definition
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.tidy_file import read_tidy

if TYPE_CHECKING:
    from clusteratlas.relatedness.options.validation import Validation

ENDINGS = (".md", ".json", ".csv")
COLUMNS = ("region", "industry", "year", "employment", "status")
NEEDED = COLUMNS[:4]
WINDOW = re.compile(r"^(\d{4})-(\d{4})$")
READING = 0.1


@command
def validate_options(
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="TABLES",
            help="Tidy tables: region, industry, year, employment, and status if known, as "
            "`clusteratlas sources import` writes them.",
        ),
    ],
    *,
    scheme: Annotated[
        str | None,
        typer.Option(
            "--scheme", metavar="NAME", help="Add counties up to this scheme, such as us-cbsa."
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", metavar="KIND", help='Keep regions of a kind, such as "metro area".'
        ),
    ] = None,
    vintage: Annotated[
        str, typer.Option("--classification", metavar="NAME", help="Of the industry codes.")
    ] = "naics-2017",
    definition: Annotated[
        str,
        typer.Option(
            "--definition", metavar="NAME", help="Keep the traded industries of this definition."
        ),
    ] = "us-benchmark-2014",
    every: Annotated[
        bool, typer.Option("--all-industries", help="Keep local industries too.")
    ] = False,
    similarities: Annotated[
        Path | None,
        typer.Option(
            "--similarities",
            metavar="FILE",
            help="Pairs of industries as `clusteratlas relatedness --level industry` writes them; "
            "those of the package if not given.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NAME", help="Leave a component out."),
    ] = None,
    in_sample: Annotated[
        str | None, typer.Option("--in-sample", metavar="Y-Y", help="Learn and judge here.")
    ] = None,
    learn: Annotated[
        str | None, typer.Option("--learn", metavar="Y-Y", help="Learn here, judge by --test.")
    ] = None,
    test: Annotated[
        str | None, typer.Option("--test", metavar="Y-Y", help="Judge what --learn gave.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="REPORT", help="Also write: .md; .json or .csv unrounded."),
    ] = None,
) -> None:
    """Judge how well entries are foretold.

    Every predictor, beside plain baselines, on all entries, on those whose start was printed and
    on durable ones; in sample, and out of time with three years or more.
    """
    from clusteratlas.relatedness.options.figures import read_figures  # noqa: PLC0415 - heavy
    from clusteratlas.relatedness.options.validation import (  # noqa: PLC0415 - heavy
        added_up,
        validate_options,
    )
    from clusteratlas.relatedness.packaged import (  # noqa: PLC0415 - heavy
        packaged_industries,
        read_similarities,
    )

    if out is not None and out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"--out must end in .md, .json or .csv: {out}")
    refuse_replacing(out, [*tables, similarities, Path(definition)])
    if (learn is None) != (test is None):
        raise typer.BadParameter("give --learn and --test together")
    windows = [None if each is None else _window(each) for each in (in_sample, learn, test)]
    with Reporter() as reporter:
        reporter.tell("reading", 0.0)
        rows = pa.concat_tables([_read(path) for path in tables], promote_options="default")
        if scheme is not None:
            rows = added_up(rows, scheme, kinds=kind or ())
        kept = (
            None if every else set(asked_definition(definition, vintage).traded_clusters(vintage))
        )
        if similarities is None:
            related = packaged_industries(vintage)
        else:
            related = read_similarities(similarities)
        if related is not None and without:
            related = replace(
                related,
                components={
                    name: each for name, each in related.components.items() if name not in without
                },
            )
        figures = {
            year: read_figures(rows, year=year, classification=vintage, industries=kept)
            for year in sorted(pc.unique(rows.column("year")).to_pylist())
        }
        found = validate_options(
            figures,
            related,
            in_sample=windows[0],
            out_of_time=None
            if windows[1] is None or windows[2] is None
            else (windows[1], windows[2]),
            progress=lambda stage, share: reporter.tell(stage, READING + (1 - READING) * share),
        )
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        text = {".json": _json, ".md": _markdown, ".csv": _csv}[out.suffix.lower()](found)
        with replaced(out) as file:
            file.write(text.encode())
    _show(found)
    if out is not None:
        line(f"Written: {out}", whole=True)


def _window(text: str) -> tuple[int, int]:
    years = WINDOW.match(text.strip())
    if years is None:
        raise typer.BadParameter(f"write a window like 2018-2021: {text}")
    return int(years[1]), int(years[2])


def _read(path: Path) -> pa.Table:
    read = read_tidy(path, columns=COLUMNS, numbers=("year", "employment"))
    missing = [name for name in NEEDED if name not in read.column_names]
    if missing:
        raise typer.BadParameter(f"{path} has no column {', '.join(missing)}")
    return read


def _tables(found: Validation) -> list[tuple[str, list[str], list[list[str]]]]:
    """Return title, columns and cells of each table of the report."""
    entries = [
        [
            f"{each.start} to {each.end}",
            f"{each.at_risk.sum():,}",
            f"{each.entered.sum():,}",
            f"{each.unpublished_share:.1%}",
            "–" if each.durable is None else f"{each.durable.sum():,} ({each.checked})",
        ]
        for each in found.windows
    ]
    skill = [
        [
            row.predictor,
            row.sample,
            row.split,
            f"{row.start} to {row.year}",
            f"{row.cells:,}",
            f"{row.events:,}",
            *(
                f"{value:.{digits}f}"
                for value, digits in (
                    (row.auc, 3),
                    (row.average_precision, 3),
                    (row.precision_at_10, 3),
                    (row.brier, 5),
                    (row.brier_constant, 5),
                    (row.calibration_slope, 2),
                )
            ),
        ]
        for row in found.skill
    ]
    tenths = [
        [str(row.tenth), f"{row.cells:,}", f"{row.foretold:.2%}", f"{row.came:.2%}"]
        for row in found.tenths
    ]
    return [
        (
            "What became of cells that a region lacked",
            ["window", "cells", "entries", "start merely unpublished", "durable (also in)"],
            entries,
        ),
        (
            "How well entries are foretold",
            [
                "predictor",
                "sample",
                "split",
                "window",
                "cells",
                "entries",
                "AUC",
                "AP",
                "first 10",
                "Brier",
                "constant",
                "slope",
            ],
            skill,
        ),
        (
            "Calibration, by tenth of the cells",
            ["tenth", "cells", "foretold", "came"],
            tenths,
        ),
    ]


def _show(found: Validation) -> None:
    """Print every table; that of the skill one by one, by what it was judged on."""
    for head, columns, rows in _tables(found):
        told = dict.fromkeys(tuple(row[1:_WIDE]) for row in rows) if len(columns) > _WIDE else [()]
        for part in told:
            mine = [[row[0], *row[_WIDE:]] for row in rows if tuple(row[1:_WIDE]) == part]
            line()
            title(
                head, f"{', '.join(part[:3])}: {part[3]} cells, {part[4]} entries" if part else ""
            )
            names = [columns[0], *columns[_WIDE:]] if part else columns
            table(
                [Heading(name, right=name not in _WORDS, folds=name in _WORDS) for name in names],
                mine if part else rows,
            )
    notes(found.notes)


_WORDS = ("predictor", "sample", "split", "window")
_WIDE = 6
"""Columns before the figures of the skill: what it was judged on, the same for many rows."""


def _markdown(found: Validation) -> str:
    lines: list[str] = []
    for head, columns, rows in _tables(found):
        lines += [f"## {head}", ""]
        lines.append("| " + " | ".join(columns) + " |")
        marks: Sequence[str] = ["---" if name in _WORDS else "---:" for name in columns]
        lines.append("|" + "|".join(marks) + "|")
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        lines.append("")
    return "\n".join([*lines, *(f"- {note}" for note in found.notes), ""])


def _csv(found: Validation) -> str:
    """Return the rows of the skill alone, unrounded."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [each.name for each in fields(found.skill[0])])
    writer.writeheader()
    writer.writerows(asdict(row) for row in found.skill)
    return text.getvalue()


def _json(found: Validation) -> str:
    def known(row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in row.items()
        }

    document = {
        "windows": [
            {
                "start": each.start,
                "end": each.end,
                "cells": int(each.at_risk.sum()),
                "entries": int(each.entered.sum()),
                "unpublished_share": None
                if math.isnan(each.unpublished_share)
                else each.unpublished_share,
                "durable": None if each.durable is None else int(each.durable.sum()),
                "durable_also_in": each.checked,
            }
            for each in found.windows
        ],
        "skill": [known(asdict(row)) for row in found.skill],
        "tenths": [asdict(row) for row in found.tenths],
        "notes": list(found.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
