"""Official files: which there are, fetch them, check them, read them into tidy tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from clusteratlas.cli import words
from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.documents import to_json, write_csv
from clusteratlas.cli.options import AsCsv, AsJson, Form, form_of
from clusteratlas.cli.outcome import ExitCode, command, say
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.reading import Kind, Wishes, read_file
from clusteratlas.cli.replaced import refuse_replacing
from clusteratlas.sources.catalogue import (
    PUBLICATIONS,
    CannotFetch,
    Publication,
    Reach,
    Taken,
    cache_folder,
    fetch,
    publication,
    take_in,
    write_taken,
)
from clusteratlas.tables import Fault, InvalidInput

app = typer.Typer(
    help="Official files: list, fetch, check, import.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
REACH = Reach()
"""Which hosts `fetch` may ask."""
PACKED = (".gz", ".zip")

Name = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="ID",
        help="Publication that the file is of; told by its name or its columns if not given.",
    ),
]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="YEAR", help="Year of the figures where the file does not say."),
]
Scheme = Annotated[
    str | None,
    typer.Option("--scheme", metavar="NAME", help="Region scheme of an own table."),
]
Classification = Annotated[
    str | None,
    typer.Option(
        "--classification",
        metavar="NAME",
        help="Classification of an own table, such as naics-2017 or nace-2.",
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE.toml",
        help="Which column of an own file holds what, and how its cells are written.",
    ),
]
Ownership = Annotated[
    list[str] | None,
    typer.Option(
        "--ownership",
        metavar="NAME",
        help="Ownership to read of QCEW: total, federal, state, local, private; all if not given.",
    ),
]
Age = Annotated[
    str | None,
    typer.Option("--age", metavar="CODE", help="Age group of Eurostat's labour force survey."),
]
Publisher = Annotated[
    str, typer.Option("--publisher", metavar="TEXT", help="Who publishes the own figures.")
]
Title = Annotated[
    str | None, typer.Option("--title", metavar="TEXT", help="Title of the own figures.")
]
Licence = Annotated[
    str, typer.Option("--licence", metavar="TEXT", help="Terms of reuse of the own figures.")
]


@app.command("list")
@command
def list_publications(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="A publication, to see all that is known of it."),
    ] = None,
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List every publication whose files are read."""
    form = form_of(as_json, as_csv)
    chosen = (publication(name),) if name is not None else PUBLICATIONS
    rows = [asdict(each) | {"years": each.years} for each in chosen]
    if form is Form.json:
        print(to_json({"publications": rows}))
    elif form is Form.csv:
        write_csv(rows, list(rows[0]), sys.stdout)
    elif name is not None:
        _show_publication(chosen[0])
    else:
        _show_publications(chosen)


@app.command("fetch")
@command
def fetch_publication(
    name: Annotated[str, typer.Argument(metavar="ID", help="Publication; `list` names them.")],
    *,
    year: Annotated[
        list[int] | None,
        typer.Option("--year", metavar="YEAR", help="Year of the figures; repeat for several."),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(
            "--area", metavar="CODE", help="Area, for files by area: 06085, US000, C4194."
        ),
    ] = None,
    quarter: Annotated[
        str,
        typer.Option("--quarter", metavar="Q", help="Quarter 1-4 of a file by area; a: the year."),
    ] = "a",
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FOLDER", help="Where to put the files; the cache if not given."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Fetch even where the file is there already.")
    ] = False,
) -> None:
    """Fetch files; a broken download goes on."""
    asked = publication(name)
    years: list[int | None] = [*year] if year else [None]
    wanted = [asked.asked(each, area, quarter) for each in years]
    folder = to if to is not None else cache_folder() / asked.id
    brought: list[Path] = []
    with _told_by_hand(), Reporter() as reporter:
        for place, (address, file) in enumerate(wanted):
            tell = _teller(reporter, file, place, len(wanted))
            tell(0, None)
            found = fetch(address, folder / file, asked.media, reach=REACH, again=again, tell=tell)
            brought.append(found.path)
            word = "Was there already" if found.reused else "Fetched"
            line(f"{word}: {found.path}", whole=True)
            line(f"  {found.size:,} bytes, SHA-256 {found.sha256}", whole=True)
    line()
    files = " ".join(str(path) for path in brought)
    line(f"Next: clusteratlas sources check {files} --as {asked.id}", whole=True)


@app.command("check")
@command
def check_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="Files, official or own.")],
    *,
    name: Name = None,
    year: Year = None,
    classification: Classification = None,
    scheme: Scheme = None,
    mapping: Mapping = None,
    ownership: Ownership = None,
    age: Age = None,
) -> None:
    """Read files whole, tell all their faults, write nothing."""
    wishes = _wishes(name, classification, scheme, mapping, ownership, age)
    taken = _take_all(files, name, year, wishes)
    for path, each in zip(files, taken, strict=True):
        _show_taken(path, each)
    line("No faults." if len(files) == 1 else f"No faults in {len(files)} files.")


@app.command("import")
@command
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File, official or own.")],
    *,
    name: Name = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="OUT.parquet", help="Where to write; FILE.parquet if not given."
        ),
    ] = None,
    year: Year = None,
    classification: Classification = None,
    scheme: Scheme = None,
    mapping: Mapping = None,
    ownership: Ownership = None,
    age: Age = None,
    publisher: Publisher = "not stated",
    source_title: Title = None,
    licence: Licence = "not stated",
) -> None:
    """Read a file into the tidy Parquet table that it becomes."""
    out = to if to is not None else Path(f"{_bare(file)}.parquet")
    refuse_replacing(out, [file], "the table would replace the file that is read: add --to")
    wishes = replace(
        _wishes(name, classification, scheme, mapping, ownership, age),
        publisher=publisher,
        title=source_title,
        licence=licence,
    )
    with Reporter() as reporter:
        reporter.tell(f"reading {file.name}", 0.0)
        taken = _take_all([file], name, year, wishes)[0]
        reporter.tell(f"writing {out.name}", 0.8)
        write_taken(taken, out)
    _show_taken(file, taken)
    line(f"Written: {out}", whole=True)


def _bare(path: Path) -> str:
    name = path.name
    for ending in PACKED:
        name = name.removesuffix(ending)
    return Path(name).stem if Path(name).suffix else name


def _wishes(
    name: str | None,
    classification: str | None,
    scheme: str | None,
    mapping: Path | None,
    ownership: Sequence[str] | None,
    age: str | None,
) -> Wishes:
    told = classification is not None and scheme is not None
    if name == "own" and not (told or mapping):
        raise typer.BadParameter("an own table needs --classification and --scheme, or --mapping")
    own = told and mapping is None and name in (None, "own")
    return Wishes(
        kind=Kind.own if own else None,
        schemes=(scheme,) if scheme else (),
        classification=classification,
        mapping=mapping,
        ownerships=tuple(ownership or ()),
        age=age,
    )


def _take_all(
    files: Sequence[Path], name: str | None, year: int | None, wishes: Wishes
) -> list[Taken]:
    """Read every file; raise the faults of all together."""
    faults: list[Fault] = []
    total = 0
    taken = []
    for path in files:
        try:
            if not path.is_file():
                problem = "this is a folder" if path.is_dir() else "there is no such file"
                raise InvalidInput([Fault(problem, str(path), hint="check the path")])
            taken.append(
                take_in(
                    path,
                    name="own" if wishes.mapping else name,
                    year=year,
                    scheme=wishes.schemes[0] if wishes.schemes else None,
                    read_employment=lambda path=path: read_file(path, year, wishes),  # type: ignore[misc]
                    publisher=wishes.publisher,
                    licence=wishes.licence,
                )
            )
        except InvalidInput as error:
            faults += error.faults
            total += error.total
    if faults:
        raise InvalidInput(faults, total=total)
    return taken


@contextmanager
def _told_by_hand() -> Iterator[None]:
    """Say in one sentence what to fetch by hand; Ctrl-C keeps what has come."""
    try:
        yield
    except CannotFetch as error:
        say(str(error))
        raise typer.Exit(ExitCode.SYSTEM) from None
    except KeyboardInterrupt:
        say("What has come is kept; the same command goes on from there.")
        raise


def _teller(
    reporter: Reporter, file: str, place: int, files: int
) -> Callable[[int, int | None], None]:
    """Tell of a download in steps that are worth a line."""
    steps = 200 if sys.stderr.isatty() else 10
    told = -1.0

    def tell(come: int, whole: int | None) -> None:
        nonlocal told
        share = come / whole if whole else 0.0
        mark = share * steps if whole else come / (1 << 22)
        if int(mark) > told:
            told = int(mark)
            size = f"{come / 1e6:,.1f}" + (f" of {whole / 1e6:,.1f} MB" if whole else " MB")
            done = min((place + share) / files, 0.999)
            reporter.tell(f"fetching {file}" + (f", {size}" if come else ""), done)

    return tell


def _show_publications(chosen: Sequence[Publication]) -> None:
    for publisher in dict.fromkeys(each.publisher for each in chosen):
        mine = [each for each in chosen if each.publisher == publisher]
        licences = ", ".join(dict.fromkeys(each.licence for each in mine))
        title("Your own figures" if publisher == "you" else publisher)
        table(
            [Heading("Id"), Heading("Years"), Heading("File"), Heading("Becomes", folds=True)],
            [
                [each.id + ("" if each.confirmed else " *"), each.years, each.file, each.table]
                for each in mine
            ],
        )
        notes([f"Licence: {licences}."])
        line()
    notes(
        [
            "* the address could not be confirmed; the publisher's page leads to the file.",
            "{yy} and {year} stand for the year. `clusteratlas sources list ID` tells title, "
            "address and size; --json and --csv give all of it.",
        ]
    )


def _show_publication(each: Publication) -> None:
    title(f"{each.id}: {each.title}")
    facts(
        [
            ("Publisher", each.publisher),
            ("Becomes", f"table {each.table}"),
            *([("Years", each.years)] if each.years else []),
            ("File", each.file),
            *([("Size", each.size)] if each.size else []),
            *([("Address", each.address)] if each.address else []),
            *([("Confirmed", "yes" if each.confirmed else "no")] if each.address else []),
            *([("Page", each.page)] if each.page else []),
            ("Licence", each.licence),
            *([("Note", each.note)] if each.note else []),
        ]
    )


def _show_taken(path: Path, taken: Taken) -> None:
    title(f"{path.name}: table {taken.contract.name}")
    years = taken.years
    pairs = [
        ("Publication", taken.publication or "told by its header"),
        ("Rows", words.number(taken.rows.num_rows)),
        ("Years", f"{years[0]}-{years[-1]}" if len(years) > 1 else ", ".join(map(str, years))),
        ("Regions", words.number(taken.regions) if taken.regions else ""),
        ("Withheld", words.number(taken.withheld) if "status" in taken.rows.column_names else ""),
        ("Vintage", taken.classification),
        ("Source", "; ".join(f"{each.publisher}, {each.title}" for each in taken.sources[:5])),
        ("Retrieved", next((each.retrieved for each in taken.sources if each.retrieved), "") or ""),
    ]
    facts([(name, value) for name, value in pairs if value])
    notes(dict.fromkeys(each.covers for each in taken.sources))
    line()
