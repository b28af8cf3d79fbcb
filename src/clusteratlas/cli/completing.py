"""The command that fills the withheld cells of a table."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Annotated

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import typer

from clusteratlas.cli.console import facts, line, notes, title
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.tidy_file import first_row, read_tidy
from clusteratlas.cli.words import number, percent

ENDINGS = (".parquet", ".csv")
READ, DONE = 0.05, 0.95
"""Shares of the job at which the table is read, and completed."""


@command
def complete(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="TABLE",
            help="Parquet or CSV: region, industry, year, establishments, employment (empty "
            "where withheld), perhaps employment_low and employment_high; all levels as published.",
        ),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="OUT.parquet", help="Where to write: .parquet, or .csv for text."
        ),
    ],
) -> None:
    """Fill the withheld cells of a table of figures.

    Every given row comes back, reported ones as they were; withheld ones get an estimate that
    adds up and the ends of a 90 % interval; rows that the office left out are added.
    """
    from clusteratlas.completion import complete_table  # noqa: PLC0415 - heavy libraries
    from clusteratlas.completion.account import account  # noqa: PLC0415

    if out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"--out must end in .parquet or .csv: {out}")
    refuse_replacing(out, [table], "the result would replace the table that is read: change --out")
    with Reporter() as reporter:
        reporter.tell(f"reading {table.name}", 0.0)
        given = read_tidy(table)
        completed = complete_table(
            given,
            file=str(table),
            first_row=first_row(table),
            tell=lambda stage, share: reporter.tell(stage, READ + (DONE - READ) * share),
        )
        told = account(given.num_rows, completed)
        reporter.tell(f"writing {out.name}", DONE)
        out.parent.mkdir(parents=True, exist_ok=True)
        with replaced(out) as file:
            _write(completed, file, out)
    title(f"{table.name}, completed")
    share = told.reported_share
    facts(
        [
            ("Rows given", number(told.given)),
            ("Reported", number(told.reported)),
            ("Estimated", number(told.estimated)),
            ("Found absent", number(told.absent)),
            ("Still withheld", number(told.withheld)),
            ("Jobs reported", "–" if share is None else percent(share)),
        ]
    )
    notes(["Jobs reported: of the finest rows of the smallest regions. Intervals hold 90 %."])
    line(f"Written: {out}", whole=True)


def _write(completed: pa.Table, file: IO[bytes], out: Path) -> None:
    if out.suffix.lower() == ".csv":
        pacsv.write_csv(completed, file, pacsv.WriteOptions(quoting_style="needed"))
    else:
        pq.write_table(completed, file, compression="zstd")
