"""The commands about matching: how well further clusters of an organisation are found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clusteratlas.atlas import open_release
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.words import NOT_KNOWN

if TYPE_CHECKING:
    from clusteratlas.matching.affinity import Affinity
    from clusteratlas.matching.affinity_ranking import Constants
    from clusteratlas.matching.evaluation import Evaluation, Judged, Robustness
    from clusteratlas.matching.registry_list import RegistryList

app = typer.Typer(
    help="Judge how partners are suggested.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
DEFINITION = "us-benchmark-2014"
SHOWN_FINDINGS = 10


@app.callback()
def beneath() -> None:
    """Keep `evaluate` a command of its own beneath `matching`."""


@app.command("evaluate")
@command
def evaluate(
    registry: Annotated[
        Path,
        typer.Argument(
            metavar="REGISTRY",
            help="CSV or XLSX list of organisations and clusters: a row for each link, or several "
            "clusters in a cell with semicolons between them.",
        ),
    ],
    *,
    definition: Annotated[
        str, typer.Option("--definition", metavar="NAME", help="Cluster definition of the list.")
    ] = DEFINITION,
    seed: Annotated[
        int, typer.Option("--seed", min=0, metavar="S", help="Number of the random draws.")
    ] = 0,
    draws: Annotated[
        int,
        typer.Option("--draws", min=100, max=100_000, metavar="N", help="Draws of the intervals."),
    ] = 2000,
    place: Annotated[
        Path | None,
        typer.Option(
            "--place",
            metavar="FOLDER",
            help="Take relatedness from the current release there; from the package if not given.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hide a cluster, rank the others, compare.

    Each traded cluster of each organisation with two or more is hidden in turn; every ranking
    orders the others without that organisation. Mean reciprocal rank, hits in 5 and 10, cases
    that no other organisation combines (cold) apart, 95 % intervals.
    """
    from clusteratlas.matching.evaluation import evaluate as judge  # noqa: PLC0415 - heavy
    from clusteratlas.matching.registry_list import read_registry  # noqa: PLC0415

    with Reporter() as reporter:
        reporter.tell(f"reading {registry.name}", 0.0)
        affinity = _affinity(definition, place)
        read = read_registry(registry, definition=definition)
        found = judge(
            read,
            affinity,
            seed=seed,
            draws=draws,
            tell=lambda stage, share: reporter.tell(stage, 0.02 + 0.98 * share),
        )
    if as_json:
        print(to_json(_document(read, affinity, found)))
    else:
        _show(read, affinity, found)


def _affinity(definition: str, place: Path | None) -> Affinity:
    from clusteratlas.matching.affinity import (  # noqa: PLC0415 - heavy libraries
        affinity_of_packaged,
        affinity_of_release,
    )

    if place is None:
        return affinity_of_packaged(definition)
    return affinity_of_release(open_release(place), definition)


def _document(read: RegistryList, affinity: Affinity, found: Evaluation) -> dict[str, Any]:
    ours = found.ours
    return {
        **ours.figures,
        "cases": found.cases,
        "cold_cases": found.cold_cases,
        "intervals": _intervals(ours.intervals),
        "ranking": ours.name,
        "organisations": found.organisations,
        "organisations_asked": found.asked,
        "candidates": found.candidates,
        "rankings": {each.name: _judged(each) for each in found.rankings},
        "robustness": [_robustness(each) for each in found.robustness],
        "constants": _constants(found.constants),
        "estimated_constants": _constants(found.estimated),
        "left_out": "organisation",
        "ties": "mid-rank",
        "interval_level": 0.95,
        "seed": found.seed,
        "draws": found.draws,
        "definition": read.definition,
        "file": read.file,
        "relatedness": {"source": affinity.source, "made_of": dict(affinity.made_of)},
        "findings": [
            {
                "problem": each.problem,
                "row": each.row,
                "column": each.column,
                "value": each.value,
                "hint": each.hint,
            }
            for each in read.findings
        ],
    }


def _judged(each: Judged) -> dict[str, Any]:
    return {
        **each.figures,
        "intervals": _intervals(each.intervals),
        "shipped_above": _intervals(each.behind),
    }


def _robustness(each: Robustness) -> dict[str, Any]:
    return {
        "name": each.name,
        "cases": each.cases,
        "cold_cases": each.cold_cases,
        "rankings": {name: dict(figures) for name, figures in each.figures.items()},
    }


def _intervals(found: Mapping[str, tuple[float, float] | None]) -> dict[str, list[float] | None]:
    return {name: None if each is None else list(each) for name, each in found.items()}


def _constants(each: Constants) -> dict[str, Any]:
    return {
        "popularity": each.popularity,
        "relatedness": list(each.relatedness),
        "strength": each.strength,
    }


def _show(read: RegistryList, affinity: Affinity, found: Evaluation) -> None:
    title(
        f"Which further cluster: {found.cases:,} hidden ones of {found.asked:,} organisations",
        f"{read.file} · {found.organisations:,} organisations in {found.candidates} traded "
        f"clusters of {read.definition} · {found.cold_cases:,} cases are cold",
    )
    line()
    _show_rankings(found)
    line()
    _show_again(found)
    _show_notes(found, affinity)
    notes(str(each) for each in read.findings[:SHOWN_FINDINGS])
    more = len(read.findings) - SHOWN_FINDINGS
    notes([f"... and {more:,} more of the same kinds." if more > 0 else ""])


def _show_rankings(found: Evaluation) -> None:
    from clusteratlas.matching.evaluation_rankings import SAID  # noqa: PLC0415

    words = ("MRR", "95 %", "In 5", "In 10", "Cold", "95 %")
    table(
        [Heading("Ranking", folds=True), *(Heading(each, right=True) for each in words)],
        [
            [
                SAID[each.name],
                _figure(each.figures["mrr"]),
                _range(each.intervals["mrr"]),
                _share(each.figures["hits_5"]),
                _share(each.figures["hits_10"]),
                _figure(each.figures["mrr_cold"]),
                _range(each.intervals["mrr_cold"]),
            ]
            for each in found.rankings
        ],
    )


def _show_again(found: Evaluation) -> None:
    words = ("Cases", "Cold", "MRR", "of cold", "Co-tags")
    table(
        [Heading("Ours again", folds=True), *(Heading(each, right=True) for each in words)],
        [
            [
                each.name,
                f"{each.cases:,.0f}",
                f"{each.cold_cases:,.0f}",
                _figure(each.figures["shipped"]["mrr"]),
                _figure(each.figures["shipped"]["mrr_cold"]),
                _figure(each.figures["co_tags"]["mrr"]),
            ]
            for each in found.robustness
        ],
    )


def _show_notes(found: Evaluation, affinity: Affinity) -> None:
    from clusteratlas.matching.evaluation import FEW  # noqa: PLC0415

    few = f"{found.cases:,} cases are few: rankings whose intervals overlap are not told apart."
    notes(
        [
            "MRR: mean reciprocal rank, ties at mid-rank. Cold: no other organisation combines the "
            "hidden cluster with a known one.",
            f"The organisation asked about is left out whole. Intervals: {found.draws:,} draws of "
            f"organisations, seed {found.seed}.",
            few if found.cases < FEW else "",
            f"Relatedness: {affinity.source}.",
        ]
    )


def _figure(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value:.0%}"


def _range(interval: tuple[float, float] | None) -> str:
    return NOT_KNOWN if interval is None else f"{interval[0]:.2f}-{interval[1]:.2f}"
