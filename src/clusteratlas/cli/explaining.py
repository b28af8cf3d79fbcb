"""The commands that explain: what growth goes with, and what coagglomeration goes with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusteratlas.cli.asked_definition import asked_definition
from clusteratlas.cli.console import line
from clusteratlas.cli.explained import show_growth, show_mechanisms, write_rows
from clusteratlas.cli.explaining_inputs import (
    asked_areas,
    asked_neighbours,
    asked_related,
    classes_of_level,
    joined_tables,
    refuse_other_vintage,
)
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import refuse_replacing
from clusteratlas.tables import CannotAnswer

if TYPE_CHECKING:
    from clusteratlas.relatedness.cluster_mechanisms import Refused
    from clusteratlas.relatedness.growth import GrowthRegression

app = typer.Typer(
    help="Explain growth and coagglomeration.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
ENDINGS = (".csv", ".json", ".parquet")
DEFINITION, CLASSIFICATION = "us-benchmark-2014", "naics-2017"
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Also write all figures: .csv, .json or .parquet."),
]
DefinitionName = Annotated[
    str,
    typer.Option("--definition", metavar="NAME|FILE.csv", help="Cluster definition, known or own."),
]
Classification = Annotated[
    str, typer.Option("--classification", metavar="NAME", help="Classification of the industries.")
]


@app.command("growth")
@command
def growth(
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="TABLES",
            help="CSV or Parquet: region, industry, year, employment (empty where withheld), "
            "establishments.",
        ),
    ],
    *,
    start: Annotated[int, typer.Option("--start", metavar="YEAR", help="First year of growth.")],
    end: Annotated[int, typer.Option("--end", metavar="YEAR", help="Last year of growth.")],
    lag: Annotated[
        int | None,
        typer.Option("--lag", metavar="YEAR", help="Year of the lagged regressors, before start."),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option(
            "--areas",
            metavar="FILE.csv",
            help="Which area each region is added up to: region, area. American counties are "
            "added up to economic areas if not given.",
        ),
    ] = None,
    definition: DefinitionName = DEFINITION,
    classification: Classification = CLASSIFICATION,
    related: Annotated[
        Path | None,
        typer.Option(
            "--related",
            metavar="FILE",
            help="Related clusters, as `relatedness --level cluster` writes them.",
        ),
    ] = None,
    neighbours: Annotated[
        Path | None,
        typer.Option(
            "--neighbours", metavar="FILE.csv", help="Neighbouring regions: region, neighbour."
        ),
    ] = None,
    two_way: Annotated[
        bool,
        typer.Option("--two-way/--by-region", help="Errors shared by industries too, or regions."),
    ] = False,
    out: Out = None,
) -> None:
    """Regress growth on the start and on the cluster.

    Traded industries; effects of industry and region taken out. The first table has convergence
    and cluster alone; the second also related clusters and neighbouring regions, where known.
    """
    from clusteratlas.relatedness.growth_figures import growth_figures  # noqa: PLC0415
    from clusteratlas.relatedness.growth_variants import growth_table  # noqa: PLC0415

    _check_out(out, [*tables, *filter(None, (areas, related, neighbours)), Path(definition)])
    with Reporter() as reporter:
        reporter.tell("reading", 0.0)
        rows = joined_tables(tables)
        drawn = asked_definition(definition, classification)
        clusters = drawn.traded_clusters(classification)
        all_of_it = sorted(set(drawn.industries.column("industry").to_pylist()))
        refuse_other_vintage(rows, classification)
        lying_in, word = asked_areas(areas, rows)
        pairs = asked_neighbours(neighbours, rows, lying_in)
        near = asked_related(related, definition)
        reporter.tell("adding up", 0.4)
        figures = growth_figures(
            rows, all_of_it, start=start, end=end, lag=lag, areas=lying_in, file=_named(tables)
        )
        reporter.tell("regressing", 0.7)
        models: dict[str, tuple[GrowthRegression, ...]] = {}
        for name, extra in (
            ("cluster", {}),
            ("environment", {"related": near, "neighbours": pairs}),
        ):
            if name == "cluster" or any(extra.values()):
                models[name] = growth_table(
                    figures.years,
                    regions=figures.regions,
                    industries=figures.industries,
                    clusters=clusters,
                    errors="two-way" if two_way else "region",
                    **extra,  # type: ignore[arg-type]
                )
        if out is not None:
            write_rows(
                [
                    {"model": model, "start": start, "end": end, **row}
                    for model, each in models.items()
                    for regression in each
                    for row in regression.rows()
                ],
                out,
            )
    show_growth(models, figures, start, end, lag, word, two_way=two_way)
    if out is not None:
        line(f"Written: {out}", whole=True)


@app.command("mechanisms")
@command
def mechanisms(
    *,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="CODE", help="One cluster. Without it: all pairs, then each."
        ),
    ] = None,
    similarities: Annotated[
        Path | None,
        typer.Option(
            "--similarities",
            metavar="FILE",
            help="As `relatedness --level industry` writes them. Default: those of the package.",
        ),
    ] = None,
    outcome: Annotated[
        str,
        typer.Option("--outcome", metavar="COMPONENT", help="Explained: or colocation."),
    ] = "coagglomeration",
    definition: DefinitionName = DEFINITION,
    classification: Classification = CLASSIFICATION,
    apart: Annotated[
        int | None,
        typer.Option(
            "--apart",
            metavar="LEVEL",
            help="Leave out pairs within one class of this level, such as 4: they share figures.",
        ),
    ] = None,
    permutations: Annotated[
        int,
        typer.Option("--permutations", min=19, max=99_999, metavar="N", help="For the p-values."),
    ] = 999,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Of these.")] = 0,
    out: Out = None,
) -> None:
    """Tell which mechanism goes with coagglomeration.

    Over pairs of industries of a cluster, everything in standard deviations. Refused under thirty
    pairs.
    """
    from clusteratlas.relatedness.cluster_mechanisms import explain_clusters  # noqa: PLC0415
    from clusteratlas.relatedness.mechanisms import explain_mechanisms  # noqa: PLC0415
    from clusteratlas.relatedness.packaged import (  # noqa: PLC0415
        packaged_industries,
        read_similarities,
    )

    _check_out(out, [*filter(None, (similarities,)), Path(definition)])
    drawn = asked_definition(definition, classification)
    clusters = drawn.traded_clusters(classification)
    if similarities is not None:
        found = read_similarities(similarities)
    elif (packaged := packaged_industries(classification)) is not None:
        found = packaged
    else:
        raise CannotAnswer(
            "no similarities of this classification come with the package",
            value=classification,
            hint="make them with `clusteratlas relatedness --level industry` and give "
            "--similarities",
        )
    chosen: dict[str, Any] = {
        "outcome": outcome,
        "classes": classes_of_level(classification, apart),
        "permutations": permutations,
        "seed": seed,
    }
    refused: tuple[Refused, ...] = ()
    with Reporter() as reporter:
        reporter.tell("regressing over pairs", 0.1)
        if cluster is not None:
            members = [each for each in found.labels if clusters.get(each) == cluster]
            if not members:
                raise CannotAnswer(
                    "no industry of this cluster has similarities",
                    value=cluster,
                    hint=f"clusters are named as in {definition}: "
                    + ", ".join(sorted({*clusters.values()})[:5])
                    + " ...",
                )
            panels = [explain_mechanisms(found, members, cluster=cluster, **chosen)]
        else:
            traded = [each for each in found.labels if each in clusters]
            panels = [explain_mechanisms(found, traded, **chosen)]
            reporter.tell("regressing within clusters", 0.6)
            within, refused = explain_clusters(found, clusters, **chosen)
            panels += within
        if out is not None:
            write_rows([row for panel in panels for row in panel.rows()], out)
    show_mechanisms(panels, refused, drawn, outcome, apart)
    if out is not None:
        line(f"Written: {out}", whole=True)


def _check_out(out: Path | None, given: Sequence[Path]) -> None:
    if out is None:
        return
    if out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"--out must end in .csv, .json or .parquet: {out}")
    refuse_replacing(out, given)


def _named(tables: Sequence[Path]) -> str:
    return str(tables[0]) if len(tables) == 1 else ""
