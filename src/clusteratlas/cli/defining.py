"""The command that searches a cluster definition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.replaced import replaced
from clusteratlas.cli.words import number
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput, few

if TYPE_CHECKING:
    from clusteratlas.cli.defining_figures import Cube
    from clusteratlas.relatedness.defining.engine import Defined
    from clusteratlas.relatedness.defining.stability import Positions, Sample, Stability
    from clusteratlas.relatedness.defining.traded import TradedIndicators
    from clusteratlas.relatedness.defining.validation import Validation
    from clusteratlas.relatedness.similarities import Similarities

PACKAGED = "naics-2017"
SHOWN = 5
AREAL = ("colocation_employment", "colocation_establishments", "coagglomeration")
"""Components that are computed anew from a table of jobs."""
Tell = Callable[[str, float], None]


@command
def define(
    similarities: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SIMILARITIES]",
            help="As `clusteratlas relatedness --level industry` writes them. Default: American "
            "traded industries, as packaged.",
        ),
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write.")],
    classification: Annotated[
        str, typer.Option("--classification", metavar="NAME", help="Vintage of the codes.")
    ] = PACKAGED,
    clusters: Annotated[
        str, typer.Option("--clusters", metavar="N-M", help="Numbers of clusters, or one number.")
    ] = "30-60",
    methods: Annotated[
        str, typer.Option("--methods", metavar="A,B", help="Clustering functions. Default: all.")
    ] = "",
    measures: Annotated[
        str,
        typer.Option(
            "--measures",
            metavar="A+B,C",
            help="What sets are built from: components joined by plus, perhaps with a weight: "
            "0.5*coagglomeration+colocation. Default: the usual ones.",
        ),
    ] = "",
    nearness: Annotated[
        float,
        typer.Option(
            "--nearness",
            min=0.0,
            max=10.0,
            metavar="W",
            help="Weight of the nearness of codes in the consensus. 0: codes play no part.",
        ),
    ] = 0.0,
    best: Annotated[
        bool,
        typer.Option("--best/--consensus", help="Take the best single candidate instead."),
    ] = False,
    employment: Annotated[
        Path | None,
        typer.Option(
            "--employment",
            metavar="TABLE",
            help="Jobs by region and industry: judges stability over halves of the regions, tells "
            "traded from local, weighs names.",
        ),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option("--areas", metavar="FILE.csv", help="Region to area: adds TABLE up."),
    ] = None,
    moves: Annotated[
        Path | None,
        typer.Option("--moves", metavar="FILE.csv", help="Moves: industry, to, note[, from]."),
    ] = None,
    outliers: Annotated[
        bool,
        typer.Option("--outliers/--no-outliers", help="Move outliers where that raises VS."),
    ] = True,
    split_local: Annotated[
        bool,
        typer.Option(
            "--split-local", help="Group local industries by their codes, not by similarity."
        ),
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="Of random starts.")] = 0,
    resume: Annotated[
        bool,
        typer.Option("--resume/--anew", help="Take up candidates that FOLDER holds finished."),
    ] = True,
) -> None:
    """Search a cluster definition, scored and logged.

    Every industry is assessed, and every move can be replayed.
    """
    from clusteratlas.classification import industries  # noqa: PLC0415 - heavy libraries
    from clusteratlas.relatedness.defining.basis import without_unknown  # noqa: PLC0415
    from clusteratlas.relatedness.defining.clustering import METHODS  # noqa: PLC0415
    from clusteratlas.relatedness.defining.engine import (  # noqa: PLC0415
        define_clusters,
        stability_of_definition,
    )
    from clusteratlas.relatedness.defining.stability import resampled  # noqa: PLC0415
    from clusteratlas.relatedness.defining.traded import traded_or_local  # noqa: PLC0415

    if split_local and employment is None:
        raise typer.BadParameter("--split-local needs --employment")
    counts = _counts(clusters)
    titles: dict[str, str] = {
        row["industry"]: row["title"] for row in industries(classification).to_pylist()
    }
    with Reporter() as reporter:
        reporter.tell("reading similarities", 0.0)
        given, left = without_unknown(_read(similarities, classification))
        _check_codes(given.labels, titles, similarities, classification)
        cube = None if employment is None else _cube(employment, areas, titles, given.labels)
        of_traded: Sequence[TradedIndicators] = ()
        if cube is not None:
            of_traded = traded_or_local(cube.employment.mean(axis=0), cube.industries)
        local = {each.industry for each in of_traded if split_local and each.traded is False}
        given = given.take([code for code in given.labels if code not in local])
        sample = None if cube is None else _sampler(cube, given)
        samples: Sequence[Similarities] = ()
        if sample is not None and cube is not None:
            samples = resampled(sample, len(cube.regions), seed=seed)
        done = define_clusters(
            given,
            counts,
            bases=_parts(measures) or None,
            methods=_parts(methods) or tuple(METHODS),
            nearness=nearness,
            samples=samples,
            best=best,
            moves=moves,
            outliers=outliers,
            seed=seed,
            folder=out / "candidates" if resume else None,
            progress=_within(reporter, 0.02, 0.60),
        )
        stable = None
        if sample is not None and cube is not None:
            stable = stability_of_definition(
                sample,
                len(cube.regions),
                done.agreed.clusters,
                nearness=nearness,
                outliers=outliers,
                seed=seed,
                progress=_within(reporter, 0.60, 0.97),
            )
        reporter.tell("writing", 0.97)
        names = _write(out, done, titles, cube, of_traded, local)
    _show(done, names, stable)
    verdicts = [each.verdict for each in done.assessed]
    made = sum(each.applied for each in done.log)
    notes(
        [
            f"{len(done.log)} moves in the log, {made} made. Industries: "
            + ", ".join(f"{verdicts.count(kind)} {kind}" for kind in sorted(set(verdicts)))
            + ".",
            f"No similarity is known, left out: {few(left)}." if left else "",
            f"Local by the indicators: {len(local)} industries, grouped by code." if local else "",
            *(() if cube is None else cube.notes),
            *dict.fromkeys(each.split(": ", 1)[1] for each in done.found.refused),
        ]
    )
    line(f"Written: {out}", whole=True)


def _write(
    out: Path,
    done: Defined,
    titles: Mapping[str, str],
    cube: Cube | None,
    of_traded: Sequence[TradedIndicators],
    local: Collection[str],
) -> dict[str, str]:
    """Write every file of the result; return the names of the clusters."""
    from clusteratlas.relatedness.defining import written  # noqa: PLC0415 - heavy libraries
    from clusteratlas.relatedness.defining.change_log import log_bytes  # noqa: PLC0415
    from clusteratlas.relatedness.defining.naming import name_clusters  # noqa: PLC0415
    from clusteratlas.relatedness.defining.traded import group_local  # noqa: PLC0415

    names = name_clusters(done.start, titles, None if cube is None else _jobs(cube))
    of_local = group_local(sorted(local))
    everything = names | {
        cluster: "Local: " + titles.get(cluster.removeprefix("local-"), cluster)
        for cluster in of_local.values()
    }
    traded = dict.fromkeys(of_local.values(), False)
    scores = [("as found", _scores(done.start, done.before))]
    scores.append(("after moves", _scores(done.definition, done.after)))
    agreed = done.agreed
    certainty = dict(zip(agreed.labels, agreed.certainty.tolist(), strict=True))
    files = {
        "found.csv": written.definition_bytes(dict(done.start) | of_local, everything, traded),
        "definition.csv": written.definition_bytes(
            dict(done.definition) | of_local, everything, traded
        ),
        "scores.csv": written.scores_bytes(done.found, scores),
        "industries.csv": written.assessments_bytes(done.assessed, titles, certainty),
        "changes.csv": log_bytes(done.log),
    }
    if of_traded:
        files["traded.csv"] = written.traded_bytes(of_traded)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with replaced(out / name) as file:
            file.write(content)
    return names


def _read(path: Path | None, classification: str) -> Similarities:
    from clusteratlas.relatedness.packaged import (  # noqa: PLC0415 - heavy libraries
        packaged_industries,
        read_similarities,
    )

    if path is not None:
        return read_similarities(path)
    packaged = packaged_industries(classification)
    if packaged is None:
        raise CannotAnswer(
            "no similarities come with the package for that classification",
            value=classification,
            hint="give a file that `clusteratlas relatedness --level industry` wrote",
        )
    return packaged


def _check_codes(
    labels: Sequence[str], titles: Mapping[str, str], path: Path | None, classification: str
) -> None:
    """Refuse codes that the classification lacks: of another vintage, most likely."""
    faults = [
        Fault(
            f"the code is not in {classification}",
            str(path or ""),
            column="a",
            value=code,
            hint="is it of another vintage? say so with --classification, and mix none",
        )
        for code in labels
        if code not in titles
    ]
    if faults:
        raise InvalidInput(faults[:200], total=len(faults))


def _counts(text: str) -> tuple[int, ...]:
    low, _, high = text.partition("-")
    if not (low.strip().isdecimal() and (high or low).strip().isdecimal()):
        raise typer.BadParameter(f"--clusters is a number or two such as 30-60: {text}")
    first, last = int(low), int(high or low)
    if not 2 <= first <= last:
        raise typer.BadParameter(f"--clusters runs from 2 upwards: {text}")
    return tuple(range(first, last + 1))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _within(reporter: Reporter, low: float, high: float) -> Tell:
    return lambda stage, share: reporter.tell(stage, low + (high - low) * share)


def _cube(path: Path, areas: Path | None, titles: Mapping[str, str], labels: Sequence[str]) -> Cube:
    """The table of jobs at the level of the similarities."""
    from clusteratlas.cli.defining_figures import read_cube  # noqa: PLC0415 - heavy libraries

    lengths = {len(code) for code in labels}
    return read_cube(path, areas, frozenset(code for code in titles if len(code) in lengths))


def _jobs(cube: Cube) -> dict[str, float]:
    total = cube.employment.mean(axis=0).sum(axis=0)
    return dict(zip(cube.industries, total.tolist(), strict=True))


def _scores(definition: Mapping[str, str], validation: Validation) -> dict[str, float | int]:
    return {
        "clusters": len(set(definition.values())),
        "score": validation.score,
        "score_clusters": validation.cluster,
        "score_industries": validation.industry,
        **{name: each.score for name, each in validation.by_test.items()},
    }


def _sampler(cube: Cube, given: Similarities) -> Sample:
    """From positions of regions to the similarities, those of regions computed anew over them."""
    from clusteratlas.relatedness.colocation import colocation_of  # noqa: PLC0415
    from clusteratlas.relatedness.similarities import Similarities  # noqa: PLC0415

    common = sorted(set(given.labels) & set(cube.industries))
    of_these = cube.columns(common)
    units = of_these.establishments
    kept = {name: each for name, each in given.components.items() if name not in AREAL}
    shell = Similarities(given.labels, {})

    def sample(rows: Positions) -> Similarities:
        areal = colocation_of(
            of_these.employment[:, rows],
            None if units is None else units[:, rows],
            industries=common,
        )
        wide = shell.with_others(areal).components
        return Similarities(
            given.labels, kept | {name: wide[name] for name in AREAL if name in wide}
        )

    return sample


def _show(done: Defined, names: Mapping[str, str], stable: Stability | None) -> None:
    found, definition = done.found, done.definition
    size = dict.fromkeys(names, 0)
    for cluster in definition.values():
        size[cluster] += 1
    clusters = sorted((each for each in size if size[each]), key=lambda each: (-size[each], each))
    title(f"{len(clusters)} clusters of {len(definition)} industries")
    line()
    facts(
        [
            ("Candidates", number(len(found.candidates))),
            *(("Taken up again", f"{found.resumed} finished jobs") for _ in [0] if found.resumed),
            ("Validation score", f"{done.before.score:.3f} as found"),
            ("After moves", f"{done.after.score:.3f}"),
            ("Panel", f"{done.agreed.panel} groupings"),
            *(
                (
                    ("Stability", f"{stable.mean:.2f} adjusted Rand, halves of the regions"),
                    ("Unseen half", f"{sum(stable.held_out) / len(stable.held_out):.3f} score"),
                )
                if stable is not None
                else ()
            ),
        ]
    )
    line()
    table(
        [
            Heading("Built from", folds=True),
            Heading("Function"),
            *(Heading(text, right=True) for text in ("Clusters", "Score", "Held out")),
        ],
        [
            [
                each.basis.replace("+", " + "),
                each.method,
                str(each.clusters),
                f"{each.score:.3f}",
                "–" if each.held_out != each.held_out else f"{each.held_out:.3f}",
            ]
            for each in found.candidates[:SHOWN]
        ],
    )
    table(
        [Heading("Largest clusters", folds=True), Heading("Industries", right=True)],
        [[f"{names[each]} ({each})", str(size[each])] for each in clusters[:SHOWN]],
    )
