"""Print and write what growth and coagglomeration go with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.replaced import replaced
from clusteratlas.cli.words import number

if TYPE_CHECKING:
    from clusteratlas.classification import Definition
    from clusteratlas.relatedness.cluster_mechanisms import Refused
    from clusteratlas.relatedness.growth import GrowthRegression
    from clusteratlas.relatedness.growth_figures import GrowthFigures
    from clusteratlas.relatedness.least_squares import Term
    from clusteratlas.relatedness.mechanisms import MechanismPanel

SHORT = {
    "convergence": "Convergence",
    "cluster": "Cluster",
    "related clusters": "Related",
    "neighbouring regions": "Neighbours",
}


def write_rows(rows: Sequence[Mapping[str, Any]], out: Path) -> None:
    """Write rows as CSV, JSON or Parquet by the ending of the file."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced(out) as file:
        if out.suffix.lower() == ".json":
            file.write((json.dumps(list(rows), indent=1) + "\n").encode())
        elif out.suffix.lower() == ".csv":
            pacsv.write_csv(
                pa.Table.from_pylist(list(rows)), file, pacsv.WriteOptions(quoting_style="needed")
            )
        else:
            pq.write_table(pa.Table.from_pylist(list(rows)), file, compression="zstd")


def show_growth(
    models: Mapping[str, Sequence[GrowthRegression]],
    figures: GrowthFigures,
    start: int,
    end: int,
    lag: int | None,
    word: str,
    *,
    two_way: bool,
) -> None:
    """Print the variants of each model, and what to make of them."""
    title(
        f"Growth of traded industries, {start} to {end}", f"{len(figures.regions)} regions ({word})"
    )
    for model, each in models.items():
        line()
        table(
            [
                Heading("Variant"),
                *(Heading(SHORT[term.name], right=True) for term in each[0].terms),
                Heading("Cells", right=True),
            ],
            [
                [
                    regression.variant,
                    *(_shown(term, error=model == "cluster") for term in regression.terms),
                    number(regression.cells),
                ]
                for regression in each
            ],
        )
    plain = models["cluster"][0]
    left = ", ".join(f"{number(count)} {reason}" for reason, count in plain.dropped.items())
    late = "" if lag is None else f" Lagged: regressors of {lag}."
    notes(
        [
            "Coefficients of logarithms, standard errors in brackets (allowing for what cells of a "
            f"region {'or an industry ' if two_way else ''}share); ** below 1 %, * below 5 %."
            + late,
            "Convergence below 0: larger starts grow less. Noise in the jobs at the start looks "
            "the same; the lagged rows are free of it, save where cells are chosen at the start.",
            f"Left out of the plain row: {left}." if left else "",
            *figures.notes,
        ]
    )


def _shown(term: Term, *, error: bool) -> str:
    stars = "**" if term.p_value < 0.01 else "* " if term.p_value < 0.05 else "  "
    return f"{term.coefficient:.3f}" + (f" ({term.standard_error:.3f})" if error else "") + stars


def show_mechanisms(
    panels: Sequence[MechanismPanel],
    refused: Sequence[Refused],
    definition: Definition,
    outcome: str,
    apart: int | None,
) -> None:
    """Print the panels, and what is not in them."""
    names = {row["cluster"]: row["name"] for row in definition.clusters.to_pylist()}
    title(f"What {outcome} goes with", "Standardised coefficients over pairs of industries")
    line()
    rows = []
    for panel in panels:
        for place, row in enumerate(panel.rows()):
            name = f"{panel.cluster} {names.get(panel.cluster, '')}".strip() or "all pairs"
            rows.append(
                [
                    name if place == 0 else "",
                    str(row["mechanism"]),
                    f"{row['coefficient']:.2f} ({row['standard_error']:.2f})",
                    f"{row['plain_error']:.2f}",
                    f"{row['p_value']:.3f}",
                    number(panel.pairs) if place == 0 else "",
                    f"{panel.explained:.2f}" if place == 0 else "",
                ]
            )
    table(
        [
            Heading("Cluster", folds=True),
            Heading("Mechanism", folds=True),
            Heading("Coefficient", right=True),
            Heading("Plain", right=True),
            Heading("p", right=True),
            Heading("Pairs", right=True),
            Heading("R²", right=True),
        ],
        rows,
    )
    first = panels[0]
    if len(panels) == 1:
        gaps = ", ".join(f"{name} for {number(count)}" for name, count in first.dropped.items())
        shared = ", ".join(f"{name} {number(count)}" for name, count in first.inherited.items())
        facts(
            [
                ("Industries", number(first.industries)),
                ("Pairs left out", number(first.pairs_dropped) + (f" ({gaps})" if gaps else "")),
                ("Pairs of coarser figures", shared or "0"),
            ]
        )
    lacking = "; ".join(f"{name} ({reason})" for name, reason in first.missing.items())
    few = ", ".join(each.cluster for each in refused)
    notes(
        [
            "Errors in brackets: each industry left out in turn; plain: as if pairs were "
            "independent; p: by reordering the industries.",
            "What goes together, not what brings about what."
            + ("" if apart is None else f" Without pairs within a class of level {apart}."),
            f"Not in the regression: {lacking}." if lacking else "",
            *(
                f"Cluster {panel.cluster}: {name} {reason}."
                for panel in panels[1:]
                for name, reason in panel.missing.items()
                if name not in first.missing
            ),
            f"Refused, too few pairs or nothing to explain with: clusters {few}." if few else "",
            *dict.fromkeys(note for panel in panels for note in panel.notes if len(panels) == 1),
        ]
    )
