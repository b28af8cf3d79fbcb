"""`clusteratlas programme benchmark` and `questionnaires`: score, peers, gaps and templates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from clusteratlas.atlas import Release, open_release
from clusteratlas.cli import programme_benchmark_shown as shown
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import AsJson
from clusteratlas.cli.outcome import command, say
from clusteratlas.cli.programme import app
from clusteratlas.cli.replaced import replaced
from clusteratlas.organisations import Profile, check_claims, read_profiles
from clusteratlas.programmes.account import read_logs
from clusteratlas.programmes.benchmarking import (
    FORMS,
    PACKAGED,
    Assessment,
    Chosen,
    ClusterHealth,
    Known,
    PeerFilter,
    Questionnaire,
    benchmark,
    bytes_of,
    choose,
    health_of,
    known_of_logs,
    known_of_map,
    known_of_profile,
    packaged_questionnaire,
    pool_of,
    read_assessments,
    read_questionnaire,
    template,
    what_if,
)
from clusteratlas.programmes.benchmarking.document import (
    benchmark_document,
    questionnaire_document,
)
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput, few

questionnaires = typer.Typer(
    help="Questionnaires: list, show, template.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(questionnaires, name="questionnaires")

Which = Annotated[
    str,
    typer.Argument(
        metavar="QUESTIONNAIRE", help="Name and version, such as european-gold-1, or a TOML file."
    ),
]


@app.command("benchmark")
@command
def benchmark_command(
    answers: Annotated[
        Path, typer.Argument(metavar="ANSWERS", help="Rounds of answers: JSON, CSV or XLSX.")
    ],
    *,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", metavar="NAME", help="Which one, where there are several."),
    ] = None,
    peers: Annotated[
        Path | None,
        typer.Option("--peers", metavar="FILE", help="Rounds of others: JSON, CSV or XLSX."),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option(
            "--population",
            min=1,
            metavar="COUNT",
            help="How many organisations the peers stand for; a large number if not given.",
        ),
    ] = None,
    country: Annotated[
        str, typer.Option("--country", metavar="CODE", help="Only peers of this country.")
    ] = "",
    field: Annotated[
        str,
        typer.Option(
            "--field", metavar="DEFINITION:CLUSTER", help="Only peers that claim this cluster."
        ),
    ] = "",
    technology: Annotated[
        str, typer.Option("--technology", metavar="CODE", help="Only peers with this technology.")
    ] = "",
    age: Annotated[
        str, typer.Option("--age", metavar="BAND", help="Only peers of this age, such as 6-10.")
    ] = "",
    members: Annotated[
        str,
        typer.Option("--members", metavar="BAND", help="Only peers of this size, such as 60-119."),
    ] = "",
    questionnaire: Annotated[
        Path | None,
        typer.Option("--questionnaire", metavar="FILE.toml", help="A questionnaire of your own."),
    ] = None,
    label: Annotated[
        str,
        typer.Option("--label", metavar="CODE", help="The label to go for; the next if not given."),
    ] = "",
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="INDICATOR=VALUE",
            help="As if this had been answered; may be given several times.",
        ),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile", metavar="FILE", help="The organisation's profile, to check answers by."
        ),
    ] = None,
    logs: Annotated[
        Path | None,
        typer.Option(
            "--logs", metavar="FOLDER", help="Its own logs of members and services, to check by."
        ),
    ] = None,
    place: Annotated[
        Path | None,
        typer.Option(
            "--place",
            metavar="FOLDER",
            help="Folder of releases: the measured health of the clusters of the profile.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set an organisation beside its peers and labels.

    Tells the score with low and high, the position among peers with its interval, the gaps to a
    label by effort, what changed since the round before, and where answers and profile differ.
    """
    own = [read_questionnaire(questionnaire)] if questionnaire else []
    found = _one(read_assessments(answers, own=own), organisation, answers)
    asked = _asked(found, own)
    chosen = None
    if peers is not None:
        others = read_assessments(peers, own=own)
        pool = pool_of(others, asked, without=found.organisation.name)
        wanted = PeerFilter(country, field, technology, age, members)
        chosen = _of_population(choose(pool, wanted), population)
    elif population or country or field or technology or age or members:
        raise typer.BadParameter("filters and --population need --peers FILE")
    who = _profile(profile, found.organisation.name)
    known, health = _beside(who, found, place)
    if logs is not None and found.latest:
        known = (*known, *known_of_logs(read_logs(logs), found.latest.date))
    told = {"chosen": chosen, "label": label, "held": who.labels if who else (), "known": known}
    result = benchmark(found, asked, health=health, **told)  # type: ignore[arg-type]
    wished = _changes(changes or [], asked)
    other = None
    if wished and found.latest:
        rounds = (*found.rounds[:-1], what_if(found.latest, wished, asked))
        other = benchmark(found.model_copy(update={"rounds": rounds}), asked, **told)  # type: ignore[arg-type]
    if as_json:
        document: dict[str, Any] = {"organisation": found.organisation.name}
        document |= benchmark_document(result)
        if other is not None:
            document["what_if"] = {"changes": wished, **benchmark_document(other)}
        print(to_json(document))
        return
    shown.show_benchmark(found.organisation.name, result)
    if other is not None:
        shown.show_what_if(result, other, wished)


@questionnaires.command("list")
@command
def list_command(*, as_json: AsJson = False) -> None:
    """List the questionnaires of the package."""
    held = [packaged_questionnaire(key) for key in PACKAGED]
    if as_json:
        print(
            to_json(
                {
                    "questionnaires": [
                        {
                            "key": each.key,
                            "title": each.title,
                            "indicators": len(each.indicator),
                            "groups": len(each.group),
                            "labels": [one.code for one in each.label],
                            "source": each.source,
                        }
                        for each in held
                    ]
                }
            )
        )
        return
    shown.show_questionnaires(held)


@questionnaires.command("show")
@command
def show_command(which: Which, *, as_json: AsJson = False) -> None:
    """Show a questionnaire with every mark of where it comes from."""
    found = _questionnaire(which)
    if as_json:
        print(to_json(questionnaire_document(found)))
        return
    shown.show_questionnaire(found)


@questionnaires.command("template")
@command
def template_command(
    which: Which,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Ends with .csv, .xlsx or .json.")],
    *,
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="NAME", help="Who answers.")
    ] = "Our organisation",
    profile: Annotated[
        Path | None,
        typer.Option("--profile", metavar="FILE", help="Fill in what this profile states."),
    ] = None,
) -> None:
    """Write a round to fill in, one row for each indicator."""
    from clusteratlas.programmes.benchmarking import assessed_of, prefilled  # noqa: PLC0415

    form = _form(target)
    found = _questionnaire(which)
    today = datetime.now(UTC).date()
    empty = template(found, organisation, str(today))
    who = _profile(profile, organisation)
    if who is not None and empty.latest is not None:
        rounds = (prefilled(found, known_of_profile(who, today), empty.latest),)
        empty = empty.model_copy(update={"organisation": assessed_of(who), "rounds": rounds})
    with replaced(target) as opened:
        opened.write(bytes_of([empty], found, form))
    say(f"Wrote {len(found.indicator)} indicators to {target}.")


@questionnaires.command("example")
@command
def example_command(
    which: Which,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Ends with .csv, .xlsx or .json.")],
) -> None:
    """Write invented rounds of invented organisations to try things on."""
    from clusteratlas.programmes.benchmarking.demonstration import (  # noqa: PLC0415
        demonstration_assessments,
    )

    form = _form(target)
    found = _questionnaire(which)
    made = demonstration_assessments(found)
    with replaced(target) as opened:
        opened.write(bytes_of(made, found, form))
    say(f"Wrote {len(made)} fictional organisations to {target}.")


def _form(target: Path) -> str:
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise typer.BadParameter(f"the file ends with .{', .'.join(FORMS)}")
    return form


def _questionnaire(which: str) -> Questionnaire:
    path = Path(which)
    return read_questionnaire(path) if path.suffix == ".toml" else packaged_questionnaire(which)


def _asked(found: Assessment, own: list[Questionnaire]) -> Questionnaire:
    for each in own:
        if each.key == found.questionnaire:
            return each
    return packaged_questionnaire(found.questionnaire)


def _one(found: tuple[Assessment, ...], name: str | None, file: Path) -> Assessment:
    fits = [each for each in found if name is None or each.organisation.name == name]
    if not fits:
        names = few([each.organisation.name for each in found])
        raise CannotAnswer("the file has no such organisation", value=name or "", hint=names)
    if len(fits) > 1:
        names = few(sorted({f"{e.organisation.name} ({e.questionnaire})" for e in fits}))
        hint = f"name one with --organisation, or give one questionnaire a file: {names}"
        raise InvalidInput([Fault("the file has rounds of several", file.name, hint=hint)])
    return fits[0]


def _of_population(chosen: Chosen, population: int | None) -> Chosen:
    from dataclasses import replace  # noqa: PLC0415 - for this alone

    if population is None:
        return chosen
    if population < len(chosen.peers):
        raise CannotAnswer(
            "there are more peers than organisations they stand for",
            value=str(population),
            hint=f"there are {len(chosen.peers)} peers",
        )
    return replace(chosen, population=population)


def _profile(file: Path | None, name: str) -> Profile | None:
    if file is None:
        return None
    found = read_profiles(file)
    fits = [each for each in found if each.name == name]
    if not fits and len(found) == 1:
        return found[0]
    if not fits:
        hint = f"it has {few([each.name for each in found])}"
        raise CannotAnswer("the file has no profile of that name", value=name, hint=hint)
    return fits[0]


def _beside(
    who: Profile | None, found: Assessment, place: Path | None
) -> tuple[tuple[Known, ...], tuple[ClusterHealth, ...]]:
    if who is None or found.latest is None:
        if place is not None:
            raise typer.BadParameter("--place needs --profile FILE, which names the clusters")
        return (), ()
    known = known_of_profile(who, found.latest.date)
    if place is None:
        return known, ()
    release: Release = open_release(place)
    report = check_claims(who, release)
    return (*known, *known_of_map(report)), health_of(report, release)


def _changes(given: list[str], asked: Questionnaire) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for each in given:
        code, sign, value = each.partition("=")
        if not sign:
            raise typer.BadParameter(f"write INDICATOR=VALUE, not {each}")
        scale = asked.scales.get(code)
        try:
            found[code] = value if scale is None or scale.kind == "choice" else float(value)
        except ValueError:
            found[code] = value
    return found
