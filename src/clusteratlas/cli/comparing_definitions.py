"""The command that compares two cluster definitions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.outcome import command
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.words import number, percent
from clusteratlas.tables import CannotAnswer

if TYPE_CHECKING:
    from clusteratlas.relatedness.defining.comparison import Comparison

VINTAGE = "naics-2017"


@command
def compare_definitions(
    first: Annotated[str, typer.Argument(metavar="A", help="Name of a definition, or a file.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Name of a definition, or a file.")],
    *,
    classification: Annotated[
        str, typer.Option("--classification", metavar="NAME", help="Vintage of the codes.")
    ] = VINTAGE,
    employment: Annotated[
        Path | None,
        typer.Option(
            "--employment",
            metavar="TABLE",
            help="Jobs and establishments by region and industry: what changes on the map.",
        ),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option("--areas", metavar="FILE.csv", help="Region to area: adds TABLE up."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.csv", help="Strong clusters gained, kept, lost."),
    ] = None,
) -> None:
    """Say how two cluster definitions differ."""
    from clusteratlas.relatedness.defining.comparison import compare, map_changes  # noqa: PLC0415
    from clusteratlas.relatedness.defining.written import changes_on_map_bytes  # noqa: PLC0415

    if out is not None and employment is None:
        raise typer.BadParameter("--out needs --employment")
    refuse_replacing(out, [Path(first), Path(second), employment, areas])
    one, names = _definition(first, classification)
    other, their_names = _definition(second, classification)
    found = compare(one, other)
    _show_comparison(first, second, found, names, their_names)
    if employment is None:
        return
    from clusteratlas.cli.defining_figures import read_cube  # noqa: PLC0415

    cube = read_cube(employment, areas, frozenset(one) & frozenset(other))
    if cube.establishments is None:
        raise CannotAnswer("the table has no establishments", value=employment.name)
    changes = map_changes(
        one,
        other,
        cube.employment[-1],
        cube.establishments[-1],
        regions=cube.regions,
        industries=cube.industries,
    )
    line()
    title("On the map", f"{len(cube.regions)} regions, {cube.years[-1] or 'one year'}")
    facts(
        [
            (f"Strong clusters {kind}", number(sum(each.change == kind for each in changes)))
            for kind in ("kept", "lost", "gained")
        ]
    )
    notes(cube.notes)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        with replaced(out) as file:
            file.write(changes_on_map_bytes(changes))
        line(f"Written: {out}", whole=True)


def _definition(name: str, classification: str) -> tuple[dict[str, str], dict[str, str]]:
    """Industry to cluster (the one with the largest weight), and the names of clusters."""
    from clusteratlas.classification import (  # noqa: PLC0415
        definition,
        definitions,
        read_definition,
    )

    if name in definitions() or not Path(name).suffix:
        drawn = definition(name, classification)
    else:
        drawn = read_definition(Path(name), name="own", classification=classification)
    rows = sorted(drawn.industries.to_pylist(), key=lambda row: (row["industry"], -row["weight"]))
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["industry"], row["cluster"])
    return found, {row["cluster"]: row["name"] for row in drawn.clusters.to_pylist()}


def _show_comparison(
    first: str,
    second: str,
    found: Comparison,
    names: Mapping[str, str],
    their_names: Mapping[str, str],
) -> None:
    title(f"{Path(first).name} and {Path(second).name}")
    line()
    facts(
        [
            ("Industries in both", number(found.industries)),
            ("Only in the first", number(len(found.only_first))),
            ("Only in the second", number(len(found.only_second))),
            ("Adjusted Rand index", f"{found.adjusted_rand:.3f}"),
            ("Pairs kept", f"{percent(found.pairs_kept)}, back {percent(found.pairs_kept_back)}"),
            ("Industries moved", number(len(found.moved))),
        ]
    )
    line()
    table(
        [
            Heading("Cluster", folds=True),
            Heading("Best match", folds=True),
            Heading("Shared", right=True),
            Heading("Overlap", right=True),
        ],
        [
            [
                f"{names[each.cluster]} ({each.cluster})",
                f"{their_names[each.match]} ({each.match})" + ("" if each.mutual else " *"),
                str(each.shared),
                percent(each.overlap),
            ]
            for each in found.matches
        ],
    )
    if not all(each.mutual for each in found.matches):
        notes(["* The best match of that cluster is another one."])
