"""The register of programmes: check a file, look into it, convert it, take it into a portal."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

from clusteratlas.atlas import open_release
from clusteratlas.cli.console import Heading, facts, line, notes, table, title
from clusteratlas.cli.documents import to_json
from clusteratlas.cli.options import DEFAULT_PLACE, AsJson, Place
from clusteratlas.cli.outcome import command, say
from clusteratlas.cli.registry_place import migrate_tables, set_up
from clusteratlas.cli.replaced import refuse_replacing, replaced
from clusteratlas.programmes.register import (
    Fact,
    Programme,
    RegisterReading,
    Sum,
    bytes_of,
    money_at,
    read_register,
    schema_text,
    stated_programmes,
    sums,
    words_of,
)
from clusteratlas.programmes.register.money import Level
from clusteratlas.programmes.register.writing import ending_of
from clusteratlas.tables import CannotAnswer, InvalidInput, few

app = typer.Typer(
    name="register",
    help="The register: facts, files, money.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
LEVELS: tuple[Level, ...] = ("programme", "calls", "awards")

File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="Programmes: XLSX, JSON, CSV, or a zip or folder of CSV."),
]
Given = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="Programmes of a file, not the packaged facts."),
]


@app.command("list")
@command
def list_programmes(
    file: Given = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CODE", help="Only of this country, as DE.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List programmes.

    Without --file these are the packaged facts: programmes of which facts are stated in public.
    """
    found = [
        each for each in _programmes(file) if country is None or country.upper() in each.countries
    ]
    if not found:
        hint = "leave --country out"
        raise CannotAnswer("no programme is of that country", value=country or "", hint=hint)
    if as_json:
        print(to_json({"programmes": [_summary(each) for each in found]}))
        return
    headings = [
        Heading("slug", folds=True), Heading("name", folds=True), Heading("from"), Heading("years"),
        Heading("awards", right=True), Heading("facts", right=True),
    ]  # fmt: skip
    table(
        headings,
        [
            [each.slug, each.name, ", ".join(each.countries), _years(each),
             str(len(each.awards)) if each.awards else "", str(len(each.facts) or "")]
            for each in found
        ],
    )  # fmt: skip


@app.command()
@command
def show(
    programme: Annotated[
        str, typer.Argument(metavar="PROGRAMME", help="Its slug or name, such as i6 or Boost.")
    ],
    file: Given = None,
    as_json: AsJson = False,
) -> None:
    """Show a programme with its money.

    Amounts are added only within one side, kind, currency and price base.
    """
    found = _named(_programmes(file), programme)
    if as_json:
        whole = found.model_dump(mode="json", exclude_defaults=True)
        print(to_json({"programme": whole, "sums": _sums(found)}))
        return
    _show(found)


@app.command()
@command
def check(file: File, *, as_json: AsJson = False, place: Place = DEFAULT_PLACE) -> None:
    """Check a file of programmes.

    Every fault is named at once with its row, column, value and a hint; codes of regions and
    clusters are checked against the release.
    """
    found = _read(file, place)
    if as_json:
        document = {
            "programmes": [_summary(each) for each in found.programmes],
            "notes": [str(each) for each in found.notes],
        }
        print(to_json(document))
        return
    for each in found.programmes:
        counts = f"calls {len(each.calls)}, awards {len(each.awards)}, facts {len(each.facts)}"
        line(f"{each.name}: {counts}.")
        notes(_said(level, one) for level in LEVELS for one in sums(money_at(each, level)))
    line(f"Programmes: {len(found.programmes):,}, no fault.")
    notes(str(each) for each in found.notes)


@app.command()
@command
def convert(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN", help="XLSX, JSON, CSV, or a zip or folder of CSV."),
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Ends with .zip, .xlsx or .json.")],
) -> None:
    """Convert to XLSX, JSON or a zip of CSV.

    Nothing is lost on the way.
    """
    found = _whole(read_register(source))
    refuse_replacing(target, [source])
    _write(target, found.programmes)
    for note in found.notes:
        say(str(note))
    say(f"Wrote {len(found.programmes):,} programmes to {target}.")


@app.command()
@command
def schema() -> None:
    """Print the JSON Schema of a programme."""
    print(schema_text(), end="")


@app.command("facts")
@command
def write_facts(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Ends with .zip, .xlsx or .json.")],
) -> None:
    """Write the packaged facts to a file.

    They are stated facts with their sources: nothing in them is estimated.
    """
    found = stated_programmes()
    _write(target, found)
    say(f"Wrote {len(found):,} programmes to {target}.")


@app.command()
@command
def load(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Programmes; without it the packaged facts."),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Let them wait for a moderator before they are public.")
    ] = False,
    as_json: AsJson = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Take programmes into the portal of a place.

    A programme is known again by its slug, else by its name; one that its own people are changing
    now is left alone. Without FILE the packaged facts are taken in.
    """
    given = stated_programmes() if file is None else _read(file, place).programmes
    set_up(place)
    migrate_tables()
    loading = importlib.import_module("clusteratlas.portal.programmes.register.loading")
    done: list[Any] = loading.load_register(given, publish=not wait)
    counts = {kind: sum(each.kind == kind for each in done) for kind in loading.KINDS}
    if as_json:
        listed = [{"slug": each.slug, "kind": each.kind} for each in done]
        print(to_json({"counts": counts, "programmes": listed}))
        return
    line(", ".join(f"{kind} {count}" for kind, count in counts.items()) + ".")


def _programmes(file: Path | None) -> tuple[Programme, ...]:
    return stated_programmes() if file is None else _whole(read_register(file)).programmes


def _read(file: Path, place: Path) -> RegisterReading:
    return _whole(read_register(file, open_release(place)))


def _whole(found: RegisterReading) -> RegisterReading:
    if found.faults:
        raise InvalidInput(found.faults, total=found.total)
    return found


def _write(target: Path, programmes: tuple[Programme, ...]) -> None:
    body = bytes_of(programmes, ending_of(target))
    with replaced(target) as opened:
        opened.write(body)


def _named(programmes: tuple[Programme, ...], name: str) -> Programme:
    sought = name.casefold()
    for each in programmes:
        if sought in (each.slug, each.name.casefold(), each.short_name.casefold()):
            return each
    known = few([each.slug or each.name for each in programmes])
    raise CannotAnswer("there is no programme of that name", value=name, hint=f"one of {known}")


def _years(programme: Programme) -> str:
    if programme.since is None and programme.until is None:
        return ""
    return f"{programme.since or '?'}-{programme.until or ''}"


def _summary(programme: Programme) -> dict[str, Any]:
    return {
        "slug": programme.slug,
        "name": programme.name,
        "funder": programme.funder,
        "countries": list(programme.countries),
        "since": programme.since,
        "until": programme.until,
        "calls": len(programme.calls),
        "awards": len(programme.awards),
        "facts": len(programme.facts),
        "fictional": programme.fictional,
        "sums": _sums(programme),
    }


def _sums(programme: Programme) -> list[dict[str, Any]]:
    return [
        {
            "level": level,
            "side": each.purse.side,
            "kind": each.purse.kind,
            "currency": each.purse.currency,
            "price_base": each.purse.price_base,
            "amount": each.amount,
            "amounts": each.count,
            "first_year": each.first,
            "last_year": each.last,
        }
        for level in LEVELS
        for each in sums(money_at(programme, level))
    ]


def _said(level: str, found: Sum) -> str:
    purse = found.purse
    kind = purse.kind or "not stated whether paid"
    prices = f"prices of {purse.price_base}" if purse.price_base else "prices of its time"
    years = "" if found.first is None else f", {found.first}-{found.last}"
    whose = "of the programme itself" if level == "programme" else f"of {level}"
    amounts = "1 amount" if found.count == 1 else f"{found.count} amounts"
    return (
        f"{words_of('side', purse.side)}, {kind}, {whose}: {found.amount:,.0f} "
        f"{purse.currency} ({prices}{years}; {amounts})"
    )


def _show(found: Programme) -> None:
    title(f"{found.name}{' (fictional)' if found.fictional else ''}", found.summary)
    pairs = [
        ("funder", found.funder),
        ("level", found.level),
        ("countries", ", ".join(found.countries)),
        ("years", _years(found)),
        ("instruments", ", ".join(words_of("instrument", each) for each in found.instruments)),
    ]
    facts([(label, text or "not stated") for label, text in pairs])
    told = [_said(level, each) for level in LEVELS for each in sums(money_at(found, level))]
    notes(told or ["No money is stated."])
    if found.awards:
        headings = [
            Heading("award"), Heading("organisation", folds=True), Heading("title", folds=True),
            Heading("year"), Heading("money", right=True),
        ]  # fmt: skip
        rows = [
            [each.key, each.organisation, each.title, str(each.year or ""),
             "; ".join(f"{one.amount:,.0f} {one.purse.currency} {one.purse.side}"
                       for one in sums(each.money))]
            for each in found.awards
        ]  # fmt: skip
        table(headings, rows)
    if found.facts:
        headings = [Heading("fact", folds=True), Heading("stated", folds=True), Heading("period"),
                    Heading("source", folds=True)]  # fmt: skip
        table(
            headings,
            [[each.what, _stated(each), each.period, each.source] for each in found.facts],
        )
    notes(f"Source: {each.title}" for each in found.references)


def _stated(fact: Fact) -> str:
    figure = "" if fact.value is None else f"{fact.value:,.15g} {fact.unit}".strip()
    return "; ".join(part for part in (figure, fact.text) if part)
