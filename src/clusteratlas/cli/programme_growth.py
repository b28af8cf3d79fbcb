"""`clusteratlas programme growth`: what growth of jobs, establishments and wages goes with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from clusteratlas.cli.asked_definition import asked_definition
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.explained import write_rows
from clusteratlas.cli.explaining_inputs import (
    asked_areas,
    asked_neighbours,
    asked_related,
    refuse_other_vintage,
)
from clusteratlas.cli.options import DEFAULT_PLACE, AsJson, Place, Scheme
from clusteratlas.cli.outcome import command
from clusteratlas.cli.programme import app
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import refuse_replacing
from clusteratlas.cli.tidy_file import read_tidy
from clusteratlas.cli.words import number
from clusteratlas.programmes.performance import (
    UNKNOWN,
    GrowthOutcome,
    NeighbourRule,
    Performance,
    listed,
    performance_of_release,
    performance_of_rows,
)
from clusteratlas.programmes.performance.figures import COLUMNS
from clusteratlas.programmes.performance.words import neighbours_told
from clusteratlas.relatedness.growth import CLUSTER, CONVERGENCE
from clusteratlas.relatedness.least_squares import Term
from clusteratlas.tables import Fault, InvalidInput

NUMBERS = ("year", "employment", "establishments", "payroll")
NEEDED = COLUMNS[:4]
DEFINITION, CLASSIFICATION, SCHEME = "us-benchmark-2014", "naics-2017", "us-cbsa"
ENDINGS = (".csv", ".json", ".parquet")


@app.command("growth")
@command
def growth(
    tables: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[TABLES]",
            help="CSV or Parquet: region, industry, year, employment, establishments, payroll. "
            "Without any: the current release.",
        ),
    ] = None,
    *,
    start: Annotated[
        int | None, typer.Option("--start", metavar="YEAR", help="First year of growth.")
    ] = None,
    end: Annotated[
        int | None, typer.Option("--end", metavar="YEAR", help="Last year of growth.")
    ] = None,
    outcome: Annotated[
        list[GrowthOutcome] | None,
        typer.Option("--outcome", help="What grows; all three if not given."),
    ] = None,
    scheme: Scheme = None,
    definition: Annotated[
        str,
        typer.Option("--definition", metavar="NAME|FILE.csv", help="Cluster definition."),
    ] = "",
    classification: Annotated[
        str,
        typer.Option("--classification", metavar="NAME", help="Of the industries of the tables."),
    ] = CLASSIFICATION,
    areas: Annotated[
        Path | None,
        typer.Option(
            "--areas",
            metavar="FILE.csv",
            help="Which area each region of the tables is added up to: region, area.",
        ),
    ] = None,
    neighbours: Annotated[
        Path | None,
        typer.Option(
            "--neighbours",
            metavar="FILE.csv",
            help="Neighbouring regions of the tables: region, neighbour. Counties and the regions "
            "of a release know their own.",
        ),
    ] = None,
    two_way: Annotated[
        bool,
        typer.Option("--two-way/--by-region", help="Errors shared by industries too, or regions."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="All figures: .csv, .json or .parquet."),
    ] = None,
    as_json: AsJson = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Regress growth on the start and on the cluster.

    Jobs, establishments and wages (payroll per job) side by side; effects of industry and region
    taken out; related clusters and neighbouring regions where at hand; the trap of counting an
    industry in its own cluster beside it.
    """
    if out is not None and out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"--out must end in .csv, .json or .parquet: {out}")
    if neighbours is not None and not tables:
        raise typer.BadParameter("--neighbours goes with tables; a release knows its own")
    refuse_replacing(out, [*(tables or []), areas, neighbours])
    outcomes = tuple(dict.fromkeys(outcome or GrowthOutcome))
    errors = "two-way" if two_way else "region"
    with Reporter() as reporter:
        reporter.tell("reading", 0.0)
        if tables:
            if start is None or end is None:
                raise typer.BadParameter("give --start and --end with tables")
            rows = _joined(tables)
            drawn = asked_definition(definition or DEFINITION, classification)
            refuse_other_vintage(rows, classification)
            lying_in, word = asked_areas(areas, rows)
            pairs = asked_neighbours(neighbours, rows, lying_in)
            rule = NeighbourRule.borders if neighbours is None else NeighbourRule.given
            reporter.tell("regressing", 0.4)
            found = performance_of_rows(
                rows,
                set(drawn.industries.column("industry").to_pylist()),
                drawn.traded_clusters(classification),
                start=start,
                end=end,
                areas=lying_in,
                related=asked_related(None, definition or DEFINITION),
                neighbours=UNKNOWN if pairs is None else listed(pairs, rule),
                outcomes=outcomes,
                errors=errors,  # type: ignore[arg-type]
                source=", ".join(map(str, tables)),
                regions_word=word,
                definition=definition or DEFINITION,
                file=str(tables[0]) if len(tables) == 1 else "",
            )
        else:
            from clusteratlas.atlas import open_release  # noqa: PLC0415 - only where one is asked

            reporter.tell("regressing", 0.2)
            found = performance_of_release(
                open_release(place),
                scheme or SCHEME,
                definition=definition or None,
                start=start,
                end=end,
                outcomes=outcomes,
                errors=errors,  # type: ignore[arg-type]
            )
        if out is not None:
            write_rows(found.rows(), out)
    if as_json:
        print(to_json(_document(found)))
        return
    _show(found, two_way=two_way)
    if out is not None:
        line(f"Written: {out}", whole=True)


def _joined(tables: Sequence[Path]) -> pa.Table:
    """Read all tables, every fault at once; a column that one table lacks is empty there."""
    read: list[pa.Table] = []
    faults: list[Fault] = []
    for path in tables:
        try:
            rows = read_tidy(path, columns=COLUMNS, numbers=NUMBERS)
        except InvalidInput as error:
            faults += error.faults
            continue
        faults += [
            Fault(f"the column {name} is missing", str(path), column=name)
            for name in NEEDED
            if name not in rows.column_names
        ]
        for name in ("region", "industry", "status"):
            if name in rows.column_names:
                at = rows.column_names.index(name)
                rows = rows.set_column(at, name, rows.column(name).cast(pa.string()))
        read.append(rows)
    if faults:
        raise InvalidInput(faults)
    return pa.concat_tables(read, promote_options="permissive")


def _document(found: Performance) -> dict[str, object]:
    return {
        "start": found.start,
        "end": found.end,
        "source": found.source,
        "regions": found.regions_word,
        "definition": found.definition,
        "rows": found.rows(),
        "dropped": {
            outcome.value: {each.variant: dict(each.dropped) for each in regressions}
            for outcome, regressions in found.outcomes.items()
        },
        "refused": {outcome.value: why for outcome, why in found.refused.items()},
        "neighbours": {
            "rule": found.neighbours.rule.value,
            "pairs": len(found.neighbours.pairs),
            "regions_without": found.without_neighbours,
            "refused": {outcome.value: why for outcome, why in found.apart.items()},
            "text": neighbours_told(found),
        },
        "notes": list(found.notes),
    }


def _show(found: Performance, *, two_way: bool) -> None:
    title(
        f"Growth of traded industries, {found.start} to {found.end}",
        f"{found.regions_word}; {found.definition}; {found.source}",
    )
    table(
        [
            Heading("Outcome"),
            Heading("Variant", folds=True),
            Heading("Convergence", right=True),
            Heading("Cluster", right=True),
            Heading("Cells", right=True),
        ],
        [
            [
                outcome.value if place == 0 else "",
                each.variant,
                *(_told(each.term(name)) for name in (CONVERGENCE, CLUSTER)),
                number(each.cells),
            ]
            for outcome, regressions in found.outcomes.items()
            for place, each in enumerate(regressions)
        ],
    )
    _show_around(found)
    first = next(iter(found.outcomes.values()))[0]
    left = ", ".join(f"{number(count)} {reason}" for reason, count in first.dropped.items())
    notes(
        [
            "Coefficients of logarithms, standard errors in brackets (allowing for what cells of a "
            f"region {'or an industry ' if two_way else ''}share); ** below 1 %, * below 5 %.",
            "The cluster is measured in jobs, without the industry itself; counting it in its own "
            "cluster inflates the term: never read that row as a finding.",
            neighbours_told(found),
            "Wages are payroll for each job: noise in either looks like convergence.",
            f"Left out of the first row: {left}." if left else "",
            *(f"{outcome.value}: {why}" for outcome, why in found.refused.items()),
            *found.notes,
        ]
    )


def _show_around(found: Performance) -> None:
    """Print all terms of the regressions that hold more than the cluster."""
    full = [
        (outcome, regressions[-1])
        for outcome, regressions in found.outcomes.items()
        if len(regressions[-1].terms) > 2
    ]
    if not full:
        return
    line()
    table(
        [
            Heading("Outcome"),
            Heading("All in one regression"),
            Heading("Coefficient", right=True),
            Heading("95 % interval", right=True),
            Heading("Cells", right=True),
        ],
        [
            [
                outcome.value if place == 0 else "",
                term.name,
                _told(term),
                f"{term.low:.3f} to {term.high:.3f}",
                number(regression.cells) if place == 0 else "",
            ]
            for outcome, regression in full
            for place, term in enumerate(regression.terms)
        ],
    )


def _told(term: Term) -> str:
    stars = "**" if term.p_value < 0.01 else "* " if term.p_value < 0.05 else "  "
    return f"{term.coefficient:.3f} ({term.standard_error:.3f}){stars}"
