"""The command that computes how industries and clusters relate."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import typer

from clusteratlas.classification import Definition
from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.relating_figures import (
    DEFINITION,
    FILLED,
    Sources,
    filled_figures,
    read_definition_of,
    read_sources,
)
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.cli.words import number
from clusteratlas.tables import REPORTED, CannotAnswer, few

if TYPE_CHECKING:
    from clusteratlas.atlas import Dataset
    from clusteratlas.relatedness.components import Components
    from clusteratlas.relatedness.similarities import Similarities

ENDINGS = (".csv", ".parquet")
COMPUTED = 0.97
SHOWN = 8
SIDES = ("a", "b")
DECIMALS = 6
SHORT = {
    "colocation_employment": "jobs",
    "colocation_establishments": "places",
    "coagglomeration": "coaggl.",
    "cooccurrence": "cooccur.",
    "input_output": "supply",
    "occupations": "occup.",
    "skill_flows": "skills",
}


class Level(StrEnum):
    """Of what the pairs are."""

    cluster = "cluster"
    industry = "industry"


class Scale(StrEnum):
    """How figures are scaled before they are correlated."""

    square_root = "square root"
    levels = "levels"
    logarithm = "logarithm"


@command
def relatedness(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]",
            help="Files of figures as for build, any number of years. Without any: the table that "
            "comes with the package.",
        ),
    ] = None,
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write: .csv or .parquet.")
    ],
    level: Annotated[Level, typer.Option("--level", help="Pairs of what.")] = Level.cluster,
    definition: Annotated[
        str,
        typer.Option(
            "--definition", metavar="NAME|FILE.csv", help="Cluster definition, known or own."
        ),
    ] = DEFINITION,
    input_output: Annotated[
        list[Path] | None,
        typer.Option(
            "--input-output", metavar="FILE", help="Use table in detail (and the make table)."
        ),
    ] = None,
    codes: Annotated[
        Path | None,
        typer.Option("--codes", metavar="FILE", help="Which industries each of its codes holds."),
    ] = None,
    occupations: Annotated[
        Path | None,
        typer.Option(
            "--occupations", metavar="FILE", help="Jobs of occupations by industry (OEWS)."
        ),
    ] = None,
    occupation_titles: Annotated[
        Path | None,
        typer.Option(
            "--occupation-titles",
            metavar="FILE.csv",
            help="Titles of its industry codes, where the file has none: they say what combined "
            "codes cover.",
        ),
    ] = None,
    flows: Annotated[
        Path | None,
        typer.Option(
            "--flows", metavar="FILE", help="Persons who changed industry: from, to, persons."
        ),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option(
            "--areas",
            metavar="FILE.csv",
            help="Which area each region is added up to: region, area. Counties are added up to "
            "economic areas if not given.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="FILE.toml", help="Which column of an own file holds what."
        ),
    ] = None,
    classification: Annotated[
        str | None,
        typer.Option("--classification", metavar="NAME", help="Of an own table without mapping."),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option("--scheme", metavar="NAME", help="Region scheme of an own table."),
    ] = None,
    scale: Annotated[
        Scale, typer.Option("--scale", help="Of figures, before they are correlated.")
    ] = Scale.square_root,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="COMPONENT", help="Leave a component out; may repeat."),
    ] = None,
    within: Annotated[
        bool,
        typer.Option(
            "--within/--between", help="Whether rows a = b say how related each is within."
        ),
    ] = False,
) -> None:
    """Compute how industries or clusters relate.

    Each component stands apart. Withheld and absent cells are filled first. Without files the
    packaged table of the benchmark definition is written.
    """
    from clusteratlas.relatedness.packaged import write_similarities  # noqa: PLC0415 - heavy
    from clusteratlas.relatedness.related_clusters import related_clusters  # noqa: PLC0415

    if out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"--out must end in .csv or .parquet: {out}")
    given = [
        *(files or []),
        *(input_output or []),
        *filter(None, (codes, occupations, occupation_titles, flows, areas, mapping)),
        Path(definition),
    ]
    refuse_replacing(out, given)
    if bool(input_output) != (codes is not None):
        raise typer.BadParameter("--input-output and --codes (what its codes hold) go together")
    if files is None or not files:
        asked = (*given[:-1], classification, scheme, scale is not Scale.square_root, without)
        if any(asked):
            raise typer.BadParameter(
                "these options belong to files of figures: give those too, or nothing but --level, "
                "--definition and --out"
            )
        _write_packaged(level, definition, out, within=within)
        return
    sources = read_sources(
        input_output or (), codes, (occupations, occupation_titles), flows, areas
    )
    with Reporter() as reporter:
        dataset, employment = filled_figures(
            files, reporter, mapping=mapping, classification=classification, scheme=scheme
        )
        drawn = read_definition_of(definition, dataset)
        clusters = drawn.traded_clusters(dataset.classification)
        reporter.tell("relating industries", FILLED)
        found, told = _components(dataset, employment, drawn, sources, scale)
        if without:
            found = found.without(without)
        pairs = None
        if level is Level.cluster:
            pairs = related_clusters(found.similarities, clusters, flows=found.flows)
            pairs = _named(pairs, drawn)
        reporter.tell(f"writing {out.name}", COMPUTED)
        out.parent.mkdir(parents=True, exist_ok=True)
        with replaced(out) as file:
            if pairs is None:
                write_similarities(found.similarities, file, text=_is_text(out))
            else:
                _write_pairs(pairs, file, text=_is_text(out), within=within)
    _show(found.similarities, pairs, drawn, told)
    line(f"Written: {out}", whole=True)


def _components(
    dataset: Dataset,
    employment: pa.Table,
    definition: Definition,
    sources: Sources,
    scale: Scale,
) -> tuple[Components, list[tuple[str, str]]]:
    from clusteratlas.classification import economic_areas  # noqa: PLC0415 - read when needed
    from clusteratlas.relatedness.areas import cube_of  # noqa: PLC0415
    from clusteratlas.relatedness.components import components_of  # noqa: PLC0415
    from clusteratlas.relatedness.skill_flows import read_skill_flows  # noqa: PLC0415

    clusters = definition.traded_clusters(dataset.classification)
    lying_in, word = sources.areas, sources.areas_word or dataset.base_scheme
    if lying_in is None and dataset.base_scheme == "us-county":
        lying_in, word = economic_areas(), "economic areas of 2004"
    spoken = set(pc.unique(employment.column("industry")).to_pylist())
    industries = [code for code in clusters if code in spoken]
    jobs, regions, years = cube_of(employment, industries, areas=lying_in)
    units, _, _ = cube_of(employment, industries, column="establishments", areas=lying_in)
    # What no office ever printed is no figure, however much of its class is left for it.
    printed = employment.filter(pc.equal(employment.column("status"), REPORTED))
    shown = set(pc.unique(printed.column("industry")).to_pylist())
    unseen = np.array([code not in shown for code in industries])
    jobs[:, :, unseen] = 0.0
    units[:, :, unseen] = 0.0
    skills = None
    if sources.flows is not None:
        skills = read_skill_flows(
            sources.flows, classification=dataset.classification, industries=industries
        )
    found = components_of(
        jobs,
        units if units.any() else None,
        industries,
        input_output=sources.input_output,
        codes=sources.codes,
        occupations=sources.occupations,
        skill_flows=skills,
        weights=_sizes(employment),
        scale=scale.value,
    )
    told = [
        ("figures", "; ".join(dict.fromkeys(each.title for each in dataset.sources))),
        ("years", ", ".join(map(str, years))),
        ("regions", f"{len(regions)} ({word})"),
        ("industries", f"{len(industries)} of {dataset.classification}"),
    ]
    if lying_in is not None:
        outside = sorted(set(pc.unique(employment.column("region")).to_pylist()) - set(lying_in))
        if outside:
            told.append(("left out, in no area", few(outside, 5)))
    shared = definition.shared_industries(dataset.classification)
    if shared:
        told.append(("of several clusters", f"{few(shared, 5)}: each counts in its largest"))
    return found, told


def _sizes(employment: pa.Table) -> dict[str, float]:
    """Jobs of every industry of the figures, traded or not, all years together."""
    added = employment.group_by("industry").aggregate([("employment", "sum")])
    return {
        row["industry"]: float(row["employment_sum"] or 0)
        for row in added.sort_by("industry").to_pylist()
    }


def _named(pairs: pa.Table, definition: Definition) -> pa.Table:
    """Add the names of the clusters, and the mean of the two co-locations."""
    known = definition.clusters
    codes, names = (known.column(name) for name in ("cluster", "name"))
    for side in SIDES:
        named = pc.take(names, pc.index_in(pairs.column(side), codes.combine_chunks()))
        pairs = pairs.append_column(f"{side}_name", named)
    both = [f"colocation_{each}" for each in ("employment", "establishments")]
    if set(both) <= set(pairs.column_names):
        total = pc.add(*(pairs.column(name) for name in both))
        pairs = pairs.append_column("colocation", pc.divide(total, 2.0))
    first = [*SIDES, *(f"{side}_name" for side in SIDES)]
    return pairs.select([*first, *(name for name in pairs.column_names if name not in first)])


def _write_pairs(pairs: pa.Table, file: IO[bytes], *, text: bool, within: bool) -> None:
    if not within:
        pairs = pairs.filter(pc.not_equal(pairs.column("a"), pairs.column("b")))
    for place, name in enumerate(pairs.column_names):
        if pa.types.is_floating(pairs.schema.field(name).type):
            rounded = pc.round(pairs.column(name), DECIMALS)
            pairs = pairs.set_column(place, name, rounded)
    if text:
        pacsv.write_csv(pairs, file, pacsv.WriteOptions(quoting_style="needed"))
    else:
        pq.write_table(pairs, file, compression="zstd")


def _is_text(out: Path) -> bool:
    return out.suffix.lower() == ".csv"


def _write_packaged(level: Level, definition: str, out: Path, *, within: bool) -> None:
    from clusteratlas.relatedness.packaged import (  # noqa: PLC0415 - read when needed
        SOURCE,
        packaged_clusters,
        packaged_industries,
        write_similarities,
    )

    pairs = packaged_clusters(definition)
    industries = packaged_industries("naics-2017")
    if pairs is None or industries is None:
        raise CannotAnswer(
            "no components of this definition come with the package",
            value=definition,
            hint=f"give files of figures, or {DEFINITION}",
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with replaced(out) as file:
        if level is Level.industry:
            write_similarities(industries, file, text=_is_text(out))
        else:
            _write_pairs(pairs, file, text=_is_text(out), within=within)
    title(f"Relatedness of {definition}, as packaged", SOURCE)
    line(f"Written: {out}", whole=True)


def _show(
    similarities: Similarities,
    pairs: pa.Table | None,
    definition: Definition,
    told: Sequence[tuple[str, str]],
) -> None:
    from clusteratlas.relatedness.agreement import agreement  # noqa: PLC0415 - read when needed
    from clusteratlas.relatedness.similarities import COMPONENTS  # noqa: PLC0415

    title(f"Relatedness of {definition.title}")
    facts([*told, ("components", ", ".join(sorted(similarities.components)))])
    if pairs is None:
        notes(similarities.notes)
        return
    line()
    strong = pairs.filter(pc.greater(pairs.column("a_name"), pairs.column("b_name")))
    strong = strong.filter(pc.is_valid(strong.column("composite")))
    strong = strong.sort_by([("composite", "descending"), ("a", "ascending")])
    table(
        [
            Heading("Cluster", folds=True),
            Heading("Cluster", folds=True),
            Heading("Composite", right=True),
            Heading("Percentile", right=True),
            Heading("Rule"),
        ],
        [
            [
                row["a_name"],
                row["b_name"],
                f"{row['composite']:.2f}",
                "–" if row["percentile"] is None else f"{100 * row['percentile']:.1f}",
                row["rule"],
            ]
            for row in strong.slice(0, SHOWN).to_pylist()
        ],
    )
    line()
    title("Agreement of the components (rank correlation over pairs of clusters)")
    names = [name for name in (*COMPONENTS, "composite") if name in pairs.column_names]
    rows = agreement(pairs, names)
    table(
        [Heading(""), *(Heading(SHORT.get(name, name), right=True) for name in names)],
        [
            [SHORT.get(name, name), *(f"{value:.2f}" for value in row)]
            for name, row in zip(names, rows, strict=True)
        ],
    )
    related = pc.sum(pairs.column("related")).as_py() or 0
    notes(
        [
            f"{number(related // 2)} pairs of clusters are related by the rule.",
            *similarities.notes,
        ]
    )
